/*
 * A request's head, taken apart as civetweb does before it asks us (so its functions that tell of a request are here,
 * instead of those in the library); and what a target wants to know of the same bytes by itself.
 */
#ifndef FUZZ_REQUEST_HEAD_H
#define FUZZ_REQUEST_HEAD_H

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <strings.h>

#include <civetweb.h>

#include "text.h"

struct request {
    struct mg_request_info info;
    bool is_chunked;
    bool has_blank_name; /* before some colon there is a blank */
    const char *body;
    size_t left;          /* of the body */
    size_t piece;         /* so much of it comes at once */
    struct text answered; /* all that was written */
};

/* A word of the first line, which gets a zero byte for its end; NULL if there is none. */
static inline char *request_word(char **at)
{
    char *word = *at;
    while (isgraph((unsigned char)**at))
        (*at)++;
    if (*at == word || **at == '\0')
        return NULL;
    *(*at)++ = '\0';
    while (**at == ' ')
        (*at)++;
    return word;
}

/* Ends a line where its end is, and goes behind that; false if a carriage return stands alone. */
static inline bool request_end_line(char **at)
{
    if (**at == '\r') {
        *(*at)++ = '\0';
        if (**at != '\n')
            return false;
    }
    if (**at != '\0')
        *(*at)++ = '\0';
    return true;
}

/* Header lines, up to the empty one; false if one is none. */
static inline bool request_headers(struct request *request, char **at)
{
    struct mg_request_info *info = &request->info;
    while (info->num_headers < MG_MAX_HEADERS && **at != '\0' && **at != '\r' && **at != '\n') {
        struct mg_header *header = &info->http_headers[info->num_headers];
        header->name = *at;
        while (isgraph((unsigned char)**at) && **at != ':')
            (*at)++;
        if (*at == header->name)
            return true; /* for civetweb that is the end */
        for (; **at == ' '; *(*at)++ = '\0')
            request->has_blank_name = true;
        if (**at != ':')
            return false;
        *(*at)++ = '\0';
        *at += strspn(*at, " \t");
        header->value = *at;
        *at += strcspn(*at, "\r\n");
        info->num_headers++;
        if (!request_end_line(at))
            return false;
    }
    return true;
}

static inline const char *request_header(const struct request *request, const char *name, int *count)
{
    const char *first = NULL;
    *count = 0;
    for (int i = request->info.num_headers; i-- > 0;)
        if (strcasecmp(request->info.http_headers[i].name, name) == 0) {
            first = request->info.http_headers[i].value;
            ++*count;
        }
    return first;
}

/* How long the body is, as civetweb sees it; false if it answers by itself that this is nothing. */
static inline bool request_measure(struct request *request)
{
    int count;
    char *end = NULL;
    const char *coding = request_header(request, "Transfer-Encoding", &count);
    const char *length = request_header(request, "Content-Length", &count);
    request->info.content_length = -1;
    request->is_chunked = coding != NULL && strcasecmp(coding, "identity") != 0;
    if (request->is_chunked)
        return strcasecmp(coding, "chunked") == 0;
    if (length == NULL) {
        request->left = 0;
        return true;
    }
    request->info.content_length = strtoll(length, &end, 10);
    if ((long long)request->left > request->info.content_length)
        request->left = (size_t)request->info.content_length;
    return end != length && request->info.content_length >= 0;
}

/* Takes bytes apart, which a zero byte follows and which are written to; false if they are no request. */
static inline bool request_read(struct request *request, char *bytes, size_t length)
{
    char *at = bytes;
    struct mg_request_info *info = &request->info;
    for (const char *c = bytes; c < bytes + strcspn(bytes, "\n"); c++)
        if (!isprint((unsigned char)*c) && *c != '\r' && (unsigned char)*c < 0x80)
            return false;
    info->request_method = request_word(&at);
    char *target = info->request_method != NULL ? request_word(&at) : NULL;
    if (target == NULL || strncmp(at, "HTTP/", 5) != 0)
        return false;
    at += strcspn(at, "\r\n");
    if (!request_end_line(&at) || !request_headers(request, &at))
        return false;
    if (*at != '\0' && !request_end_line(&at))
        return false;
    request->body = at;
    request->left = (size_t)(bytes + length - at);
    info->local_uri = target[0] == '*' ? NULL : target;
    char *query = strchr(target, '?');
    if (query != NULL)
        *query++ = '\0';
    info->query_string = query;
    return request_measure(request);
}

/* --- What civetweb tells of a request ----------------------------------------------------------------------------- */

static struct request *request_of(const struct mg_connection *connection)
{
    return (struct request *)(uintptr_t)connection;
}

const struct mg_request_info *mg_get_request_info(const struct mg_connection *connection)
{
    return &request_of(connection)->info;
}

const char *mg_get_header(const struct mg_connection *connection, const char *name)
{
    int count;
    return request_header(request_of(connection), name, &count);
}

int mg_read(struct mg_connection *connection, void *bytes, size_t size)
{
    struct request *request = request_of(connection);
    size_t length = size < request->piece ? size : request->piece;
    length = length < request->left ? length : request->left;
    memcpy(bytes, request->body, length);
    request->body += length;
    request->left -= length;
    return (int)length;
}

int mg_write(struct mg_connection *connection, const void *bytes, size_t length)
{
    text_add(&request_of(connection)->answered, bytes, length);
    return (int)length;
}

int mg_printf(struct mg_connection *connection, const char *format, ...)
{
    return mg_write(connection, format, strlen(format)); /* nothing is ever put in */
}

const char *mg_get_response_code_text(const struct mg_connection *connection, int status)
{
    (void)connection;
    return status == 200 ? "OK" : "Reason";
}

#endif
