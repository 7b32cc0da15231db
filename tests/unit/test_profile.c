/* What is known of one player: within its bounds, and what it learns from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "profile.h"

#define MS INT64_C(1000)
#define COUNT(array) (sizeof(array) / sizeof *(array))

static void test_bounds(void **state)
{
    static const struct {
        size_t offset;
        int64_t least, most;
    } limits[] = {{offsetof(syncplay_player_profile, start_latency), 0, 5000 * MS},
                  {offsetof(syncplay_player_profile, silent_start_latency), 0, 5000 * MS},
                  {offsetof(syncplay_player_profile, seek_cost), 0, 30000 * MS},
                  {offsetof(syncplay_player_profile, rate_latency), 0, 2000 * MS},
                  {offsetof(syncplay_player_profile, position_noise), 0, 1000 * MS},
                  {offsetof(syncplay_player_profile, nudge_loss), -1000 * MS, 1000 * MS}};
    syncplay_player_profile known = *profile_prior(SYNCPLAY_PLAYER_BROWSER);
    struct profile profile;
    (void)state;
    for (size_t i = 0; i < COUNT(limits); i++) {
        int64_t *is = (int64_t *)((char *)&known + limits[i].offset), *bounded = (int64_t *)((char *)&profile.is + limits[i].offset);
        const int64_t values[] = {INT64_MIN, limits[i].least, limits[i].most, INT64_MAX}, before = *is;
        for (size_t j = 0; j < COUNT(values); j++) {
            *is = values[j];
            profile_begin(&profile, &known);
            assert_int_equal(*bounded, j < 2 ? limits[i].least : limits[i].most);
        }
        *is = before;
    }
    for (int32_t zone = -1; zone <= 1; zone++) {
        known.rate_dead_zone = zone * 1000001;
        profile_begin(&profile, &known);
        assert_int_equal(profile.is.rate_dead_zone, zone > 0 ? 1000000 : 0);
    }
}

static void test_one_of_no_kind_is_generic(void **state)
{
    (void)state;
    assert_ptr_equal(profile_prior(SYNCPLAY_PLAYER_MPV + 1), profile_prior(SYNCPLAY_PLAYER_GENERIC));
    assert_ptr_equal(profile_prior((syncplay_player_kind)-1), profile_prior(SYNCPLAY_PLAYER_GENERIC));
    assert_ptr_not_equal(profile_prior(SYNCPLAY_PLAYER_MPV), profile_prior(SYNCPLAY_PLAYER_GENERIC));
}

/* Nine starts, and what was known before as a third of one: none counts for less than that mean makes of it. */
static void test_starts(void **state)
{
    struct profile profile;
    (void)state;
    for (int has_sound = 0; has_sound < 2; has_sound++) {
        syncplay_player_profile known = {.start_latency = 50 * MS, .silent_start_latency = 50 * MS};
        profile_begin(&profile, &known);
        profile_learn_start(&profile, has_sound, 90 * MS);
        assert_int_equal(profile_start_latency(&profile, has_sound), 80 * MS); /* three quarters of it */
        assert_int_equal(profile_start_latency(&profile, !has_sound), 50 * MS);
        for (int i = 0; i < 100; i++)
            profile_learn_start(&profile, has_sound, profile_start_latency(&profile, has_sound));
        profile_learn_start(&profile, has_sound, 108 * MS);
        assert_int_equal(profile_start_latency(&profile, has_sound), 83 * MS);
        profile_learn_start(&profile, has_sound, 5000 * MS); /* the machine was busy */
        assert_int_equal(profile_start_latency(&profile, has_sound), 83 * MS + 3 * 30 * MS / 28);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bounds), cmocka_unit_test(test_one_of_no_kind_is_generic),
                                       cmocka_unit_test(test_starts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
