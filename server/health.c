/* Whether the server can do its work. */
#include "health.h"

#include "clock.h"

void health_init(struct health *health, struct store *store)
{
    health->store = store;
    atomic_init(&health->is_ending, false);
}

void health_end(struct health *health)
{
    atomic_store(&health->is_ending, true);
}

static enum health_store judge(const struct store_status *store)
{
    if (store->is_failing)
        return HEALTH_STORE_FAILING;
    if (store->is_overflowing)
        return HEALTH_STORE_OVERFLOWING;
    return store->lag > HEALTH_LAG_MAX_S * CLOCK_SECOND ? HEALTH_STORE_SLOW : HEALTH_STORE_OK;
}

void health_ask(const struct health *health, struct health_report *report)
{
    store_ask(health->store, &report->store);
    report->store_state = judge(&report->store);
    report->state = atomic_load(&health->is_ending)          ? HEALTH_UNAVAILABLE
                    : report->store_state != HEALTH_STORE_OK ? HEALTH_DEGRADED
                                                             : HEALTH_OK;
}

const char *health_state_name(enum health_state state)
{
    static const char *const names[] = {"ok", "degraded", "unavailable"};
    return names[state];
}

const char *health_store_name(enum health_store state)
{
    static const char *const names[] = {"ok", "failing", "slow", "overflowing"};
    return names[state];
}
