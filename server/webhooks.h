/*
 * Webhooks: telling other services what happens here. One thread sends; whoever tells it something never waits for it. What
 * waits is kept in memory alone, so it is lost when the server dies.
 */
#ifndef SERVER_WEBHOOKS_H
#define SERVER_WEBHOOKS_H

#include <stddef.h>
#include <stdint.h>

#include <syncplay/syncplay.h>

struct webhook_rules;
struct webhooks;

/* Requests to one receiver at the same time. */
#define WEBHOOKS_FLIGHTS_MAX 8

/* To be called before there are other threads; `rules` (with receivers) is kept. NULL, and a sentence in `why`, on failure. */
struct webhooks *webhooks_new(const struct webhook_rules *rules, char *why, size_t why_size);

/* What a hub has told, with its shard entered, so that it can be asked. NULL is allowed. */
void webhooks_tell(struct webhooks *webhooks, const syncplay_hub *hub, int64_t now, const syncplay_event *event);

/* Deliveries: one for each event and receiver. */
struct webhooks_counts {
    uint64_t queued;    /* wait now, with those on their way */
    uint64_t delivered; /* since the start, as the others */
    uint64_t failed;    /* given up */
    uint64_t dropped;   /* never tried, because too many waited */
};

/* From any thread; NULL for none. */
struct webhooks_counts webhooks_counts(struct webhooks *webhooks);

/* Gives what waits another `patience_ms`, and ends the thread. Nobody tells it anything any more. NULL is allowed. */
void webhooks_free(struct webhooks *webhooks, int patience_ms);

#endif
