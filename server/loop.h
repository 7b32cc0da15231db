/*
 * The real-time side: one thread a shard (reactor.h), which owns the WebSocket connections of that shard's parties
 * (connection.h), reads them, gives what they say to the hub, ticks the hub, and writes what the hub wants sent.
 * Connections belong to exactly one loop; nobody else touches them.
 */
#ifndef SERVER_LOOP_H
#define SERVER_LOOP_H

#include <stdbool.h>
#include <stddef.h>

#include "users.h"

struct client_address;
struct config;
struct loops;
struct parties;
struct quotas;

struct loops *loops_start(const struct config *config, struct parties *parties, struct users *users,
                          struct quotas *quotas, char *why, size_t why_size);

/* Takes no more than `max` connections from now on. To be called before the first one comes. */
void loops_limit(struct loops *loops, size_t max);

/* How many connections there are. */
size_t loops_count(struct loops *loops);

/* Whether one more connection would be taken. Another may come first: loops_adopt has the last word. */
bool loops_have_room(struct loops *loops);

/*
 * Hands over an upgraded WebSocket descriptor, for good. `user` may be NULL: then the first message has to be `auth`.
 * `code` may be NULL or what stood in ?code=. False (and the descriptor closed) when max_connections is reached, or the
 * loops are stopping.
 */
bool loops_adopt(struct loops *loops, int descriptor, const struct user *user, const char *code,
                 const struct client_address *from);

/*
 * Whether every loop has made a turn since this was asked last; asks each for one more. From one thread.
 */
bool loops_are_alive(struct loops *loops);

/*
 * Closes every connection with 1001 after sending what is queued, within `timeout_ms`, and ends the threads. Nobody is
 * adopted any more. The sessions stay as they are.
 */
void loops_stop(struct loops *loops, int timeout_ms);

/* After loops_stop, when nobody can call loops_adopt any more. NULL is allowed. */
void loops_free(struct loops *loops);

#endif
