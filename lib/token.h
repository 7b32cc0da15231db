/*
 * Secrets that a bearer shows: invitations and resume tokens. 144 random bits as text go out once; what is kept is their
 * SHA-256. token.c is the only file that knows libmd.
 */
#ifndef TOKEN_H
#define TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include <syncplay/session.h>

#include "step.h"

#define TOKEN_HASH_BYTES 32
/* A hash as hexadecimal text, with its zero byte. */
#define TOKEN_HEX_SIZE (2 * TOKEN_HASH_BYTES + 1)

/* All zeros: there is no token, and nothing that anybody shows is the same. */
struct token_hash {
    uint8_t bytes[TOKEN_HASH_BYTES];
};

/* Makes a token; false, and nothing written, if the source of random bytes failed. */
bool token_make(struct step *step, char text[SYNCPLAY_TOKEN_SIZE], struct token_hash *hash);

/* The hash of what somebody shows, be it a token or not. */
struct token_hash token_hash_of(const char *text);

/* In constant time. */
bool token_is_same(const struct token_hash *a, const struct token_hash *b);

bool token_is_none(const struct token_hash *hash);

void token_write_hex(const struct token_hash *hash, char text[TOKEN_HEX_SIZE]);
/* False, and *hash unchanged, if `text` is not such a hash. */
bool token_read_hex(const char *text, struct token_hash *hash);

#endif
