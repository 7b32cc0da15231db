/*
 * Bytes as a token. An input that begins with a brace is a header and, in the next line, claims: they are signed, so
 * that what comes after the signature is reached. Any other is the token itself. Nothing that was not signed is good.
 */
// clang-format off
// needs: server/jwt_verify.o server/jwt_key.o server/json.o server/secret_file.o
// clang-format on
#include "../unit/signed_token.h"

#include "check.h"
#include "input.h"
#include "json.h"
#include "jwt_verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SECOND INT64_C(1000000)
#define NOW (INT64_C(1800000000) * SECOND)
#define LEEWAY (30 * SECOND)
/* So that what is made of it fits into a token. */
#define PART_MAX 2000

static struct jwt_verifier *make_verifier(void)
{
    struct jwt_rules rules = {
        .algorithm = JWT_HS256, .issuer = ISSUER, .audience = AUDIENCE, .kid = "", .leeway = LEEWAY};
    struct jwt_key key;
    char why[256];
    CHECK(jwt_key_load(&key, JWT_HS256, "", SECRET, why, sizeof why));
    return jwt_verifier_new(&rules, &key);
}

static bool verify(const struct jwt_verifier *verifier, const char *token, size_t length)
{
    const char *refusal = NULL;
    int64_t expires = 0;
    char *copy = malloc(length ? length : 1);
    CHECK(copy != NULL);
    memcpy(copy, token, length);
    struct json *claims = jwt_verify(verifier, copy, length, NOW, &expires, &refusal);
    CHECK((claims == NULL) == (refusal != NULL));
    CHECK(!claims || expires > NOW);
    json_free(claims);
    free(copy);
    return claims != NULL;
}

static void verify_signed(const struct jwt_verifier *verifier, struct input *input)
{
    char header[PART_MAX + 1], claims[PART_MAX + 1];
    size_t header_length, claims_length;
    const char *line = input_line(input, &header_length);
    header_length = header_length < PART_MAX ? header_length : PART_MAX;
    snprintf(header, sizeof header, "%.*s", (int)header_length, line);
    claims_length = input->length - input->at < PART_MAX ? input->length - input->at : PART_MAX;
    snprintf(claims, sizeof claims, "%.*s", (int)claims_length, input->bytes + input->at);
    char *token = make_token(header, claims, SECRET, strlen(SECRET));
    verify(verifier, token, strlen(token));
    token[strlen(token) - 2] ^= 1; /* in the signature; the last letter has bits that say nothing */
    CHECK(!verify(verifier, token, strlen(token)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {(const char *)data, size, 0};
    struct jwt_verifier *verifier = make_verifier();
    CHECK(verifier != NULL);
    if (size > 0 && data[0] == '{')
        verify_signed(verifier, &input);
    else
        verify(verifier, input.bytes, size);
    jwt_verifier_free(verifier);
    return 0;
}
