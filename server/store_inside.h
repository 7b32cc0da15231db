/* The store from inside, as its doors (store.c) and its thread (store_thread.c) share it. */
#ifndef SERVER_STORE_INSIDE_H
#define SERVER_STORE_INSIDE_H

#include <pthread.h>

#include "store.h"
#include "store_queue.h"
#include "store_rows.h"
#include "store_status.h"

/* Of how many refused records the tickets are remembered for those who wait for them. */
#define REFUSED_MAX 64

struct store {
    int lock_descriptor;       /* tells other servers to keep away */
    struct store_rows *writer; /* the thread's own */
    int64_t alive_before;
    uint8_t secret[STORE_SECRET_SIZE];

    pthread_mutex_t read_mutex; /* recursive: callbacks may read on */
    struct store_rows *reader;

    pthread_t thread;
    pthread_mutex_t mutex; /* of all below */
    pthread_cond_t wake;   /* the thread has something to do */
    pthread_cond_t done;   /* written_through, failing or refused have changed */
    struct store_queue queue;
    int64_t queued_since; /* when the oldest queued record was put, by the monotonic clock */
    int64_t batch_since;  /* the same of those that are being written */
    size_t batch_count;
    unsigned int waiting; /* how many are in store_wait */
    int64_t keep_ended;   /* how long ended sessions are kept */
    int64_t forget_due;   /* when those that are past it are looked for, by the monotonic clock */
    bool closing;
    struct store_status status; /* but for what changes with time */
    uint64_t written_through; /* all tickets up to this are on disk, or refused */
    uint64_t refused[REFUSED_MAX];
    size_t refused_count; /* ever; the ring's next place */
};

/* The clock by which `wake` is waited for, monotonic, in milliseconds. */
int64_t store_clock_ms(void);

/* The thread, until `closing`; `arg` is the store. */
void *store_thread(void *arg);

#endif
