/* Measured drift -> rate, or seek. Pure. */
#include "drift.h"

#include <syncplay/session.h>

#define MILLISECOND INT64_C(1000)
#define SECOND INT64_C(1000000)

/* A nudge aims at being there after this, or a little later with a player that obeys late, as far as its rate may go. */
#define NUDGE_TIME (2 * SECOND)
#define NUDGE_TIME_QUICK (400 * MILLISECOND)
#define SETTLE (300 * MILLISECOND)
#define SETTLE_QUICK (60 * MILLISECOND)

#define SMALL (20 * MILLISECOND)
#define MIDDLE (100 * MILLISECOND)

/* The trim: a new one after each window, 0.1/s proportional, 0.0025/s^2 integral (critically damped). */
#define TRIM_WINDOW (2 * SECOND)
#define TRIM_STEP 15
#define TRIM_INTEGRAL_MAX 150
#define TRIM_NOISE_MAX MILLISECOND
/* A window that a gap has made longer counts no more than this. */
#define TRIM_WINDOW_MAX (5 * TRIM_WINDOW)

#define SEEK_COST_MAX (1500 * MILLISECOND)
#define COOL_DOWN (2 * SECOND)
#define COOL_DOWN_MAX (60 * SECOND)
/* Seeks that follow each other sooner than this, on top of the cool-down, are in a row. */
#define CLEAN (30 * SECOND)
#define CORRECTIONS_TOO_MANY 3
/* Looks at the player are seldom from here on: nothing will be stopped in time. */
#define SELDOM (600 * MILLISECOND)
/* A nudge that has made less than a fourth of its way after this does nothing; after so many it is not tried for a while. */
#define USELESS_AFTER (3 * SECOND)
#define USELESS_TOO_MANY 2
#define USELESS_FOR (60 * SECOND)
#define NOISE_LEARNED_MAX (50 * MILLISECOND)
/* From here on it is worth to wait for what is not buffered. */
#define FAR (4 * SECOND)

static int64_t size(int64_t value)
{
    return value < 0 ? -value : value;
}

static int64_t larger(int64_t one, int64_t other)
{
    return one > other ? one : other;
}

static int64_t bound(int64_t value, int64_t most)
{
    return value < -most ? -most : value > most ? most : value;
}

void drift_begin(struct drift *drift)
{
    *drift = (struct drift){.since = SYNCPLAY_NEVER, .cool_until = INT64_MIN, .back_off = COOL_DOWN, .looked = SYNCPLAY_UNSET};
}

static void begin_window(struct drift *drift)
{
    drift->window_count = 0;
    drift->window_sum = 0;
}

void drift_restart(struct drift *drift, int64_t now, int64_t settle, int64_t quick)
{
    drift->count = 0;
    drift->looked = SYNCPLAY_UNSET;
    drift->since = now + settle;
    drift->quick_until = now + settle + quick;
    drift->seek = false;
    drift->nudging = false;
    drift->judging = false;
    begin_window(drift);
}

/* --- What is measured */

static void take(struct drift *drift, int64_t ahead)
{
    for (unsigned i = 1; i < DRIFT_SAMPLES; i++)
        drift->samples[i - 1] = drift->samples[i];
    drift->samples[DRIFT_SAMPLES - 1] = ahead;
    if (drift->count < DRIFT_SAMPLES)
        drift->count++;
}

static int64_t median(const int64_t of[DRIFT_SAMPLES])
{
    int64_t a = of[0], b = of[1], c = of[2];
    int64_t low = a < b ? a : b, high = a < b ? b : a;
    return c < low ? low : c > high ? high : c;
}

/* --- Nudging */

/*
 * Where a nudge ends: with the pitch preserved each change costs half of the loss, so a little too far is right. `changes`:
 * how many are to come.
 */
static int64_t aim(const struct profile *profile, bool rough, int changes)
{
    return rough ? profile->is.nudge_loss * changes / 2 : 0;
}

static int32_t rate_limit(int64_t error, bool quick)
{
    if (error <= SMALL)
        return quick ? DRIFT_RATE_MIDDLE : DRIFT_RATE_SMALL;
    return error <= MIDDLE ? DRIFT_RATE_MIDDLE : DRIFT_RATE_LARGE;
}

/*
 * The rate that makes up for `ahead`, within its limits; slower with a player that obeys late, or that is looked at seldom
 * (gain times delay < 1/2).
 */
static int32_t rate_for(const struct drift *drift, const struct profile *profile, bool rough, int64_t now, int64_t ahead)
{
    bool quick = now < drift->quick_until;
    int64_t time = (quick ? NUDGE_TIME_QUICK : NUDGE_TIME) + profile->is.rate_latency * 5 / 2;
    if (drift->interval > SELDOM)
        time = larger(time, 3 * drift->interval);
    int64_t rate = bound(-ahead * 1000000 / time, rate_limit(size(ahead), quick));
    int64_t least = rough ? larger(2 * profile->is.rate_dead_zone, DRIFT_RATE_SMALL) : 500;
    if (size(rate) < least)
        rate = ahead < 0 ? least : -least;
    return (int32_t)rate;
}

/* When to go back to the party's rate, so that the way is made when that shows. */
static int64_t nudge_end(const struct drift *drift, const struct profile *profile, int64_t now, int64_t ahead)
{
    int64_t shows = drift->changed + profile->is.rate_latency;
    return larger(now, shows) + size(ahead) * 1000000 / size(drift->nudge) - profile->is.rate_latency;
}

/* Once begun, a nudge keeps its rate: it is made faster if it is needed, and what can be heard goes out gently. */
static bool is_worth_changing(const struct drift *drift, int32_t rate)
{
    int64_t is = size(drift->nudge), wanted = size(rate);
    return wanted > is + is / 4 || (is > DRIFT_RATE_SMALL && (wanted < is / 2 || wanted <= DRIFT_RATE_SMALL));
}

static void begin_nudge(struct drift *drift, const struct profile *profile, bool rough, int64_t now, int64_t ahead)
{
    int64_t way = ahead - aim(profile, rough, 2);
    drift->nudging = true;
    drift->nudge = rate_for(drift, profile, rough, now, way);
    drift->changed = drift->nudge_began = now;
    drift->nudge_from = ahead;
    drift->until = nudge_end(drift, profile, now, way);
}

static void end_nudge(struct drift *drift, const struct profile *profile, int64_t now)
{
    int64_t settle = profile->is.rate_latency + (now < drift->quick_until ? SETTLE_QUICK : SETTLE);
    drift_restart(drift, now, settle, larger(drift->quick_until - now - settle, 0));
    drift->judging = true;
}

/* Whether the player does not mind its rate. */
static bool does_nothing(const struct drift *drift, int64_t now, int64_t ahead)
{
    int64_t expected = (now - drift->nudge_began) * drift->nudge / 1000000, moved = ahead - drift->nudge_from;
    return now > drift->nudge_began + USELESS_AFTER && (expected < 0 ? moved > expected / 4 : moved < expected / 4);
}

static void go_on_nudging(struct drift *drift, const struct profile *profile, bool rough, int64_t now, int64_t ahead)
{
    int64_t way = ahead - aim(profile, rough, 1);
    bool shows = now >= drift->changed + profile->is.rate_latency;
    bool is_past = shows && (way < 0) == (drift->nudge < 0);
    if (does_nothing(drift, now, ahead)) {
        drift->useless++;
        drift->useless_since = now;
        end_nudge(drift, profile, now);
        drift->judging = false;
    } else if (now >= drift->until || is_past) {
        drift->useless = 0;
        end_nudge(drift, profile, now);
    } else if (shows) {
        int32_t rate = rate_for(drift, profile, rough, now, way);
        if (drift->interval > SELDOM || (!rough && is_worth_changing(drift, rate))) {
            drift->nudge = rate;
            drift->changed = drift->nudge_began = now;
            drift->nudge_from = ahead;
        }
        drift->until = nudge_end(drift, profile, now, way);
    }
}

/* --- The trim */

static void trim(struct drift *drift, const struct profile *profile, bool rough, int64_t now, int64_t ahead)
{
    if (rough || profile->is.position_noise > TRIM_NOISE_MAX) {
        drift->trim = 0;
        return;
    }
    if (drift->window_count == 0)
        drift->window_began = now;
    drift->window_sum += ahead;
    drift->window_count++;
    int64_t time = now - drift->window_began;
    if (time < TRIM_WINDOW)
        return;
    int64_t mean = drift->window_sum / drift->window_count, counts = bound(time, TRIM_WINDOW_MAX) / MILLISECOND;
    /* Kept in billionths: a window adds less than a millionth to it. */
    drift->trim_integral = bound(drift->trim_integral - mean * counts / 400, TRIM_INTEGRAL_MAX * 1000);
    int32_t wanted = (int32_t)bound(drift->trim_integral / 1000 - mean / 10, DRIFT_TRIM_MAX);
    if (size(wanted - drift->trim) >= TRIM_STEP)
        drift->trim = wanted;
    begin_window(drift);
}

/* --- Seeking */

/* From how large an error on a nudge would take too long. */
static int64_t seek_from(const struct drift *drift, const struct profile *profile, const struct drift_view *view, int64_t now)
{
    int64_t cost = profile->is.seek_cost, from = larger(DRIFT_SEEK, bound(4 * cost, SEEK_COST_MAX));
    if (view->lateness > DRIFT_COARSE || drift->interval > SELDOM)
        return larger(from, DRIFT_SEEK + view->lateness);
    if (now < drift->quick_until)
        return larger(DRIFT_SEEK_QUICK, cost + cost / 2);
    return drift->useless < USELESS_TOO_MANY ? from : DRIFT_SEEK_STUBBORN;
}

static bool wants_seek(const struct drift *drift, const struct profile *profile, const struct drift_view *view, int64_t now,
                       int64_t ahead)
{
    if (size(ahead) <= seek_from(drift, profile, view, now) || now < drift->cool_until)
        return false;
    return ahead > 0 || -ahead <= view->reachable || -ahead > FAR;
}

void drift_sought(struct drift *drift, int64_t now)
{
    bool in_a_row = now < drift->cool_until + CLEAN;
    drift->corrections = in_a_row ? drift->corrections + 1 : 1;
    drift->back_off = in_a_row ? 2 * drift->back_off : COOL_DOWN;
    if (drift->back_off > COOL_DOWN_MAX)
        drift->back_off = COOL_DOWN_MAX;
    drift->cool_until = now + drift->back_off;
}

bool drift_cannot_keep_up(const struct drift *drift)
{
    return drift->corrections >= CORRECTIONS_TOO_MANY;
}

/* --- All together */

/* How much measurements differ from one to the next, while nothing is done. */
static void learn_noise(const struct drift *drift, struct profile *profile, int64_t ahead)
{
    int64_t *noise = &profile->is.position_noise, step = size(ahead - drift->before);
    *noise += (step - *noise) / 16;
    if (*noise > NOISE_LEARNED_MAX)
        *noise = NOISE_LEARNED_MAX;
}

static int64_t enter(const struct drift *drift, const struct profile *profile, bool rough, int64_t now)
{
    int64_t noise = 3 * profile->is.position_noise;
    if (rough)
        return larger(DRIFT_ENTER_ROUGH, noise);
    return larger(now < drift->quick_until ? DRIFT_LEAVE + DRIFT_LEAVE / 2 : DRIFT_ENTER, noise);
}

static void hold(struct drift *drift, struct profile *profile, bool rough, int64_t now, int64_t ahead)
{
    if (drift->judging && rough)
        profile_learn_nudge(profile, -ahead);
    drift->judging = false;
    if (now > drift->useless_since + USELESS_FOR)
        drift->useless = 0;
    if (size(ahead) >= enter(drift, profile, rough, now) && drift->useless < USELESS_TOO_MANY)
        begin_nudge(drift, profile, rough, now, ahead);
    else
        trim(drift, profile, rough, now, ahead);
}

void drift_observe(struct drift *drift, struct profile *profile, const struct drift_view *view, int64_t now, int64_t ahead)
{
    if (now < drift->since)
        return;
    if (drift->count > 0 && !drift->nudging)
        learn_noise(drift, profile, ahead);
    take(drift, ahead);
    drift->before = ahead;
    drift->interval = drift->looked == SYNCPLAY_UNSET ? 0 : now - drift->looked;
    drift->looked = now;
    if (drift->count < (now < drift->quick_until ? 1 : DRIFT_SAMPLES))
        return;
    bool is_newest = drift->count < DRIFT_SAMPLES || drift->nudging;
    int64_t counts = is_newest ? ahead : median(drift->samples);
    if (drift->corrections > 0 && now > drift->cool_until + CLEAN)
        drift->corrections = 0;
    drift->seek = wants_seek(drift, profile, view, now, counts);
    if (drift->seek)
        return;
    if (drift->nudging)
        go_on_nudging(drift, profile, view->rough, now, counts);
    else
        hold(drift, profile, view->rough, now, counts);
}

int32_t drift_trim(const struct drift *drift, bool rough)
{
    return rough ? 0 : drift->trim;
}

int32_t drift_rate(const struct drift *drift, bool rough, int64_t now)
{
    bool is_nudge = drift->nudging && now < drift->until;
    return drift_trim(drift, rough) + (is_nudge ? drift->nudge : 0);
}

void drift_acted(struct drift *drift, const struct profile *profile, int64_t now)
{
    if (drift->nudging && now >= drift->until) {
        drift->useless = 0;
        end_nudge(drift, profile, now);
    }
    drift->changed = now;
}
