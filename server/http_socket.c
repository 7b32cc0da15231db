/* civetweb's side of a WebSocket's beginning. What comes after the handshake is the loops' business. */
#include "http_socket.h"

#include <civetweb.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "address_limit.h"
#include "clock.h"
#include "config.h"
#include "connection_count.h"
#include "http_exchange.h"
#include "log.h"
#include "loop.h"
#include "quotas.h"
#include "users.h"

/* What the kernel keeps of a WebSocket's messages for a client that does not read; the rest waits in our queue. */
#define SEND_BUFFER 131072

/* What ?code= may be at most, and what mg_get_var says of a longer one. */
#define CODE_SIZE 64
#define CODE_TOO_LONG (-2)

/* Whether one more connection from this address is within its limits; 0, or the status that it was refused with. */
static int check_address(const struct http_socket *socket, const struct http_exchange *exchange)
{
    const char *group = exchange->client.group;
    char extra[40];
    int64_t wait = 0;
    if (!address_limit_take(socket->quotas->requests, group, clock_now(), &wait)) {
        snprintf(extra, sizeof extra, "Retry-After: %d\r\n", (int)((wait + CLOCK_SECOND - 1) / CLOCK_SECOND));
        return http_exchange_problem(exchange, 429, "too many requests from this address", extra);
    }
    if (!connection_count_has_room(socket->quotas->connections, group))
        return http_exchange_problem(exchange, 429,
                                     "too many connections from this address (max_connections_per_address)",
                                     "Retry-After: 10\r\n");
    return 0;
}

/* Sixteen bytes in base64. */
static bool is_key(const char *key)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return key != NULL && strspn(key, digits) == 22 && strcmp(key + 22, "==") == 0;
}

/* RFC 6455, section 4.2.1; civetweb looks too, but not at all of it, and does not say what is wrong. */
static int check_handshake(const struct http_exchange *exchange)
{
    const char *upgrade = http_exchange_header(exchange, "Upgrade");
    const char *connection = http_exchange_header(exchange, "Connection");
    const char *version = http_exchange_header(exchange, "Sec-WebSocket-Version");
    if (strcmp(exchange->method, "GET") != 0)
        return http_exchange_problem(exchange, 405, "a WebSocket begins with GET", "Allow: GET\r\n");
    if (upgrade == NULL || strcasecmp(upgrade, "websocket") != 0)
        return http_exchange_problem(exchange, 426, "this is a WebSocket: Upgrade must be websocket",
                                     "Upgrade: websocket\r\n");
    if (connection == NULL || strcasestr(connection, "upgrade") == NULL)
        return http_exchange_problem(exchange, 426,
                                     "this is a WebSocket: Connection must be Upgrade, also from a proxy in between",
                                     "Upgrade: websocket\r\n");
    if (version == NULL || strcmp(version, "13") != 0)
        return http_exchange_problem(exchange, 426, "Sec-WebSocket-Version must be 13",
                                     "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
    if (!is_key(http_exchange_header(exchange, "Sec-WebSocket-Key")))
        return http_exchange_problem(exchange, 400, "Sec-WebSocket-Key must be 16 bytes in base64", "");
    return 0;
}

int http_socket_check(struct http_socket *socket, struct http_exchange *exchange)
{
    const char *authorization = http_exchange_header(exchange, "Authorization");
    const char *host = http_exchange_header(exchange, "Host");
    struct user user;
    int refused = check_handshake(exchange);
    if (refused != 0)
        return refused;
    if (exchange->origin == ORIGIN_FOREIGN)
        log_info("WebSocket refused, Origin and Host differ origin=%.100s host=%.100s remote=%s",
                 http_exchange_header(exchange, "Origin"), host != NULL ? host : "-", exchange->client.text);
    if (exchange->origin == ORIGIN_FOREIGN)
        return http_exchange_problem(exchange, 403, "a page of another site may not connect (allowed_origins)", "");
    if (!socket->door->config->enabled)
        return http_exchange_problem(exchange, 503, "SyncPlay is switched off on this server", "");
    if ((refused = check_address(socket, exchange)) != 0)
        return refused;
    if (authorization != NULL && !users_authorize(socket->users, authorization, &user))
        return http_exchange_problem(exchange, 401, "the token is not that of a user of this server", "");
    if (!loops_have_room(socket->loops))
        return http_exchange_problem(exchange, 503, "too many connections", "Retry-After: 10\r\n");
    /*
     * civetweb's connections are used again, and this is what one client's could hand to the next. The info is of this
     * request, and nobody else sees it: it may be written to.
     */
    ((struct mg_request_info *)(uintptr_t)exchange->info)->acceptedWebSocketSubprotocol = NULL;
    return 0;
}

static void adopt(struct mg_connection *connection, void *arg)
{
    struct http_socket *http = arg;
    struct http_exchange exchange;
    struct handover_pair pair;
    struct user user;
    char code[CODE_SIZE];
    int yes = 1;
    int send_buffer = SEND_BUFFER;
    if (!http_exchange_begin(&exchange, http->door, connection))
        return; /* it has gone in the meantime */
    const char *query = exchange.info->query_string == NULL ? "" : exchange.info->query_string;
    int code_length = mg_get_var(query, strlen(query), "code", code, sizeof code);
    bool has_code = code_length > 0 || code_length == CODE_TOO_LONG;
    if (code_length == CODE_TOO_LONG)
        snprintf(code, sizeof code, "?");
    bool is_user = users_authorize(http->users, http_exchange_header(&exchange, "Authorization"), &user);
    if (!handover_take(&http->handover, connection, &pair)) {
        if (errno == ENOTCONN)
            log_debug("WebSocket gone before it was taken over remote=%s", exchange.client.text);
        else
            log_error("WebSocket lost remote=%s reason=%s", exchange.client.text, strerror(errno));
        return;
    }
    setsockopt(pair.ours, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(pair.ours, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
    loops_adopt(http->loops, pair.ours, is_user ? &user : NULL, has_code ? code : NULL, &exchange.client);
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

void http_socket_set_up(struct http_socket *socket, struct mg_context *context)
{
    /* A list of none, because without a list civetweb would choose whatever a client offers. */
    static struct mg_websocket_subprotocols none;
    mg_set_websocket_handler_with_subprotocols(context, HTTP_SOCKET_PATH, &none, NULL, adopt, refuse_data, NULL,
                                               socket);
}
