/* Join codes: short, unambiguous, read aloud over the telephone. */
#ifndef SYNCPLAY_CODE_H
#define SYNCPLAY_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <syncplay/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Shortest and longest code in characters, and the buffer for one. */
#define SYNCPLAY_CODE_MIN 4
#define SYNCPLAY_CODE_MAX 8
#define SYNCPLAY_CODE_SIZE (SYNCPLAY_CODE_MAX + 1)

/* The 30 characters of a code: no 0 and O, no 1, I and L, and no U (which reads like V). */
#define SYNCPLAY_CODE_ALPHABET "23456789ABCDEFGHJKMNPQRSTVWXYZ"

/*
 * Brings a code that a person typed (`length` bytes; any case, with spaces or dashes) into its one form:
 * upper case, characters of SYNCPLAY_CODE_ALPHABET only. Returns false, and leaves `code` as it was, when
 * that cannot be a code.
 */
SYNCPLAY_API bool syncplay_code_normalise(const char *text, size_t length, char code[SYNCPLAY_CODE_SIZE]);

/*
 * Which of `count` hubs (count >= 1) the session with this normalised code lives in. A hub whose configuration
 * says shard_index and shard_count makes only codes for which this answers its own index, so that a host with
 * several hubs finds the right one from the code alone.
 */
SYNCPLAY_API uint32_t syncplay_code_shard(const char *code, uint32_t count);

#ifdef __cplusplus
}
#endif

#endif
