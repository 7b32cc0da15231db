/*
 * Reading JSON from outside, carefully: bounded depth, UTF-8, no U+0000, no trailing bytes, finite numbers, exact key
 * names. json_reader.c is the only file of the library that knows cJSON.
 */
#ifndef JSON_READER_H
#define JSON_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <syncplay/id.h>

struct cJSON;
typedef const struct cJSON *json_value; /* NULL stands for a value that is not there */

/*
 * Parses one JSON value of at most `depth` levels; NULL, and why in *reason, if it is not one; NULL, and NULL in *reason, if
 * there was no memory. Free with json_free.
 */
json_value json_parse(const char *bytes, size_t length, unsigned depth, const char **reason);
void json_free(json_value root);

/*
 * The same for a message, which must be an object. SYNCPLAY_OK, or the error and its sentence in `why`; *root is to be freed
 * in both cases.
 */
int json_parse_message(const char *bytes, size_t length, unsigned depth, json_value *root, char *why, size_t why_size);

bool json_is_object(json_value value);
bool json_is_array(json_value value);
json_value json_member(json_value object, const char *key); /* NULL if absent or null */
json_value json_first(json_value array);                    /* of an array or NULL */
json_value json_next(json_value element);

/* Each sets its result and returns true if the value is there and of that type and range. */
bool json_get_text(json_value value, const char **text); /* lives until json_free */
bool json_get_bool(json_value value, bool *result);
bool json_get_double(json_value value, double *result);
bool json_get_integer(json_value value, int64_t least, int64_t most, int64_t *result); /* no fraction */
bool json_get_milliseconds(json_value value, int64_t least, int64_t most, int64_t *microseconds);
bool json_get_id(json_value value, syncplay_id *id);

#endif
