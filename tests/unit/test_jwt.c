/* Tokens and keys: to the second, to the byte, and on the small stacks that the workers have. */
// needs: server/jwt_verify.o server/jwt_key.o server/json.o -ljwt -lcrypto -lcjson -lpthread
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../server/json.h"
#include "../../server/jwt_verify.h"
#include "signed_token.h"

/* What civetweb's workers have. */
#define WORKER_STACK (100 * 1024)

#define SECOND INT64_C(1000000)
#define NOW (INT64_C(1800000000) * SECOND)
#define CLAIMS(more) "{\"iss\":\"" ISSUER "\",\"aud\":\"" AUDIENCE "\",\"sub\":\"ana\"" more "}"
#define EXP ",\"exp\":1800000100"

static struct jwt_rules rules = {.algorithm = JWT_HS256, .issuer = ISSUER, .audience = AUDIENCE, .kid = ""};

static struct jwt_verifier *make_verifier(enum jwt_algorithm algorithm, const char *key_text)
{
    char why[256];
    struct jwt_key key;
    struct jwt_rules own = rules;
    own.algorithm = algorithm;
    if (!jwt_key_load(&key, algorithm, "", key_text, why, sizeof why))
        fail_msg("%s", why);
    return jwt_verifier_new(&own, &key);
}

/* Why a token is refused at an instant, or "good". */
static const char *verdict_of(const struct jwt_verifier *verifier, const char *token, int64_t unix_now)
{
    const char *refusal = "good";
    int64_t expires = 0;
    struct json *claims = jwt_verify(verifier, token, strlen(token), unix_now, &expires, &refusal);
    assert_true((claims != NULL) == (refusal == NULL));
    json_free(claims);
    return refusal == NULL ? "good" : refusal;
}

/* The same, with the secret of these tests and `more` as claims. */
static const char *verdict(const char *claims, int64_t unix_now)
{
    struct jwt_verifier *verifier = make_verifier(JWT_HS256, SECRET);
    const char *said = verdict_of(verifier, make_token(HS256_HEADER, claims, SECRET, strlen(SECRET)), unix_now);
    jwt_verifier_free(verifier);
    return said;
}

static const char *verdict_of_header(const char *header)
{
    struct jwt_verifier *verifier = make_verifier(JWT_HS256, SECRET);
    const char *said = verdict_of(verifier, make_token(header, CLAIMS(EXP), SECRET, strlen(SECRET)), NOW);
    jwt_verifier_free(verifier);
    return said;
}

static void test_a_token_is_its_claims(void **state)
{
    (void)state;
    int64_t expires = 0;
    const char *text = NULL, *refusal = NULL;
    struct jwt_verifier *verifier = make_verifier(JWT_HS256, SECRET);
    char *token = make_token(HS256_HEADER, CLAIMS(EXP), SECRET, strlen(SECRET));
    size_t length = strlen(token);
    memcpy(token + length, "AAAA", 5); /* it need not end with a zero byte */
    struct json *claims = jwt_verify(verifier, token, length, NOW, &expires, &refusal);
    assert_non_null(claims);
    assert_int_equal(json_get_text(claims, "sub", &text), JSON_FOUND);
    assert_string_equal(text, "ana");
    assert_int_equal(expires, NOW + 100 * SECOND);
    json_free(claims);
    jwt_verifier_free(verifier);
}

static void test_dates(void **state)
{
    (void)state;
    int64_t exp = NOW + 100 * SECOND;
    assert_string_equal(verdict(CLAIMS(EXP), exp - 1), "good");
    assert_string_equal(verdict(CLAIMS(EXP), exp), "it has expired");
    assert_string_equal(verdict(CLAIMS(",\"exp\":1800000100.5"), exp + SECOND / 2 - 1), "good");
    assert_string_equal(verdict(CLAIMS(",\"exp\":1800000100.5"), exp + SECOND / 2), "it has expired");
    assert_string_equal(verdict(CLAIMS(EXP ",\"nbf\":1800000000"), NOW), "good");
    assert_string_equal(verdict(CLAIMS(EXP ",\"nbf\":1800000000"), NOW - 1), "it is not valid yet");
    rules.leeway = 30 * SECOND;
    assert_string_equal(verdict(CLAIMS(EXP), exp + 30 * SECOND - 1), "good");
    assert_string_equal(verdict(CLAIMS(EXP), exp + 30 * SECOND), "it has expired");
    assert_string_equal(verdict(CLAIMS(EXP ",\"nbf\":1800000000"), NOW - 30 * SECOND), "good");
    assert_string_equal(verdict(CLAIMS(EXP ",\"nbf\":1800000000"), NOW - 30 * SECOND - 1), "it is not valid yet");
    rules.leeway = 0;
    static const char *const no_dates[] = {CLAIMS(""),
                                           CLAIMS(",\"exp\":null"),
                                           CLAIMS(",\"exp\":\"1800000100\""),
                                           CLAIMS(",\"exp\":[1800000100]"),
                                           CLAIMS(",\"exp\":-1"),
                                           CLAIMS(",\"exp\":true"),
                                           CLAIMS(",\"exp\":253402300800"),
                                           CLAIMS(",\"exp\":9223372036854775807"),
                                           CLAIMS(",\"exp\":1e300")};
    for (size_t i = 0; i < sizeof no_dates / sizeof no_dates[0]; i++)
        assert_string_equal(verdict(no_dates[i], NOW), "it has no exp that is a date");
    assert_string_equal(verdict(CLAIMS(",\"exp\":253402300799"), NOW), "good");
    assert_string_equal(verdict(CLAIMS(",\"exp\":0"), NOW), "it has expired");
    assert_string_equal(verdict(CLAIMS(EXP ",\"nbf\":null"), NOW), "its nbf is no date");
    assert_string_equal(verdict(CLAIMS(EXP ",\"nbf\":-1"), NOW), "its nbf is no date");
}

static void test_issuer_and_audience(void **state)
{
    (void)state;
#define FROM(issuer, audience) "{\"iss\":" issuer ",\"aud\":" audience EXP "}"
    static const char wrong_issuer[] = "its issuer is not the configured one";
    static const char wrong_audience[] = "its audience is not the configured one";
    assert_string_equal(verdict(FROM("\"" ISSUER "\"", "[1,\"x\",\"" AUDIENCE "\"]"), NOW), "good");
    assert_string_equal(verdict(FROM("\"" ISSUER "/\"", "\"" AUDIENCE "\""), NOW), wrong_issuer);
    assert_string_equal(verdict(FROM("[\"" ISSUER "\"]", "\"" AUDIENCE "\""), NOW), wrong_issuer);
    assert_string_equal(verdict(FROM("\"" ISSUER "\"", "\"SYNCPLAY\""), NOW), wrong_audience);
    assert_string_equal(verdict(FROM("\"" ISSUER "\"", "[]"), NOW), wrong_audience);
    assert_string_equal(verdict(FROM("\"" ISSUER "\"", "[[\"" AUDIENCE "\"]]"), NOW), wrong_audience);
    assert_string_equal(verdict(FROM("\"" ISSUER "\"", "null"), NOW), wrong_audience);
    assert_string_equal(verdict("{}", NOW), wrong_issuer);
}

static void test_headers(void **state)
{
    (void)state;
    static const char wrong_algorithm[] = "its algorithm is not the configured one";
    static const char no_header[] = "its header is not base64url of a JSON object";
    assert_string_equal(verdict_of_header("{\"alg\":\"HS256\"}"), "good");
    assert_string_equal(verdict_of_header("{\"alg\":\"HS256\",\"kid\":\"x\",\"jwk\":{},\"jku\":\"http://x\"}"), "good");
    assert_string_equal(verdict_of_header("{\"alg\":\"HS256\",\"typ\":\"jwt\"}"), "good");
    assert_string_equal(verdict_of_header("{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}"), "its type is not JWT");
    assert_string_equal(verdict_of_header("{\"alg\":\"HS256\",\"typ\":7}"), "its type is not JWT");
    assert_string_equal(verdict_of_header("{\"alg\":\"none\"}"), wrong_algorithm);
    assert_string_equal(verdict_of_header("{\"alg\":\"hs256\"}"), wrong_algorithm);
    assert_string_equal(verdict_of_header("{\"alg\":\"HS512\"}"), wrong_algorithm);
    assert_string_equal(verdict_of_header("{\"alg\":\"HS256 \"}"), wrong_algorithm);
    assert_string_equal(verdict_of_header("{\"ALG\":\"HS256\"}"), wrong_algorithm);
    assert_string_equal(verdict_of_header("{}"), wrong_algorithm);
    assert_string_equal(verdict_of_header("{\"alg\":\"HS256\",\"crit\":[]}"), "it asks for extensions (crit)");
    assert_string_equal(verdict_of_header("{\"alg\":\"HS256\",\"crit\":null}"), "it asks for extensions (crit)");
    assert_string_equal(verdict_of_header("{\"alg\":\"HS256\",\"alg\":\"HS256\"}"), no_header);
    assert_string_equal(verdict_of_header("{\"alg\":\"HS256\",\"a\\u006cg\":\"none\"}"), no_header);
    assert_string_equal(verdict_of_header("{\"alg\":\"HS256\",\"x\":[{\"y\":1,\"y\":2}]}"), no_header);
    assert_string_equal(verdict_of_header("[]"), no_header);
    assert_string_equal(verdict_of_header("{\"alg\":\"HS256\"}{}"), no_header);
    snprintf(rules.kid, sizeof rules.kid, "spring");
    assert_string_equal(verdict_of_header("{\"alg\":\"HS256\",\"kid\":\"spring\"}"), "good");
    assert_string_equal(verdict_of_header("{\"alg\":\"HS256\",\"kid\":\"Spring\"}"),
                        "its kid is not the configured one");
    assert_string_equal(verdict_of_header("{\"alg\":\"HS256\"}"), "its kid is not the configured one");
    rules.kid[0] = '\0';
}

/* Each single character of a token, replaced, makes it wrong; and so does each cut. */
static void test_every_byte_counts(void **state)
{
    (void)state;
    struct jwt_verifier *verifier = make_verifier(JWT_HS256, SECRET);
    char *token = make_token(HS256_HEADER, CLAIMS(EXP), SECRET, strlen(SECRET));
    size_t length = strlen(token);
    assert_string_equal(verdict_of(verifier, token, NOW), "good");
    for (size_t i = 0; i < length; i++) {
        static const char others[] = "AQgw-_.+/= \n";
        char was = token[i];
        for (const char *other = others; *other != '\0'; other++) {
            token[i] = *other;
            if (*other != was)
                assert_string_not_equal(verdict_of(verifier, token, NOW), "good");
        }
        token[i] = was;
    }
    for (size_t cut = 0; cut < length; cut++) {
        const char *refusal = NULL;
        int64_t expires = 0;
        assert_null(jwt_verify(verifier, token, cut, NOW, &expires, &refusal));
        assert_non_null(refusal);
    }
    for (const char *c = "A=.\n "; *c != '\0'; c++) {
        token[length] = *c;
        token[length + 1] = '\0';
        assert_string_not_equal(verdict_of(verifier, token, NOW), "good");
    }
    token[length] = '\0';
    assert_string_equal(verdict_of(verifier, token, NOW), "good");
    const char *refusal = NULL;
    int64_t expires = 0;
    assert_null(jwt_verify(verifier, token, length + 1, NOW, &expires, &refusal)); /* with its zero byte */
    jwt_verifier_free(verifier);
}

static EVP_PKEY *rsa(unsigned bits)
{
    return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits);
}

/* Each signature has one spelling. libjwt takes them all. */
static void test_signatures_have_one_spelling(void **state)
{
    (void)state;
    EVP_PKEY *pair = rsa(2048);
    struct jwt_verifier *verifier = make_verifier(JWT_RS256, make_pem(pair, 0));
    char *token = make_rsa_token(RS256_HEADER, CLAIMS(EXP), pair);
    size_t length = strlen(token);
    assert_string_equal(verdict_of(verifier, token, NOW), "good");
    static const char *const more[] = {"A", "==", "AAAA", ".", "\n"};
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        snprintf(token + length, 8, "%s", more[i]);
        assert_string_equal(verdict_of(verifier, token, NOW), "its signature is not base64url of the right length");
    }
    token[length] = '\0';
    token[length - 1]++; /* 256 bytes leave 4 bits of the last character over: A is B, Q is R */
    assert_string_equal(verdict_of(verifier, token, NOW), "its signature is not base64url of the right length");
    jwt_verifier_free(verifier);
    EVP_PKEY_free(pair);
}

static void test_the_longest_token(void **state)
{
    (void)state;
    static char claims[TOKEN_ROOM / 2];
    struct jwt_verifier *verifier = make_verifier(JWT_HS256, SECRET);
    size_t longest = 0;
    for (int filling = 2800; filling < 3100; filling++) {
        snprintf(claims, sizeof claims, CLAIMS(EXP ",\"x\":\"%0*d\""), filling, 0);
        char *token = make_token(HS256_HEADER, claims, SECRET, strlen(SECRET));
        bool fits = strlen(token) <= JWT_SIZE_MAX;
        assert_string_equal(verdict_of(verifier, token, NOW), fits ? "good" : "it is too long, or holds a zero byte");
        longest = fits ? strlen(token) : longest;
    }
    assert_in_range(longest, JWT_SIZE_MAX - 1, JWT_SIZE_MAX);
    jwt_verifier_free(verifier);
}

/* --- Keys --------------------------------------------------------------------------------------------------------- */

static EVP_PKEY *curve(const char *name)
{
    return EVP_PKEY_Q_keygen(NULL, NULL, "EC", name);
}

/* An RSA key that says of itself that it is for other signatures than those of RS256. */
static EVP_PKEY *rsa_pss(void)
{
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA-PSS", NULL);
    EVP_PKEY_keygen_init(context);
    EVP_PKEY_generate(context, &key);
    EVP_PKEY_CTX_free(context);
    return key;
}

/* What is said about a key; frees it. "" if it is good. */
static const char *said_of(enum jwt_algorithm algorithm, EVP_PKEY *key)
{
    static char why[256];
    struct jwt_key loaded;
    why[0] = '\0';
    assert_true(jwt_key_load(&loaded, algorithm, "", make_pem(key, 0), why, sizeof why) == (why[0] == '\0'));
    jwt_key_clear(&loaded);
    EVP_PKEY_free(key);
    return why;
}

static void test_keys_of_each_kind(void **state)
{
    (void)state;
    assert_string_equal(said_of(JWT_RS256, rsa(2048)), "");
    assert_string_equal(said_of(JWT_ES256, curve("P-256")), "");
    assert_non_null(strstr(said_of(JWT_RS256, rsa(1024)), "2048 to 8192 bits"));
    assert_non_null(strstr(said_of(JWT_RS256, curve("P-256")), "an RSA key"));
    assert_non_null(strstr(said_of(JWT_RS256, rsa_pss()), "an RSA key"));
    assert_non_null(strstr(said_of(JWT_RS256, EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")), "an RSA key"));
    assert_non_null(strstr(said_of(JWT_ES256, curve("P-384")), "curve P-256"));
    assert_non_null(strstr(said_of(JWT_ES256, curve("secp256k1")), "curve P-256"));
    assert_non_null(strstr(said_of(JWT_ES256, rsa(2048)), "curve P-256"));
    assert_non_null(strstr(said_of(JWT_HS256, rsa(2048)), "is a PEM file"));
}

static void test_keys_that_are_none(void **state)
{
    (void)state;
    char why[256];
    struct jwt_key key;
    EVP_PKEY *pair = rsa(2048);
    assert_false(jwt_key_load(&key, JWT_RS256, "", make_pem(pair, 1), why, sizeof why));
    assert_string_equal(why, "the key of auth.jwt.key is a private key: give this server the public one");
    EVP_PKEY_free(pair);
    assert_false(jwt_key_load(&key, JWT_RS256, "", "-----BEGIN PUBLIC KEY-----\nx\n", why, sizeof why));
    assert_non_null(strstr(why, "is not a public key in PEM form"));
    assert_false(jwt_key_load(&key, JWT_HS256, "", "0123456789abcdef0123456789abcde", why, sizeof why));
    assert_non_null(strstr(why, "32 bytes or more"));
    assert_false(jwt_key_load(&key, JWT_HS256, "/nowhere/key", "", why, sizeof why));
    assert_string_equal(why, "auth.jwt.key_file: /nowhere/key: No such file or directory");
    assert_false(jwt_key_load(&key, JWT_HS256, "/dev/zero", "", why, sizeof why));
    assert_non_null(strstr(why, "too large"));
    assert_false(jwt_key_load(&key, JWT_HS256, "/", "", why, sizeof why));
    assert_non_null(strstr(why, "cannot be read"));
}

static void test_a_secret_from_a_file(void **state)
{
    (void)state;
    char why[256];
    char path[] = "/tmp/test_jwt.XXXXXX";
    struct jwt_key key;
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, SECRET "\r\n\n", sizeof SECRET + 2), sizeof SECRET + 2);
    close(file);
    assert_true(jwt_key_load(&key, JWT_HS256, path, "", why, sizeof why));
    assert_int_equal(key.length, strlen(SECRET));
    assert_memory_equal(key.bytes, SECRET, strlen(SECRET));
    jwt_key_clear(&key);
    unlink(path);
}

/* The public key is no secret, however it is written. */
static void test_no_confusion_of_keys(void **state)
{
    (void)state;
    EVP_PKEY *pair = rsa(2048);
    static char pem[TOKEN_ROOM];
    snprintf(pem, sizeof pem, "%s", make_pem(pair, 0));
    struct jwt_verifier *verifier = make_verifier(JWT_RS256, pem);
    assert_string_equal(verdict_of(verifier, make_rsa_token(RS256_HEADER, CLAIMS(EXP), pair), NOW), "good");
    static const char *const headers[] = {HS256_HEADER, RS256_HEADER, "{\"alg\":\"RS256\",\"alg\":\"HS256\"}",
                                          "{\"alg\":\"HS256\",\"alg\":\"RS256\"}"};
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        for (size_t cut = 0; cut < 2; cut++) /* with and without the last line's end */
            assert_string_not_equal(
                verdict_of(verifier, make_token(headers[i], CLAIMS(EXP), pem, strlen(pem) - cut), NOW), "good");
    EVP_PKEY *other = rsa(2048);
    assert_string_equal(verdict_of(verifier, make_rsa_token(RS256_HEADER, CLAIMS(EXP), other), NOW),
                        "its signature is wrong");
    EVP_PKEY_free(other);
    EVP_PKEY_free(pair);
    jwt_verifier_free(verifier);
}

/* --- Stacks ------------------------------------------------------------------------------------------------------- */

static struct jwt_verifier *small_verifier;
static const char *small_token;
static const char *small_verdict;

static void *verify_on_a_small_stack(void *arg)
{
    small_verdict = verdict_of(small_verifier, small_token, NOW);
    return arg;
}

static const char *on_a_small_stack(const char *token)
{
    pthread_t thread;
    pthread_attr_t attributes;
    small_token = token;
    pthread_attr_init(&attributes);
    assert_int_equal(pthread_attr_setstacksize(&attributes, WORKER_STACK), 0);
    assert_int_equal(pthread_create(&thread, &attributes, verify_on_a_small_stack, NULL), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    return small_verdict;
}

static void test_small_stacks(void **state)
{
    (void)state;
    static char claims[TOKEN_ROOM / 2];
    EVP_PKEY *pair = rsa(4096);
    small_verifier = make_verifier(JWT_RS256, make_pem(pair, 0));
    snprintf(claims, sizeof claims, CLAIMS(EXP ",\"x\":\"%02200d\""), 0);
    assert_string_equal(on_a_small_stack(make_rsa_token(RS256_HEADER, claims, pair)), "good");
    /* Parsers follow this as deep as it is, to the end of the stack. */
    snprintf(claims, sizeof claims, CLAIMS(EXP ",\"x\":"));
    size_t length = strlen(claims) - 1;
    memset(claims + length, '[', 900);
    memset(claims + length + 900, ']', 900);
    memcpy(claims + length + 1800, "}", 2);
    assert_string_equal(on_a_small_stack(make_rsa_token(RS256_HEADER, claims, pair)),
                        "its claims are not base64url of a JSON object");
    jwt_verifier_free(small_verifier);
    EVP_PKEY_free(pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_token_is_its_claims), cmocka_unit_test(test_dates),
        cmocka_unit_test(test_issuer_and_audience),   cmocka_unit_test(test_headers),
        cmocka_unit_test(test_every_byte_counts),     cmocka_unit_test(test_signatures_have_one_spelling),
        cmocka_unit_test(test_the_longest_token),     cmocka_unit_test(test_keys_of_each_kind),
        cmocka_unit_test(test_keys_that_are_none),    cmocka_unit_test(test_a_secret_from_a_file),
        cmocka_unit_test(test_no_confusion_of_keys),  cmocka_unit_test(test_small_stacks),
    };
    return cmocka_run_group_tests_name("jwt", tests, NULL, NULL);
}
