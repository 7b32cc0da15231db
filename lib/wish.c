/* What a user asks a server for, checked before it is sent. */
#include <string.h>

#include "checks.h"
#include "kept_join.h"
#include "text.h"
#include "wish.h"

/* The longest chat message that any hub may be configured to take. */

static int check_join(struct step *step, const syncplay_command *command)
{
    if (!command->code || !text_is_line(command->code, 1, KEPT_JOIN_CODE_MAX))
        return step_fail(step, SYNCPLAY_ERROR_FIELD, "session_code must be 1 to %d characters", KEPT_JOIN_CODE_MAX);
    if (command->invitation &&
        (!text_is_line(command->invitation, 1, KEPT_JOIN_TOKEN_MAX) || strlen(command->invitation) > KEPT_JOIN_TOKEN_MAX))
        return step_fail(step, SYNCPLAY_ERROR_FIELD, "invitation must be 1 to %d bytes", KEPT_JOIN_TOKEN_MAX);
    if (command->resume_token && (!text_is_line(command->resume_token, 1, KEPT_JOIN_TOKEN_MAX) ||
                                  strlen(command->resume_token) > KEPT_JOIN_TOKEN_MAX))
        return step_fail(step, SYNCPLAY_ERROR_FIELD, "resume_token must be 1 to %d bytes", KEPT_JOIN_TOKEN_MAX);
    if (command->cursor > UINT64_C(1) << 53)
        return step_fail(step, SYNCPLAY_ERROR_FIELD, "cursor must be 0 to 9007199254740992");
    return SYNCPLAY_OK;
}

static int check_settings_on_wire(struct step *step, const syncplay_command *command)
{
    if (command->settings_mask & SYNCPLAY_SETTING_MAX_PARTICIPANTS && !command->settings->max_participants)
        return step_fail(step, SYNCPLAY_ERROR_FIELD, "max_participants must be 1 to %d",
                         SYNCPLAY_PARTICIPANTS_LIMIT);
    return SYNCPLAY_OK;
}

/* Whom or what a command is about, where it has to be said. */
static int check_ids(struct step *step, const syncplay_command *command)
{
    switch (command->kind) {
    case SYNCPLAY_COMMAND_ADMIT:
    case SYNCPLAY_COMMAND_DENY:
    case SYNCPLAY_COMMAND_KICK:
    case SYNCPLAY_COMMAND_HOST:
    case SYNCPLAY_COMMAND_BAN:
    case SYNCPLAY_COMMAND_UNBAN:
    case SYNCPLAY_COMMAND_MUTE:
    case SYNCPLAY_COMMAND_ROLE:
        if (syncplay_id_is_none(&command->user))
            return step_fail(step, SYNCPLAY_ERROR_FIELD, "user_id must be a UUID");
        return SYNCPLAY_OK;
    case SYNCPLAY_COMMAND_DELETE:
        if (syncplay_id_is_none(&command->message))
            return step_fail(step, SYNCPLAY_ERROR_FIELD, "id must be a UUID");
        return SYNCPLAY_OK;
    case SYNCPLAY_COMMAND_REVOKE:
        if (syncplay_id_is_none(&command->invitation_id))
            return step_fail(step, SYNCPLAY_ERROR_FIELD, "invitation_id must be a UUID");
        return SYNCPLAY_OK;
    default:
        return SYNCPLAY_OK;
    }
}

/* What the wire cannot carry, beside what check_command does not take. */
static int check_on_wire(struct step *step, const syncplay_command *command)
{
    switch (command->kind) {
    case SYNCPLAY_COMMAND_NONE:
        return step_fail(step, SYNCPLAY_ERROR_ARGUMENT, "kind must be one of a client's commands");
    case SYNCPLAY_COMMAND_PING:
        return step_fail(step, SYNCPLAY_ERROR_ARGUMENT, "kind must not be a ping: those are the follower's own");
    case SYNCPLAY_COMMAND_JOIN:
        return check_join(step, command);
    case SYNCPLAY_COMMAND_READY:
        if (command->buffered > SYNCPLAY_POSITION_MAX)
            return step_fail(step, SYNCPLAY_ERROR_FIELD, "buffered_ms must be 0 to 9007199254740.992");
        return SYNCPLAY_OK;
    case SYNCPLAY_COMMAND_SETTINGS:
        return check_settings_on_wire(step, command);
    default:
        if ((unsigned)command->kind > SYNCPLAY_COMMAND_REACT)
            return step_fail(step, SYNCPLAY_ERROR_ARGUMENT, "kind must be one of a client's commands");
        return check_ids(step, command);
    }
}

int wish_check(const syncplay_command *command, char *why)
{
    static const syncplay_hub_config limits = {
        .max_participants = SYNCPLAY_PARTICIPANTS_LIMIT, .chat_enabled = true, .chat_max_length = CHECKS_CHAT_MAX,
        .reaction_max_length = CHECKS_REACTION_MAX};
    static const syncplay_hub_callbacks nobody;
    struct step step = {.config = &limits, .callbacks = &nobody, .why = why};
    int error = check_command(&step, command);
    if (!error && (command->revision < SYNCPLAY_UNSET || command->revision > INT64_C(1) << 53))
        error = step_fail(&step, SYNCPLAY_ERROR_FIELD, "revision must be 0 to 9007199254740992");
    return error ? error : check_on_wire(&step, command);
}
