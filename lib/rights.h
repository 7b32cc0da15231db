/* What one participant may do now: the rules of access.h, applied to a seat. It changes nothing. */
#ifndef RIGHTS_H
#define RIGHTS_H

#include "session.h"

/* The sentence for whoever lacks a right; takes its name. */
#define RIGHTS_MISSING "this takes the right %s, which you do not have in this session"

syncplay_role rights_role(const struct session *session, const struct seat *seat);

/* By role, settings and overrides; none while knocking. */
uint32_t rights_of(const struct session *session, const struct seat *seat);

/* What this seat may do whoever controls: more than that it cannot give away. */
uint32_t rights_to_give(const struct session *session, const struct seat *seat);

/* The same as rights_of, less what the host application does not permit this user. Callbacks: has_permission. */
uint32_t rights_permitted(const struct session *session, const struct step *step, const struct seat *seat);

#endif
