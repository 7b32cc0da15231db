/* Errors as the REST API tells them: application/problem+json (RFC 9457). */
#ifndef SERVER_PROBLEM_H
#define SERVER_PROBLEM_H

#include "http.h"

/*
 * Makes the response an error. `code` is a wire code (lib/PROTOCOL.md) or NULL; the format makes the sentence, which names
 * the field and the limit.
 */
void problem(struct http_response *response, int status, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Makes the response what a library error means over HTTP; `why` is syncplay_hub_why's sentence. */
void problem_of(struct http_response *response, int error, const char *why);

#endif
