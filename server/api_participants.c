/* Participants over REST: coming and going, and what is done to them. */
#include <syncplay/syncplay.h>

#include "api_access.h"
#include "api_call.h"
#include "api_fields.h"
#include "api_objects.h"
#include "api_place.h"
#include "problem.h"

/* --- Coming and going ------------------------------------------------------------------------------------- */

/* The answer to a join that the hub has accepted: a seat, or a knock. */
static int write_joined(struct api_call *call, const struct place *place, struct json_writer *writer)
{
    syncplay_participant_info participant;
    bool is_in = place_find(place, &call->user.id, &participant) && !participant.is_knocking;
    json_put_object(writer, NULL);
    json_put_text(writer, "status", is_in ? "joined" : "requested");
    if (is_in) {
        syncplay_session_info info = place_session(place);
        api_put_participant(writer, "participant", &participant);
        api_put_session(writer, "session", &info, true);
    }
    json_end(writer);
    return is_in ? 200 : 202;
}

void api_join(struct api_call *call)
{
    struct place place;
    struct json_writer writer = {0};
    syncplay_command command;
    int status = 0;
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_JOIN);
    if ((call->body && !api_read_text(call, "invitation", &command.invitation)) || !place_enter_to_join(call, &place))
        return;
    if (place_submit(call, &place, &command))
        status = write_joined(call, &place, &writer);
    place_leave(&place);
    if (status != 0)
        api_reply(call, status, &writer);
}

void api_leave(struct api_call *call)
{
    struct place place;
    syncplay_command command;
    syncplay_participant_info caller;
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_LEAVE);
    if (!place_enter(call, &place))
        return;
    if (!place_find(&place, &call->user.id, &caller))
        problem(call->response, 404, syncplay_error_code(SYNCPLAY_ERROR_NOT_JOINED),
                "you are not a participant of this session");
    else if (place_submit(call, &place, &command))
        call->response->status = 204;
    place_leave(&place);
}

/* --- Who is there ----------------------------------------------------------------------------------------- */

static void put_participants(struct json_writer *writer, const struct place *place)
{
    json_put_object(writer, NULL);
    json_put_array(writer, "participants");
    for (size_t i = 0;; i++) {
        syncplay_participant_info info = {.struct_size = sizeof info};
        if (syncplay_hub_participant(place->hub, &place->session, i, &info) != SYNCPLAY_OK)
            break;
        if (!info.is_knocking)
            api_put_participant(writer, NULL, &info);
    }
    json_end(writer);
    json_end(writer);
}

void api_list_participants(struct api_call *call)
{
    struct place place;
    struct json_writer writer = {0};
    if (!place_enter(call, &place))
        return;
    bool may_see = place_has(&place, &call->user.id);
    if (may_see)
        put_participants(&writer, &place);
    else
        place_refuse(call, &place, SYNCPLAY_ERROR_NOT_JOINED);
    place_leave(&place);
    if (may_see)
        api_reply(call, 200, &writer);
}

/* --- What is done to them --------------------------------------------------------------------------------- */

/*
 * The one command that a change of a participant is: a role with its overrides, or muting. One request never becomes
 * two commands, of which the second could be refused when the first is done. False after answering what is wrong.
 */
static bool read_change(struct api_call *call, syncplay_command *command)
{
    bool is_mute = api_has(call, "muted");
    bool is_role = api_has(call, "role") || api_has(call, "allow") || api_has(call, "deny");
    syncplay_command_default(command, sizeof *command, is_mute ? SYNCPLAY_COMMAND_MUTE : SYNCPLAY_COMMAND_ROLE);
    if (is_mute == is_role)
        return api_refuse(call, "the body",
                          "an object with either muted, or at least one of role, allow and deny, and not both");
    if (is_mute)
        return api_read_bool(call, "muted", &command->muted);
    command->role_mask = (api_has(call, "role") ? SYNCPLAY_SET_ROLE : 0) |
                         (api_has(call, "allow") ? SYNCPLAY_SET_ALLOW : 0) |
                         (api_has(call, "deny") ? SYNCPLAY_SET_DENY : 0);
    return api_read_role(call, "role", &command->role) && api_read_rights(call, "allow", &command->allow) &&
           api_read_rights(call, "deny", &command->deny);
}

void api_change_participant(struct api_call *call)
{
    struct place place;
    struct json_writer writer = {0};
    syncplay_command command;
    syncplay_participant_info info;
    if (!read_change(call, &command) || !api_read_path_id(call, &command.user) || !place_enter(call, &place))
        return;
    bool is_changed = place_submit(call, &place, &command) && place_find(&place, &command.user, &info);
    if (is_changed)
        api_put_participant(&writer, NULL, &info);
    place_leave(&place);
    if (is_changed)
        api_reply(call, 200, &writer);
}

void api_kick(struct api_call *call)
{
    place_command_on_user(call, SYNCPLAY_COMMAND_KICK);
}

void api_hand_over(struct api_call *call)
{
    syncplay_command command;
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_HOST);
    if (api_read_id(call, "user_id", &command.user))
        place_command(call, &command);
}
