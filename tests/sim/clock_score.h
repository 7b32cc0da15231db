/* What is counted while clients live: distributions in constant memory, and what must not happen. */
#ifndef CLOCK_SCORE_H
#define CLOCK_SCORE_H

#include <stdint.h>

#include "clock_rivals.h"
#include "clock_world.h"

/* A distribution of magnitudes from a microsecond on, each known to 1.1 %. */
#define TALLY_STEPS 64
#define TALLY_BINS (44 * TALLY_STEPS)

struct tally {
    uint64_t count, bins[TALLY_BINS];
    double most;
};

void tally_add(struct tally *tally, double value);
double tally_share(const struct tally *tally, double share); /* the value that this share does not exceed */
double tally_below(const struct tally *tally, double value); /* the share that does not exceed it */

#define CLOCK_MARKS 4
extern const unsigned CLOCK_MARK[CLOCK_MARKS]; /* after so many pings ... */

enum { RECOVER_UNTOLD_1HZ, RECOVER_TOLD_1HZ, RECOVER_UNTOLD, RECOVER_TOLD, RECOVERIES };

struct clock_score {
    /* The excess over the asymmetry's floor, where pings come at 1 Hz; by kind of world. */
    struct tally marks[KINDS][CLOCK_MARKS][CLOCK_RIVALS], steady[KINDS][CLOCK_RIVALS];
    /* Ours: with the pings that are shipped, the bound's width, the skew's error (ppb). */
    struct tally shipped[KINDS], bound[KINDS], skew[KINDS];
    struct tally recovery[RECOVERIES];
    uint64_t pings, answers, ignored, checks, steps, small_steps, missed, route_alarms, hours;
    uint64_t violations, false_alarms;
    double worst_violation;
};

#endif
