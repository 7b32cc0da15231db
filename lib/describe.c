/* What a session is, as JSON. */
#include "describe.h"

#include "invitations.h"
#include "removed.h"
#include "rights.h"
#include "roster.h"
#include "waiting.h"
#include "wire_rights.h"

static void open(struct json_writer *w, const char *key)
{
    if (key)
        json_key(w, key);
    json_open(w, '{');
}

static void write_user_fields(struct json_writer *w, const syncplay_id *id, const char *name)
{
    json_key_id(w, "user_id", id);
    json_key_text(w, "name", name);
}

void describe_user(struct json_writer *w, const char *key, const syncplay_id *id, const char *name)
{
    open(w, key);
    write_user_fields(w, id, name);
    json_close(w, '}');
}

/* What is known of this connection; in nothing that is saved or counts as a change. */
static void write_figures(struct json_writer *w, const struct seat *seat)
{
    int64_t round_trip = latency_round_trip(&seat->latency);
    if (round_trip >= 0)
        json_key_milliseconds(w, "round_trip_ms", round_trip);
    if (seat->report.drift != SYNCPLAY_DRIFT_UNSET)
        json_key_milliseconds(w, "drift_ms", seat->report.drift);
    if (seat->report.clock_error != SYNCPLAY_UNSET)
        json_key_milliseconds(w, "clock_error_ms", seat->report.clock_error);
    if (seat->report.start != SYNCPLAY_UNSET)
        json_key_milliseconds(w, "start_ms", seat->report.start);
}

void describe_participant(struct json_writer *w, const char *key, const struct session *session,
                          const struct seat *seat)
{
    bool is_host = seat_is_host(session, seat);
    open(w, key);
    write_user_fields(w, &seat->user, seat->name);
    json_key_bool(w, "is_host", is_host);
    json_key_bool(w, "is_connected", seat->connection || !seat->told_away);
    json_key_bool(w, "is_ready", seat->barrier.ready);
    json_key_bool(w, "is_excused", seat->barrier.excused || seat->barrier.opted_out);
    json_key_integer(w, "latency_ms", (latency_average(&seat->latency) + 500) / 1000);
    json_key_milliseconds(w, "joined_at", seat->unix_joined);
    json_key_text(w, "role", syncplay_role_name(rights_role(session, seat)));
    json_key_bool(w, "is_muted", !is_host && (seat->deny & SYNCPLAY_RIGHT_CHAT));
    if (seat->allow && !is_host)
        wire_rights_write(w, "allow", seat->allow);
    if (seat->deny && !is_host)
        wire_rights_write(w, "deny", seat->deny);
    write_figures(w, seat);
    json_close(w, '}');
}

void describe_invitation(struct json_writer *w, const char *key, const struct invitation *invitation,
                         int64_t unix_offset)
{
    open(w, key);
    json_key_id(w, "id", &invitation->id);
    json_key_text(w, "role", syncplay_role_name(invitation->role));
    json_key_id(w, "made_by", &invitation->made_by);
    json_key_milliseconds(w, "created_at", invitation->unix_created);
    if (invitation->expires != SYNCPLAY_NEVER)
        json_key_milliseconds(w, "expires_at", invitation->expires + unix_offset);
    if (invitation->uses)
        json_key_integer(w, "uses", invitation->uses);
    json_key_integer(w, "used", invitation->used);
    json_close(w, '}');
}

void describe_session(struct json_writer *w, const struct session *session)
{
    const syncplay_settings *settings = &session->settings;
    open(w, "session");
    json_key_id(w, "id", &session->id);
    json_key_text(w, "code", session->code);
    json_key_id(w, "host_user_id", &session->host);
    json_key_text(w, "content_type", session->content.type);
    json_key_id(w, "content_id", &session->content.id);
    if (session->content.title)
        json_key_text(w, "title", session->content.title);
    if (session->content.url)
        json_key_text(w, "url", session->content.url);
    json_key_text(w, "visibility", syncplay_visibility_name(settings->visibility));
    json_key_text(w, "control", syncplay_control_name(settings->control));
    json_key_integer(w, "max_participants", settings->max_participants);
    json_key_bool(w, "chat_enabled", settings->chat_enabled);
    json_key_text(w, "strangers", syncplay_strangers_name(settings->strangers));
    json_key_text(w, "wait", syncplay_wait_name(settings->wait));
    json_close(w, '}');
}

void describe_playback(struct json_writer *w, const struct session *session, const struct step *step)
{
    const syncplay_hub_config *config = step->config;
    int64_t now = step->now, at = session->timeline.at > now ? session->timeline.at : now;
    json_key_bool(w, "is_playing", session->phase == SYNCPLAY_PLAYING);
    json_key_milliseconds(w, "position_ms", timeline_position(&session->timeline, now));
    json_key_milliseconds(w, "server_time", now + step->unix_offset);
    json_key_milliseconds(w, "at", at + step->unix_offset);
    json_key(w, "playback_speed");
    json_hundredths(w, session->timeline.speed);
    json_key_text(w, "phase", syncplay_phase_name(session->phase));
    json_key_integer(w, "revision", (int64_t)session->revision);
    json_key(w, "waiting_for");
    json_open(w, '[');
    if (session->phase == SYNCPLAY_WAITING)
        for (uint32_t i = 0; i < session->seat_count; i++)
            if (waiting_is_outstanding(session, session->seats[i], config))
                json_id(w, &session->seats[i]->user);
    json_close(w, ']');
    if (session->phase == SYNCPLAY_WAITING)
        json_key_milliseconds(w, "wait_until", waiting_until(session, config) + step->unix_offset);
}

void describe_you(struct json_writer *w, const struct session *session, const struct step *step, const struct seat *you)
{
    uint32_t rights = rights_permitted(session, step, you);
    open(w, "you");
    write_user_fields(w, &you->user, you->name);
    json_key_bool(w, "is_host", seat_is_host(session, you));
    json_key_bool(w, "can_control", rights & SYNCPLAY_RIGHT_PLAY);
    json_key_text(w, "role", syncplay_role_name(rights_role(session, you)));
    wire_rights_write(w, "rights", rights);
    json_close(w, '}');
}

/* --- Lists for those who deal with them */

static void write_knocking(struct json_writer *w, const struct session *session)
{
    json_key(w, "knocking");
    json_open(w, '[');
    for (uint32_t i = 0; i < session->seat_count; i++)
        if (session->seats[i]->knocking)
            describe_user(w, NULL, &session->seats[i]->user, session->seats[i]->name);
    json_close(w, ']');
}

static void write_removed(struct json_writer *w, const struct session *session, const struct step *step)
{
    json_key(w, "removed");
    json_open(w, '[');
    for (uint32_t i = 0; i < session->removed_count; i++) {
        const struct removed *removed = &session->removed[i];
        if (!removed_keeps_out(removed, step->now))
            continue;
        json_open(w, '{');
        write_user_fields(w, &removed->user, removed->name);
        json_key_bool(w, "is_banned", removed->banned);
        if (!removed->banned)
            json_key_milliseconds(w, "until", removed->until + step->unix_offset);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void write_invitations(struct json_writer *w, const struct session *session, const struct step *step)
{
    json_key(w, "invitations");
    json_open(w, '[');
    for (uint32_t i = 0; i < session->invitation_count; i++)
        if (invitation_is_open(&session->invitations[i], step->now))
            describe_invitation(w, NULL, &session->invitations[i], step->unix_offset);
    json_close(w, ']');
}

void describe_state(struct json_writer *w, const struct session *session, const struct step *step,
                    const struct seat *you, const char *resume_token, uint64_t cursor)
{
    uint32_t rights = you ? rights_of(session, you) : 0;
    json_open(w, '{');
    json_key_text(w, "type", "state");
    describe_playback(w, session, step);
    json_key(w, "participants");
    json_open(w, '[');
    for (uint32_t i = 0; i < session->seat_count; i++)
        if (!session->seats[i]->knocking)
            describe_participant(w, NULL, session, session->seats[i]);
    json_close(w, ']');
    describe_session(w, session);
    if (you)
        describe_you(w, session, step, you);
    json_key_integer(w, "cursor", (int64_t)cursor);
    if (resume_token)
        json_key_text(w, "resume_token", resume_token);
    if (rights & SYNCPLAY_RIGHT_ADMIT)
        write_knocking(w, session);
    if (rights & SYNCPLAY_RIGHT_BAN)
        write_removed(w, session, step);
    if (rights & SYNCPLAY_RIGHT_INVITE)
        write_invitations(w, session, step);
    json_close(w, '}');
}
