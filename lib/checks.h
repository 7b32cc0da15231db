/*
 * What hosts and clients ask for, checked before anything is done: texts, numbers, settings. Each returns SYNCPLAY_OK, or an
 * error with the sentence that names field and limit. They know no session.
 */
#ifndef CHECKS_H
#define CHECKS_H

#include "step.h"

/* The longest chat message and reaction, in characters, that any hub may be configured to take. */
#define CHECKS_CHAT_MAX 100000
#define CHECKS_REACTION_MAX 64

int check_user(struct step *step, const syncplay_user *user);
int check_content(struct step *step, const syncplay_content *content);
/* And whether the host application takes it. */
int check_new_content(struct step *step, const syncplay_content *content);
/* Those settings that `mask` (SYNCPLAY_SETTING_...) names. */
int check_settings(struct step *step, const syncplay_settings *settings, uint32_t mask);
/* The fields that this kind of command uses. */
int check_command(struct step *step, const syncplay_command *command);

#endif
