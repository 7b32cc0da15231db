/*
 * Bytes as the body of a request to the REST API: whatever is read of it is within what the field may be, and whatever
 * is wrong with it is answered by a problem that is JSON. The first letter chooses a key for the readers that take any.
 */
// clang-format off
// needs: server/api_fields.o server/api_settings.o server/json.o server/json_writer.o server/problem.o server/timestamp.o
// clang-format on
#include <syncplay/command.h>

#include "api_fields.h"
#include "api_settings.h"
#include "check.h"
#include "config.h"
#include "input.h"
#include "json_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PARTICIPANTS 20
#define ANSWER_DEPTH 2

/* Frees the answer, and looks at it if it was asked for: only what is refused has one. */
static void check_answer(struct http_response *response, bool is_good)
{
    CHECK((response->status == 0) == is_good);
    CHECK((response->body == NULL) == is_good);
    if (!is_good) {
        CHECK(response->status == 400 || response->status == 404);
        CHECK_TOLD(json_text_is_object(response->body, response->body_length, ANSWER_DEPTH), response->body);
    }
    free(response->body);
    *response = (struct http_response){0};
}

static void read_settings(struct api_call *call)
{
    syncplay_settings settings;
    uint32_t mask = 0;
    bool is_good = api_read_settings(call, &settings, &mask);
    check_answer(call->response, is_good);
    if (!is_good)
        return;
    CHECK(settings.visibility <= SYNCPLAY_FRIENDS && settings.control <= SYNCPLAY_CONTROL_HOST);
    CHECK(settings.strangers <= SYNCPLAY_STRANGERS_KNOCK && settings.wait <= SYNCPLAY_WAIT_NOBODY);
    CHECK(!(mask & SYNCPLAY_SETTING_MAX_PARTICIPANTS) ||
          (settings.max_participants >= 1 && settings.max_participants <= PARTICIPANTS));
}

static void read_field(struct api_call *call, const char *key)
{
    const char *text = NULL;
    bool truth = false;
    int64_t number = 7;
    syncplay_id id = {{0}};
    bool is_good = api_read_text(call, key, &text);
    check_answer(call->response, is_good);
    CHECK(!text || json_is_utf8(text, strlen(text)));
    check_answer(call->response, api_read_bool(call, key, &truth));
    check_answer(call->response, api_read_integer(call, key, -3, 1000, &number));
    CHECK(number >= -3 && number <= 1000);
    is_good = api_read_id(call, key, &id);
    CHECK(is_good == !syncplay_id_is_none(&id));
    check_answer(call->response, is_good);
}

static bool never(void *arg, const char *text)
{
    CHECK(json_is_utf8(text, strlen(text)));
    ++*(size_t *)arg;
    return false;
}

static void read_lists(const struct json *body, const char *key)
{
    size_t count = 0, seen = 0;
    double number;
    if (json_get_texts(body, key, &count) == JSON_FOUND)
        for (size_t i = 0; i < count; i++)
            CHECK(json_text_at(body, key, i) != NULL);
    CHECK(!json_any_text(body, key, never, &seen) && seen >= count);
    json_get_number(body, key, &number);
    json_has_repeats(body);
    const char *path = "visibility.user_id.roles";
    const struct json *inside = json_walk(body, &path);
    if (inside)
        json_has(inside, path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const keys[] = {"user_id",          "name",         "roles", "title",
                                       "max_participants", "chat_enabled", "",      "uses"};
    static struct config config = {.max_participants = PARTICIPANTS};
    struct input input = {(const char *)data, size, 0};
    struct api api = {.config = &config};
    struct http_response response = {0};
    struct api_call call = {.api = &api, .response = &response};
    char why[160] = "", token[200];
    const char *key = keys[input_number(&input, sizeof keys / sizeof *keys)];
    size_t length = size - input.at;
    char *copy = malloc(length ? length : 1);
    CHECK(copy != NULL);
    memcpy(copy, input.bytes + input.at, length);
    if (json_auth_token(copy, length, token, sizeof token))
        CHECK(strlen(token) < sizeof token && json_is_utf8(token, strlen(token)));
    struct json *body = json_read(copy, length, why, sizeof why);
    CHECK((body == NULL) == (why[0] != '\0'));
    if (body) {
        CHECK(json_is_utf8(copy, length));
        call.body = body;
        read_settings(&call);
        read_field(&call, key);
        read_lists(body, key);
    }
    json_free(body);
    free(copy);
    return 0;
}
