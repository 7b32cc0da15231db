/*
 * Looking into a database without being its server: reads only, and changes nothing, not even an old version. What is
 * there may be in use.
 */
#ifndef SERVER_STORE_LOOK_H
#define SERVER_STORE_LOOK_H

#include <stdbool.h>
#include <stddef.h>

#include <syncplay/id.h>

#include "overview.h"

enum store_look_answer { STORE_LOOK_FOUND, STORE_LOOK_NOTHING, STORE_LOOK_FAILED };

/*
 * Rows of what is in the database at `path`. STORE_LOOK_NOTHING if there are none; after STORE_LOOK_FAILED `why` says
 * what is the matter.
 */

/* The sessions that go on, oldest first; or with a code that of this one, followed by its participants. */
enum store_look_answer store_look_sessions(const char *path, const char *code, const struct overview *overview,
                                           char *why, size_t why_size);

/* All users, oldest first, or the one with this id. */
enum store_look_answer store_look_users(const char *path, const syncplay_id *id, const struct overview *overview,
                                        char *why, size_t why_size);

#endif
