/*
 * The server's half of the wire (PROTOCOL.md): each function encodes one kind of message, once, with its typed event, into
 * the step's outbox.
 */
#ifndef ANNOUNCE_H
#define ANNOUNCE_H

#include "outbox.h"
#include "session.h"

/* Makes room for all that one step on this session can say; `changes` seats may each change at once. */
bool announce_reserve(const struct session *session, struct step *step, size_t changes);

/* To all; or, with `one`, to that connection only and without an event. `by`, `reason`, `client_id` may be NULL. */
void announce_command(struct step *step, const struct session *session, uint64_t one, syncplay_action action,
                      const struct seat *by, const char *reason, const char *client_id);

/* To an audience except `one` (or to it); the seat still sits. */
void announce_participant(struct step *step, const struct session *session, enum outbox_audience audience, uint64_t one,
                          const struct seat *seat, syncplay_change change, syncplay_reason reason);

void announce_chat(struct step *step, const struct session *session, enum outbox_audience audience, uint64_t one,
                   const struct history_message *head, const char *text, const char *client_id, bool is_history);
void announce_session(struct step *step, const struct session *session, const struct seat *by);
void announce_state(struct step *step, const struct session *session, const struct seat *seat);
/* The whole history, one message each, to one connection. */
void announce_history(struct step *step, const struct session *session, uint64_t one);
/* To one connection, without an event; or, with 0, to all with the event ENDED. */
void announce_ended(struct step *step, const struct session *session, uint64_t one, syncplay_reason reason,
                    const struct seat *by);
void announce_created(struct step *step, const struct session *session, const struct seat *host);

/* These two belong to a connection, not to a session. */
void announce_pong(struct step *step, uint64_t one, double client_time);
void announce_error(struct step *step, uint64_t one, int error, const char *message, const char *in_reply_to,
                    const char *client_id);

/* The `state` message itself. */
void announce_write_state(struct json_writer *writer, const struct session *session, const struct seat *you,
                          const syncplay_hub_config *config, int64_t now, int64_t unix_offset);

#endif
