/* What an operator sees, as JSON. */
#include "overview.h"

#include <stdlib.h>

#include "clock.h"
#include "json_writer.h"

/* Never less than nothing, whatever the wall clock did. */
static void put_age(struct json_writer *writer, const struct overview *overview, int64_t unix_time)
{
    int64_t age = overview->unix_now - unix_time;
    json_put_integer(writer, "age_s", age > 0 ? age / CLOCK_SECOND : 0);
}

static bool finish(const struct overview *overview, struct json_writer *writer)
{
    size_t length;
    json_end(writer);
    char *text = json_finish(writer, &length);
    bool goes_on = text != NULL && overview->row(overview->arg, text, length);
    free(text);
    return goes_on;
}

bool overview_put_session(const struct overview *overview, const struct overview_session *session)
{
    struct json_writer writer = {0};
    json_put_object(&writer, NULL);
    json_put_text(&writer, "row", "session");
    json_put_text(&writer, "code", session->code);
    json_put_text(&writer, "title", session->title);
    json_put_text(&writer, "visibility", session->visibility);
    json_put_bool(&writer, "is_playing", session->is_playing);
    json_put_text(&writer, "phase", session->phase);
    json_put_integer(&writer, "position_ms", session->position / CLOCK_MILLISECOND);
    json_put_hundredths(&writer, "playback_speed", session->speed);
    json_put_integer(&writer, "connected_count", session->connected);
    json_put_integer(&writer, "participant_count", session->seats);
    json_put_integer(&writer, "max_participants", session->max_participants);
    json_put_id(&writer, "host_user_id", &session->host_user_id);
    json_put_text(&writer, "host_name", session->host_name);
    json_put_time(&writer, "started_at", session->unix_started);
    put_age(&writer, overview, session->unix_started);
    return finish(overview, &writer);
}

bool overview_put_participant(const struct overview *overview, const struct overview_participant *participant)
{
    struct json_writer writer = {0};
    json_put_object(&writer, NULL);
    json_put_text(&writer, "row", "participant");
    json_put_id(&writer, "user_id", &participant->user_id);
    json_put_text(&writer, "name", participant->name);
    json_put_text(&writer, "role", participant->role);
    json_put_bool(&writer, "is_host", participant->is_host);
    json_put_bool(&writer, "is_connected", participant->is_connected);
    json_put_bool(&writer, "is_ready", participant->is_ready);
    json_put_bool(&writer, "is_knocking", participant->is_knocking);
    json_put_integer(&writer, "latency_ms", participant->latency / CLOCK_MILLISECOND);
    json_put_time(&writer, "joined_at", participant->unix_joined);
    put_age(&writer, overview, participant->unix_joined);
    return finish(overview, &writer);
}

bool overview_put_user(const struct overview *overview, const struct overview_user *user)
{
    struct json_writer writer = {0};
    json_put_object(&writer, NULL);
    json_put_text(&writer, "row", "user");
    json_put_id(&writer, "user_id", &user->user_id);
    json_put_text(&writer, "name", user->name);
    json_put_bool(&writer, "is_guest", user->is_guest);
    json_put_integer(&writer, "friend_count", user->friends);
    json_put_integer(&writer, "seat_count", user->seats);
    json_put_time(&writer, "created_at", user->unix_created);
    put_age(&writer, overview, user->unix_created);
    return finish(overview, &writer);
}
