/* Writing JSON into one growing buffer. Knows nothing of what is written. */
#include "json_writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "timestamp.h"

/* A first answer fits without growing. */
#define CAPACITY_MIN 1024

static void append(struct json_writer *writer, const char *bytes, size_t length)
{
    size_t capacity = writer->capacity ? writer->capacity : CAPACITY_MIN;
    while (capacity < writer->length + length + 1)
        capacity *= 2;
    if (!writer->failed && capacity != writer->capacity) {
        char *larger = realloc(writer->bytes, capacity);
        writer->failed = larger == NULL;
        writer->bytes = larger ? larger : writer->bytes;
        writer->capacity = larger ? capacity : writer->capacity;
    }
    if (writer->failed)
        return;
    memcpy(writer->bytes + writer->length, bytes, length);
    writer->length += length;
    writer->bytes[writer->length] = '\0';
}

static void append_text(struct json_writer *writer, const char *text)
{
    append(writer, text, strlen(text));
}

/* With quotation marks, and with escapes where JSON wants them. */
static void append_quoted(struct json_writer *writer, const char *text)
{
    append_text(writer, "\"");
    for (const char *at = text; *at;) {
        size_t plain = 0;
        while ((unsigned char)at[plain] >= 0x20 && at[plain] != '"' && at[plain] != '\\')
            plain++;
        append(writer, at, plain);
        at += plain;
        if (*at) {
            char escape[8];
            bool is_sign = *at == '"' || *at == '\\';
            snprintf(escape, sizeof escape, is_sign ? "\\%c" : "\\u%04x", (unsigned char)*at);
            append_text(writer, escape);
            at++;
        }
    }
    append_text(writer, "\"");
}

/* What comes before each value. */
static void begin_value(struct json_writer *writer, const char *key)
{
    if (writer->needs_comma)
        append_text(writer, ",");
    if (key) {
        append_quoted(writer, key);
        append_text(writer, ":");
    }
    writer->needs_comma = true;
}

static void open_value(struct json_writer *writer, const char *key, const char *opener, char closer)
{
    begin_value(writer, key);
    if (writer->depth == JSON_WRITER_DEPTH_MAX) {
        writer->failed = true;
        return;
    }
    append_text(writer, opener);
    writer->closers[writer->depth++] = closer;
    writer->needs_comma = false;
}

void json_put_object(struct json_writer *writer, const char *key)
{
    open_value(writer, key, "{", '}');
}

void json_put_array(struct json_writer *writer, const char *key)
{
    open_value(writer, key, "[", ']');
}

void json_end(struct json_writer *writer)
{
    if (writer->depth == 0) {
        writer->failed = true;
        return;
    }
    append(writer, &writer->closers[--writer->depth], 1);
    writer->needs_comma = true;
}

void json_put_text(struct json_writer *writer, const char *key, const char *text)
{
    begin_value(writer, key);
    if (text)
        append_quoted(writer, text);
    else
        append_text(writer, "null");
}

void json_put_bool(struct json_writer *writer, const char *key, bool value)
{
    begin_value(writer, key);
    append_text(writer, value ? "true" : "false");
}

void json_put_integer(struct json_writer *writer, const char *key, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    begin_value(writer, key);
    append_text(writer, text);
}

void json_put_hundredths(struct json_writer *writer, const char *key, int32_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId32 ".%02" PRId32, value / 100, value % 100);
    begin_value(writer, key);
    append_text(writer, text);
}

void json_put_milliseconds(struct json_writer *writer, const char *key, int64_t microseconds)
{
    char text[32];
    uint64_t size = microseconds < 0 ? 0 - (uint64_t)microseconds : (uint64_t)microseconds;
    snprintf(text, sizeof text, "%s%" PRIu64 ".%03" PRIu64, microseconds < 0 ? "-" : "", size / 1000, size % 1000);
    begin_value(writer, key);
    append_text(writer, text);
}

void json_put_id(struct json_writer *writer, const char *key, const syncplay_id *id)
{
    char text[SYNCPLAY_ID_SIZE];
    syncplay_id_format(id, text);
    json_put_text(writer, key, text);
}

void json_put_time(struct json_writer *writer, const char *key, int64_t unix_time)
{
    char text[TIMESTAMP_SIZE];
    timestamp_write(unix_time, text);
    json_put_text(writer, key, text);
}

char *json_finish(struct json_writer *writer, size_t *length)
{
    char *bytes = writer->bytes;
    bool good = !writer->failed && writer->depth == 0 && bytes;
    *length = good ? writer->length : 0;
    if (!good)
        free(bytes);
    *writer = (struct json_writer){0};
    return good ? bytes : NULL;
}
