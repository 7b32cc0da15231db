/* The server of a party: the library's hub, called as syncplay-server calls it. All calls go through here. */
#ifndef SIM_SERVER_H
#define SIM_SERVER_H

#include "party.h"

void server_start(struct party *party); /* with a session in it */
void server_accept(struct party *party, struct member *member);
void server_receive(struct party *party, uint64_t connection, const char *bytes, size_t length);
void server_round_trip(struct party *party, uint64_t connection, int64_t round_trip);
void server_disconnect(struct party *party, uint64_t connection);
void server_free(struct party *party);

#endif
