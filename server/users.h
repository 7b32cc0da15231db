/*
 * Who is who. Guests have a name and a token of 256 random bits, given out once and kept as SHA-256 only. Accounts come
 * with tokens of their issuer (auth.h), and are users from their first sight on. All users are in memory, so that
 * asking never blocks. This is the seam for kinds of identity: whatever a bearer token is, users_find says whose it is.
 */
#ifndef SERVER_USERS_H
#define SERVER_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <syncplay/access.h>
#include <syncplay/id.h>
#include <syncplay/session.h>

struct auth;
struct store;
struct users;

/* A guest's token as text, with its zero byte; and the longest token of all. */
#define USERS_TOKEN_SIZE 48
#define USERS_BEARER_MAX 4096

/* What somebody who has shown a token is. */
struct user {
    syncplay_id id;
    char name[4 * SYNCPLAY_NAME_MAX + 1];
    bool is_guest;
    unsigned permissions; /* bits, as in rbac.h */
    int64_t expires;      /* when the token does, by clock_now; INT64_MAX for never */
};

/* Keeps the pointers; they outlive it. NULL, and a sentence in `why`, on failure. */
struct users *users_new(struct store *store, struct auth *auth, char *why, size_t why_size);
void users_free(struct users *users);

/* Whether there are guests at all. */
bool users_have_guests(const struct users *users);

/*
 * Makes a guest with this name (validated by the caller); waits until it is on disk. False when it could not be saved.
 */
bool users_create(struct users *users, const char *name, struct user *user, char token[USERS_TOKEN_SIZE]);

/*
 * Whose token that is; false, with *user as it was, if nobody's. `token` need not end with a zero byte. Never waits for
 * the disk: an account that is seen for the first time is written before all that refers to it.
 */
bool users_find(struct users *users, const char *token, size_t length, struct user *user);

/*
 * Whose "Bearer ..." header value that is; false for anything else, NULL included. Waits until an account that is seen
 * for the first time is on disk (or the disk fails: it will be written later).
 */
bool users_authorize(struct users *users, const char *authorization, struct user *user);

/*
 * Whether a user has a permission: a guest by the role of guests, an account by the last token that it has shown since
 * the start. Never blocks for long; may be called with a shard entered.
 */
bool users_permitted(struct users *users, const syncplay_id *id, syncplay_permission permission);

/*
 * From now on this guest is nobody: the token is that of no user, and nothing is permitted. The row in the database stays
 * (store_delete_user). False if there is no such guest.
 */
bool users_revoke(struct users *users, const syncplay_id *id);

/* The user with this id; false if there is none. */
bool users_get(struct users *users, const syncplay_id *id, struct user *user);

#endif
