/*
 * Accounts: who somebody is whose token was verified. Claims in; id, name and permissions out. Knows no token and no
 * database.
 */
#ifndef SERVER_ACCOUNT_H
#define SERVER_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include <syncplay/id.h>
#include <syncplay/session.h>

#include "rbac.h"

/* The longest issuer and the longest subject, in bytes with their zero byte; OpenID Connect's subjects fit. */
#define ACCOUNT_ISSUER_SIZE 512
#define ACCOUNT_SUBJECT_SIZE 256
#define ACCOUNT_NAME_SIZE (4 * SYNCPLAY_NAME_MAX + 1)

struct json;

#define ACCOUNT_SECRET_SIZE 32

/* Which claims say what; a claim is a name, or a dotted path. The texts outlive this. */
struct account_rules {
    const char *issuer;
    const char *user_claim;
    const char *name_claim;
    const char *roles_claim;
    bool keeps_user_ids;                 /* a user claim that is a UUID is the id */
    uint8_t secret[ACCOUNT_SECRET_SIZE]; /* what all other ids are made with */
    const struct rbac *roles;
    unsigned default_permissions; /* of those who have no role that is known */
};

struct account {
    syncplay_id id;
    char subject[ACCOUNT_SUBJECT_SIZE]; /* the user claim, as it is */
    char name[ACCOUNT_NAME_SIZE];       /* 1 to SYNCPLAY_NAME_MAX characters, without control characters */
    unsigned permissions;               /* RBAC_BIT... */
};

/*
 * Reads an account out of verified claims. The id follows from issuer, subject and secret, so that who knows whom the
 * issuer knows cannot ask for them here. It is a UUID of version 8, which guests have not and which no claim may be
 * that is kept: nobody can be two. NULL, or why the claims name nobody: a static string.
 */
const char *account_read(const struct account_rules *rules, const struct json *claims, struct account *account);

#endif
