/* Signing webhooks. */
#include "webhook_signature.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

/* Of a number and its dot. */
#define HEAD_MAX 24

_Static_assert(WEBHOOK_SIGNATURE_SIZE == 3 + 2 * SHA256_DIGEST_LENGTH + 1, "a signature fits into its buffer");

bool webhook_sign(const char *secret, size_t secret_length, int64_t unix_seconds, const char *body, size_t length,
                  char signature[WEBHOOK_SIGNATURE_SIZE])
{
    unsigned char hash[SHA256_DIGEST_LENGTH];
    char *text = malloc(HEAD_MAX + length);
    if (text == NULL)
        return false;
    size_t head = (size_t)snprintf(text, HEAD_MAX, "%" PRId64 ".", unix_seconds);
    memcpy(text + head, body, length);
    bool is_signed = HMAC(EVP_sha256(), secret, (int)secret_length, (const unsigned char *)text, head + length, hash,
                          NULL) != NULL;
    free(text);
    snprintf(signature, WEBHOOK_SIGNATURE_SIZE, "v1=");
    for (size_t i = 0; i < sizeof hash; i++)
        snprintf(signature + 3 + 2 * i, 3, "%02x", hash[i]);
    return is_signed;
}
