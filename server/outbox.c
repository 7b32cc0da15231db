/* What a shard wants sent. Each message is framed once, however many get it. */
#include "outbox.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 64

/* Grows *array so that it holds `needed` elements of `size` bytes. False when out of memory; nothing changes then. */
static bool reserve(void **array, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity)
        return true;
    size_t larger = *capacity == 0 ? FIRST_CAPACITY : *capacity;
    while (larger < needed)
        larger *= 2;
    void *grown = realloc(*array, larger * size);
    if (grown == NULL)
        return false;
    *array = grown;
    *capacity = larger;
    return true;
}

static bool make_room(struct outbox *outbox, size_t recipients, size_t bytes)
{
    if (outbox->recipient_count + recipients > OUTBOX_RECIPIENTS_MAX || outbox->bytes + bytes > OUTBOX_BYTES_MAX)
        return false;
    void *items = outbox->items;
    bool has_room = reserve(&items, &outbox->capacity, outbox->count + 1, sizeof *outbox->items);
    outbox->items = items;
    if (!has_room)
        return false;
    void *numbers = outbox->recipients;
    has_room = reserve(&numbers, &outbox->recipient_capacity, outbox->recipient_count + recipients,
                       sizeof *outbox->recipients);
    outbox->recipients = numbers;
    return has_room;
}

void outbox_add(struct outbox *outbox, const uint64_t *connections, size_t count, const char *bytes, size_t length)
{
    struct frame *frame = NULL;
    if (count == 0)
        return;
    if (outbox->lost || !make_room(outbox, count, length) ||
        (frame = frame_new(FRAME_TEXT, bytes, length)) == NULL) {
        outbox->lost = true;
        return;
    }
    memcpy(outbox->recipients + outbox->recipient_count, connections, count * sizeof *connections);
    outbox->items[outbox->count++] =
        (struct outbox_item){.frame = frame, .first = outbox->recipient_count, .count = count};
    outbox->recipient_count += count;
    outbox->bytes += length;
}

bool outbox_is_empty(const struct outbox *outbox)
{
    return outbox->count == 0 && !outbox->lost;
}

void outbox_clear(struct outbox *outbox)
{
    for (size_t i = 0; i < outbox->count; i++)
        frame_release(outbox->items[i].frame);
    outbox->count = 0;
    outbox->recipient_count = 0;
    outbox->bytes = 0;
    outbox->lost = false;
}

void outbox_free(struct outbox *outbox)
{
    outbox_clear(outbox);
    free(outbox->items);
    free(outbox->recipients);
    *outbox = (struct outbox){0};
}
