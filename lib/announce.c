/* Messages to clients. */
#include <string.h>

#include "announce.h"
#include "access.h"
#include "describe.h"
#include "invitations.h"
#include "removed.h"
#include "rights.h"
#include "roster.h"

/* Upper bounds for announce_reserve, in bytes and messages; JSON escapes make up to six bytes of one in chat. */
enum {
    MESSAGE_BYTES = 1400 + DESCRIBE_SEAT_BYTES,
    STEP_ENTRIES = 10,
    CHANGE_ENTRIES = 3,
    ARRIVAL_ENTRIES = 4,
    WAITING_LISTS = 4, /* of the commands and states of one step */
    CHAT_ESCAPE = 6
};

static size_t text_length(const char *text)
{
    return text ? strlen(text) : 0;
}

static size_t entries_of(const struct session *session, size_t changes, size_t states)
{
    return STEP_ENTRIES + CHANGE_ENTRIES * changes + (ARRIVAL_ENTRIES + session->history.count) * states;
}

bool announce_reserve_again(const struct session *session, struct step *step, size_t messages)
{
    return outbox_reserve(step->outbox, step->memory, entries_of(session, session->seat_count, 1) + messages, 0, 0);
}

bool announce_reserve(const struct session *session, struct step *step, size_t changes, size_t arrivals)
{
    size_t seats = session->seat_count + 1u, states = arrivals + 1;
    size_t entries = entries_of(session, changes, states);
    const syncplay_content *film = &session->content;
    size_t content = text_length(film->type) + text_length(film->title) + text_length(film->url);
    size_t state = 2 * content + seats * (DESCRIBE_SEAT_BYTES + DESCRIBE_WAITING_BYTES) +
                   session->removed_count * (size_t)DESCRIBE_REMOVED_BYTES +
                   session->invitation_count * (size_t)DESCRIBE_INVITATION_BYTES +
                   CHAT_ESCAPE * session->history.text_bytes;
    size_t bytes = entries * MESSAGE_BYTES + states * state + 2 * content +
                   WAITING_LISTS * seats * DESCRIBE_WAITING_BYTES +
                   CHAT_ESCAPE * (size_t)step->config->chat_max_length * 4;
    return outbox_reserve(step->outbox, step->memory, entries, bytes, seats);
}

static struct outbox_entry *begin(struct step *step, const struct session *session, struct audience audience,
                                  const char *type, struct json_writer *w)
{
    struct outbox_entry *entry = outbox_begin(step->outbox, session, audience, w);
    json_open(w, '{');
    json_key_text(w, "type", type);
    return entry;
}

static void end(struct step *step, struct outbox_entry *entry, struct json_writer *w)
{
    if (entry->cursor)
        json_key_integer(w, "cursor", (int64_t)entry->cursor);
    json_close(w, '}');
    outbox_end(step->outbox, entry, w);
}

/* The typed event of a message; none goes with what is for a single connection. */
static void set_event(struct step *step, struct outbox_entry *entry, syncplay_event_kind kind,
                      const syncplay_id *user, const char *name)
{
    entry->has_event = entry->audience.kind != AUDIENCE_ONE;
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

static void write_by(struct json_writer *w, const struct seat *by)
{
    if (by)
        describe_user(w, "by", &by->user, by->name);
}

void announce_command(struct step *step, const struct session *session, struct audience audience,
                      syncplay_action action, const struct seat *by, const char *reason, const char *client_id)
{
    struct json_writer w;
    struct outbox_entry *entry = begin(step, session, audience, "command", &w);
    json_key_text(&w, "action", syncplay_action_name(action));
    describe_playback(&w, session, step);
    if (reason)
        json_key_text(&w, "reason", reason);
    write_by(&w, by);
    if (client_id)
        json_key_text(&w, "command_id", client_id);
    end(step, entry, &w);
    set_seat_event(step, entry, SYNCPLAY_EVENT_PLAYBACK, by);
    entry->event.action = action;
    entry->event.phase = session->phase;
    entry->event.position = timeline_position(&session->timeline, step->now);
    entry->event.unix_at = session->timeline.at + step->unix_offset;
    entry->event.speed = session->timeline.speed;
    entry->event.revision = session->revision;
}

void announce_participant(struct step *step, const struct session *session, struct audience audience,
                          const struct seat *seat, syncplay_change change, syncplay_reason reason)
{
    struct json_writer w;
    struct outbox_entry *entry = begin(step, session, audience, "participant", &w);
    json_key_text(&w, "action", syncplay_change_name(change));
    describe_user(&w, "user", &seat->user, seat->name);
    if (!seat->knocking && change != SYNCPLAY_CHANGE_LEFT && change != SYNCPLAY_CHANGE_KICKED)
        describe_participant(&w, "participant", session, seat);
    if (reason)
        json_key_text(&w, "reason", syncplay_reason_name(reason));
    end(step, entry, &w);
    set_seat_event(step, entry, SYNCPLAY_EVENT_PARTICIPANT, seat);
    entry->event.change = change;
    entry->event.reason = reason;
}

void announce_removed(struct step *step, const struct session *session, const syncplay_id *user, const char *name,
                      syncplay_change change)
{
    struct json_writer w;
    struct outbox_entry *entry = begin(step, session, to_holders(SYNCPLAY_RIGHT_BAN), "participant", &w);
    json_key_text(&w, "action", syncplay_change_name(change));
    describe_user(&w, "user", user, name);
    end(step, entry, &w);
    set_event(step, entry, SYNCPLAY_EVENT_PARTICIPANT, user, name);
    entry->event.change = change;
}

/* What they know of lists ends with the right to them: nobody tells them any more how it goes on. */
static void forget_lists(const struct session *session, struct seat *seat)
{
    seat->told_lists &= rights_of(session, seat);
}

void announce_you(struct step *step, const struct session *session, struct seat *seat)
{
    struct json_writer w;
    if (!seat->connection)
        return;
    struct outbox_entry *entry = begin(step, session, to_one(seat->connection), "you", &w);
    describe_you(&w, session, step, seat);
    forget_lists(session, seat);
    end(step, entry, &w);
}

void announce_chat(struct step *step, const struct session *session, struct audience audience,
                   const struct history_message *head, const char *text, const char *client_id, bool is_history)
{
    struct json_writer w;
    struct outbox_entry *entry = begin(step, session, audience, "chat", &w);
    json_key_id(&w, "id", &head->id);
    describe_user(&w, "user", &head->user, head->name);
    json_key_text(&w, "message", text);
    json_key_milliseconds(&w, "timestamp", head->unix_time);
    if (client_id)
        json_key_text(&w, "client_id", client_id);
    if (is_history)
        json_key_bool(&w, "history", true);
    end(step, entry, &w);
    set_event(step, entry, SYNCPLAY_EVENT_CHAT, &head->user, head->name);
    entry->event.text = text;
    entry->event.message_id = head->id;
}

void announce_chat_deleted(struct step *step, const struct session *session, const syncplay_id *message,
                           const struct seat *by)
{
    struct json_writer w;
    struct outbox_entry *entry = begin(step, session, to_all(), "chat_deleted", &w);
    json_key_id(&w, "id", message);
    write_by(&w, by);
    end(step, entry, &w);
    set_seat_event(step, entry, SYNCPLAY_EVENT_CHAT_DELETED, by);
    entry->event.message_id = *message;
}

void announce_typing(struct step *step, const struct session *session, const struct seat *by)
{
    struct json_writer w;
    struct outbox_entry *entry = begin(step, session, to_present_but(by->connection), "typing", &w);
    describe_user(&w, "user", &by->user, by->name);
    json_key_bool(&w, "typing", by->is_typing);
    end(step, entry, &w);
    set_seat_event(step, entry, SYNCPLAY_EVENT_TYPING, by);
    entry->event.typing = by->is_typing;
}

void announce_reaction(struct step *step, const struct session *session, const struct seat *by, const char *reaction)
{
    struct json_writer w;
    struct outbox_entry *entry = begin(step, session, to_present_but(0), "reaction", &w);
    describe_user(&w, "user", &by->user, by->name);
    json_key_text(&w, "reaction", reaction);
    end(step, entry, &w);
    set_seat_event(step, entry, SYNCPLAY_EVENT_REACTION, by);
    entry->event.text = reaction;
}

void announce_invitation(struct step *step, const struct session *session, const struct invitation *invitation,
                         syncplay_invitation_change change, const struct seat *by, const char *token,
                         const char *client_id)
{
    struct json_writer w;
    struct audience audience = token ? to_one(by->connection)
                                     : to_holders_but(SYNCPLAY_RIGHT_INVITE,
                                                      change == SYNCPLAY_INVITATION_CREATED ? by->connection : 0);
    struct outbox_entry *entry = begin(step, session, audience, "invitation", &w);
    json_key_text(&w, "action", syncplay_invitation_change_name(change));
    describe_invitation(&w, "invitation", invitation, step->unix_offset);
    if (token)
        json_key_text(&w, "token", token);
    write_by(&w, by);
    if (client_id)
        json_key_text(&w, "command_id", client_id);
    end(step, entry, &w);
    set_seat_event(step, entry, SYNCPLAY_EVENT_INVITATION, by);
    entry->event.invitation = invitation->id;
    entry->event.invitation_change = change;
}

void announce_session(struct step *step, const struct session *session, const struct seat *by)
{
    struct json_writer w;
    struct outbox_entry *entry = begin(step, session, to_all(), "session", &w);
    describe_session(&w, session);
    write_by(&w, by);
    end(step, entry, &w);
    set_seat_event(step, entry, SYNCPLAY_EVENT_SESSION, by);
}

void announce_state(struct step *step, const struct session *session, struct seat *seat,
                    const char *resume_token)
{
    struct json_writer w;
    if (!seat->connection)
        return;
    struct outbox_entry *entry = outbox_begin(step->outbox, session, to_one(seat->connection), &w);
    describe_state(&w, session, step, seat, resume_token, step->outbox->cursor);
    seat->told_lists = rights_of(session, seat) & ACCESS_WITH_LISTS;
    seat->told_state = step->now;
    outbox_end(step->outbox, entry, &w);
}

void announce_history(struct step *step, const struct session *session, uint64_t one)
{
    if (session->settings.chat_enabled)
        for (uint32_t i = 0; i < session->history.count; i++)
            announce_chat(step, session, to_one(one), history_at(&session->history, i),
                          history_at(&session->history, i)->text, NULL, true);
}

void announce_resumed(struct step *step, const struct session *session, struct seat *seat,
                      const char *resume_token)
{
    struct json_writer w;
    struct outbox_entry *entry = begin(step, session, to_one(seat->connection), "resumed", &w);
    if (resume_token)
        json_key_text(&w, "resume_token", resume_token);
    json_key_integer(&w, "cursor", (int64_t)step->outbox->cursor);
    json_key_milliseconds(&w, "server_time", step->now + step->unix_offset);
    describe_you(&w, session, step, seat);
    forget_lists(session, seat);
    end(step, entry, &w);
}

void announce_again(struct step *step, const struct session *session, uint64_t one, const char *bytes, size_t length)
{
    struct json_writer w;
    struct outbox_entry *entry = outbox_begin(step->outbox, session, to_one(one), &w);
    json_raw(&w, bytes, length);
    outbox_end(step->outbox, entry, &w);
}

static const char *reason_sentence(syncplay_reason reason)
{
    switch (reason) {
    case SYNCPLAY_REASON_HOST:
        return "the host ended the session";
    case SYNCPLAY_REASON_TIMEOUT:
        return "the time is over";
    case SYNCPLAY_REASON_KICKED:
        return "you were removed from the session";
    case SYNCPLAY_REASON_BANNED:
        return "you were removed from the session for good";
    case SYNCPLAY_REASON_DENIED:
        return "you were not let in";
    case SYNCPLAY_REASON_LATENCY:
        return "your connection is too slow: its latency is above the limit";
    case SYNCPLAY_REASON_REPLACED:
        return "you came in from somewhere else";
    case SYNCPLAY_REASON_LEFT:
        return "you left";
    case SYNCPLAY_REASON_OPERATOR:
        return "whoever runs this server ended the session";
    default:
        return "the session is over";
    }
}

void announce_ended(struct step *step, const struct session *session, uint64_t one, syncplay_reason reason,
                    const struct seat *by)
{
    struct json_writer w;
    struct outbox_entry *entry = begin(step, session, one ? to_one(one) : to_all(), "ended", &w);
    json_key_text(&w, "reason", syncplay_reason_name(reason));
    json_key_text(&w, "message", reason_sentence(reason));
    end(step, entry, &w);
    set_seat_event(step, entry, SYNCPLAY_EVENT_ENDED, by);
    entry->event.reason = reason;
}

void announce_created(struct step *step, const struct session *session, const struct seat *host)
{
    struct json_writer w;
    struct outbox_entry *entry = outbox_begin(step->outbox, session, (struct audience){.kind = AUDIENCE_NOBODY}, &w);
    set_seat_event(step, entry, SYNCPLAY_EVENT_CREATED, host);
}

void announce_pong(struct step *step, uint64_t one, double client_time)
{
    struct json_writer w;
    struct outbox_entry *entry = begin(step, NULL, to_one(one), "pong", &w);
    json_key(&w, "client_timestamp");
    json_double(&w, client_time);
    json_key_milliseconds(&w, "server_timestamp", step->now + step->unix_offset);
    end(step, entry, &w);
}

void announce_error(struct step *step, uint64_t one, int error, const char *message, const char *in_reply_to,
                    const char *client_id)
{
    struct json_writer w;
    struct outbox_entry *entry = begin(step, NULL, to_one(one), "error", &w);
    json_key_text(&w, "code", syncplay_error_code(error));
    json_key_text(&w, "message", message);
    if (in_reply_to)
        json_key_text(&w, "in_reply_to", in_reply_to);
    if (client_id)
        json_key_text(&w, "command_id", client_id);
    end(step, entry, &w);
}
