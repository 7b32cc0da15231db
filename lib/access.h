/* Who may come in, and who may do what: the rules, without a session. Pure. */
#ifndef ACCESS_H
#define ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include <syncplay/command.h>
#include <syncplay/session.h>

/* All rights, and those of them that need SYNCPLAY_PERMISSION_HOST_CONTROLS of whoever is not the host. */
#define ACCESS_ALL UINT32_C(0x1ffff)
#define ACCESS_PLAYBACK                                                                                            \
    ((uint32_t)(SYNCPLAY_RIGHT_PLAY | SYNCPLAY_RIGHT_SEEK | SYNCPLAY_RIGHT_SPEED | SYNCPLAY_RIGHT_CONTENT |        \
                SYNCPLAY_RIGHT_EXCUSE))
/* Those that come with a list of people or things to know of. */
#define ACCESS_WITH_LISTS ((uint32_t)(SYNCPLAY_RIGHT_ADMIT | SYNCPLAY_RIGHT_BAN | SYNCPLAY_RIGHT_INVITE))
/* What no override can allow: whoever has it could give themselves the rest. */
#define ACCESS_HOST_ALONE ((uint32_t)SYNCPLAY_RIGHT_HAND_OVER)

enum access_entry { ACCESS_ENTER, ACCESS_KNOCK, ACCESS_REFUSE };

/* What becomes of a user who is not in yet, has no invitation, and is not kept out. */
enum access_entry access_entry(const syncplay_settings *settings, bool is_host, bool is_friend);

/* What a role gives; without one, none. */
uint32_t access_role_rights(syncplay_role role, syncplay_control control);

/* The same with a participant's overrides, which the host has none of. Denied is denied. */
uint32_t access_rights(syncplay_role role, syncplay_control control, uint32_t allow, uint32_t deny);

/* The right that a command takes; 0 if whoever sits may give it. */
uint32_t access_right_for(syncplay_command_kind kind);

/* Whether the others wait for this role, as far as the setting goes. */
bool access_is_waited_for(syncplay_wait wait, syncplay_role role);

#endif
