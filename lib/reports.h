/* What a follower tells the server about itself: pings, readiness, not to be waited for, what the user did. Pure. */
#ifndef REPORTS_H
#define REPORTS_H

#include "follow.h"

/* A connection stands: what was told on the one before counts for nothing. */
void reports_connected(struct follow *follow);

/* The player was looked at. */
void reports_observed(struct follow *follow, int64_t now);

/* When something becomes due that is not due yet, but for pings. */
int64_t reports_deadline(const struct follow *follow);

#endif
