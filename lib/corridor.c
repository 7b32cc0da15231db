/* Cuts through the corridor, and the widest of them; see the header. Pure. */
#include "corridor.h"

/* See corridor_lean: 1 would do for exponential noise; a bit more for noise that is seldom near its floor. */
#define LEAN 1.3
/* More than this is an outage, not noise. */
#define LEAN_NOISE 30000

struct corridor_cut corridor_cut(const struct corridor *corridor, double skew)
{
    struct corridor_cut cut = {.skew = skew, .there = 1e300, .back = 1e300};
    uint32_t there = 0, back = 0;
    for (uint32_t i = 0; i < corridor->count; i++) {
        double upper = corridor_there(corridor, i, skew);
        double lower = corridor_back(corridor, i, skew);
        if (upper < cut.there) {
            cut.there = upper;
            there = i;
        }
        if (lower < cut.back) {
            cut.back = lower;
            back = i;
        }
    }
    cut.slope = corridor->there_age[there] - corridor->back_age[back];
    return cut;
}

/*
 * The widest corridor. Its width is concave and made of straight pieces, so where the tangents of two points on
 * either side of the top meet is either the top or a point that is nearer to it.
 */
struct corridor_cut corridor_widest(const struct corridor *corridor, double skew_before, double kappa)
{
    struct corridor_cut low = corridor_cut(corridor, skew_before), high, middle;
    double side = low.slope > kappa ? 1 : low.slope < -kappa ? -1 : 0;
    if (side == 0)
        return low;
    high = corridor_cut(corridor, side * CORRIDOR_SKEW_MAX);
    for (int turn = 0; turn < 2 * CORRIDOR_POINTS; turn++) {
        double low_slope = side * low.slope - kappa, high_slope = side * high.slope - kappa;
        if (high_slope >= 0)
            return high;
        double distance = side * (high.skew - low.skew);
        double rise = high.there + high.back - low.there - low.back - kappa * distance;
        double step = (rise - high_slope * distance) / (low_slope - high_slope);
        if (!(step > 0) || step >= distance)
            return low;
        middle = corridor_cut(corridor, low.skew + side * step);
        double seen = middle.there + middle.back - kappa * step - low.there - low.back;
        if (seen >= low_slope * step - 1e-3)
            return middle;
        if (side * middle.slope > kappa)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The middle one (Hoare's selection). The values change places. */
static double median(double *values, uint32_t count)
{
    uint32_t low = 0, high = count - 1, middle = count / 2;
    while (low < high) {
        double pivot = values[(low + high) / 2];
        uint32_t i = low, j = high;
        for (;; i++, j--) {
            while (values[i] < pivot)
                i++;
            while (values[j] > pivot)
                j--;
            if (i >= j)
                break;
            double other = values[i];
            values[i] = values[j];
            values[j] = other;
        }
        if (middle <= j)
            high = j;
        else
            low = j + 1;
    }
    return values[middle];
}

/*
 * The floor of a direction lies below its wall: with n answers, by about the n-th part of what the middle one is
 * above it. That matters where one direction is noisier than the other.
 */
double corridor_lean(const struct corridor *corridor, const struct corridor_cut *cut)
{
    double there[CORRIDOR_POINTS] = {0}, back[CORRIDOR_POINTS] = {0};
    for (uint32_t i = 0; i < corridor->count; i++) {
        there[i] = corridor_there(corridor, i, cut->skew) - cut->there;
        back[i] = corridor_back(corridor, i, cut->skew) - cut->back;
    }
    double noise_there = median(there, corridor->count);
    double noise_back = median(back, corridor->count);
    if (noise_there > LEAN_NOISE)
        noise_there = LEAN_NOISE;
    if (noise_back > LEAN_NOISE)
        noise_back = LEAN_NOISE;
    return LEAN * (noise_there - noise_back) / corridor->count;
}
