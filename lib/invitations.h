/*
 * The invitations of one session, oldest first: who brings the token of one comes in. Whoever calls has checked permission, and
 * tells of what has changed.
 */
#ifndef INVITATIONS_H
#define INVITATIONS_H

#include "session.h"
#include "token.h"

struct invitation {
    syncplay_id id;
    struct token_hash token;
    syncplay_role role;
    syncplay_id made_by;
    int64_t unix_created;
    int64_t expires; /* SYNCPLAY_NEVER: with the session */
    uint32_t uses;   /* 0: any number */
    uint32_t used;
};

/* The most people that one invitation may be limited to. */
#define INVITATION_USES_MAX 1000000
/* The shortest time that one may be valid. */
#define INVITATION_LIFETIME_MIN INT64_C(1000000)

bool invitation_is_open(const struct invitation *invitation, int64_t now);

/* Fills in the host application's view of one. */
void invitation_tell(const struct invitation *invitation, int64_t unix_offset, syncplay_invitation_info *info);

/* Makes one as `command` asks, and its token. *made lives until the list changes. */
int invitations_create(struct session *session, struct step *step, const struct seat *by,
                       const syncplay_command *command, const struct invitation **made,
                       char token[SYNCPLAY_TOKEN_SIZE]);

/* Appends one, where one that is over makes room if need be; false without memory. */
bool invitations_add(struct session *session, const struct step *step, const struct invitation *invitation);

/* The one whose token this is and that is still good, in *found; SYNCPLAY_ERROR_INVITATION says what is wrong with it. */
int invitations_find(const struct session *session, struct step *step, const char *token, struct invitation **found);

/* One by its id; NULL if there is none. */
struct invitation *invitations_get(const struct session *session, const syncplay_id *id);
void invitations_remove(struct session *session, struct invitation *invitation);

#endif
