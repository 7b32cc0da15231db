/*
 * How others estimate a server's clock, each written anew from its description, and how we do: one interface for all.
 */
#ifndef CLOCK_RIVALS_H
#define CLOCK_RIVALS_H

#include <stdbool.h>
#include <stdint.h>

#include "clock_sync.h"

struct clock_rival_sample {
    int64_t t1, t2, t3, t4;
};

struct clock_rival_state {
    union {
        struct clock_sync ours;
        struct {
            struct clock_rival_sample samples[256];
            unsigned count, next;
            int64_t used, due;
            double average, offset, skew, at, covariance[3], fastest;
            int64_t base, origin;
            unsigned pings;
        };
    };
};

struct clock_rival {
    const char *name, *how;
    void (*add)(struct clock_rival_state *state, const struct clock_rival_sample *sample);
    /* The server's time at an instant of the own clock, once there was a sample. */
    int64_t (*server)(const struct clock_rival_state *state, int64_t local);
};

#define CLOCK_RIVALS 11
/* The last of them is ours. */
extern const struct clock_rival CLOCK_RIVAL[CLOCK_RIVALS];

#endif
