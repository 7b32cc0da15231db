/*
 * The score: what the world sees of a strategy, over one or many parties of a scenario. Its measure is not the error
 * but what it is more than that of an oracle that knows everything but the asymmetry of the network, which nobody can
 * see.
 */
#ifndef SIM_SCORE_H
#define SIM_SCORE_H

#include <syncplay/session.h>

#include "party.h"

/* A heap of figures, in milliseconds. */
struct figures {
    double *values;
    size_t count, capacity;
    bool is_sorted;
};

void figures_add(struct figures *figures, double value);
double figures_at(struct figures *figures, double share); /* 0.95: the 95th percentile; NaN if there are none */
double figures_mean(const struct figures *figures);

struct score {
    /* While the film runs and nothing has happened for SCORE_SETTLED. */
    struct figures own; /* error above the oracle's */
    struct figures own_by_kind[PLAYER_KINDS];
    struct figures spread; /* between the first and the last of the party */
    /* Pairs, at a start: of the third and later ones of a party, when players are known. */
    struct figures start, start_floor; /* when they move first; what the oracle could not avoid */
    struct figures later;              /* three seconds after it */
    struct figures settling;           /* from a disturbance until it is in step for a second */
    struct figures lead;               /* how far ahead starts were told */
    struct figures lost;               /* what the others lose when somebody stalls */

    unsigned parties, starts, late_starts; /* late: somebody was told too late to start in time */
    unsigned seeks, rates, rewinds;        /* seeks: without a stall, a jump or anything else that would explain them */
    int64_t played, nudged, trimmed;       /* the time of all members together */
    double largest_nudge, largest_small;   /* parts of the rate; small: for errors up to 20 ms */
    unsigned violations;
    double cpu_us; /* of the strategy, if it is measured */
    uint64_t calls;
};

void score_free(struct score *score);

#define SCORE_SETTLED (10 * SECOND)
#define SCORE_SAMPLE (250 * MILLISECOND)

/* What is seen of a member at one instant. */
struct sight {
    bool is_watching;  /* here, awake, the film runs, and it has been told so */
    bool is_able;      /* its player has what it needs */
    int64_t since;     /* of the last disturbance, of the party or its own */
    int64_t error;     /* ahead of the party */
    int64_t excess;    /* more than the oracle's */
    int64_t tolerance; /* what its player cannot do better */
};

void score_look(struct party *party, struct member *member, struct sight *sight);

/* The playback has changed; it was in phase `before`. */
void score_changed(struct party *party, syncplay_phase before, bool is_another_hub);

/* One look at everybody. */
void score_sample(struct party *party);

#endif
