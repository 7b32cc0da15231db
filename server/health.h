/*
 * Whether the server can do its work: it writes what must last, and is not about to end. Knows the store, and nobody
 * who asks.
 */
#ifndef SERVER_HEALTH_H
#define SERVER_HEALTH_H

#include <stdatomic.h>

#include "store_status.h"

/* A change that has been waiting for the disk longer than that is a sign that something is wrong. */
#define HEALTH_LAG_MAX_S 5

struct health {
    struct store *store;
    atomic_bool is_ending;
};

enum health_state { HEALTH_OK, HEALTH_DEGRADED, HEALTH_UNAVAILABLE };
enum health_store { HEALTH_STORE_OK, HEALTH_STORE_FAILING, HEALTH_STORE_SLOW, HEALTH_STORE_OVERFLOWING };

struct health_report {
    enum health_state state;
    enum health_store store_state;
    struct store_status store;
};

void health_init(struct health *health, struct store *store);

/* The server is about to end. From any thread. */
void health_end(struct health *health);

/* From any thread; never waits for the disk. */
void health_ask(const struct health *health, struct health_report *report);

/* "ok", "degraded", "unavailable"; "ok", "failing", "slow", "overflowing". */
const char *health_state_name(enum health_state state);
const char *health_store_name(enum health_store state);

#endif
