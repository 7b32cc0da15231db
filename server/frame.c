/* One WebSocket frame, ready to be sent. Counted, because a broadcast is framed once and queued for many. */
#include "frame.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define FIN 0x80u
/* A payload of up to 125 bytes has its length in the header's second byte; 126 and 127 announce 2 and 8 bytes more. */
#define SHORT_MAX 125
#define MEDIUM_MAX 0xffff
#define CLOSE_REASON_MAX 123

struct frame {
    atomic_uint references;
    size_t length;
    unsigned char bytes[];
};

static struct frame *allocate(size_t length)
{
    struct frame *frame = malloc(sizeof *frame + length);
    if (frame == NULL)
        return NULL;
    atomic_init(&frame->references, 1);
    frame->length = length;
    return frame;
}

/* Writes `value` as `count` bytes, the highest first. */
static void put_number(unsigned char *bytes, uint64_t value, size_t count)
{
    for (size_t i = 0; i < count; i++)
        bytes[i] = (unsigned char)(value >> (8 * (count - 1 - i)));
}

struct frame *frame_new(enum frame_opcode opcode, const void *payload, size_t length)
{
    size_t extra = length <= SHORT_MAX ? 0 : length <= MEDIUM_MAX ? 2 : 8;
    struct frame *frame = allocate(2 + extra + length);
    if (frame == NULL)
        return NULL;
    frame->bytes[0] = (unsigned char)(FIN | (unsigned)opcode);
    frame->bytes[1] = (unsigned char)(extra == 0 ? length : extra == 2 ? 126 : 127);
    put_number(frame->bytes + 2, length, extra);
    memcpy(frame->bytes + 2 + extra, payload, length);
    return frame;
}

struct frame *frame_close(enum frame_status status, const char *reason)
{
    unsigned char payload[2 + CLOSE_REASON_MAX];
    size_t length = strnlen(reason, CLOSE_REASON_MAX);
    put_number(payload, (uint64_t)status, 2);
    memcpy(payload + 2, reason, length);
    return frame_new(FRAME_CLOSE, payload, 2 + length);
}

struct frame *frame_raw(const void *bytes, size_t length)
{
    struct frame *frame = allocate(length);
    if (frame != NULL)
        memcpy(frame->bytes, bytes, length);
    return frame;
}

struct frame *frame_share(struct frame *frame)
{
    atomic_fetch_add_explicit(&frame->references, 1, memory_order_relaxed);
    return frame;
}

void frame_release(struct frame *frame)
{
    if (frame != NULL && atomic_fetch_sub_explicit(&frame->references, 1, memory_order_acq_rel) == 1)
        free(frame);
}

const unsigned char *frame_bytes(const struct frame *frame)
{
    return frame->bytes;
}

size_t frame_length(const struct frame *frame)
{
    return frame->length;
}
