/*
 * A shard: one hub, its lock, and what the hub wants sent. A session lives in the shard that its code says.
 *
 * Nothing blocks between shard_enter and shard_leave: the hub's deliveries are only noted there, and sent by the
 * loop thread of the shard (loop.h) afterwards; saved sessions are only handed to the store's queue.
 */
#ifndef SERVER_SHARD_H
#define SERVER_SHARD_H

#include <stdbool.h>
#include <stdint.h>

#include <syncplay/syncplay.h>

struct outbox;
struct shard;

/* Locks the shard and returns its hub; *now is set to this instant on the hub's clock. */
syncplay_hub *shard_enter(struct shard *shard, int64_t *now);

/* Saves what has changed, unlocks, and wakes the loop of the shard if there is anything to send or an earlier deadline. */
void shard_leave(struct shard *shard);

/* --- For party.c, which makes the shards ------------------------------------------------------------------------ */

/* What the shard tells and asks for its hub; all run with the shard entered. */
struct shard_listener {
    void *arg;
    void (*event)(void *arg, const syncplay_hub *hub, int64_t now, const syncplay_event *event);
    /* Whether a user may do that, and whether these two are friends; neither may block. */
    bool (*has_permission)(void *arg, const syncplay_id *user, syncplay_permission permission);
    bool (*are_friends)(void *arg, const syncplay_id *host, const syncplay_id *user);
    /* Someone other than the loop is about to leave: sessions may have changed. */
    void (*leaving)(void *arg, struct shard *shard, syncplay_hub *hub, int64_t now);
};

/* Makes a hub with this configuration. NULL, and a sentence in `why`, on failure. */
struct shard *shard_new(const syncplay_hub_config *config, int64_t now, const struct shard_listener *listener,
                        char *why, size_t why_size);
void shard_free(struct shard *shard);

/* --- For the loop of the shard ---------------------------------------------------------------------------------- */

/*
 * Instead of shard_leave: exchanges the shard's outbox with `outbox` (an empty one), unlocks without waking anybody, and
 * returns the hub's deadline.
 */
int64_t shard_take(struct shard *shard, struct outbox *outbox);

/* The descriptor that becomes readable when the loop is to look; shard_wake makes it so, from any thread. */
int shard_wake_descriptor(const struct shard *shard);
void shard_wake(struct shard *shard);

#endif
