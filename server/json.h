/*
 * Reading JSON from clients: json.c is the server's only file that knows cJSON. (Writing is json_writer.h.)
 *
 * What is read is bounded and checked before it is parsed: size, nesting, UTF-8, no U+0000, no control characters,
 * because parsing is recursive and the transport's worker threads have small stacks.
 */
#ifndef SERVER_JSON_H
#define SERVER_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How deep objects and arrays of a request's body may be nested. */
#define JSON_DEPTH_MAX 8
/* The most bytes that are parsed at all. */
#define JSON_SIZE_MAX 65536
/* The most bytes of a WebSocket's auth message. */
#define JSON_AUTH_MAX 1024

/* A parsed object. */
struct json;

/* Reads one JSON object. NULL, and a sentence in `why`, if the bytes are anything else. Free with json_free. */
struct json *json_read(const char *bytes, size_t length, char *why, size_t why_size);
void json_free(struct json *object);

/* What asking for a field of a type comes to. A null counts as missing. */
enum json_answer { JSON_MISSING, JSON_FOUND, JSON_WRONG_TYPE };

/* Keys are compared with case; of a repeated key the first counts. *text lives as long as the object. */
enum json_answer json_get_text(const struct json *object, const char *key, const char **text);
enum json_answer json_get_bool(const struct json *object, const char *key, bool *value);
/* Whole numbers within +-2^53 only; another number is of the wrong type. */
enum json_answer json_get_integer(const struct json *object, const char *key, int64_t *value);
/* An array of texts: how many there are, and each. */
enum json_answer json_get_texts(const struct json *object, const char *key, size_t *count);
const char *json_text_at(const struct json *object, const char *key, size_t index);

/*
 * True if the bytes are a JSON object with "type":"auth" and a string "token" that fits, zero byte included, into the
 * `size` bytes of `token`.
 */
bool json_auth_token(const char *bytes, size_t length, char *token, size_t size);

/* Whether `length` bytes are UTF-8 as the Unicode standard has it: shortest forms, no surrogates. */
bool json_is_utf8(const char *bytes, size_t length);

#endif
