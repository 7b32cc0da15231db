/* The playback timeline: exact positions at any speed, at any instant, without overflow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <syncplay/session.h>

#include "timeline.h"

static void test_stands_until_its_start(void **state)
{
    struct timeline line = {.speed = 100};
    (void)state;
    timeline_play(&line, 5000, 1000000);
    assert_int_equal(timeline_position(&line, 0), 5000);
    assert_int_equal(timeline_position(&line, 999999), 5000);
    assert_int_equal(timeline_position(&line, 1000000), 5000);
    assert_int_equal(timeline_position(&line, 1000001), 5001);
    assert_int_equal(timeline_position(&line, 3000000), 2005000);
}

static void test_holds_exactly(void **state)
{
    struct timeline line = {.speed = 400};
    (void)state;
    timeline_hold(&line, 123456789, 10);
    assert_int_equal(timeline_position(&line, INT64_MAX), 123456789);
    timeline_play(&line, 123456789, 30);
    timeline_hold(&line, 123456789, 20); /* before it has begun */
    assert_int_equal(line.at, 20);
}

static void test_speeds(void **state)
{
    static const struct {
        int32_t speed;
        int64_t elapsed, moved;
    } cases[] = {
        {25, 4000000, 1000000}, {400, 1000000, 4000000}, {150, 3, 4}, {25, 3, 0}, {125, 1000000007, 1250000008}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct timeline line = {.speed = cases[i].speed};
        timeline_play(&line, 0, 50);
        assert_int_equal(timeline_position(&line, 50 + cases[i].elapsed), cases[i].moved);
    }
}

static void test_speed_changes_without_a_jump(void **state)
{
    struct timeline line = {.speed = 100};
    (void)state;
    timeline_play(&line, 0, 0);
    timeline_set_speed(&line, 200, 1000000);
    assert_int_equal(timeline_position(&line, 1000000), 1000000);
    assert_int_equal(timeline_position(&line, 2000000), 3000000);
    timeline_play(&line, 7000, 5000000); /* a start that is still to come stays where it is */
    timeline_set_speed(&line, 50, 4000000);
    assert_int_equal(timeline_position(&line, 5000000), 7000);
    assert_int_equal(timeline_position(&line, 5000100), 7050);
}

static void test_never_beyond_the_end(void **state)
{
    struct timeline line = {.speed = 400};
    (void)state;
    timeline_play(&line, SYNCPLAY_POSITION_MAX - 1000, 0);
    assert_int_equal(timeline_position(&line, 2), SYNCPLAY_POSITION_MAX - 992);
    assert_int_equal(timeline_position(&line, 1000), SYNCPLAY_POSITION_MAX);
    assert_int_equal(timeline_position(&line, INT64_MAX), SYNCPLAY_POSITION_MAX);
    timeline_play(&line, 0, 0);
    assert_int_equal(timeline_position(&line, INT64_MAX), SYNCPLAY_POSITION_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stands_until_its_start),
        cmocka_unit_test(test_holds_exactly),
        cmocka_unit_test(test_speeds),
        cmocka_unit_test(test_speed_changes_without_a_jump),
        cmocka_unit_test(test_never_beyond_the_end),
    };
    return cmocka_run_group_tests_name("timeline", tests, NULL, NULL);
}
