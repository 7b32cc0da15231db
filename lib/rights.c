/* What one participant may do now. */
#include "rights.h"

#include "access.h"
#include "roster.h"

syncplay_role rights_role(const struct session *session, const struct seat *seat)
{
    return seat_is_host(session, seat) ? SYNCPLAY_ROLE_HOST : seat->role;
}

uint32_t rights_of(const struct session *session, const struct seat *seat)
{
    if (seat->knocking)
        return 0;
    return access_rights(rights_role(session, seat), session->settings.control, seat->allow, seat->deny);
}

uint32_t rights_to_give(const struct session *session, const struct seat *seat)
{
    return access_rights(rights_role(session, seat), SYNCPLAY_CONTROL_HOST, seat->allow, seat->deny);
}

uint32_t rights_permitted(const struct session *session, const struct step *step, const struct seat *seat)
{
    uint32_t rights = rights_of(session, seat);
    if (!(rights & ACCESS_PLAYBACK) || seat_is_host(session, seat) ||
        step_has_permission(step, &seat->user, SYNCPLAY_PERMISSION_HOST_CONTROLS))
        return rights;
    return rights & ~ACCESS_PLAYBACK;
}
