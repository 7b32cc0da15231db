/*
 * POST requests to receivers of webhooks, many at the same time, from one thread. webhook_url.c and webhook_sender.c are the
 * only files that know libcurl. It knows neither queues nor what the answers mean.
 */
#ifndef SERVER_WEBHOOK_SENDER_H
#define SERVER_WEBHOOK_SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is read of an answer, in bytes, its head and its body each; what comes behind ends the request. */
#define WEBHOOK_ANSWER_MAX 16384
/* Connections that are kept for the next request. */
#define WEBHOOK_IDLE_MAX 16

struct webhook_sender;

struct webhook_request {
    void *context; /* the caller's: it comes back with the answer */
    const char *url;
    const char *const *headers; /* "Name: value", NULL behind the last one */
    const char *body;           /* lives until the answer */
    size_t length;
};

struct webhook_answer {
    void *context;
    long status;         /* 0: there was none */
    int64_t retry_after; /* microseconds, 0 if nothing was asked for */
    const char *why;     /* what went wrong, if there was no status; a static string */
};

/* To be called before there are other threads. `timeout` is of a whole request, in microseconds. NULL when out of memory. */
struct webhook_sender *webhook_sender_new(int64_t timeout);

/* What is on its way is broken off. NULL is allowed. */
void webhook_sender_free(struct webhook_sender *sender);

/* False when out of memory. */
bool webhook_sender_start(struct webhook_sender *sender, const struct webhook_request *request);

/* Sends and receives until there is an answer, somebody wakes it, or so many microseconds are over. */
void webhook_sender_wait(struct webhook_sender *sender, int64_t timeout);

/* From any thread; never blocks. */
void webhook_sender_wake(struct webhook_sender *sender);

/* The next answer; false if there is none. */
bool webhook_sender_next(struct webhook_sender *sender, struct webhook_answer *answer);

#endif
