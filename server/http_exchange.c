/* Reading a request and writing its answer, through civetweb's functions for both. */
#include "http_exchange.h"

#include <civetweb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "config.h"
#include "http.h"
#include "http_client.h"
#include "http_patience.h"
#include "tls_front.h"

#define PROBLEM_TYPE "application/problem+json"

/* Who it is, and whether over HTTPS. */
static bool find_client(struct http_exchange *exchange)
{
    const struct mg_request_info *info = exchange->info;
    const struct tls_front *front = exchange->door->front;
    char peer[ADDRESS_SIZE];
    snprintf(peer, sizeof peer, "%s", info->remote_addr);
    if (front != NULL && !tls_front_peer(front, info->remote_addr, info->remote_port, peer))
        return false;
    exchange->client = http_client(info, peer, &exchange->door->config->trusted_proxies);
    exchange->asker.is_https = front != NULL || exchange->client.is_https;
    return true;
}

static void find_origin(struct http_exchange *exchange)
{
    const char *origin = http_exchange_header(exchange, "Origin");
    exchange->origin = origin_of(origin, http_exchange_header(exchange, "Host"), exchange->asker.is_https,
                                 exchange->door->config->allowed_origins);
    if (http_exchange_count(exchange, "Origin") > 1)
        exchange->origin = ORIGIN_FOREIGN; /* no browser says two */
    if (exchange->origin == ORIGIN_LISTED)
        exchange->asker.origin = origin;
}

bool http_exchange_begin(struct http_exchange *exchange, const struct http_door *door, struct mg_connection *connection)
{
    const struct mg_request_info *info = mg_get_request_info(connection);
    *exchange = (struct http_exchange){
        .door = door, .connection = connection, .info = info, .method = info->request_method, .path = info->local_uri};
    bool is_known = find_client(exchange);
    find_origin(exchange);
    return is_known;
}

const char *http_exchange_header(const struct http_exchange *exchange, const char *name)
{
    return mg_get_header(exchange->connection, name);
}

int http_exchange_count(const struct http_exchange *exchange, const char *name)
{
    int count = 0;
    for (int i = 0; i < exchange->info->num_headers; i++)
        count += strcasecmp(exchange->info->http_headers[i].name, name) == 0;
    return count;
}

/*
 * Whether a header's name ends where its colon is. civetweb cuts the blanks before it off, and has it followed by zeros
 * in their place; between a proper name's end and its value there is nothing but blanks.
 */
static bool is_tight(const struct mg_header *header)
{
    const char *after = header->name + strlen(header->name) + 1;
    return strpbrk(header->name, " \t") == NULL && after + strspn(after, " \t") >= header->value;
}

static bool is_plain(const struct http_exchange *exchange)
{
    const char *length = http_exchange_header(exchange, "Content-Length");
    for (int i = 0; i < exchange->info->num_headers; i++)
        if (!is_tight(&exchange->info->http_headers[i]))
            return false;
    return length == NULL || (length[0] != '\0' && strspn(length, "0123456789") == strlen(length));
}

bool http_exchange_is_unambiguous(const struct http_exchange *exchange)
{
    return http_exchange_count(exchange, "Content-Length") + http_exchange_count(exchange, "Transfer-Encoding") <= 1 &&
           is_plain(exchange);
}

/* The path is of this request, and nobody else sees it: it may be written to. */
bool http_exchange_decode_path(const struct http_exchange *exchange)
{
    const char *query = exchange->info->query_string;
    if (strstr(exchange->path, "%00") != NULL || (query != NULL && strstr(query, "%00") != NULL))
        return false;
    int length = (int)strlen(exchange->path);
    return mg_url_decode(exchange->path, length, (char *)(uintptr_t)exchange->path, length + 1, 0) >= 0;
}

bool http_exchange_is_head(const struct http_exchange *exchange)
{
    return exchange->method != NULL && strcmp(exchange->method, "HEAD") == 0;
}

bool http_exchange_has_body(const struct http_exchange *exchange)
{
    return exchange->info->content_length > 0 || http_exchange_header(exchange, "Transfer-Encoding") != NULL;
}

static bool is_late(const struct http_exchange *exchange)
{
    return exchange->wait != NULL && atomic_load(&exchange->wait->is_over);
}

void http_exchange_drain(const struct http_exchange *exchange)
{
    char rest[4096];
    while (!is_late(exchange) && mg_read(exchange->connection, rest, sizeof rest) > 0)
        continue;
}

int http_exchange_read_body(const struct http_exchange *exchange, char **body, size_t *length)
{
    long long announced = exchange->info->content_length;
    const char *expect = http_exchange_header(exchange, "Expect");
    size_t size = announced >= 0 ? (size_t)announced : HTTP_BODY_MAX + 1;
    *body = NULL;
    *length = 0;
    if (announced > HTTP_BODY_MAX)
        return 413;
    *body = malloc(size + 1);
    if (*body == NULL)
        return 503;
    if (size > 0 && expect != NULL && strcasecmp(expect, "100-continue") == 0)
        mg_printf(exchange->connection, "HTTP/1.1 100 Continue\r\n\r\n");
    while (*length < size && !is_late(exchange)) {
        int count = mg_read(exchange->connection, *body + *length, size - *length);
        if (count <= 0)
            break;
        *length += (size_t)count;
    }
    (*body)[*length] = '\0';
    if (*length > HTTP_BODY_MAX)
        return 413;
    if (announced >= 0 ? *length == size : !is_late(exchange))
        return 0;
    if (!is_late(exchange))
        return 400;
    return exchange->is_hurried ? 429 : 408;
}

void http_exchange_answer(const struct http_exchange *exchange, struct http_headers *headers, enum http_kind kind,
                          int status)
{
    http_headers_begin(headers, status, mg_get_response_code_text(exchange->connection, status));
    http_policy_add(headers, kind, exchange->door->config, &exchange->asker);
}

void http_exchange_send_head(const struct http_exchange *exchange, struct http_headers *headers)
{
    http_headers_end(headers);
    http_exchange_write(exchange, headers->text, headers->length);
}

void http_exchange_send(const struct http_exchange *exchange, struct http_headers *headers, const char *type,
                        const void *body, size_t length)
{
    if (type != NULL)
        http_headers_add(headers, "Content-Type: %s\r\n", type);
    http_headers_add(headers, "Content-Length: %zu\r\n", length);
    http_exchange_send_head(exchange, headers);
    if (length > 0 && !http_exchange_is_head(exchange))
        http_exchange_write(exchange, body, length);
}

int http_exchange_problem(const struct http_exchange *exchange, int status, const char *detail, const char *extra)
{
    struct http_headers headers;
    char body[512];
    int length =
        snprintf(body, sizeof body, "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}",
                 mg_get_response_code_text(exchange->connection, status), status, detail);
    http_exchange_answer(exchange, &headers, HTTP_DATA, status);
    http_headers_add(&headers, "Cache-Control: no-store\r\n%s", extra);
    http_exchange_send(exchange, &headers, PROBLEM_TYPE, body, (size_t)length);
    return status;
}

bool http_exchange_write(const struct http_exchange *exchange, const void *bytes, size_t length)
{
    return mg_write(exchange->connection, bytes, length) == (int)length;
}
