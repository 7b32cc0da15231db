/*
 * How long somebody who has named wrong codes has to wait for the next answer. Wrong guesses are counted for each user,
 * for each address (of IPv6, each /64), and, 256 times as patiently, for the network around it (IPv4 /16, IPv6 /32):
 * whoever owns many addresses owns neighbours. Time brings the counts down, and nothing else: a right guess does not,
 * since a guesser may have a session of his own.
 *
 * The memory is bounded. Where a place must be given up, it is that of the lowest count, and the newcomer begins with
 * that count: so nobody's count is ever too low by having been pushed out. Knows no sessions and no clock.
 */
#ifndef SERVER_GUESS_LIMIT_H
#define SERVER_GUESS_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include <syncplay/id.h>

#include "network.h"

/* Durations in microseconds. */
struct guess_rules {
    uint32_t free;     /* wrong guesses that cost nothing */
    int64_t delay;     /* the wait after the first one more; each further one doubles it ... */
    int64_t max_delay; /* ... up to this */
    int64_t forget;    /* in which one wrong guess is forgotten */
};

struct guess_limit;

/* NULL when out of memory. */
struct guess_limit *guess_limit_new(const struct guess_rules *rules);
void guess_limit_free(struct guess_limit *limit);

/*
 * Whether a guess may be answered at `now`, on the monotonic clock in microseconds; if so, a wrong one is counted. Else
 * *wait is set to how long not, and nothing tells whether the guess was right. Asking and counting are one step, so
 * that many at once are not more than one after the other. From any thread.
 */
bool guess_limit_answer(struct guess_limit *limit, const struct address *address, const syncplay_id *user,
                        bool is_right, int64_t now, int64_t *wait);

#endif
