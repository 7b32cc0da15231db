/* What one participant may do to another. */
#include "moderation.h"

#include "access.h"
#include "announce.h"
#include "membership.h"
#include "playback.h"
#include "removed.h"
#include "rights.h"
#include "roster.h"

/* Whether anything may be done to this user by that one. */
static int check_target(const struct session *session, struct step *step, const struct seat *by,
                        const syncplay_id *user)
{
    if (syncplay_id_equal(user, &by->user))
        return step_fail(step, SYNCPLAY_ERROR_FORBIDDEN, "user_id: you cannot do that to yourself");
    if (syncplay_id_equal(user, &session->host))
        return step_fail(step, SYNCPLAY_ERROR_FORBIDDEN, "user_id: nobody can do that to the host");
    return SYNCPLAY_OK;
}

/* The participant whom a command is about, in *seat. */
static int find_target(const struct session *session, struct step *step, const struct seat *by,
                       const syncplay_command *command, bool also_knocking, struct seat **seat)
{
    int error = check_target(session, step, by, &command->user);
    *seat = roster_find(session, &command->user);
    if (!error && (!*seat || ((*seat)->knocking && !also_knocking)))
        error = step_fail(step, SYNCPLAY_ERROR_NOT_FOUND, "user_id names nobody in this session");
    return error;
}

/* --- Removing */

int moderation_kick(struct session *session, struct step *step, struct seat *by, const syncplay_command *command)
{
    struct seat *seat;
    int error = find_target(session, step, by, command, true, &seat);
    if (error)
        return error;
    if (!removed_reserve(session, step, 1))
        return SYNCPLAY_ERROR_MEMORY;
    struct removed *removed = removed_note(session, step->config, &seat->user, seat->name);
    if (removed) /* without a place for it they may come again at once */
        removed->until = step->now + step->config->kick_cooldown;
    membership_remove(session, step, seat, SYNCPLAY_CHANGE_KICKED, SYNCPLAY_REASON_KICKED);
    return SYNCPLAY_OK;
}

int moderation_ban(struct session *session, struct step *step, struct seat *by, const syncplay_command *command)
{
    int error = check_target(session, step, by, &command->user);
    if (error)
        return error;
    if (syncplay_id_is_none(&command->user))
        return step_fail(step, SYNCPLAY_ERROR_FIELD, "user_id must be a UUID, not of zeros only");
    if (!removed_may_ban(session, step->config))
        return step_fail(step, SYNCPLAY_ERROR_LIMIT, "there are max_removed = %u banned users already",
                         step->config->max_removed);
    if (!removed_reserve(session, step, 1))
        return SYNCPLAY_ERROR_MEMORY;
    struct seat *seat = roster_find(session, &command->user);
    struct removed *removed = removed_note(session, step->config, &command->user, seat ? seat->name : "");
    removed->banned = true; /* there is a place: not all were banned */
    if (seat)
        membership_remove(session, step, seat, SYNCPLAY_CHANGE_KICKED, SYNCPLAY_REASON_BANNED);
    removed = removed_find(session, &command->user);
    announce_removed(step, session, &removed->user, removed->name, SYNCPLAY_CHANGE_BANNED);
    return SYNCPLAY_OK;
}

int moderation_unban(struct session *session, struct step *step, const syncplay_command *command)
{
    struct removed *removed = removed_find(session, &command->user);
    if (!removed || !removed_keeps_out(removed, step->now))
        return step_fail(step, SYNCPLAY_ERROR_NOT_FOUND, "user_id names nobody who is banned, or was kicked a short while ago");
    announce_removed(step, session, &removed->user, removed->name, SYNCPLAY_CHANGE_UNBANNED);
    removed_pardon(session, removed);
    return SYNCPLAY_OK;
}

/* --- Roles */

int moderation_mute(struct session *session, struct step *step, struct seat *by, const syncplay_command *command)
{
    struct seat *seat;
    int error = find_target(session, step, by, command, false, &seat);
    if (error)
        return error;
    uint32_t before = seat->deny;
    if (command->muted)
        seat->deny |= SYNCPLAY_RIGHT_CHAT;
    else
        seat->deny &= ~(uint32_t)SYNCPLAY_RIGHT_CHAT;
    if (seat->deny == before)
        return SYNCPLAY_OK;
    announce_participant(step, session, to_all(), seat,
                         command->muted ? SYNCPLAY_CHANGE_MUTED : SYNCPLAY_CHANGE_UNMUTED, SYNCPLAY_REASON_NONE);
    announce_you(step, session, seat);
    return SYNCPLAY_OK;
}

int moderation_role(struct session *session, struct step *step, struct seat *by, const syncplay_command *command)
{
    struct seat *seat;
    int error = find_target(session, step, by, command, false, &seat);
    if (error)
        return error;
    syncplay_role role = command->role_mask & SYNCPLAY_SET_ROLE ? command->role : seat->role;
    uint32_t allow = command->role_mask & SYNCPLAY_SET_ALLOW ? command->allow : seat->allow;
    uint32_t deny = command->role_mask & SYNCPLAY_SET_DENY ? command->deny : seat->deny;
    uint32_t before = rights_of(session, seat);
    /* An override counts as given although it is denied at present: the denial may be taken back by somebody else. */
    uint32_t given = (access_rights(role, SYNCPLAY_CONTROL_HOST, allow, deny) & ~rights_to_give(session, seat)) |
                     (allow & ~seat->allow);
    if (given & ~rights_to_give(session, by))
        return step_fail(step, SYNCPLAY_ERROR_FORBIDDEN, "nobody can give rights that they do not have");
    if (command->role_mask & SYNCPLAY_SET_ROLE)
        seat->role_cap = role == SYNCPLAY_ROLE_CONTROLLER ? SYNCPLAY_ROLE_NONE : role;
    seat->role = role;
    seat->allow = allow;
    seat->deny = deny;
    announce_participant(step, session, to_all(), seat, SYNCPLAY_CHANGE_ROLE, SYNCPLAY_REASON_NONE);
    if (rights_of(session, seat) & ~before & ACCESS_WITH_LISTS)
        announce_state(step, session, seat, NULL);
    else
        announce_you(step, session, seat);
    playback_resolve(session, step, "ready"); /* it may have been waited for, and is not any more */
    return SYNCPLAY_OK;
}
