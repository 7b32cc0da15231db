/* Those who may not come in, over REST: banned, or kicked a short while ago. */
#include <syncplay/syncplay.h>

#include "api_call.h"
#include "api_place.h"

static void put_removed(struct json_writer *writer, const syncplay_removed_info *info)
{
    json_put_object(writer, NULL);
    json_put_id(writer, "user_id", &info->user_id);
    json_put_text(writer, "name", info->name);
    json_put_bool(writer, "is_banned", info->is_banned);
    if (info->is_banned)
        json_put_text(writer, "until", NULL);
    else
        json_put_time(writer, "until", info->unix_until);
    json_end(writer);
}

void api_list_bans(struct api_call *call)
{
    struct place place;
    struct json_writer writer = {0};
    if (!place_enter_with(call, &place, SYNCPLAY_RIGHT_BAN))
        return;
    json_put_object(&writer, NULL);
    json_put_array(&writer, "bans");
    for (size_t i = 0;; i++) {
        syncplay_removed_info info = {.struct_size = sizeof info};
        if (syncplay_hub_removed(place.hub, place.now, &place.session, i, &info) != SYNCPLAY_OK)
            break;
        put_removed(&writer, &info);
    }
    json_end(&writer);
    json_end(&writer);
    place_leave(&place);
    api_reply(call, 200, &writer);
}

void api_ban(struct api_call *call)
{
    place_command_on_user(call, SYNCPLAY_COMMAND_BAN);
}

void api_unban(struct api_call *call)
{
    place_command_on_user(call, SYNCPLAY_COMMAND_UNBAN);
}
