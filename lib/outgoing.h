/*
 * What one call wants sent to the server: wire messages one behind the other, sent when everything has changed. Room is made
 * before anything changes (outgoing_reserve), so that putting cannot fail.
 */
#ifndef OUTGOING_H
#define OUTGOING_H

#include <stdbool.h>
#include <stddef.h>

#include <syncplay/command.h>
#include <syncplay/follower.h>

#include "memory.h"

/* What a call sends of itself beside the user's own message: pings, readiness, a question for the state ... */
#define OUTGOING_DUE_MAX 8
#define OUTGOING_DUE_BYTES 512 /* each of them, at most */
#define OUTGOING_MAX (OUTGOING_DUE_MAX + 1)

struct outgoing {
    char *bytes;
    size_t capacity;
    size_t ends[OUTGOING_MAX];
    size_t count;
};

/* Makes room for the message of `command` (NULL: for none) and all that may be due. False without memory. */
bool outgoing_reserve(struct outgoing *outgoing, const struct memory *memory, const syncplay_command *command);
void outgoing_free(struct outgoing *outgoing, const struct memory *memory);

void outgoing_put(struct outgoing *outgoing, const syncplay_command *command);

/* Calls back for every message, in order, and empties it. */
void outgoing_send(struct outgoing *outgoing, const syncplay_follower_callbacks *callbacks, void *user_data);

#endif
