/*
 * The follower's door for a browser: the pure part of the library (follow.h), compiled to WebAssembly as it is, with one
 * follower in it. Numbers in and out, milliseconds as doubles; server/page/follower.js gives them names. A page has as many
 * followers as it makes instances of this module.
 *
 * What a function answers beside its result stands in `answer`, in the order that is told at each.
 */
#include "../advice.h"
#include "../follow.h"

#define EXPORT(name) __attribute__((export_name(#name))) name

static struct follow follow;
static syncplay_advice advice;
static double answer[10];

static int64_t microseconds(double milliseconds)
{
    if (!(milliseconds < 9e15 / 1000)) /* a NaN, too */
        return SYNCPLAY_NEVER;
    return milliseconds < -9e15 / 1000 ? -SYNCPLAY_NEVER : (int64_t)(milliseconds * 1000 + (milliseconds < 0 ? -0.5 : 0.5));
}

static double milliseconds(int64_t microseconds)
{
    return microseconds == SYNCPLAY_NEVER ? __builtin_inf() : (double)microseconds / 1000;
}

/* In milliseconds, or NaN. */
static double known(int64_t value, int64_t unset)
{
    return value == unset ? __builtin_nan("") : milliseconds(value);
}

/* Where the answers are, for the page to look at. */
double *EXPORT(answers)(void)
{
    return answer;
}

/* A new one. `kind` is a syncplay_player_kind; what is not NaN was learned about this player before. */
void EXPORT(begin)(double kind, double start, double silent_start, double seek, double loss, double threshold)
{
    syncplay_player_profile profile = *profile_prior((syncplay_player_kind)kind);
    if (start == start)
        profile.start_latency = microseconds(start);
    if (silent_start == silent_start)
        profile.silent_start_latency = microseconds(silent_start);
    if (seek == seek)
        profile.seek_cost = microseconds(seek);
    if (loss == loss)
        profile.nudge_loss = microseconds(loss);
    follow_begin(&follow, &profile, microseconds(threshold), true);
}

/* What begin() takes, as it is known now: start, silent start, seek, loss. */
void EXPORT(profile)(void)
{
    answer[0] = milliseconds(follow.profile.is.start_latency);
    answer[1] = milliseconds(follow.profile.is.silent_start_latency);
    answer[2] = milliseconds(follow.profile.is.seek_cost);
    answer[3] = milliseconds(follow.profile.is.nudge_loss);
}

/* --- The server */

void EXPORT(connected)(double now)
{
    follow_connected(&follow, microseconds(now));
}

void EXPORT(disconnected)(void)
{
    follow_disconnected(&follow);
}

/* With the server's time, where it was told; else NaN. */
void EXPORT(joined)(double now, double server_time)
{
    follow_joined(&follow);
    if (server_time == server_time)
        clock_sync_hint(&follow.clock, microseconds(now), microseconds(server_time));
}

void EXPORT(left)(void)
{
    follow_left(&follow);
}

void EXPORT(playback)(double now, double revision, double phase, double is_playing, double is_state, double position,
                      double server_time, double at, double speed)
{
    syncplay_playback playback = {
        .revision = (uint64_t)revision,
        .phase = (syncplay_phase)phase,
        .is_playing = is_playing != 0,
        .is_state = is_state != 0,
        .position = microseconds(position),
        .server_time = microseconds(server_time),
        .at = microseconds(at),
        .speed = (int32_t)(speed * 100 + 0.5),
    };
    follow_playback(&follow, microseconds(now), &playback);
}

void EXPORT(pong)(double now, double sent, double server)
{
    follow_pong(&follow, microseconds(now), microseconds(sent), microseconds(server), microseconds(server));
}

void EXPORT(disturbed)(double now)
{
    follow_disturbed(&follow, microseconds(now));
}

void EXPORT(refused)(void)
{
    follow_refused(&follow);
}

/*
 * The kind of a command that is due, 0 if none is; call it again. Answers: revision; PING: time, echo (0: none to tell), held,
 * drift, clock's error, start; READY: buffered, whether it is ready; and the last two: position, excused. A number that is not
 * told is NaN.
 */
int EXPORT(next)(double now)
{
    syncplay_command command;
    if (!follow_next(&follow, microseconds(now), &command))
        return 0;
    bool is_ping = command.kind == SYNCPLAY_COMMAND_PING;
    answer[0] = command.revision == SYNCPLAY_UNSET ? __builtin_nan("") : (double)command.revision;
    answer[1] = is_ping ? command.client_time : known(command.buffered, SYNCPLAY_UNSET);
    answer[2] = is_ping ? command.echo : command.readiness == SYNCPLAY_READY_YES;
    answer[3] = command.held;
    answer[4] = known(command.drift, SYNCPLAY_DRIFT_UNSET);
    answer[5] = known(command.clock_error, SYNCPLAY_UNSET);
    answer[6] = known(command.start, SYNCPLAY_UNSET);
    answer[7] = known(command.position, SYNCPLAY_UNSET);
    answer[8] = command.excused;
    return (int)command.kind;
}

/* --- The user */

/* One of the syncplay_suspensions; a NaN is none. */
static bool is_reason(double reason)
{
    return reason >= 0 && reason < FOLLOW_SUSPENSIONS;
}

/* Neither does anything with a reason that there is not, and none is counted beyond the limit. */
void EXPORT(suspend)(double now, double reason)
{
    if (!is_reason(reason) || follow.suspensions[(int)reason] >= FOLLOW_SUSPENSIONS_MAX)
        return;
    follow_suspend(&follow, microseconds(now), (syncplay_suspension)reason);
}

void EXPORT(resume)(double now, double reason)
{
    if (is_reason(reason))
        follow_resume(&follow, microseconds(now), (syncplay_suspension)reason);
}

void EXPORT(resync)(double now)
{
    follow_resync(&follow, microseconds(now));
}

/* --- The player */

enum flag { HAS_FILM = 1, HAS_SOUND = 2, IS_PAUSED = 4, IS_SEEKING = 8, CAN_PLAY = 16, HAS_ENOUGH = 32, IS_ENDED = 64 };

void EXPORT(observe)(double now, double flags, double rate, double position, double buffered, double duration)
{
    unsigned is = (unsigned)flags;
    syncplay_player_state state = {
        .has_film = is & HAS_FILM,
        .has_sound = is & HAS_SOUND,
        .is_paused = is & IS_PAUSED,
        .is_seeking = is & IS_SEEKING,
        .can_play = is & CAN_PLAY,
        .has_enough = is & HAS_ENOUGH,
        .is_ended = is & IS_ENDED,
        .rate = (int32_t)(rate * SYNCPLAY_RATE_ONE + 0.5),
        .position = microseconds(position),
        .buffered = microseconds(buffered),
        .duration = microseconds(duration),
    };
    follow_observe(&follow, microseconds(now), &state);
}

/* The kind of advice; answers: when, position, rate, whether the pitch is preserved. */
int EXPORT(advise)(double now)
{
    advice_give(&follow, microseconds(now), &advice);
    answer[0] = milliseconds(advice.at);
    answer[1] = milliseconds(advice.position);
    answer[2] = (double)advice.rate / SYNCPLAY_RATE_ONE;
    answer[3] = advice.preserves_pitch;
    return (int)advice.kind;
}

/* The player was told what advise() said last. */
void EXPORT(acted)(double now)
{
    follow_acted(&follow, microseconds(now), &advice);
}

double EXPORT(deadline)(void)
{
    return milliseconds(follow_deadline(&follow));
}

/* --- Asking */

/*
 * The mode; answers: server's time, its error, round trip, drift (NaN: not playing in step), position of the party,
 * revision, whether it is nudged, whether it cannot keep up.
 */
int EXPORT(status)(double now)
{
    syncplay_follower_status status;
    follow_status(&follow, microseconds(now), &status);
    answer[0] = milliseconds(status.server_time);
    answer[1] = milliseconds(status.clock_error);
    answer[2] = milliseconds(status.round_trip);
    answer[3] = status.drift == SYNCPLAY_DRIFT_UNSET ? __builtin_nan("") : milliseconds(status.drift);
    answer[4] = milliseconds(status.position);
    answer[5] = (double)status.revision;
    answer[6] = status.is_nudged;
    answer[7] = status.cannot_keep_up;
    return (int)status.mode;
}
