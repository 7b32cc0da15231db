/* What our own strategy costs: the time in all calls of the library, if it is measured. */
#ifndef SIM_STRATEGY_OURS_H
#define SIM_STRATEGY_OURS_H

#include <stdbool.h>
#include <stdint.h>

struct ours_cost {
    uint64_t nanoseconds, calls, wakes;
};

/* Starts to measure, from nothing. */
void ours_measure(void);
struct ours_cost ours_cost(void);

#endif
