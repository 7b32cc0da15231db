/* The list of seats of one session, in order of joining. */
#ifndef ROSTER_H
#define ROSTER_H

#include "session.h"

struct seat *roster_find(const struct session *session, const syncplay_id *user); /* knocking ones too */
uint32_t roster_members(const struct session *session);                            /* without those who knock */
uint32_t roster_connected(const struct session *session);
/* Appends a seat; NULL without memory. */
struct seat *roster_add(struct session *session, const struct memory *memory, const syncplay_user *user);
/* The seat's connection from now on, or 0; with another one, what was known of the old one goes. */
void roster_connect(struct seat *seat, uint64_t connection);
void roster_remove(struct session *session, const struct memory *memory, struct seat *seat);
static inline bool seat_is_host(const struct session *session, const struct seat *seat)
{
    return !seat->knocking && syncplay_id_equal(&session->host, &seat->user);
}

#endif
