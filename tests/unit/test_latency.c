/* Rolling latency, and the lead of a start that is made of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latency.h"

static void test_average_of_the_last_samples(void **state)
{
    struct latency latency = {0};
    (void)state;
    assert_int_equal(latency_average(&latency), 0);
    assert_int_equal(latency_maximum(&latency), 0);
    for (int i = 1; i <= 3; i++)
        latency_add(&latency, i * 1000, 3);
    assert_int_equal(latency_average(&latency), 2000);
    latency_add(&latency, 10000, 3); /* 1000 goes */
    assert_int_equal(latency_average(&latency), 5000);
    assert_int_equal(latency_maximum(&latency), 10000);
    for (int i = 0; i < 3; i++)
        latency_add(&latency, 10, 3);
    assert_int_equal(latency_maximum(&latency), 10);
    assert_int_equal(latency.count, 3);
}

static void test_odd_samples_are_bounded(void **state)
{
    struct latency latency = {0};
    (void)state;
    latency_add(&latency, -5, LATENCY_SAMPLES_MAX);
    assert_int_equal(latency_average(&latency), 0);
    for (int i = 0; i < 2 * LATENCY_SAMPLES_MAX; i++)
        latency_add(&latency, INT64_MAX, LATENCY_SAMPLES_MAX);
    assert_int_equal(latency_average(&latency), INT32_MAX);
}

static void test_window_of_one(void **state)
{
    struct latency latency = {0};
    (void)state;
    latency_add(&latency, 5, 1);
    latency_add(&latency, 7, 1);
    assert_int_equal(latency_average(&latency), 7);
}

static void test_largest_window(void **state)
{
    struct latency latency = {.count = 0};
    (void)state;
    for (unsigned i = 0; i < 2 * LATENCY_SAMPLES_MAX; i++)
        latency_add(&latency, 1, LATENCY_SAMPLES_MAX);
    assert_int_equal(latency_average(&latency), 1);
    assert_int_equal(latency_maximum(&latency), 1);
    assert_int_equal(latency_deviation(&latency), 0);
    assert_int_equal(latency_round_trip(&latency), 2);
}

static void test_deviation(void **state)
{
    struct latency latency = {0};
    (void)state;
    assert_int_equal(latency_deviation(&latency), 0);
    latency_add(&latency, 1000, 4);
    assert_int_equal(latency_deviation(&latency), 0);
    latency_add(&latency, 3000, 4);
    assert_int_equal(latency_deviation(&latency), 1000);
    latency_add(&latency, 2000, 4);
    latency_add(&latency, 6000, 4); /* the average is 3000 */
    assert_int_equal(latency_deviation(&latency), 1500);
    latency_add(&latency, INT64_MAX, 4);
    assert_true(latency_deviation(&latency) > 0);
}

/* Of the present connection, wherever the ring begins. */
static void test_round_trip(void **state)
{
    struct latency latency = {0};
    (void)state;
    assert_int_equal(latency_round_trip(&latency), -1);
    latency_add(&latency, 19123, 3);
    assert_int_equal(latency_round_trip(&latency), 38246);
    latency_add(&latency, 30000, 3);
    assert_int_equal(latency_round_trip(&latency), 38246);
    latency_renew(&latency);
    assert_int_equal(latency_round_trip(&latency), -1);
    assert_int_equal(latency_average(&latency), 24561); /* still the best guess */
    latency_add(&latency, 50000, 3);
    assert_int_equal(latency_round_trip(&latency), 100000);
    latency_add(&latency, 60000, 3);
    latency_add(&latency, 70000, 3);
    assert_int_equal(latency_round_trip(&latency), 100000);
    latency_add(&latency, 80000, 3);
    assert_int_equal(latency_round_trip(&latency), 120000);
    latency_renew(&latency);
    latency_add(&latency, 90000, 3);
    assert_int_equal(latency_round_trip(&latency), 180000);
}

static struct latency of(int64_t first, int64_t second)
{
    struct latency latency = {0};
    latency_add(&latency, first, 10);
    latency_add(&latency, second, 10);
    return latency;
}

static void test_need(void **state)
{
    const struct latency none = {0}, near = of(1000, 1000), far = of(50000, 50000), rough = of(30000, 70000);
    (void)state;
    assert_int_equal(latency_need(&none, -1), 100000);
    assert_int_equal(latency_need(&near, -1), 133000);
    assert_int_equal(latency_need(&near, 80000), 213000);
    assert_int_equal(latency_need(&far, -1), 290000); /* what is added for a path that is not short is bounded */
    assert_int_equal(latency_need(&rough, 0), 330000);
    assert_int_equal(latency_need(&none, 500000), 600000);
    assert_int_equal(latency_need(&none, 5000000), 600000); /* a slow player's word is bounded */
}

/* Never less than the seed's rule, the average + 100 ms. */
static void test_need_has_the_seed_s_rule_as_its_floor(void **state)
{
    (void)state;
    for (int64_t one = 0; one <= 6000000; one += 37501)
        for (int64_t other = 0; other <= 6000000; other += 53503)
            for (int64_t start = -1; start <= 5000000; start += 2500000) {
                const struct latency latency = of(one, other);
                assert_true(latency_need(&latency, start) >= latency_average(&latency) + LATENCY_LEAD);
                assert_int_equal(latency_reach(&latency), latency_average(&latency) + LATENCY_LEAD);
            }
}

static void test_lead(void **state)
{
    (void)state;
    assert_int_equal(latency_lead(0, 2000000), 100000); /* nobody is there to be timed for */
    assert_int_equal(latency_lead(100001, 2000000), 100001);
    assert_int_equal(latency_lead(1999999, 2000000), 1999999);
    assert_int_equal(latency_lead(2000001, 2000000), 2000000);
    assert_int_equal(latency_lead(0, 50000), 50000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_average_of_the_last_samples),
        cmocka_unit_test(test_odd_samples_are_bounded),
        cmocka_unit_test(test_window_of_one),
        cmocka_unit_test(test_largest_window),
        cmocka_unit_test(test_deviation),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_need),
        cmocka_unit_test(test_need_has_the_seed_s_rule_as_its_floor),
        cmocka_unit_test(test_lead),
    };
    return cmocka_run_group_tests_name("latency", tests, NULL, NULL);
}
