/* Sessions over REST: making, showing, changing and ending them. */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include <syncplay/syncplay.h>

#include "api_call.h"
#include "api_fields.h"
#include "api_objects.h"
#include "api_place.h"
#include "api_settings.h"
#include "friends.h"
#include "party.h"
#include "problem.h"

/* --- What is watched -------------------------------------------------------------------------------------- */

static bool read_content_id(struct api_call *call, syncplay_id *id)
{
    const char *text = NULL;
    enum json_answer answer = json_get_text(call->body, "content_id", &text);
    if (answer == JSON_FOUND && syncplay_id_parse(text, strlen(text), id))
        return true;
    if (answer != JSON_MISSING)
        return api_refuse(call, "content_id", "a UUID, not of zeros only");
    /* Whoever has no ids of films gets a random one: a UUID of version 4. */
    if (getrandom(id->bytes, sizeof id->bytes, 0) != (ssize_t)sizeof id->bytes) {
        problem_of(call->response, SYNCPLAY_ERROR_ENTROPY, "");
        return false;
    }
    id->bytes[6] = (uint8_t)((id->bytes[6] & 0x0f) | 0x40);
    id->bytes[8] = (uint8_t)((id->bytes[8] & 0x3f) | 0x80);
    return true;
}

static bool read_content(struct api_call *call, syncplay_content *content)
{
    syncplay_content_default(content, sizeof *content);
    if (json_get_text(call->body, "content_type", &content->type) != JSON_FOUND)
        return api_refuse(call, "content_type", "a text of 1 to 50 characters");
    if (!read_content_id(call, &content->id) || !api_read_text(call, "title", &content->title) ||
        !api_read_text(call, "url", &content->url))
        return false;
    return true; /* the rest is the library's and the shard's to check */
}

_Static_assert(SYNCPLAY_CONTENT_TYPE_MAX == 50, "the sentence above says so");

/* --- Routes ----------------------------------------------------------------------------------------------- */

static void reply_created(struct api_call *call, struct shard *shard, const syncplay_id *session)
{
    struct json_writer writer = {0};
    struct place place = {.shard = shard, .session = *session};
    place.hub = shard_enter(shard, &place.now);
    syncplay_session_info info = place_session(&place);
    bool exists = info.code[0] != '\0'; /* it may have ended since */
    if (exists)
        api_put_session(&writer, NULL, &info, true);
    place_leave(&place);
    if (!exists) {
        problem_of(call->response, SYNCPLAY_ERROR_ENDED, "");
        return;
    }
    api_reply(call, 201, &writer);
    /* Relative to the URL of the request, so that it is right below any path that a proxy puts in front. */
    if (call->response->status == 201)
        snprintf(call->response->location, sizeof call->response->location, "sessions/%s", info.code);
}

void api_create_session(struct api_call *call)
{
    char why[256] = "";
    syncplay_user host = place_caller(call);
    syncplay_content content;
    syncplay_settings settings;
    uint32_t mask;
    struct shard *shard = NULL;
    syncplay_id session;
    if (!read_content(call, &content) || !api_read_settings(call, &settings, &mask))
        return;
    int error = parties_create(call->api->parties, &host, &content, &settings, &shard, &session, why, sizeof why);
    if (error == SYNCPLAY_OK)
        reply_created(call, shard, &session);
    else if (error == PARTIES_USER_LIMIT)
        problem(call->response, 409, syncplay_error_code(SYNCPLAY_ERROR_LIMIT), "%s", why);
    else
        problem_of(call->response, error, why);
}

void api_show_session(struct api_call *call)
{
    struct place place;
    struct json_writer writer = {0};
    if (!place_enter(call, &place))
        return;
    syncplay_session_info info = place_session(&place);
    bool is_member = place_has(&place, &call->user.id);
    if (is_member || info.settings->visibility == SYNCPLAY_PUBLIC)
        api_put_session(&writer, NULL, &info, is_member);
    else
        api_put_outline(&writer, &info, friends_are(call->api->friends, &info.host_user_id, &call->user.id));
    place_leave(&place);
    api_reply(call, 200, &writer);
}

void api_change_session(struct api_call *call)
{
    struct place place;
    struct json_writer writer = {0};
    syncplay_command command;
    syncplay_settings settings;
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_SETTINGS);
    command.settings = &settings;
    if (!api_read_settings(call, &settings, &command.settings_mask))
        return;
    if (command.settings_mask == 0) {
        api_refuse(call, "the body",
                   "an object with at least one of visibility, control, max_participants, "
                   "chat_enabled, strangers, wait");
        return;
    }
    if (!place_enter(call, &place))
        return;
    bool is_changed = place_submit(call, &place, &command);
    if (is_changed) {
        syncplay_session_info info = place_session(&place);
        api_put_session(&writer, NULL, &info, true);
    }
    place_leave(&place);
    if (is_changed)
        api_reply(call, 200, &writer);
}

void api_end_session(struct api_call *call)
{
    syncplay_command command;
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_END);
    place_command(call, &command);
}
