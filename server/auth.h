/*
 * How people prove who they are, as the configuration has it: whether guests are let in, and whose tokens count beside
 * theirs. Knows no HTTP and no database.
 */
#ifndef SERVER_AUTH_H
#define SERVER_AUTH_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "account.h"

struct config;
struct jwt_verifier;

struct auth {
    bool guests;
    unsigned guest_permissions;
    struct account_rules account;
    pthread_rwlock_t lock;         /* of all below */
    struct jwt_verifier *verifier; /* NULL when guests are all there are */
};

/*
 * Reads the key and checks that all of it fits together. False, and a sentence in `why`, if not. Keeps pointers into
 * the configuration, which outlives it.
 */
bool auth_init(struct auth *auth, const struct config *config, char *why, size_t why_size);
void auth_clear(struct auth *auth); /* one that is all zeros is allowed */

/*
 * Takes over how tokens are verified from one that was made of a newer configuration, and gives the old way in
 * exchange: algorithm, key, kid, audience and leeway. Others may read tokens meanwhile. auth_may_follow says before
 * whether that goes: not if accounts came or went, or had another issuer, with whose name the users' ids are made.
 */
bool auth_may_follow(const struct auth *auth, const struct auth *newer, char *why, size_t why_size);
void auth_follow(struct auth *auth, struct auth *newer);

/*
 * Whose token that is, at this instant; *expires is when that ends, on the clock of clock_now. False for a token that
 * is not right, of which only the log is told why, and for every token where there are no accounts.
 */
bool auth_read_token(struct auth *auth, const char *token, size_t length, struct account *account,
                     int64_t *expires);

#endif
