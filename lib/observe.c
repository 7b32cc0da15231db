/*
 * What is seen of the player: whether it does what it was told or what its user wants, how far it is from the party, and what
 * all that teaches about it. Pure.
 */
#include "advice.h"
#include "due.h"
#include "follow.h"

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

/* After a start: so long until its position moves evenly. */
#define START_SETTLE (150 * MILLISECOND)
#define START_MOVED (30 * MILLISECOND)
#define START_MOVED_MAX (3 * SECOND)
#define STALL_SETTLE (300 * MILLISECOND)
/* Behind by so much more from one look to the next, it was interrupted. */
#define HICCUP (100 * MILLISECOND)
/* Moved by so much more, or less, than playing would, it was moved by the user. */
#define JUMP (SECOND)
#define JUMP_BACK (500 * MILLISECOND)
#define DAY (86400 * SECOND)
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

/* --- Told and done */

/*
 * What it was told and does not show yet counts as done, for a while. Returns whether to play or to pause has been told in vain
 * for too long.
 */
static bool reconcile_playing(struct follow *follow, int64_t now, syncplay_player_state *state)
{
    struct follow_asked *asked = &follow->asked_to_play;
    bool pauses = asked->kind == SYNCPLAY_ADVICE_PAUSE;
    if (asked->kind == SYNCPLAY_ADVICE_NONE)
        return false;
    bool is_done = state->is_paused == pauses || state->is_ended;
    bool is_lost = !is_done && now - asked->since >= (pauses ? PATIENCE_PAUSE : PATIENCE_PLAY);
    if (is_done || is_lost)
        asked->kind = SYNCPLAY_ADVICE_NONE;
    else
        state->is_paused = pauses;
    return is_lost;
}

/* The same for where it is, and how fast. */
static void reconcile(struct follow *follow, int64_t now, syncplay_player_state *state)
{
    struct follow_asked *asked = &follow->asked;
    int64_t waited = now - asked->since;
    bool is_open = false;
    if (asked->kind == SYNCPLAY_ADVICE_RATE) {
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

/* --- The user */

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
    bool plays = follow->wished == SYNCPLAY_COMMAND_NONE ? follow->party.playing : follow->wished == SYNCPLAY_COMMAND_PLAY;
    if (state->is_paused && !seen->is_paused)
        return plays ? SYNCPLAY_COMMAND_PAUSE : SYNCPLAY_COMMAND_NONE;
    if (!state->is_paused && seen->is_paused)
        return plays ? SYNCPLAY_COMMAND_NONE : SYNCPLAY_COMMAND_PLAY;
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
    bool is_new = follow->is_being_moved || !follow->seen.is_seeking; /* not one of ours that takes for ever */
    follow->is_being_moved = !is_ours && !was_asked && follow->seen.has_film && state->is_seeking && is_new;
    syncplay_command_kind kind = is_ours ? SYNCPLAY_COMMAND_NONE : moved(follow, now, state, was_asked);
    if (kind == SYNCPLAY_COMMAND_NONE)
        return;
    follow->wish = kind;
    /* Without a connection it stays so until there is one, and the party is heard again. */
    follow->wish_until = follow->is_joined ? now + FOLLOW_WISH : SYNCPLAY_NEVER;
    if (kind != SYNCPLAY_COMMAND_SEEK)
        follow->wished = kind;
}

/* --- Learning */

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

/* --- Drift */

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
    if (!is_in_step(follow, now) || follow->asked_to_play.kind != SYNCPLAY_ADVICE_NONE)
        return;
    if (!follow->seen.can_play) {
        follow->started = SYNCPLAY_UNSET; /* a stall is no start */
        drift_restart(&follow->drift, now, STALL_SETTLE, FOLLOW_QUICK);
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
        drift_restart(&follow->drift, now, STALL_SETTLE, FOLLOW_QUICK);
    struct drift_view view = {follow_is_rough(follow), in_time(follow, follow->seen.buffered), follow->lateness};
    if (follow->pings >= PINGS_TO_KNOW || size(ahead) > GROSS)
        drift_observe(&follow->drift, &follow->profile, &view, now, in_time(follow, ahead));
}

/* --- All together */

void follow_observe(struct follow *follow, int64_t now, const syncplay_player_state *state)
{
    syncplay_player_state seen = *state;
    int64_t since = follow->seen_at;
    forget_lateness(follow, now);
    learn_lateness(follow, now);
    if (!seen.has_film) { /* another one is loaded, or none */
        follow->asked.kind = follow->asked_to_play.kind = SYNCPLAY_ADVICE_NONE;
        follow->sought = follow->started = follow->seek_began = SYNCPLAY_UNSET;
        follow->drift.nudging = false;
    }
    bool was_asked = follow->asked.kind == SYNCPLAY_ADVICE_SEEK || follow->asked_to_play.kind != SYNCPLAY_ADVICE_NONE;
    bool is_lost = reconcile_playing(follow, now, &seen); /* then it is nobody's wish, but to be told again */
    reconcile(follow, now, &seen);
    if (!is_lost)
        adopt(follow, now, &seen, was_asked);
    if (seen.is_seeking && follow->seen.has_film) /* what it tells says nothing: it is where it was, until it is there */
        seen.position = follow->seen.position;
    follow->seen = seen;
    follow->seen_at = now;
    follow->is_started = follow->is_started && !seen.is_paused;
    follow->is_let_go = follow->is_let_go && seen.is_seeking;
    learn_seek(follow, now);
    measure(follow, now, since);
    due_observed(follow, now);
    plan(follow, now);
}

void follow_acted(struct follow *follow, int64_t now, const syncplay_advice *advice)
{
    syncplay_player_state *seen = &follow->seen;
    bool is_to_play = advice->kind == SYNCPLAY_ADVICE_PLAY || advice->kind == SYNCPLAY_ADVICE_PAUSE;
    bool is_again = follow->sought != SYNCPLAY_UNSET && seen->is_paused && follow->party.playing;
    switch (advice->kind) {
    case SYNCPLAY_ADVICE_PAUSE:
        if (follow->drift.seek)
            drift_sought(&follow->drift, now);
        seen->is_paused = true;
        follow->is_started = false;
        follow->started = SYNCPLAY_UNSET;
        follow->sought = SYNCPLAY_UNSET;
        follow_begin_anew(follow, now);
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
        follow->is_started = true;
        follow->started = now;
        follow->landed = seen->position;
        follow->sought = SYNCPLAY_UNSET;
        follow->missed = 0;
        drift_restart(&follow->drift, now, START_SETTLE + profile_start_latency(&follow->profile, seen->has_sound), FOLLOW_QUICK);
        break;
    case SYNCPLAY_ADVICE_RATE:
        seen->rate = advice->rate;
        drift_acted(&follow->drift, &follow->profile, now);
        break;
    default: /* NONE: nothing was told */
        return;
    }
    struct follow_asked *asked = is_to_play ? &follow->asked_to_play : &follow->asked;
    *asked = (struct follow_asked){advice->kind, now, advice->position, advice->rate};
}
