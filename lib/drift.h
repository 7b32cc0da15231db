/*
 * Drift: how far the player is ahead of the party, as it is measured again and again, and what to do about it: nothing,
 * another rate for a while (a nudge), or a seek. Pure; times in microseconds, rates in millionths. `ahead` is a time, too: how
 * much earlier than the party it shows a picture, whatever the party's speed.
 *
 *  - The median of a few measurements counts, after what was done last has had time to show.
 *  - Hysteresis: a nudge begins at DRIFT_ENTER and ends when the way is made: its length is reckoned, and reckoned anew
 *    with each measurement, so that the player's delay in obeying (rate_latency) is no overshoot.
 *  - How fast: what cannot be heard when the error is small, more when it is large, and when there was an interruption
 *    anyway (a start, a stall: "quick").
 *  - Below DRIFT_ENTER a trim of at most 0.02 % holds the middle: a controller with a proportional and an integral part,
 *    which finds out what the crystal of the sound card is off.
 *  - A player that preserves the pitch obeys roughly and loses some way at each change: it is corrected from
 *    DRIFT_ENTER_ROUGH on, with one rate and back, and the loss, which is learned, is made good in advance. It has no trim.
 *  - One that does not become any faster or slower is not asked to for a while.
 *  - Seek: when a nudge would take too long; not again before a cool-down that doubles, so that one that cannot keep up is
 *    not made slower still by being corrected.
 *
 * The figures are from measurements of players (profile.c) and of the whole in simulation (tests/sim).
 */
#ifndef DRIFT_H
#define DRIFT_H

#include <stdbool.h>
#include <stdint.h>

#include "profile.h"

#define DRIFT_ENTER 3000
#define DRIFT_LEAVE 800
#define DRIFT_ENTER_ROUGH 20000
#define DRIFT_SEEK 500000
#define DRIFT_SEEK_QUICK 150000
#define DRIFT_SEEK_STUBBORN 400000 /* of a player that cannot be nudged */

/* How far from the party's rate a nudge may go, by the size of the error. */
#define DRIFT_RATE_SMALL 5000   /* up to 20 ms */
#define DRIFT_RATE_MIDDLE 20000 /* up to 100 ms */
#define DRIFT_RATE_LARGE 50000
#define DRIFT_TRIM_MAX 200

/* Timers that are later than this are coarse: those of a hidden window, say. */
#define DRIFT_COARSE 150000

#define DRIFT_SAMPLES 3

struct drift {
    int64_t samples[DRIFT_SAMPLES]; /* since `since`, the newest at the end */
    unsigned count;
    int64_t since;       /* before, what was done last does not show yet */
    int64_t quick_until; /* there was an interruption anyway: faster, and to the point */

    bool nudging;
    bool judging;        /* the next measurement shows what the last nudge was good for */
    unsigned useless;    /* nudges in a row that did nothing, the last one ... */
    int64_t useless_since;
    int32_t nudge;       /* off the party's rate */
    int64_t nudge_began, nudge_from; /* when, and how far ahead */
    int64_t changed;     /* when the rate was changed last */
    int64_t until;

    int32_t trim;        /* off the party's rate, while not nudging */
    int64_t trim_integral;
    int64_t window_began, window_sum;
    unsigned window_count;

    int64_t looked, before; /* when the measurement before was made, and what it was */
    int64_t interval;       /* between the last two */
    bool seek;           /* is wanted */
    int64_t cool_until, back_off;
    unsigned corrections; /* seeks in a row, each soon after the one before */
};

void drift_begin(struct drift *drift);

/*
 * The player was moved, started or stopped at `now`: what was measured before says nothing any longer. It shows after
 * `settle`. `quick` for so long.
 */
void drift_restart(struct drift *drift, int64_t now, int64_t settle, int64_t quick);

/* What a measurement is to be seen in. */
struct drift_view {
    bool rough;        /* the player preserves the pitch */
    int64_t reachable; /* so far ahead of it a seek lands on what is buffered, as a time */
    int64_t lateness;  /* of the host's timers: with coarse ones a seek hits no better than that */
};

/* At `now` it was `ahead`. */
void drift_observe(struct drift *drift, struct profile *profile, const struct drift_view *view, int64_t now, int64_t ahead);

/* How far off the party's rate it should play at `now`; apart from nudges; both. */
int32_t drift_trim(const struct drift *drift, bool rough);
int32_t drift_rate(const struct drift *drift, bool rough, int64_t now);

/* It was told to play at another rate at `now`. */
void drift_acted(struct drift *drift, const struct profile *profile, int64_t now);

/* It was moved because of its drift. */
void drift_sought(struct drift *drift, int64_t now);

/* Whether correcting it did not help, again and again. */
bool drift_cannot_keep_up(const struct drift *drift);

#endif
