/* Ids of sessions, users, messages and content: 128 bits, written as a UUID. */
#ifndef SYNCPLAY_ID_H
#define SYNCPLAY_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <syncplay/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Any 128-bit value except all zeros, which means "none". A host whose users or films have other ids
 * (integers, say) puts them into the bytes as it likes.
 */
typedef struct syncplay_id {
    uint8_t bytes[16]; /* in the order in which they are written */
} syncplay_id;

/* Length of an id as text, and of the buffer for it. */
#define SYNCPLAY_ID_LENGTH 36
#define SYNCPLAY_ID_SIZE (SYNCPLAY_ID_LENGTH + 1)

/*
 * Reads `length` bytes of the form 8-4-4-4-12 hexadecimal digits, in either case (RFC 9562, any version).
 * Returns false, and leaves *id as it was, for anything else and for the id of all zeros.
 */
SYNCPLAY_API bool syncplay_id_parse(const char *text, size_t length, syncplay_id *id);

/* Writes `id` as 36 lower-case characters and a zero byte. */
SYNCPLAY_API void syncplay_id_format(const syncplay_id *id, char text[SYNCPLAY_ID_SIZE]);

/* Whether two ids are the same. */
SYNCPLAY_API bool syncplay_id_equal(const syncplay_id *a, const syncplay_id *b);

/* Whether `id` is all zeros: no id. */
SYNCPLAY_API bool syncplay_id_is_none(const syncplay_id *id);

#ifdef __cplusplus
}
#endif

#endif
