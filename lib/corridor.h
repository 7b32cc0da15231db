/*
 * The corridor between two walls of one-sided bounds: how wide it is for a skew, for which skew it is widest, and how
 * far its floors may lie beyond it. See clock_sync.h for what that is good for. Geometry alone: knows no clock. Pure,
 * no libc.
 */
#ifndef CORRIDOR_H
#define CORRIDOR_H

#include <stdint.h>

#define CORRIDOR_POINTS 64

/* How far a skew may be off, and how far that is searched. */
#define CORRIDOR_SKEW_MAX 150e-6

/* Each point bounds from above by `there` at `there_age` ago, and from below by -`back` at `back_age` ago. */
struct corridor {
    uint32_t count; /* at least one */
    double there_age[CORRIDOR_POINTS], back_age[CORRIDOR_POINTS];
    double there[CORRIDOR_POINTS], back[CORRIDOR_POINTS]; /* with the price of age */
};

struct corridor_cut {
    double skew, there, back, slope; /* the walls at a skew, and how their distance changes with it */
};

/* A point's distance from zero as seen now, if the skew is that. */
static inline double corridor_there(const struct corridor *corridor, uint32_t i, double skew)
{
    return corridor->there[i] + skew * corridor->there_age[i];
}

static inline double corridor_back(const struct corridor *corridor, uint32_t i, double skew)
{
    return corridor->back[i] - skew * corridor->back_age[i];
}

struct corridor_cut corridor_cut(const struct corridor *corridor, double skew);

/* The widest cut; a skew costs `kappa` for how far it is from `skew_before`. */
struct corridor_cut corridor_widest(const struct corridor *corridor, double skew_before, double kappa);

/* How far the middle between the floors lies below the middle between the walls: see the comment there. */
double corridor_lean(const struct corridor *corridor, const struct corridor_cut *cut);

#endif
