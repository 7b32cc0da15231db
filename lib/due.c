/* What is due to be told to the server. Pure. */
#include "due.h"

#include "advice.h"

#define MILLISECOND INT64_C(1000)

/* Shorter gaps are nobody's business. */
#define STALL (250 * MILLISECOND)
/* A buffer is told up to this. */
#define BUFFERED_MAX (INT64_C(3600) * 1000 * MILLISECOND)

/* --- Readiness */

static bool is_loaded(const struct follow *follow)
{
    const syncplay_player_state *seen = &follow->seen;
    bool is_at_end = seen->duration > 0 && seen->position >= seen->duration - ADVICE_END;
    return seen->has_film && !seen->is_seeking && (seen->can_play || is_at_end);
}

static bool has_enough(const struct follow *follow)
{
    const syncplay_player_state *seen = &follow->seen;
    bool is_to_the_end = seen->duration > 0 && seen->buffered >= seen->duration - ADVICE_END - seen->position;
    return seen->has_enough || seen->buffered >= follow->ready_threshold || is_to_the_end;
}

static bool is_ready(const struct follow *follow, int64_t now)
{
    if (follow->suspensions[SYNCPLAY_SUSPENSION_STALLED])
        return false;
    if (advice_mode(follow, now) == SYNCPLAY_MODE_OVER) /* there is nothing to wait for */
        return true;
    if (!is_loaded(follow))
        return false;
    bool is_placed = follow->party.playing ? follow->sought != SYNCPLAY_UNSET || !follow->seen.is_paused
                                           : advice_is_there(follow);
    return is_placed && (!follow->seen.is_paused || has_enough(follow));
}

void due_observed(struct follow *follow, int64_t now)
{
    if (is_ready(follow, now))
        follow->unable_since = SYNCPLAY_UNSET;
    else if (follow->unable_since == SYNCPLAY_UNSET)
        follow->unable_since = now;
}

/* Whether its readiness is news, or will be if it stays so. */
static bool has_news(const struct follow *follow)
{
    bool ready = follow->unable_since == SYNCPLAY_UNSET;
    bool is_told = follow->has_told_ready && follow->told_revision == follow->revision && follow->told_ready == ready;
    bool is_anywhere = follow_is_suspended(follow) && !follow->suspensions[SYNCPLAY_SUSPENSION_STALLED];
    return follow->is_joined && follow->seen_at != SYNCPLAY_UNSET && !is_told && !is_anywhere;
}

int64_t due_deadline(const struct follow *follow)
{
    bool ready = follow->unable_since == SYNCPLAY_UNSET;
    return !ready && has_news(follow) ? follow->unable_since + STALL : SYNCPLAY_NEVER;
}

static bool take_ready(struct follow *follow, int64_t now, syncplay_command *command)
{
    bool ready = follow->unable_since == SYNCPLAY_UNSET;
    if (!has_news(follow) || (!ready && now < follow->unable_since + STALL))
        return false;
    int64_t buffered = follow->seen.buffered;
    command->kind = SYNCPLAY_COMMAND_READY;
    command->readiness = ready ? SYNCPLAY_READY_YES : SYNCPLAY_READY_NO;
    command->buffered = buffered < BUFFERED_MAX ? buffered : BUFFERED_MAX;
    command->revision = (int64_t)follow->revision;
    follow->has_told_ready = true;
    follow->told_ready = ready;
    follow->told_revision = follow->revision;
    return true;
}

/* --- The others need not wait */

static bool is_apart(const struct follow *follow)
{
    return follow->suspensions[SYNCPLAY_SUSPENSION_AWAY] || follow->suspensions[SYNCPLAY_SUSPENSION_APART];
}

static bool take_excuse(struct follow *follow, syncplay_command *command)
{
    if (!follow->is_joined || follow->told_excused == is_apart(follow))
        return false;
    follow->told_excused = is_apart(follow);
    command->kind = SYNCPLAY_COMMAND_EXCUSE;
    command->excused = follow->told_excused;
    return true;
}

/* --- What the user did in the player */

static bool take_wish(struct follow *follow, int64_t now, syncplay_command *command)
{
    if (!follow->is_joined || follow->wish == SYNCPLAY_COMMAND_NONE)
        return false;
    command->kind = follow->wish;
    if (follow->wish == SYNCPLAY_COMMAND_SEEK)
        command->position = follow->seen.position;
    follow->wish = SYNCPLAY_COMMAND_NONE;
    follow->wish_until = now + FOLLOW_WISH;
    return true;
}

/* --- Pings */

/* How things are, for the others to see and for starts to be timed by. */
static void report(const struct follow *follow, int64_t now, syncplay_command *command)
{
    int64_t error = clock_sync_error(&follow->clock, now);
    command->drift = follow->drift_now;
    if (error <= SYNCPLAY_CLOCK_ERROR_MAX)
        command->clock_error = error;
    if (follow->seen.has_film)
        command->start = profile_start_latency(&follow->profile, follow->seen.has_sound);
}

int64_t due_ping(const struct follow *follow)
{
    if (!follow->is_connected)
        return SYNCPLAY_NEVER;
    return follow->pinged_at + (follow->pings ? clock_sync_ping_delay(&follow->clock, follow->pings) : 0);
}

static bool take_ping(struct follow *follow, int64_t now, syncplay_command *command)
{
    if (now < due_ping(follow))
        return false;
    command->kind = SYNCPLAY_COMMAND_PING;
    command->client_time = (double)now / 1000;
    if (follow->pong_server) { /* with this the server measures the round trip, too */
        command->echo = (double)follow->pong_server / 1000;
        command->held = (double)(now - follow->pong_at) / 1000;
    }
    command->revision = follow->is_joined ? (int64_t)follow->revision : SYNCPLAY_UNSET;
    report(follow, now, command);
    follow->pings++;
    follow->pinged_at = now;
    return true;
}

static bool take_state(struct follow *follow, syncplay_command *command)
{
    if (!follow->is_joined || !follow->wants_state)
        return false;
    command->kind = SYNCPLAY_COMMAND_STATE;
    follow->wants_state = false;
    return true;
}

bool follow_next(struct follow *follow, int64_t now, syncplay_command *command)
{
    *command = (syncplay_command){
        .struct_size = sizeof *command,
        .revision = SYNCPLAY_UNSET,
        .position = SYNCPLAY_UNSET,
        .buffered = SYNCPLAY_UNSET,
        .lifetime = SYNCPLAY_UNSET,
        .drift = SYNCPLAY_DRIFT_UNSET,
        .clock_error = SYNCPLAY_UNSET,
        .start = SYNCPLAY_UNSET,
    };
    return take_ping(follow, now, command) || take_wish(follow, now, command) || take_ready(follow, now, command) ||
           take_excuse(follow, command) || take_state(follow, command);
}

void due_connected(struct follow *follow)
{
    follow->has_told_ready = false;
    follow->pong_server = 0;
    if (is_apart(follow)) /* to be told again; that it is over as well, if that was never told */
        follow->told_excused = false;
}
