/* The doors of the store: opening and closing it, putting records, waiting for them, reading. Knows no SQL. */
#include "store_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "log.h"
#include "store_lock.h"

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
    if (pthread_create(&store->thread, NULL, store_thread, store) != 0) {
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
        store->queued_since = store_clock_ms();
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
    int64_t now = store_clock_ms();
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
