/* Secrets: made, hashed, compared. */
#include <string.h>

#include <sha2.h>

#include "token.h"

#define RANDOM_BYTES 18 /* 144 bits: 24 characters of base64url, none to spare */

bool token_make(struct step *step, char text[SYNCPLAY_TOKEN_SIZE], struct token_hash *hash)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"; /* RFC 4648 */
    uint8_t random[RANDOM_BYTES];
    if (!step_random(step, random, sizeof random))
        return false;
    char *out = text;
    for (size_t i = 0; i < sizeof random; i += 3) {
        uint32_t bits = (uint32_t)random[i] << 16 | (uint32_t)random[i + 1] << 8 | random[i + 2];
        for (int shift = 18; shift >= 0; shift -= 6)
            *out++ = alphabet[bits >> shift & 63];
    }
    *out = 0;
    *hash = token_hash_of(text);
    return true;
}

struct token_hash token_hash_of(const char *text)
{
    struct token_hash hash;
    SHA2_CTX context;
    SHA256Init(&context);
    SHA256Update(&context, (const uint8_t *)text, strlen(text));
    SHA256Final(hash.bytes, &context);
    return hash;
}

bool token_is_same(const struct token_hash *a, const struct token_hash *b)
{
    volatile uint8_t difference = 0;
    for (unsigned i = 0; i < TOKEN_HASH_BYTES; i++)
        difference |= a->bytes[i] ^ b->bytes[i];
    return difference == 0;
}

bool token_is_none(const struct token_hash *hash)
{
    static const struct token_hash none;
    return token_is_same(hash, &none);
}

void token_write_hex(const struct token_hash *hash, char text[TOKEN_HEX_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    for (unsigned i = 0; i < TOKEN_HASH_BYTES; i++) {
        text[2 * i] = digits[hash->bytes[i] >> 4];
        text[2 * i + 1] = digits[hash->bytes[i] & 15];
    }
    text[2 * TOKEN_HASH_BYTES] = 0;
}

bool token_read_hex(const char *text, struct token_hash *hash)
{
    static const char digits[] = "0123456789abcdef";
    struct token_hash draft;
    if (strlen(text) != 2 * TOKEN_HASH_BYTES || strspn(text, digits) != 2 * TOKEN_HASH_BYTES)
        return false;
    for (unsigned i = 0; i < TOKEN_HASH_BYTES; i++)
        draft.bytes[i] = (uint8_t)((strchr(digits, text[2 * i]) - digits) << 4 | (strchr(digits, text[2 * i + 1]) - digits));
    *hash = draft;
    return true;
}
