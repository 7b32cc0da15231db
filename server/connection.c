/*
 * One WebSocket over a descriptor. The only file that knows wslay, which reads: it checks frames, masks, UTF-8 and
 * lengths, puts fragments together, and writes the answers to pings and closes. All that is sent goes through one queue.
 */
#include "connection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <wslay/wslay.h>

#include "clock.h"
#include "json.h"
#include "metrics.h"
#include "send_queue.h"

/* Pings whose answers are still expected. */
#define PINGS_MAX 8
#define PING_LENGTH 8

struct connection {
    const struct connection_limits *limits;
    int descriptor;
    enum connection_state state;
    const char *why;
    bool was_left;
    int64_t last_read;
    wslay_event_context_ptr reader;

    /* What connection_read works on, while it runs. */
    const unsigned char *input;
    size_t input_length;
    unsigned char *output;
    size_t output_length, output_size;

    struct message *first, **last; /* the inbox */
    unsigned notices;
    int64_t tokens; /* messages it may still send, times the limit's period */
    int64_t tokens_at;
    int64_t frames_since; /* the second in which `frames` are counted */
    unsigned frames;
    enum frame_status bad_close; /* what is wrong with the client's; 0 if nothing is */

    struct frame *farewell; /* the answer to the client's close, until what came before it has been read */
    struct send_queue queue;
    uint64_t ping_serial;
    bool ping_is_queued;
    int64_t pings[PINGS_MAX]; /* when each was sent; 0 for one that is not expected */
    int64_t round_trip;       /* or -1 */
};

static void end(struct connection *connection, enum connection_state state, const char *why)
{
    if (connection->state == CONNECTION_OPEN)
        connection->why = why;
    if (connection->state < state)
        connection->state = state;
}

static void end_by_client(struct connection *connection, enum connection_state state, const char *why)
{
    connection->was_left = connection->was_left || connection->state == CONNECTION_OPEN;
    end(connection, state, why);
}

/* --- Reading -------------------------------------------------------------------------------------------------- */

static ssize_t give_input(wslay_event_context_ptr reader, uint8_t *buffer, size_t size, int flags, void *user_data)
{
    struct connection *connection = user_data;
    (void)flags;
    if (connection->input_length == 0) {
        wslay_event_set_error(reader, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    size_t length = size < connection->input_length ? size : connection->input_length;
    memcpy(buffer, connection->input, length);
    connection->input += length;
    connection->input_length -= length;
    return (ssize_t)length;
}

static ssize_t take_output(wslay_event_context_ptr reader, const uint8_t *bytes, size_t length, int flags,
                           void *user_data)
{
    struct connection *connection = user_data;
    (void)flags;
    if (length > connection->output_size - connection->output_length) {
        wslay_event_set_error(reader, WSLAY_ERR_CALLBACK_FAILURE);
        return -1;
    }
    memcpy(connection->output + connection->output_length, bytes, length);
    connection->output_length += length;
    return (ssize_t)length;
}

static void count_frame(wslay_event_context_ptr reader, const struct wslay_event_on_frame_recv_start_arg *frame,
                        void *user_data)
{
    struct connection *connection = user_data;
    (void)reader;
    /* The reader takes a close of one byte for one without a status. */
    if (frame->opcode == WSLAY_CONNECTION_CLOSE && frame->payload_length == 1)
        connection->bad_close = FRAME_PROTOCOL_ERROR;
    if (connection->last_read - connection->frames_since >= CLOCK_SECOND) {
        connection->frames_since = connection->last_read;
        connection->frames = 0;
    }
    connection->frames++;
}

/* A token bucket. */
static bool is_within_rate(struct connection *connection)
{
    int64_t one = connection->limits->message_period;
    int64_t full = connection->limits->message_burst * one;
    connection->tokens += (connection->last_read - connection->tokens_at) * connection->limits->message_count;
    connection->tokens_at = connection->last_read;
    if (connection->tokens > full)
        connection->tokens = full;
    if (connection->tokens < one)
        return false;
    connection->tokens -= one;
    return true;
}

static void keep_message(struct connection *connection, const void *bytes, size_t length)
{
    struct message *message = message_new(bytes, length, connection->last_read);
    if (message == NULL) {
        connection_drop(connection, "no memory");
        return;
    }
    *connection->last = message;
    connection->last = &message->next;
}

static void keep_pong(struct connection *connection, const uint8_t *payload, size_t length)
{
    uint64_t serial = 0;
    if (length != PING_LENGTH)
        return;
    for (size_t i = 0; i < PING_LENGTH; i++)
        serial = serial << 8 | payload[i];
    if (serial > connection->ping_serial || connection->ping_serial - serial >= PINGS_MAX)
        return;
    int64_t *sent = &connection->pings[serial % PINGS_MAX];
    if (*sent != 0)
        connection->round_trip = connection->last_read - *sent;
    *sent = 0;
}

static void take_message(wslay_event_context_ptr reader, const struct wslay_event_on_msg_recv_arg *message,
                         void *user_data)
{
    struct connection *connection = user_data;
    (void)reader;
    if (message->opcode == WSLAY_PONG)
        keep_pong(connection, message->msg, message->msg_length);
    /* The reader looks at a reason that comes in one piece alone. */
    if (message->opcode == WSLAY_CONNECTION_CLOSE && message->msg_length > 2 &&
        !json_is_utf8((const char *)message->msg + 2, message->msg_length - 2))
        connection->bad_close = FRAME_BAD_DATA;
    if (message->opcode != WSLAY_TEXT_FRAME && message->opcode != WSLAY_BINARY_FRAME)
        return;
    if (!is_within_rate(connection))
        connection->notices |= CONNECTION_NOTICE_RATE;
    else if (message->opcode == WSLAY_BINARY_FRAME)
        connection->notices |= CONNECTION_NOTICE_BINARY;
    else
        keep_message(connection, message->msg, message->msg_length);
}

/* Queues what the reader wants said: answers to pings, and the close frame that fits what it has read. */
static void send_answers(struct connection *connection)
{
    if (wslay_event_send(connection->reader) != 0) {
        connection_drop(connection, "no memory");
        return;
    }
    bool is_left = wslay_event_get_close_received(connection->reader);
    if (connection->output_length > 0) {
        struct frame *frame = frame_raw(connection->output, connection->output_length);
        if (is_left && frame != NULL) {
            connection->farewell = frame;
            return;
        }
        connection_send(connection, frame);
        frame_release(frame);
    }
    if (is_left)
        end_by_client(connection, CONNECTION_CLOSING, "closed by the client");
    else if (wslay_event_get_close_sent(connection->reader))
        end(connection, CONNECTION_CLOSING, "protocol error");
}

static void parse(struct connection *connection, struct connection_scratch *scratch, size_t length)
{
    connection->input = scratch->input;
    connection->input_length = length;
    connection->output = scratch->output;
    connection->output_size = sizeof scratch->output;
    connection->output_length = 0;
    int error = wslay_event_recv(connection->reader);
    if (error == WSLAY_ERR_NOMEM)
        connection_drop(connection, "no memory");
    else if (connection->bad_close != 0)
        connection_close(connection, connection->bad_close, "protocol error");
    else if (error != 0) /* a header that makes no sense: the reader leaves the answer to us */
        connection_close(connection, FRAME_PROTOCOL_ERROR, "protocol error");
    else
        send_answers(connection);
    if (connection->frames > CONNECTION_FRAME_RATE)
        connection_close(connection, FRAME_POLICY, "too many frames a second");
}

void connection_read(struct connection *connection, struct connection_scratch *scratch)
{
    if (connection->state == CONNECTION_OVER)
        return;
    ssize_t length = recv(connection->descriptor, scratch->input, sizeof scratch->input, MSG_DONTWAIT);
    if (length < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (length <= 0) {
        end_by_client(connection, CONNECTION_OVER, length == 0 ? "gone" : "broken");
        return;
    }
    connection->last_read = clock_now();
    if (connection->state == CONNECTION_OPEN && connection->farewell == NULL)
        parse(connection, scratch, (size_t)length);
}

struct message *message_new(const void *bytes, size_t length, int64_t received)
{
    struct message *message = malloc(sizeof *message + length);
    if (message == NULL)
        return NULL;
    message->next = NULL;
    message->received = received;
    message->length = length;
    if (length > 0) /* of an empty one there are no bytes, not even their address */
        memcpy(message->bytes, bytes, length);
    return message;
}

struct message *connection_next(struct connection *connection)
{
    struct message *message = connection->first;
    if (message == NULL)
        return NULL;
    connection->first = message->next;
    if (connection->first == NULL)
        connection->last = &connection->first;
    return message;
}

void connection_unread(struct connection *connection, struct message *message)
{
    message->next = connection->first;
    connection->first = message;
    if (message->next == NULL)
        connection->last = &message->next;
}

unsigned connection_notices(struct connection *connection)
{
    unsigned notices = connection->notices;
    connection->notices = 0;
    return notices;
}

bool connection_round_trip(struct connection *connection, int64_t *microseconds)
{
    if (connection->round_trip < 0)
        return false;
    *microseconds = connection->round_trip;
    connection->round_trip = -1;
    return true;
}

/* --- Sending -------------------------------------------------------------------------------------------------- */

static void drop_slow(struct connection *connection)
{
    metrics_add(METRIC_QUEUE_OVERFLOWS, 1);
    connection_drop(connection, "too slow");
}

static void queue_frame(struct connection *connection, struct frame *frame, uint64_t ping_serial)
{
    if (connection->state != CONNECTION_OPEN)
        return;
    if (frame == NULL) {
        connection_drop(connection, "no memory");
        return;
    }
    if (send_queue_add(&connection->queue, frame, ping_serial))
        return;
    /* Much at once is not slow yet: it is when the kernel does not take it. */
    connection_flush(connection);
    if (connection->state == CONNECTION_OPEN && !send_queue_add(&connection->queue, frame, ping_serial))
        drop_slow(connection);
}

void connection_send(struct connection *connection, struct frame *frame)
{
    queue_frame(connection, frame, 0);
}

void connection_ping(struct connection *connection)
{
    unsigned char payload[PING_LENGTH];
    if (connection->ping_is_queued)
        return; /* one that has not even been sent: another would measure the queue */
    uint64_t serial = ++connection->ping_serial;
    connection->pings[serial % PINGS_MAX] = 0;
    for (size_t i = 0; i < PING_LENGTH; i++)
        payload[i] = (unsigned char)(serial >> (8 * (PING_LENGTH - 1 - i)));
    struct frame *frame = frame_new(FRAME_PING, payload, sizeof payload);
    queue_frame(connection, frame, serial);
    frame_release(frame);
    connection->ping_is_queued = true;
}

void connection_close(struct connection *connection, enum frame_status status, const char *reason)
{
    struct frame *frame = frame_close(status, reason);
    queue_frame(connection, frame, 0);
    frame_release(frame);
    end(connection, CONNECTION_CLOSING, reason);
}

void connection_drop(struct connection *connection, const char *why)
{
    end(connection, CONNECTION_OVER, why);
}

bool connection_wants_write(const struct connection *connection)
{
    return connection->state != CONNECTION_OVER && connection->queue.count > 0;
}

/* One call of the kernel; false when it took nothing. */
static bool send_some(struct connection *connection)
{
    struct iovec parts[SEND_QUEUE_PARTS];
    uint64_t ping = 0;
    struct msghdr header = {.msg_iov = parts};
    header.msg_iovlen = send_queue_parts(&connection->queue, parts, &ping);
    if (ping != 0) {
        connection->pings[ping % PINGS_MAX] = clock_now();
        connection->ping_is_queued = false;
    }
    ssize_t sent = sendmsg(connection->descriptor, &header, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
        if (errno != EAGAIN && errno != EINTR)
            end_by_client(connection, CONNECTION_OVER, "broken");
        return errno == EINTR;
    }
    send_queue_remove(&connection->queue, (size_t)sent);
    return sent > 0;
}

/* The client has closed: once all that it said before is read, and answered, it is told so and heard no more. */
static void answer_close(struct connection *connection)
{
    connection_send(connection, connection->farewell);
    frame_release(connection->farewell);
    connection->farewell = NULL;
    end_by_client(connection, CONNECTION_CLOSING, "closed by the client");
}

void connection_flush(struct connection *connection)
{
    if (connection->farewell != NULL && connection->first == NULL)
        answer_close(connection);
    while (connection_wants_write(connection))
        if (!send_some(connection))
            return;
    /* The close frame was the last word. What the client still sends is read and forgotten, until it closes too:
       closing before that could make the kernel throw away what we sent. */
    if (connection->state == CONNECTION_CLOSING)
        shutdown(connection->descriptor, SHUT_WR);
}

/* --- Making and freeing --------------------------------------------------------------------------------------- */

struct connection *connection_new(int descriptor, const struct connection_limits *limits)
{
    static const struct wslay_event_callbacks callbacks = {.recv_callback = give_input,
                                                           .send_callback = take_output,
                                                           .on_frame_recv_start_callback = count_frame,
                                                           .on_msg_recv_callback = take_message};
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL)
        return NULL;
    if (wslay_event_context_server_init(&connection->reader, &callbacks, connection) != 0) {
        free(connection);
        return NULL;
    }
    wslay_event_config_set_max_recv_msg_length(connection->reader, limits->message_bytes);
    connection->limits = limits;
    connection->descriptor = descriptor;
    connection->why = "open";
    connection->last = &connection->first;
    connection->last_read = clock_now();
    connection->tokens = limits->message_burst * limits->message_period;
    connection->tokens_at = connection->last_read;
    connection->frames_since = connection->last_read;
    connection->queue.limit = limits->queue_bytes;
    connection->round_trip = -1;
    return connection;
}

void connection_free(struct connection *connection)
{
    if (connection == NULL)
        return;
    struct message *message;
    while ((message = connection_next(connection)) != NULL)
        free(message);
    frame_release(connection->farewell);
    send_queue_free(&connection->queue);
    wslay_event_context_free(connection->reader);
    /* A worker of the HTTP side may be parked on another descriptor of this socket: shutdown tells it. */
    shutdown(connection->descriptor, SHUT_RDWR);
    close(connection->descriptor);
    free(connection);
}

int connection_descriptor(const struct connection *connection)
{
    return connection->descriptor;
}

enum connection_state connection_state(const struct connection *connection)
{
    return connection->state;
}

const char *connection_why(const struct connection *connection)
{
    return connection->why;
}

bool connection_was_left(const struct connection *connection)
{
    return connection->was_left;
}

int64_t connection_last_read(const struct connection *connection)
{
    return connection->last_read;
}
