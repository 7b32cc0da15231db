/*
 * Whether bytes are one JSON text (RFC 8259), told without memory. cJSON says only that it could not: with this is known
 * whether the text was wrong, or memory was short. It knows neither cJSON nor what the text is for.
 */
#ifndef JSON_GRAMMAR_H
#define JSON_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>

/* A longer number is none to cJSON. */
#define JSON_NUMBER_MAX 63

/*
 * True only for what cJSON takes if it has memory: numbers of at most JSON_NUMBER_MAX characters, surrogates in pairs. The
 * caller has seen to it that the text is UTF-8 without control characters in texts, and not nested deeply: each level is a
 * call.
 */
bool json_is_well_formed(const char *bytes, size_t length);

#endif
