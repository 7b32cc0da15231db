/*
 * What one participant may do to another: kick, ban, mute, give another role. Whoever calls has checked that they have the
 * right; here is checked about whom, and that nobody gives away more than they have.
 */
#ifndef MODERATION_H
#define MODERATION_H

#include "session.h"

int moderation_kick(struct session *session, struct step *step, struct seat *by, const syncplay_command *command);
int moderation_ban(struct session *session, struct step *step, struct seat *by, const syncplay_command *command);
int moderation_unban(struct session *session, struct step *step, const syncplay_command *command);
int moderation_mute(struct session *session, struct step *step, struct seat *by, const syncplay_command *command);
int moderation_role(struct session *session, struct step *step, struct seat *by, const syncplay_command *command);

#endif
