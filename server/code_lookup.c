/* Looking a session up by its code on somebody's behalf. */
#include "code_lookup.h"

#include "address_limit.h"
#include "client_address.h"
#include "clock.h"
#include "guess_limit.h"
#include "quotas.h"

/* Whether they sit there, or knock. */
static bool has_place(const syncplay_hub *hub, const syncplay_id *session, const syncplay_id *user)
{
    syncplay_participant_info info = {.struct_size = sizeof info};
    return syncplay_hub_participant_of(hub, session, user, &info) == SYNCPLAY_OK;
}

static bool is_public(const syncplay_hub *hub, int64_t now, const syncplay_id *session)
{
    syncplay_session_info info = {.struct_size = sizeof info};
    return syncplay_hub_session(hub, now, session, &info) == SYNCPLAY_OK && info.settings->visibility == SYNCPLAY_PUBLIC;
}

static bool may_knock(struct quotas *quotas, const struct code_asker *asker, int64_t now, int64_t *wait)
{
    char user[SYNCPLAY_ID_SIZE];
    syncplay_id_format(asker->user, user);
    return address_limit_take(quotas->knocks, user, now, wait) &&
           address_limit_take(quotas->knocks, asker->from->group, now, wait);
}

static int refuse(struct code_wait *wait, const char *why, int64_t left)
{
    wait->why = why;
    wait->seconds = (int)((left + CLOCK_SECOND - 1) / CLOCK_SECOND);
    return SYNCPLAY_ERROR_RATE;
}

int code_lookup(struct quotas *quotas, const syncplay_hub *hub, int64_t now, const char *code, size_t length,
                const struct code_asker *asker, syncplay_id *session, struct code_wait *wait)
{
    int64_t left = 0;
    int error = syncplay_hub_find(hub, code, length, session);
    bool is_right = error == SYNCPLAY_OK;
    if (is_right && has_place(hub, session, asker->user))
        return SYNCPLAY_OK;
    if (!guess_limit_answer(quotas->guesses, &asker->from->address, asker->user, is_right, now, &left))
        return refuse(wait, "too many wrong codes", left);
    if (is_right && asker->wants_in && !is_public(hub, now, session) && !may_knock(quotas, asker, now, &left))
        return refuse(wait, "too many knocks", left);
    return error;
}
