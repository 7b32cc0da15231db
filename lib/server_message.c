/* Reading the server's messages. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <syncplay/error.h>

#include "server_message.h"

static int bad_field(struct server_message *message, const char *field, const char *must)
{
    snprintf(message->why, sizeof message->why, "%s must be %s", field, must);
    return SYNCPLAY_ERROR_FIELD;
}

static int read_time(struct server_message *message, const char *key, bool required, int64_t *time)
{
    json_value value = json_member(message->root, key);
    if ((value || required) && !json_get_milliseconds(value, 0, SERVER_MESSAGE_TIME_MAX, time))
        return bad_field(message, key, "a number, 0 to 9007199254740.992");
    return SYNCPLAY_OK;
}

static int read_whole(struct server_message *message, const char *key, int64_t *number)
{
    json_value value = json_member(message->root, key);
    if (value && !json_get_integer(value, 0, SERVER_MESSAGE_REVISION_MAX, number))
        return bad_field(message, key, "a whole number, 0 to 9007199254740992");
    return SYNCPLAY_OK;
}

static int read_text(struct server_message *message, const char *key, const char **text)
{
    json_value value = json_member(message->root, key);
    return value && !json_get_text(value, text) ? bad_field(message, key, "text") : SYNCPLAY_OK;
}

static int read_playing(struct server_message *message, bool required)
{
    json_value value = json_member(message->root, "is_playing");
    message->has_playing = value != NULL;
    if ((value || required) && !json_get_bool(value, &message->is_playing))
        return bad_field(message, "is_playing", "true or false");
    return SYNCPLAY_OK;
}

static int read_speed(struct server_message *message)
{
    double speed;
    json_value value = json_member(message->root, "playback_speed");
    if (!value)
        return SYNCPLAY_OK;
    if (!json_get_double(value, &speed) || speed < 0.25 || speed > 4)
        return bad_field(message, "playback_speed", "a number, 0.25 to 4");
    message->speed = (int32_t)lround(speed * 100);
    return SYNCPLAY_OK;
}

/* A phase of a later version is no error: whether it plays is said by is_playing. */
static int read_phase(struct server_message *message)
{
    const char *text = "";
    int error = read_text(message, "phase", &text);
    for (int phase = SYNCPLAY_IDLE; !error && phase <= SYNCPLAY_PAUSED; phase++)
        if (strcmp(text, syncplay_phase_name((syncplay_phase)phase)) == 0)
            message->phase = phase;
    return error;
}

/* What state and command have in common; the seed's state has a server_time, its command has none. */
static int read_playback(struct server_message *message, bool is_state)
{
    json_value position = json_member(message->root, "position_ms");
    int error = read_playing(message, is_state);
    if (!error && !json_get_milliseconds(position, 0, SYNCPLAY_POSITION_MAX, &message->position))
        error = bad_field(message, "position_ms", "a number, 0 to 9007199254740.992");
    error = error ? error : read_time(message, "server_time", is_state, &message->server_time);
    error = error ? error : read_time(message, "at", false, &message->at);
    error = error ? error : read_whole(message, "revision", &message->revision);
    error = error ? error : read_speed(message);
    return error ? error : read_phase(message);
}

static int read_state(struct server_message *message)
{
    int error = read_playback(message, true);
    return error ? error : read_text(message, "resume_token", &message->resume_token);
}

static int read_command(struct server_message *message)
{
    const char *text = "";
    int error = read_text(message, "action", &text);
    for (int action = SYNCPLAY_ACTION_PLAY; !error && action <= SYNCPLAY_ACTION_SEEK; action++)
        if (strcmp(text, syncplay_action_name((syncplay_action)action)) == 0)
            message->action = (syncplay_action)action;
    if (!error && !message->action)
        error = bad_field(message, "action", "play, pause or seek");
    return error ? error : read_playback(message, false);
}

static int read_resumed(struct server_message *message)
{
    int error = read_time(message, "server_time", false, &message->server_time);
    return error ? error : read_text(message, "resume_token", &message->resume_token);
}

static int read_pong(struct server_message *message)
{
    json_value sent = json_member(message->root, "client_timestamp");
    if (!json_get_milliseconds(sent, -SERVER_MESSAGE_OWN_TIME_MAX, SERVER_MESSAGE_OWN_TIME_MAX,
                               &message->client_timestamp))
        return bad_field(message, "client_timestamp", "the timestamp of a ping");
    return read_time(message, "server_timestamp", true, &message->server_timestamp);
}

static int read_error(struct server_message *message)
{
    int error = read_text(message, "code", &message->code);
    return error ? error : read_text(message, "in_reply_to", &message->in_reply_to);
}

static int read_ended(struct server_message *message)
{
    return read_text(message, "reason", &message->reason);
}

static const struct {
    const char *type;
    enum server_message_kind kind;
    int (*read)(struct server_message *message);
} types[] = {
    {"state", SERVER_MESSAGE_STATE, read_state},       {"command", SERVER_MESSAGE_COMMAND, read_command},
    {"resumed", SERVER_MESSAGE_RESUMED, read_resumed}, {"pong", SERVER_MESSAGE_PONG, read_pong},
    {"error", SERVER_MESSAGE_ERROR, read_error},       {"ended", SERVER_MESSAGE_ENDED, read_ended},
};

int server_message_read(struct server_message *message, const char *bytes, size_t length)
{
    *message = (struct server_message){.cursor = SYNCPLAY_UNSET,
                                       .server_time = SYNCPLAY_UNSET,
                                       .at = SYNCPLAY_UNSET,
                                       .revision = SYNCPLAY_UNSET,
                                       .phase = -1,
                                       .code = "",
                                       .in_reply_to = "",
                                       .reason = ""};
    int error = json_parse_message(bytes, length, SERVER_MESSAGE_DEPTH, &message->root, message->why,
                                   sizeof message->why);
    if (error)
        return error;
    if (!json_get_text(json_member(message->root, "type"), &message->type))
        return bad_field(message, "type", "text");
    error = read_whole(message, "cursor", &message->cursor);
    for (size_t i = 0; !error && i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].type, message->type) == 0) {
            message->kind = types[i].kind;
            error = types[i].read(message);
        }
    return error;
}

void server_message_free(struct server_message *message)
{
    json_free(message->root);
}
