/*
 * A shard: one hub, its lock, and what the hub wants sent. A session lives in the shard that its code says.
 *
 * Nothing blocks between shard_enter and shard_leave: the hub's deliveries are only noted there, and sent by the
 * loop thread of the shard (loop.h) afterwards; saved sessions are only handed to the store's queue.
 */
#ifndef SERVER_SHARD_H
#define SERVER_SHARD_H

#include <stdint.h>

#include <syncplay/syncplay.h>

struct shard;

/* Locks the shard and returns its hub; *now is set to this instant on the hub's clock. */
syncplay_hub *shard_enter(struct shard *shard, int64_t *now);

/* Unlocks, and wakes the loop of the shard if there is anything to send or an earlier deadline. */
void shard_leave(struct shard *shard);

#endif
