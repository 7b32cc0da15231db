/*
 * What browsers are told about an answer: what it may load and be part of (Content-Security-Policy and its kin), which
 * pages of other sites may read it (CORS), and that HTTPS is to stay (HSTS). Text from the request in, header lines
 * out; knows no connection.
 */
#ifndef SERVER_HTTP_POLICY_H
#define SERVER_HTTP_POLICY_H

#include <stdbool.h>

struct config;
struct http_headers;

enum http_kind {
    HTTP_DATA, /* for programs: JSON */
    HTTP_PAGE, /* the page */
    HTTP_PART, /* what it is made of */
    HTTP_FILM
};

/* Of the request. */
struct http_asker {
    const char *origin; /* the header, if it is that of a page on the list (origin.h); else NULL */
    bool is_https;
};

void http_policy_add(struct http_headers *headers, enum http_kind kind, const struct config *config,
                     const struct http_asker *asker);

/* The answer to a preflight, beside the above; `methods` are those of the path. */
void http_policy_add_preflight(struct http_headers *headers, const char *methods, const struct http_asker *asker);

#endif
