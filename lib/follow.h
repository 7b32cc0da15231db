/*
 * Following a party with one player: the follower's pure part. Plain values in and out, no libc, no memory, no JSON: it runs
 * in a browser as it is here. follower.c is its door for C, wasm/ its door for the page. It knows nothing of either.
 *
 *     clock_sync   the server's clock, from pings             timeline   where the party is at an instant
 *     profile      what is known of the player                drift      measured drift -> rate, or seek
 *     follow       the party, the server, the user           observe    what is seen of the player
 *     advice       what the player should do                 due        what the server is told
 *
 * Own times are the caller's; those of the party are the server's. All in microseconds.
 */
#ifndef FOLLOW_H
#define FOLLOW_H

#include <syncplay/follower.h>

#include "clock_sync.h"
#include "drift.h"
#include "profile.h"
#include "timeline.h"

/* How long the player is left where the user put it, for the party's answer to come. */
#define FOLLOW_WISH 2000000
/* After something was changed anyway, what the player is off is made good quickly, for so long. */
#define FOLLOW_QUICK 3000000
#define FOLLOW_SUSPENSIONS 5
#define FOLLOW_SUSPENSIONS_MAX 1000

/* What the player was told last, and does not show yet. */
struct follow_asked {
    syncplay_advice_kind kind; /* NONE: nothing is open */
    int64_t since;
    int64_t position;          /* SEEK: where it is to go */
    int32_t rate;
};

struct follow {
    struct clock_sync clock;
    struct profile profile;
    struct drift drift;
    int64_t ready_threshold;
    bool adopts_player;
    unsigned suspensions[FOLLOW_SUSPENSIONS];

    /* The party. */
    struct timeline party; /* in the server's time */
    bool has_party;        /* a state or command was heard, and it is not over */
    uint64_t revision;     /* a new session's is 0 */
    syncplay_phase phase;

    /* The player. */
    syncplay_player_state seen; /* as far as is known: what it was told counts as done until the contrary shows */
    int64_t seen_at;            /* SYNCPLAY_UNSET: never */
    bool is_let_go;             /* it may be anywhere when it is seen next: that is nobody's wish */
    int64_t planned;            /* when it is to be told to play, as the host knows; or SYNCPLAY_UNSET */
    int64_t lateness;           /* by how much later that happens: the host's timers are that coarse */
    unsigned fine_looks;        /* in a row */
    struct follow_asked asked;  /* SEEK or RATE */
    struct follow_asked asked_to_play; /* PLAY or PAUSE */
    int64_t sought;             /* the place it was sent to last, where it stands since; or SYNCPLAY_UNSET */
    int64_t landed;             /* where it really came to stand then, or started from */
    int64_t seek_began;         /* until it can play there; or SYNCPLAY_UNSET */
    unsigned missed;            /* how often in a row it was too late where it was to meet the film */
    bool is_started;            /* it plays because it was told to */
    int64_t started;            /* when it was told to play, until its latency was learned; or SYNCPLAY_UNSET */
    int64_t drift_now;          /* SYNCPLAY_DRIFT_UNSET: not playing in step */
    int64_t unable_since;       /* not ready since; SYNCPLAY_UNSET: is ready */

    /* The user: moved the player past us, and the party has not answered yet. */
    syncplay_command_kind wish; /* NONE, PLAY, PAUSE or SEEK; not submitted yet */
    syncplay_command_kind wished; /* the last of them that said whether to play; NONE after the answer */
    int64_t wish_until;         /* until then the player is left where the user put it */
    bool is_being_moved;        /* the user's seek is on its way */

    /* The server. */
    bool is_connected, is_joined;
    bool wants_state;
    bool has_told_ready, told_ready, told_excused;
    uint64_t told_revision;
    unsigned pings;    /* since the clock was to be learned anew */
    int64_t pinged_at; /* the last one; or, without one, when the first is due */
    int64_t pong_server, pong_at; /* of the last pong; pong_server 0: none */
};

void follow_begin(struct follow *follow, const syncplay_player_profile *profile, int64_t ready_threshold, bool adopts_player);

/* The doors, as in follower.h; what they are given has been checked. */
void follow_connected(struct follow *follow, int64_t now);
void follow_disconnected(struct follow *follow);
void follow_playback(struct follow *follow, int64_t now, const syncplay_playback *playback);
void follow_pong(struct follow *follow, int64_t now, int64_t sent, int64_t server_received, int64_t server_sent);
void follow_disturbed(struct follow *follow, int64_t now);
void follow_suspend(struct follow *follow, int64_t now, syncplay_suspension reason);
bool follow_resume(struct follow *follow, int64_t now, syncplay_suspension reason); /* false: there is none */
void follow_resync(struct follow *follow, int64_t now);
void follow_observe(struct follow *follow, int64_t now, const syncplay_player_state *state);
void follow_acted(struct follow *follow, int64_t now, const syncplay_advice *advice);
void follow_status(const struct follow *follow, int64_t now, syncplay_follower_status *status);
int64_t follow_deadline(const struct follow *follow);

/* The connection has the seat again without a state, or the party is over for us. A state says the first by itself. */
void follow_joined(struct follow *follow);
void follow_left(struct follow *follow);

/* Something was changed anyway. */
void follow_begin_anew(struct follow *follow, int64_t now);

/* The server refused what the user did in the player: it goes back in step. */
void follow_refused(struct follow *follow);

/*
 * Takes one command that is due to be sent to the server: PING, READY, EXCUSE, STATE, or what the user did in the player.
 * Call it until it returns false: none of them is due twice at one instant. Only what is_connected allows is due.
 */
bool follow_next(struct follow *follow, int64_t now, syncplay_command *command);

/* The server's time at `now`; 0 if it is not known at all. */
int64_t follow_server_time(const struct follow *follow, int64_t now);

bool follow_is_suspended(const struct follow *follow);
bool follow_has_wish(const struct follow *follow, int64_t now); /* the user moved the player, and is to be answered */
bool follow_has_party(const struct follow *follow); /* and the time is known */

/* Where the party is at `now`. */
int64_t follow_position(const struct follow *follow, int64_t now);

/* Whether the player preserves the pitch at a rate `off` the party's, and so obeys roughly. */
bool follow_preserves_pitch(const struct follow *follow, int32_t off);
bool follow_is_rough(const struct follow *follow);

#endif
