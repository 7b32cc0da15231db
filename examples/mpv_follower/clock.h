/* What time it is: microseconds on a clock that goes on while the machine sleeps. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>
#include <time.h>

#define SECOND INT64_C(1000000)

static inline int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_BOOTTIME, &time);
    return time.tv_sec * SECOND + time.tv_nsec / 1000;
}

static inline void sleep_until(int64_t instant)
{
    if (instant > now()) {
        const struct timespec time = {.tv_sec = instant / SECOND, .tv_nsec = instant % SECOND * 1000};
        clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &time, NULL);
    }
}

#endif
