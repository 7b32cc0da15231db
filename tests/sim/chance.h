/*
 * Seeded chance: the same seed, the same world. Streams are forked by name, so that one part's draws move no other's.
 */
#ifndef SIM_CHANCE_H
#define SIM_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

struct chance {
    uint64_t state;
};

/* The stream of `what` number `index` in the world of `seed`. */
struct chance chance_of(uint64_t seed, const char *what, uint64_t index);

uint64_t chance_bits(struct chance *chance);
double chance_unit(struct chance *chance); /* 0 to 1, without 1 */
double chance_between(struct chance *chance, double low, double high);
bool chance_happens(struct chance *chance, double probability);
double chance_normal(struct chance *chance, double mean, double deviation);
double chance_exponential(struct chance *chance, double mean);
/* Half of the draws are below `median`, 95 of a hundred below `p95`. */
double chance_lognormal(struct chance *chance, double median, double p95);
/* Heavy-tailed: at least `least`, at most `most`. */
double chance_pareto(struct chance *chance, double least, double alpha, double most);

#endif
