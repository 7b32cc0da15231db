/* Users: making a guest, and who a token is. */
#include <string.h>

#include <syncplay/error.h>

#include "api_call.h"
#include "problem.h"
#include "quotas.h"
#include "rbac.h"

void api_create_user(struct api_call *call)
{
    const char *name = NULL;
    char token[USERS_TOKEN_SIZE];
    struct user user;
    if (!users_have_guests(call->api->users)) {
        problem(call->response, 403, syncplay_error_code(SYNCPLAY_ERROR_FORBIDDEN),
                "this server lets no guests in (auth.guests is false); sign in with an account");
        return;
    }
    if (json_get_text(call->body, "name", &name) != JSON_FOUND || !syncplay_name_is_valid(name)) {
        problem(call->response, 400, syncplay_error_code(SYNCPLAY_ERROR_FIELD),
                "name must be 1 to %d characters, some to be seen, none of them a control character", SYNCPLAY_NAME_MAX);
        return;
    }
    if (!api_count(call, call->api->quotas->guests, "too many new users from this address"))
        return;
    if (!users_create(call->api->users, name, &user, token)) {
        problem_of(call->response, SYNCPLAY_ERROR_LIMIT, "the user could not be saved");
        return;
    }
    struct json_writer writer = {0};
    json_put_object(&writer, NULL);
    json_put_id(&writer, "user_id", &user.id);
    json_put_text(&writer, "name", user.name);
    json_put_text(&writer, "token", token);
    json_end(&writer);
    api_reply(call, 201, &writer);
}

void api_show_me(struct api_call *call)
{
    static const syncplay_permission all[] = {SYNCPLAY_PERMISSION_CREATE, SYNCPLAY_PERMISSION_JOIN,
                                              SYNCPLAY_PERMISSION_HOST_CONTROLS};
    struct json_writer writer = {0};
    json_put_object(&writer, NULL);
    json_put_id(&writer, "user_id", &call->user.id);
    json_put_text(&writer, "name", call->user.name);
    json_put_bool(&writer, "is_guest", call->user.is_guest);
    json_put_array(&writer, "permissions");
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (call->user.permissions & RBAC_BIT(all[i]))
            json_put_text(&writer, NULL, syncplay_permission_name(all[i]));
    json_end(&writer);
    json_end(&writer);
    api_reply(call, 200, &writer);
}
