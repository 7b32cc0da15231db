/*
 * Verifying JSON Web Tokens. libjwt does one thing here: it says whether the signature is right. Everything else is
 * read by us, from the same bytes, before: libjwt 1.10 takes base64 that is none, the last of two keys of a name,
 * nesting as deep as the stack is, and the algorithm that the token asks for.
 */
#include "jwt_verify.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jwt.h>

#include "clock.h"
#include "json.h"

/* The end of the year 9999, in seconds: a later date is a mistake, and would not fit into microseconds some day. */
#define DATE_MAX 253402300800.0

struct jwt_verifier {
    struct jwt_rules rules;
    struct jwt_key key;
};

/* One part of a token, decoded. */
struct part {
    unsigned char bytes[JWT_SIZE_MAX];
    size_t length;
};

/* A token that is being looked at; too large for the stacks of workers. */
struct work {
    char text[JWT_SIZE_MAX + 1];
    struct part part;
    struct json *header;
    struct json *claims;
};

static const struct algorithm {
    const char *name;
    jwt_alg_t number;
} algorithms[] = {[JWT_HS256] = {"HS256", JWT_ALG_HS256},
                  [JWT_RS256] = {"RS256", JWT_ALG_RS256},
                  [JWT_ES256] = {"ES256", JWT_ALG_ES256}};

/* --- base64url ---------------------------------------------------------------------------------------------------- */

static int sextet(char c)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *at = c == '\0' ? NULL : strchr(alphabet, c);
    return at == NULL ? -1 : (int)(at - alphabet);
}

/* Strictly as RFC 7515 has it: no other alphabet, no padding, and each text the only one for its bytes. Never empty. */
static bool decode(struct part *part, const char *text, size_t length)
{
    uint32_t bits = 0;
    unsigned held = 0;
    part->length = 0;
    for (size_t i = 0; i < length; i++) {
        int value = sextet(text[i]);
        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            part->bytes[part->length++] = (unsigned char)(bits >> held);
        }
    }
    return part->length > 0 && held < 6 && (bits & ((1u << held) - 1)) == 0;
}

/* A part that is a JSON object in which no key is repeated; NULL for anything else. */
static struct json *decode_object(struct part *part, const char *text, size_t length)
{
    char why[128];
    if (!decode(part, text, length))
        return NULL;
    struct json *object = json_read((const char *)part->bytes, part->length, why, sizeof why);
    if (object != NULL && json_has_repeats(object)) {
        json_free(object);
        return NULL;
    }
    return object;
}

/* --- What is checked ---------------------------------------------------------------------------------------------- */

static bool is_text(const struct json *object, const char *key, const char *wanted)
{
    const char *text = NULL;
    return json_get_text(object, key, &text) == JSON_FOUND && strcmp(text, wanted) == 0;
}

/* The type is optional. libjwt takes no other one, and would call it a wrong signature. */
static bool is_jwt(const struct json *header)
{
    const char *type = "JWT";
    return json_get_text(header, "typ", &type) != JSON_WRONG_TYPE && strcasecmp(type, "JWT") == 0;
}

static const char *check_header(const struct jwt_rules *rules, const struct json *header)
{
    if (!is_text(header, "alg", algorithms[rules->algorithm].name))
        return "its algorithm is not the configured one";
    if (!is_jwt(header))
        return "its type is not JWT";
    if (json_has(header, "crit"))
        return "it asks for extensions (crit)";
    if (rules->kid[0] != '\0' && !is_text(header, "kid", rules->kid))
        return "its kid is not the configured one";
    return NULL;
}

static bool is_equal(void *wanted, const char *text)
{
    return strcmp(wanted, text) == 0;
}

/* A date of the claims (NumericDate), in microseconds. */
static enum json_answer read_date(const struct json *claims, const char *key, int64_t *date)
{
    double seconds = 0;
    enum json_answer answer = json_get_number(claims, key, &seconds);
    if (answer != JSON_FOUND)
        return json_has(claims, key) ? JSON_WRONG_TYPE : JSON_MISSING;
    if (!(seconds >= 0 && seconds < DATE_MAX))
        return JSON_WRONG_TYPE;
    *date = (int64_t)(seconds * (double)CLOCK_SECOND);
    return JSON_FOUND;
}

static const char *check_claims(const struct jwt_rules *rules, const struct json *claims, int64_t unix_now,
                                int64_t *unix_expires)
{
    int64_t expires = 0;
    int64_t begins = 0;
    if (!is_text(claims, "iss", rules->issuer))
        return "its issuer is not the configured one";
    if (!json_any_text(claims, "aud", is_equal, (void *)(uintptr_t)rules->audience))
        return "its audience is not the configured one";
    if (read_date(claims, "exp", &expires) != JSON_FOUND)
        return "it has no exp that is a date";
    if (read_date(claims, "nbf", &begins) == JSON_WRONG_TYPE)
        return "its nbf is no date";
    if (unix_now >= expires + rules->leeway)
        return "it has expired";
    if (unix_now < begins - rules->leeway)
        return "it is not valid yet";
    *unix_expires = expires + rules->leeway;
    return NULL;
}

/* --- All of it ---------------------------------------------------------------------------------------------------- */

/* Whether libjwt says that the signature is right. It sees tokens only whose header names the algorithm of the key. */
static bool is_signed(const struct jwt_verifier *verifier, const char *text)
{
    jwt_t *jwt = NULL;
    bool is_right = jwt_decode(&jwt, text, verifier->key.bytes, (int)verifier->key.length) == 0 &&
                    jwt_get_alg(jwt) == algorithms[verifier->rules.algorithm].number;
    jwt_free(jwt);
    return is_right;
}

/* Splits the text at its two dots, looks at each part, and has the signature verified. */
static const char *read_token(const struct jwt_verifier *verifier, struct work *work)
{
    const char *header = work->text;
    size_t header_length = strcspn(header, ".");
    const char *payload = header + header_length + (header[header_length] == '.');
    size_t payload_length = strcspn(payload, ".");
    const char *signature = payload + payload_length + (payload[payload_length] == '.');

    work->header = decode_object(&work->part, header, header_length);
    if (work->header == NULL)
        return "its header is not base64url of a JSON object";
    const char *refusal = check_header(&verifier->rules, work->header);
    if (refusal != NULL)
        return refusal;
    work->claims = decode_object(&work->part, payload, payload_length);
    if (work->claims == NULL)
        return "its claims are not base64url of a JSON object";
    if (!decode(&work->part, signature, strlen(signature)) || work->part.length != verifier->key.signature_length)
        return "its signature is not base64url of the right length";
    return is_signed(verifier, work->text) ? NULL : "its signature is wrong";
}

struct json *jwt_verify(const struct jwt_verifier *verifier, const char *token, size_t length, int64_t unix_now,
                        int64_t *unix_expires, const char **refusal)
{
    if (length > JWT_SIZE_MAX || memchr(token, '\0', length) != NULL) {
        *refusal = "it is too long, or holds a zero byte";
        return NULL;
    }
    struct work *work = calloc(1, sizeof *work);
    if (work == NULL) {
        *refusal = "there is no memory";
        return NULL;
    }
    memcpy(work->text, token, length);
    *refusal = read_token(verifier, work);
    if (*refusal == NULL)
        *refusal = check_claims(&verifier->rules, work->claims, unix_now, unix_expires);
    struct json *claims = work->claims;
    if (*refusal != NULL) {
        json_free(claims);
        claims = NULL;
    }
    json_free(work->header);
    free(work);
    return claims;
}

struct jwt_verifier *jwt_verifier_new(const struct jwt_rules *rules, struct jwt_key *key)
{
    struct jwt_verifier *verifier = calloc(1, sizeof *verifier);
    if (verifier == NULL) {
        jwt_key_clear(key);
        return NULL;
    }
    verifier->rules = *rules;
    verifier->key = *key;
    *key = (struct jwt_key){0};
    return verifier;
}

void jwt_verifier_free(struct jwt_verifier *verifier)
{
    if (verifier == NULL)
        return;
    jwt_key_clear(&verifier->key);
    free(verifier);
}
