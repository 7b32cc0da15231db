/*
 * A strategy: what keeps one member's player in step. Ours is the library's follower; the others are the rules of other
 * projects, in the same worlds. A strategy sees what a real client sees: its member's clock, player and messages.
 */
#ifndef SIM_STRATEGY_H
#define SIM_STRATEGY_H

#include <syncplay/command.h>

struct member;

/* What a strategy says of itself. */
struct strategy_view {
    uint64_t revision;   /* of the playback that it follows; 0: none */
    int64_t error_bound; /* so far off the party it may be, it says; SYNCPLAY_NEVER: it says nothing */
};

struct strategy {
    const char *name;
    const char *says; /* one line about it */
    void *(*make)(struct member *member);
    void (*free)(void *self);
    void (*connected)(void *self);
    void (*disconnected)(void *self);
    void (*received)(void *self, const char *bytes, size_t length);
    void (*woken)(void *self);     /* the time has come that it asked for, or something has happened in the player */
    void (*disturbed)(void *self); /* the machine has slept; only some hosts can tell */
    void (*wishes)(void *self, const syncplay_command *command); /* the user does */
    void (*view)(void *self, struct strategy_view *view);
};

extern const struct strategy strategy_ours, strategy_floor, strategy_naive, strategy_seed, strategy_jellyfin,
    strategy_jellyfin_shipped, strategy_ntp, strategy_syncplay, strategy_plezy;

extern const struct strategy *const strategies[];
extern const unsigned strategy_count;
const struct strategy *strategy_find(const char *name);

#endif
