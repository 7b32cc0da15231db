/* One participant's latency: the last N samples, their average and maximum (the seed's compensator). Pure. */
#ifndef LATENCY_H
#define LATENCY_H

#include <stdint.h>

#define LATENCY_SAMPLES_MAX 32
/* Samples before an average counts as known well enough to remove somebody for it. */
#define LATENCY_SAMPLES_TO_JUDGE 3
/* What a start is scheduled ahead, beyond the slowest one's latency. */
#define LATENCY_LEAD 100000

struct latency {
    int32_t samples[LATENCY_SAMPLES_MAX]; /* microseconds, one way */
    uint8_t count, next;
};

/* Adds a sample; with `window` (1 to LATENCY_SAMPLES_MAX) in use the oldest goes. Bounded to an int32. */
void latency_add(struct latency *latency, int64_t one_way, unsigned window);

int64_t latency_average(const struct latency *latency); /* 0 without samples */
int64_t latency_maximum(const struct latency *latency);

/* How far ahead of now everyone starts: the slowest one's average + LATENCY_LEAD, at most `bound`. */
int64_t latency_lead(int64_t slowest_average, int64_t bound);

#endif
