/* Webhooks in their lanes. */
#include "webhook_queue.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(WEBHOOK_LANES == 256, "a byte of an id says which lane");

struct webhook_delivery *webhook_delivery_new(const char *body, size_t length)
{
    struct webhook_delivery *delivery = calloc(1, sizeof *delivery);
    if (delivery == NULL)
        return NULL;
    delivery->body = malloc(length + 1);
    if (delivery->body == NULL) {
        free(delivery);
        return NULL;
    }
    memcpy(delivery->body, body, length);
    delivery->body[length] = '\0';
    delivery->length = length;
    return delivery;
}

void webhook_delivery_free(struct webhook_delivery *delivery)
{
    free(delivery->body);
    free(delivery);
}

void webhook_queue_init(struct webhook_queue *queue, size_t most)
{
    *queue = (struct webhook_queue){.most = most};
}

static void remove_first(struct webhook_queue *queue, struct webhook_lane *lane)
{
    struct webhook_delivery *first = lane->first;
    lane->first = first->next;
    lane->is_out = false;
    queue->count--;
    webhook_delivery_free(first);
}

void webhook_queue_clear(struct webhook_queue *queue)
{
    for (size_t i = 0; i < WEBHOOK_LANES; i++)
        while (queue->lanes[i].first != NULL)
            remove_first(queue, &queue->lanes[i]);
}

/* Ids are random, so any of their bytes is a hash. */
static struct webhook_lane *lane_of(struct webhook_queue *queue, const struct webhook_delivery *delivery)
{
    return &queue->lanes[delivery->session.bytes[0]];
}

bool webhook_queue_add(struct webhook_queue *queue, struct webhook_delivery *delivery)
{
    struct webhook_lane *lane = lane_of(queue, delivery);
    if (queue->count >= queue->most)
        return false;
    delivery->next = NULL;
    if (lane->first == NULL)
        lane->first = delivery;
    else
        lane->last->next = delivery;
    lane->last = delivery;
    queue->count++;
    return true;
}

/* The number of the lane whose first one may be taken earliest; WEBHOOK_LANES if there is none. */
static size_t earliest(const struct webhook_queue *queue)
{
    size_t best = WEBHOOK_LANES;
    for (size_t i = 0; i < WEBHOOK_LANES; i++) {
        const struct webhook_lane *lane = &queue->lanes[i];
        if (lane->first != NULL && !lane->is_out &&
            (best == WEBHOOK_LANES || lane->first->due < queue->lanes[best].first->due))
            best = i;
    }
    return best;
}

int64_t webhook_queue_due(const struct webhook_queue *queue)
{
    size_t lane = earliest(queue);
    return lane == WEBHOOK_LANES ? SYNCPLAY_NEVER : queue->lanes[lane].first->due;
}

struct webhook_delivery *webhook_queue_take(struct webhook_queue *queue, int64_t now)
{
    size_t lane = earliest(queue);
    if (lane == WEBHOOK_LANES || queue->lanes[lane].first->due > now)
        return NULL;
    queue->lanes[lane].is_out = true;
    return queue->lanes[lane].first;
}

void webhook_queue_put_back(struct webhook_queue *queue, struct webhook_delivery *delivery, int64_t due)
{
    delivery->due = due;
    lane_of(queue, delivery)->is_out = false;
}

void webhook_queue_finish(struct webhook_queue *queue, struct webhook_delivery *delivery)
{
    remove_first(queue, lane_of(queue, delivery));
}
