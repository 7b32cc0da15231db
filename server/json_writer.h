/*
 * Writing JSON: values in the order in which they are put, into one growing buffer. Whoever writes need not look at
 * errors: after the first (no memory, or nested too deeply) nothing more is written, and json_finish says NULL.
 */
#ifndef SERVER_JSON_WRITER_H
#define SERVER_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <syncplay/id.h>

/* How deep objects and arrays may be nested. */
#define JSON_WRITER_DEPTH_MAX 8

struct json_writer {
    char *bytes;
    size_t length;
    size_t capacity;
    char closers[JSON_WRITER_DEPTH_MAX]; /* of what is open */
    size_t depth;
    bool needs_comma;
    bool failed;
};

/* Begin an object or an array and end it. `key` is NULL for an entry of an array and for the whole; the writer is all zeros
 * before the first call. */
void json_put_object(struct json_writer *writer, const char *key);
void json_put_array(struct json_writer *writer, const char *key);
void json_end(struct json_writer *writer);

/* NULL becomes null. The text must be UTF-8. */
void json_put_text(struct json_writer *writer, const char *key, const char *text);
void json_put_bool(struct json_writer *writer, const char *key, bool value);
void json_put_integer(struct json_writer *writer, const char *key, int64_t value);
void json_put_hundredths(struct json_writer *writer, const char *key, int32_t value); /* 125 is 1.25 */
void json_put_milliseconds(struct json_writer *writer, const char *key, int64_t microseconds); /* -1500 is -1.500 */
void json_put_id(struct json_writer *writer, const char *key, const syncplay_id *id);
void json_put_time(struct json_writer *writer, const char *key, int64_t unix_time); /* ISO 8601 */

/* The finished text, for the caller to free, or NULL. The writer is all zeros again. */
char *json_finish(struct json_writer *writer, size_t *length);

#endif
