/*
 * Verifying JSON Web Tokens (RFC 7519): a token's bytes in, its claims or a refusal out. jwt_verify.c is the only file
 * that knows libjwt. Knows no HTTP, no database, and not what the claims are for.
 *
 * One algorithm is right, the one that was configured. What the token itself says about algorithms, keys and their
 * whereabouts decides nothing but that it is refused.
 */
#ifndef SERVER_JWT_VERIFY_H
#define SERVER_JWT_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jwt_key.h"

/* The longest token, in bytes. */
#define JWT_SIZE_MAX 4096

struct json;
struct jwt_verifier;

/* Of the texts that a token has to have, with their zero byte. */
#define JWT_TEXT_SIZE 256

/* What a token has to be. Times are in microseconds, as everywhere. */
struct jwt_rules {
    enum jwt_algorithm algorithm;
    char issuer[JWT_TEXT_SIZE];
    char audience[JWT_TEXT_SIZE];
    char kid[JWT_TEXT_SIZE]; /* "" for any, and none */
    int64_t leeway;          /* how far the other clock may be off */
};

/* Takes over the key, also on failure. NULL when out of memory. */
struct jwt_verifier *jwt_verifier_new(const struct jwt_rules *rules, struct jwt_key *key);
void jwt_verifier_free(struct jwt_verifier *verifier);

/*
 * Verifies a token, which need not end with a zero byte, at the instant `unix_now`. Returns its claims, for json_free,
 * and until when it is good (`exp` and the leeway). Or NULL, and in *refusal why: a static string for the log; whoever
 * sent the token is to learn no more than that it was refused. From any thread, with a small stack.
 */
struct json *jwt_verify(const struct jwt_verifier *verifier, const char *token, size_t length, int64_t unix_now,
                        int64_t *unix_expires, const char **refusal);

#endif
