/*
 * What must outlive the process: users, friends, sessions, participants, messages, in SQLite (known to store_rows.c and
 * the files below it alone). One thread writes; everybody else puts records into its queue and goes on. Records are
 * committed in batches, at the latest STORE_DELAY_MS after they were put.
 */
#ifndef SERVER_STORE_H
#define SERVER_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <syncplay/id.h>
#include <syncplay/session.h>

#define STORE_DELAY_MS 40

/* The length of the secret of a database, in bytes. */
#define STORE_SECRET_SIZE 32

struct store;

struct store_participant {
    syncplay_id user_id;
    bool is_connected;
    bool is_ready;
    int32_t latency_ms;
    int64_t unix_joined; /* microseconds, as all times here */
};

/* A session as it is to be written: the seed's columns, for people and queries, and `state`, which restores it. */
struct store_session {
    syncplay_id id;
    char code[SYNCPLAY_CODE_SIZE];
    syncplay_id host_user_id;
    char *content_type;
    syncplay_id content_id;
    char *title; /* or NULL */
    char *url;   /* or NULL */
    syncplay_visibility visibility;
    syncplay_control control;
    uint32_t max_participants;
    bool chat_enabled;
    bool is_playing;
    int64_t position;
    int32_t speed;
    int64_t unix_last_sync;
    int64_t unix_started;
    struct store_participant *participants;
    size_t participant_count;
    char *state; /* syncplay_hub_save without chat */
};

struct store_message {
    syncplay_id id;
    syncplay_id session_id;
    syncplay_id user_id;
    char *user_name; /* read back from users; not written */
    char *text;
    int64_t unix_created;
};

/* The longest subject of an account, in bytes with its zero byte. */
#define STORE_SUBJECT_SIZE 256

struct store_user {
    syncplay_id id;
    char name[4 * SYNCPLAY_NAME_MAX + 1];
    uint8_t token_hash[32];           /* of an account: random bytes, the hash of nothing */
    char subject[STORE_SUBJECT_SIZE]; /* of an account: who it is for its issuer; "" for a guest */
    int64_t unix_created;
};

/* Two users who have to do with each other; one row for both directions. */
enum store_friend_status {
    STORE_NO_FRIENDS, /* the row goes */
    STORE_REQUESTED,  /* the user has asked the friend */
    STORE_FRIENDS,
    STORE_DECLINED /* the user has asked, and the friend said no */
};

struct store_friend {
    syncplay_id user_id;
    syncplay_id friend_id;
    enum store_friend_status status;
    int64_t unix_changed;
};

/* Opens or makes the database, migrates it, starts the thread. NULL, and a sentence in `why`, on failure. */
struct store *store_open(const char *path, char *why, size_t why_size);

/* Writes all that is queued, stops the thread, closes. */
void store_close(struct store *store);

/*
 * Queue a record; the store owns the heap-allocated struct and its strings from now on, also on failure. The ticket
 * is for store_wait; 0 means that the record was lost (no memory, or STORE_QUEUE_MAX records wait already).
 * A session replaces the one with its id; its participants that are no longer in the list have left.
 */
uint64_t store_put_session(struct store *store, struct store_session *session);
uint64_t store_put_message(struct store *store, struct store_message *message);
uint64_t store_put_user(struct store *store, const struct store_user *user); /* copied; accounts may be renamed */
uint64_t store_put_friend(struct store *store, const struct store_friend *friend); /* copied; takes the pair's place */
uint64_t store_end_session(struct store *store, const syncplay_id *session, int64_t unix_ended);
uint64_t store_delete_message(struct store *store, const syncplay_id *session, const syncplay_id *message);

/* With the user go friends, seats, and the sessions that the user is the host of; what was said stays, without a name. */
uint64_t store_delete_user(struct store *store, const syncplay_id *user);

/*
 * Forgets the guests who were made before, were in no session that is kept, and have nothing to do with a friend. For the
 * start, when nobody is there yet: who is here now must not be forgotten.
 */
uint64_t store_forget_guests(struct store *store, int64_t unix_before);

/* From now on, sessions are forgotten so many microseconds after their end, with all that was said in them. */
void store_keep_ended(struct store *store, int64_t duration);

/* The ticket of the record that was put last; who waits for it waits for all that were put before it, too. */
uint64_t store_last_ticket(struct store *store);

/*
 * Blocks until the record with this ticket is on disk (true), or could not be written (false): it was refused, or the disk
 * fails at present. In the second case it is kept and may still be written later.
 */
bool store_wait(struct store *store, uint64_t ticket);

/* The last Unix time at which this database was known to be in use by a running server; 0 for a new one. Written by
 * the store's thread once a second. */
int64_t store_alive(struct store *store);

/* Random bytes that were made with this database and stay as they are. */
const uint8_t *store_secret(const struct store *store);

/*
 * Reading at start: calls back for each session that has not ended, for the last `limit` messages of a session (oldest
 * first), for each user, for each two who have to do with each other (the latest change last). What is passed lives
 * until the callback returns. False if the database could not be read.
 */
bool store_each_session(struct store *store,
                        void (*found)(void *arg, const syncplay_id *id, const char *code, const char *state),
                        void *arg);
bool store_each_message(struct store *store, const syncplay_id *session, size_t limit,
                        void (*found)(void *arg, const struct store_message *message), void *arg);
bool store_each_user(struct store *store, void (*found)(void *arg, const struct store_user *user), void *arg);
bool store_each_friend(struct store *store, void (*found)(void *arg, const struct store_friend *friend), void *arg);

/* Whether an ended session has this (normalised) code. */
bool store_code_ended(struct store *store, const char *code);

void store_session_free(struct store_session *session);
void store_message_free(struct store_message *message);

#endif
