/* The server's one clock. CLOCK_BOOTTIME counts the time that a laptop sleeps, so that timeouts end when they should. */
#include "clock.h"

#include <time.h>

static int64_t microseconds(const struct timespec *time)
{
    return (int64_t)time->tv_sec * CLOCK_SECOND + time->tv_nsec / 1000;
}

int64_t clock_now(void)
{
    struct timespec time;
    if (clock_gettime(CLOCK_BOOTTIME, &time) != 0)
        clock_gettime(CLOCK_MONOTONIC, &time);
    return microseconds(&time);
}

int64_t clock_unix(void)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return microseconds(&time);
}
