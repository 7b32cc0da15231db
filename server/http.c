/*
 * The listener: civetweb reads requests and upgrades WebSockets; here is what they are answered with. civetweb serves no
 * file and writes no page of its own.
 */
#include "http.h"

#include <civetweb.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "address_limit.h"
#include "api.h"
#include "clock.h"
#include "config.h"
#include "connection_count.h"
#include "download.h"
#include "handover.h"
#include "http_client.h"
#include "listen_address.h"
#include "log.h"
#include "loop.h"
#include "media.h"
#include "page.h"
#include "quotas.h"
#include "users.h"

#define SOCKET_PATH "/api/v1/syncplay/ws"
#define MEDIA_PREFIX "/media/"
#define PROBLEM_TYPE "application/problem+json"

/* How long a request may take to come, and a client may not read, until the worker goes on to the next. */
#define REQUEST_TIMEOUT_MS "20000"
/* Connections that were accepted, and that the kernel accepted, before a worker has time. */
#define CONNECTION_QUEUE 512
#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)
#define LISTEN_BACKLOG "1024"
/* Descriptors for the database, the loops, the log and so on. */
#define OTHER_DESCRIPTORS 256

/* Workers that films never take, so that requests are answered; and how many films may always be sent at once. */
#define WORKERS_KEPT 16
#define DOWNLOADS_MIN 4
#define DOWNLOAD_CHUNK 65536

/* What the kernel keeps of a WebSocket's messages for a client that does not read; the rest waits in our queue. */
#define SOCKET_SEND_BUFFER 131072

/* What ?code= may be at most, and what mg_get_var says of a longer one. */
#define CODE_SIZE 64
#define CODE_TOO_LONG (-2)

#define HEADER_MAX 2048

/* How long the end waits for requests under way. */
#define STOP_PATIENCE_MS 500

#define CONTENT_SECURITY                                                                                               \
    "default-src 'self'; media-src * blob: data:; img-src 'self' data: blob:; connect-src 'self' ws: wss:; "           \
    "style-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'"

struct http {
    const struct config *config;
    struct api *api;
    struct users *users;
    struct loops *loops;
    struct quotas *quotas;
    struct handover handover;
    struct mg_context *context;
    char address[LISTEN_ADDRESS_SIZE];
    int port;
    int downloads_max;
    atomic_int downloads;
    atomic_int requests; /* of the API, under way */
};

/* --- Writing a response ------------------------------------------------------------------------------------------- */

struct header {
    char text[HEADER_MAX];
    size_t length;
};

static void add(struct header *header, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct header *header, const char *format, ...)
{
    va_list arguments;
    size_t room = sizeof header->text - header->length;
    va_start(arguments, format);
    int length = vsnprintf(header->text + header->length, room, format, arguments);
    va_end(arguments);
    if (length > 0)
        header->length += (size_t)length < room ? (size_t)length : room - 1;
}

static void begin(struct header *header, struct mg_connection *connection, int status)
{
    char date[40];
    struct tm utc;
    time_t now = time(NULL);
    gmtime_r(&now, &utc);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc);
    header->length = 0;
    add(header, "HTTP/1.1 %d %s\r\nDate: %s\r\nConnection: close\r\nX-Content-Type-Options: nosniff\r\n", status,
        mg_get_response_code_text(connection, status), date);
    if (status == 401)
        add(header, "WWW-Authenticate: Bearer\r\n");
}

static bool is_head(struct mg_connection *connection)
{
    const char *method = mg_get_request_info(connection)->request_method;
    return method != NULL && strcmp(method, "HEAD") == 0;
}

/* Ends the header with the body's type and length, and writes both. */
static void finish(struct header *header, struct mg_connection *connection, const char *type, const void *body,
                   size_t length)
{
    if (type != NULL)
        add(header, "Content-Type: %s\r\n", type);
    add(header, "Content-Length: %zu\r\n\r\n", length);
    mg_write(connection, header->text, header->length);
    if (length > 0 && !is_head(connection))
        mg_write(connection, body, length);
}

/* RFC 9457; `detail` needs no escaping. `extra` is header lines. */
static int send_problem(struct mg_connection *connection, int status, const char *detail, const char *extra)
{
    struct header header;
    char body[512];
    int length = snprintf(body, sizeof body, "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}",
                          mg_get_response_code_text(connection, status), status, detail);
    begin(&header, connection, status);
    add(&header, "Cache-Control: no-store\r\n%s", extra);
    finish(&header, connection, PROBLEM_TYPE, body, (size_t)length);
    return status;
}

/* --- The API ------------------------------------------------------------------------------------------------------ */

static void send_response(struct mg_connection *connection, const struct http_response *response)
{
    struct header header;
    begin(&header, connection, response->status);
    add(&header, "Cache-Control: no-store\r\n");
    if (response->location[0] != '\0')
        add(&header, "Location: %s\r\n", response->location);
    if (response->retry_after > 0)
        add(&header, "Retry-After: %d\r\n", response->retry_after);
    if (response->allow[0] != 0)
        add(&header, "Allow: %s\r\n", response->allow);
    finish(&header, connection, response->content_type, response->body, response->body_length);
}

/*
 * Reads the body. Returns 0, or the status that says what is wrong with it. *body is to be freed.
 */
static int read_body(struct mg_connection *connection, char **body, size_t *length)
{
    long long announced = mg_get_request_info(connection)->content_length;
    const char *expect = mg_get_header(connection, "Expect");
    size_t size = announced >= 0 ? (size_t)announced : HTTP_BODY_MAX + 1;
    *body = NULL;
    *length = 0;
    if (announced > HTTP_BODY_MAX)
        return 413;
    *body = malloc(size + 1);
    if (*body == NULL)
        return 503;
    if (size > 0 && expect != NULL && strcasecmp(expect, "100-continue") == 0)
        mg_printf(connection, "HTTP/1.1 100 Continue\r\n\r\n");
    while (*length < size) {
        int count = mg_read(connection, *body + *length, size - *length);
        if (count <= 0)
            break;
        *length += (size_t)count;
    }
    (*body)[*length] = '\0';
    if (*length > HTTP_BODY_MAX)
        return 413;
    return announced > 0 && *length < size ? 400 : 0;
}

static int serve_api(struct http *http, struct mg_connection *connection, const struct mg_request_info *info)
{
    char *body;
    struct client_address client = http_client(info, &http->config->trusted_proxies);
    struct http_response response = {0};
    struct http_request request = {.method = is_head(connection) ? "GET" : info->request_method,
                                   .path = info->local_uri,
                                   .query = info->query_string,
                                   .authorization = mg_get_header(connection, "Authorization"),
                                   .content_type = mg_get_header(connection, "Content-Type"),
                                   .client = &client};
    atomic_fetch_add(&http->requests, 1);
    int error = read_body(connection, &body, &request.body_length);
    if (error == 0) {
        request.body = body;
        api_handle(http->api, &request, &response);
        send_response(connection, &response);
        log_debug("request %s %s status=%d remote=%s", info->request_method, info->local_uri, response.status,
                  client.text);
    } else {
        response.status = send_problem(connection, error,
                                       error == 413   ? "the body has more than " TEXT(HTTP_BODY_MAX) " bytes"
                                       : error == 400 ? "the body is shorter than its Content-Length"
                                                      : "no memory",
                                       "");
    }
    atomic_fetch_sub(&http->requests, 1);
    free(response.body);
    free(body);
    return response.status;
}

/* --- The page ----------------------------------------------------------------------------------------------------- */

/* FNV-1a: enough to tell two builds of a file apart. */
static uint64_t hash(const unsigned char *bytes, const unsigned char *end)
{
    uint64_t value = UINT64_C(0xcbf29ce484222325);
    for (; bytes < end; bytes++)
        value = (value ^ *bytes) * UINT64_C(0x100000001b3);
    return value;
}

static int serve_page(struct mg_connection *connection, const struct page_file *file)
{
    struct header header;
    char etag[24];
    const char *known = mg_get_header(connection, "If-None-Match");
    snprintf(etag, sizeof etag, "\"%016" PRIx64 "\"", hash(file->bytes, file->end));
    int status = known != NULL && strstr(known, etag) != NULL ? 304 : 200;
    begin(&header, connection, status);
    /* The address of the page may hold a code to join by: it is nobody else's business. */
    add(&header, "Cache-Control: no-cache\r\nETag: %s\r\nReferrer-Policy: no-referrer\r\n", etag);
    add(&header, "Content-Security-Policy: " CONTENT_SECURITY "\r\n");
    if (status == 304) {
        add(&header, "\r\n");
        mg_write(connection, header.text, header.length);
    } else {
        finish(&header, connection, file->type, file->bytes, (size_t)(file->end - file->bytes));
    }
    return status;
}

/* --- Films -------------------------------------------------------------------------------------------------------- */

static void send_bytes(struct mg_connection *connection, const struct download *download)
{
    char *chunk = malloc(DOWNLOAD_CHUNK);
    int64_t at = download->first;
    int64_t end = at + download->length;
    while (chunk != NULL && at < end) {
        size_t wanted = end - at < DOWNLOAD_CHUNK ? (size_t)(end - at) : DOWNLOAD_CHUNK;
        ssize_t count = pread(download->descriptor, chunk, wanted, at);
        if (count <= 0 || mg_write(connection, chunk, (size_t)count) != count)
            break; /* the client sees that it is short, and asks again */
        at += count;
    }
    free(chunk);
}

static void send_download(struct mg_connection *connection, const struct download *download, const char *type)
{
    struct header header;
    begin(&header, connection, download->status);
    add(&header, "Accept-Ranges: bytes\r\nETag: %s\r\nLast-Modified: %s\r\n", download->etag, download->modified);
    add(&header, "Cache-Control: private, max-age=3600\r\nReferrer-Policy: no-referrer\r\n");
    if (download->status == 206)
        add(&header, "Content-Range: bytes %" PRId64 "-%" PRId64 "/%" PRId64 "\r\n", download->first,
            download->first + download->length - 1, download->size);
    if (download->status == 416)
        add(&header, "Content-Range: bytes */%" PRId64 "\r\n", download->size);
    if (download->status != 304)
        add(&header, "Content-Type: %s\r\nContent-Length: %" PRId64 "\r\n", type, download->length);
    add(&header, "\r\n");
    mg_write(connection, header.text, header.length);
    if (!is_head(connection))
        send_bytes(connection, download);
}

static int serve_media(struct http *http, struct mg_connection *connection, const char *path)
{
    char file[4096];
    struct download download;
    struct download_headers headers = {.range = mg_get_header(connection, "Range"),
                                       .if_range = mg_get_header(connection, "If-Range"),
                                       .if_none_match = mg_get_header(connection, "If-None-Match")};
    if (http->config->media[0] == '\0' || !media_resolve(http->config->media, path, file, sizeof file) ||
        !download_open(&download, file, &headers))
        return send_problem(connection, 404, "no such film", "");
    int status = download.status;
    if (atomic_fetch_add(&http->downloads, 1) >= http->downloads_max)
        status = send_problem(connection, 503, "too many films are being sent, try again", "Retry-After: 2\r\n");
    else
        send_download(connection, &download, media_type(file));
    atomic_fetch_sub(&http->downloads, 1);
    download_close(&download);
    return status;
}

/* --- WebSockets --------------------------------------------------------------------------------------------------- */

/* Whether one more connection from this address is within its limits; 0, or the status that it was refused with. */
static int check_address(struct http *http, struct mg_connection *connection, const struct client_address *client)
{
    char extra[40];
    int64_t wait = 0;
    if (!address_limit_take(http->quotas->requests, client->group, clock_now(), &wait)) {
        snprintf(extra, sizeof extra, "Retry-After: %d\r\n", (int)((wait + CLOCK_SECOND - 1) / CLOCK_SECOND));
        return send_problem(connection, 429, "too many requests from this address", extra);
    }
    if (!connection_count_has_room(http->quotas->connections, client->group))
        return send_problem(connection, 429, "too many connections from this address (max_connections_per_address)",
                            "Retry-After: 10\r\n");
    return 0;
}

/* Before the handshake. 0 to go on with it, or the status that it was refused with. */
static int check_upgrade(struct http *http, struct mg_connection *connection, struct mg_request_info *info)
{
    const char *upgrade = mg_get_header(connection, "Upgrade");
    const char *authorization = mg_get_header(connection, "Authorization");
    struct client_address client = http_client(info, &http->config->trusted_proxies);
    struct user user;
    if (strcmp(info->request_method, "GET") != 0)
        return send_problem(connection, 405, "a WebSocket begins with GET", "Allow: GET\r\n");
    if (upgrade == NULL || strcasecmp(upgrade, "websocket") != 0)
        return send_problem(connection, 426, "this is a WebSocket", "Upgrade: websocket\r\n");
    if (!http->config->enabled)
        return send_problem(connection, 503, "SyncPlay is switched off on this server", "");
    int refused = check_address(http, connection, &client);
    if (refused != 0)
        return refused;
    if (authorization != NULL && !users_authorize(http->users, authorization, &user))
        return send_problem(connection, 401, "the token is not that of a user of this server", "");
    if (!loops_have_room(http->loops))
        return send_problem(connection, 503, "too many connections", "Retry-After: 10\r\n");
    /* civetweb's connections are used again, and this is what one client's could hand to the next. */
    info->acceptedWebSocketSubprotocol = NULL;
    return 0;
}

static void adopt(struct mg_connection *connection, void *arg)
{
    struct http *http = arg;
    const struct mg_request_info *info = mg_get_request_info(connection);
    struct client_address client = http_client(info, &http->config->trusted_proxies);
    struct handover_pair pair;
    struct user user;
    char code[CODE_SIZE];
    int yes = 1;
    int send_buffer = SOCKET_SEND_BUFFER;
    const char *query = info->query_string == NULL ? "" : info->query_string;
    int code_length = mg_get_var(query, strlen(query), "code", code, sizeof code);
    if (code_length == CODE_TOO_LONG)
        snprintf(code, sizeof code, "?");
    bool is_user = users_authorize(http->users, mg_get_header(connection, "Authorization"), &user);
    if (!handover_take(&http->handover, connection, &pair)) {
        log_error("WebSocket lost: no descriptor remote=%s", client.text);
        return;
    }
    setsockopt(pair.ours, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(pair.ours, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
    bool has_code = code_length > 0 || code_length == CODE_TOO_LONG;
    loops_adopt(http->loops, pair.ours, is_user ? &user : NULL, has_code ? code : NULL, &client);
    handover_finish(&http->handover, &pair);
}

/* What a client has sent together with its handshake stays with civetweb: such a connection cannot be used. */
static int refuse_data(struct mg_connection *connection, int bits, char *data, size_t length, void *arg)
{
    (void)connection;
    (void)bits;
    (void)data;
    (void)length;
    (void)arg;
    return 0;
}

/* --- civetweb's callbacks ----------------------------------------------------------------------------------------- */

static bool begins_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/*
 * Whether everybody who sees the request agrees on where it ends: a proxy in front of us that reads it otherwise would
 * take the rest for somebody else's.
 */
static bool is_unambiguous(const struct mg_request_info *info)
{
    int lengths = 0;
    int encodings = 0;
    for (int i = 0; i < info->num_headers; i++) {
        lengths += strcasecmp(info->http_headers[i].name, "Content-Length") == 0;
        encodings += strcasecmp(info->http_headers[i].name, "Transfer-Encoding") == 0;
    }
    return lengths + encodings <= 1;
}

static int serve(struct mg_connection *connection)
{
    struct http *http = mg_get_user_context_data(connection);
    const struct mg_request_info *info = mg_get_request_info(connection);
    const char *path = info->local_uri;
    if (path == NULL || path[0] != '/')
        return send_problem(connection, 400, "the request's target is not a path", "");
    if (!is_unambiguous(info))
        return send_problem(connection, 400, "more than one Content-Length or Transfer-Encoding", "");
    if (strcmp(path, SOCKET_PATH) == 0) /* its own request, and nobody else sees it: it may be written to */
        return check_upgrade(http, connection, (struct mg_request_info *)(uintptr_t)info);
    if (begins_with(path, "/api/") || strcmp(path, "/healthz") == 0)
        return serve_api(http, connection, info);
    if (strcmp(info->request_method, "GET") != 0 && strcmp(info->request_method, "HEAD") != 0)
        return send_problem(connection, 405, "only GET and HEAD are possible here", "Allow: GET, HEAD\r\n");
    if (begins_with(path, MEDIA_PREFIX))
        return serve_media(http, connection, path + strlen(MEDIA_PREFIX));
    const struct page_file *file = page_find(path);
    return file != NULL ? serve_page(connection, file) : send_problem(connection, 404, "no such page", "");
}

static int send_error(struct mg_connection *connection, int status, const char *message)
{
    (void)message; /* may hold what the client sent */
    send_problem(connection, status, "the request cannot be answered", "");
    return 0;
}

static int take_log(const struct mg_connection *connection, const char *message)
{
    (void)connection;
    log_debug("civetweb: %s", message);
    return 1;
}

/* Before the first request. The context is civetweb's own and not really const. */
static void set_up(const struct mg_context *context)
{
    struct http *http = mg_get_user_data(context);
    /* A list of none, because without a list civetweb would choose whatever a client offers. */
    static struct mg_websocket_subprotocols none;
    mg_set_websocket_handler_with_subprotocols((struct mg_context *)(uintptr_t)context, SOCKET_PATH, &none, NULL, adopt,
                                               refuse_data, NULL, http);
}

/* --- Its life ----------------------------------------------------------------------------------------------------- */

int http_descriptors(const struct config *config)
{
    return OTHER_DESCRIPTORS + CONNECTION_QUEUE + 2 * (int)config->http_threads;
}

static bool start_civetweb(struct http *http)
{
    /* No log_access: civetweb would call localtime, which is not safe among threads, to prepare a line. */
    static const struct mg_callbacks callbacks = {.begin_request = serve,
                                                  .http_error = send_error,
                                                  .log_message = take_log,
                                                  .init_context = set_up};
    char threads[16];
    uint32_t parked = http->config->max_connections;
    if (parked > HANDOVER_PARKED_MAX)
        parked = HANDOVER_PARKED_MAX;
    snprintf(threads, sizeof threads, "%u", http->config->http_threads + (http->handover.is_parking ? parked : 0));
    const char *options[] = {"listening_ports", http->address,
                             "num_threads", threads,
                             "request_timeout_ms", REQUEST_TIMEOUT_MS,
                             "connection_queue", TEXT(CONNECTION_QUEUE),
                             "listen_backlog", LISTEN_BACKLOG,
                             "tcp_nodelay", "1",
                             "enable_keep_alive", "no",
                             "enable_directory_listing", "no",
                             "enable_auth_domain_check", "no",
                             "access_control_allow_origin", "",
                             "access_control_allow_methods", "",
                             "access_control_allow_headers", "",
                             NULL};
    http->context = mg_start(&callbacks, http, options);
    return http->context != NULL;
}

static void learn_port(struct http *http)
{
    struct mg_server_port port = {0};
    mg_get_server_ports(http->context, 1, &port);
    http->port = port.port;
    char *colon = strrchr(http->address, ':');
    snprintf(colon, sizeof http->address - (size_t)(colon - http->address), ":%d", port.port);
}

struct http *http_start(const struct config *config, struct api *api, struct users *users, struct loops *loops,
                        struct quotas *quotas, char *why, size_t why_size)
{
    struct http *http = calloc(1, sizeof *http);
    if (http == NULL) {
        snprintf(why, why_size, "out of memory");
        return NULL;
    }
    http->config = config;
    http->api = api;
    http->users = users;
    http->loops = loops;
    http->quotas = quotas;
    http->downloads_max = (int)config->http_threads - WORKERS_KEPT;
    if (http->downloads_max < DOWNLOADS_MIN)
        http->downloads_max = DOWNLOADS_MIN;
    if (!listen_address(config->listen, http->address, why, why_size)) {
        free(http);
        return NULL;
    }
    mg_init_library(MG_FEATURES_WEBSOCKET);
    if (handover_init(&http->handover, http_descriptors(config), (int)config->max_connections, why, why_size)) {
        if (http->handover.is_parking)
            loops_limit(loops, HANDOVER_PARKED_MAX);
        if (start_civetweb(http)) {
            learn_port(http);
            return http;
        }
        snprintf(why, why_size, "cannot start HTTP on %s (log_level debug tells more)", http->address);
        handover_close(&http->handover);
    }
    mg_exit_library();
    free(http);
    return NULL;
}

const char *http_address(const struct http *http)
{
    return http->address;
}

void http_stop(struct http *http)
{
    if (http == NULL)
        return;
    handover_hang_up(&http->handover, http->port, HANDOVER_LISTENING);
    for (int waited = 0; waited < STOP_PATIENCE_MS && atomic_load(&http->requests) > 0; waited++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    /* What is left are films, and clients that say nothing. */
    handover_hang_up(&http->handover, http->port, HANDOVER_CONNECTED);
    mg_stop(http->context);
    mg_exit_library();
    handover_close(&http->handover);
    free(http);
}
