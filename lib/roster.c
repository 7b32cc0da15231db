/* The list of seats of one session, and of those who were removed. */
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

/* Room for one more element in an array that doubles. */
static bool reserve(const struct memory *memory, void **array, uint32_t count, uint32_t *capacity, size_t each)
{
    if (count < *capacity)
        return true;
    uint32_t wanted = *capacity ? *capacity * 2 : 4;
    void *larger = memory_resize(memory, *array, wanted * each);
    if (!larger)
        return false;
    *array = larger;
    *capacity = wanted;
    return true;
}

struct seat *roster_add(struct session *session, const struct memory *memory, const syncplay_user *user)
{
    if (!reserve(memory, (void **)&session->seats, session->seat_count, &session->seat_capacity,
                 sizeof *session->seats))
        return NULL;
    struct seat *seat = memory_new(memory, sizeof *seat);
    if (!seat)
        return NULL;
    seat->user = user->id;
    memcpy(seat->name, user->name, strlen(user->name) + 1);
    seat->gone_since = SYNCPLAY_NEVER;
    seat->stalled_since = SYNCPLAY_NEVER;
    session->seats[session->seat_count++] = seat;
    return seat;
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

bool roster_is_removed(const struct session *session, const syncplay_id *user)
{
    for (uint32_t i = 0; i < session->removed_count; i++)
        if (syncplay_id_equal(&session->removed[i], user))
            return true;
    return false;
}

bool roster_reserve_removed(struct session *session, const struct memory *memory)
{
    return session->removed_count == REMOVED_MAX || reserve(memory, (void **)&session->removed, session->removed_count,
                                                            &session->removed_capacity, sizeof *session->removed);
}

void roster_note_removed(struct session *session, const syncplay_id *user)
{
    if (session->removed_count == REMOVED_MAX)
        memmove(session->removed, session->removed + 1, --session->removed_count * sizeof *session->removed);
    session->removed[session->removed_count++] = *user;
}
