/*
 * One WebSocket over a descriptor: bytes in, whole messages out; frames in, bytes out; pings timed. It never blocks, and
 * everything that waits in it is bounded. It knows no hub, no user and no JSON. Belongs to one thread at a time.
 */
#ifndef SERVER_CONNECTION_H
#define SERVER_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"

/* Frames a second, control frames and fragments included; more of them close the connection with 1008. */
#define CONNECTION_FRAME_RATE 1000
/* The most that is read from one connection before the others have their turn. */
#define CONNECTION_READ_MAX 32768

/* What one connection may do. Belongs to the caller and outlives the connections. */
struct connection_limits {
    size_t queue_bytes;     /* more that the kernel does not take ends it */
    uint32_t message_bytes; /* a longer message closes it with 1009 */
    uint32_t message_burst; /* messages that may come at once; what is beyond is dropped, and noticed ... */
    uint32_t message_count; /* ... and how many more may come ... */
    int64_t message_period; /* ... in this time */
};

struct connection;

enum connection_state {
    CONNECTION_OPEN,
    CONNECTION_CLOSING, /* a close frame is on its way; nothing that comes is read any more */
    CONNECTION_OVER     /* the descriptor is of no use */
};

/* A text message that came; the reader frees it with free(). */
struct message {
    struct message *next;
    int64_t received; /* when */
    size_t length;
    char bytes[];
};

/* What a client did that it should be told about. */
#define CONNECTION_NOTICE_BINARY 0x1u /* a binary message, which was dropped */
#define CONNECTION_NOTICE_RATE 0x2u   /* messages beyond the rate, which were dropped */

/* Working memory for connection_read, shared by all connections of a thread. */
struct connection_scratch {
    unsigned char input[CONNECTION_READ_MAX];
    unsigned char output[CONNECTION_READ_MAX + 256]; /* answers to pings are never longer than the pings */
};

/* Takes over a descriptor whose handshake is done. NULL when out of memory; the descriptor is the caller's then. */
struct connection *connection_new(int descriptor, const struct connection_limits *limits);
void connection_free(struct connection *connection); /* closes the descriptor; NULL is allowed */

int connection_descriptor(const struct connection *connection);
enum connection_state connection_state(const struct connection *connection);
/* Why it is not open any more; a static string. And whether it was the client who ended it. */
const char *connection_why(const struct connection *connection);
bool connection_was_left(const struct connection *connection);
/* When bytes last came, or when it was made. */
int64_t connection_last_read(const struct connection *connection);

/* Reads what is there. */
void connection_read(struct connection *connection, struct connection_scratch *scratch);

/* The oldest message that came, or NULL; connection_unread puts one back to the front. */
struct message *connection_next(struct connection *connection);
void connection_unread(struct connection *connection, struct message *message);

/* A message as if it had come just now; NULL when out of memory. */
struct message *message_new(const void *bytes, size_t length, int64_t received);

/* The CONNECTION_NOTICE_... bits since the last call. */
unsigned connection_notices(struct connection *connection);

/* The last round trip that was measured since the last call; false if there was none. */
bool connection_round_trip(struct connection *connection, int64_t *microseconds);

/* Queue something; connection_flush sends. Once it is not open any more, nothing is queued. */
void connection_send(struct connection *connection, struct frame *frame);
void connection_ping(struct connection *connection);
void connection_close(struct connection *connection, enum frame_status status, const char *reason);

/* Ends it at once, without a word. `why` is static. */
void connection_drop(struct connection *connection, const char *why);

/* Sends as much as the kernel takes. */
void connection_flush(struct connection *connection);

/* Whether something is left to be sent. */
bool connection_wants_write(const struct connection *connection);

#endif
