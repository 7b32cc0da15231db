/* Following a party with one player. Pure. */
#include "follow.h"

#include "advice.h"
#include "due.h"

#define MILLISECOND INT64_C(1000)
#define SECOND INT64_C(1000000)

/* How long something that was told to the player may take to show, before it is told again. */
#define PATIENCE_PLAY (1500 * MILLISECOND)
#define PATIENCE_PAUSE (500 * MILLISECOND)
#define PATIENCE_RATE (SECOND)
#define PATIENCE_SEEK (30 * SECOND)
/* One that does not say that it is seeking shows by its position that it has been. */
#define SEEK_SHOWS (500 * MILLISECOND)
#define SEEK_NEAR (SECOND)

/* After a start: so long until its position moves evenly, and so long corrections are quick. */
#define START_SETTLE (150 * MILLISECOND)
#define START_MOVED (30 * MILLISECOND)
#define START_MOVED_MAX (3600 * SECOND)
#define QUICK (3 * SECOND)
#define STALL_SETTLE (300 * MILLISECOND)
/* Behind by so much more from one look to the next, it was interrupted. */
#define HICCUP (100 * MILLISECOND)
/* Moved by so much more, or less, than playing would, it was moved by the user. */
#define JUMP (SECOND)
#define JUMP_BACK (500 * MILLISECOND)
#define DAY (86400 * SECOND)
/* How long the player is left where the user put it, for the party's answer to come. */
#define WISH (2 * SECOND)
/* Of the first pings the clock is still finding its way: only what is grossly off is corrected. */
#define PINGS_TO_KNOW 8
#define GROSS (50 * MILLISECOND)
#define MISSES_MAX 5
#define LATENESS_MAX (1500 * MILLISECOND)
/* So many looks that come so soon after each other show timers that are fine. */
#define FINE (300 * MILLISECOND)
#define FINE_LOOKS 8
#define UNSEEN (1500 * MILLISECOND)

static int64_t size(int64_t value)
{
    return value < 0 ? -value : value;
}

void follow_begin(struct follow *follow, const syncplay_player_profile *profile, int64_t ready_threshold, bool adopts_player)
{
    *follow = (struct follow){
        .ready_threshold = ready_threshold,
        .adopts_player = adopts_player,
        .party = {.speed = 100},
        .seen = {.is_paused = true},
        .seen_at = SYNCPLAY_UNSET,
        .sought = SYNCPLAY_UNSET,
        .seek_began = SYNCPLAY_UNSET,
        .planned = SYNCPLAY_UNSET,
        .started = SYNCPLAY_UNSET,
        .drift_now = SYNCPLAY_DRIFT_UNSET,
        .unable_since = SYNCPLAY_UNSET,
    };
    clock_sync_begin(&follow->clock);
    profile_begin(&follow->profile, profile);
    drift_begin(&follow->drift);
}

/* --- Asking */

bool follow_is_suspended(const struct follow *follow)
{
    for (unsigned i = 0; i < FOLLOW_SUSPENSIONS; i++)
        if (follow->suspensions[i])
            return true;
    return false;
}

bool follow_has_party(const struct follow *follow)
{
    return follow->has_party && clock_sync_is_known(&follow->clock);
}

bool follow_has_wish(const struct follow *follow, int64_t now)
{
    return now < follow->wish_until || follow->is_being_moved;
}

int64_t follow_server_time(const struct follow *follow, int64_t now)
{
    return clock_sync_is_known(&follow->clock) ? clock_sync_server(&follow->clock, now) : 0;
}

int64_t follow_position(const struct follow *follow, int64_t now)
{
    return timeline_position(&follow->party, follow_server_time(follow, now));
}

bool follow_preserves_pitch(const struct follow *follow, int32_t off)
{
    bool has_pitch = follow->seen.has_sound;
    return follow->profile.is.keeps_pitch || (has_pitch && (follow->party.speed != 100 || size(off) > DRIFT_RATE_MIDDLE));
}

bool follow_is_rough(const struct follow *follow)
{
    return follow_preserves_pitch(follow, 0);
}

void follow_status(const struct follow *follow, int64_t now, syncplay_follower_status *status)
{
    bool has_party = follow_has_party(follow);
    int64_t error = clock_sync_error(&follow->clock, now);
    *status = (syncplay_follower_status){
        .mode = advice_mode(follow, now),
        .is_connected = follow->is_connected,
        .is_synchronised = error != SYNCPLAY_NEVER,
        .is_nudged = follow->drift.nudging && now < follow->drift.until,
        .cannot_keep_up = drift_cannot_keep_up(&follow->drift),
        .server_time = follow_server_time(follow, now),
        .clock_error = error,
        .round_trip = clock_sync_round_trip(&follow->clock),
        .drift = follow->drift_now,
        .position = has_party ? follow_position(follow, now) : 0,
        .revision = follow->revision,
        .phase = follow->phase,
        .speed = follow->party.speed,
    };
}

/* --- The party */

/* Something was changed anyway: what the player is off now is made good quickly. */
static void begin_anew(struct follow *follow, int64_t now)
{
    drift_restart(&follow->drift, now, follow->profile.is.rate_latency, QUICK);
    follow->missed = 0;
}

void follow_playback(struct follow *follow, int64_t now, const syncplay_playback *playback)
{
    /* A command may be one that was missed, told later; a state is of the present. */
    if (playback->is_state || !clock_sync_is_known(&follow->clock))
        clock_sync_hint(&follow->clock, now, playback->server_time);
    if (playback->is_state)
        follow_joined(follow);
    else if (playback->revision < follow->revision)
        return;
    if (!playback->is_state && follow->has_party && playback->revision > follow->revision + 1)
        follow->wants_state = true;
    bool is_later = playback->at > playback->server_time && playback->is_playing;
    if (playback->revision != follow->revision)
        begin_anew(follow, now);
    follow->party = (struct timeline){
        .playing = playback->is_playing,
        .speed = playback->speed,
        .position = playback->position,
        .at = is_later ? playback->at : playback->server_time,
    };
    follow->has_party = true;
    follow->revision = playback->revision;
    follow->phase = playback->phase;
    follow->planned = SYNCPLAY_UNSET;
    follow->wish = SYNCPLAY_COMMAND_NONE;
    follow->wish_until = INT64_MIN;
    due_observed(follow, now); /* what is buffered is not buffered there */
}

void follow_joined(struct follow *follow)
{
    follow->is_joined = follow->is_connected;
}

void follow_left(struct follow *follow)
{
    follow->has_party = false;
    follow->revision = 0;
    follow->is_joined = false;
    follow->has_told_ready = follow->told_excused = false; /* nobody in the next party was told */
    follow->wish = SYNCPLAY_COMMAND_NONE;
    follow->wish_until = INT64_MIN;
    follow->sought = SYNCPLAY_UNSET;
    follow->drift_now = SYNCPLAY_DRIFT_UNSET;
}

static void measure_anew(struct follow *follow, int64_t now)
{
    follow->pings = 0;
    follow->pinged_at = now + clock_sync_ping_delay(&follow->clock, 0);
}

void follow_pong(struct follow *follow, int64_t now, int64_t sent, int64_t server_received, int64_t server_sent)
{
    follow->pong_server = server_sent;
    follow->pong_at = now;
    if (clock_sync_add(&follow->clock, sent, server_received, server_sent, now) != CLOCK_SYNC_STEPPED)
        return;
    measure_anew(follow, now);
    begin_anew(follow, now);
}

void follow_disturbed(struct follow *follow, int64_t now)
{
    clock_sync_disturb(&follow->clock, now);
    follow->started = SYNCPLAY_UNSET;
    measure_anew(follow, now);
    begin_anew(follow, now);
}

void follow_connected(struct follow *follow, int64_t now)
{
    follow->is_connected = true;
    clock_sync_disturb(&follow->clock, now); /* the way may be another, and so may the server */
    follow->pings = 0;
    follow->pinged_at = now;
    due_connected(follow);
}

void follow_disconnected(struct follow *follow)
{
    follow->is_connected = false;
    follow->is_joined = false;
}

/* --- The user */

/* The player may be anywhere now, and what was asked of it has no meaning any more. */
static void let_go(struct follow *follow, int64_t now)
{
    follow->asked.kind = SYNCPLAY_ADVICE_NONE;
    follow->is_let_go = true;
    follow->sought = SYNCPLAY_UNSET;
    follow->planned = SYNCPLAY_UNSET;
    follow->started = SYNCPLAY_UNSET;
    follow->drift_now = SYNCPLAY_DRIFT_UNSET;
    begin_anew(follow, now);
}

void follow_suspend(struct follow *follow, int64_t now, syncplay_suspension reason)
{
    follow->suspensions[reason]++;
    let_go(follow, now);
}

bool follow_resume(struct follow *follow, int64_t now, syncplay_suspension reason)
{
    if (follow->suspensions[reason] == 0)
        return false;
    follow->suspensions[reason]--;
    let_go(follow, now);
    return true;
}

void follow_resync(struct follow *follow, int64_t now)
{
    follow->wants_state = true;
    follow->wish_until = INT64_MIN;
    follow_disturbed(follow, now);
    drift_begin(&follow->drift);
    let_go(follow, now);
}

void follow_refused(struct follow *follow)
{
    follow->wish_until = INT64_MIN;
}

/*
 * Whether the player was moved by somebody else between two looks at it, and how. That it plays or stands says so at any
 * time, for what it was asked counts as done; where it is says so only if nothing was asked of it.
 */
static syncplay_command_kind moved(const struct follow *follow, int64_t now, const syncplay_player_state *state,
                                   bool was_asked)
{
    const syncplay_player_state *seen = &follow->seen;
    if (!seen->has_film || !state->has_film || state->is_ended)
        return SYNCPLAY_COMMAND_NONE;
    if (state->is_paused && !seen->is_paused)
        return follow->party.playing ? SYNCPLAY_COMMAND_PAUSE : SYNCPLAY_COMMAND_NONE;
    if (!state->is_paused && seen->is_paused)
        return follow->party.playing ? SYNCPLAY_COMMAND_NONE : SYNCPLAY_COMMAND_PLAY;
    if (state->is_seeking || was_asked)
        return SYNCPLAY_COMMAND_NONE;
    int64_t way = state->position - seen->position;
    int64_t time = now - follow->seen_at < DAY ? now - follow->seen_at : DAY;
    int64_t expected = state->is_paused ? 0 : time * seen->rate / SYNCPLAY_RATE_ONE;
    return way > expected + JUMP || way < -JUMP_BACK ? SYNCPLAY_COMMAND_SEEK : SYNCPLAY_COMMAND_NONE;
}

static void adopt(struct follow *follow, int64_t now, const syncplay_player_state *state, bool was_asked)
{
    bool is_ours = !follow->adopts_player || follow_is_suspended(follow) || !follow_has_party(follow) ||
                   follow->seen_at == SYNCPLAY_UNSET || follow->is_let_go;
    follow->is_being_moved = !is_ours && !was_asked && follow->seen.has_film && state->is_seeking;
    syncplay_command_kind kind = is_ours ? SYNCPLAY_COMMAND_NONE : moved(follow, now, state, was_asked);
    if (kind == SYNCPLAY_COMMAND_NONE)
        return;
    follow->wish = kind;
    /* Without a connection it stays so until there is one, and the party is heard again. */
    follow->wish_until = follow->is_joined ? now + WISH : SYNCPLAY_NEVER;
}

/* --- The player */

/* What it was told and does not show yet counts as done, for a while. */
static void reconcile(struct follow *follow, int64_t now, syncplay_player_state *state)
{
    struct follow_asked *asked = &follow->asked;
    int64_t waited = now - asked->since;
    bool is_open = false;
    if (asked->kind == SYNCPLAY_ADVICE_PLAY) {
        is_open = state->is_paused && !state->is_ended && waited < PATIENCE_PLAY;
        state->is_paused = state->is_paused && !is_open;
    } else if (asked->kind == SYNCPLAY_ADVICE_PAUSE) {
        is_open = !state->is_paused && waited < PATIENCE_PAUSE;
        state->is_paused = state->is_paused || is_open;
    } else if (asked->kind == SYNCPLAY_ADVICE_RATE) {
        is_open = state->rate != asked->rate && waited < PATIENCE_RATE;
        state->rate = is_open ? asked->rate : state->rate;
    } else if (asked->kind == SYNCPLAY_ADVICE_SEEK) {
        bool is_near = size(state->position - asked->position) < SEEK_NEAR;
        is_open = state->is_seeking ? waited < PATIENCE_SEEK : !is_near && waited < SEEK_SHOWS;
        state->is_seeking = state->is_seeking || is_open;
        if (!is_open)
            follow->landed = state->position;
    }
    if (!is_open)
        asked->kind = SYNCPLAY_ADVICE_NONE;
}

static void learn_seek(struct follow *follow, int64_t now)
{
    if (follow->seek_began == SYNCPLAY_UNSET || follow->seen.is_seeking || !follow->seen.can_play)
        return;
    profile_learn_seek(&follow->profile, now - follow->seek_began);
    follow->seek_began = SYNCPLAY_UNSET;
}

/* The first even part of the way tells when it began. `since`: the look before. */
static void learn_start(struct follow *follow, int64_t now, int64_t since)
{
    const syncplay_player_state *seen = &follow->seen;
    bool has_sound = seen->has_sound;
    if (now - since > UNSEEN) /* the machine slept, or was very busy: it says nothing about the player */
        follow->started = SYNCPLAY_UNSET;
    if (follow->started == SYNCPLAY_UNSET || seen->position < follow->landed + START_MOVED || seen->rate <= 0 ||
        now < follow->started + profile_start_latency(&follow->profile, has_sound) + START_SETTLE)
        return;
    int64_t way = seen->position - follow->landed;
    if (way > START_MOVED_MAX) { /* it was moved */
        follow->started = SYNCPLAY_UNSET;
        return;
    }
    int64_t moving = way * SYNCPLAY_RATE_ONE / seen->rate;
    profile_learn_start(&follow->profile, has_sound, now - moving - follow->started);
    follow->started = SYNCPLAY_UNSET;
}

static bool is_in_step(const struct follow *follow, int64_t now)
{
    const syncplay_player_state *seen = &follow->seen;
    return seen->has_film && !seen->is_paused && !seen->is_seeking && !seen->is_ended && follow_has_party(follow) &&
           follow->party.playing && !follow_is_suspended(follow) && clock_sync_error(&follow->clock, now) != SYNCPLAY_NEVER &&
           advice_mode(follow, now) == SYNCPLAY_MODE_PLAYING;
}

/* How long the party takes for that much of the film. */
static int64_t in_time(const struct follow *follow, int64_t way)
{
    return way == SYNCPLAY_NEVER || follow->party.speed == 100 ? way : way / follow->party.speed * 100;
}

static void measure(struct follow *follow, int64_t now, int64_t since)
{
    int64_t before = follow->drift_now;
    follow->drift_now = SYNCPLAY_DRIFT_UNSET;
    if (!is_in_step(follow, now) || follow->asked.kind == SYNCPLAY_ADVICE_PLAY)
        return;
    if (!follow->seen.can_play) {
        drift_restart(&follow->drift, now, STALL_SETTLE, QUICK);
        return;
    }
    learn_start(follow, now, since);
    if (now < clock_sync_local(&follow->clock, follow->party.at) + START_SETTLE || follow->started != SYNCPLAY_UNSET)
        return;
    int64_t ahead = follow->seen.position - follow_position(follow, now);
    if (size(ahead) > SYNCPLAY_DRIFT_MAX) /* farther is no different, and products stay small */
        ahead = ahead < 0 ? -SYNCPLAY_DRIFT_MAX : SYNCPLAY_DRIFT_MAX;
    follow->drift_now = ahead;
    if (before != SYNCPLAY_DRIFT_UNSET && ahead < before - HICCUP)
        drift_restart(&follow->drift, now, STALL_SETTLE, QUICK);
    struct drift_view view = {follow_is_rough(follow), in_time(follow, follow->seen.buffered), follow->lateness};
    if (follow->pings >= PINGS_TO_KNOW || size(ahead) > GROSS)
        drift_observe(&follow->drift, &follow->profile, &view, now, in_time(follow, ahead));
}

/* So many looks soon after each other show that the host's timers are fine. */
static void forget_lateness(struct follow *follow, int64_t now)
{
    follow->fine_looks = now - follow->seen_at < FINE ? follow->fine_looks + 1 : 0;
    if (follow->fine_looks >= FINE_LOOKS)
        follow->lateness = 0;
}

/* A start that was planned comes only now. Those of a hidden window come up to a second late. */
static void learn_lateness(struct follow *follow, int64_t now)
{
    int64_t late = now - follow->planned;
    if (follow->planned == SYNCPLAY_UNSET || late < 0 || late > LATENESS_MAX) /* an event came first; or it slept */
        return;
    follow->lateness = late > follow->lateness ? late : follow->lateness - (follow->lateness - late) / 8;
}

static void plan(struct follow *follow, int64_t now)
{
    syncplay_advice advice;
    advice_give(follow, now, &advice);
    follow->planned = advice.kind == SYNCPLAY_ADVICE_PLAY ? advice.at : SYNCPLAY_UNSET;
}

void follow_observe(struct follow *follow, int64_t now, const syncplay_player_state *state)
{
    syncplay_player_state seen = *state;
    int64_t since = follow->seen_at;
    forget_lateness(follow, now);
    learn_lateness(follow, now);
    if (!seen.has_film) { /* another one is loaded, or none */
        follow->asked.kind = SYNCPLAY_ADVICE_NONE;
        follow->sought = SYNCPLAY_UNSET;
        follow->started = SYNCPLAY_UNSET;
    }
    /* A rate moves the player nowhere. */
    bool was_asked = follow->asked.kind != SYNCPLAY_ADVICE_NONE && follow->asked.kind != SYNCPLAY_ADVICE_RATE;
    reconcile(follow, now, &seen);
    adopt(follow, now, &seen, was_asked);
    if (seen.is_seeking && follow->seen.has_film) /* what it tells says nothing: it is where it was, until it is there */
        seen.position = follow->seen.position;
    follow->seen = seen;
    follow->seen_at = now;
    follow->is_let_go = follow->is_let_go && seen.is_seeking;
    learn_seek(follow, now);
    measure(follow, now, since);
    due_observed(follow, now);
    plan(follow, now);
}

void follow_acted(struct follow *follow, int64_t now, const syncplay_advice *advice)
{
    syncplay_player_state *seen = &follow->seen;
    bool is_again = follow->sought != SYNCPLAY_UNSET && seen->is_paused && follow->party.playing;
    follow->asked = (struct follow_asked){advice->kind, now, advice->position, advice->rate};
    switch (advice->kind) {
    case SYNCPLAY_ADVICE_PAUSE:
        if (follow->drift.seek)
            drift_sought(&follow->drift, now);
        seen->is_paused = true;
        follow->started = SYNCPLAY_UNSET;
        follow->sought = SYNCPLAY_UNSET;
        begin_anew(follow, now);
        break;
    case SYNCPLAY_ADVICE_SEEK:
        if (is_again && follow->missed < MISSES_MAX)
            follow->missed++;
        seen->is_seeking = true;
        seen->position = advice->position;
        follow->sought = advice->position;
        follow->seek_began = now;
        break;
    case SYNCPLAY_ADVICE_PLAY:
        learn_lateness(follow, now);
        follow->planned = SYNCPLAY_UNSET;
        seen->is_paused = false;
        seen->rate = advice->rate;
        follow->started = now;
        follow->landed = seen->position;
        follow->sought = SYNCPLAY_UNSET;
        follow->missed = 0;
        drift_restart(&follow->drift, now, START_SETTLE + profile_start_latency(&follow->profile, seen->has_sound), QUICK);
        break;
    case SYNCPLAY_ADVICE_RATE:
        seen->rate = advice->rate;
        drift_acted(&follow->drift, &follow->profile, now);
        break;
    case SYNCPLAY_ADVICE_NONE:
        follow->asked.kind = SYNCPLAY_ADVICE_NONE;
        break;
    }
}

/* --- Time */

static int64_t earlier(int64_t one, int64_t other)
{
    return one < other ? one : other;
}

/* How long after the last look at the player the next one is due. */
static int64_t look_after(const struct follow *follow)
{
    const syncplay_player_state *seen = &follow->seen;
    if (!seen->has_film || !follow_has_party(follow) || follow_is_suspended(follow))
        return SECOND;
    if (seen->is_seeking || !seen->can_play)
        return 50 * MILLISECOND;
    if (!seen->is_paused)
        return follow->seen_at < follow->drift.quick_until ? 100 * MILLISECOND : 250 * MILLISECOND;
    return follow->party.playing || !advice_is_there(follow) ? 100 * MILLISECOND : SECOND;
}

int64_t follow_deadline(const struct follow *follow)
{
    int64_t deadline = earlier(due_ping(follow), due_deadline(follow));
    if (follow->seen_at == SYNCPLAY_UNSET)
        return deadline;
    deadline = earlier(deadline, follow->seen_at + look_after(follow));
    if (follow->wish_until > follow->seen_at)
        deadline = earlier(deadline, follow->wish_until);
    if (follow->drift.nudging)
        deadline = earlier(deadline, follow->drift.until);
    if (follow_has_party(follow) && follow->party.playing && follow->seen.is_paused && !follow->seen.is_seeking) {
        int64_t start = advice_start(follow);
        if (start > follow->seen_at)
            deadline = earlier(deadline, start);
    }
    return deadline;
}
