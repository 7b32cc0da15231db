/*
 * Chat: saying something, and taking it back; and what belongs to the moment alone and is kept nowhere: that somebody is
 * writing, and reactions. Whoever calls has checked the right to chat.
 */
#ifndef CHAT_H
#define CHAT_H

#include "session.h"

int chat_say(struct session *session, struct step *step, struct seat *by, const syncplay_command *command);

/* A message that is still kept: one's own, or, with the right, anybody's. */
int chat_typing(struct session *session, struct step *step, struct seat *by, const syncplay_command *command);
int chat_react(struct session *session, struct step *step, struct seat *by, const syncplay_command *command);
int chat_delete(struct session *session, struct step *step, const struct seat *by, const syncplay_command *command);

#endif
