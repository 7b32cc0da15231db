/*
 * The key that tokens are verified with: where it comes from, and whether it is of the right kind. Knows libcrypto, and
 * no token.
 */
#ifndef SERVER_JWT_KEY_H
#define SERVER_JWT_KEY_H

#include <stdbool.h>
#include <stddef.h>

/* The largest key, in bytes, and the smallest ones that are let pass. */
#define JWT_KEY_SIZE_MAX 16384
#define JWT_SECRET_BYTES_MIN 32
#define JWT_RSA_BITS_MIN 2048
#define JWT_RSA_BITS_MAX 8192

enum jwt_algorithm { JWT_HS256, JWT_RS256, JWT_ES256 };

struct jwt_key {
    unsigned char *bytes;    /* the secret of HS256; else a public key, as PEM that OpenSSL wrote */
    size_t length;           /* of it */
    size_t signature_length; /* of each signature that can be right, in bytes */
};

/*
 * Makes a key of what was configured: `file` names a file, or is empty and `text` is the key itself. Line ends at its
 * end are not part of a secret. False, and a sentence in `why`, if it is not a key for this algorithm.
 */
bool jwt_key_load(struct jwt_key *key, enum jwt_algorithm algorithm, const char *file, const char *text, char *why,
                  size_t why_size);

/* Forgets it; a key that is all zeros is allowed. */
void jwt_key_clear(struct jwt_key *key);

#endif
