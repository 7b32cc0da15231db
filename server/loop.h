/*
 * The real-time side: one thread a shard, which owns the WebSocket connections of that shard's parties (connection.c),
 * reads them, gives what they say to the hub, ticks the hub, and writes what the hub wants sent. Connections belong to
 * exactly one loop; nobody else touches them.
 */
#ifndef SERVER_LOOP_H
#define SERVER_LOOP_H

#include <stdbool.h>
#include <stddef.h>

#include "users.h"

struct config;
struct parties;
struct loops;

struct loops *loops_start(const struct config *config, struct parties *parties, struct users *users, char *why,
                          size_t why_size);

/*
 * Hands over an upgraded WebSocket descriptor, for good. `user` may be NULL: then the first message has to be `auth`.
 * `code` may be NULL or what stood in ?code=. False (and the descriptor closed) when max_connections is reached.
 */
bool loops_adopt(struct loops *loops, int descriptor, const struct user *user, const char *code, const char *remote);

/* Closes every connection with 1001 after sending what is queued, within `timeout_ms`; ends the threads; frees. */
void loops_stop(struct loops *loops, int timeout_ms);

#endif
