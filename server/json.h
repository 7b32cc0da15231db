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
/* The most bytes of a WebSocket's auth message: a token, and what is around it. */
#define JSON_AUTH_MAX 8192

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

/* A number that may have a fraction; one that is too large for a double is of the wrong type. */
enum json_answer json_get_number(const struct json *object, const char *key, double *value);

/* Whether the key is there at all, with whatever value, null included. */
bool json_has(const struct json *object, const char *key);

/* Whether any object in it, at any depth, has a key twice: readers of such JSON disagree about what it says. */
bool json_has_repeats(const struct json *object);

/*
 * Walks down a dotted path ("realm_access.roles"). Returns the object that the last part is looked for in, and leaves *path at
 * that part. A key that holds dots itself counts before the way that the dots say.
 */
const struct json *json_walk(const struct json *object, const char **path);

/*
 * Calls back with the text at `key`, or with each text of the array there (what else is in it is left out), until the
 * callback says true. Returns whether it did.
 */
bool json_any_text(const struct json *object, const char *key, bool (*matches)(void *arg, const char *text), void *arg);

/*
 * True if the bytes are a JSON object with "type":"auth" and a string "token" that fits, zero byte included, into the
 * `size` bytes of `token`.
 */
bool json_auth_token(const char *bytes, size_t length, char *token, size_t size);

/* Whether `length` bytes are UTF-8 as the Unicode standard has it: shortest forms, no surrogates. */
bool json_is_utf8(const char *bytes, size_t length);

#endif
