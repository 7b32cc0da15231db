/* Estimators of a server's clock; see the header. */
#include <math.h>
#include <stdlib.h>

#include "clock_rivals.h"

typedef struct clock_rival_state State;
typedef struct clock_rival_sample Sample;

static int64_t offset_of(const Sample *sample)
{
    return ((sample->t2 - sample->t1) + (sample->t3 - sample->t4)) / 2;
}

static int64_t delay_of(const Sample *sample)
{
    return (sample->t4 - sample->t1) - (sample->t3 - sample->t2);
}

static void remember(State *state, const Sample *sample, unsigned window)
{
    state->samples[state->next] = *sample;
    state->next = (state->next + 1) % window;
    if (state->count < window)
        state->count++;
}

static const Sample *fastest(const State *state)
{
    const Sample *best = &state->samples[0];
    for (unsigned i = 1; i < state->count; i++)
        if (delay_of(&state->samples[i]) < delay_of(best))
            best = &state->samples[i];
    return best;
}

static int64_t server_by_base(const State *state, int64_t local)
{
    return local + state->base;
}

static void last_add(State *state, const Sample *sample)
{
    state->base = offset_of(sample);
}

static void mean_add(State *state, const Sample *sample)
{
    remember(state, sample, 8);
    int64_t sum = 0;
    for (unsigned i = 0; i < state->count; i++)
        sum += offset_of(&state->samples[i]) - offset_of(&state->samples[0]);
    state->base = offset_of(&state->samples[0]) + sum / (int64_t)state->count;
}

/* A rolling average of the last ten latencies: a message is that old when it comes. */
static void seed_add(State *state, const Sample *sample)
{
    remember(state, sample, 10);
    int64_t sum = 0;
    for (unsigned i = 0; i < state->count; i++)
        sum += delay_of(&state->samples[i]) / 2;
    state->base = sample->t3 + sum / (int64_t)state->count - sample->t4;
}

/*
 * RFC 5905: of the last eight the one with the least delay, ageing at 15 ppm, and never one older than the last used.
 */
static void ntp_add(State *state, const Sample *sample)
{
    remember(state, sample, 8);
    const Sample *best = NULL;
    double least = 0;
    for (unsigned i = 0; i < state->count; i++) {
        const Sample *one = &state->samples[i];
        double distance = (double)delay_of(one) / 2 + 15e-6 * (double)(sample->t4 - one->t4);
        if (!best || distance < least) {
            best = one;
            least = distance;
        }
    }
    if (state->pings++ == 0 || best->t4 > state->used) {
        state->used = best->t4;
        state->base = offset_of(best);
    }
}

/*
 * Jellyfin's web client: of the last eight the fastest; whole milliseconds; four pings a second apart, then one a
 * minute.
 */
static void jellyfin_add(State *state, const Sample *sample)
{
    if (state->pings > 0 && sample->t1 < state->due)
        return;
    Sample whole = {sample->t1 / 1000 * 1000, sample->t2 / 1000 * 1000, sample->t3 / 1000 * 1000,
                    sample->t4 / 1000 * 1000};
    state->due = sample->t4 + (state->pings < 3 ? 1000000 : 60000000);
    state->pings++;
    remember(state, &whole, 8);
    state->base = offset_of(fastest(state));
}

/* Plezy: of the last eight the fastest. */
static void fastest_add(State *state, const Sample *sample)
{
    remember(state, sample, 8);
    state->base = offset_of(fastest(state));
}

/* ETSI TS 103 286-2, wall clock: keep what has the least dispersion, which grows with 50 ppm of either clock. */
static void dvb_add(State *state, const Sample *sample)
{
    double dispersion = (double)delay_of(sample) / 2 + 1000;
    double grown = state->average + 100e-6 * (double)(sample->t4 - state->used);
    if (state->pings++ > 0 && dispersion > grown)
        return;
    state->average = dispersion;
    state->used = sample->t4;
    state->base = offset_of(sample);
}

/* Syncplay: an average of the round trips that moves by 15 %; half of it is how old a message is. */
static void syncplay_add(State *state, const Sample *sample)
{
    double delay = (double)delay_of(sample);
    state->average = state->pings++ == 0 ? delay : 0.85 * state->average + 0.15 * delay;
    state->base = sample->t3 + (int64_t)(state->average / 2) - sample->t4;
}

/* A Kalman filter of offset and skew; what a sample's delay has above the least so far is its uncertainty. */
static void kalman_add(State *state, const Sample *sample)
{
    double delay = (double)delay_of(sample), *p = state->covariance;
    if (state->pings++ == 0) {
        state->base = offset_of(sample);
        state->origin = sample->t4;
        state->fastest = delay;
        p[0] = 1e8;
        p[1] = 0;
        p[2] = 1e-8;
        return;
    }
    state->fastest = fmin(state->fastest, delay);
    double now = (double)(sample->t4 - state->origin), step = now - state->at;
    state->at = now;
    state->offset += state->skew * step;
    p[0] += 2 * step * p[1] + step * step * p[2] + 1e-3 * step * 1e-3;
    p[1] += step * p[2];
    p[2] += 1e-20 * step;
    double excess = (delay - state->fastest) / 2, noise = excess * excess + 2000.0 * 2000.0;
    double miss = (double)(offset_of(sample) - state->base) - state->offset, whole = p[0] + noise;
    double gain = p[0] / whole, skew_gain = p[1] / whole;
    state->offset += gain * miss;
    state->skew += skew_gain * miss;
    p[2] -= skew_gain * p[1];
    p[1] -= gain * p[1];
    p[0] -= gain * p[0];
}

static int64_t kalman_server(const State *state, int64_t local)
{
    double since = (double)(local - state->origin) - state->at;
    return local + state->base + llrint(state->offset + state->skew * since);
}

static int ascending(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

/* Snapcast: the median of the last 200. */
static void median_add(State *state, const Sample *sample)
{
    int64_t offsets[200];
    remember(state, sample, 200);
    for (unsigned i = 0; i < state->count; i++)
        offsets[i] = offset_of(&state->samples[i]);
    qsort(offsets, state->count, sizeof *offsets, ascending);
    state->base = offsets[state->count / 2];
}

static void ours_add(State *state, const Sample *sample)
{
    clock_sync_add(&state->ours, sample->t1, sample->t2, sample->t3, sample->t4);
}

static int64_t ours_server(const State *state, int64_t local)
{
    return clock_sync_server(&state->ours, local);
}

const struct clock_rival CLOCK_RIVAL[CLOCK_RIVALS] = {
    {"last sample", "the last answer alone", last_add, server_by_base},
    {"mean of 8", "the mean of the last 8", mean_add, server_by_base},
    {"the seed", "half of the mean round trip of the last 10", seed_add, server_by_base},
    {"NTP filter", "RFC 5905's clock filter", ntp_add, server_by_base},
    {"Jellyfin", "as shipped: fastest of 8, after 4 one a minute", jellyfin_add, server_by_base},
    {"Plezy", "fastest of the last 8", fastest_add, server_by_base},
    {"DVB-CSS", "ETSI TS 103 286-2, least dispersion", dvb_add, server_by_base},
    {"Syncplay", "moving average of the round trip", syncplay_add, server_by_base},
    {"Kalman", "offset and skew, weighted by delay", kalman_add, kalman_server},
    {"Snapcast", "median of the last 200", median_add, server_by_base},
    {"corridor", "ours", ours_add, ours_server},
};
