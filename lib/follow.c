/* Following a party with one player. Pure. */
#include "follow.h"

#include "advice.h"
#include "due.h"

#define MILLISECOND INT64_C(1000)
#define SECOND INT64_C(1000000)

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

void follow_begin_anew(struct follow *follow, int64_t now)
{
    drift_restart(&follow->drift, now, follow->profile.is.rate_latency, FOLLOW_QUICK);
    follow->drift.useless = 0;
    follow->missed = 0;
}

static void forget_wish(struct follow *follow)
{
    follow->wish = follow->wished = SYNCPLAY_COMMAND_NONE;
    follow->wish_until = INT64_MIN;
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
    if (!follow->has_party || playback->revision != follow->revision)
        follow_begin_anew(follow, now);
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
    forget_wish(follow);
    due_observed(follow, now); /* what is buffered is not buffered there */
}

void follow_joined(struct follow *follow)
{
    follow->is_joined = follow->is_connected;
    forget_wish(follow); /* what the user did alone is over when the party is heard again */
}

void follow_left(struct follow *follow)
{
    follow->has_party = follow->is_joined = follow->wants_state = false;
    follow->revision = 0;
    follow->phase = SYNCPLAY_IDLE;
    follow->party = (struct timeline){.speed = 100};
    follow->drift.nudging = false;
    follow->has_told_ready = follow->told_excused = false; /* nobody in the next party was told */
    forget_wish(follow);
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
    enum clock_sync_result result = clock_sync_add(&follow->clock, sent, server_received, server_sent, now);
    if (result == CLOCK_SYNC_IGNORED)
        return;
    follow->pong_server = server_sent;
    follow->pong_at = now;
    if (result == CLOCK_SYNC_TAKEN)
        return;
    measure_anew(follow, now);
    follow_begin_anew(follow, now);
}

void follow_disturbed(struct follow *follow, int64_t now)
{
    clock_sync_disturb(&follow->clock, now);
    follow->started = SYNCPLAY_UNSET;
    measure_anew(follow, now);
    follow_begin_anew(follow, now);
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
    follow->asked.kind = follow->asked_to_play.kind = SYNCPLAY_ADVICE_NONE;
    follow->is_let_go = true;
    follow->sought = follow->seek_began = SYNCPLAY_UNSET;
    follow->planned = SYNCPLAY_UNSET;
    follow->started = SYNCPLAY_UNSET;
    follow->drift_now = SYNCPLAY_DRIFT_UNSET;
    follow_begin_anew(follow, now);
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
    forget_wish(follow);
    follow_disturbed(follow, now);
    drift_begin(&follow->drift);
    let_go(follow, now);
}

void follow_refused(struct follow *follow)
{
    forget_wish(follow);
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
    if (follow->drift.nudging && follow->drift.until > follow->seen_at)
        deadline = earlier(deadline, follow->drift.until);
    if (follow_has_party(follow) && follow->party.playing && follow->seen.is_paused && !follow->seen.is_seeking) {
        int64_t start = advice_start(follow);
        if (start > follow->seen_at)
            deadline = earlier(deadline, start);
    }
    return deadline;
}
