/* Messages to clients. */
#include <string.h>

#include "access.h"
#include "announce.h"
#include "roster.h"
#include "waiting.h"

/* Upper bounds in bytes, for announce_reserve: JSON escapes make at most two bytes of one in what has passed text_is_line,
 * six in chat. */
enum {
    MESSAGE_BYTES = 1400,
    SEAT_BYTES = 2 * SEAT_NAME_SIZE + 300,
    WAITING_BYTES = 3 * (SYNCPLAY_ID_SIZE + 4), /* one seat in waiting_for, of three commands */
    STEP_ENTRIES = 8,
    CHAT_ESCAPE = 6
};

static size_t text_length(const char *text)
{
    return text ? strlen(text) : 0;
}

bool announce_reserve(const struct session *session, struct step *step, size_t changes)
{
    size_t seats = session->seat_count + 1u, entries = STEP_ENTRIES + 2 * changes + session->history.count;
    size_t content = text_length(session->content_type) + text_length(session->title) + text_length(session->url);
    size_t bytes = entries * (MESSAGE_BYTES + SEAT_BYTES) + seats * (2 * SEAT_BYTES + WAITING_BYTES) + 4 * content +
                   CHAT_ESCAPE * (4 * (size_t)step->config->chat_max_length + session->history.text_bytes);
    return outbox_reserve(step->outbox, step->memory, entries, bytes, seats);
}

static void write_user(struct json_writer *w, const char *key, const syncplay_id *id, const char *name)
{
    json_key(w, key);
    json_open(w, '{');
    json_key_id(w, "user_id", id);
    json_key_text(w, "name", name);
    json_close(w, '}');
}

static void write_participant(struct json_writer *w, const struct session *session, const struct seat *seat)
{
    json_open(w, '{');
    json_key_id(w, "user_id", &seat->user);
    json_key_text(w, "name", seat->name);
    json_key_bool(w, "is_host", seat_is_host(session, seat));
    json_key_bool(w, "is_connected", seat->connection != 0);
    json_key_bool(w, "is_ready", seat->barrier.ready);
    json_key_bool(w, "is_excused", seat->barrier.excused || seat->barrier.opted_out);
    json_key_integer(w, "latency_ms", (latency_average(&seat->latency) + 500) / 1000);
    json_key_milliseconds(w, "joined_at", seat->unix_joined);
    json_close(w, '}');
}

static void write_session(struct json_writer *w, const struct session *session)
{
    json_key(w, "session");
    json_open(w, '{');
    json_key_id(w, "id", &session->id);
    json_key_text(w, "code", session->code);
    json_key_id(w, "host_user_id", &session->host);
    json_key_text(w, "content_type", session->content_type);
    json_key_id(w, "content_id", &session->content_id);
    if (session->title)
        json_key_text(w, "title", session->title);
    if (session->url)
        json_key_text(w, "url", session->url);
    json_key_text(w, "visibility", syncplay_visibility_name(session->settings.visibility));
    json_key_text(w, "control", syncplay_control_name(session->settings.control));
    json_key_integer(w, "max_participants", session->settings.max_participants);
    json_key_bool(w, "chat_enabled", session->settings.chat_enabled);
    json_close(w, '}');
}

/* What `state` and `command` have in common. */
static void write_playback(struct json_writer *w, const struct session *session, const syncplay_hub_config *config,
                           int64_t position, int64_t now, int64_t unix_offset)
{
    json_key_bool(w, "is_playing", session->phase == SYNCPLAY_PLAYING);
    json_key_milliseconds(w, "position_ms", position);
    json_key_milliseconds(w, "server_time", now + unix_offset);
    json_key_milliseconds(w, "at", (session->timeline.at > now ? session->timeline.at : now) + unix_offset);
    json_key(w, "playback_speed");
    json_hundredths(w, session->timeline.speed);
    json_key_text(w, "phase", syncplay_phase_name(session->phase));
    json_key_integer(w, "revision", (int64_t)session->revision);
    json_key(w, "waiting_for");
    json_open(w, '[');
    if (session->phase == SYNCPLAY_WAITING)
        for (uint32_t i = 0; i < session->seat_count; i++)
            if (waiting_is_outstanding(session->seats[i], config))
                json_id(w, &session->seats[i]->user);
    json_close(w, ']');
    if (session->phase == SYNCPLAY_WAITING)
        json_key_milliseconds(w, "wait_until", waiting_until(session, config) + unix_offset);
}

static struct outbox_entry *begin(struct step *step, const struct session *session, const char *type,
                                  struct json_writer *w)
{
    struct outbox_entry *entry = outbox_begin(step->outbox, session, w);
    json_open(w, '{');
    json_key_text(w, "type", type);
    return entry;
}

static void end(struct step *step, struct outbox_entry *entry, struct json_writer *w)
{
    json_close(w, '}');
    outbox_end(step->outbox, entry, w);
}

static void set_event(struct step *step, struct outbox_entry *entry, syncplay_event_kind kind,
                      const syncplay_id *user, const char *name)
{
    entry->has_event = true;
    entry->event.kind = kind;
    entry->event.session = entry->session->id;
    entry->event.code = entry->session->code;
    entry->event.unix_time = step->now + step->unix_offset;
    if (user)
        entry->event.user = *user;
    if (name)
        memcpy(entry->user_name, name, strlen(name) + 1);
}

static void set_seat_event(struct step *step, struct outbox_entry *entry, syncplay_event_kind kind,
                           const struct seat *seat)
{
    set_event(step, entry, kind, seat ? &seat->user : NULL, seat ? seat->name : NULL);
}

void announce_command(struct step *step, const struct session *session, uint64_t one, syncplay_action action,
                      const struct seat *by, const char *reason, const char *client_id)
{
    struct json_writer w;
    int64_t position = timeline_position(&session->timeline, step->now);
    struct outbox_entry *entry = begin(step, session, "command", &w);
    json_key_text(&w, "action", syncplay_action_name(action));
    write_playback(&w, session, step->config, position, step->now, step->unix_offset);
    if (reason)
        json_key_text(&w, "reason", reason);
    if (by)
        write_user(&w, "by", &by->user, by->name);
    if (client_id)
        json_key_text(&w, "command_id", client_id);
    end(step, entry, &w);
    entry->audience = one ? OUTBOX_ONE : OUTBOX_ALL;
    entry->one = one;
    if (one)
        return;
    set_seat_event(step, entry, SYNCPLAY_EVENT_PLAYBACK, by);
    entry->event.action = action;
    entry->event.phase = session->phase;
    entry->event.position = position;
    entry->event.unix_at = session->timeline.at + step->unix_offset;
    entry->event.speed = session->timeline.speed;
    entry->event.revision = session->revision;
}

void announce_participant(struct step *step, const struct session *session, enum outbox_audience audience, uint64_t one,
                          const struct seat *seat, syncplay_change change, syncplay_reason reason)
{
    struct json_writer w;
    struct outbox_entry *entry = begin(step, session, "participant", &w);
    json_key_text(&w, "action", syncplay_change_name(change));
    write_user(&w, "user", &seat->user, seat->name);
    if (!seat->knocking && change != SYNCPLAY_CHANGE_LEFT && change != SYNCPLAY_CHANGE_KICKED) {
        json_key(&w, "participant");
        write_participant(&w, session, seat);
    }
    if (reason)
        json_key_text(&w, "reason", syncplay_reason_name(reason));
    end(step, entry, &w);
    entry->audience = audience;
    entry->one = one;
    if (audience == OUTBOX_ONE)
        return;
    set_seat_event(step, entry, SYNCPLAY_EVENT_PARTICIPANT, seat);
    entry->event.change = change;
    entry->event.reason = reason;
}

void announce_chat(struct step *step, const struct session *session, enum outbox_audience audience, uint64_t one,
                   const struct history_message *head, const char *text, const char *client_id, bool is_history)
{
    struct json_writer w;
    struct outbox_entry *entry = begin(step, session, "chat", &w);
    json_key_id(&w, "id", &head->id);
    write_user(&w, "user", &head->user, head->name);
    json_key_text(&w, "message", text);
    json_key_milliseconds(&w, "timestamp", head->unix_time);
    if (client_id)
        json_key_text(&w, "client_id", client_id);
    if (is_history)
        json_key_bool(&w, "history", true);
    end(step, entry, &w);
    entry->audience = audience;
    entry->one = one;
    if (audience == OUTBOX_ONE)
        return;
    set_event(step, entry, SYNCPLAY_EVENT_CHAT, &head->user, head->name);
    entry->event.text = text;
    entry->event.message_id = head->id;
}

void announce_session(struct step *step, const struct session *session, const struct seat *by)
{
    struct json_writer w;
    struct outbox_entry *entry = begin(step, session, "session", &w);
    write_session(&w, session);
    if (by)
        write_user(&w, "by", &by->user, by->name);
    end(step, entry, &w);
    entry->audience = OUTBOX_ALL;
    set_seat_event(step, entry, SYNCPLAY_EVENT_SESSION, by);
}

static void write_you(struct json_writer *w, const struct session *session, const struct seat *you)
{
    bool is_host = seat_is_host(session, you);
    json_key(w, "you");
    json_open(w, '{');
    json_key_id(w, "user_id", &you->user);
    json_key_text(w, "name", you->name);
    json_key_bool(w, "is_host", is_host);
    json_key_bool(w, "can_control", access_may(SYNCPLAY_COMMAND_PLAY, is_host, session->settings.control));
    json_close(w, '}');
}

static void write_knocking(struct json_writer *w, const struct session *session)
{
    json_key(w, "knocking");
    json_open(w, '[');
    for (uint32_t i = 0; i < session->seat_count; i++)
        if (session->seats[i]->knocking) {
            json_open(w, '{');
            json_key_id(w, "user_id", &session->seats[i]->user);
            json_key_text(w, "name", session->seats[i]->name);
            json_close(w, '}');
        }
    json_close(w, ']');
}

void announce_write_state(struct json_writer *w, const struct session *session, const struct seat *you,
                          const syncplay_hub_config *config, int64_t now, int64_t unix_offset)
{
    json_open(w, '{');
    json_key_text(w, "type", "state");
    write_playback(w, session, config, timeline_position(&session->timeline, now), now, unix_offset);
    json_key(w, "participants");
    json_open(w, '[');
    for (uint32_t i = 0; i < session->seat_count; i++)
        if (!session->seats[i]->knocking)
            write_participant(w, session, session->seats[i]);
    json_close(w, ']');
    write_session(w, session);
    if (you) {
        write_you(w, session, you);
        if (seat_is_host(session, you))
            write_knocking(w, session);
    }
    json_close(w, '}');
}

void announce_state(struct step *step, const struct session *session, const struct seat *seat)
{
    struct json_writer w;
    if (!seat->connection)
        return;
    struct outbox_entry *entry = outbox_begin(step->outbox, session, &w);
    announce_write_state(&w, session, seat, step->config, step->now, step->unix_offset);
    outbox_end(step->outbox, entry, &w);
    entry->audience = OUTBOX_ONE;
    entry->one = seat->connection;
}

void announce_history(struct step *step, const struct session *session, uint64_t one)
{
    if (one && session->settings.chat_enabled)
        for (uint32_t i = 0; i < session->history.count; i++)
            announce_chat(step, session, OUTBOX_ONE, one, history_at(&session->history, i),
                          history_at(&session->history, i)->text, NULL, true);
}

static const char *reason_sentence(syncplay_reason reason)
{
    switch (reason) {
    case SYNCPLAY_REASON_HOST:
        return "the host ended the session";
    case SYNCPLAY_REASON_TIMEOUT:
        return "the time is over";
    case SYNCPLAY_REASON_KICKED:
        return "the host removed you";
    case SYNCPLAY_REASON_DENIED:
        return "the host did not let you in";
    case SYNCPLAY_REASON_LATENCY:
        return "your connection is too slow: its latency is above the limit";
    case SYNCPLAY_REASON_REPLACED:
        return "you came in from somewhere else";
    case SYNCPLAY_REASON_LEFT:
        return "you left";
    default:
        return "the session is over";
    }
}

void announce_ended(struct step *step, const struct session *session, uint64_t one, syncplay_reason reason,
                    const struct seat *by)
{
    struct json_writer w;
    struct outbox_entry *entry = begin(step, session, "ended", &w);
    json_key_text(&w, "reason", syncplay_reason_name(reason));
    json_key_text(&w, "message", reason_sentence(reason));
    end(step, entry, &w);
    entry->audience = one ? OUTBOX_ONE : OUTBOX_ALL;
    entry->one = one;
    if (one)
        return;
    set_seat_event(step, entry, SYNCPLAY_EVENT_ENDED, by);
    entry->event.reason = reason;
}

void announce_created(struct step *step, const struct session *session, const struct seat *host)
{
    struct json_writer w;
    struct outbox_entry *entry = outbox_begin(step->outbox, session, &w);
    set_seat_event(step, entry, SYNCPLAY_EVENT_CREATED, host);
}

void announce_pong(struct step *step, uint64_t one, double client_time)
{
    struct json_writer w;
    struct outbox_entry *entry = begin(step, NULL, "pong", &w);
    json_key(&w, "client_timestamp");
    json_double(&w, client_time);
    json_key_milliseconds(&w, "server_timestamp", step->now + step->unix_offset);
    end(step, entry, &w);
    entry->audience = OUTBOX_ONE;
    entry->one = one;
}

void announce_error(struct step *step, uint64_t one, int error, const char *message, const char *in_reply_to,
                    const char *client_id)
{
    struct json_writer w;
    struct outbox_entry *entry = begin(step, NULL, "error", &w);
    json_key_text(&w, "code", syncplay_error_code(error));
    json_key_text(&w, "message", message);
    if (in_reply_to)
        json_key_text(&w, "in_reply_to", in_reply_to);
    if (client_id)
        json_key_text(&w, "command_id", client_id);
    end(step, entry, &w);
    entry->audience = OUTBOX_ONE;
    entry->one = one;
}
