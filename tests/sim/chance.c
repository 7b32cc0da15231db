/* Seeded chance, by SplitMix64. */
#include <math.h>

#include "chance.h"

#define P95 1.6449 /* of a normal distribution, in deviations */

uint64_t chance_bits(struct chance *chance)
{
    uint64_t z = chance->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

struct chance chance_of(uint64_t seed, const char *what, uint64_t index)
{
    struct chance chance = {seed * UINT64_C(0xd1342543de82ef95) + index};
    for (const char *c = what; *c; c++)
        chance.state = chance_bits(&chance) ^ (uint8_t)*c;
    chance_bits(&chance);
    return chance;
}

double chance_unit(struct chance *chance)
{
    return (double)(chance_bits(chance) >> 11) / 9007199254740992.0;
}

double chance_between(struct chance *chance, double low, double high)
{
    return low + (high - low) * chance_unit(chance);
}

bool chance_happens(struct chance *chance, double probability)
{
    return chance_unit(chance) < probability;
}

double chance_normal(struct chance *chance, double mean, double deviation)
{
    double radius = sqrt(-2 * log(1 - chance_unit(chance)));
    return mean + deviation * radius * cos(6.283185307179586 * chance_unit(chance));
}

double chance_exponential(struct chance *chance, double mean)
{
    return -mean * log(1 - chance_unit(chance));
}

double chance_lognormal(struct chance *chance, double median, double p95)
{
    return median * exp(chance_normal(chance, 0, log(p95 / median) / P95));
}

double chance_pareto(struct chance *chance, double least, double alpha, double most)
{
    double drawn = least * pow(1 - chance_unit(chance), -1 / alpha);
    return drawn < most ? drawn : most;
}
