/*
 * A party: the real hub, in a modelled world with modelled members. It carries the messages, keeps the truth, and
 * restarts the server. It uses the library by its public headers alone.
 */
#ifndef SIM_PARTY_H
#define SIM_PARTY_H

#include <stdio.h>

#include <syncplay/syncplay.h>

#include "member.h"
#include "world.h"

#define PARTY_MEMBERS 12

struct scenario;
struct score;
struct script;

/* A message on its way. */
struct letter {
    struct letter *next;
    struct member *member;
    uint64_t connection;
    size_t length;
    char bytes[];
};

/* Where the party really is: the hub's timeline, in true time. */
struct truth {
    uint64_t revision;
    syncplay_phase phase;
    int64_t position, at; /* it is at `position` until `at`, and for good while not playing */
    int32_t speed;
    int64_t changed_at;
    unsigned starts;
};

struct party {
    struct world world;
    uint64_t seed;
    const struct scenario *scenario;
    const struct strategy *strategy;
    struct member members[PARTY_MEMBERS];
    unsigned count;

    syncplay_hub *hub;  /* NULL while the server is down */
    int64_t base;       /* the hub's clock is true time + base */
    int64_t unix_error; /* of the wall clock that the hub was tied to */
    int64_t hub_turn;
    syncplay_id session;
    char code[SYNCPLAY_CODE_SIZE];
    uint64_t connections; /* made so far */
    char *saved;
    size_t saved_length;
    int64_t saved_at;

    struct truth truth, before; /* before: as it was until the last change */
    int64_t stall_since;        /* since when everybody stands because of a stalled one; SYNCPLAY_NEVER: they do not */
    int64_t sought_at;          /* when somebody wished to be elsewhere last */
    int64_t went_back_at;       /* when the party went back last */
    struct chance chance;       /* of the server */
    struct script *script;
    struct score *score;
    FILE *trace; /* NULL: nobody reads */
    bool is_checked;
    unsigned violated;   /* kinds of violations, see check.c */
    unsigned violations; /* that were told */
};

struct party_options {
    uint64_t seed;
    const struct scenario *scenario;
    const struct strategy *strategy;
    bool is_checked; /* by the invariants */
    FILE *trace;     /* NULL: none */
};

/* Lets a whole evening happen, and adds it to the score; returns how many violations there were. */
unsigned party_run(const struct party_options *options, struct score *score);

/* A line of the trace; `member` NULL: the server. */
void party_say(struct party *party, const struct member *member, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* --- The network */

void party_connect(struct party *party, struct member *member);
void party_send_up(struct party *party, struct member *member, const char *bytes, size_t length);
void party_cut(struct party *party, struct member *member, int64_t duration); /* its connection dies */
void party_restart(struct party *party, int64_t duration);                    /* the server is away so long */

/* --- The truth */

/* Where the party is at the true time `at`. */
int64_t truth_position(const struct truth *truth, int64_t at);
void party_seeks(struct party *party, struct member *member); /* its strategy has its player seek */

#endif
