/*
 * What must hold between two calls, in every hub and all its sessions: counts match, lists are consistent, whoever is named
 * exists, deadlines are what follows from the state. Only the hostile build asks; it stops the program with the name of what
 * does not hold.
 */
#ifndef INVARIANTS_H
#define INVARIANTS_H

#include "hub.h"

#ifdef SYNCPLAY_HOSTILE
void hub_check(const struct syncplay_hub *hub);
#else
#define hub_check(hub) ((void)0)
#endif

#endif
