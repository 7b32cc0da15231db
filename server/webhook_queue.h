/*
 * The webhooks that wait for one receiver. Those of one session leave in their order: a later one waits until the earlier
 * one is delivered or given up. Sessions share a number of lanes, by their ids, so now and then one waits for another's.
 * Time is an argument. Knows no threads and no network.
 */
#ifndef SERVER_WEBHOOK_QUEUE_H
#define SERVER_WEBHOOK_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <syncplay/session.h>

#include "webhook_event.h"

#define WEBHOOK_LANES 256

struct webhook_delivery {
    struct webhook_delivery *next;
    char id[SYNCPLAY_ID_SIZE];
    enum webhook_kind kind;
    syncplay_id session;
    size_t receiver; /* its number */
    char *body;
    size_t length;
    uint32_t attempts; /* that were made */
    int64_t due;
};

struct webhook_lane {
    struct webhook_delivery *first;
    struct webhook_delivery *last;
    bool is_out; /* the first one is on its way */
};

struct webhook_queue {
    struct webhook_lane lanes[WEBHOOK_LANES];
    size_t count, most;
};

/* A copy of this body; NULL when out of memory. */
struct webhook_delivery *webhook_delivery_new(const char *body, size_t length);
void webhook_delivery_free(struct webhook_delivery *delivery);

void webhook_queue_init(struct webhook_queue *queue, size_t most);
void webhook_queue_clear(struct webhook_queue *queue);

/* False if `most` wait already: the delivery is still the caller's. */
bool webhook_queue_add(struct webhook_queue *queue, struct webhook_delivery *delivery);

/* When there is one to take; SYNCPLAY_NEVER if all that wait are waiting for one that is on its way. */
int64_t webhook_queue_due(const struct webhook_queue *queue);

/* One that is due, and now on its way; it stays the queue's. NULL if there is none. */
struct webhook_delivery *webhook_queue_take(struct webhook_queue *queue, int64_t now);

/* It is back: to be taken again at `due`, or done with and freed. */
void webhook_queue_put_back(struct webhook_queue *queue, struct webhook_delivery *delivery, int64_t due);
void webhook_queue_finish(struct webhook_queue *queue, struct webhook_delivery *delivery);

#endif
