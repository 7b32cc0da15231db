/* The type that a client's message says it is. */
#include "message_type.h"

#include <stdbool.h>
#include <string.h>

struct scan {
    const char *at;
    const char *end;
};

static void skip_blanks(struct scan *scan)
{
    /* NOLINTNEXTLINE(bugprone-not-null-terminated-result): these four bytes, and no zero byte */
    while (scan->at < scan->end && memchr(" \t\r\n", *scan->at, 4) != NULL)
        scan->at++;
}

static bool take(struct scan *scan, char expected)
{
    skip_blanks(scan);
    if (scan->at == scan->end || *scan->at != expected)
        return false;
    scan->at++;
    return true;
}

/* Takes a string; what is between the quotation marks is as it was written. */
static bool take_string(struct scan *scan, const char **begin, size_t *length)
{
    if (!take(scan, '"'))
        return false;
    *begin = scan->at;
    while (scan->at < scan->end && *scan->at != '"')
        scan->at += *scan->at == '\\' && scan->end - scan->at > 1 ? 2 : 1;
    *length = (size_t)(scan->at - *begin);
    return take(scan, '"');
}

/* Goes to the comma, or the end of the object, that follows a value. */
static void skip_value(struct scan *scan)
{
    const char *begin;
    size_t length;
    size_t depth = 0;
    for (skip_blanks(scan); scan->at < scan->end; scan->at++) {
        if (depth == 0 && (*scan->at == ',' || *scan->at == '}'))
            return;
        depth += *scan->at == '{' || *scan->at == '[';
        depth -= depth > 0 && (*scan->at == '}' || *scan->at == ']');
        if (*scan->at != '"')
            continue;
        if (!take_string(scan, &begin, &length))
            return;
        scan->at--;
    }
}

void message_type(const char *bytes, size_t length, char type[MESSAGE_TYPE_SIZE])
{
    struct scan scan = {bytes, bytes + length};
    const char *text;
    size_t size;
    type[0] = '\0';
    if (!take(&scan, '{'))
        return;
    while (take_string(&scan, &text, &size) && take(&scan, ':')) {
        if (size != 4 || memcmp(text, "type", 4) != 0) {
            skip_value(&scan);
            if (!take(&scan, ','))
                return;
            continue;
        }
        if (!take_string(&scan, &text, &size) || size >= MESSAGE_TYPE_SIZE || memchr(text, '\\', size) != NULL)
            return;
        memcpy(type, text, size);
        type[size] = '\0';
        return;
    }
}
