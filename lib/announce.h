/*
 * The server's half of the wire (PROTOCOL.md): each function encodes one kind of message, once, with its typed event, into
 * the step's outbox. A message to a single connection has no event.
 */
#ifndef ANNOUNCE_H
#define ANNOUNCE_H

#include "outbox.h"
#include "session.h"

struct invitation;

/* Makes room for all that one step on this session can say: `changes` seats may each change, `arrivals` come in. */
bool announce_reserve(const struct session *session, struct step *step, size_t changes, size_t arrivals);
/* The same for a step in which nobody but one comes back, who is told `messages` messages again instead of a state. */
bool announce_reserve_again(const struct session *session, struct step *step, size_t messages);

/* `by`, `reason`, `client_id` may be NULL. */
void announce_command(struct step *step, const struct session *session, struct audience audience,
                      syncplay_action action, const struct seat *by, const char *reason, const char *client_id);

/* The seat still sits. */
void announce_participant(struct step *step, const struct session *session, struct audience audience,
                          const struct seat *seat, syncplay_change change, syncplay_reason reason);
/* About somebody who has no seat. */
void announce_removed(struct step *step, const struct session *session, const syncplay_id *user, const char *name,
                      syncplay_change change);
/* To the seat itself: what it is and may do. */
void announce_you(struct step *step, const struct session *session, struct seat *seat);

void announce_chat(struct step *step, const struct session *session, struct audience audience,
                   const struct history_message *head, const char *text, const char *client_id, bool is_history);
void announce_chat_deleted(struct step *step, const struct session *session, const syncplay_id *message,
                           const struct seat *by);
/* These two to those who are there now: nobody is told them again. */
void announce_typing(struct step *step, const struct session *session, const struct seat *by);
void announce_reaction(struct step *step, const struct session *session, const struct seat *by, const char *reaction);
/* To those who may invite; with a token, to `by` alone. */
void announce_invitation(struct step *step, const struct session *session, const struct invitation *invitation,
                         syncplay_invitation_change change, const struct seat *by, const char *token,
                         const char *client_id);
void announce_session(struct step *step, const struct session *session, const struct seat *by);
void announce_state(struct step *step, const struct session *session, struct seat *seat,
                    const char *resume_token);
/* The whole history, one message each, to one connection. */
void announce_history(struct step *step, const struct session *session, uint64_t one);
void announce_resumed(struct step *step, const struct session *session, struct seat *seat,
                      const char *resume_token);
/* A message that was told before, to one connection. */
void announce_again(struct step *step, const struct session *session, uint64_t one, const char *bytes, size_t length);
/* To one connection; or, with 0, to all with the event ENDED. */
void announce_ended(struct step *step, const struct session *session, uint64_t one, syncplay_reason reason,
                    const struct seat *by);
void announce_created(struct step *step, const struct session *session, const struct seat *host);

/* These two belong to a connection, not to a session. */
void announce_pong(struct step *step, uint64_t one, double client_time);
void announce_error(struct step *step, uint64_t one, int error, const char *message, const char *in_reply_to,
                    const char *client_id);

#endif
