/* Who sits, who knocks, who is the host. */
#include <string.h>

#include "membership.h"

#include "access.h"
#include "announce.h"
#include "playback.h"
#include "roster.h"

/* The host's seat passes on when its owner has none any more: to whoever connected is there the longest. */
static void ensure_host(struct session *session, struct step *step)
{
    if (roster_find(session, &session->host) && !roster_find(session, &session->host)->knocking)
        return;
    for (uint32_t i = 0; i < session->seat_count; i++) {
        struct seat *seat = session->seats[i];
        if (seat->knocking || !seat->connection)
            continue;
        session->host = seat->user;
        announce_participant(step, session, OUTBOX_ALL, 0, seat, SYNCPLAY_CHANGE_HOST, SYNCPLAY_REASON_NONE);
        announce_state(step, session, seat); /* the new host learns who knocks, and may control */
        return;
    }
}

static void note_presence(struct session *session, const struct step *step)
{
    if (roster_connected(session))
        session->empty_since = SYNCPLAY_NEVER;
    else if (session->empty_since == SYNCPLAY_NEVER)
        session->empty_since = step->now;
}

/* Both kinds of coming in end here: the seat is connected (or not), and the others and it are told. */
static void settle(struct session *session, struct step *step, struct seat *seat, uint64_t connection,
                   syncplay_change change)
{
    bool runs = session->phase == SYNCPLAY_PLAYING || session->phase == SYNCPLAY_WAITING;
    seat->connection = connection;
    seat->gone_since = connection ? SYNCPLAY_NEVER : step->now;
    seat->was_connected |= connection != 0;
    seat->unheard = runs;
    if (runs && !seat->barrier.ready)
        seat->barrier.catching_up = true; /* stops nobody */
    note_presence(session, step);
    announce_participant(step, session, OUTBOX_ALL, connection, seat, change, SYNCPLAY_REASON_NONE);
    ensure_host(session, step);
    announce_state(step, session, seat);
    announce_history(step, session, connection);
    playback_resolve(session, step, "ready"); /* it may have been the one waited for, and is catching up now */
}

static int come_back(struct session *session, struct step *step, struct seat *seat, uint64_t connection)
{
    if (!connection || connection == seat->connection) { /* by REST, or again: a join always gets a state */
        announce_state(step, session, seat);
        return SYNCPLAY_OK;
    }
    if (seat->connection)
        announce_ended(step, session, seat->connection, SYNCPLAY_REASON_REPLACED, NULL);
    settle(session, step, seat, connection, seat->was_connected ? SYNCPLAY_CHANGE_RETURNED : SYNCPLAY_CHANGE_JOINED);
    return SYNCPLAY_OK;
}

static int knock(struct session *session, struct step *step, struct seat *seat, const syncplay_user *user,
                 uint64_t connection)
{
    if (!seat) {
        uint32_t knocking = session->seat_count - roster_members(session);
        if (knocking >= step->config->max_knocks)
            return step_fail(step, SYNCPLAY_ERROR_LIMIT, "at most %u may knock at the same time",
                             step->config->max_knocks);
        seat = roster_add(session, step->memory, user);
        if (!seat)
            return SYNCPLAY_ERROR_MEMORY;
        seat->knocking = true;
        seat->barrier.since = step->now;
        seat->unix_joined = step->now + step->unix_offset;
        seat->gone_since = step->now; /* knocking began: what the time limit counts from */
        announce_participant(step, session, OUTBOX_HOST, 0, seat, SYNCPLAY_CHANGE_REQUESTED, SYNCPLAY_REASON_NONE);
    }
    if (connection) {
        if (seat->connection && seat->connection != connection)
            announce_ended(step, session, seat->connection, SYNCPLAY_REASON_REPLACED, NULL);
        seat->connection = connection;
        announce_participant(step, session, OUTBOX_ONE, connection, seat, SYNCPLAY_CHANGE_REQUESTED,
                             SYNCPLAY_REASON_NONE);
    }
    return SYNCPLAY_OK;
}

static int check_room(const struct session *session, struct step *step)
{
    if (roster_members(session) < session->settings.max_participants)
        return SYNCPLAY_OK;
    return step_fail(step, SYNCPLAY_ERROR_FULL, "the session is full: max_participants is %u",
                     session->settings.max_participants);
}

static enum access_entry entry_of(const struct session *session, const struct step *step, const syncplay_id *user)
{
    bool is_friend = session->settings.visibility == SYNCPLAY_FRIENDS && step->callbacks->are_friends &&
                     step->callbacks->are_friends(step->user_data, &session->host, user);
    return access_entry(session->settings.visibility, syncplay_id_equal(&session->host, user), is_friend);
}

int membership_join(struct session *session, struct step *step, const syncplay_user *user, uint64_t connection)
{
    struct seat *seat = roster_find(session, &user->id);
    if (roster_is_removed(session, &user->id))
        return step_fail(step, SYNCPLAY_ERROR_REMOVED, "the host removed you from this session");
    if (seat && !seat->knocking)
        return come_back(session, step, seat, connection);
    enum access_entry entry = entry_of(session, step, &user->id);
    if (entry == ACCESS_REFUSE)
        return step_fail(step, SYNCPLAY_ERROR_FORBIDDEN, "this session is for friends of its host");
    int error = check_room(session, step);
    if (error)
        return error;
    if (seat || entry == ACCESS_KNOCK)
        return knock(session, step, seat, user, connection);
    seat = roster_add(session, step->memory, user);
    if (!seat)
        return SYNCPLAY_ERROR_MEMORY;
    seat->barrier.since = step->now;
    seat->unix_joined = step->now + step->unix_offset;
    settle(session, step, seat, connection, SYNCPLAY_CHANGE_JOINED);
    return SYNCPLAY_OK;
}

void membership_remove(struct session *session, struct step *step, struct seat *seat, syncplay_change change,
                       syncplay_reason reason)
{
    enum outbox_audience audience = seat->knocking ? OUTBOX_HOST : OUTBOX_ALL;
    announce_participant(step, session, audience, seat->connection, seat,
                         seat->knocking ? SYNCPLAY_CHANGE_DENIED : change,
                         reason == SYNCPLAY_REASON_LEFT ? SYNCPLAY_REASON_NONE : reason);
    if (seat->connection)
        announce_ended(step, session, seat->connection, reason, NULL);
    roster_remove(session, step->memory, seat);
    note_presence(session, step);
    ensure_host(session, step);
    playback_resolve(session, step, "ready");
}

int membership_leave(struct session *session, struct step *step, struct seat *seat)
{
    membership_remove(session, step, seat, SYNCPLAY_CHANGE_LEFT, SYNCPLAY_REASON_LEFT);
    return SYNCPLAY_OK;
}

/* The one who knocks and whom a command is about; NULL after step_fail. */
static struct seat *find_knocking(struct session *session, struct step *step, const syncplay_command *command)
{
    struct seat *seat = roster_find(session, &command->user);
    if (seat && seat->knocking)
        return seat;
    step_fail(step, SYNCPLAY_ERROR_NOT_FOUND, "user_id names nobody who asks to be let in");
    return NULL;
}

int membership_admit(struct session *session, struct step *step, const syncplay_command *command)
{
    struct seat *seat = find_knocking(session, step, command);
    int error = seat ? check_room(session, step) : SYNCPLAY_ERROR_NOT_FOUND;
    if (error)
        return error;
    seat->knocking = false;
    seat->unix_joined = step->now + step->unix_offset;
    if (seat->connection)
        announce_participant(step, session, OUTBOX_ONE, seat->connection, seat, SYNCPLAY_CHANGE_ADMITTED,
                             SYNCPLAY_REASON_NONE);
    settle(session, step, seat, seat->connection, SYNCPLAY_CHANGE_JOINED);
    return SYNCPLAY_OK;
}

int membership_deny(struct session *session, struct step *step, const syncplay_command *command)
{
    struct seat *seat = find_knocking(session, step, command);
    if (!seat)
        return SYNCPLAY_ERROR_NOT_FOUND;
    membership_remove(session, step, seat, SYNCPLAY_CHANGE_DENIED, SYNCPLAY_REASON_DENIED);
    return SYNCPLAY_OK;
}

int membership_kick(struct session *session, struct step *step, struct seat *by, const syncplay_command *command)
{
    struct seat *seat = roster_find(session, &command->user);
    if (!seat)
        return step_fail(step, SYNCPLAY_ERROR_NOT_FOUND, "user_id names nobody in this session");
    if (seat == by)
        return step_fail(step, SYNCPLAY_ERROR_FORBIDDEN, "the host cannot remove themselves; leave, or end the session");
    if (!roster_reserve_removed(session, step->memory))
        return SYNCPLAY_ERROR_MEMORY;
    roster_note_removed(session, &seat->user);
    membership_remove(session, step, seat, SYNCPLAY_CHANGE_KICKED, SYNCPLAY_REASON_KICKED);
    return SYNCPLAY_OK;
}

int membership_hand_over(struct session *session, struct step *step, const syncplay_command *command)
{
    struct seat *seat = roster_find(session, &command->user);
    if (!seat || seat->knocking)
        return step_fail(step, SYNCPLAY_ERROR_NOT_FOUND, "user_id names nobody in this session");
    session->host = seat->user;
    announce_participant(step, session, OUTBOX_ALL, 0, seat, SYNCPLAY_CHANGE_HOST, SYNCPLAY_REASON_NONE);
    announce_state(step, session, seat); /* the new host learns who knocks */
    return SYNCPLAY_OK;
}

/* When this seat, or knock, is given up. */
static int64_t seat_due(const struct session *session, const struct seat *seat, const syncplay_hub_config *config)
{
    if (seat->knocking)
        return seat->gone_since + config->knock_timeout;
    if (seat->connection || (!seat->was_connected && seat_is_host(session, seat)))
        return SYNCPLAY_NEVER;
    return seat->gone_since + config->seat_grace;
}

void membership_tick(struct session *session, struct step *step)
{
    for (uint32_t i = session->seat_count; i-- > 0;) {
        struct seat *seat = session->seats[i];
        if (seat_due(session, seat, step->config) <= step->now)
            membership_remove(session, step, seat, SYNCPLAY_CHANGE_LEFT,
                              seat->knocking ? SYNCPLAY_REASON_TIMEOUT : SYNCPLAY_REASON_LEFT);
    }
}

int64_t membership_deadline(const struct session *session, const syncplay_hub_config *config)
{
    int64_t due = SYNCPLAY_NEVER;
    for (uint32_t i = 0; i < session->seat_count; i++) {
        int64_t theirs = seat_due(session, session->seats[i], config);
        due = theirs < due ? theirs : due;
    }
    return due;
}
