/*
 * The listener: civetweb reads requests and upgrades WebSockets; here is what they are answered with. civetweb serves
 * no file and writes no page of its own.
 */
#include "http.h"

#include <civetweb.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api.h"
#include "clock.h"
#include "config.h"
#include "connection_count.h"
#include "handover.h"
#include "http_exchange.h"
#include "http_files.h"
#include "http_patience.h"
#include "http_socket.h"
#include "listen_address.h"
#include "log.h"
#include "loop.h"
#include "metrics.h"
#include "page.h"
#include "tls_front.h"

#define MEDIA_PREFIX "/media/"

/* How long what is left of a body may still come when the answer is known: who closes sooner may lose the answer. */
#define REST_OF_BODY CLOCK_SECOND
/* One address may have a part of the workers wait for its bodies, but not fewer than a few. Further ones have to hurry.
 */
#define HURRY (200 * CLOCK_MILLISECOND)
#define BODIES_PART 4
#define BODIES_LEAST 4
/* Connections that were accepted, and that the kernel accepted, before a worker has time. */
#define CONNECTION_QUEUE 512
#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)
#define LISTEN_BACKLOG "1024"
/* Descriptors for the database, the loops, the log and so on. */
#define OTHER_DESCRIPTORS 256

/* How long the end waits for requests under way, and for what was said to be sent. */
#define STOP_PATIENCE_MS 500

/* "https://1.2.3.4:8080" */
#define URL_SIZE (LISTEN_ADDRESS_SIZE + 8)

struct http {
    const struct config *config;
    struct api *api;
    struct http_door door;
    struct http_socket socket;
    struct http_films films;
    struct http_patience patience;
    struct connection_count *bodies; /* under way, by address */
    struct mg_context *context;
    struct tls_front *front; /* NULL without TLS */
    int inner_port;          /* civetweb's: with a front, not the one that clients know */
    char url[URL_SIZE];
    atomic_int requests; /* of the API, under way */
};

/* --- The API ------------------------------------------------------------------------------------------------------ */

static bool begins_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static void send_response(const struct http_exchange *exchange, const struct http_response *response)
{
    struct http_headers headers;
    http_exchange_answer(exchange, &headers, HTTP_DATA, response->status);
    http_headers_add(&headers, "Cache-Control: no-store\r\n");
    if (response->location[0] != '\0')
        http_headers_add(&headers, "Location: %s\r\n", response->location);
    if (response->retry_after > 0)
        http_headers_add(&headers, "Retry-After: %d\r\n", response->retry_after);
    if (response->allow[0] != '\0')
        http_headers_add(&headers, "Allow: %s\r\n", response->allow);
    if (response->allow[0] != '\0' && strcmp(exchange->method, "OPTIONS") == 0)
        http_policy_add_preflight(&headers, response->allow, &exchange->asker);
    http_exchange_send(exchange, &headers, response->content_type, response->body, response->body_length);
}

static int refuse_body(const struct http_exchange *exchange, int status)
{
    return http_exchange_problem(exchange, status,
                                 status == 413   ? "the body has more than " TEXT(HTTP_BODY_MAX) " bytes"
                                 : status == 400 ? "the body is shorter than its Content-Length"
                                 : status == 429 ? "too many slow requests from this address at the same time"
                                 : status == 408 ? "the body did not come in time (request_timeout)"
                                                 : "no memory",
                                 status == 429 ? "Retry-After: 1\r\n" : "");
}

/* Those who watch over the server are not its users. */
static void count_request(const struct http_exchange *exchange, int status)
{
    const char class[] = {(char)('0' + status / 100 % 10), 'x', 'x', '\0'};
    if (begins_with(exchange->path, "/api/"))
        metrics_count(METRIC_REST_REQUESTS, class);
}

static int serve_api(struct http *http, const struct http_exchange *exchange)
{
    char *body = NULL;
    struct http_response response = {0};
    struct http_request request = {.method = http_exchange_is_head(exchange) ? "GET" : exchange->method,
                                   .path = exchange->path,
                                   .query = exchange->info->query_string,
                                   .authorization = http_exchange_header(exchange, "Authorization"),
                                   .content_type = http_exchange_header(exchange, "Content-Type"),
                                   .client = &exchange->client};
    atomic_fetch_add(&http->requests, 1);
    int error = 0;
    if (api_expects(http->api, &request, &response) &&
        (error = http_exchange_read_body(exchange, &body, &request.body_length)) == 0) {
        request.body = body;
        api_handle(http->api, &request, &response);
    }
    if (error != 0)
        response.status = refuse_body(exchange, error);
    else
        send_response(exchange, &response);
    log_debug("request method=%s path=%s status=%d remote=%s", exchange->method, exchange->path, response.status,
              exchange->client.text);
    count_request(exchange, response.status);
    atomic_fetch_sub(&http->requests, 1);
    free(response.body);
    free(body);
    return response.status;
}

/* --- civetweb's callbacks ----------------------------------------------------------------------------------------- */

static int answer(struct http *http, struct http_exchange *exchange)
{
    const char *path = exchange->path;
    if (strcmp(path, HTTP_SOCKET_PATH) == 0)
        return http_socket_check(&http->socket, exchange);
    if (begins_with(path, "/api/") || begins_with(path, "/healthz") || strcmp(path, "/metrics") == 0)
        return serve_api(http, exchange);
    if (strcmp(exchange->method, "GET") != 0 && !http_exchange_is_head(exchange))
        return http_exchange_problem(exchange, 405, "only GET and HEAD are possible here", "Allow: GET, HEAD\r\n");
    if (begins_with(path, MEDIA_PREFIX))
        return http_films_serve(&http->films, exchange, path + strlen(MEDIA_PREFIX));
    const struct page_file *file = page_find(path);
    return file != NULL ? http_page_serve(exchange, file) : http_exchange_problem(exchange, 404, "no such page", "");
}

/*
 * A worker is the client's until the body is there. That has limits: in all; and beyond so many of one address, a body
 * is to come at once, as most do.
 */
static int answer_with_body(struct http *http, struct http_exchange *exchange)
{
    struct http_wait wait;
    int status;
    bool is_counted = connection_count_take_address(http->bodies, exchange->client.group);
    http_patience_begin(&http->patience, &wait, exchange->connection,
                        is_counted ? http->config->request_timeout : HURRY);
    exchange->wait = &wait;
    exchange->is_hurried = !is_counted;
    if (strcmp(exchange->path, HTTP_SOCKET_PATH) == 0 || begins_with(exchange->path, MEDIA_PREFIX))
        status = http_exchange_problem(exchange, 400, "a body is not possible here", "");
    else
        status = answer(http, exchange);
    http_patience_hurry(&http->patience, &wait, is_counted ? REST_OF_BODY : HURRY);
    http_exchange_drain(exchange);
    http_patience_end(&http->patience, &wait);
    exchange->wait = NULL;
    if (is_counted)
        connection_count_give_address(http->bodies, exchange->client.group);
    return status;
}

static int serve(struct mg_connection *connection)
{
    struct http *http = mg_get_user_context_data(connection);
    struct http_exchange exchange;
    if (!http_exchange_begin(&exchange, &http->door, connection))
        return http_exchange_problem(&exchange, 403, "this port is for the server alone", "");
    const char *path = exchange.path;
    if (path == NULL || path[0] != '/')
        return http_exchange_problem(&exchange, 400, "the request's target is not a path", "");
    if (!http_exchange_decode_path(&exchange))
        return http_exchange_problem(&exchange, 400, "the request's target has a zero byte", "");
    if (!http_exchange_is_unambiguous(&exchange))
        return http_exchange_problem(
            &exchange, 400,
            "the body's length is not one Content-Length of digits, or a header has a blank in its name", "");
    return http_exchange_has_body(&exchange) ? answer_with_body(http, &exchange) : answer(http, &exchange);
}

static int send_error(struct mg_connection *connection, int status, const char *message)
{
    struct http *http = mg_get_user_context_data(connection);
    struct http_exchange exchange;
    (void)message; /* may hold what the client sent */
    http_exchange_begin(&exchange, &http->door, connection);
    http_exchange_problem(&exchange, status, "the request cannot be answered", "");
    return 0;
}

static int take_log(const struct mg_connection *connection, const char *message)
{
    (void)connection;
    log_debug("civetweb says something text=%s", message);
    return 1;
}

/* Before the first request. The context is civetweb's own and not really const. */
static void set_up(const struct mg_context *context)
{
    struct http *http = mg_get_user_data(context);
    http_socket_set_up(&http->socket, (struct mg_context *)(uintptr_t)context);
}

/* --- Its life ----------------------------------------------------------------------------------------------------- */

int http_descriptors(const struct config *config)
{
    return OTHER_DESCRIPTORS + CONNECTION_QUEUE + 2 * (int)config->http_threads;
}

static bool start_civetweb(struct http *http, const char *address)
{
    struct mg_server_port port = {0};
    /* No log_access: civetweb would call localtime, which is not safe among threads, to prepare a line. */
    static const struct mg_callbacks callbacks = {
        .begin_request = serve, .http_error = send_error, .log_message = take_log, .init_context = set_up};
    char threads[16];
    char timeout[16];
    uint32_t parked = http->config->max_connections;
    if (parked > HANDOVER_PARKED_MAX)
        parked = HANDOVER_PARKED_MAX;
    snprintf(threads, sizeof threads, "%u",
             http->config->http_threads + (http->socket.handover.is_parking ? parked : 0));
    snprintf(timeout, sizeof timeout, "%d", (int)(http->config->request_timeout / CLOCK_MILLISECOND));
    /* clang-format off */
    const char *options[] = {"listening_ports", address,
                             "num_threads", threads,
                             "request_timeout_ms", timeout,
                             "connection_queue", TEXT(CONNECTION_QUEUE),
                             "listen_backlog", LISTEN_BACKLOG,
                             "tcp_nodelay", "1",
                             "enable_keep_alive", "no",
                             "decode_url", "no",
                             "enable_directory_listing", "no",
                             "enable_auth_domain_check", "no",
                             "access_control_allow_origin", "",
                             "access_control_allow_methods", "",
                             "access_control_allow_headers", "",
                             NULL};
    /* clang-format on */
    http->context = mg_start(&callbacks, http, options);
    if (http->context == NULL)
        return false;
    mg_get_server_ports(http->context, 1, &port);
    http->inner_port = port.port;
    return true;
}

/* civetweb alone; or TLS at the address, and civetweb behind it for nobody else. */
static bool start_listening(struct http *http, struct sockaddr_in *address, char *why, size_t why_size)
{
    char text[LISTEN_ADDRESS_SIZE] = "127.0.0.1:0";
    if (http->front == NULL)
        listen_address_write(address, text);
    if (!start_civetweb(http, text)) {
        snprintf(why, why_size, "cannot start HTTP on %s (log_level debug tells more)", text);
        return false;
    }
    if (http->front != NULL &&
        !tls_front_listen(http->front, address, http->inner_port, http->socket.handover.floor, why, why_size)) {
        mg_stop(http->context);
        return false;
    }
    int port = http->front != NULL ? tls_front_port(http->front) : http->inner_port;
    address->sin_port = htons((in_port_t)port);
    listen_address_write(address, text);
    snprintf(http->url, sizeof http->url, "%s://%s", http->front != NULL ? "https" : "http", text);
    return true;
}

/* What waits for bodies. */
static bool start_reading(struct http *http, char *why, size_t why_size)
{
    uint32_t threads = http->config->http_threads;
    uint32_t most = threads / BODIES_PART > BODIES_LEAST ? threads / BODIES_PART : BODIES_LEAST;
    http->bodies = connection_count_new(threads, most, 1);
    if (http->bodies != NULL && http_patience_start(&http->patience, &http->socket.handover))
        return true;
    connection_count_free(http->bodies);
    snprintf(why, why_size, "out of memory");
    return false;
}

static void stop_reading(struct http *http)
{
    http_patience_stop(&http->patience);
    connection_count_free(http->bodies);
}

static bool start(struct http *http, char *why, size_t why_size)
{
    const struct config *config = http->config;
    struct handover *handover = &http->socket.handover;
    struct sockaddr_in address;
    if (!listen_address(config->listen, &address, why, why_size))
        return false;
    if (tls_front_is_wanted(config) && (http->front = tls_front_new(config, why, why_size)) == NULL)
        return false;
    http->door.front = http->front;
    mg_init_library(MG_FEATURES_WEBSOCKET);
    if (handover_init(handover, http_descriptors(config), (int)config->max_connections, why, why_size)) {
        if (handover->is_parking)
            loops_limit(http->socket.loops, HANDOVER_PARKED_MAX);
        if (start_reading(http, why, why_size)) {
            if (start_listening(http, &address, why, why_size))
                return true;
            stop_reading(http);
        }
        handover_close(handover);
    }
    mg_exit_library();
    return false;
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
    http->door = (struct http_door){.config = config};
    http->socket = (struct http_socket){.door = &http->door, .users = users, .loops = loops, .quotas = quotas};
    http_films_init(&http->films, config->media, (int)config->http_threads);
    if (start(http, why, why_size))
        return http;
    tls_front_stop(http->front, 0);
    free(http);
    return NULL;
}

const char *http_url(const struct http *http)
{
    return http->url;
}

bool http_reload(struct http *http, char *why, size_t why_size)
{
    return http->front == NULL || tls_front_reload(http->front, why, why_size);
}

void http_stop(struct http *http)
{
    if (http == NULL)
        return;
    if (http->front != NULL)
        tls_front_close(http->front);
    handover_hang_up(&http->socket.handover, http->inner_port, HANDOVER_LISTENING);
    for (int waited = 0; waited < STOP_PATIENCE_MS && atomic_load(&http->requests) > 0; waited++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    /* What is left are films, and clients that say nothing. */
    handover_hang_up(&http->socket.handover, http->inner_port, HANDOVER_CONNECTED);
    mg_stop(http->context);
    mg_exit_library();
    stop_reading(http);
    handover_close(&http->socket.handover);
    tls_front_stop(http->front, STOP_PATIENCE_MS);
    free(http);
}
