/* What may be asked for. */
#include <math.h>
#include <string.h>

#include "checks.h"

#include "access.h"
#include "invitations.h"
#include "text.h"

#define SETTINGS_ALL                                                                                               \
    (SYNCPLAY_SETTING_VISIBILITY | SYNCPLAY_SETTING_CONTROL | SYNCPLAY_SETTING_MAX_PARTICIPANTS |                  \
     SYNCPLAY_SETTING_CHAT_ENABLED | SYNCPLAY_SETTING_STRANGERS | SYNCPLAY_SETTING_WAIT)

/* Passes on why a text was not taken; if it is not even UTF-8, that is the sentence. */
static int fail_text(struct step *step, const char *name, const char *text, int error)
{
    size_t characters;
    bool is_utf8 = !text || text_is_utf8(text, strlen(text), &characters);
    return is_utf8 ? error : step_fail(step, error, "%s must be UTF-8", name);
}

int check_user(struct step *step, const syncplay_user *user)
{
    if (syncplay_id_is_none(&user->id))
        return step_fail(step, SYNCPLAY_ERROR_ARGUMENT, "user: an id is needed");
    if (!syncplay_name_is_valid(user->name))
        return fail_text(step, "name", user->name,
                         step_fail(step, SYNCPLAY_ERROR_FIELD,
                                   "name must be 1 to %d characters, some to be seen, none of them a control character",
                                   SYNCPLAY_NAME_MAX));
    return SYNCPLAY_OK;
}

int check_content(struct step *step, const syncplay_content *content)
{
    if (!content)
        return step_fail(step, SYNCPLAY_ERROR_ARGUMENT, "content is missing");
    if (!text_is_line(content->type, 1, SYNCPLAY_CONTENT_TYPE_MAX))
        return fail_text(step, "content_type", content->type,
                         step_fail(step, SYNCPLAY_ERROR_FIELD, "content_type must be 1 to %d characters",
                                   SYNCPLAY_CONTENT_TYPE_MAX));
    if (syncplay_id_is_none(&content->id))
        return step_fail(step, SYNCPLAY_ERROR_FIELD, "content_id must be a UUID");
    if (content->title && !text_is_line(content->title, 0, SYNCPLAY_TITLE_MAX))
        return fail_text(step, "title", content->title,
                         step_fail(step, SYNCPLAY_ERROR_FIELD,
                                   "title must be at most %d characters, without control characters", SYNCPLAY_TITLE_MAX));
    if (content->url && !text_is_line(content->url, 0, SYNCPLAY_URL_MAX))
        return fail_text(step, "url", content->url,
                         step_fail(step, SYNCPLAY_ERROR_FIELD,
                                   "url must be at most %d characters, without control characters", SYNCPLAY_URL_MAX));
    return SYNCPLAY_OK;
}

int check_new_content(struct step *step, const syncplay_content *content)
{
    int error = check_content(step, content);
    const char *why = error ? NULL : step_refuses_content(step, content);
    return why ? step_fail(step, SYNCPLAY_ERROR_FIELD, "%s", why) : error;
}

int check_settings(struct step *step, const syncplay_settings *settings, uint32_t mask)
{
    uint32_t most = step->config->max_participants;
    if ((mask & SYNCPLAY_SETTING_VISIBILITY) && (unsigned)settings->visibility > SYNCPLAY_FRIENDS)
        return step_fail(step, SYNCPLAY_ERROR_FIELD, "visibility must be public, private or friends");
    if ((mask & SYNCPLAY_SETTING_CONTROL) && (unsigned)settings->control > SYNCPLAY_CONTROL_HOST)
        return step_fail(step, SYNCPLAY_ERROR_FIELD, "control must be everyone or host");
    if ((mask & SYNCPLAY_SETTING_STRANGERS) && (unsigned)settings->strangers > SYNCPLAY_STRANGERS_KNOCK)
        return step_fail(step, SYNCPLAY_ERROR_FIELD, "strangers must be refuse or knock");
    if ((mask & SYNCPLAY_SETTING_WAIT) && (unsigned)settings->wait > SYNCPLAY_WAIT_NOBODY)
        return step_fail(step, SYNCPLAY_ERROR_FIELD, "wait must be everyone, controllers or nobody");
    if ((mask & SYNCPLAY_SETTING_MAX_PARTICIPANTS) && settings->max_participants > most)
        return step_fail(step, SYNCPLAY_ERROR_FIELD, "max_participants must be 1 to %u", most);
    if ((mask & SYNCPLAY_SETTING_CHAT_ENABLED) && settings->chat_enabled && !step->config->chat_enabled)
        return step_fail(step, SYNCPLAY_ERROR_CHAT_DISABLED, "chat_enabled: chat is switched off on this server");
    return SYNCPLAY_OK;
}

static int check_position(struct step *step, int64_t position, bool required)
{
    if (position == SYNCPLAY_UNSET && !required)
        return SYNCPLAY_OK;
    if (position >= 0 && position <= SYNCPLAY_POSITION_MAX)
        return SYNCPLAY_OK;
    return step_fail(step, SYNCPLAY_ERROR_FIELD, "position_ms must be 0 to 9007199254740.992");
}

/* A role that can be given; NONE only where it is not said. */
static int check_role(struct step *step, syncplay_role role, bool required)
{
    if ((role == SYNCPLAY_ROLE_NONE && !required) ||
        (role >= SYNCPLAY_ROLE_CONTROLLER && role <= SYNCPLAY_ROLE_CHAT_ONLY))
        return SYNCPLAY_OK;
    return step_fail(step, SYNCPLAY_ERROR_FIELD, "role must be controller, viewer or chat_only");
}

static int check_role_change(struct step *step, const syncplay_command *command)
{
    uint32_t mask = command->role_mask;
    int error = mask & SYNCPLAY_SET_ROLE ? check_role(step, command->role, true) : SYNCPLAY_OK;
    if (error)
        return error;
    if (!mask || mask & ~(SYNCPLAY_SET_ROLE | SYNCPLAY_SET_ALLOW | SYNCPLAY_SET_DENY))
        return step_fail(step, SYNCPLAY_ERROR_FIELD, "role, allow or deny must be there");
    if (((mask & SYNCPLAY_SET_ALLOW) && (command->allow & ~ACCESS_ALL)) ||
        ((mask & SYNCPLAY_SET_DENY) && (command->deny & ~ACCESS_ALL)))
        return step_fail(step, SYNCPLAY_ERROR_FIELD, "allow and deny must be rights that there are");
    if ((mask & SYNCPLAY_SET_ALLOW) && (command->allow & ACCESS_HOST_ALONE))
        return step_fail(step, SYNCPLAY_ERROR_FIELD, "allow must not hold hand_over, which is the host's alone");
    return SYNCPLAY_OK;
}

static int check_invite(struct step *step, const syncplay_command *command)
{
    if (command->lifetime != SYNCPLAY_UNSET &&
        (command->lifetime < INVITATION_LIFETIME_MIN || command->lifetime > DURATION_MAX))
        return step_fail(step, SYNCPLAY_ERROR_FIELD, "expires_in_ms must be 1000 to 315360000000");
    if (command->uses > INVITATION_USES_MAX)
        return step_fail(step, SYNCPLAY_ERROR_FIELD, "uses must be 1 to %d", INVITATION_USES_MAX);
    return check_role(step, command->role, false);
}

/* The number that a ping is given back, and what a client reports of itself: each of that may be missing. */
static int check_ping(struct step *step, const syncplay_command *command)
{
    if (!isfinite(command->client_time))
        return step_fail(step, SYNCPLAY_ERROR_FIELD, "timestamp must be a finite number");
    if (command->drift != SYNCPLAY_DRIFT_UNSET &&
        (command->drift < -SYNCPLAY_DRIFT_MAX || command->drift > SYNCPLAY_DRIFT_MAX))
        return step_fail(step, SYNCPLAY_ERROR_FIELD, "drift_ms must be -86400000 to 86400000");
    if (command->clock_error < SYNCPLAY_UNSET || command->clock_error > SYNCPLAY_CLOCK_ERROR_MAX)
        return step_fail(step, SYNCPLAY_ERROR_FIELD, "error_ms must be 0 to 600000");
    if (command->start < SYNCPLAY_UNSET || command->start > SYNCPLAY_START_MAX)
        return step_fail(step, SYNCPLAY_ERROR_FIELD, "start_ms must be 0 to 5000");
    return SYNCPLAY_OK;
}

int check_command(struct step *step, const syncplay_command *command)
{
    if (command->client_id && !text_is_line(command->client_id, 1, SYNCPLAY_CLIENT_ID_MAX))
        return fail_text(step, "command_id", command->client_id,
                         step_fail(step, SYNCPLAY_ERROR_FIELD, "%s must be 1 to %d characters",
                                   command->kind == SYNCPLAY_COMMAND_CHAT ? "id" : "command_id", SYNCPLAY_CLIENT_ID_MAX));
    switch (command->kind) {
    case SYNCPLAY_COMMAND_PLAY:
    case SYNCPLAY_COMMAND_PAUSE:
        return check_position(step, command->position, false);
    case SYNCPLAY_COMMAND_SEEK:
        return check_position(step, command->position, true);
    case SYNCPLAY_COMMAND_SPEED:
        if (command->speed < SYNCPLAY_SPEED_MIN || command->speed > SYNCPLAY_SPEED_MAX)
            return step_fail(step, SYNCPLAY_ERROR_FIELD, "playback_speed must be 0.25 to 4");
        return SYNCPLAY_OK;
    case SYNCPLAY_COMMAND_READY:
        if ((unsigned)command->readiness > SYNCPLAY_READY_NO)
            return step_fail(step, SYNCPLAY_ERROR_FIELD, "readiness must be by buffer, yes or no");
        if (command->buffered < SYNCPLAY_UNSET)
            return step_fail(step, SYNCPLAY_ERROR_FIELD, "buffered_ms must be at least 0");
        return SYNCPLAY_OK;
    case SYNCPLAY_COMMAND_CHAT:
        if (!text_fits(command->text, 1, step->config->chat_max_length))
            return fail_text(step, "message", command->text,
                             step_fail(step, SYNCPLAY_ERROR_FIELD, "message must be 1 to %u characters",
                                       step->config->chat_max_length));
        return SYNCPLAY_OK;
    case SYNCPLAY_COMMAND_REACT:
        if (!text_is_symbols(command->text, step->config->reaction_max_length))
            return step_fail(step, SYNCPLAY_ERROR_FIELD, "reaction must be emoji or other symbols, 1 to %u characters",
                             step->config->reaction_max_length);
        return SYNCPLAY_OK;
    case SYNCPLAY_COMMAND_PING:
        return check_ping(step, command);
    case SYNCPLAY_COMMAND_SETTINGS:
        if (!command->settings)
            return step_fail(step, SYNCPLAY_ERROR_ARGUMENT, "settings are missing");
        if (!command->settings_mask || command->settings_mask & ~SETTINGS_ALL)
            return step_fail(step, SYNCPLAY_ERROR_FIELD, "settings_mask must name settings that there are");
        return check_settings(step, command->settings, command->settings_mask);
    case SYNCPLAY_COMMAND_CONTENT:
        return check_new_content(step, command->content);
    case SYNCPLAY_COMMAND_ROLE:
        return check_role_change(step, command);
    case SYNCPLAY_COMMAND_INVITE:
        return check_invite(step, command);
    default:
        return SYNCPLAY_OK;
    }
}
