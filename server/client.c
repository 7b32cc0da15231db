/* One client of the real-time side: what the server itself says to it, and when. */
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "connection_count.h"
#include "json.h"
#include "json_writer.h"
#include "metrics.h"
#include "quotas.h"

/* After how long the first pings go; then one each CLIENT_PING_INTERVAL. */
static const int64_t quick_pings[] = {100 * CLOCK_MILLISECOND, 400 * CLOCK_MILLISECOND, CLOCK_SECOND};
#define QUICK_PINGS (sizeof quick_pings / sizeof *quick_pings)

/* The longest message of the server's own: a name of which each byte is escaped, and what is around it. */
#define ANSWER_MAX 1024

#define CODE_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -"

static void send_text(struct client *client, const char *text)
{
    struct frame *frame = frame_new(FRAME_TEXT, text, strlen(text));
    connection_send(client->connection, frame);
    frame_release(frame);
}

void client_send_error(struct client *client, const char *code, const char *message)
{
    char text[ANSWER_MAX];
    snprintf(text, sizeof text, "{\"type\":\"error\",\"code\":\"%s\",\"message\":\"%s\"}", code, message);
    metrics_count(METRIC_ERRORS_TOLD, code);
    send_text(client, text);
}

/* Copies a name as the inside of a JSON string. Names have no control characters: users_create checks. */
static void escape_name(char *escaped, size_t size, const char *name)
{
    size_t length = 0;
    for (; *name != '\0' && length + 3 < size; name++) {
        if (*name == '"' || *name == '\\')
            escaped[length++] = '\\';
        escaped[length++] = *name;
    }
    escaped[length] = '\0';
}

static void send_authenticated(struct client *client)
{
    char text[ANSWER_MAX];
    char id[SYNCPLAY_ID_SIZE];
    char name[2 * sizeof client->user.name];
    syncplay_id_format(&client->user.id, id);
    escape_name(name, sizeof name, client->user.name);
    snprintf(text, sizeof text, "{\"type\":\"authenticated\",\"user\":{\"user_id\":\"%s\",\"name\":\"%s\"}}", id, name);
    send_text(client, text);
}

/* ?code= is a join that the client need not send: it goes first. */
static void join_by_code(struct client *client)
{
    char text[CLIENT_CODE_SIZE + 64];
    if (client->code[0] == '\0')
        return;
    int length = snprintf(text, sizeof text, "{\"type\":\"join\",\"session_code\":\"%s\"}", client->code);
    struct message *join = message_new(text, (size_t)length, connection_last_read(client->connection));
    if (join == NULL)
        connection_drop(client->connection, "no memory");
    else
        connection_unread(client->connection, join);
}

/* What is no letter or digit becomes a question mark: it is put into a message. The hub says what is wrong with it. */
static void keep_code(struct client *client, const char *code)
{
    size_t length = 0;
    for (; *code != '\0' && length < sizeof client->code - 1; code++)
        client->code[length++] = strchr(CODE_CHARACTERS, *code) != NULL ? *code : '?';
    client->code[length] = '\0';
}

/* It is this user's from now on, unless they have as many as they may have: then it closes. */
static void recognise(struct client *client, const struct user *user)
{
    if (!connection_count_take_user(client->context->quotas->connections, &user->id)) {
        client_send_error(client, "limit", "there are as many connections of this user as there may be");
        connection_close(client->connection, FRAME_POLICY, "too many connections of one user");
        return;
    }
    client->user = *user;
    client->is_authenticated = true;
}

struct client *client_new(const struct client_context *context, int descriptor, const struct user *user,
                          const char *code, const struct client_address *from)
{
    struct client *client = calloc(1, sizeof *client);
    if (client == NULL)
        return NULL;
    client->context = context;
    client->from = *from;
    client->connection = connection_new(descriptor, &context->connection);
    if (client->connection == NULL) {
        free(client);
        return NULL;
    }
    client->is_counted = connection_count_take_address(context->quotas->connections, from->group);
    client->adopted = clock_now();
    client->user.expires = INT64_MAX;
    client_hurry_pings(client, client->adopted);
    if (code != NULL)
        keep_code(client, code);
    if (!client->is_counted) /* another one came first, after its handshake was let pass */
        connection_close(client->connection, FRAME_POLICY, "too many connections from this address");
    else if (user != NULL)
        recognise(client, user);
    if (client->is_authenticated)
        join_by_code(client);
    return client;
}

void client_free(struct client *client)
{
    struct connection_count *connections = client->context->quotas->connections;
    if (client->is_authenticated)
        connection_count_give_user(connections, &client->user.id);
    if (client->is_counted)
        connection_count_give_address(connections, client->from.group);
    connection_free(client->connection);
    free(client);
}

/* --- Who it is ---------------------------------------------------------------------------------------------------- */

static void refuse(struct client *client, const char *message)
{
    char text[ANSWER_MAX];
    snprintf(text, sizeof text,
             "{\"type\":\"error\",\"code\":\"unauthorized\",\"message\":\"%s\",\"in_reply_to\":\"auth\"}", message);
    metrics_count(METRIC_ERRORS_TOLD, "unauthorized");
    send_text(client, text);
}

static void authenticate(struct client *client, const struct message *message)
{
    char token[USERS_BEARER_MAX + 1];
    struct user user;
    if (!json_auth_token(message->bytes, message->length, token, sizeof token)) {
        client_send_error(client, "unauthorized", "the first message has to be auth, with a token");
        return;
    }
    if (users_find(client->context->users, token, strlen(token), &user)) {
        recognise(client, &user);
        if (client->is_authenticated) {
            send_authenticated(client);
            join_by_code(client);
        }
        return;
    }
    refuse(client, "token is not that of a user of this server");
    if (++client->wrong_tokens >= CLIENT_WRONG_TOKENS_MAX)
        connection_close(client->connection, FRAME_POLICY, "too many wrong tokens");
}

static void tell_limits(struct client *client)
{
    unsigned notices = connection_notices(client->connection);
    if (notices & CONNECTION_NOTICE_BINARY)
        client_send_error(client, "malformed", "messages are text frames only");
    int64_t now = connection_last_read(client->connection);
    if ((notices & CONNECTION_NOTICE_RATE) && now - client->rate_told >= CLOCK_SECOND) {
        const struct connection_limits *limits = &client->context->connection;
        char sentence[128];
        snprintf(sentence, sizeof sentence, "at most %u messages in %d s, and %u at once; the others are lost",
                 limits->message_count, (int)(limits->message_period / CLOCK_SECOND), limits->message_burst);
        client_send_error(client, "rate_limited", sentence);
        client->rate_told = now;
    }
}

void client_answer(struct client *client)
{
    struct message *message;
    tell_limits(client);
    while (!client->is_authenticated && (message = connection_next(client->connection)) != NULL) {
        metrics_count(METRIC_MESSAGES_RECEIVED, "auth");
        if (connection_state(client->connection) == CONNECTION_OPEN)
            authenticate(client, message);
        free(message);
    }
}

/* --- Joins that are refused -------------------------------------------------------------------------------------- */

/* The join's own command_id, which its answer carries, as everywhere. */
static void put_command_id(struct json_writer *writer, const struct message *join)
{
    char why[128];
    const char *id = NULL;
    struct json *object = json_read(join->bytes, join->length, why, sizeof why);
    if (object != NULL && json_get_text(object, "command_id", &id) == JSON_FOUND)
        json_put_text(writer, "command_id", id);
    json_free(object);
}

void client_refuse_join(struct client *client, const struct message *join, const char *why, int seconds)
{
    struct json_writer writer = {0};
    char sentence[128];
    size_t length;
    snprintf(sentence, sizeof sentence, "%s, wait %d s", why, seconds);
    json_put_object(&writer, NULL);
    json_put_text(&writer, "type", "error");
    json_put_text(&writer, "code", "rate_limited");
    json_put_text(&writer, "message", sentence);
    json_put_text(&writer, "in_reply_to", "join");
    metrics_count(METRIC_ERRORS_TOLD, "rate_limited");
    put_command_id(&writer, join);
    json_end(&writer);
    char *text = json_finish(&writer, &length);
    if (text != NULL)
        send_text(client, text);
    free(text);
    if (++client->refused_joins > CLIENT_REFUSED_JOINS_MAX)
        connection_close(client->connection, FRAME_POLICY, "too many joins that were refused");
}

/* --- Time --------------------------------------------------------------------------------------------------------- */

void client_hurry_pings(struct client *client, int64_t now)
{
    client->quick_pings = 0;
    client->next_ping = now + quick_pings[0];
}

static bool is_somebody(const struct client *client)
{
    struct user user;
    return !client->is_authenticated || users_get(client->context->users, &client->user.id, &user);
}

static void ping(struct client *client, int64_t now)
{
    connection_ping(client->connection);
    client->quick_pings += client->quick_pings < QUICK_PINGS;
    if (client->quick_pings < QUICK_PINGS)
        client->next_ping = now + quick_pings[client->quick_pings] - quick_pings[client->quick_pings - 1];
    else
        client->next_ping = now + CLIENT_PING_INTERVAL;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t client_due(const struct client *client)
{
    return earlier(client->next_ping, client->user.expires);
}

static int64_t look_after_closing(struct client *client, int64_t now)
{
    if (client->closing_since == 0)
        client->closing_since = now;
    if (now - client->closing_since >= CLIENT_CLOSE_TIMEOUT)
        connection_drop(client->connection, "did not close");
    return client->closing_since + CLIENT_CLOSE_TIMEOUT;
}

int64_t client_look_after(struct client *client, int64_t now)
{
    int64_t silence_ends = connection_last_read(client->connection) + CLIENT_SILENCE_MAX;
    int64_t auth_ends = client->is_authenticated ? INT64_MAX : client->adopted + CLIENT_AUTH_TIMEOUT;
    if (connection_state(client->connection) == CONNECTION_OPEN) {
        if (now >= silence_ends)
            connection_drop(client->connection, "silent");
        else if (now >= auth_ends)
            connection_close(client->connection, FRAME_POLICY, "not authenticated in time");
        else if (now >= client->user.expires)
            connection_close(client->connection, FRAME_POLICY, "the token has expired");
        else if (now >= client->next_ping && !is_somebody(client))
            connection_close(client->connection, FRAME_POLICY, "the user has been deleted");
        else if (now >= client->next_ping)
            ping(client, now);
    }
    if (connection_state(client->connection) != CONNECTION_OPEN)
        return look_after_closing(client, now);
    return earlier(client_due(client), earlier(silence_ends, auth_ends));
}
