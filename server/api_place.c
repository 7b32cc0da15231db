/* The session that a request's path names. Knows the parties; knows nothing of single routes. */
#include "api_place.h"

#include "api_fields.h"
#include "code_lookup.h"
#include "party.h"
#include "problem.h"

static void refuse_look_up(struct api_call *call, int error, const struct code_wait *wait)
{
    if (error == SYNCPLAY_ERROR_RATE) {
        api_refuse_for(call, wait->why, wait->seconds);
        return;
    }
    /* The hub forgets; the database does not. */
    if (error == SYNCPLAY_ERROR_NOT_FOUND && parties_has_ended(call->api->parties, call->code, call->code_length))
        error = SYNCPLAY_ERROR_ENDED;
    problem_of(call->response, error, error == SYNCPLAY_ERROR_NOT_FOUND ? "there is no session with this code" : "");
}

static bool enter(struct api_call *call, struct place *place, bool wants_in)
{
    const struct code_asker asker = {.user = &call->user.id, .from = call->request->client, .wants_in = wants_in};
    struct code_wait wait;
    *place = (struct place){.parties = call->api->parties,
                            .shard = parties_shard(call->api->parties, call->code, call->code_length)};
    if (!place->shard) { /* what cannot be a code is no guess */
        refuse_look_up(call, SYNCPLAY_ERROR_NOT_FOUND, NULL);
        return false;
    }
    place->hub = shard_enter(place->shard, &place->now);
    int error = code_lookup(call->api->quotas, place->hub, place->now, call->code, call->code_length, &asker,
                            &place->session, &wait);
    if (error == SYNCPLAY_OK)
        return true;
    shard_leave(place->shard);
    refuse_look_up(call, error, &wait);
    return false;
}

bool place_enter(struct api_call *call, struct place *place)
{
    return enter(call, place, false);
}

bool place_enter_to_join(struct api_call *call, struct place *place)
{
    return enter(call, place, true);
}

bool place_enter_with(struct api_call *call, struct place *place, syncplay_right right)
{
    syncplay_participant_info caller;
    if (!place_enter(call, place))
        return false;
    bool is_in = place_find(place, &call->user.id, &caller) && !caller.is_knocking;
    if (is_in && (caller.rights & (uint32_t)right))
        return true;
    if (is_in)
        problem(call->response, 403, syncplay_error_code(SYNCPLAY_ERROR_FORBIDDEN),
                "this takes the right %s, which you do not have in this session", syncplay_right_name(right));
    else
        place_refuse(call, place, SYNCPLAY_ERROR_NOT_JOINED);
    place_leave(place);
    return false;
}

void place_leave(struct place *place)
{
    uint64_t ticket = 0;
    if (place->is_changed)
        ticket = parties_save_session(place->parties, place->hub, place->now, &place->session);
    shard_leave(place->shard);
    /* If the disk fails the answer is still a 2xx: it is done, and all in the session have been told so. */
    if (place->is_changed)
        parties_wait(place->parties, ticket);
}

syncplay_session_info place_session(const struct place *place)
{
    syncplay_session_info info = {.struct_size = sizeof info};
    syncplay_hub_session(place->hub, place->now, &place->session, &info);
    return info;
}

bool place_find(const struct place *place, const syncplay_id *user, syncplay_participant_info *info)
{
    *info = (syncplay_participant_info){.struct_size = sizeof *info};
    return syncplay_hub_participant_of(place->hub, &place->session, user, info) == SYNCPLAY_OK;
}

bool place_has(const struct place *place, const syncplay_id *user)
{
    syncplay_participant_info info;
    return place_find(place, user, &info) && !info.is_knocking;
}

syncplay_user place_caller(const struct api_call *call)
{
    syncplay_user user;
    syncplay_user_default(&user, sizeof user);
    user.id = call->user.id;
    user.name = call->user.name;
    return user;
}

void place_refuse(struct api_call *call, const struct place *place, int error)
{
    if (error == SYNCPLAY_ERROR_NOT_JOINED)
        problem_of(call->response, SYNCPLAY_ERROR_FORBIDDEN, "you are not a participant of this session");
    else if (error == SYNCPLAY_ERROR_LIMIT) /* of this session, not of the server: there is room elsewhere */
        problem(call->response, 409, syncplay_error_code(error), "%s", syncplay_hub_why(place->hub));
    else
        problem_of(call->response, error, syncplay_hub_why(place->hub));
}

bool place_submit(struct api_call *call, struct place *place, const syncplay_command *command)
{
    syncplay_user user = place_caller(call);
    int error = syncplay_hub_submit_for(place->hub, place->now, &place->session, &user, command);
    if (error != SYNCPLAY_OK)
        place_refuse(call, place, error);
    place->is_changed = error == SYNCPLAY_OK;
    return place->is_changed;
}

void place_command(struct api_call *call, const syncplay_command *command)
{
    struct place place;
    if (!place_enter(call, &place))
        return;
    if (place_submit(call, &place, command))
        call->response->status = 204;
    place_leave(&place);
}

void place_command_on_user(struct api_call *call, syncplay_command_kind kind)
{
    syncplay_command command;
    syncplay_command_default(&command, sizeof command, kind);
    if (api_read_path_id(call, &command.user))
        place_command(call, &command);
}
