/* One client lives in its world: pings by schedule, answers to every strategy, and the score of it all. */
#ifndef CLOCK_LIFE_H
#define CLOCK_LIFE_H

#include <stdbool.h>
#include <stdint.h>

#include "clock_score.h"

struct clock_life_options {
    uint64_t seed;
    bool ours_alone; /* without the rivals */
    bool trace;      /* tell everything */
};

void clock_life(const struct clock_life_options *options, uint64_t client, struct clock_score *score);

#endif
