/*
 * Playing together: the timeline of a session and the barrier before it. Nothing here checks permission.
 */
#include "playback.h"

#include "announce.h"
#include "roster.h"
#include "waiting.h"

void playback_account(struct session *session, const struct step *step)
{
    for (uint32_t i = 0; i < session->seat_count; i++) {
        struct seat *seat = session->seats[i];
        seat->booked = seat->barrier;
        bool waited = session->phase == SYNCPLAY_WAITING && waiting_is_outstanding(session, seat, step->config);
        barrier_account(&seat->barrier, waited, session->phase == SYNCPLAY_PLAYING && waiting_is_here(seat),
                        step->config->wait_budget, step->now);
    }
}

void playback_take_back(struct session *session)
{
    for (uint32_t i = 0; i < session->seat_count; i++)
        session->seats[i]->barrier = session->seats[i]->booked;
}

/* How far ahead of now a start is: the one of those who matter that needs most decides. */
static int64_t lead(const struct session *session, const struct step *step)
{
    int64_t largest = 0;
    for (uint32_t i = 0; i < session->seat_count; i++) {
        const struct seat *seat = session->seats[i];
        int64_t need = latency_need(&seat->latency, seat->report.start);
        if (waiting_counts(session, seat) && need > largest)
            largest = need;
    }
    return latency_lead(largest, step->config->max_lead);
}

/* By when all those have heard of a pause; no player has to start for it. */
static int64_t reach(const struct session *session, const struct step *step)
{
    int64_t longest = 0;
    for (uint32_t i = 0; i < session->seat_count; i++) {
        const struct seat *seat = session->seats[i];
        int64_t theirs = latency_reach(&seat->latency);
        if (waiting_counts(session, seat) && theirs > longest)
            longest = theirs;
    }
    return latency_lead(longest, step->config->max_lead);
}

/* Each change of playback goes through here. */
static void changed(struct session *session, const struct step *step, syncplay_phase phase)
{
    session->phase = phase;
    session->revision++;
    session->unix_last_sync = step->now + step->unix_offset;
}

static void start(struct session *session, struct step *step, const struct seat *by, const char *reason,
                  const char *client_id)
{
    timeline_play(&session->timeline, session->timeline.position, step->now + lead(session, step));
    changed(session, step, SYNCPLAY_PLAYING);
    for (uint32_t i = 0; i < session->seat_count; i++) { /* who starts unready is stalled from the start */
        struct seat *seat = session->seats[i];
        seat->stalled_since = seat->barrier.ready ? SYNCPLAY_NEVER : session->timeline.at;
    }
    announce_command(step, session, to_all(), SYNCPLAY_ACTION_PLAY, by, reason, client_id);
}

/* Stands still at `position` until nobody is outstanding. */
static void wait(struct session *session, struct step *step, int64_t position)
{
    timeline_hold(&session->timeline, position, step->now);
    session->wait_began = step->now;
    changed(session, step, SYNCPLAY_WAITING);
}

static void hold(struct session *session, struct step *step, int64_t position, syncplay_phase phase)
{
    timeline_hold(&session->timeline, position, step->now);
    changed(session, step, phase);
}

/* Nobody has the new place buffered, as far as we know. */
static void unready_all(struct session *session)
{
    for (uint32_t i = 0; i < session->seat_count; i++)
        session->seats[i]->barrier.ready = false;
}

/* A pause or play that names a position: who was ready has at least ready_threshold buffered around the old one. */
static void unready_if_far(struct session *session, const struct step *step, int64_t position)
{
    int64_t moved = position - timeline_position(&session->timeline, step->now);
    if (moved > step->config->ready_threshold || moved < -step->config->ready_threshold)
        unready_all(session);
}

static void excuse(struct session *session, struct step *step, struct seat *seat)
{
    seat->barrier.excused = true;
    announce_participant(step, session, to_all(), seat, SYNCPLAY_CHANGE_EXCUSED, SYNCPLAY_REASON_NONE);
}

/* Nobody can be told, and nobody watches: stands still. */
static void stop_empty(struct session *session, struct step *step, int64_t position)
{
    hold(session, step, position, SYNCPLAY_PAUSED);
    announce_command(step, session, to_all(), SYNCPLAY_ACTION_PAUSE, NULL, "empty", NULL);
}

void playback_resolve(struct session *session, struct step *step, const char *reason)
{
    if (session->phase != SYNCPLAY_WAITING)
        return;
    if (roster_connected(session) == 0)
        stop_empty(session, step, session->timeline.position);
    else if (!waiting_anyone_outstanding(session, step->config))
        start(session, step, NULL, reason, NULL);
}

int playback_play(struct session *session, struct step *step, struct seat *by, const syncplay_command *command)
{
    bool has_position = command->position != SYNCPLAY_UNSET;
    bool elsewhere = has_position && command->position != session->timeline.position;
    if ((session->phase == SYNCPLAY_PLAYING && has_position) || (session->phase == SYNCPLAY_WAITING && elsewhere))
        return playback_seek(session, step, by, command);
    if (session->phase == SYNCPLAY_PLAYING) { /* nothing to change, but an answer is due */
        if (by->connection)
            announce_command(step, session, to_one(by->connection), SYNCPLAY_ACTION_PLAY, by, NULL, command->client_id);
        return SYNCPLAY_OK;
    }
    if (session->phase == SYNCPLAY_WAITING) { /* the second play forces the start */
        for (uint32_t i = 0; i < session->seat_count; i++)
            if (waiting_is_outstanding(session, session->seats[i], step->config))
                excuse(session, step, session->seats[i]);
        start(session, step, by, NULL, command->client_id);
        return SYNCPLAY_OK;
    }
    if (elsewhere) {
        unready_if_far(session, step, command->position);
        session->timeline.position = command->position;
    }
    if (!waiting_anyone_outstanding(session, step->config)) {
        start(session, step, by, NULL, command->client_id);
        return SYNCPLAY_OK;
    }
    wait(session, step, session->timeline.position);
    announce_command(step, session, to_all(), SYNCPLAY_ACTION_PAUSE, by, NULL, command->client_id);
    return SYNCPLAY_OK;
}

int playback_pause(struct session *session, struct step *step, struct seat *by, const syncplay_command *command)
{
    bool has_position = command->position != SYNCPLAY_UNSET;
    bool stands = session->phase == SYNCPLAY_PAUSED || session->phase == SYNCPLAY_IDLE;
    if (stands && !has_position) {
        if (by->connection)
            announce_command(step, session, to_one(by->connection), SYNCPLAY_ACTION_PAUSE, by, NULL, command->client_id);
        return SYNCPLAY_OK;
    }
    int64_t position = has_position ? command->position : timeline_position(&session->timeline, step->now);
    unready_if_far(session, step, position);
    hold(session, step, position, SYNCPLAY_PAUSED);
    announce_command(step, session, to_all(), SYNCPLAY_ACTION_PAUSE, by, NULL, command->client_id);
    return SYNCPLAY_OK;
}

int playback_seek(struct session *session, struct step *step, struct seat *by, const syncplay_command *command)
{
    bool goes_on = session->phase == SYNCPLAY_PLAYING || session->phase == SYNCPLAY_WAITING;
    unready_all(session);
    if (goes_on)
        wait(session, step, command->position);
    else
        hold(session, step, command->position, session->phase);
    announce_command(step, session, to_all(), SYNCPLAY_ACTION_SEEK, by, NULL, command->client_id);
    playback_resolve(session, step, "ready"); /* there may be nobody to wait for */
    return SYNCPLAY_OK;
}

int playback_speed(struct session *session, struct step *step, struct seat *by, const syncplay_command *command)
{
    timeline_set_speed(&session->timeline, command->speed, step->now);
    changed(session, step, session->phase);
    announce_command(step, session, to_all(),
                     session->phase == SYNCPLAY_PLAYING ? SYNCPLAY_ACTION_PLAY : SYNCPLAY_ACTION_PAUSE, by, NULL,
                     command->client_id);
    return SYNCPLAY_OK;
}

static bool says_ready(const syncplay_command *command, const syncplay_hub_config *config)
{
    if (command->readiness != SYNCPLAY_READY_BY_BUFFER)
        return command->readiness == SYNCPLAY_READY_YES;
    return command->buffered == SYNCPLAY_UNSET || command->buffered >= config->ready_threshold;
}

int playback_ready(struct session *session, struct step *step, struct seat *seat, const syncplay_command *command)
{
    bool ready = says_ready(command, step->config), was_ready = seat->barrier.ready;
    if (command->revision != SYNCPLAY_UNSET && (uint64_t)command->revision != session->revision)
        return SYNCPLAY_OK; /* about another place in the film */
    if (!ready && seat->unheard && (session->phase == SYNCPLAY_PLAYING || session->phase == SYNCPLAY_WAITING))
        seat->barrier.catching_up = true; /* came back with nothing buffered, as a page that was loaded again does */
    seat->unheard = false;
    barrier_set_ready(&seat->barrier, ready, step->config->wait_budget);
    if (ready)
        seat->stalled_since = SYNCPLAY_NEVER;
    else if (was_ready && session->phase == SYNCPLAY_PLAYING)
        seat->stalled_since = step->now;
    if (ready != was_ready)
        announce_participant(step, session, to_all(), seat,
                             ready ? SYNCPLAY_CHANGE_READY : SYNCPLAY_CHANGE_STALLED, SYNCPLAY_REASON_NONE);
    playback_resolve(session, step, "ready");
    return SYNCPLAY_OK;
}

int playback_excuse(struct session *session, struct step *step, struct seat *by, const syncplay_command *command)
{
    struct seat *seat = syncplay_id_is_none(&command->user) ? by : roster_find(session, &command->user);
    if (!seat || seat->knocking)
        return step_fail(step, SYNCPLAY_ERROR_NOT_FOUND, "user_id names nobody in this session");
    if (seat->barrier.opted_out != command->excused) {
        seat->barrier.opted_out = command->excused;
        announce_participant(step, session, to_all(), seat,
                             command->excused       ? SYNCPLAY_CHANGE_EXCUSED
                             : seat->barrier.ready ? SYNCPLAY_CHANGE_READY
                                                   : SYNCPLAY_CHANGE_STALLED,
                             SYNCPLAY_REASON_NONE);
    }
    playback_resolve(session, step, "ready");
    return SYNCPLAY_OK;
}

void playback_reset(struct session *session, struct step *step, const struct seat *by)
{
    unready_all(session);
    hold(session, step, 0, SYNCPLAY_IDLE);
    announce_command(step, session, to_all(), SYNCPLAY_ACTION_PAUSE, by, NULL, NULL);
}

/* A stall counts from `stalled_since`; those who are not waited for stop nobody. */
static int64_t stall_due(const struct session *session, const struct seat *seat, const syncplay_hub_config *config)
{
    if (session->phase != SYNCPLAY_PLAYING || seat->stalled_since == SYNCPLAY_NEVER ||
        !waiting_is_outstanding(session, seat, config))
        return SYNCPLAY_NEVER;
    return seat->stalled_since + config->stall_tolerance;
}

static int64_t empty_due(const struct session *session, const syncplay_hub_config *config)
{
    if (session->phase != SYNCPLAY_PLAYING || session->empty_since == SYNCPLAY_NEVER)
        return SYNCPLAY_NEVER;
    return session->empty_since + config->seat_grace;
}

void playback_tick(struct session *session, struct step *step)
{
    int64_t now = step->now;
    if (empty_due(session, step->config) <= now)
        stop_empty(session, step, timeline_position(&session->timeline, session->empty_since));
    for (uint32_t i = 0; i < session->seat_count; i++)
        if (stall_due(session, session->seats[i], step->config) <= now) {
            /* A little ahead of everybody, so that nobody has to go back. */
            wait(session, step, timeline_position(&session->timeline, now + reach(session, step)));
            announce_command(step, session, to_all(), SYNCPLAY_ACTION_PAUSE, NULL, "stalled", NULL);
        }
    if (session->phase != SYNCPLAY_WAITING)
        return;
    for (uint32_t i = 0; i < session->seat_count; i++) {
        struct seat *seat = session->seats[i];
        /* Waits that ran over budget have been booked by playback_account: outstanding no longer, but not told yet. */
        bool spent = !seat->barrier.ready && waiting_is_meant(session, seat) &&
                     barrier_budget(&seat->barrier, step->config->wait_budget) == 0;
        if (spent || (waiting_is_outstanding(session, seat, step->config) &&
                      waiting_seat_until(session, seat, step->config) <= now))
            excuse(session, step, seat);
    }
    playback_resolve(session, step, "timeout");
}

int64_t playback_deadline(const struct session *session, const syncplay_hub_config *config)
{
    int64_t due = empty_due(session, config);
    if (session->phase == SYNCPLAY_WAITING && !waiting_anyone_outstanding(session, config))
        return session->wait_began; /* a budget ran out just before its time: over at once */
    for (uint32_t i = 0; i < session->seat_count; i++) {
        const struct seat *seat = session->seats[i];
        int64_t theirs = stall_due(session, seat, config);
        if (session->phase == SYNCPLAY_WAITING && waiting_is_outstanding(session, seat, config))
            theirs = waiting_seat_until(session, seat, config);
        due = theirs < due ? theirs : due;
    }
    return due;
}
