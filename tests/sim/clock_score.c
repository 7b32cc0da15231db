/* Distributions in constant memory; see the header. */
#include <math.h>

#include "clock_score.h"

const unsigned CLOCK_MARK[CLOCK_MARKS] = {8, 16, 64, 128};

static unsigned bin_of(double value)
{
    double place = value <= 1 ? 0 : ceil(log2(value) * TALLY_STEPS);
    return place >= TALLY_BINS ? TALLY_BINS - 1 : (unsigned)place;
}

void tally_add(struct tally *tally, double value)
{
    tally->count++;
    tally->bins[bin_of(value)]++;
    if (value > tally->most)
        tally->most = value;
}

double tally_share(const struct tally *tally, double share)
{
    uint64_t wanted = (uint64_t)ceil(share * (double)tally->count), seen = 0;
    for (unsigned i = 0; i < TALLY_BINS; i++) {
        seen += tally->bins[i];
        if (seen >= wanted)
            return fmin(exp2((double)i / TALLY_STEPS), tally->most);
    }
    return tally->most;
}

double tally_below(const struct tally *tally, double value)
{
    uint64_t seen = 0;
    for (unsigned i = 0; i <= bin_of(value); i++)
        seen += tally->bins[i];
    return tally->count ? (double)seen / (double)tally->count : 0;
}
