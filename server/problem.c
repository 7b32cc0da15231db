/* Errors as the REST API tells them. Knows which HTTP status a library error is. */
#include "problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <syncplay/error.h>

#include "json_writer.h"

/* The longest sentence, in bytes. */
#define DETAIL_MAX 512
/* When to try again after the server had no room. */
#define RETRY_SECONDS 5

static const char *title_of(int status)
{
    switch (status) {
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
    case 415:
        return "Unsupported Media Type";
    case 429:
        return "Too Many Requests";
    case 503:
        return "Service Unavailable";
    default:
        return "Internal Server Error";
    }
}

void problem(struct http_response *response, int status, const char *code, const char *format, ...)
{
    char detail[DETAIL_MAX];
    struct json_writer writer = {0};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);

    json_put_object(&writer, NULL);
    json_put_text(&writer, "type", "about:blank");
    json_put_text(&writer, "title", title_of(status));
    json_put_integer(&writer, "status", status);
    json_put_text(&writer, "detail", detail);
    if (code)
        json_put_text(&writer, "code", code);
    json_end(&writer);

    free(response->body);
    response->body = json_finish(&writer, &response->body_length);
    response->status = status;
    response->content_type = response->body ? "application/problem+json" : NULL;
    response->location[0] = '\0';
}

static int status_of(int error)
{
    switch (error) {
    case SYNCPLAY_ERROR_ARGUMENT:
    case SYNCPLAY_ERROR_FIELD:
    case SYNCPLAY_ERROR_MALFORMED:
        return 400;
    case SYNCPLAY_ERROR_FORBIDDEN:
    case SYNCPLAY_ERROR_REMOVED:
    case SYNCPLAY_ERROR_NOT_JOINED:
    case SYNCPLAY_ERROR_INVITATION:
        return 403;
    case SYNCPLAY_ERROR_NOT_FOUND:
        return 404;
    case SYNCPLAY_ERROR_FULL:
    case SYNCPLAY_ERROR_JOINED:
    case SYNCPLAY_ERROR_EXISTS:
    case SYNCPLAY_ERROR_CHAT_DISABLED:
        return 409;
    case SYNCPLAY_ERROR_ENDED:
        return 410;
    case SYNCPLAY_ERROR_RATE:
        return 429;
    case SYNCPLAY_ERROR_LIMIT:
    case SYNCPLAY_ERROR_MEMORY:
    case SYNCPLAY_ERROR_ENTROPY:
        return 503;
    default:
        return 500;
    }
}

void problem_of(struct http_response *response, int error, const char *why)
{
    int status = status_of(error);
    problem(response, status, syncplay_error_code(error), "%s", why[0] ? why : syncplay_strerror(error));
    if (status == 429 || status == 503)
        response->retry_after = RETRY_SECONDS;
}
