/* Roles and rights in JSON. Knows their names; who has which is the library's business. */
#include "api_access.h"

#include <string.h>

#include "api_fields.h"

static const syncplay_right all[] = {
#define VALUE(name, bit, text) name,
    SYNCPLAY_RIGHTS(VALUE)
#undef VALUE
};

#define RIGHTS (sizeof all / sizeof all[0])

/* Those of roles that can be given, from SYNCPLAY_ROLE_CONTROLLER on. */
#define ROLES 3
_Static_assert(SYNCPLAY_ROLE_CHAT_ONLY == SYNCPLAY_ROLE_CONTROLLER + ROLES - 1, "the list below says so");

bool api_read_role(struct api_call *call, const char *key, syncplay_role *role)
{
    const char *const words[ROLES] = {syncplay_role_name(SYNCPLAY_ROLE_CONTROLLER),
                                      syncplay_role_name(SYNCPLAY_ROLE_VIEWER),
                                      syncplay_role_name(SYNCPLAY_ROLE_CHAT_ONLY)};
    size_t index = ROLES;
    if (!api_read_word(call, key, words, ROLES, &index))
        return false;
    if (index < ROLES)
        *role = (syncplay_role)(SYNCPLAY_ROLE_CONTROLLER + index);
    return true;
}

static uint32_t right_of(const char *name)
{
    for (size_t i = 0; i < RIGHTS; i++)
        if (strcmp(name, syncplay_right_name(all[i])) == 0)
            return (uint32_t)all[i];
    return 0;
}

static bool refuse_rights(struct api_call *call, const char *key)
{
#define TEXT(name, bit, text) " " text
    return api_refuse(call, key, "a list of some of these rights:" SYNCPLAY_RIGHTS(TEXT));
#undef TEXT
}

bool api_read_rights(struct api_call *call, const char *key, uint32_t *rights)
{
    size_t count = 0;
    uint32_t read = 0;
    enum json_answer answer = json_get_texts(call->body, key, &count);
    if (answer == JSON_MISSING)
        return true;
    if (answer == JSON_WRONG_TYPE || count > RIGHTS)
        return refuse_rights(call, key);
    for (size_t i = 0; i < count; i++) {
        uint32_t right = right_of(json_text_at(call->body, key, i));
        if (right == 0)
            return refuse_rights(call, key);
        read |= right;
    }
    *rights = read;
    return true;
}

void api_put_rights(struct json_writer *writer, const char *key, uint32_t rights)
{
    json_put_array(writer, key);
    for (size_t i = 0; i < RIGHTS; i++)
        if (rights & (uint32_t)all[i])
            json_put_text(writer, NULL, syncplay_right_name(all[i]));
    json_end(writer);
}
