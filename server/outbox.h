/*
 * What a shard wants sent: frames, and the numbers of the connections that get them, in order. Filled under the shard's
 * lock, emptied by its loop without it. Knows neither hub nor socket.
 */
#ifndef SERVER_OUTBOX_H
#define SERVER_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"

/* The most bytes of frames, and the most recipients, that wait between two turns of the loop. */
#define OUTBOX_BYTES_MAX ((size_t)64 << 20)
#define OUTBOX_RECIPIENTS_MAX ((size_t)4 << 20)

struct outbox_item {
    struct frame *frame;
    size_t first; /* of its recipients */
    size_t count;
};

/* All zeros is an empty one. */
struct outbox {
    struct outbox_item *items;
    size_t count, capacity;
    uint64_t *recipients;
    size_t recipient_count, recipient_capacity;
    size_t bytes;
    bool lost; /* a message could not be kept (no memory, or a limit): nobody has been told everything */
};

void outbox_add(struct outbox *outbox, const uint64_t *connections, size_t count, const char *bytes, size_t length);
bool outbox_is_empty(const struct outbox *outbox);

/* Releases the frames; the memory stays for the next turn. */
void outbox_clear(struct outbox *outbox);
void outbox_free(struct outbox *outbox);

#endif
