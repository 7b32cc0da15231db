/*
 * The follower from inside: what follower.c (making, the user, the player, asking) and server_link.c (the server) share.
 * What it does is decided in follow and advice; here it gets memory, callbacks and the wire.
 */
#ifndef FOLLOWER_H
#define FOLLOWER_H

#include "follow.h"
#include "kept_join.h"
#include "memory.h"
#include "outgoing.h"
#include "step.h"

struct syncplay_follower {
    struct follow follow;
    syncplay_follower_config config; /* its profile is in follow */
    syncplay_follower_callbacks callbacks;
    void *user_data;
    struct memory memory;
    int64_t now;
    bool in_callback; /* the host application must not change anything now */

    struct kept_join join;
    unsigned leaves;   /* of ours, on this connection, that the server has not answered yet */
    bool brings_token; /* the last join did that was sent on this connection, and the server took no offence yet */
    struct outgoing outgoing;
    char why[WHY_SIZE];
};

/* Writes the sentence of a failure and returns the error. */
int follower_fail(struct syncplay_follower *follower, int error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Reads a caller's struct, called `name`, over `ours`, which holds the defaults. */
int follower_take(struct syncplay_follower *follower, const char *name, void *ours, const void *theirs, size_t our_size);

/*
 * Opens a mutating call: refuses re-entrance, moves time on, makes room for what the call may send (`command`, NULL for
 * none, beside what is due).
 */
int follower_begin(struct syncplay_follower *follower, int64_t now, const syncplay_command *command);

/* Closes it: collects what is due, then the callbacks. */
void follower_finish(struct syncplay_follower *follower);

#endif
