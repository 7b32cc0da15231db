/* The invitations of one session. */
#include <string.h>

#include "invitations.h"

#include "access.h"
#include "defaults.h"
#include "rights.h"

bool invitation_is_open(const struct invitation *invitation, int64_t now)
{
    return invitation->expires > now && (!invitation->uses || invitation->used < invitation->uses);
}

void invitation_tell(const struct invitation *invitation, int64_t unix_offset, syncplay_invitation_info *info)
{
    bool ends = invitation->expires != SYNCPLAY_NEVER;
    syncplay_invitation_info answer = {
        .id = invitation->id,
        .role = invitation->role,
        .made_by = invitation->made_by,
        .unix_created = invitation->unix_created,
        .unix_expires = ends ? invitation->expires + unix_offset : SYNCPLAY_NEVER,
        .uses = invitation->uses,
        .used = invitation->used,
    };
    defaults_give(info, &answer, sizeof answer);
}

static void forget(struct session *session, uint32_t index)
{
    session->invitation_count--;
    memmove(session->invitations + index, session->invitations + index + 1,
            (session->invitation_count - index) * sizeof *session->invitations);
}

/* One that is over is kept, to tell its bearer why, until there is need of its place. */
static void make_room(struct session *session, const struct step *step)
{
    for (uint32_t i = 0; session->invitation_count >= step->config->max_invitations && i < session->invitation_count;)
        if (invitation_is_open(&session->invitations[i], step->now))
            i++;
        else
            forget(session, i);
}

static bool reserve(struct session *session, const struct memory *memory)
{
    if (session->invitation_count < session->invitation_capacity)
        return true;
    uint32_t wanted = (uint32_t)memory_larger(session->invitation_capacity, 4);
    struct invitation *larger = memory_resize(memory, session->invitations, wanted * sizeof *larger);
    if (!larger)
        return false;
    session->invitations = larger;
    session->invitation_capacity = wanted;
    return true;
}

bool invitations_add(struct session *session, const struct step *step, const struct invitation *invitation)
{
    if (!reserve(session, step->memory))
        return false;
    make_room(session, step);
    session->invitations[session->invitation_count++] = *invitation;
    return true;
}

static bool has_room(const struct session *session, const struct step *step)
{
    uint32_t open = 0;
    for (uint32_t i = 0; i < session->invitation_count; i++)
        open += invitation_is_open(&session->invitations[i], step->now);
    return open < step->config->max_invitations;
}

int invitations_create(struct session *session, struct step *step, const struct seat *by,
                       const syncplay_command *command, const struct invitation **made,
                       char token[SYNCPLAY_TOKEN_SIZE])
{
    struct invitation draft = {
        .role = command->role ? command->role : SYNCPLAY_ROLE_VIEWER,
        .made_by = by->user,
        .unix_created = step->now + step->unix_offset,
        .expires = command->lifetime == SYNCPLAY_UNSET ? SYNCPLAY_NEVER : step->now + command->lifetime,
        .uses = command->uses,
    };
    if (access_role_rights(draft.role, SYNCPLAY_CONTROL_HOST) & ~rights_to_give(session, by))
        return step_fail(step, SYNCPLAY_ERROR_FORBIDDEN, "role: nobody can give rights that they do not have");
    if (!has_room(session, step))
        return step_fail(step, SYNCPLAY_ERROR_LIMIT, "there are max_invitations = %u invitations already",
                         step->config->max_invitations);
    if (!step_random_id(step, &draft.id) || !token_make(step, token, &draft.token))
        return step_fail(step, SYNCPLAY_ERROR_ENTROPY, "the source of random bytes failed");
    if (!invitations_add(session, step, &draft))
        return SYNCPLAY_ERROR_MEMORY;
    *made = &session->invitations[session->invitation_count - 1];
    return SYNCPLAY_OK;
}

int invitations_find(const struct session *session, struct step *step, const char *token, struct invitation **found)
{
    struct token_hash shown = token_hash_of(token);
    struct invitation *match = NULL;
    for (uint32_t i = 0; i < session->invitation_count; i++)
        if (token_is_same(&session->invitations[i].token, &shown))
            match = &session->invitations[i];
    if (!match)
        return step_fail(step, SYNCPLAY_ERROR_INVITATION, "there is no such invitation; it may have been revoked");
    if (match->expires <= step->now)
        return step_fail(step, SYNCPLAY_ERROR_INVITATION, "the invitation has expired");
    if (!invitation_is_open(match, step->now))
        return step_fail(step, SYNCPLAY_ERROR_INVITATION, "the invitation is used up: it was for %u", match->uses);
    *found = match;
    return SYNCPLAY_OK;
}

struct invitation *invitations_get(const struct session *session, const syncplay_id *id)
{
    for (uint32_t i = 0; i < session->invitation_count; i++)
        if (syncplay_id_equal(&session->invitations[i].id, id))
            return &session->invitations[i];
    return NULL;
}

void invitations_remove(struct session *session, struct invitation *invitation)
{
    forget(session, (uint32_t)(invitation - session->invitations));
}
