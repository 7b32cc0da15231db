/* Users whom a session remembers although they do not sit in it. */
#include <string.h>

#include "removed.h"

#include "hostile.h"
#include "roster.h"

struct removed *removed_find(const struct session *session, const syncplay_id *user)
{
    for (uint32_t i = 0; i < session->removed_count; i++)
        if (syncplay_id_equal(&session->removed[i].user, user))
            return &session->removed[i];
    return NULL;
}

bool removed_keeps_out(const struct removed *removed, int64_t now)
{
    return removed->banned || removed->until > now;
}

bool removed_is_restricted(const struct seat *seat)
{
    return seat->deny || seat->role_cap;
}

static bool owes(const struct seat *seat, int64_t now)
{
    return seat->chat_rate.full_at > now || seat->barrier.spent > 0;
}

bool removed_reserve(struct session *session, const struct step *step, uint32_t more)
{
    bool may_owe = session->phase == SYNCPLAY_WAITING; /* what is waited now is not booked yet */
    uint32_t wanted = session->removed_count + more;
    for (uint32_t i = 0; i < session->seat_count; i++)
        wanted += removed_is_restricted(session->seats[i]) || may_owe || owes(session->seats[i], step->now);
    if (wanted <= session->removed_capacity)
        return true;
    wanted += HOSTILE ? 0 : 4;
    struct removed *larger = memory_resize(step->memory, session->removed, wanted * sizeof *larger);
    if (!larger)
        return false;
    session->removed = larger;
    session->removed_capacity = wanted;
    return true;
}

bool removed_may_ban(const struct session *session, const syncplay_hub_config *config)
{
    uint32_t banned = 0;
    for (uint32_t i = 0; i < session->removed_count; i++)
        banned += session->removed[i].banned;
    return banned < config->max_removed;
}

static void forget(struct session *session, uint32_t index)
{
    session->removed_count--;
    memmove(session->removed + index, session->removed + index + 1,
            (session->removed_count - index) * sizeof *session->removed);
}

static bool is_debt_alone(const struct removed *removed)
{
    return !removed->banned && removed->until == REMOVED_LET_IN && !removed->deny && !removed->role_cap;
}

static void make_room(struct session *session, const syncplay_hub_config *config)
{
    uint32_t debt = 0, kicked = 0;
    if (session->removed_count < config->max_removed)
        return;
    while (debt < session->removed_count && !is_debt_alone(&session->removed[debt]))
        debt++;
    while (kicked < session->removed_count && session->removed[kicked].banned)
        kicked++;
    if (debt < session->removed_count)
        forget(session, debt);
    else if (kicked < session->removed_count)
        forget(session, kicked);
}

struct removed *removed_note(struct session *session, const syncplay_hub_config *config, const syncplay_id *user,
                             const char *name)
{
    struct removed *removed = removed_find(session, user);
    if (removed)
        return removed;
    make_room(session, config);
    if (session->removed_count >= config->max_removed)
        return NULL;
    removed = &session->removed[session->removed_count++];
    memset(removed, 0, sizeof *removed);
    removed->until = REMOVED_LET_IN;
    removed->chat_full_at = TOKEN_BUCKET_FULL;
    removed->user = *user;
    memcpy(removed->name, name, strlen(name) + 1);
    return removed;
}

void removed_note_seat(struct session *session, const struct step *step, const struct seat *seat)
{
    if (!removed_is_restricted(seat) && !owes(seat, step->now)) /* as whoever knocks */
        return;
    struct removed *removed = removed_note(session, step->config, &seat->user, seat->name);
    if (!removed)
        return;
    removed->deny = seat->deny;
    removed->role_cap = seat->role_cap;
    removed->chat_full_at = seat->chat_rate.full_at;
    removed->spent = seat->barrier.spent;
}

void removed_apply(struct session *session, struct seat *seat)
{
    struct removed *removed = removed_find(session, &seat->user);
    if (!removed)
        return;
    seat->deny = removed->deny;
    seat->role_cap = removed->role_cap;
    if (removed->role_cap > seat->role) /* the lower one */
        seat->role = removed->role_cap;
    seat->chat_rate.full_at = removed->chat_full_at;
    seat->barrier.spent = removed->spent;
    forget(session, (uint32_t)(removed - session->removed));
}

void removed_pardon(struct session *session, struct removed *removed)
{
    removed->banned = false;
    removed->until = REMOVED_LET_IN;
    if (is_debt_alone(removed) && removed->chat_full_at == TOKEN_BUCKET_FULL && !removed->spent)
        forget(session, (uint32_t)(removed - session->removed));
}
