/* Saving a session. */
#include <stdio.h>

#include "snapshot.h"

#include "hub.h"
#include "invitations.h"
#include "removed.h"

static void save_token(struct json_writer *w, const char *key, const struct token_hash *hash)
{
    char text[TOKEN_HEX_SIZE] = "";
    if (!token_is_none(hash))
        token_write_hex(hash, text);
    json_key_text(w, key, text);
}

/* 0 for a time before all others: TOKEN_BUCKET_FULL, REMOVED_LET_IN. */
static int64_t saved_time(int64_t time, int64_t offset)
{
    return time == INT64_MIN ? 0 : time + offset;
}

static void save_seat(struct json_writer *w, const struct seat *seat, int64_t offset)
{
    char digest[17];
    json_open(w, '{');
    json_key_id(w, "user_id", &seat->user);
    json_key_text(w, "name", seat->name);
    json_key_bool(w, "knocking", seat->knocking);
    json_key_bool(w, "was_connected", seat->was_connected);
    json_key_integer(w, "role", seat->role);
    json_key_integer(w, "role_cap", seat->role_cap);
    json_key_integer(w, "allow", seat->allow);
    json_key_integer(w, "deny", seat->deny);
    save_token(w, "resume", &seat->resume);
    json_key_milliseconds(w, "joined_at", seat->unix_joined);
    json_key_bool(w, "ready", seat->barrier.ready);
    json_key_bool(w, "excused", seat->barrier.excused);
    json_key_bool(w, "opted_out", seat->barrier.opted_out);
    json_key_bool(w, "catching_up", seat->barrier.catching_up);
    json_key_milliseconds(w, "spent_ms", seat->barrier.spent);
    json_key_milliseconds(w, "chat_full_at", saved_time(seat->chat_rate.full_at, offset));
    json_key(w, "latency_ms");
    json_open(w, '[');
    for (unsigned i = 0; i < seat->latency.count; i++)
        json_milliseconds(w, latency_sample(&seat->latency, i));
    json_close(w, ']');
    json_key(w, "client_ids");
    json_open(w, '[');
    for (unsigned i = 0; i < SEAT_CLIENT_IDS; i++) {
        uint64_t seen = seat->client_ids[(seat->next_client_id + i) % SEAT_CLIENT_IDS];
        snprintf(digest, sizeof digest, "%016llx", (unsigned long long)seen);
        if (seen)
            json_text(w, digest);
    }
    json_close(w, ']');
    json_close(w, '}');
}

static void save_removed(struct json_writer *w, const struct session *session, int64_t offset)
{
    json_key(w, "removed");
    json_open(w, '[');
    for (uint32_t i = 0; i < session->removed_count; i++) {
        const struct removed *removed = &session->removed[i];
        json_open(w, '{');
        json_key_id(w, "user_id", &removed->user);
        json_key_text(w, "name", removed->name);
        json_key_bool(w, "banned", removed->banned);
        json_key_milliseconds(w, "until", saved_time(removed->until, offset));
        json_key_integer(w, "role_cap", removed->role_cap);
        json_key_integer(w, "deny", removed->deny);
        json_key_milliseconds(w, "chat_full_at", saved_time(removed->chat_full_at, offset));
        json_key_milliseconds(w, "spent_ms", removed->spent);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void save_invitations(struct json_writer *w, const struct session *session, int64_t offset)
{
    json_key(w, "invitations");
    json_open(w, '[');
    for (uint32_t i = 0; i < session->invitation_count; i++) {
        const struct invitation *invitation = &session->invitations[i];
        bool ends = invitation->expires != SYNCPLAY_NEVER;
        json_open(w, '{');
        json_key_id(w, "id", &invitation->id);
        save_token(w, "token", &invitation->token);
        json_key_integer(w, "role", invitation->role);
        json_key_id(w, "made_by", &invitation->made_by);
        json_key_milliseconds(w, "created_at", invitation->unix_created);
        json_key_milliseconds(w, "expires_at", ends ? invitation->expires + offset : 0);
        json_key_integer(w, "uses", invitation->uses);
        json_key_integer(w, "used", invitation->used);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void save_history(struct json_writer *w, const struct history *history)
{
    json_key(w, "messages");
    json_open(w, '[');
    for (uint32_t i = 0; i < history->count; i++) {
        const struct history_message *message = history_at(history, i);
        json_open(w, '{');
        json_key_id(w, "id", &message->id);
        json_key_id(w, "user_id", &message->user);
        json_key_text(w, "name", message->name);
        json_key_text(w, "message", message->text);
        json_key_milliseconds(w, "timestamp", message->unix_time);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void save(struct json_writer *w, const struct session *session, int64_t offset, uint32_t flags)
{
    json_open(w, '{');
    json_key_integer(w, "syncplay_session", SNAPSHOT_FORMAT);
    json_key_id(w, "id", &session->id);
    json_key_text(w, "code", session->code);
    json_key_id(w, "host_user_id", &session->host);
    json_key_text(w, "content_type", session->content.type);
    json_key_id(w, "content_id", &session->content.id);
    json_key_text(w, "title", session->content.title ? session->content.title : "");
    json_key_text(w, "url", session->content.url ? session->content.url : "");
    json_key_integer(w, "visibility", session->settings.visibility);
    json_key_integer(w, "control", session->settings.control);
    json_key_integer(w, "max_participants", session->settings.max_participants);
    json_key_bool(w, "chat_enabled", session->settings.chat_enabled);
    json_key_integer(w, "strangers", session->settings.strangers);
    json_key_integer(w, "wait", session->settings.wait);
    json_key_integer(w, "phase", session->phase);
    json_key_milliseconds(w, "position_ms", session->timeline.position);
    json_key_milliseconds(w, "at", session->timeline.at + offset);
    json_key_integer(w, "speed", session->timeline.speed);
    json_key_integer(w, "revision", (int64_t)session->revision);
    json_key_milliseconds(w, "created_at", session->unix_created);
    json_key_milliseconds(w, "last_sync_at", session->unix_last_sync);
    json_key_milliseconds(w, "active_at", session->active + offset);
    json_key_milliseconds(w, "empty_since",
                          session->empty_since == SYNCPLAY_NEVER ? 0 : session->empty_since + offset);
    json_key(w, "participants");
    json_open(w, '[');
    for (uint32_t i = 0; i < session->seat_count; i++)
        save_seat(w, session->seats[i], offset);
    json_close(w, ']');
    save_removed(w, session, offset);
    save_invitations(w, session, offset);
    if (!(flags & SYNCPLAY_SAVE_WITHOUT_CHAT))
        save_history(w, &session->history);
    json_close(w, '}');
}

int syncplay_hub_save(const syncplay_hub *hub, int64_t now, const syncplay_id *id, uint32_t flags, char *buffer,
                      size_t capacity, size_t *length)
{
    struct json_writer writer;
    const struct session *session = hub ? registry_find(hub, id) : NULL;
    (void)now;
    if (!hub || !length || (!buffer && capacity) || flags & ~SYNCPLAY_SAVE_WITHOUT_CHAT)
        return SYNCPLAY_ERROR_ARGUMENT;
    if (!session)
        return SYNCPLAY_ERROR_NOT_FOUND;
    json_begin(&writer, buffer, capacity ? capacity - 1 : 0);
    save(&writer, session, hub->unix_offset, flags);
    *length = writer.length;
    if (writer.length >= capacity)
        return SYNCPLAY_ERROR_BUFFER;
    buffer[writer.length] = 0;
    return SYNCPLAY_OK;
}
