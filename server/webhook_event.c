/* Events as JSON. */
#include "webhook_event.h"

#include <string.h>

#include "json_writer.h"

static const char *const names[WEBHOOK_KINDS] = {
    [WEBHOOK_SESSION_STARTED] = "session.started",
    [WEBHOOK_SESSION_ENDED] = "session.ended",
    [WEBHOOK_PARTICIPANT_JOINED] = "participant.joined",
    [WEBHOOK_PARTICIPANT_LEFT] = "participant.left",
};

const char *webhook_kind_name(enum webhook_kind kind)
{
    return names[kind];
}

/* The bit of a name; 0 if there is none like it. */
static unsigned bit_of(const char *name, size_t length)
{
    for (unsigned i = 0; i < WEBHOOK_KINDS; i++)
        if (strlen(names[i]) == length && strncmp(names[i], name, length) == 0)
            return 1u << i;
    return 0;
}

bool webhook_kinds_read(const char *text, unsigned *kinds)
{
    unsigned found = 0;
    if (strcmp(text, "all") == 0) {
        *kinds = (1u << WEBHOOK_KINDS) - 1;
        return true;
    }
    for (const char *at = text;; at++) {
        at += strspn(at, " ");
        size_t length = strcspn(at, " ,");
        unsigned bit = bit_of(at, length);
        if (bit == 0)
            return false;
        found |= bit;
        at += length;
        at += strspn(at, " ");
        if (*at == '\0')
            break;
        if (*at != ',')
            return false;
    }
    *kinds = found;
    return true;
}

static void put_session(struct json_writer *writer, const syncplay_session_info *info)
{
    json_put_object(writer, "session");
    json_put_id(writer, "id", &info->id);
    json_put_text(writer, "code", info->code);
    json_put_id(writer, "host_user_id", &info->host_user_id);
    json_put_text(writer, "content_type", info->content->type);
    json_put_id(writer, "content_id", &info->content->id);
    json_put_text(writer, "title", info->content->title);
    json_put_text(writer, "visibility", syncplay_visibility_name(info->settings->visibility));
    json_put_integer(writer, "participant_count", info->participants);
    json_put_bool(writer, "is_playing", info->is_playing);
    json_put_integer(writer, "position_ms", info->position / 1000);
    json_put_time(writer, "started_at", info->unix_created);
    json_end(writer);
}

static void put_user(struct json_writer *writer, const syncplay_event *event)
{
    if (syncplay_id_is_none(&event->user)) {
        json_put_text(writer, "user", NULL);
        return;
    }
    json_put_object(writer, "user");
    json_put_id(writer, "user_id", &event->user);
    json_put_text(writer, "name", event->user_name);
    json_end(writer);
}

/* Why; NULL for what needs no reason. */
static const char *reason_of(enum webhook_kind kind, const syncplay_event *event)
{
    if (kind != WEBHOOK_SESSION_ENDED && kind != WEBHOOK_PARTICIPANT_LEFT)
        return NULL;
    return syncplay_reason_name(event->reason == SYNCPLAY_REASON_NONE ? SYNCPLAY_REASON_LEFT : event->reason);
}

char *webhook_body(enum webhook_kind kind, const char *id, const syncplay_event *event,
                   const syncplay_session_info *session, size_t *length)
{
    struct json_writer writer = {0};
    json_put_object(&writer, NULL);
    json_put_text(&writer, "id", id);
    json_put_text(&writer, "event", names[kind]);
    json_put_time(&writer, "created_at", event->unix_time);
    put_session(&writer, session);
    put_user(&writer, event);
    json_put_text(&writer, "reason", reason_of(kind, event));
    json_end(&writer);
    return json_finish(&writer, length);
}
