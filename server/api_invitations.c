/* Invitations over REST. Their tokens are told once, to those who made them, and kept nowhere here. */
#include <syncplay/syncplay.h>

#include "api_access.h"
#include "api_call.h"
#include "api_fields.h"
#include "api_place.h"
#include "clock.h"

/* What lib/PROTOCOL.md says of `expires_in_ms` and `uses`. */
#define LIFETIME_MAX INT64_C(315360000)
#define USES_MAX 1000000

/* The fields of an invitation, into an object that is open. */
static void put_invitation(struct json_writer *writer, const syncplay_invitation_info *info)
{
    json_put_id(writer, "id", &info->id);
    json_put_text(writer, "role", syncplay_role_name(info->role));
    json_put_id(writer, "made_by", &info->made_by);
    json_put_time(writer, "created_at", info->unix_created);
    if (info->unix_expires == SYNCPLAY_NEVER)
        json_put_text(writer, "expires_at", NULL);
    else
        json_put_time(writer, "expires_at", info->unix_expires);
    if (info->uses == 0)
        json_put_text(writer, "uses", NULL);
    else
        json_put_integer(writer, "uses", info->uses);
    json_put_integer(writer, "used", info->used);
}

void api_list_invitations(struct api_call *call)
{
    struct place place;
    struct json_writer writer = {0};
    if (!place_enter_with(call, &place, SYNCPLAY_RIGHT_INVITE))
        return;
    json_put_object(&writer, NULL);
    json_put_array(&writer, "invitations");
    for (size_t i = 0;; i++) {
        syncplay_invitation_info info = {.struct_size = sizeof info};
        if (syncplay_hub_invitation(place.hub, place.now, &place.session, i, &info) != SYNCPLAY_OK)
            break;
        json_put_object(&writer, NULL);
        put_invitation(&writer, &info);
        json_end(&writer);
    }
    json_end(&writer);
    json_end(&writer);
    place_leave(&place);
    api_reply(call, 200, &writer);
}

static bool read_invitation(struct api_call *call, syncplay_command *command)
{
    int64_t seconds = 0;
    int64_t uses = 0;
    syncplay_command_default(command, sizeof *command, SYNCPLAY_COMMAND_INVITE);
    if (!api_read_role(call, "role", &command->role) ||
        !api_read_integer(call, "expires_in", 1, LIFETIME_MAX, &seconds) ||
        !api_read_integer(call, "uses", 1, USES_MAX, &uses))
        return false;
    if (seconds > 0)
        command->lifetime = seconds * CLOCK_SECOND;
    command->uses = (uint32_t)uses;
    return true;
}

void api_invite(struct api_call *call)
{
    struct place place;
    struct json_writer writer = {0};
    syncplay_command command;
    syncplay_invitation_info info = {.struct_size = sizeof info};
    char token[SYNCPLAY_TOKEN_SIZE];
    if (!read_invitation(call, &command) || !place_enter(call, &place))
        return;
    syncplay_user user = place_caller(call);
    int error = syncplay_hub_invite(place.hub, place.now, &place.session, &user, &command, &info, token);
    if (error != SYNCPLAY_OK)
        place_refuse(call, &place, error);
    place.is_changed = error == SYNCPLAY_OK;
    place_leave(&place);
    if (error != SYNCPLAY_OK)
        return;
    json_put_object(&writer, NULL);
    put_invitation(&writer, &info);
    json_put_text(&writer, "token", token);
    json_end(&writer);
    api_reply(call, 201, &writer);
}

void api_revoke(struct api_call *call)
{
    syncplay_command command;
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_REVOKE);
    if (api_read_path_id(call, &command.invitation_id))
        place_command(call, &command);
}
