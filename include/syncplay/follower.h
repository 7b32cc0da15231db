/*
 * The follower: the client half. It keeps one player in step with its party, and never touches the player: it is told
 * what the server says, what the player does and what the user wants, and it says what the player should do, and at which
 * instant. Mirror image of the hub: there commands come in, here they go out.
 *
 * Life of a follower in a player:
 *
 *     syncplay_follower_new
 *     syncplay_follower_submit                 SYNCPLAY_COMMAND_JOIN: remembered, and sent at each connection
 *     syncplay_follower_connected              the connection to the server stands, and who we are is proved
 *     syncplay_follower_receive                bytes came from the server
 *     syncplay_follower_tick                   at or after syncplay_follower_deadline; then
 *       syncplay_follower_observe                what the player does at this instant
 *       syncplay_follower_advise                 what it should do, and when
 *       syncplay_follower_acted                  it was told to
 *     syncplay_follower_submit                 what the user wants: play, pause, seek, chat ...
 *     syncplay_follower_disconnected           the connection is gone; connect again, whenever
 *     syncplay_follower_free
 *
 * So the loop of a host is: wait until the deadline, for bytes, or for something to happen in the player; then tick,
 * observe, and as long as there is advice whose time has come, carry it out and say so (acted).
 *
 * `now` is the caller's own clock, as everywhere (syncplay.h); it should go on while the machine sleeps, as
 * CLOCK_BOOTTIME does. Stamp bytes when they are read, and the player's position when it is asked.
 *
 * Returns, errors and callbacks are as in hub.h: a call that fails changes nothing; SYNCPLAY_ERROR_ARGUMENT,
 * SYNCPLAY_ERROR_MEMORY and SYNCPLAY_ERROR_REENTRANT are possible everywhere and not listed each time. All since 0.3.
 */
#ifndef SYNCPLAY_FOLLOWER_H
#define SYNCPLAY_FOLLOWER_H

#include <syncplay/command.h>
#include <syncplay/error.h>
#include <syncplay/session.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A follower; what is in it is the library's. */
typedef struct syncplay_follower syncplay_follower;

/* A rate of playback that is the film's own; rates are in millionths. */
#define SYNCPLAY_RATE_ONE 1000000

/* --- What is known of a player -------------------------------------------------------------------------------- */

/* Players whose behaviour was measured. */
typedef enum syncplay_player_kind {
    SYNCPLAY_PLAYER_GENERIC = 0, /* one that nothing is known of: corrected seldom and carefully */
    SYNCPLAY_PLAYER_BROWSER = 1, /* an HTML media element; advice->preserves_pitch sets its preservesPitch */
    SYNCPLAY_PLAYER_MPV = 2      /* position from audio-pts; advice->preserves_pitch sets audio-pitch-correction */
} syncplay_player_kind;

/*
 * How a player behaves. Where it begins (the priors) depends on the kind; what can be learned, is. Times in microseconds; what
 * is out of its range counts as the nearest that is not.
 */
typedef struct syncplay_player_profile {
    size_t struct_size;
    int64_t start_latency;        /* from being told to play until the position moves; learned; 0 to 5 s */
    int64_t silent_start_latency; /* the same, of a film without sound */
    int64_t seek_cost;            /* from being told to seek until it can play from there; learned; 0 to 30 s */
    int64_t rate_latency;         /* until a new rate shows; 0 to 2 s */
    int64_t position_noise;       /* of a position that is read while playing; learned; 0 to 1 s */
    bool keeps_pitch;             /* it preserves the pitch whatever it is told */
    int64_t nudge_loss;           /* while it preserves the pitch: what it falls behind by a change of rate and the way
                                     back; learned; -1 s to 1 s */
    int32_t rate_dead_zone;       /* likewise: a rate within this of SYNCPLAY_RATE_ONE does nothing; 0 to 1000000 */
} syncplay_player_profile;

/* Fills in what is known of that kind, or of SYNCPLAY_PLAYER_GENERIC if there is no such kind (measured figures: lib/profile.c). */
SYNCPLAY_API void syncplay_player_profile_default(syncplay_player_profile *profile, size_t struct_size,
                                                  syncplay_player_kind kind);

/* --- Making one ----------------------------------------------------------------------------------------------- */

/* Settings of a follower; they hold for its whole life. The defaults stand first. */
typedef struct syncplay_follower_config {
    size_t struct_size;
    const syncplay_player_profile *profile; /* NULL: GENERIC's; better: what syncplay_follower_profile said last time;
                                               need not live longer than the call that it is given to */
    int64_t ready_threshold;    /* 1 s of media buffered makes ready; what the hub has is best; 1 to 10 years */
    uint32_t max_message_bytes; /* 1 MiB; of one message from the server; 64 to 2^24 */
    bool adopts_player;         /* false; true: what happens in the player without having been advised (paused, played,
                                   jumped by its own keys) is the user's wish, and is submitted. Otherwise it is undone. */
} syncplay_follower_config;

/* Fills in the defaults named above. */
SYNCPLAY_API void syncplay_follower_config_default(syncplay_follower_config *config, size_t struct_size);

/* Whether a follower can be made with these settings, and why not; as syncplay_hub_config_check. Since 0.4. */
SYNCPLAY_API int syncplay_follower_config_check(const syncplay_follower_config *config, char *why, size_t why_size);

/* What the follower calls; each but `send` may be NULL. They run at the end of a call, when everything has changed. */
typedef struct syncplay_follower_callbacks {
    size_t struct_size;

    /* Send `length` bytes (one JSON object, UTF-8, no zero byte) to the server. They live until the callback returns. */
    void (*send)(void *user_data, const char *bytes, size_t length);

    /*
     * A well-formed message of the server, as it came: for chat, people, errors and all else that the user is shown. The
     * follower has taken from it what it needs. `type` and the bytes live until the callback returns.
     */
    void (*message)(void *user_data, const char *type, const char *bytes, size_t length);

    /* Memory, as in syncplay_hub_callbacks. */
    void *(*allocate)(void *user_data, void *pointer, size_t size);
} syncplay_follower_callbacks;

/* Fills in NULL everywhere. */
SYNCPLAY_API void syncplay_follower_callbacks_default(syncplay_follower_callbacks *callbacks, size_t struct_size);

/*
 * Makes a follower. `config` (NULL: the defaults) and `callbacks` are copied. *follower belongs to the caller. Callbacks:
 * allocate. Errors: SYNCPLAY_ERROR_ARGUMENT (without `send`, or a setting is out of the range that stands at it:
 * syncplay_follower_config_check says which).
 */
SYNCPLAY_API int syncplay_follower_new(syncplay_follower **follower, int64_t now, const syncplay_follower_config *config,
                                       const syncplay_follower_callbacks *callbacks, void *user_data);

/* Frees it; the server is not told. NULL is allowed. From inside a callback it does nothing. Callbacks: allocate. */
SYNCPLAY_API void syncplay_follower_free(syncplay_follower *follower);

/* Why the last call that was not const failed; as syncplay_hub_why. */
SYNCPLAY_API const char *syncplay_follower_why(const syncplay_follower *follower);

/* --- The server ------------------------------------------------------------------------------------------------ */

/*
 * The connection to the server stands, and the server knows who we are. Sends the join that was submitted before, as the
 * same client as before (resume token, cursor), and begins a burst of pings. Callbacks: send.
 */
SYNCPLAY_API int syncplay_follower_connected(syncplay_follower *follower, int64_t now);

/* The connection is gone. The player goes on along the party's timeline as it was known last. Callbacks: none. */
SYNCPLAY_API int syncplay_follower_disconnected(syncplay_follower *follower, int64_t now);

/*
 * `length` bytes came from the server: one wire message (lib/PROTOCOL.md). Unknown types and fields are ignored. When the
 * party has `ended` for us, or a join is refused, nothing is followed any longer, and the player stays as it is; after all
 * but a shutdown of the server the join is forgotten. When the resume token is outdated (bad_resume_token), the join is sent
 * again without it, at once and by itself: it takes a new seat, or ours from a copy of us.
 * Callbacks: send, message. Errors: SYNCPLAY_ERROR_MALFORMED, SYNCPLAY_ERROR_FIELD, SYNCPLAY_ERROR_TOO_LARGE.
 */
SYNCPLAY_API int syncplay_follower_receive(syncplay_follower *follower, int64_t now, const char *bytes, size_t length);

/* What the party does, as `state` and `command` tell it. Times on the server's timeline. */
typedef struct syncplay_playback {
    size_t struct_size;
    uint64_t revision;   /* of the session; up to 2^53 */
    syncplay_phase phase; /* of the party */
    bool is_playing;     /* phase is SYNCPLAY_PLAYING */
    bool is_state;       /* the whole truth, whatever its revision; otherwise an older revision is ignored */
    int64_t position;    /* at server_time */
    int64_t server_time; /* when it was said; 0 to 2^53 */
    int64_t at;          /* while playing: from this instant on the film moves, unless server_time is later; 0 to 2^53 */
    int32_t speed;       /* hundredths */
} syncplay_playback;

/* Fills in revision 0, idle at 0, at the normal speed. */
SYNCPLAY_API void syncplay_playback_default(syncplay_playback *playback, size_t struct_size);

/* The same as receiving a `state` or `command`, typed. Callbacks: send. Errors: SYNCPLAY_ERROR_FIELD. */
SYNCPLAY_API int syncplay_follower_playback(syncplay_follower *follower, int64_t now, const syncplay_playback *playback);

/*
 * The same as receiving a `pong`, typed: `sent` (own clock) is what the ping said, the server read it at
 * `server_received` and answered at `server_sent`. Impossible ones are ignored. Callbacks: send.
 */
SYNCPLAY_API int syncplay_follower_pong(syncplay_follower *follower, int64_t now, int64_t sent, int64_t server_received,
                                        int64_t server_sent);

/*
 * Our clock may have stood still or jumped (the machine slept), or the network is another: what is known of the server's
 * clock is learned again, quickly. It is also noticed without this, but later. Callbacks: send.
 */
SYNCPLAY_API int syncplay_follower_disturbed(syncplay_follower *follower, int64_t now);

/* --- The user -------------------------------------------------------------------------------------------------- */

/*
 * The user wants something: any command of a client but SYNCPLAY_COMMAND_PING. It is sent to the server at once; the
 * player moves when the party does. SYNCPLAY_COMMAND_JOIN is kept and sent again at each connection, until
 * SYNCPLAY_COMMAND_LEAVE. Callbacks: send.
 * Errors: SYNCPLAY_ERROR_FIELD (by the largest limits that a hub may have: what this one has, it says in an `error`);
 * SYNCPLAY_ERROR_NOT_JOINED (not connected: nothing was sent; a join is kept nevertheless, and a leave forgets it: both are
 * SYNCPLAY_OK).
 */
SYNCPLAY_API int syncplay_follower_submit(syncplay_follower *follower, int64_t now, const syncplay_command *command);

/* Why this player is out of step for a while; the idea of counted suspensions is Apple's (AVPlaybackCoordinator). */
typedef enum syncplay_suspension {
    SYNCPLAY_SUSPENSION_STALLED = 0,   /* it cannot play, and observations do not show it: the others may wait */
    SYNCPLAY_SUSPENSION_SCRUBBING = 1, /* the user holds the seek bar; a seek may follow. Nobody is told */
    SYNCPLAY_SUSPENSION_BLOCKED = 2,   /* the player must not move before the user does something. Nobody is told */
    SYNCPLAY_SUSPENSION_AWAY = 3,      /* a call, an advertisement: the others go on without this one */
    SYNCPLAY_SUSPENSION_APART = 4      /* watches apart: the others go on without this one */
} syncplay_suspension;

/*
 * While there is a suspension, there is no advice and no drift: the player may be anywhere. They are counted: each
 * suspend needs its resume; with the last one the player comes back in step. Callbacks: send. Errors of resume:
 * SYNCPLAY_ERROR_NOT_FOUND (there is none of this reason). SYNCPLAY_ERROR_LIMIT beyond 1000 of one reason.
 */
SYNCPLAY_API int syncplay_follower_suspend(syncplay_follower *follower, int64_t now, syncplay_suspension reason);
SYNCPLAY_API int syncplay_follower_resume(syncplay_follower *follower, int64_t now, syncplay_suspension reason);

/* Asks for the state, measures the clock anew, and corrects the player at once, whatever it did lately. Callbacks: send. */
SYNCPLAY_API int syncplay_follower_resync(syncplay_follower *follower, int64_t now);

/* --- The player ------------------------------------------------------------------------------------------------ */

/* What a player does at one instant. */
typedef struct syncplay_player_state {
    size_t struct_size;
    bool has_film;     /* it has opened one, and knows position and duration */
    bool has_sound;    /* the film has, or may have */
    bool is_paused;    /* as it was told: what keeps a player that is not paused from moving is can_play */
    bool is_seeking;   /* on the way to another position; the one it tells says nothing */
    bool can_play;     /* has what it needs to play on from here now; false: stalled, or still loading */
    bool has_enough;   /* has buffered as much as it will, however little that is */
    bool is_ended;     /* stands at the film's end, and would go on from nowhere */
    int32_t rate;      /* as it was set, millionths; 0 to a hundred times SYNCPLAY_RATE_ONE */
    int64_t position;  /* at `now`, microseconds of media; for a player that tells less than 0, tell 0 */
    int64_t buffered;  /* how much it could play from here without loading; SYNCPLAY_NEVER: everything */
    int64_t duration;  /* 0: unknown */
} syncplay_player_state;

/* Fills in a player without a film, at the film's own rate. */
SYNCPLAY_API void syncplay_player_state_default(syncplay_player_state *state, size_t struct_size);

/*
 * The player was in this state at `now`. Tell it at each deadline, and whenever something changes (paused, seeked,
 * stalled, loaded ...). Where something else was told in between, it may be up to a second older than that. Callbacks: send
 * (readiness; with adopts_player, commands). Errors: SYNCPLAY_ERROR_FIELD.
 */
SYNCPLAY_API int syncplay_follower_observe(syncplay_follower *follower, int64_t now, const syncplay_player_state *state);

/* What a player can be advised to do. */
typedef enum syncplay_advice_kind {
    SYNCPLAY_ADVICE_NONE = 0,
    SYNCPLAY_ADVICE_PAUSE = 1,
    SYNCPLAY_ADVICE_SEEK = 2, /* to `position`, exactly, paused or playing as it is */
    SYNCPLAY_ADVICE_PLAY = 3, /* from where it stands, at `rate` */
    SYNCPLAY_ADVICE_RATE = 4  /* play on at `rate` */
} syncplay_advice_kind;

/* One thing to do. */
typedef struct syncplay_advice {
    size_t struct_size;
    syncplay_advice_kind kind; /* what */
    int64_t at;           /* own clock: do it then; now or earlier: at once. NONE: SYNCPLAY_NEVER */
    int64_t position;     /* SEEK: where to */
    int32_t rate;         /* PLAY, RATE: millionths */
    bool preserves_pitch; /* PLAY, RATE: whether the player should correct the pitch; small nudges are spoilt by that */
} syncplay_advice;

/*
 * What the player should do next, one thing at a time. A pure question: it may be asked as often as one likes, and the
 * answer may become better with each message. Ask after each other call. The caller has set advice->struct_size.
 */
SYNCPLAY_API int syncplay_follower_advise(const syncplay_follower *follower, int64_t now, syncplay_advice *advice);

/*
 * The player was told to do what `advice` says, at `now`. From the difference to what is observed then the follower
 * learns. Advice that does not show in observations is given again. Callbacks: none. Errors: SYNCPLAY_ERROR_FIELD (that is no
 * advice; rate and position as in syncplay_player_state).
 */
SYNCPLAY_API int syncplay_follower_acted(syncplay_follower *follower, int64_t now, const syncplay_advice *advice);

/* --- Time ------------------------------------------------------------------------------------------------------ */

/* When to tick, observe and ask for advice at the latest; SYNCPLAY_NEVER if nothing is to come. Costs nothing. */
SYNCPLAY_API int64_t syncplay_follower_deadline(const syncplay_follower *follower);

/* Does what is due: pings, readiness. May come early or late. Callbacks: send. */
SYNCPLAY_API int syncplay_follower_tick(syncplay_follower *follower, int64_t now);

/* --- Asking ---------------------------------------------------------------------------------------------------- */

/* What a follower is at. */
typedef enum syncplay_follower_mode {
    SYNCPLAY_MODE_IDLE = 0,      /* no party, or no film */
    SYNCPLAY_MODE_STANDING = 1,  /* where everyone stands, or on the way there */
    SYNCPLAY_MODE_MEETING = 2,   /* the film is running: on the way to where it will be */
    SYNCPLAY_MODE_STARTING = 3,  /* at the right place, and about to start */
    SYNCPLAY_MODE_PLAYING = 4,
    SYNCPLAY_MODE_SUSPENDED = 5,
    SYNCPLAY_MODE_OVER = 6       /* the party plays beyond the end of this film */
} syncplay_follower_mode;

/* How things are, for those who show it to the user. */
typedef struct syncplay_follower_status {
    size_t struct_size;
    syncplay_follower_mode mode; /* what it is at */
    bool is_connected;       /* between syncplay_follower_connected and _disconnected */
    bool is_synchronised;    /* the server's clock is known, by pings */
    bool is_nudged;          /* the rate is not the party's, but for a trim that nobody can see or hear */
    bool cannot_keep_up;     /* it falls behind however often it is corrected; correcting goes on, seldom */
    int64_t server_time;     /* the server's timeline at `now`; 0 if it is not known at all */
    int64_t clock_error;     /* at most so much off; SYNCPLAY_NEVER if unknown */
    int64_t round_trip;      /* the constant part of it; SYNCPLAY_NEVER if unknown */
    int64_t drift;           /* how far the player is ahead of the party; SYNCPLAY_DRIFT_UNSET if it is not playing in step */
    int64_t position;        /* of the party, at `now` */
    uint64_t revision;       /* that is followed; 0 before the first state */
    syncplay_phase phase;    /* of the party */
    int32_t speed;           /* of the party, hundredths */
} syncplay_follower_status;

/* How things are at `now`. The caller has set status->struct_size. */
SYNCPLAY_API int syncplay_follower_status_at(const syncplay_follower *follower, int64_t now,
                                             syncplay_follower_status *status);

/* The player as it was learned so far: worth keeping for the next time. The caller has set profile->struct_size. */
SYNCPLAY_API int syncplay_follower_profile(const syncplay_follower *follower, syncplay_player_profile *profile);

/* The server's time at an instant of our own clock, and the other way round; 0 and SYNCPLAY_NEVER if it is not known. */
SYNCPLAY_API int64_t syncplay_follower_server_time(const syncplay_follower *follower, int64_t now);
SYNCPLAY_API int64_t syncplay_follower_local_time(const syncplay_follower *follower, int64_t server_time);

#ifdef __cplusplus
}
#endif

#endif
