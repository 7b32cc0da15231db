/* Who is waited for. */
#include "waiting.h"

#include "access.h"
#include "rights.h"

bool waiting_is_here(const struct seat *seat)
{
    return !seat->knocking && seat->connection;
}

bool waiting_counts(const struct session *session, const struct seat *seat)
{
    return waiting_is_here(seat) && barrier_waits_for(&seat->barrier) &&
           (rights_of(session, seat) & SYNCPLAY_RIGHT_WAITED_FOR);
}

bool waiting_is_meant(const struct session *session, const struct seat *seat)
{
    return waiting_counts(session, seat) &&
           access_is_waited_for(session->settings.wait, rights_role(session, seat));
}

bool waiting_is_outstanding(const struct session *session, const struct seat *seat, const syncplay_hub_config *config)
{
    return !seat->barrier.ready && waiting_is_meant(session, seat) &&
           barrier_budget(&seat->barrier, config->wait_budget) > 0;
}

bool waiting_anyone_outstanding(const struct session *session, const syncplay_hub_config *config)
{
    for (uint32_t i = 0; i < session->seat_count; i++)
        if (waiting_is_outstanding(session, session->seats[i], config))
            return true;
    return false;
}

int64_t waiting_seat_until(const struct session *session, const struct seat *seat, const syncplay_hub_config *config)
{
    return barrier_deadline(&seat->barrier, session->wait_began, config->wait_timeout, config->wait_budget);
}

int64_t waiting_until(const struct session *session, const syncplay_hub_config *config)
{
    int64_t until = session->wait_began;
    for (uint32_t i = 0; i < session->seat_count; i++)
        if (waiting_is_outstanding(session, session->seats[i], config)) {
            int64_t theirs = waiting_seat_until(session, session->seats[i], config);
            until = theirs > until ? theirs : until;
        }
    return until;
}
