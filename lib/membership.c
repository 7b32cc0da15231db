/* Who sits, who knocks, who is the host. */
#include <string.h>

#include "membership.h"

#include "access.h"
#include "announce.h"
#include "invitations.h"
#include "playback.h"
#include "removed.h"
#include "resume.h"
#include "rights.h"
#include "roster.h"
#include "waiting.h"

/* --- The host's seat */

/* Whether the host's seat would rather pass to `a` than to `b`, who came first. */
static bool comes_before(const struct seat *a, const struct seat *b)
{
    return a->role != b->role ? a->role < b->role : removed_is_restricted(b) && !removed_is_restricted(a);
}

/*
 * Who comes first when the host's seat passes on: controllers, then viewers, then the rest; of equals, those whom nothing was
 * denied or taken from; of these, who came first.
 */
static struct seat *find_successor(const struct session *session)
{
    struct seat *best = NULL;
    for (uint32_t i = 0; i < session->seat_count; i++) {
        struct seat *seat = session->seats[i];
        if (!seat->knocking && seat->connection && (!best || comes_before(seat, best)))
            best = seat;
    }
    return best;
}

static void make_host(struct session *session, struct step *step, struct seat *seat)
{
    session->host = seat->user;
    announce_participant(step, session, to_all(), seat, SYNCPLAY_CHANGE_HOST, SYNCPLAY_REASON_NONE);
    announce_state(step, session, seat, NULL); /* the new host learns who knocks, and more */
}

/* The host's seat passes on when its owner has none any more. */
static void ensure_host(struct session *session, struct step *step)
{
    const struct seat *host = roster_find(session, &session->host);
    struct seat *successor = host && !host->knocking ? NULL : find_successor(session);
    if (successor)
        make_host(session, step, successor);
}

int membership_hand_over(struct session *session, struct step *step, struct seat *by, const syncplay_command *command)
{
    struct seat *seat = roster_find(session, &command->user);
    if (!seat || seat->knocking)
        return step_fail(step, SYNCPLAY_ERROR_NOT_FOUND, "user_id names nobody in this session");
    if (seat == by)
        return step_fail(step, SYNCPLAY_ERROR_FORBIDDEN, "user_id is the host already");
    by->role = by->role_cap ? by->role_cap : SYNCPLAY_ROLE_CONTROLLER; /* what was denied before is denied again */
    make_host(session, step, seat);
    announce_participant(step, session, to_all(), by, SYNCPLAY_CHANGE_ROLE, SYNCPLAY_REASON_NONE);
    announce_you(step, session, by);
    playback_resolve(session, step, "ready");
    return SYNCPLAY_OK;
}

/* --- Coming in */

static void note_presence(struct session *session, const struct step *step)
{
    if (roster_connected(session))
        session->empty_since = SYNCPLAY_NEVER;
    else if (session->empty_since == SYNCPLAY_NEVER)
        session->empty_since = step->now;
}

/*
 * All ways of coming in end here: the seat is connected (or not), and the others and it are told. What the others are not
 * told is that somebody is back whose absence they were not told of.
 */
static void settle(struct session *session, struct step *step, struct seat *seat, uint64_t connection,
                   syncplay_change change, const struct resumption *resumption)
{
    bool runs = session->phase == SYNCPLAY_PLAYING || session->phase == SYNCPLAY_WAITING;
    bool is_news = change == SYNCPLAY_CHANGE_JOINED || seat->told_away;
    roster_connect(seat, connection);
    seat->gone_since = connection ? SYNCPLAY_NEVER : step->now;
    seat->told_away = connection == 0;
    seat->was_connected |= connection != 0;
    seat->unheard = runs;
    if (runs && !seat->barrier.ready)
        seat->barrier.catching_up = true; /* stops nobody */
    if (change == SYNCPLAY_CHANGE_JOINED)
        seat->first_cursor = step->outbox->cursor;
    note_presence(session, step);
    if (is_news)
        announce_participant(step, session, to_all_but(connection), seat, change, SYNCPLAY_REASON_NONE);
    ensure_host(session, step);
    resume_answer(session, step, seat, resumption);
    playback_resolve(session, step, "ready"); /* it may have been the one waited for, and is catching up now */
}

/* Somebody who sits joins: by REST, again on the same connection, on another one, or after having lost one. */
static int come_back(struct session *session, struct step *step, struct seat *seat, uint64_t connection,
                     const syncplay_command *command)
{
    struct resumption resumption;
    int error = resume_check(session, step, seat, command, &resumption);
    if (error)
        return error;
    if (!connection)
        return SYNCPLAY_OK; /* a seat is kept as it is */
    if (connection == seat->connection) { /* a join always gets an answer */
        resume_answer(session, step, seat, &resumption);
        return SYNCPLAY_OK;
    }
    if (seat->connection)
        announce_ended(step, session, seat->connection, SYNCPLAY_REASON_REPLACED, NULL);
    settle(session, step, seat, connection, seat->was_connected ? SYNCPLAY_CHANGE_RETURNED : SYNCPLAY_CHANGE_JOINED,
           &resumption);
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
        announce_participant(step, session, to_holders(SYNCPLAY_RIGHT_ADMIT), seat, SYNCPLAY_CHANGE_REQUESTED,
                             SYNCPLAY_REASON_NONE);
    }
    if (connection) {
        if (seat->connection && seat->connection != connection)
            announce_ended(step, session, seat->connection, SYNCPLAY_REASON_REPLACED, NULL);
        roster_connect(seat, connection);
        announce_participant(step, session, to_one(connection), seat, SYNCPLAY_CHANGE_REQUESTED,
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

/* Whether this user may come to the door at all. */
static int check_door(const struct session *session, struct step *step, const syncplay_id *user)
{
    const struct removed *removed = removed_find(session, user);
    if (!syncplay_id_equal(user, &session->host) && !step_has_permission(step, user, SYNCPLAY_PERMISSION_JOIN))
        return step_fail(step, SYNCPLAY_ERROR_FORBIDDEN, "this takes the permission %s",
                         syncplay_permission_name(SYNCPLAY_PERMISSION_JOIN));
    if (removed && removed->banned)
        return step_fail(step, SYNCPLAY_ERROR_REMOVED, "you were removed from this session for good");
    if (removed && removed->until > step->now)
        return step_fail(step, SYNCPLAY_ERROR_REMOVED,
                         "you were removed from this session; you may come again in %lld seconds",
                         (long long)((removed->until - step->now + 999999) / 1000000));
    return SYNCPLAY_OK;
}

static enum access_entry entry_of(const struct session *session, const struct step *step, const syncplay_id *user)
{
    bool is_friend = session->settings.visibility == SYNCPLAY_FRIENDS && step_are_friends(step, &session->host, user);
    return access_entry(&session->settings, syncplay_id_equal(&session->host, user), is_friend);
}

/* One who knocks, or a seat that was just added, becomes a participant, with the restrictions that were theirs before. */
static void seat_down(struct session *session, const struct step *step, struct seat *seat)
{
    seat->knocking = false;
    seat->barrier.since = step->now;
    seat->unix_joined = step->now + step->unix_offset;
    removed_apply(session, seat);
}

static int enter(struct session *session, struct step *step, struct seat *seat, const syncplay_user *user,
                 uint64_t connection, struct invitation *invitation)
{
    seat = seat ? seat : roster_add(session, step->memory, user);
    if (!seat)
        return SYNCPLAY_ERROR_MEMORY;
    if (seat->knocking && seat->connection && seat->connection != connection)
        announce_ended(step, session, seat->connection, SYNCPLAY_REASON_REPLACED, NULL);
    if (invitation) {
        seat->role = invitation->role;
        invitation->used += invitation->used < UINT32_MAX;
        announce_invitation(step, session, invitation, SYNCPLAY_INVITATION_USED, seat, NULL, NULL);
    }
    seat_down(session, step, seat);
    settle(session, step, seat, connection, SYNCPLAY_CHANGE_JOINED, NULL);
    return SYNCPLAY_OK;
}

int membership_join(struct session *session, struct step *step, const syncplay_user *user, uint64_t connection,
                    const syncplay_command *command)
{
    struct seat *seat = roster_find(session, &user->id);
    struct invitation *invitation = NULL;
    int error = check_door(session, step, &user->id);
    if (error)
        return error;
    if (seat && !seat->knocking)
        return come_back(session, step, seat, connection, command);
    if (command->resume_token) /* the seat that it was for is given up */
        return step_fail(step, SYNCPLAY_ERROR_RESUME, "resume_token is outdated: the seat is given up");
    error = command->invitation ? invitations_find(session, step, command->invitation, &invitation) : SYNCPLAY_OK;
    if (error)
        return error;
    enum access_entry entry = invitation ? ACCESS_ENTER : entry_of(session, step, &user->id);
    if (entry == ACCESS_REFUSE)
        return step_fail(step, SYNCPLAY_ERROR_FORBIDDEN, "this session is for friends of its host");
    if (entry == ACCESS_KNOCK) /* whether there is room is nothing that one who knocks is told */
        return knock(session, step, seat, user, connection);
    error = check_room(session, step);
    if (error)
        return error;
    return enter(session, step, seat, user, connection, invitation);
}

/* --- Going */

void membership_remove(struct session *session, struct step *step, struct seat *seat, syncplay_change change,
                       syncplay_reason reason)
{
    struct audience audience =
        seat->knocking ? to_holders(SYNCPLAY_RIGHT_ADMIT) : to_all_but(seat->connection);
    announce_participant(step, session, audience, seat, seat->knocking ? SYNCPLAY_CHANGE_DENIED : change,
                         reason == SYNCPLAY_REASON_LEFT ? SYNCPLAY_REASON_NONE : reason);
    if (seat->connection)
        announce_ended(step, session, seat->connection, reason, NULL);
    removed_note_seat(session, step, seat);
    roster_remove(session, step->memory, seat);
    note_presence(session, step);
    ensure_host(session, step);
    playback_resolve(session, step, "ready");
}

int membership_leave(struct session *session, struct step *step, struct seat *seat)
{
    if (!removed_reserve(session, step, 0))
        return SYNCPLAY_ERROR_MEMORY;
    membership_remove(session, step, seat, SYNCPLAY_CHANGE_LEFT, SYNCPLAY_REASON_LEFT);
    return SYNCPLAY_OK;
}

static void tell_away(struct session *session, struct step *step, struct seat *seat)
{
    seat->told_away = true;
    announce_participant(step, session, to_all(), seat, SYNCPLAY_CHANGE_DISCONNECTED, SYNCPLAY_REASON_NONE);
}

void membership_disconnect(struct session *session, struct step *step, struct seat *seat)
{
    /* Those who wait see at once for whom they do not wait any more. */
    bool is_news = step->config->away_after == 0 || (session->phase == SYNCPLAY_WAITING &&
                                                     waiting_is_outstanding(session, seat, step->config));
    roster_connect(seat, 0);
    seat->stalled_since = SYNCPLAY_NEVER;
    if (seat->knocking) {
        membership_remove(session, step, seat, SYNCPLAY_CHANGE_DENIED, SYNCPLAY_REASON_NONE);
        return;
    }
    seat->gone_since = step->now;
    note_presence(session, step);
    if (is_news)
        tell_away(session, step, seat);
    playback_resolve(session, step, "ready");
}

/* --- The lobby */

/* The one who knocks and whom a command is about; NULL after step_fail. */
static struct seat *find_knocking(struct session *session, struct step *step, const syncplay_command *command)
{
    struct seat *seat = roster_find(session, &command->user);
    if (seat && seat->knocking)
        return seat;
    step_fail(step, SYNCPLAY_ERROR_NOT_FOUND, "user_id names nobody who asks to be let in");
    return NULL;
}

static void let_in(struct session *session, struct step *step, struct seat *seat)
{
    seat_down(session, step, seat);
    if (seat->connection)
        announce_participant(step, session, to_one(seat->connection), seat, SYNCPLAY_CHANGE_ADMITTED,
                             SYNCPLAY_REASON_NONE);
    settle(session, step, seat, seat->connection, SYNCPLAY_CHANGE_JOINED, NULL);
}

int membership_admit(struct session *session, struct step *step, const syncplay_command *command)
{
    struct seat *seat = find_knocking(session, step, command);
    int error = seat ? check_room(session, step) : SYNCPLAY_ERROR_NOT_FOUND;
    if (error)
        return error;
    let_in(session, step, seat);
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

void membership_open(struct session *session, struct step *step)
{
    for (uint32_t i = 0; i < session->seat_count; i++) {
        struct seat *seat = session->seats[i];
        if (seat->knocking && roster_members(session) < session->settings.max_participants &&
            entry_of(session, step, &seat->user) == ACCESS_ENTER)
            let_in(session, step, seat);
    }
}

/* --- Time */

/* When this seat, or knock, is given up. */
static int64_t seat_due(const struct session *session, const struct seat *seat, const syncplay_hub_config *config)
{
    if (seat->knocking)
        return seat->gone_since + config->knock_timeout;
    if (seat->connection || (!seat->was_connected && seat_is_host(session, seat)))
        return SYNCPLAY_NEVER;
    return seat->gone_since + config->seat_grace;
}

/* When the others are to be told that it is not connected. */
static int64_t away_due(const struct seat *seat, const syncplay_hub_config *config)
{
    return seat->knocking || seat->connection || seat->told_away ? SYNCPLAY_NEVER
                                                                 : seat->gone_since + config->away_after;
}

void membership_tick(struct session *session, struct step *step)
{
    for (uint32_t i = session->seat_count; i-- > 0;) {
        struct seat *seat = session->seats[i];
        if (seat_due(session, seat, step->config) <= step->now)
            membership_remove(session, step, seat, SYNCPLAY_CHANGE_LEFT, SYNCPLAY_REASON_TIMEOUT);
        else if (away_due(seat, step->config) <= step->now)
            tell_away(session, step, seat);
    }
}

int64_t membership_deadline(const struct session *session, const syncplay_hub_config *config)
{
    int64_t due = SYNCPLAY_NEVER;
    for (uint32_t i = 0; i < session->seat_count; i++) {
        int64_t given_up = seat_due(session, session->seats[i], config), away = away_due(session->seats[i], config);
        due = given_up < due ? given_up : due;
        due = away < due ? away : due;
    }
    return due;
}
