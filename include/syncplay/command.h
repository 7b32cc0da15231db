/* What a client can ask for. Each wire message of a client is one of these, and each of these can be given typed. */
#ifndef SYNCPLAY_COMMAND_H
#define SYNCPLAY_COMMAND_H

#include <syncplay/session.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The commands, with the fields of syncplay_command that belong to each: in brackets those that may be left as they are. */
typedef enum syncplay_command_kind {
    SYNCPLAY_COMMAND_NONE = 0,
    SYNCPLAY_COMMAND_JOIN = 1,      /* code; or, through syncplay_hub_submit_for, the session itself; [invitation],
                                       [resume_token, cursor] */
    SYNCPLAY_COMMAND_LEAVE = 2,     /* gives up the seat, or withdraws the knock */
    SYNCPLAY_COMMAND_PLAY = 3,      /* [position] */
    SYNCPLAY_COMMAND_PAUSE = 4,     /* [position] */
    SYNCPLAY_COMMAND_SEEK = 5,      /* position */
    SYNCPLAY_COMMAND_SPEED = 6,     /* speed */
    SYNCPLAY_COMMAND_READY = 7,     /* [buffered], [readiness] */
    SYNCPLAY_COMMAND_CHAT = 8,      /* text, [client_id] */
    SYNCPLAY_COMMAND_PING = 9,      /* client_time, [echo, held], [drift, clock_error, start], [revision]: which playback it
                                       follows; answered on the wire only */
    SYNCPLAY_COMMAND_STATE = 10,    /* asks for a state message; answered on the wire only */
    SYNCPLAY_COMMAND_EXCUSE = 11,   /* user, or none for oneself; excused: do (not) wait for them */
    SYNCPLAY_COMMAND_ADMIT = 12,    /* user */
    SYNCPLAY_COMMAND_DENY = 13,     /* user */
    SYNCPLAY_COMMAND_KICK = 14,     /* user; they stay out for the hub's kick_cooldown */
    SYNCPLAY_COMMAND_HOST = 15,     /* user: hands over the host's seat, and stays as a controller */
    SYNCPLAY_COMMAND_SETTINGS = 16, /* settings_mask, settings */
    SYNCPLAY_COMMAND_CONTENT = 17,  /* content; starts again at 0, idle */
    SYNCPLAY_COMMAND_END = 18,      /* ends the session for everyone */
    SYNCPLAY_COMMAND_BAN = 19,      /* user, here or not; they stay out for as long as the session lives */
    SYNCPLAY_COMMAND_UNBAN = 20,    /* user; also ends a kick_cooldown */
    SYNCPLAY_COMMAND_MUTE = 21,     /* user, muted */
    SYNCPLAY_COMMAND_DELETE = 22,   /* message: a chat message that is still kept, for everyone */
    SYNCPLAY_COMMAND_ROLE = 23,     /* user, role_mask and what it names */
    SYNCPLAY_COMMAND_INVITE = 24,   /* [role], [lifetime], [uses]; see also syncplay_hub_invite */
    SYNCPLAY_COMMAND_REVOKE = 25,   /* invitation_id */
    SYNCPLAY_COMMAND_TYPING = 26,   /* [typing]; told to the others, at most once in SYNCPLAY_TYPING_INTERVAL: more is no
                                       error, and ignored. Since 0.4 */
    SYNCPLAY_COMMAND_REACT = 27     /* text; told to all. Since 0.4 */
} syncplay_command_kind;

/* Which settings a SYNCPLAY_COMMAND_SETTINGS changes. */
#define SYNCPLAY_SETTING_VISIBILITY 0x1u
#define SYNCPLAY_SETTING_CONTROL 0x2u
#define SYNCPLAY_SETTING_MAX_PARTICIPANTS 0x4u
#define SYNCPLAY_SETTING_CHAT_ENABLED 0x8u
#define SYNCPLAY_SETTING_STRANGERS 0x10u
#define SYNCPLAY_SETTING_WAIT 0x20u

/* What a SYNCPLAY_COMMAND_ROLE changes. */
#define SYNCPLAY_SET_ROLE 0x1u
#define SYNCPLAY_SET_ALLOW 0x2u
#define SYNCPLAY_SET_DENY 0x4u

/*
 * Who is writing tells it again and again while it is so, and the others forget it so long after they were told last.
 * Microseconds. Since 0.4.
 */
#define SYNCPLAY_TYPING_INTERVAL INT64_C(2000000)
#define SYNCPLAY_TYPING_LAPSE INT64_C(6000000)

/* What a SYNCPLAY_COMMAND_READY says beside how much is buffered. */
typedef enum syncplay_readiness {
    SYNCPLAY_READY_BY_BUFFER = 0, /* ready if `buffered` is at least the hub's ready_threshold */
    SYNCPLAY_READY_YES = 1,       /* ready, however little is buffered (near the end of the film, say) */
    SYNCPLAY_READY_NO = 2         /* stalled */
} syncplay_readiness;

/* What it points to lives until the call that it is given to returns. */
typedef struct syncplay_command {
    size_t struct_size;
    syncplay_command_kind kind; /* what is wanted, and so which of the fields below count */

    const char *client_id; /* NULL, or the client's own id of this command or chat message (1 to
                              SYNCPLAY_CLIENT_ID_MAX characters): one of the participant's last 8 is
                              SYNCPLAY_ERROR_DUPLICATE */
    int64_t revision;      /* what the sender had seen; SYNCPLAY_UNSET to apply in any case */

    int64_t position;      /* play, pause, seek: microseconds of media, or SYNCPLAY_UNSET */
    int32_t speed;         /* speed: hundredths, SYNCPLAY_SPEED_MIN to SYNCPLAY_SPEED_MAX */
    int64_t buffered;      /* ready: microseconds of media, or SYNCPLAY_UNSET for "enough" */
    syncplay_readiness readiness; /* ready */
    const char *text;      /* chat: 1 to the hub's chat_max_length characters; react: emoji and other symbols, which nobody
                              can read as a word, 1 to the hub's reaction_max_length characters */
    const char *code;      /* join: as typed */
    syncplay_id user;      /* whom it is about */
    bool excused;          /* excuse: true: do not wait for them; false: wait again */
    uint32_t settings_mask; /* settings: SYNCPLAY_SETTING_..., at least one */
    const syncplay_settings *settings; /* settings: of which settings_mask says what counts */
    const syncplay_content *content;   /* content */

    double client_time;    /* ping: any finite number, given back as it is */
    double echo;           /* ping: the server_timestamp of the last pong, or 0; another number counts as 0 */
    double held;           /* ping: milliseconds between getting that pong and sending this ping */

    const char *invitation;    /* join: NULL, or the token of an invitation */
    const char *resume_token;  /* join: NULL, or the token that the last join on this seat was answered with */
    uint64_t cursor;           /* join, with resume_token: of the last message that came; 0 for none */
    uint32_t role_mask;        /* role: SYNCPLAY_SET_..., at least one */
    syncplay_role role;        /* role, invite: SYNCPLAY_ROLE_CONTROLLER, _VIEWER or _CHAT_ONLY */
    uint32_t allow;            /* role: SYNCPLAY_RIGHT_..., in place of the overrides there were */
    uint32_t deny;             /* likewise */
    bool muted;                /* mute: true takes the chat from them, false gives it back */
    syncplay_id message;       /* delete: the message's id */
    syncplay_id invitation_id; /* revoke: the invitation's id */
    int64_t lifetime;          /* invite: microseconds, 1 s to 10 years; SYNCPLAY_UNSET: as long as the session */
    uint32_t uses;             /* invite: how many may come in by it, up to 1000000; 0: any number */

    /* ping: what the client reports of itself, in microseconds; what is not told stays as it was told last. */
    int64_t drift;             /* its position minus the party's: positive is ahead; -SYNCPLAY_DRIFT_MAX to
                                  SYNCPLAY_DRIFT_MAX, or SYNCPLAY_DRIFT_UNSET */
    int64_t clock_error;       /* bound on its clock's error; 0 to SYNCPLAY_CLOCK_ERROR_MAX, or SYNCPLAY_UNSET */
    int64_t start;             /* from being told to play until the picture moves; 0 to SYNCPLAY_START_MAX, or
                                  SYNCPLAY_UNSET */

    bool typing;               /* typing: false: no longer. Since 0.4 */
} syncplay_command;

/*
 * Fills in kind and defaults: nothing set, not revisioned, ready by buffer, an invitation without limits, no reports; typing
 * is true.
 */
SYNCPLAY_API void syncplay_command_default(syncplay_command *command, size_t struct_size, syncplay_command_kind kind);

#ifdef __cplusplus
}
#endif

#endif
