/* A text that grows: what was told, what was saved. */
#ifndef FUZZ_TEXT_H
#define FUZZ_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

struct text {
    char *bytes; /* with a zero byte behind them; NULL before the first */
    size_t length, capacity;
};

static inline void text_reserve(struct text *text, size_t more)
{
    if (text->capacity > text->length + more)
        return;
    text->capacity = 2 * (text->length + more) + 256;
    text->bytes = realloc(text->bytes, text->capacity);
    CHECK(text->bytes != NULL);
}

static inline void text_add(struct text *text, const char *bytes, size_t length)
{
    text_reserve(text, length);
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = 0;
}

__attribute__((format(printf, 2, 3))) static inline void text_print(struct text *text, const char *format, ...)
{
    char line[1000];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    CHECK(length >= 0 && (size_t)length < sizeof line);
    text_add(text, line, (size_t)length);
}

static inline void text_clear(struct text *text)
{
    text->length = 0;
    if (text->bytes)
        text->bytes[0] = 0;
}

static inline const char *text_of(const struct text *text)
{
    return text->bytes ? text->bytes : "";
}

static inline void text_free(struct text *text)
{
    free(text->bytes);
    memset(text, 0, sizeof *text);
}

#endif
