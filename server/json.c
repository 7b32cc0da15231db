/* Bounded reading of JSON: look at the bytes first, parse after. Knows cJSON, and nothing of what the fields mean. */
#include "json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

/* The largest whole number up to which doubles have no gaps: 2^53. */
#define INTEGER_MAX 9007199254740992.0

struct json {
    cJSON root; /* never made: a struct json * is a cJSON * that others cannot look into */
};

/* The length of the UTF-8 sequence at `bytes`, or 0 if there is none. */
static size_t utf8_sequence(const unsigned char *bytes, size_t length)
{
    unsigned char first = bytes[0];
    if (first < 0x80)
        return 1;
    size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || size > length)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
    if ((first == 0xe0 && bytes[1] < 0xa0) || (first == 0xed && bytes[1] > 0x9f) ||
        (first == 0xf0 && bytes[1] < 0x90) || (first == 0xf4 && bytes[1] > 0x8f))
        return 0; /* an overlong form, a surrogate, or past U+10FFFF */
    return size;
}

bool json_is_utf8(const char *bytes, size_t length)
{
    for (size_t at = 0; at < length;) {
        size_t size = utf8_sequence((const unsigned char *)bytes + at, length - at);
        if (size == 0)
            return false;
        at += size;
    }
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The value of \uXXXX at `bytes`, or -1. */
static int escape_unit(const char *bytes, size_t length)
{
    if (length < 6 || bytes[0] != '\\' || bytes[1] != 'u')
        return -1;
    int value = 0;
    for (size_t i = 2; i < 6; i++) {
        int digit = hex_digit(bytes[i]);
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* The length of the escape at `bytes`; 0, with the reason in *why, for one that may not be. */
static size_t escape_length(const char *bytes, size_t length, const char **why)
{
    if (length < 2 || bytes[1] != 'u')
        return 2;
    int unit = escape_unit(bytes, length);
    *why = unit < 0 ? "holds a malformed \\u escape" : unit == 0 ? "holds \\u0000" : "holds half of a surrogate pair";
    if (unit <= 0 || (unit >= 0xdc00 && unit <= 0xdfff))
        return 0;
    if (unit < 0xd800 || unit > 0xdbff)
        return 6;
    int low = escape_unit(bytes + 6, length - 6);
    return low >= 0xdc00 && low <= 0xdfff ? 12 : 0;
}

/* The length of the string that begins at `bytes` with a quotation mark; 0, with the reason in *why. */
static size_t string_length(const char *bytes, size_t length, const char **why)
{
    size_t at = 1;
    while (at < length && bytes[at] != '"') {
        size_t step = 1;
        if ((unsigned char)bytes[at] < 0x20) {
            *why = "holds a control character in a string";
            return 0;
        }
        if (bytes[at] == '\\') {
            step = escape_length(bytes + at, length - at, why);
            if (step == 0)
                return 0;
        }
        at += step;
    }
    if (at >= length) {
        *why = "ends inside of a string";
        return 0;
    }
    return at + 1;
}

/* Why these bytes must not be given to the parser; NULL if they may. */
static const char *refusal(const char *bytes, size_t length)
{
    const char *why = NULL;
    int depth = 0;
    if (!json_is_utf8(bytes, length))
        return "is not UTF-8";
    for (size_t at = 0; at < length;) {
        char c = bytes[at];
        size_t step = 1;
        if (c == '"') {
            step = string_length(bytes + at, length - at, &why);
            if (step == 0)
                return why;
        } else if (c == '{' || c == '[') {
            if (++depth > JSON_DEPTH_MAX)
                return "is nested too deeply (at most 8 levels)";
        } else if (c == '}' || c == ']') {
            depth--;
        } else if ((unsigned char)c >= 0x80 || ((unsigned char)c < 0x20 && c != '\t' && c != '\n' && c != '\r')) {
            return "holds a character that may be in strings only";
        }
        at += step;
    }
    return NULL;
}

_Static_assert(JSON_DEPTH_MAX == 8, "the sentence above says 8 levels");

struct json *json_read(const char *bytes, size_t length, char *why, size_t why_size)
{
    if (length > JSON_SIZE_MAX) {
        snprintf(why, why_size, "the body is larger than %d bytes", JSON_SIZE_MAX);
        return NULL;
    }
    const char *refused = refusal(bytes, length);
    if (refused) {
        snprintf(why, why_size, "the body %s", refused);
        return NULL;
    }
    const char *end = NULL;
    cJSON *root = cJSON_ParseWithLengthOpts(bytes, length, &end, 0);
    while (root && end < bytes + length && strchr(" \t\r\n", *end) && *end != '\0')
        end++;
    if (!root || end != bytes + length || !cJSON_IsObject(root)) {
        snprintf(why, why_size, "the body is not one JSON object");
        cJSON_Delete(root);
        return NULL;
    }
    return (struct json *)(void *)root;
}

void json_free(struct json *object)
{
    cJSON_Delete((cJSON *)(void *)object);
}

static const cJSON *member(const struct json *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(&object->root, key);
    return cJSON_IsNull(item) ? NULL : item;
}

enum json_answer json_get_text(const struct json *object, const char *key, const char **text)
{
    const cJSON *item = member(object, key);
    if (!item)
        return JSON_MISSING;
    if (!cJSON_IsString(item))
        return JSON_WRONG_TYPE;
    *text = item->valuestring;
    return JSON_FOUND;
}

enum json_answer json_get_bool(const struct json *object, const char *key, bool *value)
{
    const cJSON *item = member(object, key);
    if (!item)
        return JSON_MISSING;
    if (!cJSON_IsBool(item))
        return JSON_WRONG_TYPE;
    *value = cJSON_IsTrue(item);
    return JSON_FOUND;
}

enum json_answer json_get_integer(const struct json *object, const char *key, int64_t *value)
{
    const cJSON *item = member(object, key);
    if (!item)
        return JSON_MISSING;
    double number = cJSON_IsNumber(item) ? item->valuedouble : NAN;
    if (!(number >= -INTEGER_MAX && number <= INTEGER_MAX) || number != floor(number))
        return JSON_WRONG_TYPE;
    *value = (int64_t)number;
    return JSON_FOUND;
}

enum json_answer json_get_texts(const struct json *object, const char *key, size_t *count)
{
    const cJSON *item = member(object, key);
    const cJSON *entry = NULL;
    if (!item)
        return JSON_MISSING;
    if (!cJSON_IsArray(item))
        return JSON_WRONG_TYPE;
    *count = 0;
    cJSON_ArrayForEach(entry, item) {
        if (!cJSON_IsString(entry))
            return JSON_WRONG_TYPE;
        ++*count;
    }
    return JSON_FOUND;
}

const char *json_text_at(const struct json *object, const char *key, size_t index)
{
    return cJSON_GetArrayItem(member(object, key), (int)index)->valuestring;
}

enum json_answer json_get_number(const struct json *object, const char *key, double *value)
{
    const cJSON *item = member(object, key);
    if (!item)
        return JSON_MISSING;
    if (!cJSON_IsNumber(item) || !isfinite(item->valuedouble))
        return JSON_WRONG_TYPE;
    *value = item->valuedouble;
    return JSON_FOUND;
}

bool json_has(const struct json *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(&object->root, key) != NULL;
}

/* Recursive, but no deeper than JSON_DEPTH_MAX: json_read has seen to that. */
static bool has_repeats(const cJSON *value)
{
    for (const cJSON *item = value->child; item; item = item->next) {
        for (const cJSON *other = item->next; cJSON_IsObject(value) && other; other = other->next)
            if (strcmp(item->string, other->string) == 0)
                return true;
        if (has_repeats(item))
            return true;
    }
    return false;
}

bool json_has_repeats(const struct json *object)
{
    return has_repeats(&object->root);
}

/* The object below a key that is given by its length, or NULL. */
static const cJSON *child_object(const cJSON *object, const char *key, size_t length)
{
    for (const cJSON *item = object->child; item; item = item->next)
        if (cJSON_IsObject(item) && strlen(item->string) == length && memcmp(item->string, key, length) == 0)
            return item;
    return NULL;
}

const struct json *json_walk(const struct json *object, const char **path)
{
    const cJSON *at = &object->root;
    const char *dot;
    while (!cJSON_GetObjectItemCaseSensitive(at, *path) && (dot = strchr(*path, '.')) != NULL) {
        const cJSON *child = child_object(at, *path, (size_t)(dot - *path));
        if (!child)
            break;
        at = child;
        *path = dot + 1;
    }
    return (const struct json *)(const void *)at;
}

bool json_any_text(const struct json *object, const char *key, bool (*matches)(void *arg, const char *text), void *arg)
{
    const cJSON *value = member(object, key);
    if (!value)
        return false;
    if (cJSON_IsString(value))
        return matches(arg, value->valuestring);
    for (const cJSON *item = cJSON_IsArray(value) ? value->child : NULL; item; item = item->next)
        if (cJSON_IsString(item) && matches(arg, item->valuestring))
            return true;
    return false;
}

bool json_auth_token(const char *bytes, size_t length, char *token, size_t size)
{
    char why[128];
    if (length > JSON_AUTH_MAX)
        return false;
    struct json *object = json_read(bytes, length, why, sizeof why);
    if (!object)
        return false;
    const char *type = "";
    const char *text = "";
    bool good = json_get_text(object, "type", &type) == JSON_FOUND && strcmp(type, "auth") == 0 &&
                json_get_text(object, "token", &text) == JSON_FOUND && strlen(text) < size;
    if (good)
        memcpy(token, text, strlen(text) + 1);
    json_free(object);
    return good;
}
