/*
 * One party as a state machine: a command, a lost connection or the passing of time goes in; a changed session and
 * announcements (outbox.h) come out. It checks everything first and changes second, so that a failed call leaves it as
 * it was. It knows nothing of other sessions, of JSON or of the transport.
 *
 *   session.c     life, deadlines, dispatch of commands     roster.c      the list of seats
 *   membership.c  who comes in and goes, who is the host    removed.c     who may not come in
 *   moderation.c  what one may do to another                invitations.c who comes in by a token
 *   playback.c    play, pause, seek, ready                  waiting.c     who is waited for
 *   chat.c        messages, reactions                       history.c     messages kept
 *   checks.c      what is asked for, before it is done      rights.c      what a seat may do
 *                                                           step.h        what each of them works with
 */
#ifndef SESSION_H
#define SESSION_H

#include <syncplay/syncplay.h>

#include "barrier.h"
#include "history.h"
#include "latency.h"
#include "memory.h"
#include "report.h"
#include "step.h"
#include "timeline.h"
#include "token.h"
#include "token_bucket.h"

/* Whoever says it follows an old revision, so long after the change and after two of its own round trips, has missed it, */
#define SESSION_CORRECT_AFTER 1000000
/* and is told the state, unless this one was just told: a little less than the pings of a client that follows are apart. */
#define SESSION_CORRECT_INTERVAL 4000000

/* How many of a participant's own command ids are remembered. */
#define SEAT_CLIENT_IDS 8
/* One participant, or one who knocks. */
struct seat {
    syncplay_id user;
    uint64_t connection; /* 0: not connected */
    bool knocking;
    bool told_away;      /* the others know that it is not connected */
    bool unheard;        /* came (back) in while the film ran, and has not told its readiness since */
    bool was_connected;  /* at least once; the host's first seat waits for them as long as the session lives */
    uint8_t next_client_id;
    syncplay_role role;     /* but for the host: see rights.h */
    syncplay_role role_cap; /* VIEWER or CHAT_ONLY if somebody has put them there; NONE otherwise */
    uint32_t allow, deny; /* overrides; muted is who is denied SYNCPLAY_RIGHT_CHAT */
    uint32_t told_lists; /* of the rights that come with lists, those that it had when it was told a state */
    struct token_hash resume;
    uint64_t first_cursor; /* nothing that was told before is told again to this one */
    int64_t unix_joined;
    int64_t gone_since;    /* when the connection went, or a seat without one was taken; SYNCPLAY_NEVER if connected */
    int64_t stalled_since; /* SYNCPLAY_NEVER if not stalled */
    struct barrier_seat barrier;
    struct barrier_seat booked; /* `barrier` before the last playback_account */
    struct latency latency;
    struct report report; /* of the present connection, as are the recent ones of the latencies */
    int64_t told_state;   /* when its connection was last told a whole state; INT64_MIN before */
    struct token_bucket chat_rate;
    struct token_bucket typing_rate, reaction_rate; /* neither is saved: they fill up in no time */
    bool is_typing; /* the others were told so last */
    uint64_t client_ids[SEAT_CLIENT_IDS];
    char name[SEAT_NAME_SIZE];
};

struct removed;
struct invitation;

struct session {
    syncplay_id id;
    char code[SYNCPLAY_CODE_SIZE];
    syncplay_id host;
    syncplay_settings settings;
    syncplay_content content; /* its texts belong to the session; title and url may be NULL */

    syncplay_phase phase;
    struct timeline timeline;
    uint64_t revision;
    int64_t wait_began;
    int64_t unix_created, unix_last_sync;
    int64_t active;      /* when something last happened */
    int64_t empty_since; /* when the last connection went; SYNCPLAY_NEVER if somebody is connected */
    syncplay_reason ended; /* not NONE: is over; the hub takes it away */

    struct seat **seats; /* in order of joining */
    uint32_t seat_count, seat_capacity;
    struct removed *removed; /* room is made ahead: removed_reserve */
    uint32_t removed_count, removed_capacity;
    struct invitation *invitations;
    uint32_t invitation_count, invitation_capacity;
    struct history history;

    /* The hub's. */
    int64_t deadline;
    size_t heap_index;
    struct session *next_changed;
    bool is_changed;
};

/* A session without seats; strings copied. NULL without memory. Arguments have been validated. */
struct session *session_new(struct step *step, const syncplay_id *id, const char *code, const syncplay_id *host,
                            const syncplay_content *content, const syncplay_settings *settings);
void session_free(const struct memory *memory, struct session *session);

/* Whether a command is about the moment alone: it changes nothing that is saved, nor when something is due. */
bool session_is_passing(syncplay_command_kind kind);

/* Any command except PING. `connection` may be 0. */
int session_apply(struct session *session, struct step *step, const syncplay_user *user, uint64_t connection,
                  const syncplay_command *command);
/* SYNCPLAY_COMMAND_INVITE for a user without a connection. *made lives until the session changes. */
int session_invite(struct session *session, struct step *step, const syncplay_user *user,
                   const syncplay_command *command, const struct invitation **made, char token[SYNCPLAY_TOKEN_SIZE]);
void session_disconnect(struct session *session, struct step *step, struct seat *seat);
void session_round_trip(struct session *session, struct step *step, struct seat *seat, int64_t round_trip);
void session_end(struct session *session, struct step *step, syncplay_reason reason, const struct seat *by);

/* Whether one that says it follows `revision` has missed a change, and is to be told the state now. */
bool session_is_behind(const struct session *session, const struct step *step, const struct seat *seat,
                       int64_t revision);

/* Does what is due. */
void session_tick(struct session *session, struct step *step);
/* When the next thing is due; SYNCPLAY_NEVER if nothing will be. */
int64_t session_deadline(const struct session *session, const syncplay_hub_config *config);

/* Replaces the content's strings; false without memory, and nothing changed. */
bool session_set_content(struct session *session, const struct memory *memory, const syncplay_content *content);

#endif
