/* What a session is made of, as the host application sees it: settings, content, state, participants. */
#ifndef SYNCPLAY_SESSION_H
#define SYNCPLAY_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <syncplay/access.h>
#include <syncplay/code.h>
#include <syncplay/export.h>
#include <syncplay/id.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A time that never comes. */
#define SYNCPLAY_NEVER INT64_MAX

/* The largest position: 2^53 microseconds, which every JSON reader can hold (285 years of film). */
#define SYNCPLAY_POSITION_MAX INT64_C(9007199254740992)
/* "No position given", "revision not seen" and the like. */
#define SYNCPLAY_UNSET INT64_C(-1)
/* "Not told" of a drift, which may be negative. */
#define SYNCPLAY_DRIFT_UNSET INT64_MIN

/* What a client may report of itself, in microseconds: how far it is from the party (either way), the bound on its clock's
 * error, and how long its player takes from being told to play until the picture moves. */
#define SYNCPLAY_DRIFT_MAX INT64_C(86400000000)
#define SYNCPLAY_CLOCK_ERROR_MAX INT64_C(600000000)
#define SYNCPLAY_START_MAX INT64_C(5000000)

/* Playback speed in hundredths: a quarter to four times. */
#define SYNCPLAY_SPEED_MIN 25
#define SYNCPLAY_SPEED_NORMAL 100
#define SYNCPLAY_SPEED_MAX 400

/* Limits of texts, in characters. */
#define SYNCPLAY_NAME_MAX 32
#define SYNCPLAY_CONTENT_TYPE_MAX 50
#define SYNCPLAY_TITLE_MAX 200
#define SYNCPLAY_URL_MAX 2000
#define SYNCPLAY_CLIENT_ID_MAX 64

/* The largest max_participants that any configuration may allow. */
#define SYNCPLAY_PARTICIPANTS_LIMIT 1000

/* Who comes in. */
typedef enum syncplay_visibility {
    SYNCPLAY_PUBLIC = 0,  /* anyone with the code comes in */
    SYNCPLAY_PRIVATE = 1, /* by invitation; whoever has the code alone may knock, and is admitted or denied */
    SYNCPLAY_FRIENDS = 2  /* users whom the are_friends callback calls friends of the host; others: see `strangers` */
} syncplay_visibility;

/* Who may play, pause, seek and change the speed. */
typedef enum syncplay_control {
    SYNCPLAY_CONTROL_EVERYONE = 0, /* viewers too */
    SYNCPLAY_CONTROL_HOST = 1      /* the host, and those whom the host has made controllers */
} syncplay_control;

/* What becomes of those who are no friends of the host, in a session for friends. */
typedef enum syncplay_strangers {
    SYNCPLAY_STRANGERS_REFUSE = 0,
    SYNCPLAY_STRANGERS_KNOCK = 1
} syncplay_strangers;

/* For whom the others wait while they are not ready. */
typedef enum syncplay_wait {
    SYNCPLAY_WAIT_EVERYONE = 0,    /* all who have the right to be waited for */
    SYNCPLAY_WAIT_CONTROLLERS = 1, /* of those, the host and the controllers */
    SYNCPLAY_WAIT_NOBODY = 2
} syncplay_wait;

/* What a party does. */
typedef enum syncplay_phase {
    SYNCPLAY_IDLE = 0,    /* this content has never been started */
    SYNCPLAY_WAITING = 1, /* will play as soon as everyone who is waited for is ready, or at a deadline */
    SYNCPLAY_PLAYING = 2,
    SYNCPLAY_PAUSED = 3
} syncplay_phase;

/* The name of each value as it stands on the wire; "unknown" for anything else. Static strings. */
SYNCPLAY_API const char *syncplay_visibility_name(syncplay_visibility visibility);
SYNCPLAY_API const char *syncplay_control_name(syncplay_control control);
SYNCPLAY_API const char *syncplay_strangers_name(syncplay_strangers strangers);
SYNCPLAY_API const char *syncplay_wait_name(syncplay_wait wait);
SYNCPLAY_API const char *syncplay_phase_name(syncplay_phase phase);

/* A user, as the host application knows them. The library believes it: authenticate before. */
typedef struct syncplay_user {
    size_t struct_size;
    syncplay_id id;   /* not none */
    const char *name; /* see syncplay_name_is_valid; who has a seat keeps the name that they came in with */
} syncplay_user;

/*
 * Whether a text may be a user's name: UTF-8 of 1 to SYNCPLAY_NAME_MAX characters, of which one can be seen, without control
 * characters and without those that change the direction of what stands around it. Since 0.2.
 */
SYNCPLAY_API bool syncplay_name_is_valid(const char *name);

/* Fills in no id and no name. */
SYNCPLAY_API void syncplay_user_default(syncplay_user *user, size_t struct_size);

/* What is watched. The library carries it; it never opens it. */
typedef struct syncplay_content {
    size_t struct_size;
    const char *type;  /* such as "movie"; 1 to SYNCPLAY_CONTENT_TYPE_MAX characters */
    syncplay_id id;    /* the host application's id of it; not none */
    const char *title; /* NULL or up to SYNCPLAY_TITLE_MAX characters */
    const char *url;   /* NULL or up to SYNCPLAY_URL_MAX characters: where clients find it */
} syncplay_content;

/* Fills in no id and no texts. */
SYNCPLAY_API void syncplay_content_default(syncplay_content *content, size_t struct_size);

/*
 * The settings of a session. Default: private, everyone controls, chat on, as many as the hub allows, strangers are refused,
 * everyone is waited for.
 */
typedef struct syncplay_settings {
    size_t struct_size;
    syncplay_visibility visibility; /* who comes in */
    syncplay_control control;       /* who may play, pause, seek and change the speed */
    uint32_t max_participants;      /* 1 to the hub's max_participants; 0 means the hub's */
    bool chat_enabled;              /* chat and reactions */
    syncplay_strangers strangers;   /* in a session for friends: what becomes of others */
    syncplay_wait wait;             /* for whom the others wait */
} syncplay_settings;

/* Fills in the defaults named above. */
SYNCPLAY_API void syncplay_settings_default(syncplay_settings *settings, size_t struct_size);

/*
 * Answers about one session. The caller sets struct_size; what it points to belongs to the hub and lives until
 * the next mutating call on it.
 */
typedef struct syncplay_session_info {
    size_t struct_size;
    syncplay_id id;                    /* made by the hub */
    char code[SYNCPLAY_CODE_SIZE];     /* what people join with, in its one form */
    syncplay_id host_user_id;          /* whose it is now */
    const syncplay_settings *settings; /* as they are now; max_participants is never 0 */
    const syncplay_content *content;   /* what is watched */
    syncplay_phase phase;              /* what the party does */
    bool is_playing;                   /* phase is SYNCPLAY_PLAYING */
    int64_t position;                  /* at the `now` that was asked about */
    int64_t unix_at;                   /* when playing: the instant at which it began, or will begin, to move */
    int32_t speed;                     /* hundredths */
    uint64_t revision;                 /* raised by each change of playback */
    int64_t unix_created;              /* when it was made */
    int64_t unix_last_sync;            /* the last change of playback */
    uint32_t participants;             /* seats taken, connected or not, without those who knock */
    uint32_t connected;                /* how many of them are connected */
} syncplay_session_info;

/* Answers about one participant. The name lives as what syncplay_session_info points to. */
typedef struct syncplay_participant_info {
    size_t struct_size;
    syncplay_id user_id;  /* who it is */
    const char *name;       /* what they are called */
    bool is_host;           /* has the host's seat */
    bool is_connected;      /* has a connection now; the others are told away_after later */
    bool is_ready;          /* has buffered enough to play */
    bool is_excused;        /* not waited for, by its own wish, by others', or because it was late too long */
    bool is_knocking;       /* asks to be let in; not a participant yet */
    int64_t latency;        /* one way, rolling average; 0 before the first sample */
    int64_t latency_max;    /* the largest of the samples of the average */
    int64_t unix_joined;    /* when they took the seat */
    syncplay_role role;     /* the host's is SYNCPLAY_ROLE_HOST */
    uint32_t rights;        /* SYNCPLAY_RIGHT_..., all that this one may do now; none while knocking */
    uint32_t allow;         /* the overrides: what is allowed beside the role */
    uint32_t deny;          /* and what is denied; muted is who is denied SYNCPLAY_RIGHT_CHAT */

    /* Of the present connection; not saved. What the client reports of itself is its word alone. */
    int64_t round_trip;     /* the smallest that was measured lately; SYNCPLAY_UNSET before the first */
    int64_t drift;          /* reported: its position minus the party's; SYNCPLAY_DRIFT_UNSET if not */
    int64_t clock_error;    /* reported: the bound on its clock's error; SYNCPLAY_UNSET if not */
    int64_t start;          /* reported: from being told to play until the picture moves; SYNCPLAY_UNSET if not */
} syncplay_participant_info;

/* A secret of 144 random bits as text, with its zero byte: an invitation, or a resume token. The hub keeps its SHA-256. */
#define SYNCPLAY_TOKEN_LENGTH 24
#define SYNCPLAY_TOKEN_SIZE (SYNCPLAY_TOKEN_LENGTH + 1)

/* Answers about one invitation. */
typedef struct syncplay_invitation_info {
    size_t struct_size;
    syncplay_id id;       /* what it is revoked by; of no use to come in */
    syncplay_role role;   /* of those who come in by it */
    syncplay_id made_by;  /* a user */
    int64_t unix_created; /* when it was made */
    int64_t unix_expires; /* SYNCPLAY_NEVER: with the session */
    uint32_t uses;        /* how many may come in by it; 0: any number */
    uint32_t used;        /* how many have */
} syncplay_invitation_info;

/* Answers about one user who may not come in: banned, or kicked a short while ago. */
typedef struct syncplay_removed_info {
    size_t struct_size;
    syncplay_id user_id;  /* who it is */
    const char *name;     /* as in syncplay_participant_info; "" if it was never known */
    bool is_banned;       /* for as long as the session lives */
    int64_t unix_until;   /* otherwise: when they may come again */
} syncplay_removed_info;

#ifdef __cplusplus
}
#endif

#endif
