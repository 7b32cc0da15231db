/* Text with a length: a response's head. */
#include "http_headers.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* What http_headers_end needs, in any case. */
#define END "\r\n"

void http_headers_add(struct http_headers *headers, const char *format, ...)
{
    va_list arguments;
    size_t room = sizeof headers->text - (sizeof END - 1) - headers->length;
    va_start(arguments, format);
    int length = vsnprintf(headers->text + headers->length, room, format, arguments);
    va_end(arguments);
    if (length > 0 && (size_t)length < room)
        headers->length += (size_t)length;
}

void http_headers_end(struct http_headers *headers)
{
    memcpy(headers->text + headers->length, END, sizeof END);
    headers->length += sizeof END - 1;
}

void http_headers_begin(struct http_headers *headers, int status, const char *reason)
{
    char date[40];
    struct tm utc;
    time_t now = time(NULL);
    gmtime_r(&now, &utc);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc);
    headers->length = 0;
    http_headers_add(headers, "HTTP/1.1 %d %s\r\nDate: %s\r\nConnection: close\r\n", status, reason, date);
    if (status == 401)
        http_headers_add(headers, "WWW-Authenticate: Bearer\r\n");
}
