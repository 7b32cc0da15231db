/* Coming in and going: seats, knocks, the host's seat. Whoever calls has checked permission. */
#ifndef MEMBERSHIP_H
#define MEMBERSHIP_H

#include "session.h"

int membership_join(struct session *session, struct step *step, const syncplay_user *user, uint64_t connection);
int membership_leave(struct session *session, struct step *step, struct seat *seat);
int membership_admit(struct session *session, struct step *step, const syncplay_command *command);
int membership_deny(struct session *session, struct step *step, const syncplay_command *command);
int membership_kick(struct session *session, struct step *step, struct seat *by, const syncplay_command *command);
int membership_hand_over(struct session *session, struct step *step, const syncplay_command *command);
void membership_remove(struct session *session, struct step *step, struct seat *seat, syncplay_change change,
                       syncplay_reason reason);
void membership_tick(struct session *session, struct step *step);
int64_t membership_deadline(const struct session *session, const syncplay_hub_config *config);

#endif
