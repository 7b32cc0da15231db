/* A member of a party: somebody's machine with its clock, its network, its player and its strategy. */
#ifndef SIM_MEMBER_H
#define SIM_MEMBER_H

#include "link.h"
#include "player.h"
#include "strategy.h"
#include "wall.h"

struct party;
struct letter;

/* What is counted of a member, for the score and for the checks; times are true ones. */
struct member_record {
    int64_t disturbed_at; /* the last time it was out of step by what happened to its machine or network */
    int64_t told_at;      /* when the present revision reached it */
    uint64_t told_revision;
    unsigned seeks, rates;             /* that its strategy had its player do, trims not counted */
    unsigned seeks_since, rates_since; /* since the minute of the checks began */
    int64_t minute_since;
    int64_t behind_since;   /* since when it believes in another revision than the hub; SYNCPLAY_NEVER: it does not */
    int64_t settled_for;    /* the disturbance that the next two are about */
    int64_t settling_since; /* since when it has not been in step; SYNCPLAY_NEVER: it has */
    int64_t in_step_since;
    int64_t position;  /* at the last look */
    unsigned violated; /* kinds of violations, see check.c */
};

struct member {
    struct party *party;
    unsigned index;
    char name[16];

    struct wall wall;
    struct link up, down;
    int64_t bias; /* half of what the directions differ by: what no clock can see */
    struct player player;
    const struct strategy *strategy;
    void *self;

    bool is_here;       /* between coming and leaving */
    bool is_background; /* its timers come once a second */
    bool is_asleep;
    uint64_t connection; /* as the member knows it; 0: none */
    uint64_t accepted;   /* as the server knows it */
    int64_t accepted_at, cut_until;
    unsigned attempts;

    int64_t timer_turn;
    struct letter *waiting, **waiting_end; /* what came while it was asleep */
    struct chance chance;                  /* timers, back-offs */
    struct member_record record;
};

void member_init(struct member *member, struct party *party, unsigned index, const struct strategy *strategy);
void member_free(struct member *member);

/* --- For strategies */

int64_t member_now(struct member *member); /* on its own clock */
void member_send(struct member *member, const char *bytes, size_t length);
void member_wake_at(struct member *member, int64_t own_time); /* in place of the time that was asked for before */
void member_look(struct member *member, syncplay_player_state *state);
void member_play(struct member *member, int32_t rate, bool preserves_pitch);
void member_pause(struct member *member);
void member_seek(struct member *member, int64_t position);
void member_rate(struct member *member, int32_t rate, bool preserves_pitch);

/* --- What happens to it */

void member_come(struct member *member);
void member_leave(struct member *member);
void member_wish(struct member *member, const syncplay_command *command);
void member_connected(struct member *member);
void member_lost(struct member *member); /* it notices that the connection is gone */
void member_receive(struct member *member, struct letter *letter);
/* The machine sleeps; its clock stands still meanwhile or goes on. */
void member_sleep(struct member *member, int64_t duration, bool clock_stands);
void member_step_clock(struct member *member, int64_t by);
void member_background(struct member *member, bool is_background);

#endif
