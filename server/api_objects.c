/* Sessions and people as JSON. Knows who sees what of a session; asks nothing and changes nothing. */
#include "api_objects.h"

#include "api_access.h"
#include "api_settings.h"

/* The database's columns, and what is beside them. */
void api_put_session(struct json_writer *writer, const char *key, const syncplay_session_info *info, bool is_member)
{
    json_put_object(writer, key);
    json_put_id(writer, "id", &info->id);
    json_put_text(writer, "code", info->code);
    if (is_member)
        json_put_id(writer, "host_user_id", &info->host_user_id);
    else
        json_put_text(writer, "host_user_id", NULL);
    json_put_text(writer, "content_type", info->content->type);
    json_put_id(writer, "content_id", &info->content->id);
    json_put_text(writer, "title", info->content->title);
    json_put_text(writer, "url", info->content->url);
    api_put_settings(writer, info->settings);
    json_put_bool(writer, "is_playing", info->is_playing);
    json_put_integer(writer, "position_ms", info->position / 1000);
    json_put_hundredths(writer, "playback_speed", info->speed);
    json_put_time(writer, "last_sync_at", info->unix_last_sync);
    json_put_time(writer, "started_at", info->unix_created);
    json_put_text(writer, "ended_at", NULL);
    json_put_text(writer, "phase", syncplay_phase_name(info->phase));
    json_put_integer(writer, "revision", (int64_t)info->revision);
    json_put_integer(writer, "participant_count", info->participants);
    json_put_integer(writer, "connected_count", info->connected);
    json_end(writer);
}

/* Whether one who comes without an invitation knocks. */
static bool needs_approval(const syncplay_settings *settings, bool is_friend)
{
    if (settings->visibility == SYNCPLAY_FRIENDS)
        return !is_friend && settings->strangers == SYNCPLAY_STRANGERS_KNOCK;
    return settings->visibility == SYNCPLAY_PRIVATE;
}

void api_put_outline(struct json_writer *writer, const syncplay_session_info *info, bool is_friend)
{
    json_put_object(writer, NULL);
    json_put_text(writer, "code", info->code);
    json_put_text(writer, "visibility", syncplay_visibility_name(info->settings->visibility));
    json_put_bool(writer, "needs_approval", needs_approval(info->settings, is_friend));
    json_end(writer);
}

/* What is known of the connection: what was measured, and what the client reports of itself. */
static void put_figures(struct json_writer *writer, const syncplay_participant_info *info)
{
    if (info->round_trip != SYNCPLAY_UNSET)
        json_put_milliseconds(writer, "round_trip_ms", info->round_trip);
    if (info->drift != SYNCPLAY_DRIFT_UNSET)
        json_put_milliseconds(writer, "drift_ms", info->drift);
    if (info->clock_error != SYNCPLAY_UNSET)
        json_put_milliseconds(writer, "clock_error_ms", info->clock_error);
    if (info->start != SYNCPLAY_UNSET)
        json_put_milliseconds(writer, "start_ms", info->start);
}

void api_put_participant(struct json_writer *writer, const char *key, const syncplay_participant_info *info)
{
    json_put_object(writer, key);
    json_put_id(writer, "user_id", &info->user_id);
    json_put_text(writer, "name", info->name);
    json_put_text(writer, "role", syncplay_role_name(info->role));
    json_put_bool(writer, "is_host", info->is_host);
    json_put_bool(writer, "is_connected", info->is_connected);
    json_put_bool(writer, "is_ready", info->is_ready);
    json_put_bool(writer, "is_excused", info->is_excused);
    json_put_bool(writer, "is_muted", info->deny & SYNCPLAY_RIGHT_CHAT);
    api_put_rights(writer, "allow", info->allow);
    api_put_rights(writer, "deny", info->deny);
    json_put_integer(writer, "latency_ms", info->latency / 1000);
    json_put_time(writer, "joined_at", info->unix_joined);
    put_figures(writer, info);
    json_end(writer);
}
