/* Fields of a request's body. Knows the API's way to say no, and nothing of sessions. */
#include "api_fields.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <syncplay/error.h>

#include "problem.h"

bool api_refuse(struct api_call *call, const char *key, const char *must)
{
    problem(call->response, 400, syncplay_error_code(SYNCPLAY_ERROR_FIELD), "%s must be %s", key, must);
    return false;
}

bool api_has(const struct api_call *call, const char *key)
{
    bool unused;
    return json_get_bool(call->body, key, &unused) != JSON_MISSING;
}

bool api_read_text(struct api_call *call, const char *key, const char **text)
{
    return json_get_text(call->body, key, text) != JSON_WRONG_TYPE || api_refuse(call, key, "a text");
}

bool api_read_bool(struct api_call *call, const char *key, bool *value)
{
    return json_get_bool(call->body, key, value) != JSON_WRONG_TYPE || api_refuse(call, key, "true or false");
}

bool api_read_integer(struct api_call *call, const char *key, int64_t least, int64_t most, int64_t *value)
{
    char must[96];
    int64_t read = 0;
    enum json_answer answer = json_get_integer(call->body, key, &read);
    if (answer == JSON_MISSING)
        return true;
    if (answer == JSON_FOUND && read >= least && read <= most) {
        *value = read;
        return true;
    }
    snprintf(must, sizeof must, "a whole number from %" PRId64 " to %" PRId64, least, most);
    return api_refuse(call, key, must);
}

/* "one of a, b, c" */
static void write_choice(const char *const *words, size_t count, char *text, size_t size)
{
    size_t length = (size_t)snprintf(text, size, "one of ");
    for (size_t i = 0; i < count && length < size; i++)
        length += (size_t)snprintf(text + length, size - length, "%s%s", i == 0 ? "" : ", ", words[i]);
}

bool api_read_word(struct api_call *call, const char *key, const char *const *words, size_t count, size_t *index)
{
    char must[128];
    const char *text = NULL;
    enum json_answer answer = json_get_text(call->body, key, &text);
    for (size_t i = 0; answer == JSON_FOUND && i < count; i++) {
        if (strcmp(text, words[i]) == 0) {
            *index = i;
            return true;
        }
    }
    write_choice(words, count, must, sizeof must);
    return answer == JSON_MISSING || api_refuse(call, key, must);
}

bool api_read_id(struct api_call *call, const char *key, syncplay_id *id)
{
    const char *text = "";
    return (json_get_text(call->body, key, &text) == JSON_FOUND && syncplay_id_parse(text, strlen(text), id)) ||
           api_refuse(call, key, "a UUID, not of zeros only");
}

bool api_read_path_id(struct api_call *call, syncplay_id *id)
{
    if (syncplay_id_parse(call->id, call->id_length, id))
        return true;
    problem(call->response, 404, syncplay_error_code(SYNCPLAY_ERROR_NOT_FOUND),
            "the last part of the path is not a UUID");
    return false;
}
