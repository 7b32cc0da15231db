/* JSON text, written front to back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_writer.h"

static void put(struct json_writer *writer, const char *bytes, size_t length)
{
    if (writer->length + length <= writer->capacity)
        memcpy(writer->bytes + writer->length, bytes, length);
    writer->length += length;
}

static void put_char(struct json_writer *writer, char c)
{
    put(writer, &c, 1);
}

static void begin_value(struct json_writer *writer)
{
    if (writer->comma)
        put_char(writer, ',');
    writer->comma = true;
}

void json_begin(struct json_writer *writer, char *bytes, size_t capacity)
{
    *writer = (struct json_writer){.bytes = bytes, .capacity = capacity};
}

void json_raw(struct json_writer *writer, const char *bytes, size_t length)
{
    begin_value(writer);
    put(writer, bytes, length);
}

void json_open(struct json_writer *writer, char bracket)
{
    begin_value(writer);
    put_char(writer, bracket);
    writer->comma = false;
}

void json_close(struct json_writer *writer, char bracket)
{
    put_char(writer, bracket);
    writer->comma = true;
}

void json_key(struct json_writer *writer, const char *key)
{
    json_text(writer, key);
    put_char(writer, ':');
    writer->comma = false;
}

/* The escape of a character that must have one (RFC 8259, section 7); NULL for the others. */
static const char *escape_of(unsigned char c, char buffer[7])
{
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        if (c >= 0x20)
            return NULL;
        snprintf(buffer, 7, "\\u%04x", c);
        return buffer;
    }
}

void json_text(struct json_writer *writer, const char *text)
{
    char buffer[7];
    const char *run = text;
    begin_value(writer);
    put_char(writer, '"');
    for (; *text; text++) {
        const char *escape = escape_of((unsigned char)*text, buffer);
        if (!escape)
            continue;
        put(writer, run, (size_t)(text - run));
        put(writer, escape, strlen(escape));
        run = text + 1;
    }
    put(writer, run, (size_t)(text - run));
    put_char(writer, '"');
}

void json_bool(struct json_writer *writer, bool value)
{
    begin_value(writer);
    put(writer, value ? "true" : "false", value ? 4 : 5);
}

static void put_digits(struct json_writer *writer, uint64_t value)
{
    char digits[20];
    size_t i = sizeof digits;
    do
        digits[--i] = (char)('0' + value % 10);
    while (value /= 10);
    put(writer, digits + i, sizeof digits - i);
}

/* A decimal number of value / 10^places, without trailing zeros. */
static void put_decimal(struct json_writer *writer, int64_t value, unsigned places)
{
    uint64_t magnitude = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value, scale = 1;
    for (unsigned i = 0; i < places; i++)
        scale *= 10;
    if (value < 0)
        put_char(writer, '-');
    put_digits(writer, magnitude / scale);
    uint64_t fraction = magnitude % scale;
    if (fraction)
        put_char(writer, '.');
    for (; fraction; fraction %= scale) {
        scale /= 10;
        put_char(writer, (char)('0' + fraction / scale));
    }
}

void json_integer(struct json_writer *writer, int64_t value)
{
    begin_value(writer);
    put_decimal(writer, value, 0);
}

void json_milliseconds(struct json_writer *writer, int64_t microseconds)
{
    begin_value(writer);
    put_decimal(writer, microseconds, 3);
}

void json_hundredths(struct json_writer *writer, int32_t value)
{
    begin_value(writer);
    put_decimal(writer, value, 2);
}

void json_double(struct json_writer *writer, double value)
{
    char digits[32];
    begin_value(writer);
    snprintf(digits, sizeof digits, "%.15g", value);
    if (strtod(digits, NULL) < value || strtod(digits, NULL) > value)
        snprintf(digits, sizeof digits, "%.17g", value);
    char *point = strchr(digits, ','); /* in some locales of the host */
    if (point)
        *point = '.';
    put(writer, digits, strlen(digits));
}

void json_id(struct json_writer *writer, const syncplay_id *id)
{
    char text[SYNCPLAY_ID_SIZE];
    syncplay_id_format(id, text);
    begin_value(writer);
    put_char(writer, '"');
    put(writer, text, SYNCPLAY_ID_LENGTH);
    put_char(writer, '"');
}

void json_key_text(struct json_writer *writer, const char *key, const char *text)
{
    json_key(writer, key);
    json_text(writer, text);
}

void json_key_bool(struct json_writer *writer, const char *key, bool value)
{
    json_key(writer, key);
    json_bool(writer, value);
}

void json_key_integer(struct json_writer *writer, const char *key, int64_t value)
{
    json_key(writer, key);
    json_integer(writer, value);
}

void json_key_milliseconds(struct json_writer *writer, const char *key, int64_t microseconds)
{
    json_key(writer, key);
    json_milliseconds(writer, microseconds);
}

void json_key_id(struct json_writer *writer, const char *key, const syncplay_id *id)
{
    json_key(writer, key);
    json_id(writer, id);
}
