/*
 * One WebSocket frame (RFC 6455, server to client: unmasked, whole), ready to be sent, shared by all its recipients.
 * Knows no socket.
 */
#ifndef SERVER_FRAME_H
#define SERVER_FRAME_H

#include <stddef.h>
#include <stdint.h>

enum frame_opcode { FRAME_TEXT = 0x1, FRAME_CLOSE = 0x8, FRAME_PING = 0x9 };

/* Why a WebSocket is closed (RFC 6455, 7.4.1). */
enum frame_status {
    FRAME_GOING_AWAY = 1001,
    FRAME_PROTOCOL_ERROR = 1002,
    FRAME_BAD_DATA = 1007, /* what is to be UTF-8 is none */
    FRAME_POLICY = 1008,
    FRAME_INTERNAL_ERROR = 1011
};

struct frame;

/* A frame with this payload, and one reference to it. NULL when out of memory. */
struct frame *frame_new(enum frame_opcode opcode, const void *payload, size_t length);

/* A close frame; `reason` is at most 123 bytes. */
struct frame *frame_close(enum frame_status status, const char *reason);

/* Bytes that are frames already. */
struct frame *frame_raw(const void *bytes, size_t length);

struct frame *frame_share(struct frame *frame);
void frame_release(struct frame *frame); /* NULL is allowed */

/* The bytes for the wire, header included. */
const unsigned char *frame_bytes(const struct frame *frame);
size_t frame_length(const struct frame *frame);

#endif
