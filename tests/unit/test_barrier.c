/* Who is waited for, how long, and what that costs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "barrier.h"

#define SECOND INT64_C(1000000)
#define BUDGET (30 * SECOND)

static void test_who_is_waited_for(void **state)
{
    (void)state;
    assert_true(barrier_waits_for(&(struct barrier_seat){.ready = false}));
    assert_false(barrier_waits_for(&(struct barrier_seat){.excused = true}));
    assert_false(barrier_waits_for(&(struct barrier_seat){.opted_out = true}));
    assert_false(barrier_waits_for(&(struct barrier_seat){.catching_up = true}));
}

static void test_deadline_is_the_nearer_limit(void **state)
{
    struct barrier_seat seat = {.since = 100};
    (void)state;
    assert_int_equal(barrier_deadline(&seat, 100, 10 * SECOND, BUDGET), 100 + 10 * SECOND);
    seat.spent = 25 * SECOND;
    assert_int_equal(barrier_deadline(&seat, 100, 10 * SECOND, BUDGET), 100 + 5 * SECOND);
    seat.spent = BUDGET - BARRIER_BUDGET_MIN; /* too little to wait for */
    assert_int_equal(barrier_budget(&seat, BUDGET), 0);
    assert_int_equal(barrier_deadline(&seat, 100, 10 * SECOND, BUDGET), 100);
}

static void test_waiting_spends_and_playing_well_gives_back(void **state)
{
    struct barrier_seat seat = {0};
    (void)state;
    barrier_account(&seat, true, false, BUDGET, 10 * SECOND);
    assert_int_equal(seat.spent, 10 * SECOND);
    barrier_account(&seat, false, true, BUDGET, 20 * SECOND); /* it plays, but badly */
    assert_int_equal(seat.spent, 10 * SECOND);
    seat.ready = true;
    barrier_account(&seat, false, true, BUDGET, 60 * SECOND);
    assert_int_equal(seat.spent, 6 * SECOND);
    barrier_account(&seat, false, false, BUDGET, 600 * SECOND); /* nobody plays */
    assert_int_equal(seat.spent, 6 * SECOND);
    barrier_account(&seat, false, true, BUDGET, 10000 * SECOND);
    assert_int_equal(seat.spent, 0);
    barrier_account(&seat, true, false, BUDGET, 1); /* time never runs backwards */
    assert_int_equal(seat.spent, 0);
}

static void test_being_ready_ends_an_excuse_if_budget_is_left(void **state)
{
    struct barrier_seat seat = {.excused = true, .catching_up = true};
    (void)state;
    barrier_set_ready(&seat, false, BUDGET);
    assert_true(seat.excused && seat.catching_up);
    barrier_set_ready(&seat, true, BUDGET);
    assert_true(seat.ready && !seat.excused && !seat.catching_up);
    seat = (struct barrier_seat){.excused = true, .spent = BUDGET};
    barrier_set_ready(&seat, true, BUDGET);
    assert_true(seat.excused);
    barrier_account(&seat, false, true, BUDGET, 59 * SECOND);
    assert_true(seat.excused);
    barrier_account(&seat, false, true, BUDGET, 60 * SECOND);
    assert_false(seat.excused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_is_waited_for),
        cmocka_unit_test(test_deadline_is_the_nearer_limit),
        cmocka_unit_test(test_waiting_spends_and_playing_well_gives_back),
        cmocka_unit_test(test_being_ready_ends_an_excuse_if_budget_is_left),
    };
    return cmocka_run_group_tests_name("barrier", tests, NULL, NULL);
}
