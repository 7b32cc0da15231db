/* HTTP and WebSocket: see server.h. */
#include "server.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include <cjson/cJSON.h>
#include <sha1.h>

#include "clock.h"

#define ANSWER_MAX (1 << 20)
#define MESSAGE_MAX (1 << 20)
#define SILENCE_MAX (20 * SECOND) /* it is pinged each five */
#define PATIENCE_MAX (15 * SECOND)

/* --- Requests ----------------------------------------------------------------------------------------------------- */

struct answer {
    char *bytes;
    size_t length;
};

static size_t take_answer(char *bytes, size_t size, size_t count, void *user)
{
    struct answer *answer = user;
    const size_t length = size * count;
    char *grown = answer->length + length > ANSWER_MAX ? NULL : realloc(answer->bytes, answer->length + length + 1);
    if (grown == NULL) {
        return 0;
    }
    memcpy(grown + answer->length, bytes, length);
    answer->bytes = grown;
    answer->length += length;
    grown[answer->length] = '\0';
    return length;
}

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(object, name));
    return text == NULL ? "" : text;
}

/* Posts `body` and frees it. NULL: it says why. */
static cJSON *post(struct server *server, const char *path, cJSON *body)
{
    char address[2200];
    char authorization[4200];
    char why[CURL_ERROR_SIZE] = "";
    struct answer answer = {NULL, 0};
    char *text = cJSON_PrintUnformatted(body);
    CURL *request = curl_easy_init();
    snprintf(address, sizeof address, "%s/api/v1%s", server->url, path);
    snprintf(authorization, sizeof authorization, "Authorization: Bearer %s", server->token);
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    if (server->token[0] != '\0') {
        headers = curl_slist_append(headers, authorization);
    }
    curl_easy_setopt(request, CURLOPT_URL, address);
    curl_easy_setopt(request, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(request, CURLOPT_POSTFIELDS, text);
    curl_easy_setopt(request, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(request, CURLOPT_TIMEOUT, 20L);
    curl_easy_setopt(request, CURLOPT_ERRORBUFFER, why);
    curl_easy_setopt(request, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(request, CURLOPT_WRITEDATA, &answer);
    long status = 0;
    const CURLcode result = curl_easy_perform(request);
    curl_easy_getinfo(request, CURLINFO_RESPONSE_CODE, &status);
    cJSON *object = result == CURLE_OK ? cJSON_Parse(answer.bytes) : NULL;
    if (result != CURLE_OK) {
        fprintf(stderr, "The server cannot be reached: %s\n", why[0] != '\0' ? why : curl_easy_strerror(result));
    } else if (status / 100 != 2 || object == NULL) {
        const char *detail = text_of(object, "detail");
        fprintf(stderr, "The server says: %s (%ld)\n", detail[0] != '\0' ? detail : "something odd", status);
        cJSON_Delete(object);
        object = NULL;
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(request);
    cJSON_free(text);
    cJSON_Delete(body);
    free(answer.bytes);
    return object;
}

bool server_sign_in(struct server *server, const char *name)
{
    cJSON *body = cJSON_CreateObject();
    server->multi = curl_multi_init();
    cJSON_AddStringToObject(body, "name", name);
    cJSON *user = post(server, "/users", body);
    const int length = snprintf(server->token, sizeof server->token, "%s", text_of(user, "token"));
    cJSON_Delete(user);
    if (user != NULL && (length < 1 || length >= (int)sizeof server->token)) {
        fprintf(stderr, "%s is no syncplay-server.\n", server->url);
    }
    return length > 0 && length < (int)sizeof server->token;
}

/* A random UUID: what is watched needs an id, and a film of our own has none. */
static void random_id(char id[static 37])
{
    unsigned char bytes[16] = {0};
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) {
        abort();
    }
    bytes[6] = (unsigned char)(0x40 | (bytes[6] & 0x0f));
    bytes[8] = (unsigned char)(0x80 | (bytes[8] & 0x3f));
    for (size_t i = 0, at = 0; i < sizeof bytes; i++) {
        at += (size_t)snprintf(id + at, 37 - at, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", bytes[i]);
    }
}

bool server_create(struct server *server, const char *title, const char *url, char code[static 65])
{
    char id[37];
    random_id(id);
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "content_type", "movie");
    cJSON_AddStringToObject(body, "content_id", id);
    cJSON_AddStringToObject(body, "title", title);
    cJSON_AddStringToObject(body, "visibility", "public");
    if (url != NULL) {
        cJSON_AddStringToObject(body, "url", url);
    }
    cJSON *session = post(server, "/syncplay/sessions", body);
    const int length = snprintf(code, 65, "%s", text_of(session, "code"));
    cJSON_Delete(session);
    return length > 0;
}

/* --- Losing the connection, and trying again ---------------------------------------------------------------------- */

static void hang_up(struct server *server)
{
    if (server->frames != NULL) {
        wslay_event_context_free(server->frames);
        server->frames = NULL;
    }
    if (server->connection != NULL) {
        curl_multi_remove_handle(server->multi, server->connection);
        curl_easy_cleanup(server->connection);
        server->connection = NULL;
    }
    server->stage = SERVER_AWAY;
}

/* 0.5, 1, 2, 4 ... 15 seconds, give or take a quarter, so that not all come back at the same instant. */
static void lose(struct server *server, const char *why)
{
    char words[CURL_ERROR_SIZE]; /* `why` may be in what is put away here */
    unsigned char chance = 0;
    snprintf(words, sizeof words, "%s", why);
    hang_up(server);
    int64_t wait = SECOND / 2 << (server->tries < 5 ? server->tries : 5);
    wait = wait > PATIENCE_MAX ? PATIENCE_MAX : wait;
    if (getrandom(&chance, 1, GRND_NONBLOCK) == 1) {
        wait += wait * (chance - 128) / 512;
    }
    server->next_try = now() + wait;
    server->tries++;
    server->lost(server->user, words);
}

/* --- The handshake (RFC 6455, 4.1) -------------------------------------------------------------------------------- */

static void base64(char *text, const unsigned char *bytes, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        const unsigned left = (unsigned)(length - i);
        const unsigned three = (unsigned)bytes[i] << 16 | (left > 1 ? (unsigned)bytes[i + 1] << 8 : 0) |
                               (left > 2 ? bytes[i + 2] : 0);
        *text++ = digits[three >> 18];
        *text++ = digits[three >> 12 & 63];
        *text++ = '=';
        *text++ = '=';
        text[-2] = left > 1 ? digits[three >> 6 & 63] : '=';
        text[-1] = left > 2 ? digits[three & 63] : '=';
    }
    *text = '\0';
}

/* Its value in the head, without the space around; NULL: there is no such line. Changes the head: ask once for each. */
static char *header(char *head, const char *name)
{
    const size_t length = strlen(name);
    for (char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line + 2, "\r\n")) {
        char *value = line + 2 + length + 1;
        if (strncasecmp(line + 2, name, length) == 0 && value[-1] == ':') {
            value += strspn(value, " \t");
            value[strcspn(value, " \t\r")] = '\0';
            return value;
        }
    }
    return NULL;
}

static bool is_accepted(const struct server *server, const char *accept)
{
    char text[64];
    char expected[29];
    unsigned char digest[SHA1_DIGEST_LENGTH];
    SHA1_CTX sha1;
    const int length = snprintf(text, sizeof text, "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", server->key);
    SHA1Init(&sha1);
    SHA1Update(&sha1, (const uint8_t *)text, (size_t)length);
    SHA1Final(digest, &sha1);
    base64(expected, digest, sizeof digest);
    return accept != NULL && strcmp(accept, expected) == 0;
}

static void greet(struct server *server)
{
    char request[8192];
    unsigned char bytes[16];
    const char *host = strstr(server->url, "://") + 3;
    const size_t host_length = strcspn(host, "/");
    size_t sent = 0;
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) {
        abort();
    }
    base64(server->key, bytes, sizeof bytes);
    const int length = snprintf(request, sizeof request,
                                "GET %s/api/v1/syncplay/ws HTTP/1.1\r\nHost: %.*s\r\nUpgrade: websocket\r\n"
                                "Connection: Upgrade\r\nSec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n"
                                "Authorization: Bearer %s\r\n\r\n",
                                host + host_length, (int)host_length, host, server->key, server->token);
    /* It is the first on a fresh connection and small, so it goes as a whole. */
    const size_t size = length > 0 && length < (int)sizeof request ? (size_t)length : 0;
    if (size == 0 || curl_easy_send(server->connection, request, size, &sent) != CURLE_OK || sent != size) {
        lose(server, "the handshake could not be sent");
        return;
    }
    server->head_length = 0;
    server->read_at = now();
    server->stage = SERVER_GREETED;
}

/* --- Frames ------------------------------------------------------------------------------------------------------- */

static ssize_t read_bytes(struct server *server, void *bytes, size_t length)
{
    size_t got = 0;
    const int64_t at = now();
    const CURLcode result = curl_easy_recv(server->connection, bytes, length, &got);
    if (result == CURLE_OK && got > 0) {
        server->read_at = at;
        return (ssize_t)got;
    }
    return result == CURLE_AGAIN ? 0 : -1;
}

static ssize_t on_recv(wslay_event_context_ptr frames, uint8_t *bytes, size_t length, int flags, void *user)
{
    struct server *server = user;
    (void)flags;
    const size_t rest = server->head_length - server->head_read;
    if (rest > 0) {
        length = length < rest ? length : rest;
        memcpy(bytes, server->head + server->head_read, length);
        server->head_read += length;
        return (ssize_t)length;
    }
    const ssize_t got = read_bytes(server, bytes, length);
    if (got <= 0) {
        wslay_event_set_error(frames, got == 0 ? WSLAY_ERR_WOULDBLOCK : WSLAY_ERR_CALLBACK_FAILURE);
        return -1;
    }
    return got;
}

static ssize_t on_send(wslay_event_context_ptr frames, const uint8_t *bytes, size_t length, int flags, void *user)
{
    struct server *server = user;
    size_t sent = 0;
    (void)flags;
    const CURLcode result = curl_easy_send(server->connection, bytes, length, &sent);
    if (result != CURLE_OK) {
        wslay_event_set_error(frames, result == CURLE_AGAIN ? WSLAY_ERR_WOULDBLOCK : WSLAY_ERR_CALLBACK_FAILURE);
        return -1;
    }
    return (ssize_t)sent;
}

static int on_mask(wslay_event_context_ptr frames, uint8_t *bytes, size_t length, void *user)
{
    (void)frames;
    (void)user;
    return getrandom(bytes, length, 0) == (ssize_t)length ? 0 : -1;
}

static void on_message(wslay_event_context_ptr frames, const struct wslay_event_on_msg_recv_arg *message, void *user)
{
    struct server *server = user;
    (void)frames;
    if (message->opcode == WSLAY_TEXT_FRAME) {
        server->received(server->user, server->read_at, (const char *)message->msg, message->msg_length);
    } else if (message->opcode == WSLAY_CONNECTION_CLOSE && message->msg_length > 2) {
        snprintf(server->why, sizeof server->why, "%.*s", (int)message->msg_length - 2, (const char *)message->msg + 2);
    }
}

static void open_frames(struct server *server)
{
    static const struct wslay_event_callbacks callbacks = {
        .recv_callback = on_recv,
        .send_callback = on_send,
        .genmask_callback = on_mask,
        .on_msg_recv_callback = on_message,
    };
    if (wslay_event_context_client_init(&server->frames, &callbacks, server) != 0) {
        lose(server, "not enough memory");
        return;
    }
    wslay_event_config_set_max_recv_msg_length(server->frames, MESSAGE_MAX);
    server->stage = SERVER_UP;
    server->tries = 0;
    server->why[0] = '\0';
    server->opened(server->user);
}

static void read_head(struct server *server)
{
    const ssize_t got = read_bytes(server, server->head + server->head_length, SERVER_HEAD_MAX - server->head_length);
    server->head_length += got > 0 ? (size_t)got : 0;
    server->head[server->head_length] = '\0';
    char *end = strstr(server->head, "\r\n\r\n");
    if (end == NULL) {
        if (got < 0 || server->head_length == SERVER_HEAD_MAX) {
            lose(server, "it did not answer the handshake");
        }
        return;
    }
    server->head_read = (size_t)(end + 4 - server->head);
    end[2] = '\0';
    int status = 0;
    sscanf(server->head, "HTTP/1.1 %3d", &status);
    if (status == 101 && is_accepted(server, header(server->head, "Sec-WebSocket-Accept"))) {
        open_frames(server);
        return;
    }
    char why[60];
    snprintf(why, sizeof why, "it answered the handshake with %d", status);
    server->is_refused = status == 401 || status == 403;
    lose(server, why);
}

/* --- Doors -------------------------------------------------------------------------------------------------------- */

static void dial(struct server *server)
{
    server->connection = curl_easy_init();
    server->why[0] = '\0';
    curl_easy_setopt(server->connection, CURLOPT_URL, server->url);
    curl_easy_setopt(server->connection, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(server->connection, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(server->connection, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1); /* no upgrade in HTTP/2 */
    curl_easy_setopt(server->connection, CURLOPT_HTTPPROXYTUNNEL, 1L);                       /* if there is a proxy */
    curl_easy_setopt(server->connection, CURLOPT_CONNECTTIMEOUT, 10L);
    curl_easy_setopt(server->connection, CURLOPT_ERRORBUFFER, server->why);
    curl_multi_add_handle(server->multi, server->connection);
    server->stage = SERVER_CONNECTING;
}

static void look_whether_connected(struct server *server)
{
    int count = 0;
    curl_multi_perform(server->multi, &count);
    const CURLMsg *message = curl_multi_info_read(server->multi, &count);
    if (message == NULL || message->msg != CURLMSG_DONE) {
        return;
    }
    const CURLcode result = message->data.result;
    if (result != CURLE_OK) {
        lose(server, server->why[0] != '\0' ? server->why : curl_easy_strerror(result));
        return;
    }
    curl_easy_getinfo(server->connection, CURLINFO_ACTIVESOCKET, &server->socket);
    greet(server);
}

static void exchange(struct server *server)
{
    const bool failed = wslay_event_recv(server->frames) != 0 || wslay_event_send(server->frames) != 0;
    if (failed || (!wslay_event_want_read(server->frames) && !wslay_event_want_write(server->frames))) {
        lose(server, server->why[0] != '\0' ? server->why : "connection closed");
    }
}

void server_turn(struct server *server)
{
    if (server->stage == SERVER_AWAY && !server->is_refused && now() >= server->next_try) {
        dial(server);
    }
    if (server->stage == SERVER_CONNECTING) {
        look_whether_connected(server);
    }
    if (server->stage == SERVER_GREETED) {
        read_head(server);
    }
    if (server->stage == SERVER_UP) {
        exchange(server);
    }
    if (server->stage >= SERVER_GREETED && now() - server->read_at > SILENCE_MAX) {
        lose(server, "nothing is heard of the server");
    }
}

void server_wait(struct server *server, int64_t instant, struct curl_waitfd *others, unsigned count)
{
    struct curl_waitfd watched[8] = {{.fd = server->socket, .events = CURL_WAIT_POLLIN}};
    const unsigned own = server->stage >= SERVER_GREETED ? 1 : 0;
    if (server->stage == SERVER_UP && wslay_event_want_write(server->frames)) {
        watched[0].events |= CURL_WAIT_POLLOUT;
    }
    count = count > 7 ? 7 : count;
    memcpy(watched + own, others, count * sizeof *others);
    int64_t left = instant - now();
    left = left < 0 ? 0 : left > 60 * SECOND ? 60 * SECOND : left;
    curl_multi_poll(server->multi, watched, own + count, (int)((left + 999) / 1000), NULL);
    for (unsigned i = 0; i < count; i++) {
        others[i].revents = watched[own + i].revents;
    }
}

void server_send(struct server *server, const char *bytes, size_t length)
{
    const struct wslay_event_msg message = {WSLAY_TEXT_FRAME, (const uint8_t *)bytes, length};
    if (server->stage == SERVER_UP && wslay_event_queue_msg(server->frames, &message) == 0) {
        wslay_event_send(server->frames); /* what fails here is noticed in server_turn */
    }
}

int64_t server_deadline(const struct server *server)
{
    const bool will_try = server->stage == SERVER_AWAY && !server->is_refused;
    return server->stage >= SERVER_GREETED ? server->read_at + SILENCE_MAX + 1000
           : will_try                      ? server->next_try
                                           : INT64_MAX;
}

void server_end(struct server *server)
{
    if (server->stage == SERVER_UP) {
        wslay_event_queue_close(server->frames, WSLAY_CODE_NORMAL_CLOSURE, NULL, 0);
        wslay_event_send(server->frames);
    }
    hang_up(server);
    curl_multi_cleanup(server->multi);
}
