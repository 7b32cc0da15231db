/*
 * Fields of a request, read and checked: what is wrong is answered at once, with a sentence that names the field and
 * what it must be. Knows no sessions.
 */
#ifndef SERVER_API_FIELDS_H
#define SERVER_API_FIELDS_H

#include <syncplay/id.h>

#include "api_call.h"

/* Answers 400: `key` must be `must`. Returns false. */
bool api_refuse(struct api_call *call, const char *key, const char *must);

/* Whether the body holds this field, of whatever type; a null counts as missing. */
bool api_has(const struct api_call *call, const char *key);

/* The value stays as it is where the field is missing. False after answering what is wrong with it. */
bool api_read_text(struct api_call *call, const char *key, const char **text);
bool api_read_bool(struct api_call *call, const char *key, bool *value);
bool api_read_integer(struct api_call *call, const char *key, int64_t least, int64_t most, int64_t *value);

/* One of `count` words; *index says which. */
bool api_read_word(struct api_call *call, const char *key, const char *const *words, size_t count, size_t *index);

/* These must be there. */
bool api_read_id(struct api_call *call, const char *key, syncplay_id *id);
bool api_read_path_id(struct api_call *call, syncplay_id *id);

#endif
