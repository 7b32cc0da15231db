/*
 * Bytes as what a client sends over a WebSocket, in pieces of as many bytes as the first one says. What comes out of
 * it, and what is answered, is held against another reading of RFC 6455 (frame_rules.h).
 */
// clang-format off
// needs: server/clock.o server/connection.o server/frame.o server/json.o server/message_type.o server/metrics.o server/metrics_text.o server/send_queue.o
// clang-format on
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "connection.h"
#include "frame_rules.h"
#include "json.h"
#include "message_type.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MESSAGE_MAX 200
/* So few that they are below the limit of frames a second. */
#define INPUT_MAX 4000
#define PARTS_MAX (INPUT_MAX / 6 + 1)

/* --- What is expected --------------------------------------------------------------------------------------------- */

/* A whole message or a whole control frame, unmasked. */
struct part {
    unsigned opcode;
    size_t begin, length;
};

struct expected {
    enum frame_outcome outcome;
    unsigned status; /* of the close frame that answers; 0 for any, or for none */
    struct part parts[PARTS_MAX];
    size_t count;
    char bytes[INPUT_MAX]; /* of all parts */
    size_t length;
    bool has_pong; /* one that answers our ping */
};

/* The message that is under way. */
struct under_way {
    bool is_there;
    unsigned opcode;
    char bytes[MESSAGE_MAX];
    size_t length;
};

static void add_part(struct expected *expected, unsigned opcode, const char *bytes, size_t length)
{
    expected->parts[expected->count++] = (struct part){opcode, expected->length, length};
    memcpy(expected->bytes + expected->length, bytes, length);
    expected->length += length;
}

static bool end(struct expected *expected, enum frame_outcome outcome, unsigned status)
{
    expected->outcome = outcome;
    expected->status = status;
    return false;
}

static bool expect_close(struct expected *expected, const char *bytes, size_t length)
{
    unsigned status = length >= 2 ? (unsigned)(uint8_t)bytes[0] << 8 | (uint8_t)bytes[1] : 0;
    int is_good = length == 0 ? 1 : length == 1 ? 0 : frame_rules_status(status);
    if (length > 2 && frame_rules_utf8(bytes + 2, length - 2) != 0)
        return end(expected, FRAMES_FAIL, is_good == 1 ? 1007 : 0);
    if (is_good == 0)
        return end(expected, FRAMES_FAIL, 1002);
    return end(expected, is_good < 0 ? FRAMES_WAIT : FRAMES_CLOSE, status);
}

static bool expect_control(struct expected *expected, unsigned opcode, const char *bytes, size_t length)
{
    static const char serial[8] = {[7] = 1};
    if (opcode == FRAME_RULES_CLOSE)
        return expect_close(expected, bytes, length);
    if (opcode == FRAME_RULES_PING)
        add_part(expected, opcode, bytes, length);
    else if (length == sizeof serial && memcmp(bytes, serial, sizeof serial) == 0)
        expected->has_pong = true;
    return true;
}

/* One frame of a message, or the `length` first bytes of it. */
static bool expect_data(struct expected *expected, struct under_way *message, const struct frame_head *head,
                        const char *bytes, size_t length)
{
    if (head->opcode != FRAME_RULES_CONTINUES)
        *message = (struct under_way){.is_there = true, .opcode = head->opcode};
    memcpy(message->bytes + message->length, bytes, length);
    message->length += length;
    bool is_whole = length == head->length && head->is_final;
    int rest = message->opcode == FRAME_RULES_TEXT ? frame_rules_utf8(message->bytes, message->length) : 0;
    if (rest < 0 || (rest > 0 && is_whole))
        return end(expected, FRAMES_FAIL, 1007);
    if (is_whole) {
        add_part(expected, message->opcode, message->bytes, message->length);
        message->is_there = false;
    }
    return true;
}

/* One frame, of which `count` bytes are there; false at the end. */
static bool expect_frame(struct expected *expected, struct under_way *message, const uint8_t *frame, size_t count,
                         size_t *used)
{
    struct frame_head head;
    char bytes[INPUT_MAX];
    if (!frame_rules_head(frame, count, &head))
        return end(expected, count < 2 ? FRAMES_GO_ON : FRAMES_WAIT, 0);
    size_t length = count - head.size < head.length ? count - head.size : (size_t)head.length;
    bool continues = head.opcode == FRAME_RULES_CONTINUES;
    bool is_out_of_turn = !frame_rules_is_control(&head) && continues != message->is_there;
    if (head.length > 0 && length == 0)
        return end(expected, FRAMES_WAIT, 0);
    if (!frame_rules_is_good(&head) || !head.is_masked || is_out_of_turn)
        return end(expected, FRAMES_FAIL, 1002);
    if (!frame_rules_is_control(&head) && (continues ? message->length : 0) + head.length > MESSAGE_MAX)
        return end(expected, FRAMES_FAIL, 1009);
    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)(frame[head.size + i] ^ head.mask[i % 4]);
    *used = head.size + length;
    if (!frame_rules_is_control(&head))
        return expect_data(expected, message, &head, bytes, length);
    if (length < head.length)
        return end(expected, FRAMES_WAIT, 0); /* of a close, what is wrong may be seen */
    return expect_control(expected, head.opcode, bytes, length);
}

static void expect(struct expected *expected, const uint8_t *bytes, size_t count)
{
    struct under_way message = {.is_there = false};
    size_t used = 0;
    expected->outcome = FRAMES_GO_ON;
    for (; count > 0 && expect_frame(expected, &message, bytes, count, &used); count -= used)
        bytes += used;
}

/* --- What happens ------------------------------------------------------------------------------------------------- */

/* A connection, and what has come out of it at both ends. */
struct world {
    struct connection *connection;
    int client;
    struct text told;    /* to the client */
    struct text message; /* all text messages, each with its length before it */
};

static void drain(struct world *world)
{
    char bytes[4096];
    ssize_t count;
    connection_flush(world->connection);
    while ((count = recv(world->client, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
        text_add(&world->told, bytes, (size_t)count);
}

/* The type of a message is what a parser of JSON says it is, whatever else is in it. */
static void check_type(const struct message *message)
{
    char type[MESSAGE_TYPE_SIZE], why[160];
    const char *parsed = NULL;
    char *exact = malloc(message->length + (message->length == 0));
    CHECK(exact != NULL);
    memcpy(exact, message->bytes, message->length);
    message_type(exact, message->length, type);
    CHECK(strlen(type) < MESSAGE_TYPE_SIZE && strchr(type, '\\') == NULL);
    struct json *json = json_read(exact, message->length, why, sizeof why);
    if (json != NULL && memchr(exact, '\\', message->length) == NULL) {
        if (json_get_text(json, "type", &parsed) != JSON_FOUND || strlen(parsed) >= MESSAGE_TYPE_SIZE)
            parsed = "";
        CHECK_TOLD(strcmp(type, parsed) == 0, type);
    }
    json_free(json);
    free(exact);
}

static void take_messages(struct world *world)
{
    struct message *message;
    while ((message = connection_next(world->connection)) != NULL) {
        check_type(message);
        text_print(&world->message, "%zu:", message->length);
        text_add(&world->message, message->bytes, message->length);
        free(message);
    }
}

static void send_all(struct world *world, const uint8_t *bytes, size_t length, size_t piece)
{
    static struct connection_scratch scratch;
    for (size_t at = 0; at < length && connection_state(world->connection) == CONNECTION_OPEN; at += piece) {
        piece = piece < length - at ? piece : length - at;
        CHECK(send(world->client, bytes + at, piece, MSG_NOSIGNAL) == (ssize_t)piece);
        connection_read(world->connection, &scratch);
        take_messages(world);
        drain(world);
    }
}

/* --- Whether both agree ------------------------------------------------------------------------------------------- */

static void check_messages(struct world *world, const struct expected *expected)
{
    struct text all = {0};
    bool has_binary = false;
    for (size_t i = 0; i < expected->count; i++) {
        const struct part *part = &expected->parts[i];
        has_binary = has_binary || part->opcode == FRAME_RULES_BINARY;
        if (part->opcode != FRAME_RULES_TEXT)
            continue;
        text_print(&all, "%zu:", part->length);
        text_add(&all, expected->bytes + part->begin, part->length);
    }
    CHECK_TOLD(all.length == world->message.length &&
                   (all.length == 0 || memcmp(all.bytes, world->message.bytes, all.length) == 0),
               text_of(&world->message));
    CHECK(connection_notices(world->connection) == (has_binary ? CONNECTION_NOTICE_BINARY : 0));
    text_free(&all);
}

/* The next frame that the client was told: whole, and as a server writes it. */
static bool next_frame(const struct text *told, size_t *at, struct frame_head *head, const char **payload)
{
    if (*at == told->length)
        return false;
    CHECK(frame_rules_head((const uint8_t *)told->bytes + *at, told->length - *at, head));
    CHECK(frame_rules_is_good(head) && !head->is_masked && head->is_final);
    CHECK(head->length <= told->length - *at - head->size);
    *payload = told->bytes + *at + head->size;
    *at += head->size + head->length;
    return true;
}

/* Our ping, an answer to each of theirs in turn (after its end nobody waits for one), and at the end a close. */
static void check_told(const struct world *world, const struct expected *expected, bool is_closed)
{
    size_t at = 0, next = 0;
    const char *payload;
    struct frame_head head;
    CHECK(next_frame(&world->told, &at, &head, &payload) && head.opcode == FRAME_RULES_PING && head.length == 8);
    while (next_frame(&world->told, &at, &head, &payload) && head.opcode == FRAME_RULES_PONG) {
        while (next < expected->count && expected->parts[next].opcode != FRAME_RULES_PING)
            next++;
        CHECK(next < expected->count && expected->parts[next].length == head.length);
        CHECK(memcmp(payload, expected->bytes + expected->parts[next++].begin, head.length) == 0);
    }
    bool has_close = head.opcode == FRAME_RULES_CLOSE;
    CHECK(has_close == is_closed && at == world->told.length);
    while (next < expected->count && expected->parts[next].opcode != FRAME_RULES_PING)
        next++;
    CHECK(next == expected->count || expected->outcome != FRAMES_GO_ON);
    if (!has_close)
        return;
    unsigned status = head.length >= 2 ? (unsigned)(uint8_t)payload[0] << 8 | (uint8_t)payload[1] : 0;
    CHECK(head.length == 0 || frame_rules_status(status) == 1 || expected->outcome == FRAMES_WAIT);
    CHECK(head.length <= 2 || frame_rules_utf8(payload + 2, head.length - 2) == 0);
    if (expected->outcome == FRAMES_CLOSE || (expected->outcome == FRAMES_FAIL && expected->status != 0))
        CHECK(status == expected->status);
}

/* A frame of ours, whatever its length. */
static void check_frame(size_t length)
{
    static const char payload[70000];
    struct frame_head head;
    struct frame *frame = frame_new(FRAME_TEXT, payload, length);
    CHECK(frame != NULL && frame_rules_head(frame_bytes(frame), frame_length(frame), &head));
    CHECK(frame_rules_is_good(&head) && head.is_final && !head.is_masked && head.opcode == FRAME_RULES_TEXT);
    CHECK(head.length == length && frame_length(frame) == head.size + length);
    frame_release(frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct connection_limits limits = {.queue_bytes = 1 << 20,
                                                    .message_bytes = MESSAGE_MAX,
                                                    .message_burst = INPUT_MAX,
                                                    .message_count = 1,
                                                    .message_period = 1};
    static struct expected expected;
    int pair[2];
    int64_t round_trip;
    if (size < 3 || size > INPUT_MAX)
        return 0;
    check_frame(((size_t)data[0] << 8 | data[1]) + (data[2] < 100 ? data[2] : 0));
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    struct world world = {.connection = connection_new(pair[0], &limits), .client = pair[1]};
    CHECK(world.connection != NULL);
    connection_ping(world.connection);
    drain(&world);
    send_all(&world, data + 1, size - 1, 1 + data[0]);
    expected = (struct expected){.outcome = FRAMES_GO_ON};
    expect(&expected, data + 1, size - 1);
    bool is_open = connection_state(world.connection) == CONNECTION_OPEN;
    CHECK(expected.outcome == FRAMES_WAIT || is_open == (expected.outcome == FRAMES_GO_ON));
    check_messages(&world, &expected);
    check_told(&world, &expected, !is_open);
    CHECK(connection_round_trip(world.connection, &round_trip) == expected.has_pong);
    text_free(&world.told);
    text_free(&world.message);
    connection_free(world.connection);
    close(world.client);
    return 0;
}
