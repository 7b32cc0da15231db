/*
 * The store's thread: takes what is queued, writes it in one transaction, says which tickets are on disk. When the disk
 * fails it keeps the batch and tries again, so the party goes on. Knows neither SQL nor the sessions' meaning.
 */
#include "store.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "clock.h"
#include "log.h"
#include "store_lock.h"
#include "store_queue.h"
#include "store_rows.h"
#include "store_status.h"

/* How often alive_at is written, and how long after a failure the batch is tried again. */
#define ALIVE_MS 1000
#define RETRY_MS 1000
/* How often sessions that are long past are forgotten. */
#define FORGET_MS 2000
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

/* The monotonic clock, in milliseconds. */
static int64_t clock_ms(void)
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

/* --- The writing thread ----------------------------------------------------------------------------------- */

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
    static const char *const kinds[] = {"session", "end of session", "message", "user", "friend",
                                        "deletion of a message", "forgotten guests", "deletion of a user"};
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
        if (store->closing || (queued && store->waiting > 0) || clock_ms() >= due)
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
    int64_t until = clock_ms() + RETRY_MS;
    pthread_mutex_lock(&store->mutex);
    while (!store->closing && clock_ms() < until)
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
    bool is_due = !store->status.is_failing && !store->closing && clock_ms() >= store->forget_due;
    if (is_due)
        store->forget_due = clock_ms() + FORGET_MS;
    pthread_mutex_unlock(&store->mutex);
    int64_t now = clock_unix();
    if (!is_due || keep_ended >= now || !store_rows_begin(store->writer))
        return;
    store_rows_forget_ended(store->writer, now - keep_ended);
    store_rows_commit(store->writer);
}

static void *run_thread(void *arg)
{
    struct store *store = arg;
    int64_t alive_due = clock_ms();
    bool closing = false;
    bool good = true;
    while (!closing || (good && has_queued(store))) {
        uint64_t last_ticket = 0;
        struct store_record *batch = next_batch(store, alive_due, &last_ticket, &closing);
        good = write_at_last(store, batch, last_ticket, &closing);
        store_records_free(batch);
        alive_due = clock_ms() + ALIVE_MS;
        forget_ended(store);
    }
    if (!good)
        log_error("store closed, records that were not written are lost");
    return NULL;
}

/* --- Opening and closing ---------------------------------------------------------------------------------- */

static bool open_rows(struct store *store, const char *path, char *why, size_t why_size)
{
    char reason[400];
    store->lock_descriptor = store_lock(path, why, why_size);
    if (store->lock_descriptor < 0)
        return false;
    store->writer = store_rows_open(path, reason, sizeof reason);
    store->reader = store->writer ? store_rows_open(path, reason, sizeof reason) : NULL;
    if (store->reader && store_rows_read_secret(store->reader, store->secret))
        return true;
    if (store->reader)
        snprintf(reason, sizeof reason, "its secret is missing");
    snprintf(why, why_size, "database %s: %s", path, reason);
    return false;
}

static void init_locks(struct store *store)
{
    pthread_mutexattr_t recursive;
    pthread_condattr_t monotonic;
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&store->read_mutex, &recursive);
    pthread_mutexattr_destroy(&recursive);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&store->wake, &monotonic);
    pthread_cond_init(&store->done, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&store->mutex, NULL);
}

/* Frees all but the thread, which must not run any more. */
static void free_store(struct store *store)
{
    store_records_free(store_queue_take(&store->queue));
    store_rows_close(store->reader);
    store_rows_close(store->writer);
    store_unlock(store->lock_descriptor);
    pthread_mutex_destroy(&store->read_mutex);
    pthread_mutex_destroy(&store->mutex);
    pthread_cond_destroy(&store->wake);
    pthread_cond_destroy(&store->done);
    free(store);
}

struct store *store_open(const char *path, char *why, size_t why_size)
{
    struct store *store = calloc(1, sizeof *store);
    if (!store) {
        snprintf(why, why_size, "database %s: no memory", path);
        return NULL;
    }
    store->lock_descriptor = -1;
    store->keep_ended = INT64_MAX;
    store_queue_init(&store->queue);
    init_locks(store);
    if (!open_rows(store, path, why, why_size)) {
        free_store(store);
        return NULL;
    }
    store->alive_before = store_rows_read_alive(store->reader);
    if (pthread_create(&store->thread, NULL, run_thread, store) != 0) {
        snprintf(why, why_size, "database %s: its thread cannot be started", path);
        free_store(store);
        return NULL;
    }
    return store;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    pthread_mutex_lock(&store->mutex);
    store->closing = true;
    pthread_cond_signal(&store->wake);
    pthread_mutex_unlock(&store->mutex);
    pthread_join(store->thread, NULL);
    free_store(store);
}

/* --- Putting ---------------------------------------------------------------------------------------------- */

/* Begins to put a record, with the mutex held until end_put. */
static void begin_put(struct store *store)
{
    pthread_mutex_lock(&store->mutex);
    if (store->queue.count == 0)
        store->queued_since = clock_ms();
}

/* Ends it; `record` is NULL if there was no place. Returns the ticket. */
static uint64_t end_put(struct store *store, const struct store_record *record)
{
    uint64_t ticket = record ? record->ticket : 0;
    bool overflows = !record && !store->status.is_overflowing;
    store->status.is_overflowing = !record;
    store->status.lost += !record;
    if (store->queue.count == 1)
        pthread_cond_signal(&store->wake); /* the thread now has a date; later records change nothing about it */
    pthread_mutex_unlock(&store->mutex);
    if (overflows)
        log_error("store drops records, its queue is full limit=%d", STORE_QUEUE_MAX);
    return ticket;
}

uint64_t store_put_session(struct store *store, struct store_session *session)
{
    begin_put(store);
    uint64_t ticket = end_put(store, store_queue_put_session(&store->queue, session));
    if (ticket == 0)
        store_session_free(session);
    return ticket;
}

uint64_t store_put_message(struct store *store, struct store_message *message)
{
    begin_put(store);
    struct store_record *record = store_queue_add(&store->queue, STORE_MESSAGE);
    if (record)
        record->message = message;
    uint64_t ticket = end_put(store, record);
    if (ticket == 0)
        store_message_free(message);
    return ticket;
}

uint64_t store_put_user(struct store *store, const struct store_user *user)
{
    begin_put(store);
    struct store_record *record = store_queue_add(&store->queue, STORE_USER);
    if (record)
        record->user = *user;
    return end_put(store, record);
}

uint64_t store_put_friend(struct store *store, const struct store_friend *friend)
{
    begin_put(store);
    struct store_record *record = store_queue_add(&store->queue, STORE_FRIEND);
    if (record)
        record->friend = *friend;
    return end_put(store, record);
}

uint64_t store_end_session(struct store *store, const syncplay_id *session, int64_t unix_ended)
{
    begin_put(store);
    struct store_record *record = store_queue_add(&store->queue, STORE_END);
    if (record) {
        record->session_id = *session;
        record->unix_ended = unix_ended;
    }
    return end_put(store, record);
}

uint64_t store_delete_message(struct store *store, const syncplay_id *session, const syncplay_id *message)
{
    begin_put(store);
    struct store_record *record = store_queue_add(&store->queue, STORE_DELETION);
    if (record) {
        record->session_id = *session;
        record->message_id = *message;
    }
    return end_put(store, record);
}

uint64_t store_delete_user(struct store *store, const syncplay_id *user)
{
    begin_put(store);
    struct store_record *record = store_queue_add(&store->queue, STORE_LEAVER);
    if (record)
        record->user_id = *user;
    return end_put(store, record);
}

uint64_t store_forget_guests(struct store *store, int64_t unix_before)
{
    begin_put(store);
    struct store_record *record = store_queue_add(&store->queue, STORE_FORGOTTEN_GUESTS);
    if (record)
        record->unix_before = unix_before;
    return end_put(store, record);
}

void store_keep_ended(struct store *store, int64_t duration)
{
    pthread_mutex_lock(&store->mutex);
    store->keep_ended = duration;
    store->forget_due = 0;
    pthread_mutex_unlock(&store->mutex);
}

uint64_t store_last_ticket(struct store *store)
{
    pthread_mutex_lock(&store->mutex);
    uint64_t ticket = store->queue.last_ticket;
    pthread_mutex_unlock(&store->mutex);
    return ticket;
}

static bool was_refused(const struct store *store, uint64_t ticket)
{
    for (size_t i = 0; i < REFUSED_MAX && i < store->refused_count; i++)
        if (store->refused[i] == ticket)
            return true;
    return false;
}

bool store_wait(struct store *store, uint64_t ticket)
{
    if (ticket == 0)
        return false;
    pthread_mutex_lock(&store->mutex);
    store->waiting++;
    pthread_cond_signal(&store->wake);
    while (store->written_through < ticket && !store->status.is_failing)
        pthread_cond_wait(&store->done, &store->mutex);
    store->waiting--;
    bool good = store->written_through >= ticket && !was_refused(store, ticket);
    pthread_mutex_unlock(&store->mutex);
    return good;
}

void store_ask(struct store *store, struct store_status *status)
{
    struct stat file;
    int64_t now = clock_ms();
    pthread_mutex_lock(&store->mutex);
    *status = store->status;
    status->waiting = store->batch_count + store->queue.count;
    if (status->waiting > 0)
        status->lag = (now - (store->batch_count > 0 ? store->batch_since : store->queued_since)) * 1000;
    status->refused = store->refused_count;
    pthread_mutex_unlock(&store->mutex);
    if (status->lag < 0)
        status->lag = 0; /* put after we have looked at the clock */
    status->file_bytes = fstat(store->lock_descriptor, &file) == 0 ? (int64_t)file.st_size : -1;
}

/* --- Reading ---------------------------------------------------------------------------------------------- */

int64_t store_alive(struct store *store)
{
    return store->alive_before;
}

const uint8_t *store_secret(const struct store *store)
{
    return store->secret;
}

bool store_each_session(struct store *store,
                        void (*found)(void *arg, const syncplay_id *id, const char *code, const char *state),
                        void *arg)
{
    pthread_mutex_lock(&store->read_mutex);
    bool good = store_rows_each_session(store->reader, found, arg);
    pthread_mutex_unlock(&store->read_mutex);
    return good;
}

bool store_each_message(struct store *store, const syncplay_id *session, size_t limit,
                        void (*found)(void *arg, const struct store_message *message), void *arg)
{
    pthread_mutex_lock(&store->read_mutex);
    bool good = store_rows_each_message(store->reader, session, limit, found, arg);
    pthread_mutex_unlock(&store->read_mutex);
    return good;
}

bool store_each_user(struct store *store, void (*found)(void *arg, const struct store_user *user), void *arg)
{
    pthread_mutex_lock(&store->read_mutex);
    bool good = store_rows_each_user(store->reader, found, arg);
    pthread_mutex_unlock(&store->read_mutex);
    return good;
}

bool store_each_friend(struct store *store, void (*found)(void *arg, const struct store_friend *friend), void *arg)
{
    pthread_mutex_lock(&store->read_mutex);
    bool good = store_rows_each_friend(store->reader, found, arg);
    pthread_mutex_unlock(&store->read_mutex);
    return good;
}

bool store_code_ended(struct store *store, const char *code)
{
    pthread_mutex_lock(&store->read_mutex);
    bool ended = store_rows_code_ended(store->reader, code);
    pthread_mutex_unlock(&store->read_mutex);
    return ended;
}
