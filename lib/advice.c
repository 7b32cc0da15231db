/* What the player should do. Pure. */
#include "advice.h"

#define MILLISECOND INT64_C(1000)
#define SECOND INT64_C(1000000)

/* A start that is late by no more than this needs no seek: the player runs after it. */
#define LATE_MAX (150 * MILLISECOND)
/* With coarse timers another appointment would hardly be kept better. */
#define LATE_MAX_COARSE (500 * MILLISECOND)
/* Standing ahead of the party, a player waits for it as long as this. */
#define EARLY_MAX (5 * SECOND)
/* One that plays already, so long before the party will, is stopped first. */
#define EARLY_START (20 * MILLISECOND)
/* A seek to the running film aims ahead of it by what seeks cost and this; by twice as much for each miss but the first. */
#define LEAD_MARGIN (50 * MILLISECOND)
#define LEAD_MAX (4 * SECOND)
/* A standing player that moved by more than this was moved. */
#define MOVED (20 * MILLISECOND)
/* One that plays so far before its end, though the party is beyond it, is stopped. */
#define FAR_FROM_END (2 * SECOND)
/* Rates nearer than this are the same: players keep them in their own ways. */
#define SAME_RATE 4

static int64_t size(int64_t value)
{
    return value < 0 ? -value : value;
}

int64_t advice_in_film(const struct follow *follow, int64_t position)
{
    int64_t duration = follow->seen.duration;
    return duration > 0 && position > duration ? duration : position;
}

bool advice_is_there(const struct follow *follow)
{
    const syncplay_player_state *seen = &follow->seen;
    int64_t place = advice_in_film(follow, follow->party.position);
    if (seen->is_seeking)
        return false;
    /* Wherever it landed: asking again would land it there again. */
    return follow->sought == place && size(seen->position - follow->landed) <= MOVED;
}

/* The party plays on behind the end of this film. play() would begin it again. */
static bool is_over(const struct follow *follow, int64_t now)
{
    int64_t duration = follow->seen.duration, position = follow_position(follow, now);
    return duration > 0 && (position >= duration - MILLISECOND || (follow->seen.is_ended && position >= duration - SECOND));
}

static int32_t party_rate(const struct follow *follow)
{
    return follow->party.speed * (SYNCPLAY_RATE_ONE / 100);
}

static int32_t rate_at(const struct follow *follow, int64_t now)
{
    int64_t rate = party_rate(follow), off = drift_rate(&follow->drift, follow_is_rough(follow), now);
    return (int32_t)(rate + rate * off / SYNCPLAY_RATE_ONE);
}

int64_t advice_start(const struct follow *follow)
{
    int64_t way = (follow->seen.position - follow->party.position) * 100 / follow->party.speed;
    return clock_sync_local(&follow->clock, follow->party.at + way) -
           profile_start_latency(&follow->profile, follow->seen.has_sound);
}

static int64_t lead(const struct follow *follow)
{
    int64_t cost = follow->profile.is.seek_cost;
    if (follow->lateness > DRIFT_COARSE) /* it starts at once when it is there, and not when a timer comes */
        return cost;
    int64_t lead = (cost + cost / 2 + LEAD_MARGIN) << follow->missed;
    lead = lead < LEAD_MAX ? lead : LEAD_MAX;
    return lead > cost ? lead : cost + LEAD_MARGIN;
}

/* Go to where the film will be when that is done; if that is where it stands, the film begins to move later. */
static void meet(const struct follow *follow, int64_t now, syncplay_advice *advice)
{
    int64_t then = now + lead(follow) + profile_start_latency(&follow->profile, follow->seen.has_sound);
    if (advice_in_film(follow, follow_position(follow, then)) == follow->sought)
        return;
    advice->kind = SYNCPLAY_ADVICE_SEEK;
    advice->at = now;
    advice->position = advice_in_film(follow, follow_position(follow, then));
}

static void stand(const struct follow *follow, int64_t now, syncplay_advice *advice, int64_t place)
{
    if (!follow->seen.is_paused) {
        advice->kind = SYNCPLAY_ADVICE_PAUSE;
        advice->at = now;
    } else if (!follow->seen.is_seeking || follow->asked.position != place) {
        advice->kind = SYNCPLAY_ADVICE_SEEK;
        advice->at = now;
        advice->position = place;
    }
}

/* It stands, and the party plays, or will. */
static void start(const struct follow *follow, int64_t now, syncplay_advice *advice)
{
    const syncplay_player_state *seen = &follow->seen;
    bool was_sent = follow->sought != SYNCPLAY_UNSET;
    if (seen->is_seeking || (was_sent && !seen->can_play))
        return; /* not there yet, or loading there: sending it farther would not make that faster */
    int64_t at = advice_start(follow), lateness = follow->lateness;
    int64_t late_max = lateness > DRIFT_COARSE ? LATE_MAX_COARSE : LATE_MAX;
    if (now - at > late_max || at - now > EARLY_MAX) {
        meet(follow, now, advice);
        return;
    }
    if (!was_sent) { /* a player starts in another way after a pause than after a seek: always after a seek, then */
        stand(follow, now, advice, seen->position);
        return;
    }
    advice->kind = SYNCPLAY_ADVICE_PLAY;
    /* Who would be woken late starts now, if the time is near. */
    advice->at = lateness > DRIFT_COARSE && at > now && at - now < lateness ? now : at;
    advice->rate = party_rate(follow) + drift_trim(&follow->drift, follow_is_rough(follow)) * follow->party.speed / 100;
    advice->preserves_pitch = follow_preserves_pitch(follow, 0);
}

static void run(const struct follow *follow, int64_t now, syncplay_advice *advice)
{
    int32_t rate = rate_at(follow, now);
    bool is_early = !follow->is_started && /* the user pressed play */
                    clock_sync_local(&follow->clock, follow->party.at) - now > EARLY_START;
    if (follow->drift.seek || is_early) { /* standing, it waits for the party or is sent to meet it, see start() */
        advice->kind = SYNCPLAY_ADVICE_PAUSE;
        advice->at = now;
    } else if (size(rate - follow->seen.rate) > SAME_RATE) {
        advice->kind = SYNCPLAY_ADVICE_RATE;
        advice->at = now;
        advice->rate = rate;
        advice->preserves_pitch = follow_preserves_pitch(follow, rate - party_rate(follow));
    }
}

void advice_give(const struct follow *follow, int64_t now, syncplay_advice *advice)
{
    const syncplay_player_state *seen = &follow->seen;
    *advice = (syncplay_advice){.kind = SYNCPLAY_ADVICE_NONE, .at = SYNCPLAY_NEVER};
    if (!follow_has_party(follow) || !seen->has_film || follow_is_suspended(follow) || follow_has_wish(follow, now))
        return;
    if (!follow->party.playing) {
        if (!seen->is_paused || !advice_is_there(follow))
            stand(follow, now, advice, advice_in_film(follow, follow->party.position));
    } else if (is_over(follow, now)) {
        int64_t most = seen->duration - (seen->is_paused ? ADVICE_END : FAR_FROM_END);
        if (seen->position < most)
            stand(follow, now, advice, seen->duration);
    } else if (seen->is_paused) {
        start(follow, now, advice);
    } else {
        run(follow, now, advice);
    }
}

syncplay_follower_mode advice_mode(const struct follow *follow, int64_t now)
{
    if (!follow_has_party(follow) || !follow->seen.has_film)
        return SYNCPLAY_MODE_IDLE;
    if (follow_is_suspended(follow))
        return SYNCPLAY_MODE_SUSPENDED;
    if (!follow->party.playing)
        return SYNCPLAY_MODE_STANDING;
    if (is_over(follow, now))
        return SYNCPLAY_MODE_OVER;
    if (!follow->seen.is_paused)
        return SYNCPLAY_MODE_PLAYING;
    syncplay_advice advice;
    advice_give(follow, now, &advice);
    return advice.kind == SYNCPLAY_ADVICE_PLAY ? SYNCPLAY_MODE_STARTING : SYNCPLAY_MODE_MEETING;
}
