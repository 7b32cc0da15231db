/* What the library tells the host application, typed; the same facts go to the clients as wire messages. */
#ifndef SYNCPLAY_EVENT_H
#define SYNCPLAY_EVENT_H

#include <syncplay/session.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The events, with the fields of syncplay_event that belong to each. */
typedef enum syncplay_event_kind {
    SYNCPLAY_EVENT_CREATED = 1,     /* user: the host */
    SYNCPLAY_EVENT_ENDED = 2,       /* reason; user: who ended it, or none */
    SYNCPLAY_EVENT_PLAYBACK = 3,    /* action, phase, position, unix_at, speed, revision; user: by whom, or none */
    SYNCPLAY_EVENT_PARTICIPANT = 4, /* change; user: whom it is about; reason when they were removed */
    SYNCPLAY_EVENT_CHAT = 5,        /* text, message_id; user: the author */
    SYNCPLAY_EVENT_SESSION = 6,     /* settings or content have changed; user: by whom */
    SYNCPLAY_EVENT_CHAT_DELETED = 7, /* message_id; user: by whom */
    SYNCPLAY_EVENT_INVITATION = 8,  /* invitation, invitation_change; user: who made, used or revoked it */
    SYNCPLAY_EVENT_TYPING = 9,      /* typing; user: who is writing in the chat, or no longer. Since 0.4 */
    SYNCPLAY_EVENT_REACTION = 10    /* text; user: whose it is. Since 0.4 */
} syncplay_event_kind;

/* What became of the playback. */
typedef enum syncplay_action {
    SYNCPLAY_ACTION_PLAY = 1,
    SYNCPLAY_ACTION_PAUSE = 2,
    SYNCPLAY_ACTION_SEEK = 3
} syncplay_action;

/* What became of a participant, or of somebody who wants to be one. */
typedef enum syncplay_change {
    SYNCPLAY_CHANGE_JOINED = 1,
    SYNCPLAY_CHANGE_LEFT = 2,
    SYNCPLAY_CHANGE_READY = 3,
    SYNCPLAY_CHANGE_STALLED = 4,
    SYNCPLAY_CHANGE_EXCUSED = 5,      /* no longer waited for */
    SYNCPLAY_CHANGE_DISCONNECTED = 6, /* and did not come back within away_after; the seat is kept for the grace time */
    SYNCPLAY_CHANGE_RETURNED = 7,
    SYNCPLAY_CHANGE_REQUESTED = 8,    /* knocks */
    SYNCPLAY_CHANGE_ADMITTED = 9,     /* they were let in; "joined" follows */
    SYNCPLAY_CHANGE_DENIED = 10,      /* the knock is over: denied, withdrawn or timed out */
    SYNCPLAY_CHANGE_KICKED = 11,      /* removed; see reason */
    SYNCPLAY_CHANGE_HOST = 12,        /* is the host now */
    SYNCPLAY_CHANGE_ROLE = 13,        /* has another role, or other overrides */
    SYNCPLAY_CHANGE_MUTED = 14,
    SYNCPLAY_CHANGE_UNMUTED = 15,
    SYNCPLAY_CHANGE_BANNED = 16,      /* may not come in any more; "kicked" came before if they were here */
    SYNCPLAY_CHANGE_UNBANNED = 17     /* may come in again */
} syncplay_change;

/* What became of an invitation. */
typedef enum syncplay_invitation_change {
    SYNCPLAY_INVITATION_CREATED = 1,
    SYNCPLAY_INVITATION_USED = 2,
    SYNCPLAY_INVITATION_REVOKED = 3
} syncplay_invitation_change;

/* Why a session is over: for everyone, or for one participant. */
typedef enum syncplay_reason {
    SYNCPLAY_REASON_NONE = 0,
    SYNCPLAY_REASON_HOST = 1,     /* ended by its host */
    SYNCPLAY_REASON_TIMEOUT = 2,  /* nobody there, or nothing happened, for session_timeout; a knock nobody answered; a seat
                                     that nobody came back to within seat_grace */
    SYNCPLAY_REASON_SHUTDOWN = 3, /* the host application ended it */
    SYNCPLAY_REASON_KICKED = 4,
    SYNCPLAY_REASON_DENIED = 5,
    SYNCPLAY_REASON_LATENCY = 6,  /* average latency above max_latency */
    SYNCPLAY_REASON_REPLACED = 7, /* the same user took the seat over from another connection */
    SYNCPLAY_REASON_LEFT = 8,     /* the same user left, from elsewhere */
    SYNCPLAY_REASON_BANNED = 9,
    SYNCPLAY_REASON_OPERATOR = 10 /* whoever runs the host application ended it, for good; since 0.4 */
} syncplay_reason;

/* The name of each value as it stands on the wire; "unknown" for anything else. Static strings. */
SYNCPLAY_API const char *syncplay_action_name(syncplay_action action);
SYNCPLAY_API const char *syncplay_change_name(syncplay_change change);
SYNCPLAY_API const char *syncplay_reason_name(syncplay_reason reason);
SYNCPLAY_API const char *syncplay_invitation_change_name(syncplay_invitation_change change);

/* Only the fields named at the kind are set; the others are zero, none or NULL. Filled by the library. */
typedef struct syncplay_event {
    size_t struct_size;
    syncplay_event_kind kind; /* what happened */
    syncplay_id session;      /* in which session */
    const char *code;         /* its code */
    int64_t unix_time;        /* when it happened */
    syncplay_id user;         /* see the kind */
    const char *user_name;    /* the name of that user; NULL without a user, and of one whose name was never known */

    syncplay_action action;   /* playback: what is done */
    syncplay_change change;   /* participant: what has become of them */
    syncplay_reason reason;   /* ended, participant: why */
    syncplay_phase phase;     /* playback: the phase now */
    int64_t position;         /* playback: at unix_time, microseconds of media */
    int64_t unix_at;          /* playback: when it begins, or began, to move, as in syncplay_session_info */
    int32_t speed;            /* playback: hundredths */
    uint64_t revision;        /* playback: the session's */
    const char *text;         /* chat, reaction: what was said or shown */
    syncplay_id message_id;   /* chat, chat deleted: of the message */
    syncplay_id invitation;   /* invitation: its id */
    syncplay_invitation_change invitation_change; /* invitation: what has become of it */
    bool typing;              /* typing: whether they are writing; since 0.4 */
} syncplay_event;

#ifdef __cplusplus
}
#endif

#endif
