/*
 * Playing together: the timeline of a session, and what moves it. Whoever calls has checked permission.
 */
#ifndef PLAYBACK_H
#define PLAYBACK_H

#include "session.h"

int playback_play(struct session *session, struct step *step, struct seat *by, const syncplay_command *command);
int playback_pause(struct session *session, struct step *step, struct seat *by, const syncplay_command *command);
int playback_seek(struct session *session, struct step *step, struct seat *by, const syncplay_command *command);
int playback_speed(struct session *session, struct step *step, struct seat *by, const syncplay_command *command);
int playback_ready(struct session *session, struct step *step, struct seat *seat, const syncplay_command *command);
int playback_excuse(struct session *session, struct step *step, struct seat *by, const syncplay_command *command);
/* Back to 0, idle: new content. */
void playback_reset(struct session *session, struct step *step, const struct seat *by);
/* Books the time that has passed to the seats' budgets; before each change. */
void playback_account(struct session *session, const struct step *step);
/* Undoes the last playback_account, when the change did not come; nobody may have come or gone since. */
void playback_take_back(struct session *session);
/* Ends a wait that nobody is outstanding for; after each change of seats. */
void playback_resolve(struct session *session, struct step *step, const char *reason);
/* What is due: stalls, excuses, the pause of an empty party. */
void playback_tick(struct session *session, struct step *step);
int64_t playback_deadline(const struct session *session, const syncplay_hub_config *config);

#endif
