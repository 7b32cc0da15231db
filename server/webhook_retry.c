/* When a webhook is tried again. */
#include "webhook_retry.h"

#define REQUEST_TIMEOUT 408
#define TOO_MANY_REQUESTS 429

enum webhook_verdict webhook_judge(long status)
{
    if (status >= 200 && status < 300)
        return WEBHOOK_DELIVERED;
    if (status < 200 || status >= 500 || status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS)
        return WEBHOOK_AGAIN;
    return WEBHOOK_REFUSED;
}

int64_t webhook_wait(const struct webhook_backoff *backoff, uint32_t attempts, int64_t asked_for, double chance)
{
    int64_t wait = backoff->first;
    for (uint32_t i = 1; i < attempts && wait < backoff->most; i++)
        wait *= 2;
    wait = wait < backoff->most ? wait : backoff->most;
    int64_t half = wait / 2;
    wait = half + (int64_t)((double)(wait - half) * chance);
    asked_for = asked_for < backoff->most ? asked_for : backoff->most;
    return asked_for > wait ? asked_for : wait;
}
