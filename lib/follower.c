/* The doors of a follower: making it, the user, the player, time, questions. Those about the server: server_link.c. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "advice.h"
#include "defaults.h"
#include "follower.h"
#include "wish.h"

/* NOLINTNEXTLINE(misc-redundant-expression): they are named in two places */
_Static_assert(NOW_MAX == CLOCK_SYNC_TIME_MAX, "all times that get in are times of the clock");
#define RATE_MAX (100 * SYNCPLAY_RATE_ONE)
/* How much older than what was told last an observation may be, to count with what has happened since. */
#define OBSERVATION_AGE_MAX INT64_C(1000000)
/* More leaves without an answer are not counted. */
#define LEAVES_MAX 1000

/* --- Making and freeing */

int syncplay_follower_new(syncplay_follower **out, int64_t now, const syncplay_follower_config *config,
                          const syncplay_follower_callbacks *callbacks, void *user_data)
{
    struct syncplay_follower draft;
    syncplay_player_profile profile;
    memset(&draft, 0, sizeof draft);
    syncplay_follower_config_default(&draft.config, sizeof draft.config);
    syncplay_player_profile_default(&profile, sizeof profile, SYNCPLAY_PLAYER_GENERIC);
    if (!out || now < -NOW_MAX || now > NOW_MAX || syncplay_follower_config_check(config, NULL, 0) ||
        !defaults_take(&draft.callbacks, callbacks, sizeof draft.callbacks) || !draft.callbacks.send)
        return SYNCPLAY_ERROR_ARGUMENT;
    defaults_take(&draft.config, config, sizeof draft.config);
    defaults_take(&profile, draft.config.profile, sizeof profile);
    draft.config.profile = NULL; /* it need not live on */
    draft.memory.allocate = draft.callbacks.allocate ? draft.callbacks.allocate : memory_default_allocate;
    draft.memory.user_data = draft.user_data = user_data;
    draft.now = now;
    struct syncplay_follower *follower = memory_resize(&draft.memory, NULL, sizeof *follower);
    if (!follower || !outgoing_reserve(&draft.outgoing, &draft.memory, NULL)) {
        memory_free(&draft.memory, follower);
        return SYNCPLAY_ERROR_MEMORY;
    }
    *follower = draft;
    follow_begin(&follower->follow, &profile, draft.config.ready_threshold, draft.config.adopts_player);
    *out = follower;
    return SYNCPLAY_OK;
}

void syncplay_follower_free(syncplay_follower *follower)
{
    if (!follower || follower->in_callback)
        return;
    struct memory memory = follower->memory;
    outgoing_free(&follower->outgoing, &memory);
    memory_free(&memory, follower);
}

const char *syncplay_follower_why(const syncplay_follower *follower)
{
    return follower ? follower->why : "";
}

/* --- Every mutating call begins and ends with these */

int follower_fail(struct syncplay_follower *follower, int error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(follower->why, sizeof follower->why, format, arguments);
    va_end(arguments);
    return error;
}

int follower_take(struct syncplay_follower *follower, const char *name, void *ours, const void *theirs, size_t our_size)
{
    if (!theirs)
        return follower_fail(follower, SYNCPLAY_ERROR_ARGUMENT, "%s is missing", name);
    if (!defaults_take(ours, theirs, our_size))
        return follower_fail(follower, SYNCPLAY_ERROR_ARGUMENT, DEFAULTS_SIZE_WRONG, name);
    return SYNCPLAY_OK;
}

int follower_begin(struct syncplay_follower *follower, int64_t now, const syncplay_command *command)
{
    if (!follower)
        return SYNCPLAY_ERROR_ARGUMENT;
    if (follower->in_callback)
        return SYNCPLAY_ERROR_REENTRANT;
    follower->why[0] = 0;
    if (now > NOW_MAX)
        return follower_fail(follower, SYNCPLAY_ERROR_ARGUMENT, "now must be at most 2^60 microseconds");
    if (!outgoing_reserve(&follower->outgoing, &follower->memory, command))
        return follower_fail(follower, SYNCPLAY_ERROR_MEMORY, "no memory");
    if (now > follower->now)
        follower->now = now;
    return SYNCPLAY_OK;
}

void follower_finish(struct syncplay_follower *follower)
{
    syncplay_command due;
    while (follow_next(&follower->follow, follower->now, &due))
        outgoing_put(&follower->outgoing, &due);
    follower->in_callback = true;
    outgoing_send(&follower->outgoing, &follower->callbacks, follower->user_data);
    follower->in_callback = false;
}

/* --- The user */

/* What the follower keeps of what it sends. */
static void keep(struct syncplay_follower *follower, const syncplay_command *command)
{
    if (command->kind == SYNCPLAY_COMMAND_JOIN) {
        kept_join_keep(&follower->join, command);
        follower->brings_token = follower->follow.is_connected && command->resume_token;
    } else if (command->kind == SYNCPLAY_COMMAND_LEAVE) {
        kept_join_forget(&follower->join);
        follow_left(&follower->follow);
        if (follower->follow.is_connected && follower->leaves < LEAVES_MAX)
            follower->leaves++;
    }
}

int syncplay_follower_submit(syncplay_follower *follower, int64_t now, const syncplay_command *command)
{
    struct command_copy ours;
    int error = follower_begin(follower, now, NULL);
    if (error)
        return error;
    if (!command)
        return follower_fail(follower, SYNCPLAY_ERROR_ARGUMENT, "command is missing");
    const char *without_size = defaults_take_command(&ours, command);
    if (without_size)
        return follower_fail(follower, SYNCPLAY_ERROR_ARGUMENT, DEFAULTS_SIZE_WRONG, without_size);
    error = wish_check(&ours.command, follower->why);
    if (error)
        return error;
    bool is_kept = ours.command.kind == SYNCPLAY_COMMAND_JOIN || ours.command.kind == SYNCPLAY_COMMAND_LEAVE;
    if (!follower->follow.is_connected && !is_kept)
        return follower_fail(follower, SYNCPLAY_ERROR_NOT_JOINED, "there is no connection to the server");
    error = follower_begin(follower, now, &ours.command);
    if (error)
        return error;
    if (follower->follow.is_connected)
        outgoing_put(&follower->outgoing, &ours.command);
    keep(follower, &ours.command);
    follower_finish(follower);
    return SYNCPLAY_OK;
}

/* --- Suspensions */

static int begin_suspension(syncplay_follower *follower, int64_t now, syncplay_suspension reason)
{
    int error = follower_begin(follower, now, NULL);
    if (!error && (unsigned)reason >= FOLLOW_SUSPENSIONS)
        return follower_fail(follower, SYNCPLAY_ERROR_ARGUMENT, "reason must be one of the suspensions");
    return error;
}

int syncplay_follower_suspend(syncplay_follower *follower, int64_t now, syncplay_suspension reason)
{
    int error = begin_suspension(follower, now, reason);
    if (error)
        return error;
    if (follower->follow.suspensions[reason] >= FOLLOW_SUSPENSIONS_MAX)
        return follower_fail(follower, SYNCPLAY_ERROR_LIMIT, "there are %d suspensions of this reason already",
                             FOLLOW_SUSPENSIONS_MAX);
    follow_suspend(&follower->follow, follower->now, reason);
    follower_finish(follower);
    return SYNCPLAY_OK;
}

int syncplay_follower_resume(syncplay_follower *follower, int64_t now, syncplay_suspension reason)
{
    int error = begin_suspension(follower, now, reason);
    if (error)
        return error;
    if (!follow_resume(&follower->follow, follower->now, reason))
        return follower_fail(follower, SYNCPLAY_ERROR_NOT_FOUND, "there is no suspension of this reason");
    follower_finish(follower);
    return SYNCPLAY_OK;
}

int syncplay_follower_resync(syncplay_follower *follower, int64_t now)
{
    int error = follower_begin(follower, now, NULL);
    if (error)
        return error;
    follow_resync(&follower->follow, follower->now);
    follower_finish(follower);
    return SYNCPLAY_OK;
}

/* --- The player */

static int check_player(struct syncplay_follower *follower, const syncplay_player_state *state)
{
    if (state->rate < 0 || state->rate > RATE_MAX)
        return follower_fail(follower, SYNCPLAY_ERROR_FIELD, "rate must be 0 to %d", RATE_MAX);
    if (state->position < 0 || state->position > SYNCPLAY_POSITION_MAX)
        return follower_fail(follower, SYNCPLAY_ERROR_FIELD, "position must be 0 to 9007199254740992");
    if (state->buffered < 0 || (state->buffered > SYNCPLAY_POSITION_MAX && state->buffered != SYNCPLAY_NEVER))
        return follower_fail(follower, SYNCPLAY_ERROR_FIELD, "buffered must be 0 to 9007199254740992, or SYNCPLAY_NEVER");
    if (state->duration < 0 || state->duration > SYNCPLAY_POSITION_MAX)
        return follower_fail(follower, SYNCPLAY_ERROR_FIELD, "duration must be 0 to 9007199254740992");
    return SYNCPLAY_OK;
}

/*
 * An observation may be a little older than a message that was read in between. Time does not go back for it: a player that
 * plays has moved on since.
 */
static void bring_forward(syncplay_player_state *state, int64_t age)
{
    bool is_moving = !state->is_paused && !state->is_seeking && !state->is_ended && state->can_play;
    if (age <= 0 || age > OBSERVATION_AGE_MAX || !is_moving)
        return;
    int64_t moved = age * state->rate / SYNCPLAY_RATE_ONE, end = state->duration ? state->duration : SYNCPLAY_POSITION_MAX;
    int64_t room = state->position < end ? end - state->position : 0;
    state->position += moved < room ? moved : room;
    if (state->buffered != SYNCPLAY_NEVER)
        state->buffered -= moved < state->buffered ? moved : state->buffered;
}

int syncplay_follower_observe(syncplay_follower *follower, int64_t now, const syncplay_player_state *state)
{
    syncplay_player_state ours;
    int error = follower_begin(follower, now, NULL);
    if (error)
        return error;
    syncplay_player_state_default(&ours, sizeof ours);
    error = follower_take(follower, "state", &ours, state, sizeof ours);
    error = error ? error : check_player(follower, &ours);
    if (error)
        return error;
    bring_forward(&ours, now > -NOW_MAX ? follower->now - now : 0);
    follow_observe(&follower->follow, follower->now, &ours);
    follower_finish(follower);
    return SYNCPLAY_OK;
}

int syncplay_follower_acted(syncplay_follower *follower, int64_t now, const syncplay_advice *advice)
{
    syncplay_advice ours = {.rate = SYNCPLAY_RATE_ONE}; /* when, and with which pitch, is not looked at */
    int error = follower_begin(follower, now, NULL);
    if (error)
        return error;
    error = follower_take(follower, "advice", &ours, advice, sizeof ours);
    if (error)
        return error;
    if ((unsigned)ours.kind > SYNCPLAY_ADVICE_RATE)
        return follower_fail(follower, SYNCPLAY_ERROR_FIELD, "kind must be an advice");
    if (ours.position < 0 || ours.position > SYNCPLAY_POSITION_MAX)
        return follower_fail(follower, SYNCPLAY_ERROR_FIELD, "position must be 0 to 9007199254740992");
    if (ours.rate < 0 || ours.rate > RATE_MAX)
        return follower_fail(follower, SYNCPLAY_ERROR_FIELD, "rate must be 0 to %d", RATE_MAX);
    follow_acted(&follower->follow, follower->now, &ours);
    return SYNCPLAY_OK; /* what is due now waits for the next tick: whoever carries out advice is not called back */
}

/* --- Time */

int64_t syncplay_follower_deadline(const syncplay_follower *follower)
{
    return follower ? follow_deadline(&follower->follow) : SYNCPLAY_NEVER;
}

int syncplay_follower_tick(syncplay_follower *follower, int64_t now)
{
    int error = follower_begin(follower, now, NULL);
    if (!error)
        follower_finish(follower);
    return error;
}

/* --- Asking */

/* Time does not go back for a question either. */
static int64_t instant(const syncplay_follower *follower, int64_t now)
{
    return now < follower->now ? follower->now : now > NOW_MAX ? NOW_MAX : now;
}

int syncplay_follower_advise(const syncplay_follower *follower, int64_t now, syncplay_advice *advice)
{
    syncplay_advice answer;
    if (!follower || !defaults_has_size(advice))
        return SYNCPLAY_ERROR_ARGUMENT;
    memset(&answer, 0, sizeof answer);
    advice_give(&follower->follow, instant(follower, now), &answer);
    defaults_give(advice, &answer, sizeof answer);
    return SYNCPLAY_OK;
}

int syncplay_follower_status_at(const syncplay_follower *follower, int64_t now, syncplay_follower_status *status)
{
    syncplay_follower_status answer;
    if (!follower || !defaults_has_size(status))
        return SYNCPLAY_ERROR_ARGUMENT;
    memset(&answer, 0, sizeof answer);
    follow_status(&follower->follow, instant(follower, now), &answer);
    defaults_give(status, &answer, sizeof answer);
    return SYNCPLAY_OK;
}

int syncplay_follower_profile(const syncplay_follower *follower, syncplay_player_profile *profile)
{
    if (!follower || !defaults_has_size(profile))
        return SYNCPLAY_ERROR_ARGUMENT;
    defaults_give(profile, &follower->follow.profile.is, sizeof *profile);
    return SYNCPLAY_OK;
}

int64_t syncplay_follower_server_time(const syncplay_follower *follower, int64_t now)
{
    if (!follower || !clock_sync_is_known(&follower->follow.clock))
        return 0;
    return clock_sync_server(&follower->follow.clock, now > NOW_MAX ? NOW_MAX : now < -NOW_MAX ? -NOW_MAX : now);
}

int64_t syncplay_follower_local_time(const syncplay_follower *follower, int64_t server_time)
{
    if (!follower || !clock_sync_is_known(&follower->follow.clock) || server_time == SYNCPLAY_NEVER)
        return SYNCPLAY_NEVER;
    int64_t bounded = server_time > NOW_MAX ? NOW_MAX : server_time < -NOW_MAX ? -NOW_MAX : server_time;
    return clock_sync_local(&follower->follow.clock, bounded);
}
