/* Coming in and going: seats, knocks, the host's seat. Whoever calls has checked permission. */
#ifndef MEMBERSHIP_H
#define MEMBERSHIP_H

#include "session.h"

int membership_join(struct session *session, struct step *step, const syncplay_user *user, uint64_t connection,
                    const syncplay_command *command);
int membership_leave(struct session *session, struct step *step, struct seat *seat);
int membership_admit(struct session *session, struct step *step, const syncplay_command *command);
int membership_deny(struct session *session, struct step *step, const syncplay_command *command);
int membership_hand_over(struct session *session, struct step *step, struct seat *by, const syncplay_command *command);
/* After a change of settings: those who knock and need not any more come in, as far as there is room. */
void membership_open(struct session *session, struct step *step);
void membership_remove(struct session *session, struct step *step, struct seat *seat, syncplay_change change,
                       syncplay_reason reason);
/* The connection of a seat, or of one who knocks, is gone. */
void membership_disconnect(struct session *session, struct step *step, struct seat *seat);
void membership_tick(struct session *session, struct step *step);
int64_t membership_deadline(const struct session *session, const syncplay_hub_config *config);

#endif
