/* Reading clients' messages. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <syncplay/hub.h>

#include "invitations.h"
#include "wire.h"

/* Reports a field that is missing, of the wrong type or out of range. */
static int bad_field(struct wire_message *message, const char *field, const char *must)
{
    snprintf(message->why, sizeof message->why, "%s must be %s", field, must);
    return SYNCPLAY_ERROR_FIELD;
}

static const char position_must[] = "a number, 0 to 9007199254740.992";
static const char user_must[] = "a UUID";

static int read_position(struct wire_message *message, bool required)
{
    json_value value = json_member(message->root, "position_ms");
    if (!value && !required)
        return SYNCPLAY_OK;
    if (!json_get_milliseconds(value, 0, SYNCPLAY_POSITION_MAX, &message->command.position))
        return bad_field(message, "position_ms", position_must);
    return SYNCPLAY_OK;
}

static int read_optional_position(struct wire_message *message)
{
    return read_position(message, false);
}

static int read_seek(struct wire_message *message)
{
    return read_position(message, true);
}

static int read_join(struct wire_message *message)
{
    syncplay_command *command = &message->command;
    json_value invitation = json_member(message->root, "invitation"), cursor = json_member(message->root, "cursor");
    json_value resume_token = json_member(message->root, "resume_token");
    int64_t number = 0;
    if (!json_get_text(json_member(message->root, "session_code"), &command->code))
        return bad_field(message, "session_code", "text");
    if (invitation && !json_get_text(invitation, &command->invitation))
        return bad_field(message, "invitation", "text");
    if (resume_token && !json_get_text(resume_token, &command->resume_token))
        return bad_field(message, "resume_token", "text");
    if (cursor && !json_get_integer(cursor, 0, INT64_C(1) << 53, &number))
        return bad_field(message, "cursor", "a whole number, 0 to 9007199254740992");
    command->cursor = (uint64_t)number;
    return SYNCPLAY_OK;
}

static int read_speed(struct wire_message *message)
{
    double speed;
    if (!json_get_double(json_member(message->root, "playback_speed"), &speed) || speed < 0.25 || speed > 4)
        return bad_field(message, "playback_speed", "a number, 0.25 to 4");
    message->command.speed = (int32_t)lround(speed * 100);
    return SYNCPLAY_OK;
}

static int read_ready(struct wire_message *message)
{
    json_value buffered = json_member(message->root, "buffered_ms");
    json_value is_ready = json_member(message->root, "is_ready");
    bool ready;
    if (!buffered && !is_ready)
        return bad_field(message, "buffered_ms", "there, or is_ready");
    if (buffered && !json_get_milliseconds(buffered, 0, SYNCPLAY_POSITION_MAX, &message->command.buffered))
        return bad_field(message, "buffered_ms", position_must);
    if (is_ready && !json_get_bool(is_ready, &ready))
        return bad_field(message, "is_ready", "true or false");
    if (is_ready)
        message->command.readiness = ready ? SYNCPLAY_READY_YES : SYNCPLAY_READY_NO;
    return SYNCPLAY_OK;
}

static int read_chat(struct wire_message *message)
{
    json_value id = json_member(message->root, "id");
    if (!json_get_text(json_member(message->root, "message"), &message->command.text))
        return bad_field(message, "message", "text");
    if (id && !json_get_text(id, &message->command.client_id))
        return bad_field(message, "id", "text");
    return SYNCPLAY_OK;
}

static int read_typing(struct wire_message *message)
{
    json_value typing = json_member(message->root, "typing");
    if (typing && !json_get_bool(typing, &message->command.typing))
        return bad_field(message, "typing", "true or false");
    return SYNCPLAY_OK;
}

static int read_react(struct wire_message *message)
{
    if (!json_get_text(json_member(message->root, "reaction"), &message->command.text))
        return bad_field(message, "reaction", "text");
    return SYNCPLAY_OK;
}

/* What a client reports of itself: each is read if it is there. */
static int read_reports(struct wire_message *message)
{
    syncplay_command *command = &message->command;
    const struct {
        const char *key;
        int64_t least, most;
        int64_t *value;
        const char *must;
    } reports[] = {
        {"drift_ms", -SYNCPLAY_DRIFT_MAX, SYNCPLAY_DRIFT_MAX, &command->drift, "a number, -86400000 to 86400000"},
        {"error_ms", 0, SYNCPLAY_CLOCK_ERROR_MAX, &command->clock_error, "a number, 0 to 600000"},
        {"start_ms", 0, SYNCPLAY_START_MAX, &command->start, "a number, 0 to 5000"},
    };
    for (size_t i = 0; i < sizeof reports / sizeof *reports; i++) {
        json_value value = json_member(message->root, reports[i].key);
        if (value && !json_get_milliseconds(value, reports[i].least, reports[i].most, reports[i].value))
            return bad_field(message, reports[i].key, reports[i].must);
    }
    return SYNCPLAY_OK;
}

static int read_ping(struct wire_message *message)
{
    json_value echo = json_member(message->root, "server_timestamp"), held = json_member(message->root, "held_ms");
    if (!json_get_double(json_member(message->root, "timestamp"), &message->command.client_time))
        return bad_field(message, "timestamp", "a finite number");
    if (echo && !json_get_double(echo, &message->command.echo))
        return bad_field(message, "server_timestamp", "a finite number");
    if (held && (!json_get_double(held, &message->command.held) || message->command.held < 0))
        return bad_field(message, "held_ms", "a number, at least 0");
    return read_reports(message);
}

static int read_user(struct wire_message *message)
{
    if (!json_get_id(json_member(message->root, "user_id"), &message->command.user))
        return bad_field(message, "user_id", user_must);
    return SYNCPLAY_OK;
}

static int read_mute(struct wire_message *message)
{
    if (!json_get_bool(json_member(message->root, "muted"), &message->command.muted))
        return bad_field(message, "muted", "true or false");
    return read_user(message);
}

static int read_delete(struct wire_message *message)
{
    if (!json_get_id(json_member(message->root, "id"), &message->command.message))
        return bad_field(message, "id", user_must);
    return SYNCPLAY_OK;
}

static int read_revoke(struct wire_message *message)
{
    if (!json_get_id(json_member(message->root, "invitation_id"), &message->command.invitation_id))
        return bad_field(message, "invitation_id", user_must);
    return SYNCPLAY_OK;
}

static int read_wait(struct wire_message *message)
{
    json_value user = json_member(message->root, "user_id");
    if (!json_get_bool(json_member(message->root, "excused"), &message->command.excused))
        return bad_field(message, "excused", "true or false");
    if (user && !json_get_id(user, &message->command.user))
        return bad_field(message, "user_id", user_must);
    return SYNCPLAY_OK;
}

/* The index of a text among `names`, or -1. */
static int choose(json_value value, const char *const *names, int count)
{
    const char *text;
    if (json_get_text(value, &text))
        for (int i = 0; i < count; i++)
            if (strcmp(text, names[i]) == 0)
                return i;
    return -1;
}

static int read_role_name(struct wire_message *message, bool *is_there)
{
    static const char *const roles[] = {"controller", "viewer", "chat_only"};
    json_value role = json_member(message->root, "role");
    int chosen = role ? choose(role, roles, 3) : 0;
    *is_there = role != NULL;
    if (chosen < 0)
        return bad_field(message, "role", "controller, viewer or chat_only");
    if (role)
        message->command.role = (syncplay_role)(SYNCPLAY_ROLE_CONTROLLER + chosen);
    return SYNCPLAY_OK;
}

/* A list of rights, if it is there. */
static int read_rights(struct wire_message *message, const char *key, uint32_t flag, uint32_t *rights)
{
    static const char *const names[] = {
#define NAME_OF_RIGHT(name, bit, text) text,
        SYNCPLAY_RIGHTS(NAME_OF_RIGHT)
#undef NAME_OF_RIGHT
    };
    json_value list = json_member(message->root, key);
    if (!list)
        return SYNCPLAY_OK;
    message->command.role_mask |= flag;
    for (json_value one = json_first(list); one; one = json_next(one)) {
        int bit = choose(one, names, sizeof names / sizeof *names);
        if (bit < 0)
            return bad_field(message, key, "a list of rights, such as [\"chat\"]");
        *rights |= UINT32_C(1) << bit;
    }
    return json_is_array(list) ? SYNCPLAY_OK : bad_field(message, key, "a list of rights, such as [\"chat\"]");
}

static int read_role(struct wire_message *message)
{
    bool has_role;
    int error = read_user(message);
    error = error ? error : read_role_name(message, &has_role);
    error = error ? error : read_rights(message, "allow", SYNCPLAY_SET_ALLOW, &message->command.allow);
    error = error ? error : read_rights(message, "deny", SYNCPLAY_SET_DENY, &message->command.deny);
    if (error)
        return error;
    message->command.role_mask |= has_role ? SYNCPLAY_SET_ROLE : 0;
    return message->command.role_mask ? SYNCPLAY_OK : bad_field(message, "role, allow or deny", "there");
}

static int read_invite(struct wire_message *message)
{
    json_value lifetime = json_member(message->root, "expires_in_ms"), uses = json_member(message->root, "uses");
    int64_t number = 0;
    bool has_role;
    int error = read_role_name(message, &has_role);
    if (error)
        return error;
    if (lifetime && !json_get_milliseconds(lifetime, INVITATION_LIFETIME_MIN, DURATION_MAX, &message->command.lifetime))
        return bad_field(message, "expires_in_ms", "a number, 1000 to 315360000000");
    if (uses && !json_get_integer(uses, 1, INVITATION_USES_MAX, &number))
        return bad_field(message, "uses", "a whole number, 1 to 1000000");
    message->command.uses = (uint32_t)number;
    return SYNCPLAY_OK;
}

static int read_settings(struct wire_message *message)
{
    static const char *const visibilities[] = {"public", "private", "friends"};
    static const char *const controls[] = {"everyone", "host"};
    static const char *const strangers_names[] = {"refuse", "knock"};
    static const char *const waits[] = {"everyone", "controllers", "nobody"};
    syncplay_command *command = &message->command;
    syncplay_settings *settings = &message->settings;
    json_value visibility = json_member(message->root, "visibility"), control = json_member(message->root, "control");
    json_value most = json_member(message->root, "max_participants"), chat = json_member(message->root, "chat_enabled");
    json_value strangers = json_member(message->root, "strangers"), wait = json_member(message->root, "wait");
    int chosen;
    if (visibility) {
        if ((chosen = choose(visibility, visibilities, 3)) < 0)
            return bad_field(message, "visibility", "public, private or friends");
        settings->visibility = (syncplay_visibility)chosen;
        command->settings_mask |= SYNCPLAY_SETTING_VISIBILITY;
    }
    if (control) {
        if ((chosen = choose(control, controls, 2)) < 0)
            return bad_field(message, "control", "everyone or host");
        settings->control = (syncplay_control)chosen;
        command->settings_mask |= SYNCPLAY_SETTING_CONTROL;
    }
    if (most) {
        int64_t number;
        if (!json_get_integer(most, 1, SYNCPLAY_PARTICIPANTS_LIMIT, &number))
            return bad_field(message, "max_participants", "a whole number, 1 to 1000");
        settings->max_participants = (uint32_t)number;
        command->settings_mask |= SYNCPLAY_SETTING_MAX_PARTICIPANTS;
    }
    if (chat) {
        if (!json_get_bool(chat, &settings->chat_enabled))
            return bad_field(message, "chat_enabled", "true or false");
        command->settings_mask |= SYNCPLAY_SETTING_CHAT_ENABLED;
    }
    if (strangers) {
        if ((chosen = choose(strangers, strangers_names, 2)) < 0)
            return bad_field(message, "strangers", "refuse or knock");
        settings->strangers = (syncplay_strangers)chosen;
        command->settings_mask |= SYNCPLAY_SETTING_STRANGERS;
    }
    if (wait) {
        if ((chosen = choose(wait, waits, 3)) < 0)
            return bad_field(message, "wait", "everyone, controllers or nobody");
        settings->wait = (syncplay_wait)chosen;
        command->settings_mask |= SYNCPLAY_SETTING_WAIT;
    }
    if (!command->settings_mask)
        return bad_field(message, "visibility, control, max_participants, chat_enabled, strangers or wait", "there");
    return SYNCPLAY_OK;
}

static int read_content(struct wire_message *message)
{
    syncplay_content *content = &message->content;
    json_value title = json_member(message->root, "title"), url = json_member(message->root, "url");
    if (!json_get_text(json_member(message->root, "content_type"), &content->type))
        return bad_field(message, "content_type", "text");
    if (!json_get_id(json_member(message->root, "content_id"), &content->id))
        return bad_field(message, "content_id", user_must);
    if (title && !json_get_text(title, &content->title))
        return bad_field(message, "title", "text");
    if (url && !json_get_text(url, &content->url))
        return bad_field(message, "url", "text");
    return SYNCPLAY_OK;
}

static int read_nothing(struct wire_message *message)
{
    (void)message;
    return SYNCPLAY_OK;
}

static const struct {
    const char *type;
    syncplay_command_kind kind;
    int (*read)(struct wire_message *message);
} types[] = {
    {"join", SYNCPLAY_COMMAND_JOIN, read_join},
    {"leave", SYNCPLAY_COMMAND_LEAVE, read_nothing},
    {"play", SYNCPLAY_COMMAND_PLAY, read_optional_position},
    {"pause", SYNCPLAY_COMMAND_PAUSE, read_optional_position},
    {"seek", SYNCPLAY_COMMAND_SEEK, read_seek},
    {"speed", SYNCPLAY_COMMAND_SPEED, read_speed},
    {"ready", SYNCPLAY_COMMAND_READY, read_ready},
    {"chat", SYNCPLAY_COMMAND_CHAT, read_chat},
    {"typing", SYNCPLAY_COMMAND_TYPING, read_typing},
    {"react", SYNCPLAY_COMMAND_REACT, read_react},
    {"ping", SYNCPLAY_COMMAND_PING, read_ping},
    {"state", SYNCPLAY_COMMAND_STATE, read_nothing},
    {"wait", SYNCPLAY_COMMAND_EXCUSE, read_wait},
    {"admit", SYNCPLAY_COMMAND_ADMIT, read_user},
    {"deny", SYNCPLAY_COMMAND_DENY, read_user},
    {"kick", SYNCPLAY_COMMAND_KICK, read_user},
    {"ban", SYNCPLAY_COMMAND_BAN, read_user},
    {"unban", SYNCPLAY_COMMAND_UNBAN, read_user},
    {"mute", SYNCPLAY_COMMAND_MUTE, read_mute},
    {"delete", SYNCPLAY_COMMAND_DELETE, read_delete},
    {"role", SYNCPLAY_COMMAND_ROLE, read_role},
    {"invite", SYNCPLAY_COMMAND_INVITE, read_invite},
    {"revoke", SYNCPLAY_COMMAND_REVOKE, read_revoke},
    {"host", SYNCPLAY_COMMAND_HOST, read_user},
    {"settings", SYNCPLAY_COMMAND_SETTINGS, read_settings},
    {"content", SYNCPLAY_COMMAND_CONTENT, read_content},
    {"end", SYNCPLAY_COMMAND_END, read_nothing},
};

/* Keeps the type for `in_reply_to`, if it is a plain word. */
static void keep_type(struct wire_message *message, const char *type)
{
    size_t length = strlen(type);
    if (length >= WIRE_TYPE_SIZE || strspn(type, "abcdefghijklmnopqrstuvwxyz_") != length)
        return;
    memcpy(message->type, type, length + 1);
}

static int read_common(struct wire_message *message)
{
    json_value id = json_member(message->root, "command_id"), revision = json_member(message->root, "revision");
    if (id && !json_get_text(id, &message->command.client_id))
        return bad_field(message, "command_id", "text");
    if (revision && !json_get_integer(revision, 0, INT64_C(1) << 53, &message->command.revision))
        return bad_field(message, "revision", "a whole number, 0 to 9007199254740992");
    return SYNCPLAY_OK;
}

int wire_read(struct wire_message *message, const char *bytes, size_t length)
{
    const char *type;
    memset(message, 0, sizeof *message);
    int error = json_parse_message(bytes, length, WIRE_DEPTH, &message->root, message->why, sizeof message->why);
    if (error)
        return error;
    if (!json_get_text(json_member(message->root, "type"), &type))
        return bad_field(message, "type", "text");
    keep_type(message, type);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].type, type) != 0)
            continue;
        syncplay_command_default(&message->command, sizeof message->command, types[i].kind);
        syncplay_settings_default(&message->settings, sizeof message->settings);
        syncplay_content_default(&message->content, sizeof message->content);
        message->command.settings = &message->settings;
        message->command.content = &message->content;
        error = read_common(message);
        return error ? error : types[i].read(message);
    }
    snprintf(message->why, sizeof message->why, "there is no such message type");
    return SYNCPLAY_ERROR_TYPE;
}

void wire_free(struct wire_message *message)
{
    json_free(message->root);
}

bool syncplay_wire_join_code(const char *bytes, size_t length, char code[SYNCPLAY_CODE_SIZE])
{
    struct wire_message message;
    if (!bytes || !memchr(bytes, 'j', length)) /* most messages are no joins: not worth parsing twice */
        return false;
    bool found = wire_read(&message, bytes, length) == SYNCPLAY_OK && message.command.kind == SYNCPLAY_COMMAND_JOIN &&
                 syncplay_code_normalise(message.command.code, strlen(message.command.code), code);
    wire_free(&message);
    return found;
}
