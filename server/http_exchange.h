/*
 * One request as it came over civetweb's connection, and the answer to it. Knows how both are read and written, not
 * what they say.
 */
#ifndef SERVER_HTTP_EXCHANGE_H
#define SERVER_HTTP_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "client_address.h"
#include "http_headers.h"
#include "http_policy.h"
#include "origin.h"

struct config;
struct http_wait;
struct mg_connection;
struct mg_request_info;
struct tls_front;

/* Where requests come in: what all of them have in common. */
struct http_door {
    const struct config *config;
    const struct tls_front *front; /* what ends TLS for us, or NULL */
};

/* Lives as long as the request; the texts are civetweb's. */
struct http_exchange {
    const struct http_door *door;
    struct mg_connection *connection;
    const struct mg_request_info *info;
    const char *method;
    const char *path; /* without the query; NULL if the target is no path. See http_exchange_decode_path */
    struct client_address client;
    enum origin origin; /* where the page is that asks */
    struct http_asker asker;
    const struct http_wait *wait; /* for the body, if there is one */
    bool is_hurried;              /* there are so many such waits that this one is short */
};

/* False if there is TLS, and the request did not come through it: such a one is not to be served. */
bool http_exchange_begin(struct http_exchange *exchange, const struct http_door *door,
                         struct mg_connection *connection);

/* The value of a request's header, or NULL. */
const char *http_exchange_header(const struct http_exchange *exchange, const char *name);

/* How often this header stands in the request. */
int http_exchange_count(const struct http_exchange *exchange, const char *name);

/*
 * Whether everybody who sees the request agrees on where it ends: a proxy in front of us that reads it otherwise would
 * take the rest for somebody else's.
 */
bool http_exchange_is_unambiguous(const struct http_exchange *exchange);

/*
 * Decodes the path, which civetweb leaves to us. False if there is a zero byte: it would end the path for us, and not for
 * whoever has rules for paths in front of us. To be called once.
 */
bool http_exchange_decode_path(const struct http_exchange *exchange);

bool http_exchange_is_head(const struct http_exchange *exchange);

/* Whether the head announces a body. */
bool http_exchange_has_body(const struct http_exchange *exchange);

/*
 * Reads the body, of at most HTTP_BODY_MAX bytes, while `wait` lasts. Returns 0, or the status that says what is wrong with it. *body is to
 * be freed in either case.
 */
int http_exchange_read_body(const struct http_exchange *exchange, char **body, size_t *length);

/* Reads what is left of the body while `wait` lasts, so that nothing unread resets the connection. */
void http_exchange_drain(const struct http_exchange *exchange);

/* Begins the head of an answer, with what browsers are told about it. */
void http_exchange_answer(const struct http_exchange *exchange, struct http_headers *headers, enum http_kind kind,
                          int status);

/* Ends the head, and writes it. A body of the announced length is to follow, by http_exchange_write. */
void http_exchange_send_head(const struct http_exchange *exchange, struct http_headers *headers);

/* Ends the head with the body's type and length, and writes both; the body not if the request is a HEAD. */
void http_exchange_send(const struct http_exchange *exchange, struct http_headers *headers, const char *type,
                        const void *body, size_t length);

/* Answers as RFC 9457 has it; returns the status. `detail` needs no escaping. `extra` is header lines. */
int http_exchange_problem(const struct http_exchange *exchange, int status, const char *detail, const char *extra);

/* Writes a part of the body; false if the client does not take it. */
bool http_exchange_write(const struct http_exchange *exchange, const void *bytes, size_t length);

#endif
