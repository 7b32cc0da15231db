/*
 * What must always hold in a party, whatever happens to it. A violation is told with all that is needed to see it
 * again.
 */
#ifndef SIM_CHECK_H
#define SIM_CHECK_H

#include "score.h"

/* At each look. */
void check_member(struct party *party, struct member *member, const struct sight *sight);
void check_party(struct party *party);

#endif
