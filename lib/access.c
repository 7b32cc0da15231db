/* The rules of access. Pure. */
#include "access.h"

/* A cell of the table: never, always, or while the session's `control` is "everyone". */
enum cell { NO, YES, CONTROL };

/* clang-format off */
static const struct {
    syncplay_right right;
    enum cell host, controller, viewer, chat_only;
} table[] = {
    /*                            host  controller  viewer   chat_only */
    {SYNCPLAY_RIGHT_PLAY,         YES,  YES,        CONTROL, NO},
    {SYNCPLAY_RIGHT_SEEK,         YES,  YES,        CONTROL, NO},
    {SYNCPLAY_RIGHT_SPEED,        YES,  YES,        CONTROL, NO},
    {SYNCPLAY_RIGHT_CONTENT,      YES,  NO,         NO,      NO},
    {SYNCPLAY_RIGHT_EXCUSE,       YES,  YES,        CONTROL, NO},
    {SYNCPLAY_RIGHT_SETTINGS,     YES,  NO,         NO,      NO},
    {SYNCPLAY_RIGHT_INVITE,       YES,  NO,         NO,      NO},
    {SYNCPLAY_RIGHT_ADMIT,        YES,  NO,         NO,      NO},
    {SYNCPLAY_RIGHT_KICK,         YES,  NO,         NO,      NO},
    {SYNCPLAY_RIGHT_BAN,          YES,  NO,         NO,      NO},
    {SYNCPLAY_RIGHT_MUTE,         YES,  NO,         NO,      NO},
    {SYNCPLAY_RIGHT_ROLE,         YES,  NO,         NO,      NO},
    {SYNCPLAY_RIGHT_HAND_OVER,    YES,  NO,         NO,      NO},
    {SYNCPLAY_RIGHT_END,          YES,  NO,         NO,      NO},
    {SYNCPLAY_RIGHT_CHAT,         YES,  YES,        YES,     YES},
    {SYNCPLAY_RIGHT_DELETE_CHAT,  YES,  NO,         NO,      NO},
    {SYNCPLAY_RIGHT_WAITED_FOR,   YES,  YES,        YES,     NO},
};
/* clang-format on */

enum access_entry access_entry(const syncplay_settings *settings, bool is_host, bool is_friend)
{
    if (is_host || settings->visibility == SYNCPLAY_PUBLIC)
        return ACCESS_ENTER;
    if (settings->visibility == SYNCPLAY_PRIVATE)
        return ACCESS_KNOCK;
    if (is_friend)
        return ACCESS_ENTER;
    return settings->strangers == SYNCPLAY_STRANGERS_KNOCK ? ACCESS_KNOCK : ACCESS_REFUSE;
}

uint32_t access_role_rights(syncplay_role role, syncplay_control control)
{
    uint32_t rights = 0;
    for (unsigned i = 0; i < sizeof table / sizeof *table; i++) {
        enum cell cell = role == SYNCPLAY_ROLE_HOST         ? table[i].host
                         : role == SYNCPLAY_ROLE_CONTROLLER ? table[i].controller
                         : role == SYNCPLAY_ROLE_VIEWER     ? table[i].viewer
                         : role == SYNCPLAY_ROLE_CHAT_ONLY  ? table[i].chat_only
                                                            : NO;
        if (cell == YES || (cell == CONTROL && control == SYNCPLAY_CONTROL_EVERYONE))
            rights |= (uint32_t)table[i].right;
    }
    return rights;
}

uint32_t access_rights(syncplay_role role, syncplay_control control, uint32_t allow, uint32_t deny)
{
    uint32_t rights = access_role_rights(role, control);
    return role == SYNCPLAY_ROLE_HOST ? rights : (rights | allow) & ~deny;
}

uint32_t access_right_for(syncplay_command_kind kind)
{
    switch (kind) {
    case SYNCPLAY_COMMAND_PLAY:
    case SYNCPLAY_COMMAND_PAUSE:
        return SYNCPLAY_RIGHT_PLAY;
    case SYNCPLAY_COMMAND_SEEK:
        return SYNCPLAY_RIGHT_SEEK;
    case SYNCPLAY_COMMAND_SPEED:
        return SYNCPLAY_RIGHT_SPEED;
    case SYNCPLAY_COMMAND_CONTENT:
        return SYNCPLAY_RIGHT_CONTENT;
    case SYNCPLAY_COMMAND_CHAT:
    case SYNCPLAY_COMMAND_TYPING:
    case SYNCPLAY_COMMAND_REACT:
        return SYNCPLAY_RIGHT_CHAT;
    case SYNCPLAY_COMMAND_SETTINGS:
        return SYNCPLAY_RIGHT_SETTINGS;
    case SYNCPLAY_COMMAND_INVITE:
    case SYNCPLAY_COMMAND_REVOKE:
        return SYNCPLAY_RIGHT_INVITE;
    case SYNCPLAY_COMMAND_ADMIT:
    case SYNCPLAY_COMMAND_DENY:
        return SYNCPLAY_RIGHT_ADMIT;
    case SYNCPLAY_COMMAND_KICK:
        return SYNCPLAY_RIGHT_KICK;
    case SYNCPLAY_COMMAND_BAN:
    case SYNCPLAY_COMMAND_UNBAN:
        return SYNCPLAY_RIGHT_BAN;
    case SYNCPLAY_COMMAND_MUTE:
        return SYNCPLAY_RIGHT_MUTE;
    case SYNCPLAY_COMMAND_ROLE:
        return SYNCPLAY_RIGHT_ROLE;
    case SYNCPLAY_COMMAND_HOST:
        return SYNCPLAY_RIGHT_HAND_OVER;
    case SYNCPLAY_COMMAND_END:
        return SYNCPLAY_RIGHT_END;
    default:
        return 0;
    }
}

bool access_is_waited_for(syncplay_wait wait, syncplay_role role)
{
    bool controls = role == SYNCPLAY_ROLE_HOST || role == SYNCPLAY_ROLE_CONTROLLER;
    return wait == SYNCPLAY_WAIT_EVERYONE || (wait == SYNCPLAY_WAIT_CONTROLLERS && controls);
}
