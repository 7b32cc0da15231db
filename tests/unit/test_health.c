/* Health: what the store says, and what follows from it. The store here is one that says what it is told to. */
// needs: server/health.o
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../server/health.h"

static struct store_status told;

void store_ask(struct store *store, struct store_status *status)
{
    (void)store;
    *status = told;
}

static void expect(const struct health *health, const char *state, const char *store)
{
    struct health_report report;
    health_ask(health, &report);
    assert_string_equal(health_state_name(report.state), state);
    assert_string_equal(health_store_name(report.store_state), store);
}

static void test_health_follows_the_store(void **state)
{
    (void)state;
    struct health health;
    health_init(&health, NULL);
    told = (struct store_status){.lag = HEALTH_LAG_MAX_S * INT64_C(1000000)};
    expect(&health, "ok", "ok");
    told.lag++;
    expect(&health, "degraded", "slow");
    told = (struct store_status){.is_overflowing = true};
    expect(&health, "degraded", "overflowing");
    told = (struct store_status){.is_overflowing = true, .is_failing = true};
    expect(&health, "degraded", "failing");
    told = (struct store_status){.failures = 7, .lost = 7};
    expect(&health, "ok", "ok");
}

static void test_who_is_about_to_end_is_not_available(void **state)
{
    (void)state;
    struct health health;
    health_init(&health, NULL);
    told = (struct store_status){.lag = 0};
    health_end(&health);
    expect(&health, "unavailable", "ok");
    told.is_failing = true;
    expect(&health, "unavailable", "failing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_health_follows_the_store),
        cmocka_unit_test(test_who_is_about_to_end_is_not_available),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
