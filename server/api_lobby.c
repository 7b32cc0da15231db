/* The lobby over REST: those who knock, for those who may let them in. */
#include <syncplay/syncplay.h>

#include "api_call.h"
#include "api_place.h"

void api_list_lobby(struct api_call *call)
{
    struct place place;
    struct json_writer writer = {0};
    if (!place_enter_with(call, &place, SYNCPLAY_RIGHT_ADMIT))
        return;
    json_put_object(&writer, NULL);
    json_put_array(&writer, "lobby");
    for (size_t i = 0;; i++) {
        syncplay_participant_info info = {.struct_size = sizeof info};
        if (syncplay_hub_participant(place.hub, &place.session, i, &info) != SYNCPLAY_OK)
            break;
        if (!info.is_knocking)
            continue;
        json_put_object(&writer, NULL);
        json_put_id(&writer, "user_id", &info.user_id);
        json_put_text(&writer, "name", info.name);
        json_put_time(&writer, "requested_at", info.unix_joined);
        json_end(&writer);
    }
    json_end(&writer);
    json_end(&writer);
    place_leave(&place);
    api_reply(call, 200, &writer);
}

void api_admit(struct api_call *call)
{
    place_command_on_user(call, SYNCPLAY_COMMAND_ADMIT);
}

void api_deny(struct api_call *call)
{
    place_command_on_user(call, SYNCPLAY_COMMAND_DENY);
}
