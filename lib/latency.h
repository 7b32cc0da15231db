/*
 * One participant's latency: the last N samples, and what is made of them: average and maximum (the seed's compensator),
 * the smallest round trip, and how far ahead of a start this one needs to be told. Pure.
 *
 * The seed's rule (the largest average + 100 ms) knows neither a path's spread nor a player's start. What is here instead is
 *
 *     need = average + 2 x mean deviation + start + 100 ms + min(32 x average, 140 ms)
 *
 * and so never less than the seed's. Small networks, which lose next to nothing, get a short lead: 213 ms for 1 ms of latency
 * and a player that takes 80 ms. From 5 ms on the margin is the whole 240 ms: about what a lost packet costs on a short path
 * (TCP sends again after 200 ms and a round trip).
 *
 * Starts of ten in which somebody hears of it too late, and the mean lead, by tests/sim/lead_sim.c (400,000 starts):
 *
 *                              heavy-tailed jitter   losses, 0.2 % in the mean   one house, wires   one house, wi-fi
 *     average + 100 ms         46.4 %,  196 ms       46.2 %,  196 ms             65.7 %,  102 ms    68.0 %,  111 ms
 *     1.3 average + start      0.10 %,  466 ms       0.45 %,  467 ms             0.00 %,  378 ms    0.20 %,  385 ms
 *       + 250 ms
 *     this                     0.12 %,  440 ms       0.57 %,  444 ms             0.00 %,  280 ms    0.21 %,  374 ms
 *
 * The seed's fails that often because it does not know that players take time. One in ten of those players takes 150 ms;
 * they decide most of these leads. Rules with the largest sample or more deviations wait longer and gain next to nothing.
 */
#ifndef LATENCY_H
#define LATENCY_H

#include <stdint.h>

#define LATENCY_SAMPLES_MAX 32
/* Samples before an average counts as known well enough to remove somebody for it. */
#define LATENCY_SAMPLES_TO_JUDGE 3
/* What a start is scheduled ahead at least, beyond latency and player. */
#define LATENCY_LEAD 100000
/* What may be added to that, for paths that are not short: so many times the average, up to a bound. */
#define LATENCY_FAR_FACTOR 32
#define LATENCY_FAR_MAX 140000
/* How many mean deviations a start allows for. */
#define LATENCY_DEVIATIONS 2
/* The slowest player that a start is timed for: a client's word delays the others by no more. */
#define LATENCY_START_MAX 500000

struct latency {
    int32_t samples[LATENCY_SAMPLES_MAX]; /* microseconds, one way */
    uint8_t count, next;
    uint8_t recent; /* of them, how many are of the present connection */
};

/* Adds a sample; with `window` (1 to LATENCY_SAMPLES_MAX) in use the oldest goes. Bounded to an int32. */
void latency_add(struct latency *latency, int64_t one_way, unsigned window);

/* One of the `count` samples; 0 is the oldest. */
int32_t latency_sample(const struct latency *latency, unsigned index);

/* Another connection: what was measured before is kept, but was another path. */
void latency_renew(struct latency *latency);

int64_t latency_average(const struct latency *latency); /* 0 without samples */
int64_t latency_maximum(const struct latency *latency);
int64_t latency_deviation(const struct latency *latency); /* mean distance from the average */

/* The smallest round trip of the present connection; -1 without one. */
int64_t latency_round_trip(const struct latency *latency);

/* When a message sent now has come for all we know: the average + LATENCY_LEAD. */
int64_t latency_reach(const struct latency *latency);

/* How far ahead a start has to be told to this one, whose player takes `start`, which is bounded (negative: not known). */
int64_t latency_need(const struct latency *latency, int64_t start);

/* How far ahead of now everyone starts: what the one needs who needs most, at least LATENCY_LEAD, at most `bound`. */
int64_t latency_lead(int64_t largest_need, int64_t bound);

#endif
