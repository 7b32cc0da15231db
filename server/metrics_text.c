/* Prometheus' text format. */
#include "metrics_text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_CAPACITY 16384
/* The longest that is written at once. */
#define LINE_MAX_LENGTH 512

static bool reserve(struct metrics_text *text, size_t more)
{
    size_t capacity = text->capacity == 0 ? FIRST_CAPACITY : text->capacity;
    while (capacity < text->length + more)
        capacity *= 2;
    if (capacity == text->capacity)
        return true;
    char *grown = realloc(text->bytes, capacity);
    if (grown == NULL)
        return false;
    text->bytes = grown;
    text->capacity = capacity;
    return true;
}

__attribute__((format(printf, 2, 3))) static void put(struct metrics_text *text, const char *format, ...)
{
    if (text->failed || !reserve(text, LINE_MAX_LENGTH)) {
        text->failed = true;
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text->bytes + text->length, LINE_MAX_LENGTH, format, arguments);
    va_end(arguments);
    text->failed = length < 0 || length >= LINE_MAX_LENGTH;
    text->length += text->failed ? 0 : (size_t)length;
}

void metrics_text_family(struct metrics_text *text, const char *name, const char *type, const char *help)
{
    put(text, "# HELP %s %s\n", name, help);
    put(text, "# TYPE %s %s\n", name, type);
}

static void put_name(struct metrics_text *text, const char *name, const char *label, const char *value)
{
    if (label != NULL)
        put(text, "%s{%s=\"%s\"} ", name, label, value);
    else
        put(text, "%s ", name);
}

void metrics_text_count(struct metrics_text *text, const char *name, const char *label, const char *value,
                        uint64_t count)
{
    put_name(text, name, label, value);
    put(text, "%" PRIu64 "\n", count);
}

void metrics_text_millionths(struct metrics_text *text, const char *name, const char *label, const char *value,
                             int64_t millionths)
{
    uint64_t size = millionths < 0 ? 0 - (uint64_t)millionths : (uint64_t)millionths;
    put_name(text, name, label, value);
    put(text, "%s%" PRIu64 ".%06" PRIu64 "\n", millionths < 0 ? "-" : "", size / 1000000, size % 1000000);
}

void metrics_text_gauge(struct metrics_text *text, const char *name, const char *help, uint64_t value)
{
    metrics_text_family(text, name, "gauge", help);
    metrics_text_count(text, name, NULL, NULL, value);
}

void metrics_text_counter(struct metrics_text *text, const char *name, const char *help, uint64_t value)
{
    metrics_text_family(text, name, "counter", help);
    metrics_text_count(text, name, NULL, NULL, value);
}

char *metrics_text_finish(struct metrics_text *text, size_t *length)
{
    char *bytes = text->bytes;
    *length = text->length;
    if (text->failed) {
        free(bytes);
        bytes = NULL;
    }
    *text = (struct metrics_text){0};
    return bytes;
}
