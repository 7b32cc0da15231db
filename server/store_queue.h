/*
 * Records on their way to the database, in order. A session that is queued already is replaced where it stands, so the
 * queue holds each session at most once. Knows no threads and no database.
 */
#ifndef SERVER_STORE_QUEUE_H
#define SERVER_STORE_QUEUE_H

#include "store.h"

/* The most records that wait; sessions that wait already are still replaced when it is reached. */
#define STORE_QUEUE_MAX 65536
/* Of the table that finds a queued session; a power of two. */
#define STORE_QUEUE_BUCKETS 4096

enum store_kind { STORE_SESSION, STORE_END, STORE_MESSAGE, STORE_USER, STORE_FRIEND, STORE_DELETION, STORE_FORGOTTEN_GUESTS,
                  STORE_LEAVER };

struct store_record {
    struct store_record *next;
    struct store_record *next_in_bucket;
    uint64_t ticket;
    enum store_kind kind;
    syncplay_id session_id; /* of a session, its end, and the deletion of a message */
    syncplay_id message_id;
    syncplay_id user_id; /* of one who is deleted */
    int64_t unix_ended; /* of an end */
    int64_t unix_before; /* guests made before are forgotten */
    struct store_session *session;
    struct store_message *message;
    struct store_user user;
    struct store_friend friend;
};

struct store_queue {
    struct store_record *first;
    struct store_record **last; /* where the next one is hung in */
    size_t count;
    uint64_t last_ticket; /* the one given out last; they count up from 1 */
    struct store_record *buckets[STORE_QUEUE_BUCKETS];
};

void store_queue_init(struct store_queue *queue);

/* A new record at the end, zeroed but for `kind` and its ticket; NULL if the queue is full or there is no memory. */
struct store_record *store_queue_add(struct store_queue *queue, enum store_kind kind);

/* Queues a session, or lets it take the place of the queued one with its id. NULL: not queued, still the caller's. */
struct store_record *store_queue_put_session(struct store_queue *queue, struct store_session *session);

/* Takes all records out, as a list by `next`. */
struct store_record *store_queue_take(struct store_queue *queue);

/* Frees a list of records and all that is in it. */
void store_records_free(struct store_record *records);

#endif
