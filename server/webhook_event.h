/* What webhooks tell of: the events, and each as the JSON that is sent. Knows no receivers. */
#ifndef SERVER_WEBHOOK_EVENT_H
#define SERVER_WEBHOOK_EVENT_H

#include <stdbool.h>
#include <stddef.h>

#include <syncplay/event.h>

enum webhook_kind {
    WEBHOOK_SESSION_STARTED,
    WEBHOOK_SESSION_ENDED,
    WEBHOOK_PARTICIPANT_JOINED, /* has a seat now */
    WEBHOOK_PARTICIPANT_LEFT,   /* and has none any more */
    WEBHOOK_KINDS
};

/* Of a name, with its zero byte. */
#define WEBHOOK_KIND_NAME_SIZE 32

/* "session.started" */
const char *webhook_kind_name(enum webhook_kind kind);

/* Reads "all", or names with commas between; bit 1 << kind for each. False, and nothing changed, if one is unknown. */
bool webhook_kinds_read(const char *text, unsigned *kinds);

/*
 * The body, for the caller to free; NULL when out of memory. `id` is the delivery's. No invitation, no chat and no URL of a
 * film is in it, but the session's code is.
 */
char *webhook_body(enum webhook_kind kind, const char *id, const syncplay_event *event,
                   const syncplay_session_info *session, size_t *length);

#endif
