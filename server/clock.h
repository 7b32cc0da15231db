/* The server's one clock: monotonic microseconds that go on while the machine sleeps. */
#ifndef SERVER_CLOCK_H
#define SERVER_CLOCK_H

#include <stdint.h>

#define CLOCK_MILLISECOND INT64_C(1000)
#define CLOCK_SECOND INT64_C(1000000)

/* This instant, as the hubs count it. Never 0 or less. */
int64_t clock_now(void);

/* The wall clock, in microseconds since the Unix epoch. It may step: for the anchor at start, for dates
 * that others write or read (a token's, a webhook's), and nothing else. */
int64_t clock_unix(void);

#endif
