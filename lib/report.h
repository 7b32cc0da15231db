/*
 * What a client says about itself with its pings: how far it is from the party, how well it knows the time, how fast its
 * player starts. Its word alone: it is shown, and one of the numbers, bounded, goes into the lead of starts. It lasts as
 * long as the connection. Pure.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdint.h>

struct report {
    int64_t drift;       /* microseconds ahead of the party, or SYNCPLAY_DRIFT_UNSET */
    int32_t clock_error; /* bound, microseconds, or SYNCPLAY_UNSET */
    int32_t start;       /* microseconds from "play" to the moving picture, or SYNCPLAY_UNSET */
};

/* Nothing told yet. */
void report_forget(struct report *report);

/* Takes what is told, within the limits of <syncplay/session.h>; what is unset stays as it was. */
void report_take(struct report *report, int64_t drift, int64_t clock_error, int64_t start);

#endif
