/* What is due to be told to the server: pings, readiness, not to be waited for, what the user did. Pure. */
#ifndef DUE_H
#define DUE_H

#include "follow.h"

/* A connection stands: what was told on the one before counts for nothing. */
void due_connected(struct follow *follow);

/* The next ping. */
int64_t due_ping(const struct follow *follow);

/* The player was looked at, or the party is elsewhere. */
void due_observed(struct follow *follow, int64_t now);

/* When something becomes due that is not due yet, but for pings. */
int64_t due_deadline(const struct follow *follow);

#endif
