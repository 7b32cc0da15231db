/*
 * What all the other projects' rules have in common: a client of this hub that follows its commands, tells readiness,
 * pings, and lets a set of rules decide about the clock, the start and the correction. The rules are theirs; the code
 * is not.
 */
#ifndef SIM_PEER_H
#define SIM_PEER_H

#include "member.h"

#define PEER_SAMPLES 10

/* Where a peer takes the server's time from. */
enum peer_clock {
    PEER_CLOCK_ARRIVAL, /* what a command says is now, when it arrives */
    PEER_CLOCK_LATENCY, /* ... was an average latency ago */
    PEER_CLOCK_LEAST,   /* pings: of the last `samples`, the one with the least round trip */
    PEER_CLOCK_NTP,     /* pings: NTP's filter: the least of half the round trip and what the age may have cost */
    PEER_CLOCK_ORACLE   /* everything but the asymmetry */
};

struct peer;

struct peer_rules {
    enum peer_clock clock;
    unsigned samples;                                  /* of the pings; at most PEER_SAMPLES */
    unsigned eager;                                    /* so many pings a second apart at first */
    int64_t ping_every;                                /* then */
    bool knows_player;                                 /* how long it takes to start */
    int64_t stand_within;                              /* paused, so far off is good enough */
    int64_t look_every;                                /* for corrections; 0: never */
    void (*correct)(struct peer *peer, int64_t ahead); /* the film runs; so far ahead it is */
};

struct peer_sample {
    int64_t offset, round_trip, at;
};

struct peer {
    struct member *member;
    const struct peer_rules *rules;
    bool is_connected;

    struct peer_sample samples[PEER_SAMPLES];
    unsigned sample_count, pings;
    int64_t offset; /* the server's time is our own + offset */
    bool has_offset;

    uint64_t revision; /* 0: nothing is known yet */
    bool is_playing;
    int64_t position, server_time, at;
    double speed;

    bool told_ready;
    uint64_t told_revision;
    int64_t next_ping, next_look, quiet_until; /* no correction before */
    bool is_correcting;
};

void *peer_make(struct member *member, const struct peer_rules *rules);

/* For rules: the server's time, where the party is, a rate relative to the party's. */
int64_t peer_server_now(struct peer *peer);
int64_t peer_target(struct peer *peer);
void peer_rate(struct peer *peer, double rate, bool preserves_pitch);
void peer_jump(struct peer *peer); /* seeks to where the party is */

/* The clock: peer_clock.c. */
void peer_ponged(struct peer *peer, int64_t sent, int64_t server_time);
void peer_commanded(struct peer *peer, int64_t server_time);

/* The functions of a strategy that is made of rules. */
void peer_free(void *self);
void peer_connected(void *self);
void peer_disconnected(void *self);
void peer_received(void *self, const char *bytes, size_t length);
void peer_woken(void *self);
void peer_disturbed(void *self);
void peer_wishes(void *self, const syncplay_command *command);
void peer_view(void *self, struct strategy_view *view);

#define PEER_STRATEGY(symbol, title, line, rules)                                                                      \
    static void *make(struct member *member)                                                                           \
    {                                                                                                                  \
        return peer_make(member, &(rules));                                                                            \
    }                                                                                                                  \
    const struct strategy symbol = {.name = title,                                                                     \
                                    .says = line,                                                                      \
                                    .make = make,                                                                      \
                                    .free = peer_free,                                                                 \
                                    .connected = peer_connected,                                                       \
                                    .disconnected = peer_disconnected,                                                 \
                                    .received = peer_received,                                                         \
                                    .woken = peer_woken,                                                               \
                                    .disturbed = peer_disturbed,                                                       \
                                    .wishes = peer_wishes,                                                             \
                                    .view = peer_view}

#endif
