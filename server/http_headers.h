/* The head of an HTTP response, written line by line into a buffer of its own. Knows no connection and no request. */
#ifndef SERVER_HTTP_HEADERS_H
#define SERVER_HTTP_HEADERS_H

#include <stdbool.h>
#include <stddef.h>

/* The most bytes of a head. */
#define HTTP_HEADERS_MAX 4096

struct http_headers {
    char text[HTTP_HEADERS_MAX];
    size_t length;
};

/* The status line, the date, and that the connection ends with this response. */
void http_headers_begin(struct http_headers *headers, int status, const char *reason);

/* Adds lines, each with its "\r\n"; nothing, if they do not fit. */
void http_headers_add(struct http_headers *headers, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The empty line. */
void http_headers_end(struct http_headers *headers);

#endif
