/* Who is waited for. */
#include "waiting.h"

bool waiting_is_here(const struct seat *seat)
{
    return !seat->knocking && seat->connection;
}

bool waiting_is_outstanding(const struct seat *seat, const syncplay_hub_config *config)
{
    return waiting_is_here(seat) && !seat->barrier.ready && barrier_waits_for(&seat->barrier) &&
           barrier_budget(&seat->barrier, config->wait_budget) > 0;
}

bool waiting_anyone_outstanding(const struct session *session, const syncplay_hub_config *config)
{
    for (uint32_t i = 0; i < session->seat_count; i++)
        if (waiting_is_outstanding(session->seats[i], config))
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
        if (waiting_is_outstanding(session->seats[i], config)) {
            int64_t theirs = waiting_seat_until(session, session->seats[i], config);
            until = theirs > until ? theirs : until;
        }
    return until;
}
