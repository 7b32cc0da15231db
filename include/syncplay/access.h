/*
 * Who may do what. Three things decide, from the outside in:
 *
 *   permissions   what a user may do anywhere; the host application says (the callback has_permission)
 *   roles         what a participant may do in one session; which right belongs to which role is one table, printed
 *                 in lib/PROTOCOL.md
 *   overrides     rights that the host allows or denies to one participant; what is denied is denied
 *
 * All of it since 0.2.
 */
#ifndef SYNCPLAY_ACCESS_H
#define SYNCPLAY_ACCESS_H

#include <syncplay/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the host application is asked about a user, at the moment it matters. */
typedef enum syncplay_permission {
    SYNCPLAY_PERMISSION_CREATE = 1,       /* "syncplay.create": make sessions */
    SYNCPLAY_PERMISSION_JOIN = 2,         /* "syncplay.join": come into other people's sessions */
    SYNCPLAY_PERMISSION_HOST_CONTROLS = 3 /* "syncplay.host_controls": control playback without being the host */
} syncplay_permission;

/* What a participant is in a session. */
typedef enum syncplay_role {
    SYNCPLAY_ROLE_NONE = 0,       /* not said; where one is needed, a viewer */
    SYNCPLAY_ROLE_HOST = 1,       /* one a session; passed on by SYNCPLAY_COMMAND_HOST, never given by a role */
    SYNCPLAY_ROLE_CONTROLLER = 2, /* controls playback whatever the settings say; first in line for the host's seat */
    SYNCPLAY_ROLE_VIEWER = 3,     /* whoever comes in; controls playback if the settings say "everyone" */
    SYNCPLAY_ROLE_CHAT_ONLY = 4   /* watches and chats; never waited for, controls nothing */
} syncplay_role;

/* Rights, one bit each. The bits are part of the ABI and the names part of the protocol: new rows go to the end. */
/* clang-format off */
#define SYNCPLAY_RIGHTS(X)                                                                     \
    X(SYNCPLAY_RIGHT_PLAY,         0, "play")        /* and pause */                           \
    X(SYNCPLAY_RIGHT_SEEK,         1, "seek")                                                  \
    X(SYNCPLAY_RIGHT_SPEED,        2, "speed")                                                 \
    X(SYNCPLAY_RIGHT_CONTENT,      3, "content")     /* change what is watched */              \
    X(SYNCPLAY_RIGHT_EXCUSE,       4, "excuse")      /* go on without somebody else */         \
    X(SYNCPLAY_RIGHT_SETTINGS,     5, "settings")                                              \
    X(SYNCPLAY_RIGHT_INVITE,       6, "invite")      /* make, see and revoke invitations */    \
    X(SYNCPLAY_RIGHT_ADMIT,        7, "admit")       /* see who knocks, admit and deny */      \
    X(SYNCPLAY_RIGHT_KICK,         8, "kick")                                                  \
    X(SYNCPLAY_RIGHT_BAN,          9, "ban")         /* and see who is banned, and unban */    \
    X(SYNCPLAY_RIGHT_MUTE,        10, "mute")                                                  \
    X(SYNCPLAY_RIGHT_ROLE,        11, "role")        /* change roles and overrides */          \
    X(SYNCPLAY_RIGHT_HAND_OVER,   12, "hand_over")   /* the host's seat; the host's alone */   \
    X(SYNCPLAY_RIGHT_END,         13, "end")                                                   \
    X(SYNCPLAY_RIGHT_CHAT,        14, "chat")                                                  \
    X(SYNCPLAY_RIGHT_DELETE_CHAT, 15, "delete_chat") /* others' messages; one's own always */  \
    X(SYNCPLAY_RIGHT_WAITED_FOR,  16, "waited_for")  /* the others wait while this one is not ready */
/* clang-format on */

/* The rights of that table. */
typedef enum syncplay_right {
#define SYNCPLAY_RIGHT_ROW(name, bit, text) name = 1 << (bit),
    SYNCPLAY_RIGHTS(SYNCPLAY_RIGHT_ROW)
#undef SYNCPLAY_RIGHT_ROW
} syncplay_right;

/* The name of each value as it stands on the wire ("syncplay.join", "chat_only", "delete_chat"); "unknown" for anything
 * else. Static strings. */
SYNCPLAY_API const char *syncplay_permission_name(syncplay_permission permission);
SYNCPLAY_API const char *syncplay_role_name(syncplay_role role);
SYNCPLAY_API const char *syncplay_right_name(syncplay_right right);

#ifdef __cplusplus
}
#endif

#endif
