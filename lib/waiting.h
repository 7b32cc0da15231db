/* Who in a session is waited for, and until when: the barrier's rules, applied to its seats. It changes nothing. */
#ifndef WAITING_H
#define WAITING_H

#include "session.h"

/* Connected and sitting. */
bool waiting_is_here(const struct seat *seat);

/* Whether starts are timed for this one, too: here, with the right to it, and neither excused nor catching up. */
bool waiting_counts(const struct session *session, const struct seat *seat);

/* Whether the others wait for it while it is not ready: it counts, and the session's `wait` means it. */
bool waiting_is_meant(const struct session *session, const struct seat *seat);

/* Whether the party would wait for this one now: it is meant, not ready, and has budget left. */
bool waiting_is_outstanding(const struct session *session, const struct seat *seat, const syncplay_hub_config *config);
bool waiting_anyone_outstanding(const struct session *session, const syncplay_hub_config *config);

/* In a wait: until when at most for this one, and for all of them. */
int64_t waiting_seat_until(const struct session *session, const struct seat *seat, const syncplay_hub_config *config);
int64_t waiting_until(const struct session *session, const syncplay_hub_config *config);

#endif
