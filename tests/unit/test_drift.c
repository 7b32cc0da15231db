/* Drift: what is done about it, step by step, with numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "drift.h"

#define MS INT64_C(1000)
#define SEC (1000 * MS)
#define FAR INT64_MAX

struct bench {
    struct drift drift;
    struct profile profile;
    int64_t now, reachable;
};

static void begin(struct bench *bench, syncplay_player_kind kind)
{
    bench->now = 100 * SEC;
    bench->reachable = FAR;
    profile_begin(&bench->profile, profile_prior(kind));
    drift_begin(&bench->drift);
    drift_restart(&bench->drift, bench->now, 0, 0);
}

static void look(struct bench *bench, int64_t ahead)
{
    struct drift_view view = {.rough = bench->profile.is.keeps_pitch, .reachable = bench->reachable};
    bench->now += 250 * MS;
    drift_observe(&bench->drift, &bench->profile, &view, bench->now, ahead);
}

static int32_t rate(const struct bench *bench)
{
    return drift_rate(&bench->drift, bench->profile.is.keeps_pitch, bench->now);
}

static void small_errors_are_let_be(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, SYNCPLAY_PLAYER_BROWSER);
    for (int i = 0; i < 4; i++)
        look(&bench, i % 2 ? DRIFT_ENTER - 1 : -DRIFT_ENTER + 1);
    assert_false(bench.drift.nudging);
    assert_int_equal(rate(&bench), 0);
}

static void one_wild_measurement_does_nothing(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, SYNCPLAY_PLAYER_BROWSER);
    look(&bench, 100);
    look(&bench, 0);
    look(&bench, 300 * MS);
    look(&bench, 100);
    look(&bench, -500 * MS);
    look(&bench, 0);
    assert_false(bench.drift.nudging);
    assert_false(bench.drift.seek);
}

static void a_nudge_makes_the_way_and_ends(void **state)
{
    struct bench bench;
    int64_t ahead = -8 * MS;
    (void)state;
    begin(&bench, SYNCPLAY_PLAYER_BROWSER);
    for (int i = 0; i < DRIFT_SAMPLES; i++)
        look(&bench, ahead);
    assert_true(bench.drift.nudging);
    int32_t off = rate(&bench);
    assert_in_range(off, 1000, DRIFT_RATE_SMALL); /* behind: faster, and not to be heard */
    assert_int_equal(bench.drift.until - bench.now, -ahead * 1000000 / off);
    drift_acted(&bench.drift, &bench.profile, bench.now);
    assert_int_equal(drift_rate(&bench.drift, false, bench.drift.until - 1), off);
    assert_int_equal(drift_rate(&bench.drift, false, bench.drift.until), 0);
    drift_acted(&bench.drift, &bench.profile, bench.drift.until);
    assert_false(bench.drift.nudging);
    /* What still shows of it is not taken for drift. */
    bench.now = bench.drift.since - 251 * MS;
    look(&bench, -50 * MS);
    assert_int_equal(bench.drift.count, 0);
}

/* The player obeys `rate_latency` late, at both ends: a measurement in between says when to stop. */
static void late_obedience_is_no_overshoot(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, SYNCPLAY_PLAYER_MPV);
    for (int i = 0; i < DRIFT_SAMPLES; i++)
        look(&bench, 10 * MS);
    drift_acted(&bench.drift, &bench.profile, bench.now);
    int64_t began = bench.now, off = rate(&bench), latency = bench.profile.is.rate_latency, until = bench.drift.until;
    assert_true(off < 0);
    for (int i = 0; i < 3; i++) {
        int64_t now = bench.now + 250 * MS, moved = now - began - latency;
        look(&bench, 10 * MS + (moved > 0 ? moved * off / 1000000 : 0));
        assert_in_range(bench.drift.until, until - MS, until + MS);
    }
}

static void who_is_ahead_goes_slower(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, SYNCPLAY_PLAYER_BROWSER);
    for (int i = 0; i < DRIFT_SAMPLES; i++)
        look(&bench, 60 * MS);
    assert_in_range(-rate(&bench), DRIFT_RATE_SMALL, DRIFT_RATE_MIDDLE);
}

static void larger_errors_go_faster(void **state)
{
    static const struct {
        int64_t ahead;
        int32_t most;
    } cases[] = {{15 * MS, DRIFT_RATE_SMALL}, {90 * MS, DRIFT_RATE_MIDDLE}, {450 * MS, DRIFT_RATE_LARGE}};
    (void)state;
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bench bench;
        begin(&bench, SYNCPLAY_PLAYER_BROWSER);
        for (int n = 0; n < DRIFT_SAMPLES; n++)
            look(&bench, -cases[i].ahead);
        assert_int_equal(rate(&bench), cases[i].most);
    }
}

static void after_a_start_it_is_quick(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, SYNCPLAY_PLAYER_BROWSER);
    drift_restart(&bench.drift, bench.now, 0, 3 * SEC);
    look(&bench, -12 * MS);
    assert_true(rate(&bench) > DRIFT_RATE_SMALL);
    begin(&bench, SYNCPLAY_PLAYER_BROWSER);
    drift_restart(&bench.drift, bench.now, 0, 3 * SEC);
    look(&bench, -2 * MS); /* below DRIFT_ENTER */
    assert_true(bench.drift.nudging);
}

/* There it is worth to make good less than else, but not what a nudge would leave anyway. */
static void after_a_start_less_is_worth_it(void **state)
{
    (void)state;
    for (int less = 0; less < 2; less++) {
        struct bench bench;
        begin(&bench, SYNCPLAY_PLAYER_BROWSER);
        drift_restart(&bench.drift, bench.now, 0, 3 * SEC);
        look(&bench, -(DRIFT_LEAVE + DRIFT_LEAVE / 2) + less);
        assert_int_equal(bench.drift.nudging, !less);
    }
}

static void nothing_counts_before_it_shows(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, SYNCPLAY_PLAYER_BROWSER);
    drift_restart(&bench.drift, bench.now, 600 * MS, 3 * SEC);
    look(&bench, -100 * MS);
    look(&bench, -100 * MS);
    assert_int_equal(rate(&bench), 0);
    look(&bench, -100 * MS);
    assert_int_not_equal(rate(&bench), 0);
}

static void far_off_means_a_seek(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, SYNCPLAY_PLAYER_BROWSER);
    for (int i = 0; i < DRIFT_SAMPLES; i++)
        look(&bench, -DRIFT_SEEK + 1);
    assert_false(bench.drift.seek);
    look(&bench, -DRIFT_SEEK - 1);
    assert_true(bench.drift.seek);
}

static void not_into_what_is_not_buffered(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, SYNCPLAY_PLAYER_BROWSER);
    bench.reachable = SEC;
    for (int i = 0; i < 5; i++)
        look(&bench, -2 * SEC);
    assert_false(bench.drift.seek);
    assert_true(bench.drift.nudging);
    look(&bench, -10 * SEC); /* it would take minutes */
    assert_true(bench.drift.seek);
}

/* One that falls behind for ever: the seeks become rarer, and it is said. */
static void who_cannot_keep_up_is_left_alone_more_and_more(void **state)
{
    struct bench bench;
    unsigned seeks = 0;
    (void)state;
    begin(&bench, SYNCPLAY_PLAYER_BROWSER);
    for (int i = 0; i < 4 * 120; i++) { /* two minutes */
        look(&bench, -2 * SEC);
        if (!bench.drift.seek)
            continue;
        seeks++;
        drift_sought(&bench.drift, bench.now);
        drift_restart(&bench.drift, bench.now, 0, 3 * SEC);
    }
    assert_in_range(seeks, 3, 7);
    assert_true(drift_cannot_keep_up(&bench.drift));
    for (int i = 0; i < 4 * 120; i++)
        look(&bench, 0);
    assert_false(drift_cannot_keep_up(&bench.drift));
}

static void seeks_that_are_far_apart_are_not_in_a_row(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, SYNCPLAY_PLAYER_BROWSER);
    for (int i = 0; i < 10; i++) { /* nobody looks at it in between: the machine sleeps */
        drift_sought(&bench.drift, bench.now);
        assert_int_equal(bench.drift.cool_until - bench.now, 2 * SEC);
        bench.now += 32 * SEC;
    }
    assert_false(drift_cannot_keep_up(&bench.drift));
    bench.now -= MS; /* this one is */
    drift_sought(&bench.drift, bench.now);
    assert_int_equal(bench.drift.cool_until - bench.now, 4 * SEC);
}

/* A crystal that is 50 millionths off: found out, and held to less than a millisecond without a nudge. */
static void the_trim_finds_the_crystal(void **state)
{
    struct bench bench;
    double ahead = 0;
    (void)state;
    begin(&bench, SYNCPLAY_PLAYER_BROWSER);
    for (int i = 0; i < 4 * 600; i++) {
        ahead += 0.25 * (50 + rate(&bench));
        look(&bench, (int64_t)ahead);
        assert_false(bench.drift.nudging);
        assert_in_range(ahead < 0 ? -ahead : ahead, 0, 800);
    }
    assert_in_range(-rate(&bench), 35, 65);
    assert_true(ahead < 200 && ahead > -200);
}

/* What nobody looked at for an hour may have gone any way: it counts like ten seconds. */
static void a_gap_does_not_fill_the_trim(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, SYNCPLAY_PLAYER_BROWSER);
    for (int i = 0; i < 4; i++)
        look(&bench, MS);
    bench.now += 3600 * SEC;
    look(&bench, MS);
    assert_int_equal(bench.drift.trim, -25 - 100);
}

static void the_trim_is_bounded(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, SYNCPLAY_PLAYER_BROWSER);
    for (int i = 0; i < 4 * 600; i++)
        look(&bench, DRIFT_ENTER - 100);
    assert_int_equal(rate(&bench), -DRIFT_TRIM_MAX);
}

/* A rough player: let be up to DRIFT_ENTER_ROUGH, and what the way back costs is allowed for, and learned. */
static void a_rough_player_loses_some_way(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, SYNCPLAY_PLAYER_GENERIC);
    bench.profile.is.nudge_loss = 10 * MS;
    for (int i = 0; i < DRIFT_SAMPLES; i++)
        look(&bench, -35 * MS);
    assert_true(bench.drift.nudging);
    /* 35 ms behind, and 10 ms will be lost: 45 ms of way. */
    assert_in_range((bench.drift.until - bench.now) * rate(&bench) / 1000000, 45 * MS - 200, 45 * MS + 200);
    bench.now = bench.drift.until;
    drift_acted(&bench.drift, &bench.profile, bench.now);
    bench.now = bench.drift.since;
    for (int i = 0; i < DRIFT_SAMPLES; i++)
        look(&bench, -8 * MS); /* it lost more than that */
    assert_int_equal(bench.profile.is.nudge_loss, 14 * MS);
    assert_false(bench.drift.nudging);
}

/* It is told to play faster, and does not. */
static void who_does_not_mind_is_not_asked_again(void **state)
{
    struct bench bench;
    unsigned changes = 0;
    int32_t before = 0;
    (void)state;
    begin(&bench, SYNCPLAY_PLAYER_GENERIC);
    for (int i = 0; i < 4 * 60; i++) {
        look(&bench, -90 * MS);
        changes += rate(&bench) != before;
        before = rate(&bench);
    }
    assert_int_equal(changes, 4); /* tried twice, and back */
    assert_int_equal(rate(&bench), 0);
}

static void noise_is_no_drift(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, SYNCPLAY_PLAYER_GENERIC);
    for (int i = 0; i < 40; i++)
        look(&bench, i % 2 ? 24 * MS : -24 * MS);
    assert_false(bench.drift.nudging);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_errors_are_let_be),
        cmocka_unit_test(one_wild_measurement_does_nothing),
        cmocka_unit_test(a_nudge_makes_the_way_and_ends),
        cmocka_unit_test(late_obedience_is_no_overshoot),
        cmocka_unit_test(who_is_ahead_goes_slower),
        cmocka_unit_test(larger_errors_go_faster),
        cmocka_unit_test(after_a_start_it_is_quick),
        cmocka_unit_test(after_a_start_less_is_worth_it),
        cmocka_unit_test(nothing_counts_before_it_shows),
        cmocka_unit_test(far_off_means_a_seek),
        cmocka_unit_test(not_into_what_is_not_buffered),
        cmocka_unit_test(who_cannot_keep_up_is_left_alone_more_and_more),
        cmocka_unit_test(seeks_that_are_far_apart_are_not_in_a_row),
        cmocka_unit_test(the_trim_finds_the_crystal),
        cmocka_unit_test(a_gap_does_not_fill_the_trim),
        cmocka_unit_test(the_trim_is_bounded),
        cmocka_unit_test(a_rough_player_loses_some_way),
        cmocka_unit_test(who_does_not_mind_is_not_asked_again),
        cmocka_unit_test(noise_is_no_drift),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
