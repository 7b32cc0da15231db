/* What is known of one player. Pure. */
#include "profile.h"

#define MILLISECOND INT64_C(1000)
#define START_LATENCY_MAX (5000 * MILLISECOND)
#define SEEK_COST_MAX (30000 * MILLISECOND)
#define RATE_LATENCY_MAX (2000 * MILLISECOND)
#define NOISE_MAX (1000 * MILLISECOND)
#define LOSS_MAX (1000 * MILLISECOND)
#define DEAD_ZONE_MAX 1000000

/* What one start may teach once the latency is known from a few: a start that the machine was busy at says little. */
#define START_SURPRISE_MAX (30 * MILLISECOND)
#define START_SURPRISE_FIRST (250 * MILLISECOND)
/* Likewise a seek to what had to be loaded first, and a nudge that something came into. */
#define SEEK_SURPRISE (1000 * MILLISECOND)
#define NUDGE_SURPRISE (30 * MILLISECOND)
#define STARTS_TO_KNOW 2
#define STARTS_TO_AVERAGE 9

/* Measured on Debian 12, Chromium 156 and mpv 0.35; medians, but for seeks, which depend on the film more than on the player. */
static const syncplay_player_profile priors[] = {
    [SYNCPLAY_PLAYER_GENERIC] = {.start_latency = 50 * MILLISECOND,
                                 .silent_start_latency = 20 * MILLISECOND,
                                 .seek_cost = 300 * MILLISECOND,
                                 .rate_latency = 200 * MILLISECOND,
                                 .position_noise = 10 * MILLISECOND,
                                 .keeps_pitch = true,
                                 .nudge_loss = 10 * MILLISECOND,
                                 .rate_dead_zone = 1000},
    [SYNCPLAY_PLAYER_BROWSER] = {.start_latency = 74 * MILLISECOND,
                                 .silent_start_latency = MILLISECOND,
                                 .seek_cost = 100 * MILLISECOND,
                                 .rate_latency = 75 * MILLISECOND,
                                 .position_noise = 30,
                                 .nudge_loss = 17 * MILLISECOND,
                                 .rate_dead_zone = 1000},
    [SYNCPLAY_PLAYER_MPV] = {.start_latency = MILLISECOND / 5,
                             .silent_start_latency = MILLISECOND / 5,
                             .seek_cost = 60 * MILLISECOND,
                             .rate_latency = 380 * MILLISECOND,
                             .position_noise = 30,
                             .nudge_loss = -6 * MILLISECOND},
};

const syncplay_player_profile *profile_prior(syncplay_player_kind kind)
{
    bool is_known = (unsigned)kind < sizeof priors / sizeof *priors;
    return &priors[is_known ? kind : SYNCPLAY_PLAYER_GENERIC];
}

static int64_t bound(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

void profile_begin(struct profile *profile, const syncplay_player_profile *known)
{
    syncplay_player_profile *is = &profile->is;
    *profile = (struct profile){.is = *known};
    is->start_latency = bound(is->start_latency, 0, START_LATENCY_MAX);
    is->silent_start_latency = bound(is->silent_start_latency, 0, START_LATENCY_MAX);
    is->seek_cost = bound(is->seek_cost, 0, SEEK_COST_MAX);
    is->rate_latency = bound(is->rate_latency, 0, RATE_LATENCY_MAX);
    is->position_noise = bound(is->position_noise, 0, NOISE_MAX);
    is->nudge_loss = bound(is->nudge_loss, -LOSS_MAX, LOSS_MAX);
    is->rate_dead_zone = (int32_t)bound(is->rate_dead_zone, 0, DEAD_ZONE_MAX);
}

int64_t profile_start_latency(const struct profile *profile, bool has_sound)
{
    return has_sound ? profile->is.start_latency : profile->is.silent_start_latency;
}

void profile_learn_start(struct profile *profile, bool has_sound, int64_t latency)
{
    int64_t *known = has_sound ? &profile->is.start_latency : &profile->is.silent_start_latency;
    unsigned *starts = has_sound ? &profile->starts : &profile->silent_starts;
    int64_t surprise = latency - *known;
    int64_t most = *starts < STARTS_TO_KNOW ? START_SURPRISE_FIRST : START_SURPRISE_MAX;
    surprise = bound(surprise, -most, most);
    /* The mean of all, what was known before counting as a third of one; later those long ago are forgotten. */
    *starts += *starts < STARTS_TO_AVERAGE;
    *known = bound(*known + 3 * surprise / (3 * (int64_t)*starts + 1), 0, START_LATENCY_MAX);
}

void profile_learn_seek(struct profile *profile, int64_t cost)
{
    int64_t *known = &profile->is.seek_cost;
    int64_t sample = bound(cost, 0, 2 * *known + SEEK_SURPRISE);
    *known = bound(*known + (sample - *known) / 4, 0, SEEK_COST_MAX);
}

void profile_learn_nudge(struct profile *profile, int64_t behind)
{
    int64_t *known = &profile->is.nudge_loss;
    *known = bound(*known + bound(behind, -NUDGE_SURPRISE, NUDGE_SURPRISE) / 2, -LOSS_MAX, LOSS_MAX);
}
