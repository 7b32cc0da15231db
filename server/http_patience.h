/*
 * How long bodies may take: civetweb waits anew with every byte, so a thread of ours makes its connections deaf when
 * their time is up. Knows when, not what for.
 */
#ifndef SERVER_HTTP_PATIENCE_H
#define SERVER_HTTP_PATIENCE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct handover;
struct mg_connection;

/* One wait for a body, of the worker that waits. */
struct http_wait {
    struct http_wait *previous, *next;
    const struct mg_connection *connection;
    int64_t deadline;
    atomic_bool is_over; /* nothing more will come */
};

struct http_patience {
    const struct handover *handover;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct http_wait *all;
    bool is_stopping;
};

/* False when there are not enough resources. */
bool http_patience_start(struct http_patience *patience, const struct handover *handover);

/* When nobody waits any longer. */
void http_patience_stop(struct http_patience *patience);

/* From now on this connection's client may take `time` microseconds. */
void http_patience_begin(struct http_patience *patience, struct http_wait *wait, const struct mg_connection *connection,
                         int64_t time);

/* Not longer than this from now. */
void http_patience_hurry(struct http_patience *patience, struct http_wait *wait, int64_t time);

/* Before the connection is civetweb's again: hangs up if the time was over, so that it does not wait either. */
void http_patience_end(struct http_patience *patience, struct http_wait *wait);

#endif
