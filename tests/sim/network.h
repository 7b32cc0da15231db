/* The party's network, as the rest of the party uses it; see party.h for what members do with it. */
#ifndef SIM_NETWORK_H
#define SIM_NETWORK_H

#include "party.h"

/* Sends to whoever has `connection`, if it still stands. */
void network_send_down(struct party *party, uint64_t connection, const char *bytes, size_t length);

/* A member's connection is gone; each end notices after so long. */
void network_drop(struct party *party, struct member *member, int64_t member_after, int64_t server_after);

/* Frees what is still on its way. */
void network_free(struct party *party);

#endif
