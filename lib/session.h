/*
 * One party as a state machine: a command, a lost connection or the passing of time goes in; a changed session and
 * announcements (outbox.h) come out. It checks everything first and changes second, so that a failed call leaves it as
 * it was. It knows nothing of other sessions, of JSON or of the transport.
 *
 *   session.c     life, deadlines, dispatch of commands     roster.c      the list of seats
 *   membership.c  who sits, who knocks, who is the host     waiting.c     who is waited for
 *   playback.c    play, pause, seek, ready                  history.c     chat messages kept
 *   checks.c      what is asked for, before it is done      step.h        what each of them works with
 */
#ifndef SESSION_H
#define SESSION_H

#include <syncplay/syncplay.h>

#include "barrier.h"
#include "history.h"
#include "latency.h"
#include "memory.h"
#include "step.h"
#include "timeline.h"
#include "token_bucket.h"

/* How many of a participant's own command ids are remembered. */
#define SEAT_CLIENT_IDS 8
/* How many removed users a session remembers; the oldest goes. */
#define REMOVED_MAX 256

/* One participant, or one who knocks. */
struct seat {
    syncplay_id user;
    uint64_t connection; /* 0: not connected */
    bool knocking;
    bool unheard;        /* came (back) in while the film ran, and has not told its readiness since */
    bool was_connected;  /* at least once; the host's first seat waits for them as long as the session lives */
    uint8_t next_client_id;
    int64_t unix_joined;
    int64_t gone_since;    /* when the connection went, or a seat without one was taken; SYNCPLAY_NEVER if connected */
    int64_t stalled_since; /* SYNCPLAY_NEVER if not stalled */
    struct barrier_seat barrier;
    struct latency latency;
    struct token_bucket chat_rate;
    uint64_t client_ids[SEAT_CLIENT_IDS];
    char name[SEAT_NAME_SIZE];
};

struct session {
    syncplay_id id;
    char code[SYNCPLAY_CODE_SIZE];
    syncplay_id host;
    syncplay_settings settings;
    char *content_type, *title, *url; /* title and url may be NULL */
    syncplay_id content_id;

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
    syncplay_id *removed;
    uint32_t removed_count, removed_capacity;
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

/* Any command except PING. `connection` may be 0. */
int session_apply(struct session *session, struct step *step, const syncplay_user *user, uint64_t connection,
                  const syncplay_command *command);
void session_disconnect(struct session *session, struct step *step, struct seat *seat);
void session_round_trip(struct session *session, struct step *step, struct seat *seat, int64_t round_trip);
void session_end(struct session *session, struct step *step, syncplay_reason reason, const struct seat *by);

/* Does what is due. */
void session_tick(struct session *session, struct step *step);
/* When the next thing is due; SYNCPLAY_NEVER if nothing will be. */
int64_t session_deadline(const struct session *session, const syncplay_hub_config *config);

/* Replaces the content's strings; false without memory, and nothing changed. */
bool session_set_content(struct session *session, const struct memory *memory, const syncplay_content *content);

#endif
