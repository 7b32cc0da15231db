/* One thread, which sleeps until the first of those who wait has waited long enough. */
#include "http_patience.h"

#include <sys/socket.h>
#include <time.h>

#include "clock.h"
#include "handover.h"

#define NEVER INT64_MAX

/* Ends the waits whose time is up; returns when the next one's is. Under the lock, so that they are there. */
static int64_t end_overdue(struct http_patience *patience, int64_t now)
{
    int64_t next = NEVER;
    for (struct http_wait *wait = patience->all; wait != NULL; wait = wait->next) {
        if (atomic_load(&wait->is_over))
            continue;
        if (wait->deadline > now) {
            next = wait->deadline < next ? wait->deadline : next;
            continue;
        }
        atomic_store(&wait->is_over, true);
        handover_shut(patience->handover, wait->connection, SHUT_RD);
    }
    return next;
}

static void sleep_until(struct http_patience *patience, int64_t then, int64_t now)
{
    struct timespec time;
    if (then == NEVER) {
        pthread_cond_wait(&patience->changed, &patience->lock);
        return;
    }
    clock_gettime(CLOCK_MONOTONIC, &time);
    int64_t at = time.tv_sec * CLOCK_SECOND + time.tv_nsec / 1000 + (then - now);
    time = (struct timespec){.tv_sec = at / CLOCK_SECOND, .tv_nsec = at % CLOCK_SECOND * 1000};
    pthread_cond_timedwait(&patience->changed, &patience->lock, &time);
}

static void *run(void *arg)
{
    struct http_patience *patience = arg;
    pthread_mutex_lock(&patience->lock);
    while (!patience->is_stopping) {
        int64_t now = clock_now();
        int64_t next = end_overdue(patience, now);
        sleep_until(patience, next, now);
    }
    pthread_mutex_unlock(&patience->lock);
    return NULL;
}

bool http_patience_start(struct http_patience *patience, const struct handover *handover)
{
    pthread_condattr_t monotonic;
    *patience = (struct http_patience){.handover = handover};
    pthread_mutex_init(&patience->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&patience->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&patience->thread, NULL, run, patience) == 0)
        return true;
    pthread_cond_destroy(&patience->changed);
    pthread_mutex_destroy(&patience->lock);
    return false;
}

void http_patience_stop(struct http_patience *patience)
{
    pthread_mutex_lock(&patience->lock);
    patience->is_stopping = true;
    pthread_cond_signal(&patience->changed);
    pthread_mutex_unlock(&patience->lock);
    pthread_join(patience->thread, NULL);
    pthread_cond_destroy(&patience->changed);
    pthread_mutex_destroy(&patience->lock);
}

void http_patience_begin(struct http_patience *patience, struct http_wait *wait, const struct mg_connection *connection,
                         int64_t time)
{
    *wait = (struct http_wait){.connection = connection, .deadline = clock_now() + time};
    pthread_mutex_lock(&patience->lock);
    wait->next = patience->all;
    if (patience->all != NULL)
        patience->all->previous = wait;
    patience->all = wait;
    pthread_cond_signal(&patience->changed);
    pthread_mutex_unlock(&patience->lock);
}

void http_patience_hurry(struct http_patience *patience, struct http_wait *wait, int64_t time)
{
    int64_t deadline = clock_now() + time;
    pthread_mutex_lock(&patience->lock);
    if (deadline < wait->deadline)
        wait->deadline = deadline;
    pthread_cond_signal(&patience->changed);
    pthread_mutex_unlock(&patience->lock);
}

void http_patience_end(struct http_patience *patience, struct http_wait *wait)
{
    pthread_mutex_lock(&patience->lock);
    *(wait->previous != NULL ? &wait->previous->next : &patience->all) = wait->next;
    if (wait->next != NULL)
        wait->next->previous = wait->previous;
    pthread_mutex_unlock(&patience->lock);
    if (atomic_load(&wait->is_over))
        handover_shut(patience->handover, wait->connection, SHUT_RDWR);
}
