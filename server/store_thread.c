/*
 * The store's thread: takes what is queued, writes it in one transaction, says which tickets are on disk. When the disk
 * fails it keeps the batch and tries again, so the party goes on. Knows neither SQL nor the sessions' meaning.
 */
#include "store_inside.h"

#include <stdio.h>
#include <time.h>

#include "clock.h"
#include "log.h"

/* How often alive_at is written, and how long after a failure the batch is tried again. */
#define ALIVE_MS 1000
#define RETRY_MS 1000
/* How often sessions that are long past are forgotten. */
#define FORGET_MS 2000

int64_t store_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits for `wake` until `deadline`, with the mutex held. */
static void wait_until(struct store *store, int64_t deadline)
{
    struct timespec until = {.tv_sec = (time_t)(deadline / 1000), .tv_nsec = (long)(deadline % 1000) * 1000000};
    pthread_cond_timedwait(&store->wake, &store->mutex, &until);
}

static enum store_outcome write_record(struct store_rows *rows, const struct store_record *record)
{
    switch (record->kind) {
    case STORE_SESSION:
        return store_rows_session(rows, record->session);
    case STORE_END:
        return store_rows_end(rows, &record->session_id, record->unix_ended);
    case STORE_MESSAGE:
        return store_rows_message(rows, record->message);
    case STORE_USER:
        return store_rows_user(rows, &record->user);
    case STORE_FRIEND:
        return store_rows_friend(rows, &record->friend);
    case STORE_DELETION:
        return store_rows_delete_message(rows, &record->session_id, &record->message_id);
    case STORE_LEAVER:
        return store_rows_delete_user(rows, &record->user_id);
    case STORE_FORGOTTEN_GUESTS:
        return store_rows_forget_guests(rows, record->unix_before);
    }
    return STORE_REFUSED;
}

static void note_refused(struct store *store, uint64_t ticket)
{
    pthread_mutex_lock(&store->mutex);
    store->refused[store->refused_count++ % REFUSED_MAX] = ticket;
    pthread_mutex_unlock(&store->mutex);
}

/* Writes a batch, which may be empty, and alive_at. False if the disk failed; nothing of it is there then. */
static bool write_batch(struct store *store, const struct store_record *batch)
{
    static const char *const kinds[] = {[STORE_SESSION] = "session",
                                        [STORE_END] = "end of session",
                                        [STORE_MESSAGE] = "message",
                                        [STORE_USER] = "user",
                                        [STORE_FRIEND] = "friend",
                                        [STORE_DELETION] = "deletion of a message",
                                        [STORE_FORGOTTEN_GUESTS] = "forgotten guests",
                                        [STORE_LEAVER] = "deletion of a user"};
    if (!store_rows_begin(store->writer))
        return false;
    for (const struct store_record *record = batch; record; record = record->next) {
        enum store_outcome outcome = write_record(store->writer, record);
        if (outcome == STORE_BROKEN)
            return false;
        if (outcome == STORE_REFUSED) {
            log_error("store refused record kind=%s reason=%s", kinds[record->kind], store_rows_error(store->writer));
            note_refused(store, record->ticket);
        }
    }
    if (store_rows_alive(store->writer, clock_unix()) == STORE_BROKEN)
        return false;
    return store_rows_commit(store->writer);
}

/* With the mutex held. */
static void note_written(struct store *store, uint64_t last_ticket)
{
    store->written_through = last_ticket;
    store->status.transactions++;
    store->status.records += store->batch_count;
    store->batch_count = 0;
    store->status.reason[0] = '\0';
}

static void note_failure(struct store *store)
{
    if (!store->status.is_failing)
        store->status.failing_since = clock_unix();
    store->status.failures++;
    snprintf(store->status.reason, sizeof store->status.reason, "%s", store_rows_error(store->writer));
}

/* Tells how an attempt went: those who wait or ask, and the log when it has changed. */
static void note_attempt(struct store *store, bool good, uint64_t last_ticket)
{
    pthread_mutex_lock(&store->mutex);
    bool changed = store->status.is_failing == good;
    if (good)
        note_written(store, last_ticket);
    else
        note_failure(store);
    store->status.is_failing = !good;
    pthread_cond_broadcast(&store->done);
    pthread_mutex_unlock(&store->mutex);
    if (changed && good)
        log_info("store writes again");
    else if (changed)
        log_error("store cannot write, will try again reason=%s", store_rows_error(store->writer));
}

/* Waits until there is something to write and returns it; NULL when only alive_at is due. *last_ticket is the batch's.
 */
static struct store_record *next_batch(struct store *store, int64_t alive_due, uint64_t *last_ticket, bool *closing)
{
    pthread_mutex_lock(&store->mutex);
    for (;;) {
        int64_t due = alive_due;
        bool queued = store->queue.count > 0;
        if (queued && store->queued_since + STORE_DELAY_MS < due)
            due = store->queued_since + STORE_DELAY_MS;
        if (store->closing || (queued && store->waiting > 0) || store_clock_ms() >= due)
            break;
        wait_until(store, due);
    }
    *last_ticket = store->queue.last_ticket;
    *closing = store->closing;
    store->batch_since = store->queued_since;
    store->batch_count = store->queue.count;
    struct store_record *batch = store_queue_take(&store->queue);
    pthread_mutex_unlock(&store->mutex);
    return batch;
}

/* After a failure: waits a while, or until the store is closed. Returns whether it is. */
static bool pause_before_retry(struct store *store)
{
    int64_t until = store_clock_ms() + RETRY_MS;
    pthread_mutex_lock(&store->mutex);
    while (!store->closing && store_clock_ms() < until)
        wait_until(store, until);
    bool closing = store->closing;
    pthread_mutex_unlock(&store->mutex);
    return closing;
}

/* Writes a batch, as often as it takes; false if it was given up because the store is being closed. */
static bool write_at_last(struct store *store, const struct store_record *batch, uint64_t last_ticket, bool *closing)
{
    bool good = write_batch(store, batch);
    note_attempt(store, good, last_ticket);
    while (!good && !*closing) {
        *closing = pause_before_retry(store);
        good = write_batch(store, batch);
        note_attempt(store, good, last_ticket);
    }
    return good;
}

static bool has_queued(struct store *store)
{
    pthread_mutex_lock(&store->mutex);
    bool queued = store->queue.count > 0;
    pthread_mutex_unlock(&store->mutex);
    return queued;
}

/* Between two batches, now and then: in a transaction of its own, and what fails is done the next time. */
static void forget_ended(struct store *store)
{
    pthread_mutex_lock(&store->mutex);
    int64_t keep_ended = store->keep_ended;
    bool is_due = !store->status.is_failing && !store->closing && store_clock_ms() >= store->forget_due;
    if (is_due)
        store->forget_due = store_clock_ms() + FORGET_MS;
    pthread_mutex_unlock(&store->mutex);
    int64_t now = clock_unix();
    if (!is_due || keep_ended >= now || !store_rows_begin(store->writer))
        return;
    store_rows_forget_ended(store->writer, now - keep_ended);
    store_rows_commit(store->writer);
}

void *store_thread(void *arg)
{
    struct store *store = arg;
    int64_t alive_due = store_clock_ms();
    bool closing = false;
    bool good = true;
    while (!closing || (good && has_queued(store))) {
        uint64_t last_ticket = 0;
        struct store_record *batch = next_batch(store, alive_due, &last_ticket, &closing);
        good = write_at_last(store, batch, last_ticket, &closing);
        store_records_free(batch);
        alive_due = store_clock_ms() + ALIVE_MS;
        forget_ended(store);
    }
    if (!good)
        log_error("store closed, records that were not written are lost");
    return NULL;
}
