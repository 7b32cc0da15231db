/* Writing clients' messages. */
#include "wire_command.h"

#include "wire_rights.h"

static void write_join(struct json_writer *w, const syncplay_command *command)
{
    json_key_text(w, "session_code", command->code);
    if (command->invitation)
        json_key_text(w, "invitation", command->invitation);
    if (command->resume_token)
        json_key_text(w, "resume_token", command->resume_token);
    if (command->cursor)
        json_key_integer(w, "cursor", (int64_t)command->cursor);
}

static void write_position(struct json_writer *w, const syncplay_command *command)
{
    if (command->position != SYNCPLAY_UNSET)
        json_key_milliseconds(w, "position_ms", command->position);
}

static void write_speed(struct json_writer *w, const syncplay_command *command)
{
    json_key(w, "playback_speed");
    json_hundredths(w, command->speed);
}

/* "Enough is buffered" has no number: on the wire it is `is_ready`. */
static void write_ready(struct json_writer *w, const syncplay_command *command)
{
    if (command->buffered != SYNCPLAY_UNSET)
        json_key_milliseconds(w, "buffered_ms", command->buffered);
    if (command->readiness != SYNCPLAY_READY_BY_BUFFER || command->buffered == SYNCPLAY_UNSET)
        json_key_bool(w, "is_ready", command->readiness != SYNCPLAY_READY_NO);
}

static void write_chat(struct json_writer *w, const syncplay_command *command)
{
    json_key_text(w, "message", command->text);
    if (command->client_id)
        json_key_text(w, "id", command->client_id);
}

/* That one is writing is what the message says by itself. */
static void write_typing(struct json_writer *w, const syncplay_command *command)
{
    if (!command->typing)
        json_key_bool(w, "typing", false);
}

static void write_react(struct json_writer *w, const syncplay_command *command)
{
    json_key_text(w, "reaction", command->text);
}

static void write_double(struct json_writer *w, const char *key, double value)
{
    json_key(w, key);
    json_double(w, value);
}

static void write_ping(struct json_writer *w, const syncplay_command *command)
{
    write_double(w, "timestamp", command->client_time);
    if (command->echo > 0) {
        write_double(w, "server_timestamp", command->echo);
        write_double(w, "held_ms", command->held);
    }
    if (command->drift != SYNCPLAY_DRIFT_UNSET)
        json_key_milliseconds(w, "drift_ms", command->drift);
    if (command->clock_error != SYNCPLAY_UNSET)
        json_key_milliseconds(w, "error_ms", command->clock_error);
    if (command->start != SYNCPLAY_UNSET)
        json_key_milliseconds(w, "start_ms", command->start);
}

static void write_user(struct json_writer *w, const syncplay_command *command)
{
    json_key_id(w, "user_id", &command->user);
}

static void write_mute(struct json_writer *w, const syncplay_command *command)
{
    write_user(w, command);
    json_key_bool(w, "muted", command->muted);
}

static void write_wait(struct json_writer *w, const syncplay_command *command)
{
    json_key_bool(w, "excused", command->excused);
    if (!syncplay_id_is_none(&command->user))
        write_user(w, command);
}

static void write_delete(struct json_writer *w, const syncplay_command *command)
{
    json_key_id(w, "id", &command->message);
}

static void write_revoke(struct json_writer *w, const syncplay_command *command)
{
    json_key_id(w, "invitation_id", &command->invitation_id);
}

static void write_role(struct json_writer *w, const syncplay_command *command)
{
    write_user(w, command);
    if (command->role_mask & SYNCPLAY_SET_ROLE)
        json_key_text(w, "role", syncplay_role_name(command->role));
    if (command->role_mask & SYNCPLAY_SET_ALLOW)
        wire_rights_write(w, "allow", command->allow);
    if (command->role_mask & SYNCPLAY_SET_DENY)
        wire_rights_write(w, "deny", command->deny);
}

static void write_invite(struct json_writer *w, const syncplay_command *command)
{
    if (command->role != SYNCPLAY_ROLE_NONE)
        json_key_text(w, "role", syncplay_role_name(command->role));
    if (command->lifetime != SYNCPLAY_UNSET)
        json_key_milliseconds(w, "expires_in_ms", command->lifetime);
    if (command->uses)
        json_key_integer(w, "uses", command->uses);
}

static void write_settings(struct json_writer *w, const syncplay_command *command)
{
    const syncplay_settings *settings = command->settings;
    uint32_t mask = command->settings_mask;
    if (mask & SYNCPLAY_SETTING_VISIBILITY)
        json_key_text(w, "visibility", syncplay_visibility_name(settings->visibility));
    if (mask & SYNCPLAY_SETTING_CONTROL)
        json_key_text(w, "control", syncplay_control_name(settings->control));
    if (mask & SYNCPLAY_SETTING_MAX_PARTICIPANTS)
        json_key_integer(w, "max_participants", settings->max_participants);
    if (mask & SYNCPLAY_SETTING_CHAT_ENABLED)
        json_key_bool(w, "chat_enabled", settings->chat_enabled);
    if (mask & SYNCPLAY_SETTING_STRANGERS)
        json_key_text(w, "strangers", syncplay_strangers_name(settings->strangers));
    if (mask & SYNCPLAY_SETTING_WAIT)
        json_key_text(w, "wait", syncplay_wait_name(settings->wait));
}

static void write_content(struct json_writer *w, const syncplay_command *command)
{
    const syncplay_content *content = command->content;
    json_key_text(w, "content_type", content->type);
    json_key_id(w, "content_id", &content->id);
    if (content->title)
        json_key_text(w, "title", content->title);
    if (content->url)
        json_key_text(w, "url", content->url);
}

static void write_nothing(struct json_writer *w, const syncplay_command *command)
{
    (void)w;
    (void)command;
}

static const struct {
    const char *type;
    void (*write)(struct json_writer *w, const syncplay_command *command);
} kinds[] = {
    [SYNCPLAY_COMMAND_JOIN] = {"join", write_join},
    [SYNCPLAY_COMMAND_LEAVE] = {"leave", write_nothing},
    [SYNCPLAY_COMMAND_PLAY] = {"play", write_position},
    [SYNCPLAY_COMMAND_PAUSE] = {"pause", write_position},
    [SYNCPLAY_COMMAND_SEEK] = {"seek", write_position},
    [SYNCPLAY_COMMAND_SPEED] = {"speed", write_speed},
    [SYNCPLAY_COMMAND_READY] = {"ready", write_ready},
    [SYNCPLAY_COMMAND_CHAT] = {"chat", write_chat},
    [SYNCPLAY_COMMAND_TYPING] = {"typing", write_typing},
    [SYNCPLAY_COMMAND_REACT] = {"react", write_react},
    [SYNCPLAY_COMMAND_PING] = {"ping", write_ping},
    [SYNCPLAY_COMMAND_STATE] = {"state", write_nothing},
    [SYNCPLAY_COMMAND_EXCUSE] = {"wait", write_wait},
    [SYNCPLAY_COMMAND_ADMIT] = {"admit", write_user},
    [SYNCPLAY_COMMAND_DENY] = {"deny", write_user},
    [SYNCPLAY_COMMAND_KICK] = {"kick", write_user},
    [SYNCPLAY_COMMAND_BAN] = {"ban", write_user},
    [SYNCPLAY_COMMAND_UNBAN] = {"unban", write_user},
    [SYNCPLAY_COMMAND_MUTE] = {"mute", write_mute},
    [SYNCPLAY_COMMAND_DELETE] = {"delete", write_delete},
    [SYNCPLAY_COMMAND_ROLE] = {"role", write_role},
    [SYNCPLAY_COMMAND_INVITE] = {"invite", write_invite},
    [SYNCPLAY_COMMAND_REVOKE] = {"revoke", write_revoke},
    [SYNCPLAY_COMMAND_HOST] = {"host", write_user},
    [SYNCPLAY_COMMAND_SETTINGS] = {"settings", write_settings},
    [SYNCPLAY_COMMAND_CONTENT] = {"content", write_content},
    [SYNCPLAY_COMMAND_END] = {"end", write_nothing},
};

void wire_command_write(struct json_writer *w, const syncplay_command *command)
{
    unsigned kind = (unsigned)command->kind;
    bool is_known = kind < sizeof kinds / sizeof *kinds && kinds[kind].type;
    json_open(w, '{');
    if (is_known) {
        json_key_text(w, "type", kinds[kind].type);
        kinds[kind].write(w, command);
        if (command->client_id && command->kind != SYNCPLAY_COMMAND_CHAT)
            json_key_text(w, "command_id", command->client_id);
        if (command->revision != SYNCPLAY_UNSET)
            json_key_integer(w, "revision", command->revision);
    }
    json_close(w, '}');
}
