/*
 * Writing JSON into a buffer of fixed size. Written here rather than with cJSON because times and positions must come out
 * as exact decimals (a double printed and rounded is off), and because a broadcast has 10 microseconds, not 20.
 *
 * Values follow keys; commas come by themselves. What does not fit is counted but not written.
 */
#ifndef JSON_WRITER_H
#define JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <syncplay/id.h>

struct json_writer {
    char *bytes;
    size_t capacity;
    size_t length; /* of the whole text, also beyond capacity */
    bool comma;    /* the next value needs one before it */
};

void json_begin(struct json_writer *writer, char *bytes, size_t capacity);

void json_open(struct json_writer *writer, char bracket);  /* { or [ */
void json_close(struct json_writer *writer, char bracket); /* } or ] */
void json_key(struct json_writer *writer, const char *key);

void json_raw(struct json_writer *writer, const char *bytes, size_t length); /* JSON already */
void json_text(struct json_writer *writer, const char *text);
void json_bool(struct json_writer *writer, bool value);
void json_integer(struct json_writer *writer, int64_t value);
void json_milliseconds(struct json_writer *writer, int64_t microseconds); /* 1234567 -> 1234.567 */
void json_hundredths(struct json_writer *writer, int32_t value);          /* 125 -> 1.25 */
void json_double(struct json_writer *writer, double value);               /* a finite one, shortest exact form */
void json_id(struct json_writer *writer, const syncplay_id *id);

/* Key and value in one go. */
void json_key_text(struct json_writer *writer, const char *key, const char *text);
void json_key_bool(struct json_writer *writer, const char *key, bool value);
void json_key_integer(struct json_writer *writer, const char *key, int64_t value);
void json_key_milliseconds(struct json_writer *writer, const char *key, int64_t microseconds);
void json_key_id(struct json_writer *writer, const char *key, const syncplay_id *id);

#endif
