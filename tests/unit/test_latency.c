/* Rolling latency, and the lead of a start that is made of it (the largest average + 100 ms). */
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

static void test_lead(void **state)
{
    (void)state;
    assert_int_equal(latency_lead(0, 2000000), 100000);
    assert_int_equal(latency_lead(250000, 2000000), 350000);
    assert_int_equal(latency_lead(1900000, 2000000), 2000000);
    assert_int_equal(latency_lead(1900001, 2000000), 2000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_average_of_the_last_samples),
        cmocka_unit_test(test_odd_samples_are_bounded),
        cmocka_unit_test(test_window_of_one),
        cmocka_unit_test(test_lead),
    };
    return cmocka_run_group_tests_name("latency", tests, NULL, NULL);
}
