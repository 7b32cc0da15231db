/* The widest cut through a corridor, beside what trying many skews finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <math.h>

#include "corridor.h"

enum { TRIES = 60 };

static uint64_t random_state = 1;

static double random_below(double bound)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return bound * (double)(random_state >> 11) / 9007199254740992.0;
}

/* Answers over `span`, of a clock that is ahead by `offset` and by `skew`, with up to `noise` of delay each way. */
static struct corridor corridor_of(uint32_t count, double offset, double skew, double noise, double span)
{
    struct corridor walls = {.count = count};
    double at = 0;
    for (uint32_t i = 0; i < count; i++) {
        at = floor(at + random_below(span / count));
        double ahead = offset + floor(skew * at), there = floor(random_below(noise)), back = floor(random_below(noise));
        walls.there_age[i] = span - at;
        walls.back_age[i] = span - at - there - back;
        walls.there[i] = ahead + there + 3e-6 * walls.there_age[i];
        walls.back[i] = back - ahead + 3e-6 * walls.back_age[i];
    }
    return walls;
}

static double width(const struct corridor *walls, double skew, double skew_before, double kappa)
{
    struct corridor_cut cut = corridor_cut(walls, skew);
    return cut.there + cut.back - kappa * fabs(skew - skew_before);
}

/* One of those that `round` makes: the clock is ahead by anything up to `offset` either way. */
static struct corridor any_corridor(unsigned round, double offset)
{
    double ahead = floor(random_below(2 * offset) - offset), skew = random_below(600e-6) - 300e-6;
    return corridor_of(1 + round % CORRIDOR_POINTS, ahead, skew, pow(10, random_below(7)), 500e6);
}

static void no_other_skew_is_wider(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 2000; round++) {
        double before = round % 2 ? random_below(300e-6) - 150e-6 : 0, kappa = round % 5 ? 2e6 : 20e6;
        struct corridor walls = any_corridor(round, 1e6);
        struct corridor_cut found = corridor_widest(&walls, before, kappa);
        double widest = width(&walls, found.skew, before, kappa);
        assert_true(fabs(found.skew) <= CORRIDOR_SKEW_MAX);
        for (int i = 0; i <= TRIES; i++)
            assert_true(width(&walls, (2.0 * i / TRIES - 1) * CORRIDOR_SKEW_MAX, before, kappa) <= widest + 0.01);
    }
}

/*
 * A clock that was set by some ten thousand years: doubles next to each other are up to half a millisecond apart there.
 * Tangents meet beside the corridor, or again and again in one place. It ends all the same, between the limits, and is no
 * worse than before.
 */
static void it_ends_where_numbers_are_coarse(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 5000; round++) {
        double offset = 4e18, rounding = 4 * DBL_EPSILON * offset, before = random_below(300e-6) - 150e-6;
        struct corridor walls = any_corridor(round, offset);
        struct corridor_cut found = corridor_widest(&walls, before, 2e6), again = corridor_cut(&walls, found.skew);
        assert_true(fabs(found.skew) <= CORRIDOR_SKEW_MAX);
        assert_true(found.there == again.there && found.back == again.back && found.slope == again.slope);
        assert_true(width(&walls, found.skew, before, 2e6) >= width(&walls, before, before, 2e6) - rounding);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_other_skew_is_wider),
        cmocka_unit_test(it_ends_where_numbers_are_coarse),
    };
    return cmocka_run_group_tests_name("corridor", tests, NULL, NULL);
}
