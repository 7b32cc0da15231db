/* The list of seats of one session. */
#include <string.h>

#include "roster.h"

struct seat *roster_find(const struct session *session, const syncplay_id *user)
{
    for (uint32_t i = 0; i < session->seat_count; i++)
        if (syncplay_id_equal(&session->seats[i]->user, user))
            return session->seats[i];
    return NULL;
}

uint32_t roster_members(const struct session *session)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < session->seat_count; i++)
        count += !session->seats[i]->knocking;
    return count;
}

uint32_t roster_connected(const struct session *session)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < session->seat_count; i++)
        count += !session->seats[i]->knocking && session->seats[i]->connection;
    return count;
}

/* Room for one more seat, in an array that doubles. */
static bool reserve(struct session *session, const struct memory *memory)
{
    if (session->seat_count < session->seat_capacity)
        return true;
    uint32_t wanted = (uint32_t)memory_larger(session->seat_capacity, 4);
    struct seat **larger = memory_resize(memory, session->seats, wanted * sizeof *larger);
    if (!larger)
        return false;
    session->seats = larger;
    session->seat_capacity = wanted;
    return true;
}

struct seat *roster_add(struct session *session, const struct memory *memory, const syncplay_user *user)
{
    struct seat *seat = reserve(session, memory) ? memory_new(memory, sizeof *seat) : NULL;
    if (!seat)
        return NULL;
    seat->user = user->id;
    memcpy(seat->name, user->name, strlen(user->name) + 1);
    seat->role = SYNCPLAY_ROLE_VIEWER;
    seat->chat_rate.full_at = seat->typing_rate.full_at = seat->reaction_rate.full_at = TOKEN_BUCKET_FULL;
    seat->gone_since = SYNCPLAY_NEVER;
    seat->stalled_since = SYNCPLAY_NEVER;
    seat->told_state = INT64_MIN;
    report_forget(&seat->report);
    session->seats[session->seat_count++] = seat;
    return seat;
}

void roster_connect(struct seat *seat, uint64_t connection)
{
    if (connection == seat->connection)
        return;
    seat->connection = connection;
    seat->told_state = INT64_MIN;
    report_forget(&seat->report);
    latency_renew(&seat->latency);
}

void roster_remove(struct session *session, const struct memory *memory, struct seat *seat)
{
    uint32_t i = 0;
    while (session->seats[i] != seat)
        i++;
    memmove(session->seats + i, session->seats + i + 1, (session->seat_count - i - 1) * sizeof *session->seats);
    session->seat_count--;
    memory_free(memory, seat);
}
