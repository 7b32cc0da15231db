/* What becomes of a webhook after an attempt: it is delivered, given up, or tried again, and when. Pure. */
#ifndef SERVER_WEBHOOK_RETRY_H
#define SERVER_WEBHOOK_RETRY_H

#include <stdint.h>

enum webhook_verdict { WEBHOOK_DELIVERED, WEBHOOK_AGAIN, WEBHOOK_REFUSED };

/* Of the status of an answer; 0 for no answer. A redirection is refused: whoever it leads to was not named. */
enum webhook_verdict webhook_judge(long status);

/* Durations in microseconds. */
struct webhook_backoff {
    int64_t first; /* the wait after the first attempt; each further one doubles it */
    int64_t most;
};

/*
 * The wait after so many attempts, 1 or more. `chance`, from 0 to below 1, spreads it over its upper half, so that many do
 * not come back at once. What the receiver asked for (0: nothing) counts, too, up to `most`.
 */
int64_t webhook_wait(const struct webhook_backoff *backoff, uint32_t attempts, int64_t asked_for, double chance);

#endif
