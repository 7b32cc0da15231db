/* The clock estimator: what it promises on paths whose truth the test holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "clock_sync.h"

#define MS INT64_C(1000)
#define SECOND INT64_C(1000000)
#define EPOCH INT64_C(1700000000000000)
#define MOST (CLOCK_SYNC_TIME_MAX - 1000 * SECOND)

/* A path and the truth: server = local + offset + skew * local. Delays in microseconds. */
struct path {
    struct clock_sync clock;
    int64_t offset, skew_ppm, there, back, now; /* `now` is local */
};

static int64_t truth(const struct path *path, int64_t local)
{
    return local + path->offset + local * path->skew_ppm / 1000000;
}

/*
 * One ping at `now` that is delayed by so much more than the path's constant; the answer comes at once as far as
 * `now` goes.
 */
static enum clock_sync_result ping(struct path *path, int64_t more_there, int64_t more_back)
{
    int64_t t1 = path->now, answered = t1 + path->there + more_there, t4 = answered + 100 + path->back + more_back;
    return clock_sync_add(&path->clock, t1, truth(path, answered), truth(path, answered + 100), t4);
}

static struct path path_of(int64_t offset, int64_t skew_ppm, int64_t there, int64_t back)
{
    struct path path = {.offset = offset, .skew_ppm = skew_ppm, .there = there, .back = back};
    clock_sync_begin(&path.clock);
    return path;
}

static void pings(struct path *path, unsigned count, int64_t every)
{
    for (unsigned i = 0; i < count; i++, path->now += every)
        assert_int_equal(ping(path, 0, 0), CLOCK_SYNC_TAKEN);
}

static int64_t error_at(const struct path *path, int64_t local)
{
    return llabs(clock_sync_server(&path->clock, local) - truth(path, local));
}

static uint64_t random_state = 1;

static int64_t random_below(int64_t bound)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((random_state >> 33) % (uint64_t)bound);
}

static void test_knows_nothing_at_first(void **state)
{
    struct path path = path_of(0, 0, 0, 0);
    (void)state;
    assert_false(clock_sync_is_known(&path.clock));
    assert_int_equal(clock_sync_server(&path.clock, 12345), 12345);
    assert_int_equal(clock_sync_local(&path.clock, 12345), 12345);
    assert_true(clock_sync_error(&path.clock, 0) == INT64_MAX);
    assert_true(clock_sync_round_trip(&path.clock) == INT64_MAX);
    assert_int_equal(clock_sync_skew_ppb(&path.clock), 0);
}

static void test_exact_on_a_clean_path(void **state)
{
    (void)state;
    struct path path = path_of(EPOCH, 0, 20 * MS, 20 * MS);
    pings(&path, 1, SECOND);
    assert_true(clock_sync_is_known(&path.clock));
    assert_in_range(error_at(&path, path.now), 0, 1);
    pings(&path, 100, SECOND);
    assert_in_range(error_at(&path, path.now), 0, 1);
    assert_in_range(clock_sync_round_trip(&path.clock), 40 * MS, 40 * MS + 40);
    assert_in_range(clock_sync_error(&path.clock, path.now), 20 * MS, 22 * MS);
}

/* What cannot be seen is half the difference of the two ways, and its sign says which is which. */
static void test_half_the_asymmetry_is_left(void **state)
{
    (void)state;
    struct path path = path_of(EPOCH, 0, 50 * MS, 20 * MS);
    pings(&path, 50, SECOND);
    int64_t off = clock_sync_server(&path.clock, path.now) - truth(&path, path.now);
    assert_in_range(off, 15 * MS - 1, 15 * MS + 1);
    assert_true(clock_sync_error(&path.clock, path.now) >= off);
}

static void test_spikes_make_no_wall(void **state)
{
    (void)state;
    struct path path = path_of(-EPOCH, 0, 30 * MS, 30 * MS);
    for (unsigned i = 0; i < 200; i++, path.now += SECOND)
        ping(&path, i % 3 == 1 ? 10 * MS + random_below(2 * SECOND) : 0,
             i % 3 == 2 ? 10 * MS + random_below(2 * SECOND) : 0);
    assert_in_range(error_at(&path, path.now), 0, 50);
    /* None of them was clean both ways: the minimum of the sums would be 10 ms off, the corridor is not. */
    path = path_of(-EPOCH, 0, 30 * MS, 30 * MS);
    for (unsigned i = 0; i < 200; i++, path.now += SECOND)
        ping(&path, i % 2 ? 20 * MS : 0, i % 2 ? 0 : 40 * MS);
    assert_in_range(error_at(&path, path.now), 0, 500);
    assert_in_range(clock_sync_round_trip(&path.clock), 60 * MS - 10, 60 * MS + 1 * MS);
}

/*
 * Two of three answers late in one direction: the noise of that direction pulls its wall down a little, and no more.
 */
static void test_a_noisy_direction_leans_little(void **state)
{
    (void)state;
    struct path path = path_of(0, 0, 30 * MS, 30 * MS);
    for (unsigned i = 0; i < 64; i++, path.now += SECOND)
        ping(&path, i % 3 ? 10 * SECOND : 0, 0);
    assert_in_range(error_at(&path, path.now), 0, 1 * MS);
}

/*
 * Of eight answers with up to 16 ms of noise one way, the fastest is 1.8 ms late in the mean: half of that would be
 * the error.
 */
static void test_a_noisy_direction_leans(void **state)
{
    int64_t sum = 0;
    (void)state;
    for (int round = 0; round < 1000; round++) {
        struct path path = path_of(EPOCH, 0, 30 * MS, 30 * MS);
        for (int i = 0; i < 8; i++, path.now += 200 * MS)
            ping(&path, random_below(16 * MS), 0);
        sum += clock_sync_server(&path.clock, path.now) - truth(&path, path.now);
    }
    assert_in_range(sum / 1000 + 300, 0, 600);
}

static void test_skew_is_learned(void **state)
{
    static const int64_t SKEWS[] = {100, -100, 37, 0};
    (void)state;
    for (unsigned i = 0; i < sizeof SKEWS / sizeof *SKEWS; i++) {
        struct path path = path_of(EPOCH, SKEWS[i], 40 * MS, 40 * MS);
        for (unsigned j = 0; j < 300; j++, path.now += SECOND)
            ping(&path, random_below(5 * MS), random_below(5 * MS));
        assert_in_range(clock_sync_skew_ppb(&path.clock) - SKEWS[i] * 1000 + 4000, 0, 8000);
        assert_in_range(error_at(&path, path.now), 0, 500);
        assert_in_range(error_at(&path, path.now + 100 * SECOND), 0, 1 * MS); /* and told ahead */
    }
}

/* Even while the skew is unknown the bound holds, now and later, for both signs and whichever way is the longer. */
static void test_the_bound_holds(void **state)
{
    (void)state;
    for (int round = 0; round < 200; round++) {
        int64_t there = round % 3 ? random_below(100 * MS) : 0, back = round % 5 ? random_below(100 * MS) : 0;
        struct path path = path_of(EPOCH, random_below(201) - 100, there, back);
        for (unsigned i = 0; i < 150; i++, path.now += i < 8 ? 200 * MS : SECOND) {
            ping(&path, random_below(20 * MS), random_below(20 * MS));
            assert_true(error_at(&path, path.now + 150 * MS) <= clock_sync_error(&path.clock, path.now + 150 * MS));
            int64_t later = path.now + 90 * SECOND;
            assert_true(error_at(&path, later) <= clock_sync_error(&path.clock, later));
        }
        assert_true(clock_sync_error(&path.clock, path.now) <= (there + back) / 2 + 30 * MS);
        int64_t soon = clock_sync_error(&path.clock, path.now + SECOND);
        assert_true(clock_sync_error(&path.clock, path.now + 100 * SECOND) > soon);
    }
}

/* One clean answer, then only slow ones: the bound must reckon with what the skew has done since. */
static void test_the_bound_doubts_the_skew(void **state)
{
    (void)state;
    for (int64_t skew = -100; skew <= 100; skew += 200) {
        struct path path = path_of(EPOCH, skew, 0, 0);
        for (int i = 0; i < 8; i++, path.now += 2500 * MS) {
            ping(&path, i ? 50 * MS : 0, i ? 50 * MS : 0);
            assert_true(error_at(&path, path.now) <= clock_sync_error(&path.clock, path.now));
        }
        assert_true(error_at(&path, path.now) > 1 * MS);
    }
}

static void test_late_and_reordered(void **state)
{
    (void)state;
    struct path path = path_of(EPOCH, 50, 25 * MS, 25 * MS), turned = path;
    for (unsigned i = 0; i < 60; i++, path.now += SECOND)
        ping(&path, i * 37 % 11 * MS, i * 17 % 7 * MS);
    for (unsigned i = 0; i < 60; i++) { /* the same, every other one after its successor */
        turned.now = (i ^ 1) * SECOND;
        assert_int_equal(ping(&turned, (i ^ 1) * 37 % 11 * MS, (i ^ 1) * 17 % 7 * MS), CLOCK_SYNC_TAKEN);
    }
    assert_in_range(error_at(&turned, path.now), 0, 1 * MS);
    int64_t before = clock_sync_server(&path.clock, path.now);
    path.now -= 20 * SECOND; /* 20 seconds late */
    assert_int_equal(ping(&path, 0, 20 * SECOND), CLOCK_SYNC_TAKEN);
    assert_in_range(llabs(clock_sync_server(&path.clock, path.now + 20 * SECOND) - before), 0, 1 * MS);
}

static void test_impossible_answers_change_nothing(void **state)
{
    (void)state;
    struct path path = path_of(EPOCH, 0, 10 * MS, 10 * MS);
    pings(&path, 20, SECOND);
    int64_t now = path.now, server = truth(&path, now), before = clock_sync_server(&path.clock, now);
    static const int64_t ABSURD[] = {INT64_MAX, INT64_MIN, CLOCK_SYNC_TIME_MAX + 1, -CLOCK_SYNC_TIME_MAX - 1};
    assert_int_equal(clock_sync_add(&path.clock, now, server, server, now - 1), CLOCK_SYNC_IGNORED);
    assert_int_equal(clock_sync_add(&path.clock, now, server, server - 1, now + 20 * MS), CLOCK_SYNC_IGNORED);
    assert_int_equal(clock_sync_add(&path.clock, now, server, server + 30 * MS, now + 20 * MS), CLOCK_SYNC_IGNORED);
    assert_int_equal(clock_sync_add(&path.clock, now, server, server, now + CLOCK_SYNC_ROUND_TRIP_MAX + 1),
                     CLOCK_SYNC_IGNORED);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(clock_sync_add(&path.clock, ABSURD[i], server, server, now), CLOCK_SYNC_IGNORED);
        assert_int_equal(clock_sync_add(&path.clock, now, ABSURD[i], server, now), CLOCK_SYNC_IGNORED);
        assert_int_equal(clock_sync_add(&path.clock, now, server, ABSURD[i], now), CLOCK_SYNC_IGNORED);
        assert_int_equal(clock_sync_add(&path.clock, now, server, server, ABSURD[i]), CLOCK_SYNC_IGNORED);
    }
    assert_true(clock_sync_server(&path.clock, now) == before);
    assert_int_equal(ping(&path, 0, 0), CLOCK_SYNC_TAKEN);
}

/* By clocks that show whole milliseconds the server may have held a ping for longer than it was away. */
static void test_no_way_is_shorter_than_none(void **state)
{
    struct clock_sync clock;
    (void)state;
    clock_sync_begin(&clock);
    assert_int_equal(clock_sync_add(&clock, 0, EPOCH, EPOCH + 2 * MS, MS), CLOCK_SYNC_TAKEN);
    assert_int_equal(clock_sync_round_trip(&clock), 0);
    assert_in_range(clock_sync_error(&clock, MS), 500, MS);
}

/* Beyond what the corridor allows at all: one answer is enough. */
static void test_a_large_step_is_seen_at_once(void **state)
{
    (void)state;
    for (int64_t by = -10 * SECOND; by <= 10 * SECOND; by += 20 * SECOND) {
        struct path path = path_of(EPOCH, 60, 40 * MS, 60 * MS);
        pings(&path, 100, SECOND);
        path.offset += by;
        assert_int_equal(ping(&path, 0, 0), CLOCK_SYNC_STEPPED);
        assert_in_range(error_at(&path, path.now), 0, 10 * MS + 100); /* the asymmetry is left */
        path.now += SECOND;
        pings(&path, 100, SECOND);
    }
}

/* One wall undercut, the other left behind: a few answers, during which the estimate rests and pings come sooner. */
static void test_a_step_within_the_corridor(void **state)
{
    (void)state;
    for (int64_t by = -100 * MS; by <= 100 * MS; by += 200 * MS) {
        struct path path = path_of(EPOCH, 60, 150 * MS, 150 * MS);
        pings(&path, 100, SECOND);
        path.offset += by;
        assert_int_equal(clock_sync_ping_delay(&path.clock, 100), 5 * SECOND);
        for (int i = 0; i < 2; i++, path.now += 200 * MS) {
            assert_int_equal(ping(&path, 0, 0), CLOCK_SYNC_TAKEN);
            assert_int_equal(clock_sync_ping_delay(&path.clock, 100), 200 * MS);
            assert_in_range(error_at(&path, path.now), 99 * MS, 101 * MS);
        }
        assert_int_equal(ping(&path, 0, 0), CLOCK_SYNC_STEPPED);
        assert_in_range(error_at(&path, path.now), 0, 200);
        assert_in_range(clock_sync_skew_ppb(&path.clock), 56000, 64000); /* the crystal is the same */
    }
}

static void test_a_small_step_takes_more_answers(void **state)
{
    (void)state;
    struct path path = path_of(EPOCH, 0, 50 * MS, 50 * MS);
    pings(&path, 100, SECOND);
    path.offset += 15 * MS;
    unsigned taken = 0;
    for (; ping(&path, 0, 0) == CLOCK_SYNC_TAKEN && taken < 100; taken++)
        path.now += SECOND;
    assert_in_range(taken, 3, 8);
    assert_in_range(error_at(&path, path.now), 0, 100);
}

/* An answer that was on its way during the step is of neither side. */
static void test_a_step_while_a_ping_is_on_its_way(void **state)
{
    (void)state;
    struct path path = path_of(EPOCH, 0, 150 * MS, 150 * MS);
    pings(&path, 100, SECOND);
    int64_t t1 = path.now, t2 = truth(&path, t1 + 150 * MS);
    path.offset += 120 * MS; /* the own clock has jumped back by that */
    assert_int_equal(clock_sync_add(&path.clock, t1, t2, t2, t1 + 300 * MS - 120 * MS), CLOCK_SYNC_TAKEN);
    enum clock_sync_result result = CLOCK_SYNC_TAKEN;
    for (int i = 0; i < 4 && result == CLOCK_SYNC_TAKEN; i++) {
        path.now += SECOND;
        result = ping(&path, 0, 0);
    }
    assert_int_equal(result, CLOCK_SYNC_STEPPED);
    assert_in_range(error_at(&path, path.now), 0, 100);
}

/* The same, and so late that without it the corridor would close at once: it is not what is kept. */
static void test_a_step_while_a_late_ping_is_on_its_way(void **state)
{
    (void)state;
    struct path path = path_of(EPOCH, 0, 150 * MS, 150 * MS);
    pings(&path, 100, SECOND);
    int64_t t1 = path.now, t2 = truth(&path, t1 + 165 * MS);
    path.offset += 320 * MS;
    assert_int_equal(clock_sync_add(&path.clock, t1, t2, t2, t1 + 330 * MS - 320 * MS), CLOCK_SYNC_TAKEN);
    path.now += SECOND;
    assert_int_equal(ping(&path, 0, 0), CLOCK_SYNC_STEPPED);
    assert_in_range(error_at(&path, path.now), 0, 100);
}

/* The same as early as it can be told: of the first twelve answers, three came before the step and eight after it. */
static void test_a_step_among_the_first_answers(void **state)
{
    (void)state;
    struct path path = path_of(EPOCH, 0, 150 * MS, 150 * MS);
    pings(&path, 3, SECOND);
    int64_t t1 = path.now, t2 = truth(&path, t1 + 150 * MS);
    path.offset += 120 * MS;
    assert_int_equal(clock_sync_add(&path.clock, t1, t2, t2, t1 + 300 * MS - 120 * MS), CLOCK_SYNC_TAKEN);
    path.now += SECOND;
    pings(&path, 7, SECOND);
    assert_int_equal(ping(&path, 0, 0), CLOCK_SYNC_STEPPED);
    assert_in_range(error_at(&path, path.now), 0, 100);
}

/* A path that gets shorter, or longer, or a queue that comes and goes, is no step. */
static void test_a_path_that_changes_is_no_step(void **state)
{
    static const int64_t MORE[][2] = {{-30, 0}, {-30, -30}, {50, 0}, {0, 90}, {80, 80}};
    (void)state;
    for (unsigned i = 0; i < sizeof MORE / sizeof *MORE; i++) {
        struct path path = path_of(EPOCH, -20, 60 * MS, 60 * MS);
        pings(&path, 80, SECOND);
        path.there += MORE[i][0] * MS;
        path.back += MORE[i][1] * MS;
        pings(&path, 80, SECOND);
        assert_true(error_at(&path, path.now) <= clock_sync_error(&path.clock, path.now));
    }
}

/* One way gets shorter, and the other longer a while later: both are not at once. */
static void test_two_changes_of_a_path_are_no_step(void **state)
{
    (void)state;
    for (int there_first = 0; there_first < 2; there_first++) {
        struct path path = path_of(EPOCH, 0, 60 * MS, 60 * MS);
        pings(&path, 80, SECOND);
        *(there_first ? &path.there : &path.back) -= 40 * MS;
        pings(&path, 10, SECOND);
        *(there_first ? &path.back : &path.there) += 40 * MS;
        pings(&path, 80, SECOND);
    }
}

/* Answers after a step whose pings left before it are known by their time. */
static void test_answers_from_before_a_step_are_ignored(void **state)
{
    (void)state;
    struct path path = path_of(EPOCH, 0, 40 * MS, 40 * MS);
    pings(&path, 30, SECOND);
    struct path old = path;
    path.offset += 10 * SECOND;
    path.now += SECOND;
    assert_int_equal(ping(&path, 0, 0), CLOCK_SYNC_STEPPED);
    old.clock = path.clock;
    assert_int_equal(ping(&old, 0, SECOND), CLOCK_SYNC_IGNORED);
}

static void test_a_disturbance(void **state)
{
    (void)state;
    struct path path = path_of(EPOCH, 80, 40 * MS, 40 * MS);
    pings(&path, 200, SECOND);
    clock_sync_disturb(&path.clock, path.now);
    assert_true(clock_sync_is_known(&path.clock));
    assert_in_range(error_at(&path, path.now + 10 * SECOND), 0, 200); /* the guess, with the skew */
    assert_true(clock_sync_error(&path.clock, path.now) == INT64_MAX);
    assert_true(clock_sync_round_trip(&path.clock) == INT64_MAX);
    assert_int_equal(clock_sync_ping_delay(&path.clock, 0), 2 * MS);
    assert_int_equal(clock_sync_ping_delay(&path.clock, 1), 100 * MS);
    path.now--;
    assert_int_equal(ping(&path, 0, 0), CLOCK_SYNC_IGNORED); /* it left before */
    path.offset += 3600 * SECOND;
    path.now += 2 * MS;
    assert_int_equal(ping(&path, 0, 0), CLOCK_SYNC_TAKEN); /* and no step: it was told */
    assert_in_range(error_at(&path, path.now), 0, 100);
    assert_true(clock_sync_error(&path.clock, path.now) < 50 * MS);
    clock_sync_disturb(&path.clock, INT64_MAX); /* absurd: nothing */
    assert_true(clock_sync_error(&path.clock, path.now) < 50 * MS);
}

static void test_hints(void **state)
{
    (void)state;
    struct path path = path_of(EPOCH, 0, 40 * MS, 40 * MS);
    clock_sync_hint(&path.clock, 5 * SECOND, INT64_MAX);
    assert_false(clock_sync_is_known(&path.clock));
    clock_sync_hint(&path.clock, INT64_MAX, EPOCH);
    assert_false(clock_sync_is_known(&path.clock));
    clock_sync_hint(&path.clock, 5 * SECOND, EPOCH + 5 * SECOND - 90 * MS);
    assert_true(clock_sync_is_known(&path.clock));
    assert_true(clock_sync_server(&path.clock, 6 * SECOND) == EPOCH + 6 * SECOND - 90 * MS);
    assert_true(clock_sync_error(&path.clock, 6 * SECOND) == INT64_MAX);
    clock_sync_hint(&path.clock, 6 * SECOND, EPOCH + 6 * SECOND - 200 * MS); /* came later: says less */
    assert_true(clock_sync_server(&path.clock, 6 * SECOND) == EPOCH + 6 * SECOND - 90 * MS);
    clock_sync_hint(&path.clock, 7 * SECOND, EPOCH + 7 * SECOND - 40 * MS); /* at least that, so it is more */
    assert_true(clock_sync_server(&path.clock, 6 * SECOND) == EPOCH + 6 * SECOND - 40 * MS);
    path.now = 8 * SECOND;
    pings(&path, 1, SECOND);
    assert_in_range(error_at(&path, path.now), 0, 1);
    clock_sync_hint(&path.clock, 9 * SECOND, 0); /* there is something better */
    assert_in_range(error_at(&path, path.now), 0, 1);
    clock_sync_disturb(&path.clock, path.now);
    clock_sync_hint(&path.clock, 9 * SECOND, EPOCH + 9 * SECOND - 100 * MS); /* the guess may well be right */
    assert_in_range(error_at(&path, path.now), 0, 1);
    clock_sync_hint(&path.clock, 9 * SECOND, EPOCH - 9 * SECOND); /* it cannot */
    assert_true(clock_sync_server(&path.clock, 9 * SECOND) == EPOCH - 9 * SECOND);
}

static void test_when_to_ping(void **state)
{
    static const int64_t BURST[] = {0, 100, 150, 200, 250, 300, 400, 500, 1000};
    struct clock_sync clock;
    (void)state;
    clock_sync_begin(&clock);
    for (unsigned i = 0; i < sizeof BURST / sizeof *BURST; i++)
        assert_int_equal(clock_sync_ping_delay(&clock, i), BURST[i] * MS);
    assert_int_equal(clock_sync_ping_delay(&clock, 63), SECOND);
    assert_int_equal(clock_sync_ping_delay(&clock, 64), 5 * SECOND);
    assert_int_equal(clock_sync_ping_delay(&clock, UINT32_MAX), 5 * SECOND);
}

static void test_there_and_back_again(void **state)
{
    static const int64_t LOCALS[] = {0, 1, -5 * SECOND, 86400 * SECOND, EPOCH, -EPOCH};
    (void)state;
    struct path path = path_of(EPOCH, 100, 10 * MS, 14 * MS);
    pings(&path, 300, SECOND);
    for (unsigned i = 0; i < sizeof LOCALS / sizeof *LOCALS; i++) {
        int64_t back = clock_sync_local(&path.clock, clock_sync_server(&path.clock, LOCALS[i]));
        assert_in_range(llabs(back - LOCALS[i]), 0, 1);
    }
}

/* At the ends of time nothing wraps, whichever clock is ahead. */
static void test_the_ends_of_time(void **state)
{
    (void)state;
    for (int64_t offset = -EPOCH; offset <= EPOCH; offset += 2 * EPOCH) {
        struct path path = path_of(offset, 100, 10 * MS, 14 * MS);
        path.now = -offset;
        pings(&path, 300, SECOND);
        assert_true(clock_sync_server(&path.clock, INT64_MAX) >= INT64_MAX - 2 * EPOCH);
        assert_true(clock_sync_server(&path.clock, INT64_MIN) <= INT64_MIN + 2 * EPOCH);
        assert_true(clock_sync_local(&path.clock, INT64_MAX) >= INT64_MAX - 2 * EPOCH);
        assert_true(clock_sync_local(&path.clock, INT64_MIN) <= INT64_MIN + 2 * EPOCH);
        int64_t fifty_years = INT64_C(50) * 365 * 86400 * SECOND; /* it says 73: 250 millionths of 292 thousand */
        assert_true(clock_sync_error(&path.clock, INT64_MAX) > fifty_years);
        assert_true(clock_sync_error(&path.clock, INT64_MIN) > fifty_years);
    }
}

/* Nor where the clocks are only a microsecond apart. */
static void test_the_ends_of_time_one_apart(void **state)
{
    (void)state;
    for (int64_t apart = -1; apart <= 1; apart += 2) {
        int64_t end = apart > 0 ? INT64_MAX : INT64_MIN, other = apart > 0 ? INT64_MIN : INT64_MAX;
        struct clock_sync clock;
        clock_sync_begin(&clock);
        clock_sync_hint(&clock, 0, apart);
        assert_true(clock_sync_server(&clock, end) == end);
        assert_true(clock_sync_server(&clock, other) == other + apart);
        assert_true(clock_sync_local(&clock, other) == other);
        assert_true(clock_sync_local(&clock, end) == end - apart);
    }
}

/*
 * The same life, in small numbers and in an epoch's, and for one whose clock is ahead: the same to the microsecond.
 */
static void test_large_numbers_lose_nothing(void **state)
{
    static const int64_t SHIFTS[] = {EPOCH, -EPOCH, MOST, -MOST};
    (void)state;
    for (unsigned i = 0; i < sizeof SHIFTS / sizeof *SHIFTS; i++) {
        struct clock_sync small, large;
        clock_sync_begin(&small);
        clock_sync_begin(&large);
        for (int64_t j = 0; j < 200; j++) {
            int64_t t1 = j * SECOND, t2 = t1 + 31 * MS + j * 40 + random_below(9 * MS);
            int64_t t4 = t1 + 70 * MS + random_below(9 * MS);
            clock_sync_add(&small, t1, t2, t2 + 10, t4);
            clock_sync_add(&large, t1 + SHIFTS[i], t2 - SHIFTS[i], t2 + 10 - SHIFTS[i], t4 + SHIFTS[i]);
        }
        assert_int_equal(clock_sync_skew_ppb(&small), clock_sync_skew_ppb(&large));
        int64_t then = 300 * SECOND;
        assert_true(clock_sync_server(&small, then) == clock_sync_server(&large, then + SHIFTS[i]) + SHIFTS[i]);
        assert_true(clock_sync_error(&small, then) == clock_sync_error(&large, then + SHIFTS[i]));
    }
}

/* Clean answers are rare, one in fifty: a ring of 64 must keep them through hundreds of others. */
static void test_thinning_keeps_the_walls(void **state)
{
    (void)state;
    struct path path = path_of(EPOCH, 0, 30 * MS, 30 * MS);
    for (unsigned i = 0; i < 500; i++, path.now += SECOND) {
        int64_t late = 20 * MS + random_below(200 * MS);
        ping(&path, i % 50 == 7 ? 0 : late, i % 50 == 31 ? 0 : 20 * MS + random_below(200 * MS));
        assert_true(path.clock.count <= CLOCK_SYNC_SAMPLES);
        if (i > 200)
            assert_in_range(error_at(&path, path.now), 0, 1 * MS);
    }
}

/* An answer that shows nothing is the first to go, but not while it is one of the newest. */
static void test_the_newest_are_not_thinned_out(void **state)
{
    (void)state;
    struct path path = path_of(EPOCH, 0, 30 * MS, 30 * MS);
    pings(&path, CLOCK_SYNC_SAMPLES - CLOCK_SYNC_NEWEST, SECOND);
    double sent = (double)(path.now - path.clock.origin);
    ping(&path, 200 * MS, 200 * MS);
    path.now += SECOND;
    pings(&path, CLOCK_SYNC_NEWEST - 1, SECOND); /* it is full, and this is the oldest of the newest */
    pings(&path, 1, SECOND);
    assert_true(path.clock.sent[CLOCK_SYNC_SAMPLES - CLOCK_SYNC_NEWEST - 1] == sent);
    pings(&path, 1, SECOND);
    for (unsigned i = 0; i < path.clock.count; i++)
        assert_true(path.clock.sent[i] != sent);
}

/*
 * What was learned ends with the window: a path that became longer one way is believed after ten minutes, and not
 * before.
 */
static void test_old_answers_go(void **state)
{
    (void)state;
    struct path path = path_of(EPOCH, 0, 30 * MS, 30 * MS);
    pings(&path, 10, SECOND);
    path.there += 20 * MS;
    pings(&path, 29, 20 * SECOND);
    assert_in_range(error_at(&path, path.now), 0, 2 * MS);
    pings(&path, 3, 20 * SECOND);
    assert_in_range(error_at(&path, path.now), 10 * MS - 10, 10 * MS + 10);
    assert_in_range(clock_sync_round_trip(&path.clock), 80 * MS, 80 * MS + 10);
}

/*
 * While the window is too short to know the skew, older answers count for less: 100 ppm for 14 s, halved, would be
 * 0.7 ms.
 */
static void test_answers_age(void **state)
{
    (void)state;
    for (int64_t skew = -100; skew <= 100; skew += 200) {
        struct path path = path_of(EPOCH, skew, 30 * MS, 30 * MS);
        pings(&path, 15, SECOND);
        assert_in_range(error_at(&path, path.now - SECOND), 0, 550);
    }
}

/* The estimate moves only when an answer comes. */
static void test_it_rests_between_answers(void **state)
{
    (void)state;
    struct path path = path_of(EPOCH, 100, 30 * MS, 30 * MS);
    pings(&path, 120, SECOND);
    struct clock_sync before = path.clock;
    int64_t first = clock_sync_server(&path.clock, path.now), last = first;
    for (int i = 1; i <= 1000; i++) {
        int64_t server = clock_sync_server(&path.clock, path.now + i * 20 * MS);
        assert_in_range(server - last, 20 * MS, 20 * MS + 4);
        last = server;
    }
    clock_sync_error(&path.clock, path.now + SECOND);
    clock_sync_ping_delay(&path.clock, 3);
    assert_memory_equal(&before, &path.clock, sizeof before);
}

static void test_its_size(void **state)
{
    (void)state;
    assert_true(sizeof(struct clock_sync) <= 6 * 1024);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_knows_nothing_at_first),
        cmocka_unit_test(test_exact_on_a_clean_path),
        cmocka_unit_test(test_half_the_asymmetry_is_left),
        cmocka_unit_test(test_spikes_make_no_wall),
        cmocka_unit_test(test_a_noisy_direction_leans_little),
        cmocka_unit_test(test_a_noisy_direction_leans),
        cmocka_unit_test(test_skew_is_learned),
        cmocka_unit_test(test_the_bound_holds),
        cmocka_unit_test(test_the_bound_doubts_the_skew),
        cmocka_unit_test(test_late_and_reordered),
        cmocka_unit_test(test_impossible_answers_change_nothing),
        cmocka_unit_test(test_no_way_is_shorter_than_none),
        cmocka_unit_test(test_a_large_step_is_seen_at_once),
        cmocka_unit_test(test_a_step_within_the_corridor),
        cmocka_unit_test(test_a_small_step_takes_more_answers),
        cmocka_unit_test(test_a_step_while_a_ping_is_on_its_way),
        cmocka_unit_test(test_a_step_while_a_late_ping_is_on_its_way),
        cmocka_unit_test(test_a_step_among_the_first_answers),
        cmocka_unit_test(test_a_path_that_changes_is_no_step),
        cmocka_unit_test(test_two_changes_of_a_path_are_no_step),
        cmocka_unit_test(test_answers_from_before_a_step_are_ignored),
        cmocka_unit_test(test_a_disturbance),
        cmocka_unit_test(test_hints),
        cmocka_unit_test(test_when_to_ping),
        cmocka_unit_test(test_there_and_back_again),
        cmocka_unit_test(test_the_ends_of_time),
        cmocka_unit_test(test_the_ends_of_time_one_apart),
        cmocka_unit_test(test_large_numbers_lose_nothing),
        cmocka_unit_test(test_thinning_keeps_the_walls),
        cmocka_unit_test(test_the_newest_are_not_thinned_out),
        cmocka_unit_test(test_old_answers_go),
        cmocka_unit_test(test_answers_age),
        cmocka_unit_test(test_it_rests_between_answers),
        cmocka_unit_test(test_its_size),
    };
    return cmocka_run_group_tests_name("clock_sync", tests, NULL, NULL);
}
