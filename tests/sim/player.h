/*
 * A modelled player: one film, one element or process that plays it, with the ways of the real ones as they were
 * measured. It knows neither party nor clock: true time comes from the world, and what it is told, it does, late. Rates
 * in millionths.
 */
#ifndef SIM_PLAYER_H
#define SIM_PLAYER_H

#include <syncplay/follower.h>

#include "chance.h"
#include "world.h"

/* How a kind of player behaves; times in microseconds. */
struct player_kind {
    const char *name;
    syncplay_player_kind known_as;
    double start, start_spread;    /* from being told to play until it moves: mean of all machines, deviation of one */
    double rate_latency;           /* until a new rate shows */
    double loss_pitch, loss_plain; /* what a nudge and the way back lose, with pitch correction and without */
    int32_t dead_zone;             /* with pitch correction, rates so near 1 do nothing */
    int32_t rate_step;             /* it knows multiples of this only; 0: any */
    double seek, seek_p95;         /* while playing, until it plays on */
    double seek_standing;          /* the part of that which it takes while paused */
    double overshoot;              /* of a pause */
    double noise;                  /* of the position, while moving */
    int64_t step;                  /* the position it tells comes in steps of this; 0: exact */
    int64_t frame;     /* seeks land on the next multiple of this; paused, it tells multiples of this; 0: exact */
    int64_t tolerance; /* a standing error that cannot be mended without a stop that is worse */
    bool has_sound;
};

enum { PLAYER_BROWSER, PLAYER_SILENT, PLAYER_MPV, PLAYER_POOR, PLAYER_KINDS };
extern const struct player_kind player_kinds[PLAYER_KINDS];

struct player {
    struct world *world;
    const struct player_kind *kind;
    void (*changed)(void *host); /* something can be seen of it that could not before */
    void *host;

    /* What it was told. */
    bool is_open, is_paused, is_seeking, preserves_pitch, was_playing;
    int32_t rate;
    int64_t target; /* of the seek */

    /* What it does. */
    bool is_moving, is_starting, is_stalled, is_frozen, is_hiccuping, has_to_load;
    double rate_now;                /* with the sound card's error */
    int64_t position, position_at;  /* at the true time position_at */
    int64_t buffer_from, buffer_to; /* what is loaded */
    int64_t loads_from;             /* the true time before which nothing comes */

    /* How this one is. */
    double own_start, crystal, bandwidth; /* bandwidth: media seconds a second */
    int64_t hiccup_every;                 /* on average; 0: never */
    struct chance chance;

    /* The first movement since player_mark. */
    bool has_moved;
    int64_t moved_at, moved_from;

    int64_t start_turn, rate_turn, seek_turn; /* of plans: those of older turns are void */
    unsigned seeks, hiccups, stalls;
    int64_t disturbed_at; /* the last time it was out of step by no fault of anybody */
};

void player_init(struct player *player, struct world *world, const struct player_kind *kind, struct chance chance,
                 void (*changed)(void *host), void *host);

/* What hosts do with it. */
void player_play(struct player *player, int32_t rate, bool preserves_pitch);
void player_pause(struct player *player);
void player_seek(struct player *player, int64_t position);
void player_rate(struct player *player, int32_t rate, bool preserves_pitch);
void player_look(struct player *player, syncplay_player_state *state);

/* What happens to it. */
void player_choke(struct player *player, int64_t duration); /* nothing is buffered any more, and nothing comes */
void player_freeze(struct player *player, bool is_frozen);  /* with the machine it runs on */

/* What only the world sees. */
int64_t player_position(struct player *player);
bool player_can_play(struct player *player);
void player_mark(struct player *player);

#endif
