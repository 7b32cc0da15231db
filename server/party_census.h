/* How many parties there are, and people in them, at this instant. */
#ifndef SERVER_PARTY_CENSUS_H
#define SERVER_PARTY_CENSUS_H

#include <stddef.h>
#include <stdint.h>

struct parties;

struct party_census {
    uint64_t sessions;
    uint64_t playing;      /* of these */
    uint64_t participants; /* with a seat */
    uint64_t connected;    /* of these */
};

/* Enters each shard, several times where there are many sessions: never call it with one entered. */
void party_census_take(struct parties *parties, struct party_census *census);

#endif
