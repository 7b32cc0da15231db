/* Frames waiting for one connection: a ring of references. */
#include "send_queue.h"

#include <stdlib.h>

#define FIRST_CAPACITY 8

static struct send_queue_entry *entry_at(const struct send_queue *queue, size_t index)
{
    return &queue->entries[(queue->first + index) & (queue->capacity - 1)];
}

static size_t cost(const struct frame *frame)
{
    return frame_length(frame) + sizeof(struct send_queue_entry);
}

static bool grow(struct send_queue *queue)
{
    size_t capacity = queue->capacity == 0 ? FIRST_CAPACITY : 2 * queue->capacity;
    struct send_queue_entry *entries = malloc(capacity * sizeof *entries);
    if (entries == NULL)
        return false;
    for (size_t i = 0; i < queue->count; i++)
        entries[i] = *entry_at(queue, i);
    free(queue->entries);
    queue->entries = entries;
    queue->capacity = capacity;
    queue->first = 0;
    return true;
}

bool send_queue_add(struct send_queue *queue, struct frame *frame, uint64_t ping_serial)
{
    if (queue->count > 0 && queue->bytes + cost(frame) > queue->limit)
        return false;
    if (queue->count == queue->capacity && !grow(queue))
        return false;
    queue->count++;
    *entry_at(queue, queue->count - 1) =
        (struct send_queue_entry){.frame = frame_share(frame), .ping_serial = ping_serial};
    queue->bytes += cost(frame);
    return true;
}

size_t send_queue_parts(const struct send_queue *queue, struct iovec parts[SEND_QUEUE_PARTS], uint64_t *ping)
{
    size_t count = queue->count < SEND_QUEUE_PARTS ? queue->count : SEND_QUEUE_PARTS;
    for (size_t i = 0; i < count; i++) {
        const struct send_queue_entry *entry = entry_at(queue, i);
        size_t skip = i == 0 ? queue->sent : 0;
        /* sendmsg does not write there, but its type is not const. */
        parts[i].iov_base = (void *)(uintptr_t)(frame_bytes(entry->frame) + skip);
        parts[i].iov_len = frame_length(entry->frame) - skip;
        if (entry->ping_serial != 0)
            *ping = entry->ping_serial;
    }
    return count;
}

void send_queue_remove(struct send_queue *queue, size_t sent)
{
    sent += queue->sent;
    while (queue->count > 0 && sent >= frame_length(entry_at(queue, 0)->frame)) {
        struct frame *frame = entry_at(queue, 0)->frame;
        sent -= frame_length(frame);
        queue->bytes -= cost(frame);
        frame_release(frame);
        queue->first = (queue->first + 1) & (queue->capacity - 1);
        queue->count--;
    }
    queue->sent = sent;
}

void send_queue_free(struct send_queue *queue)
{
    for (size_t i = 0; i < queue->count; i++)
        frame_release(entry_at(queue, i)->frame);
    free(queue->entries);
    *queue = (struct send_queue){.limit = queue->limit};
}
