/* What a client says about itself. Pure. */
#include <syncplay/session.h>

#include "report.h"

_Static_assert(SYNCPLAY_CLOCK_ERROR_MAX <= INT32_MAX && SYNCPLAY_START_MAX <= INT32_MAX, "they are kept in 32 bits");

void report_forget(struct report *report)
{
    *report = (struct report){SYNCPLAY_DRIFT_UNSET, (int32_t)SYNCPLAY_UNSET, (int32_t)SYNCPLAY_UNSET};
}

void report_take(struct report *report, int64_t drift, int64_t clock_error, int64_t start)
{
    if (drift != SYNCPLAY_DRIFT_UNSET)
        report->drift = drift;
    if (clock_error != SYNCPLAY_UNSET)
        report->clock_error = (int32_t)clock_error;
    if (start != SYNCPLAY_UNSET)
        report->start = (int32_t)start;
}
