/*
 * What has happened since the process started, in numbers: counted where it happens, from any thread, without a lock.
 * Never about whom: labels are from the lists in metrics.c, whatever a client says. Knows nobody who counts or asks.
 */
#ifndef SERVER_METRICS_H
#define SERVER_METRICS_H

#include <stdint.h>

struct metrics_text;

enum metric {
    METRIC_SESSIONS_CREATED,
    METRIC_SESSIONS_ENDED,
    METRIC_SESSIONS_RESTORED,
    METRIC_SESSIONS_NOT_RESTORED,
    METRIC_CHAT_MESSAGES,
    METRIC_CONNECTIONS_OPENED,
    METRIC_CONNECTIONS_CLOSED, /* by why, as connections say it (connection_why) */
    METRIC_MESSAGES_RECEIVED,  /* by their type on the wire */
    METRIC_ERRORS_TOLD,        /* by code */
    METRIC_DELIVERIES,
    METRIC_DELIVERED_BYTES,
    METRIC_QUEUE_OVERFLOWS,
    METRIC_OUTBOX_LOSSES,
    METRIC_REST_REQUESTS, /* by class of status, "2xx" */
    METRICS
};

enum metric_histogram { METRIC_ROUND_TRIP, METRIC_DRIFT, METRIC_HISTOGRAMS };

/* So many more; of a metric without a label. */
void metrics_add(enum metric metric, uint64_t count);

/* One more, with this value of its label; one that is not in the list is "other". */
void metrics_count(enum metric metric, const char *value);

/* One more, of so many microseconds; what is negative counts by its size. */
void metrics_observe(enum metric_histogram histogram, int64_t microseconds);

/* Writes all of them. */
void metrics_write(struct metrics_text *text);

#endif
