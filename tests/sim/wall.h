/*
 * The clock on somebody's wall: an offset, a crystal that is off and wanders, steps. It knows nothing of who reads it.
 */
#ifndef SIM_WALL_H
#define SIM_WALL_H

#include "chance.h"

struct wall {
    int64_t since, reading; /* it showed `reading` at the true time `since`, and runs at `rate` from there */
    double rate;
    double skew; /* where `rate` wanders around */
    struct chance chance;
};

/* `skew` and `wander` as fractions: 50e-6 is 50 ppm. */
void wall_init(struct wall *wall, int64_t offset, double skew, struct chance chance);

/* What it shows at the true time `now`, which is never below an earlier one. */
int64_t wall_read(struct wall *wall, int64_t now);

/* The true time at which it will show `reading`, as far as one can tell. */
int64_t wall_when(const struct wall *wall, int64_t reading);

/* It jumps. */
void wall_step(struct wall *wall, int64_t now, int64_t by);

#endif
