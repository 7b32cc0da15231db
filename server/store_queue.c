/* Records on their way to the database. Knows no threads and no database. */
#include "store_queue.h"

#include <stdlib.h>
#include <string.h>

void store_queue_init(struct store_queue *queue)
{
    *queue = (struct store_queue){0};
    queue->last = &queue->first;
}

/* Session ids are random, so any of their bytes are a hash. */
static struct store_record **bucket_of(struct store_queue *queue, const syncplay_id *id)
{
    unsigned int hash = (unsigned int)id->bytes[0] << 8 | id->bytes[1];
    return &queue->buckets[hash & (STORE_QUEUE_BUCKETS - 1)];
}

struct store_record *store_queue_add(struct store_queue *queue, enum store_kind kind)
{
    struct store_record *record = queue->count < STORE_QUEUE_MAX ? calloc(1, sizeof *record) : NULL;
    if (!record)
        return NULL;
    record->kind = kind;
    record->ticket = ++queue->last_ticket;
    *queue->last = record;
    queue->last = &record->next;
    queue->count++;
    return record;
}

struct store_record *store_queue_put_session(struct store_queue *queue, struct store_session *session)
{
    struct store_record **bucket = bucket_of(queue, &session->id);
    struct store_record *record = *bucket;
    while (record && !syncplay_id_equal(&record->session_id, &session->id))
        record = record->next_in_bucket;
    if (record) {
        store_session_free(record->session);
    } else {
        record = store_queue_add(queue, STORE_SESSION);
        if (!record)
            return NULL;
        record->session_id = session->id;
        record->next_in_bucket = *bucket;
        *bucket = record;
    }
    record->session = session;
    return record;
}

struct store_record *store_queue_take(struct store_queue *queue)
{
    struct store_record *records = queue->first;
    uint64_t last_ticket = queue->last_ticket;
    store_queue_init(queue);
    queue->last_ticket = last_ticket;
    return records;
}

void store_records_free(struct store_record *records)
{
    while (records) {
        struct store_record *next = records->next;
        store_session_free(records->session);
        store_message_free(records->message);
        free(records);
        records = next;
    }
}

void store_session_free(struct store_session *session)
{
    if (!session)
        return;
    free(session->content_type);
    free(session->title);
    free(session->url);
    free(session->participants);
    free(session->state);
    free(session);
}

void store_message_free(struct store_message *message)
{
    if (!message)
        return;
    free(message->user_name);
    free(message->text);
    free(message);
}
