/* Tokens for the tests of accounts: made with OpenSSL alone, so that another tool than the tested one has signed them.
 */
#ifndef TESTS_SIGNED_TOKEN_H
#define TESTS_SIGNED_TOKEN_H

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#define SECRET "0123456789abcdef0123456789abcdef"
#define ISSUER "https://media.example"
#define AUDIENCE "syncplay"
#define HS256_HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define RS256_HEADER "{\"alg\":\"RS256\",\"typ\":\"JWT\"}"
#define TOKEN_ROOM 16384

/* Appends base64url without padding. */
static inline void append_base64url(char *text, const void *bytes, size_t length)
{
    unsigned char padded[TOKEN_ROOM];
    EVP_EncodeBlock(padded, bytes, (int)length);
    for (unsigned char *c = padded; *c != '\0' && *c != '='; c++) {
        char *end = text + strlen(text);
        end[0] = (char)(*c == '+' ? '-' : *c == '/' ? '_' : *c);
        end[1] = '\0';
    }
}

static inline void append_unsigned(char *token, const char *header, const char *claims)
{
    append_base64url(token, header, strlen(header));
    strcat(token, ".");
    append_base64url(token, claims, strlen(claims));
}

/* A token signed with a secret. The text is static. */
static inline char *make_token(const char *header, const char *claims, const void *secret, size_t secret_length)
{
    static char token[TOKEN_ROOM];
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    token[0] = '\0';
    append_unsigned(token, header, claims);
    HMAC(EVP_sha256(), secret, (int)secret_length, (const unsigned char *)token, strlen(token), mac, &length);
    strcat(token, ".");
    append_base64url(token, mac, length);
    return token;
}

/* A token signed with an RSA key. */
static inline char *make_rsa_token(const char *header, const char *claims, EVP_PKEY *key)
{
    static char token[TOKEN_ROOM];
    unsigned char signature[1024];
    size_t length = sizeof signature;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    token[0] = '\0';
    append_unsigned(token, header, claims);
    EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key);
    EVP_DigestSign(context, signature, &length, (const unsigned char *)token, strlen(token));
    EVP_MD_CTX_free(context);
    strcat(token, ".");
    append_base64url(token, signature, length);
    return token;
}

/* A key as PEM, public or private; the text is static. */
static inline char *make_pem(EVP_PKEY *key, int is_private)
{
    static char pem[TOKEN_ROOM];
    char *bytes = NULL;
    BIO *out = BIO_new(BIO_s_mem());
    if (is_private)
        PEM_write_bio_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL);
    else
        PEM_write_bio_PUBKEY(out, key);
    long length = BIO_get_mem_data(out, &bytes);
    snprintf(pem, sizeof pem, "%.*s", (int)length, bytes);
    BIO_free(out);
    return pem;
}

#endif
