/*
 * Users whom a session remembers although they do not sit in it: banned, kicked a short while ago, gone with a restriction
 * (muted, say) that is to be theirs again when they come back, or gone with a debt: chat beyond the rate, time that others have
 * waited. Oldest first, bounded by max_removed; debts alone make room first.
 */
#ifndef REMOVED_H
#define REMOVED_H

#include "session.h"

#define REMOVED_LET_IN INT64_MIN

struct removed {
    syncplay_id user;
    bool banned;
    int64_t until; /* kept out until then; REMOVED_LET_IN for not at all */
    syncplay_role role_cap;
    uint32_t deny;
    int64_t chat_full_at; /* what they owe: TOKEN_BUCKET_FULL, and 0, if nothing */
    int64_t spent;
    char name[SEAT_NAME_SIZE]; /* "" if it was never known */
};

struct removed *removed_find(const struct session *session, const syncplay_id *user);
bool removed_keeps_out(const struct removed *removed, int64_t now);

/* Whether what this seat may not do has to be remembered. */
bool removed_is_restricted(const struct seat *seat);

/*
 * Makes room for so many more users, beside all those who sit and would have to be remembered if they went now, so that
 * remembering them cannot fail. False without memory.
 */
bool removed_reserve(struct session *session, const struct step *step, uint32_t more);

/* Whether one more user could be banned: there are not max_removed banned ones already. */
bool removed_may_ban(const struct session *session, const syncplay_hub_config *config);

/* The record of a user, a new one if there was none; the oldest who is not banned makes room. NULL if all are banned. */
struct removed *removed_note(struct session *session, const syncplay_hub_config *config, const syncplay_id *user,
                             const char *name);

/* Remembers the restrictions of a seat that is given up, and its debts; after removed_reserve. */
void removed_note_seat(struct session *session, const struct step *step, const struct seat *seat);

/* Gives a seat the restrictions and debts that its user had, and forgets them. */
void removed_apply(struct session *session, struct seat *seat);

/* They may come in again; what they may not do stays. */
void removed_pardon(struct session *session, struct removed *removed);

#endif
