/*
 * The key that tokens are verified with. Whatever is wrong with it is found here, at start, so that verifying never
 * meets a key of the wrong kind: no PEM becomes a secret, and no short key is let pass.
 */
#include "jwt_key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "secret_file.h"

#define SHA256_BYTES 32
#define ES256_BYTES 64

static bool keep(struct jwt_key *key, const void *bytes, size_t length, size_t signature_length)
{
    key->bytes = malloc(length);
    if (key->bytes == NULL)
        return false;
    memcpy(key->bytes, bytes, length);
    key->length = length;
    key->signature_length = signature_length;
    return true;
}

/* Why these bytes must not be the secret of HS256, NULL if they may. */
static const char *refuse_secret(const char *text, size_t length)
{
    if (memmem(text, length, "-----BEGIN ", 11) != NULL)
        return "is a PEM file, which others may know: HS256 needs a secret, and a key pair needs RS256 or ES256";
    if (length < JWT_SECRET_BYTES_MIN)
        return "is too short: the secret of HS256 must be 32 bytes or more";
    return NULL;
}

_Static_assert(JWT_SECRET_BYTES_MIN == 32 && JWT_RSA_BITS_MIN == 2048 && JWT_RSA_BITS_MAX == 8192,
               "the sentences say so");

/* Why this public key is none for the algorithm, NULL if it is. */
static const char *refuse_public_key(EVP_PKEY *key, enum jwt_algorithm algorithm)
{
    char curve[32] = "";
    if (algorithm == JWT_RS256) {
        bool is_rsa = EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
        int bits = EVP_PKEY_get_bits(key);
        return is_rsa && bits >= JWT_RSA_BITS_MIN && bits <= JWT_RSA_BITS_MAX
                   ? NULL
                   : "is not what RS256 needs: an RSA key of 2048 to 8192 bits";
    }
    bool is_p256 = EVP_PKEY_get_group_name(key, curve, sizeof curve, NULL) == 1 && strcmp(curve, "prime256v1") == 0;
    return is_p256 ? NULL : "is not what ES256 needs: a key on the curve P-256";
}

/* Keeps the key as OpenSSL writes it, without whatever else was in the file. */
static bool keep_public_key(struct jwt_key *key, EVP_PKEY *public_key, enum jwt_algorithm algorithm)
{
    char *bytes = NULL;
    BIO *pem = BIO_new(BIO_s_mem());
    bool is_written = pem != NULL && PEM_write_bio_PUBKEY(pem, public_key) == 1;
    long length = is_written ? BIO_get_mem_data(pem, &bytes) : 0;
    size_t signature_length = algorithm == JWT_ES256 ? ES256_BYTES : (size_t)EVP_PKEY_get_size(public_key);
    bool is_kept = length > 0 && keep(key, bytes, (size_t)length, signature_length);
    BIO_free(pem);
    return is_kept;
}

/* Never asks at the terminal: a public key needs no passphrase. */
static int no_passphrase(char *buffer, int size, int is_writing, void *arg)
{
    (void)buffer;
    (void)size;
    (void)is_writing;
    (void)arg;
    return -1;
}

static const char *load_public_key(struct jwt_key *key, enum jwt_algorithm algorithm, const char *text, size_t length)
{
    if (memmem(text, length, "PRIVATE KEY-----", 16) != NULL)
        return "is a private key: give this server the public one";
    BIO *pem = BIO_new_mem_buf(text, (int)length);
    EVP_PKEY *public_key = pem == NULL ? NULL : PEM_read_bio_PUBKEY(pem, NULL, no_passphrase, NULL);
    const char *refusal = "is not a public key in PEM form (-----BEGIN PUBLIC KEY-----)";
    if (public_key != NULL)
        refusal = refuse_public_key(public_key, algorithm);
    if (refusal == NULL && !keep_public_key(key, public_key, algorithm))
        refusal = "cannot be kept: no memory";
    EVP_PKEY_free(public_key);
    BIO_free(pem);
    return refusal;
}

static const char *load_secret(struct jwt_key *key, const char *text, size_t length)
{
    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r'))
        length--;
    const char *refusal = refuse_secret(text, length);
    if (refusal == NULL && !keep(key, text, length, SHA256_BYTES))
        refusal = "cannot be kept: no memory";
    return refusal;
}

bool jwt_key_load(struct jwt_key *key, enum jwt_algorithm algorithm, const char *file, const char *text, char *why,
                  size_t why_size)
{
    char *bytes = malloc(JWT_KEY_SIZE_MAX + 1);
    size_t length = strlen(text);
    *key = (struct jwt_key){0};
    if (bytes == NULL) {
        snprintf(why, why_size, "out of memory");
        return false;
    }
    bool is_read = true;
    if (file[0] != '\0')
        is_read = secret_file_read("auth.jwt.key_file", file, bytes, JWT_KEY_SIZE_MAX, &length, why, why_size);
    const char *source = file[0] != '\0' ? bytes : text;
    if (is_read) {
        const char *refusal =
            algorithm == JWT_HS256 ? load_secret(key, source, length) : load_public_key(key, algorithm, source, length);
        if (refusal != NULL)
            snprintf(why, why_size, "the key of %s %s", file[0] != '\0' ? "auth.jwt.key_file" : "auth.jwt.key",
                     refusal);
    }
    OPENSSL_cleanse(bytes, JWT_KEY_SIZE_MAX + 1);
    free(bytes);
    return key->bytes != NULL;
}

void jwt_key_clear(struct jwt_key *key)
{
    if (key->bytes != NULL)
        OPENSSL_cleanse(key->bytes, key->length);
    free(key->bytes);
    *key = (struct jwt_key){0};
}
