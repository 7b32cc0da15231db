/*
 * The last messages of a hub that were for several connections at once, as bytes, to be sent again to those who come back
 * with the cursor of the last one they saw. A buffer of fixed size:
 * when it is full the older half goes. It knows no session but by its id.
 */
#ifndef REPLAY_H
#define REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <syncplay/id.h>

#include "memory.h"

struct replay {
    unsigned char *bytes;
    size_t size, length;
    uint64_t forgotten; /* the cursor of the newest message that is not here any more */
};

/* What is known of a message that is to be kept. */
struct replay_about {
    uint64_t cursor;
    uint32_t right;      /* who may see it: those with this right; 0 for everybody */
    syncplay_id subject; /* the chat message that it is; none for others */
};

/* One message of those that were kept. */
struct replay_message {
    uint32_t right; /* who may see it: those with this right; 0 for everybody */
    uint32_t length;
    const char *bytes;
};

/* False without memory. Messages up to `cursor` count as forgotten. */
bool replay_init(struct replay *replay, const struct memory *memory, size_t size, uint64_t cursor);
void replay_free(struct replay *replay, const struct memory *memory);

/* Keeps a copy of a message; its cursor is larger than all before. */
void replay_add(struct replay *replay, const syncplay_id *session, const struct replay_about *about, const char *bytes,
                size_t length);

/* Never tells the message about `subject` again. */
void replay_drop(struct replay *replay, const syncplay_id *subject);

/* Whether every message after `cursor` is still here. `latest` is the cursor of the newest there ever was. */
bool replay_reaches(const struct replay *replay, uint64_t cursor, uint64_t latest);

/* Walks the session's messages after `cursor`, oldest first: *at is 0 before the first call. False when there is none left. */
bool replay_next(const struct replay *replay, const syncplay_id *session, uint64_t cursor, size_t *at,
                 struct replay_message *message);

#endif
