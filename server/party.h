/*
 * The parties of this server: the shards, and the store behind them. The one place where sessions meet the database.
 */
#ifndef SERVER_PARTY_H
#define SERVER_PARTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <syncplay/syncplay.h>

#include "shard.h"

struct config;
struct friends;
struct store;
struct users;
struct webhooks;

struct parties;

/* Makes config->shards hubs, empty (party_restore.h fills them). NULL, and a sentence in `why`, on failure. Keeps the
 * pointers to store, users, friends and webhooks (NULL for none). */
struct parties *parties_new(const struct config *config, struct store *store, struct users *users,
                            struct friends *friends, struct webhooks *webhooks, char *why, size_t why_size);
void parties_free(struct parties *parties);

/* The shard of a code, as typed; NULL if that cannot be a code. */
struct shard *parties_shard(struct parties *parties, const char *code, size_t length);

size_t parties_shard_count(const struct parties *parties);
struct shard *parties_shard_at(struct parties *parties, size_t index);

/* What parties_create says when the host has max_sessions_per_user going on: no syncplay_error has this number. */
#define PARTIES_USER_LIMIT 1

/*
 * Makes a session and returns when it and its code are on disk: *shard and *session say where it is. A syncplay_error,
 * or PARTIES_USER_LIMIT; `why` then holds the sentence. Blocks for a commit; never call it with a shard entered.
 */
int parties_create(struct parties *parties, const syncplay_user *host, const syncplay_content *content,
                   const syncplay_settings *settings, struct shard **shard, syncplay_id *session, char *why,
                   size_t why_size);

/*
 * Whether there was a session with this code that has ended (asks the database; blocks a little).
 */
bool parties_has_ended(struct parties *parties, const char *code, size_t length);

/* A restored session counts as made by its host, for who made it is not saved. The shard is entered. */
void parties_count(struct parties *parties, const syncplay_hub *hub, int64_t now, const syncplay_id *session);

/* The most sessions that parties_save puts into the store's queue at once. */
#define PARTIES_SAVE_BATCH 16

/*
 * Queues for the store what has changed in an entered shard's hub, a batch at most. True if there may be more. (Whoever
 * leaves a shard with shard_leave has this done for them.)
 */
bool parties_save(struct parties *parties, syncplay_hub *hub, int64_t now);

/*
 * For answers that promise that something is done. The first, with the shard entered, queues a session for the store
 * and returns a ticket, which covers all that was queued since the shard was entered. The second, never with a shard
 * entered, blocks until that is on disk. It also returns if the disk fails at present, which the store logs: the party
 * goes on in memory, and what is queued is written when the disk works again.
 */
uint64_t parties_save_session(struct parties *parties, const syncplay_hub *hub, int64_t now,
                              const syncplay_id *session);
void parties_wait(struct parties *parties, uint64_t ticket);

/* Queues every session for the store, changed or not: the last thing before the end. */
void parties_save_all(struct parties *parties);

#endif
