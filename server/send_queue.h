/* Frames waiting for one connection, in order, bounded. Knows no socket: it says what to send, and is told what went. */
#ifndef SERVER_SEND_QUEUE_H
#define SERVER_SEND_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "frame.h"

/* The most frames that are given to the kernel at once. */
#define SEND_QUEUE_PARTS 64

struct send_queue_entry {
    struct frame *frame;
    uint64_t ping_serial; /* 0 for what is not a ping of ours */
};

/* All zeros, with a limit, is an empty one. */
struct send_queue {
    struct send_queue_entry *entries; /* a ring; the capacity is a power of two */
    size_t first, count, capacity;
    size_t sent;  /* bytes of the first frame that are gone already */
    size_t bytes; /* waiting, with what an entry itself costs */
    size_t limit;
};

/*
 * Adds a reference to the frame. False, and nothing changed, when that is beyond the limit or out of memory. An empty queue
 * takes any frame: what the limit is about is waiting.
 */
bool send_queue_add(struct send_queue *queue, struct frame *frame, uint64_t ping_serial);

/* Fills in what to send next; *ping is the last ping that starts in it, or as it was. Returns how many parts. */
size_t send_queue_parts(const struct send_queue *queue, struct iovec parts[SEND_QUEUE_PARTS], uint64_t *ping);

/* So many bytes have been sent. */
void send_queue_remove(struct send_queue *queue, size_t sent);

void send_queue_free(struct send_queue *queue);

#endif
