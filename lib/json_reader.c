/* JSON in, through cJSON, after checks that cJSON does not make. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <syncplay/error.h>

#include "json_grammar.h"
#include "json_reader.h"
#include "text.h"

/* cJSON recurses for each level, so the depth is known before it starts; and it would cut texts at \u0000. */
static const char *precheck(const char *bytes, size_t length, unsigned depth)
{
    unsigned level = 0;
    bool in_text = false;
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        return "a byte order mark is not allowed";
    for (size_t i = 0; i < length; i++) {
        char c = bytes[i];
        if (c == 0)
            return "a zero byte is not allowed";
        if (in_text && (unsigned char)c < 0x20)
            return "a control character in a text is not escaped";
        if (in_text && c == '\\') {
            if (length - i > 5 && memcmp(bytes + i, "\\u0000", 6) == 0)
                return "the character U+0000 is not allowed";
            i++;
        } else if (c == '"') {
            in_text = !in_text;
        } else if (!in_text && (c == '{' || c == '[') && ++level > depth) {
            return "nested too deeply";
        } else if (!in_text && (c == '}' || c == ']') && level) {
            level--;
        }
    }
    return NULL;
}

json_value json_parse(const char *bytes, size_t length, unsigned depth, const char **reason)
{
    size_t characters;
    const char *end = NULL;
    if (!text_is_utf8(bytes, length, &characters)) {
        *reason = "not valid UTF-8";
        return NULL;
    }
    const char *trouble = precheck(bytes, length, depth);
    if (trouble) {
        *reason = trouble;
        return NULL;
    }
    cJSON *root = cJSON_ParseWithLengthOpts(bytes, length, &end, false);
    while (root && end < bytes + length && strchr(" \t\r\n", *end))
        end++;
    if (root && end == bytes + length)
        return root;
    bool is_short_of_memory = !root && json_is_well_formed(bytes, length);
    cJSON_Delete(root);
    *reason = is_short_of_memory ? NULL : "not valid JSON";
    return NULL;
}

void json_free(json_value root)
{
    cJSON_Delete((cJSON *)(uintptr_t)root);
}

int json_parse_message(const char *bytes, size_t length, unsigned depth, json_value *root, char *why, size_t why_size)
{
    const char *reason = NULL;
    *root = json_parse(bytes, length, depth, &reason);
    if (json_is_object(*root))
        return SYNCPLAY_OK;
    if (!*root && !reason) {
        snprintf(why, why_size, "%s", syncplay_strerror(SYNCPLAY_ERROR_MEMORY));
        return SYNCPLAY_ERROR_MEMORY;
    }
    if (reason)
        snprintf(why, why_size, "malformed message: %s", reason);
    else
        snprintf(why, why_size, "the message is not a JSON object");
    return SYNCPLAY_ERROR_MALFORMED;
}

bool json_is_object(json_value value)
{
    return cJSON_IsObject(value);
}

bool json_is_array(json_value value)
{
    return cJSON_IsArray(value);
}

json_value json_member(json_value object, const char *key)
{
    json_value value = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsNull(value) ? NULL : value;
}

json_value json_first(json_value array)
{
    return cJSON_IsArray(array) ? array->child : NULL;
}

json_value json_next(json_value element)
{
    return element->next;
}

bool json_get_text(json_value value, const char **text)
{
    if (!cJSON_IsString(value))
        return false;
    *text = value->valuestring;
    return true;
}

bool json_get_bool(json_value value, bool *result)
{
    if (!cJSON_IsBool(value))
        return false;
    *result = cJSON_IsTrue(value);
    return true;
}

bool json_get_double(json_value value, double *result)
{
    if (!cJSON_IsNumber(value) || !isfinite(value->valuedouble))
        return false;
    *result = value->valuedouble;
    return true;
}

bool json_get_integer(json_value value, int64_t least, int64_t most, int64_t *result)
{
    double number;
    if (!json_get_double(value, &number) || number < (double)least || number > (double)most || number != floor(number))
        return false;
    *result = (int64_t)number;
    return true;
}

bool json_get_milliseconds(json_value value, int64_t least, int64_t most, int64_t *microseconds)
{
    double number;
    if (!json_get_double(value, &number))
        return false;
    number = nearbyint(number * 1000);
    if (number < (double)least || number > (double)most)
        return false;
    *microseconds = (int64_t)number;
    return true;
}

bool json_get_id(json_value value, syncplay_id *id)
{
    const char *text;
    return json_get_text(value, &text) && syncplay_id_parse(text, strlen(text), id);
}
