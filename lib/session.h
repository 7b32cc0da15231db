/*
 * One party as a state machine: a command, a lost connection or the passing of time goes in; a changed session and
 * announcements (outbox.h) come out. It checks everything first and changes second, so that a failed call leaves it as
 * it was. It knows nothing of other sessions, of JSON or of the transport.
 *
 *   session.c     life, deadlines, dispatch of commands     playback.c    timeline and barrier
 *   membership.c  who sits, who knocks, who is the host     roster.c      the list of seats
 *   history.c     chat messages kept                        access.c      who may come in and do what
 */
#ifndef SESSION_H
#define SESSION_H

#include <syncplay/syncplay.h>

#include "barrier.h"
#include "latency.h"
#include "memory.h"
#include "outbox.h"
#include "timeline.h"
#include "token_bucket.h"

#define SEAT_NAME_SIZE (4 * SYNCPLAY_NAME_MAX + 1)
/* How many of a participant's own command ids are remembered. */
#define SEAT_CLIENT_IDS 8
/* How many removed users a session remembers; the oldest goes. */
#define REMOVED_MAX 256

/* One participant, or one who knocks. */
struct seat {
    syncplay_id user;
    uint64_t connection; /* 0: not connected */
    bool knocking;
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

struct history_message {
    syncplay_id id;
    syncplay_id user;
    int64_t unix_time;
    char name[SEAT_NAME_SIZE];
    char text[];
};

/* A ring of the last messages. */
struct history {
    struct history_message **messages;
    uint32_t capacity, count, first;
    size_t text_bytes; /* of all texts together */
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

/* What a step works with: the hub lends it. */
struct step {
    const syncplay_hub_config *config;
    const syncplay_hub_callbacks *callbacks;
    void *user_data;
    const struct memory *memory;
    struct outbox *outbox;
    int64_t now;
    int64_t unix_offset; /* unix time = now + unix_offset */
    char *why;           /* WHY_SIZE bytes */
};

#define WHY_SIZE 200

/* Writes the sentence of a failure and returns the error. */
int step_fail(struct step *step, int error, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* --- session.c */

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

/* Validation of what hosts and clients give. */
int session_check_user(struct step *step, const syncplay_user *user);
int session_check_content(struct step *step, const syncplay_content *content);
int session_check_settings(struct step *step, const syncplay_settings *settings, uint32_t mask);
/* Replaces the content's strings; false without memory, and nothing changed. */
bool session_set_content(struct session *session, const struct memory *memory, const syncplay_content *content);

/* --- roster.c */

struct seat *roster_find(const struct session *session, const syncplay_id *user); /* knocking ones too */
uint32_t roster_members(const struct session *session);                            /* without those who knock */
uint32_t roster_connected(const struct session *session);
/* Appends a seat; NULL without memory. */
struct seat *roster_add(struct session *session, const struct memory *memory, const syncplay_user *user);
void roster_remove(struct session *session, const struct memory *memory, struct seat *seat);
bool roster_is_removed(const struct session *session, const syncplay_id *user);
/* Makes room for one more removed user; false without memory. */
bool roster_reserve_removed(struct session *session, const struct memory *memory);
void roster_note_removed(struct session *session, const syncplay_id *user); /* after reserving */
static inline bool seat_is_host(const struct session *session, const struct seat *seat)
{
    return !seat->knocking && syncplay_id_equal(&session->host, &seat->user);
}

/* --- history.c */

/* Appends a message, dropping the oldest when full; false without memory, and nothing changed. */
bool history_add(struct history *history, const struct memory *memory, uint32_t limit,
                 const struct history_message *head, const char *text);
const struct history_message *history_at(const struct history *history, uint32_t index); /* 0 is the oldest */
void history_free(struct history *history, const struct memory *memory);

/* --- playback.c: commands (all checked for permission before), and the barrier */

int playback_play(struct session *session, struct step *step, struct seat *by, const syncplay_command *command);
int playback_pause(struct session *session, struct step *step, struct seat *by, const syncplay_command *command);
int playback_seek(struct session *session, struct step *step, struct seat *by, const syncplay_command *command);
int playback_speed(struct session *session, struct step *step, struct seat *by, const syncplay_command *command);
int playback_ready(struct session *session, struct step *step, struct seat *seat, const syncplay_command *command);
int playback_excuse(struct session *session, struct step *step, struct seat *by, const syncplay_command *command);
/* Back to 0, idle: new content. */
void playback_reset(struct session *session, struct step *step, const struct seat *by);
/* Books the time that has passed to the seats' budgets; before each change. */
void playback_account(struct session *session, const struct step *step);
/* Ends a wait that nobody is outstanding for; after each change of seats. */
void playback_resolve(struct session *session, struct step *step, const char *reason);
/* What is due: stalls, excuses, the pause of an empty party. */
void playback_tick(struct session *session, struct step *step);
int64_t playback_deadline(const struct session *session, const syncplay_hub_config *config);
/* Whether the party waits for this one right now, and until when at most. */
bool playback_is_outstanding(const struct session *session, const struct seat *seat, const syncplay_hub_config *config);
int64_t playback_wait_until(const struct session *session, const syncplay_hub_config *config);

/* --- membership.c */

int membership_join(struct session *session, struct step *step, const syncplay_user *user, uint64_t connection);
int membership_leave(struct session *session, struct step *step, struct seat *seat);
int membership_admit(struct session *session, struct step *step, const syncplay_command *command);
int membership_deny(struct session *session, struct step *step, const syncplay_command *command);
int membership_kick(struct session *session, struct step *step, struct seat *by, const syncplay_command *command);
int membership_hand_over(struct session *session, struct step *step, const syncplay_command *command);
void membership_remove(struct session *session, struct step *step, struct seat *seat, syncplay_change change,
                       syncplay_reason reason);
void membership_tick(struct session *session, struct step *step);
int64_t membership_deadline(const struct session *session, const syncplay_hub_config *config);

#endif
