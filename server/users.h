/*
 * Who is who: guests with a name and a token. Tokens are 256 random bits, given out once and kept as SHA-256 only.
 * All users are in memory, so that asking never blocks; new ones are on disk before they are told.
 * This is the seam for other kinds of identity: whatever a bearer token is, users_find says whose it is.
 */
#ifndef SERVER_USERS_H
#define SERVER_USERS_H

#include <stdbool.h>
#include <stddef.h>

#include <syncplay/id.h>
#include <syncplay/session.h>

struct store;
struct users;

/* A token as text, with its zero byte. */
#define USERS_TOKEN_SIZE 48

struct user {
    syncplay_id id;
    char name[4 * SYNCPLAY_NAME_MAX + 1];
};

struct users *users_new(struct store *store, char *why, size_t why_size);
void users_free(struct users *users);

/*
 * Makes a guest with this name (validated by the caller); waits until it is on disk. False when it could not be saved.
 */
bool users_create(struct users *users, const char *name, struct user *user, char token[USERS_TOKEN_SIZE]);

/* Whose token that is; false if nobody's. `token` need not end with a zero byte. */
bool users_find(struct users *users, const char *token, size_t length, struct user *user);

/* Whose "Bearer ..." header value that is; false for anything else, NULL included. */
bool users_authorize(struct users *users, const char *authorization, struct user *user);

/* The user with this id; false if there is none. */
bool users_get(struct users *users, const syncplay_id *id, struct user *user);

#endif
