/* The score. */
#include <math.h>
#include <stdlib.h>

#include "check.h"
#include "score.h"

#define LEARNED_AFTER 2            /* starts of a party in which players are learned */
#define LATER (3 * SECOND)         /* after a start */
#define IN_STEP (10 * MILLISECOND) /* what is settled, beside what the player cannot do better */
#define IN_STEP_FOR SECOND
#define UNEXPLAINED_AFTER (8 * SECOND) /* a seek so long after a disturbance is not due to it */
#define WISH_TAKES (5 * SECOND)        /* at most, to reach the server: a wait sooner after one is due to it */
#define REWIND (100 * MILLISECOND)
#define NUDGE 200e-6 /* of the rate: less is a trim */
#define SMALL_ERROR (20 * MILLISECOND)

static double ms(int64_t microseconds)
{
    return (double)microseconds / 1000;
}

static int64_t later_of(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t magnitude(int64_t value)
{
    return value < 0 ? -value : value;
}

/* What the oracle's error is: half of the asymmetry, at the party's speed. */
static int64_t floor_of(const struct party *party, const struct member *member)
{
    return member->bias * party->truth.speed / 100;
}

void score_look(struct party *party, struct member *member, struct sight *sight)
{
    const struct truth *truth = &party->truth;
    int64_t now = party->world.now;
    *sight = (struct sight){0};
    if (!member->is_here || !member->self)
        return;
    sight->is_watching = !member->is_asleep && truth->phase == SYNCPLAY_PLAYING && now > truth->at &&
                         member->record.told_revision == truth->revision;
    sight->is_able = player_can_play(&member->player);
    sight->since = later_of(later_of(member->record.told_at, truth->at),
                            later_of(member->record.disturbed_at, member->player.disturbed_at));
    sight->error = player_position(&member->player) - truth_position(truth, now);
    sight->excess = magnitude(sight->error - floor_of(party, member));
    sight->tolerance = member->player.kind->tolerance;
    if (truth->speed != SYNCPLAY_SPEED_NORMAL) /* the pitch has to be preserved, and every correction costs that */
        sight->tolerance += (int64_t)member->player.kind->loss_pitch;
}

/* --- Starts */

struct starter {
    int64_t start, later, floor;
};

static bool may_be_scored(struct party *party, struct member *member)
{
    struct sight sight;
    score_look(party, member, &sight);
    return sight.is_watching && sight.is_able && member->connection && member->player.has_moved &&
           later_of(member->record.disturbed_at, member->player.disturbed_at) < party->truth.changed_at - SECOND &&
           !member->is_background;
}

/* How far ahead it started: who starts early is measured against the line on which the party will move. */
static int64_t start_error(const struct party *party, const struct player *player)
{
    const struct truth *truth = &party->truth;
    return player->moved_from - truth->position - (player->moved_at - truth->at) * truth->speed / 100;
}

static void add_pairs(struct score *score, const struct starter *starters, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        for (unsigned j = 0; j < i; j++) {
            figures_add(&score->start, ms(magnitude(starters[i].start - starters[j].start)));
            figures_add(&score->later, ms(magnitude(starters[i].later - starters[j].later)));
            figures_add(&score->start_floor, ms(magnitude(starters[i].floor - starters[j].floor)));
        }
}

/* Three seconds after a start: how it was, and how it is by now. */
static void start_is_over(void *subject, int64_t revision)
{
    struct party *party = subject;
    const struct truth *truth = &party->truth;
    struct starter starters[PARTY_MEMBERS];
    unsigned count = 0;
    bool is_late = false;
    if ((uint64_t)revision != truth->revision)
        return;
    for (unsigned i = 0; i < party->count; i++) {
        struct member *member = &party->members[i];
        if (!may_be_scored(party, member))
            continue;
        starters[count++] = (struct starter){
            .start = start_error(party, &member->player),
            .later = player_position(&member->player) - truth_position(truth, party->world.now),
            .floor = floor_of(party, member),
        };
        is_late = is_late || member->record.told_at > truth->at - (int64_t)member->player.own_start;
        party_say(party, member, "started %.1f ms off; three seconds later %.2f ms", ms(starters[count - 1].start),
                  ms(starters[count - 1].later));
    }
    party->score->starts++;
    party->score->late_starts += is_late;
    if (truth->starts > LEARNED_AFTER)
        add_pairs(party->score, starters, count);
}

static void note_start(struct party *party)
{
    struct truth *truth = &party->truth;
    truth->starts++;
    figures_add(&party->score->lead, ms(truth->at - party->world.now));
    for (unsigned i = 0; i < party->count; i++)
        player_mark(&party->members[i].player);
    world_plan(&party->world, truth->at + LATER, start_is_over, party, (int64_t)truth->revision);
}

/* --- Stalls: from when the others stand where they were told to stand, until they play on */

static void note_wait(struct party *party, syncplay_phase before)
{
    struct truth *truth = &party->truth;
    int64_t ahead = truth->position - truth_position(&party->before, party->world.now);
    bool is_wish = party->world.now - party->sought_at < WISH_TAKES;
    if (before == SYNCPLAY_PLAYING && truth->phase == SYNCPLAY_WAITING && !is_wish)
        party->stall_since = party->world.now + ahead * 100 / truth->speed;
    else if (truth->phase == SYNCPLAY_PLAYING && party->stall_since != SYNCPLAY_NEVER)
        figures_add(&party->score->lost, ms(truth->at - party->stall_since));
    if (truth->phase != SYNCPLAY_WAITING)
        party->stall_since = SYNCPLAY_NEVER;
}

void score_changed(struct party *party, syncplay_phase before, bool is_another_hub)
{
    struct truth *truth = &party->truth;
    int64_t now = party->world.now, jump = truth->position - truth_position(&party->before, now);
    if (is_another_hub)
        party_say(party, NULL, "the truth has moved by %.3f ms", ms(jump));
    if (truth->phase == SYNCPLAY_PLAYING && before != SYNCPLAY_PLAYING)
        note_start(party);
    note_wait(party, before);
    if (jump < 0)
        party->went_back_at = now;
    party->before = *truth;
}

/* --- Looking at everybody */

static void note_rate(struct party *party, const struct member *member, const struct sight *sight)
{
    struct score *score = party->score;
    double rate = (double)member->player.rate / SYNCPLAY_RATE_ONE * 100 / party->truth.speed - 1;
    score->played += SCORE_SAMPLE;
    if (fabs(rate) <= NUDGE) {
        score->trimmed += rate != 0 ? SCORE_SAMPLE : 0;
        return;
    }
    score->nudged += SCORE_SAMPLE;
    score->largest_nudge = fmax(score->largest_nudge, fabs(rate));
    if (sight->excess <= SMALL_ERROR && party->world.now - sight->since > SCORE_SETTLED)
        score->largest_small = fmax(score->largest_small, fabs(rate));
}

static void note_settling(struct party *party, struct member *member, const struct sight *sight)
{
    struct member_record *record = &member->record;
    int64_t now = party->world.now;
    if (record->settled_for != sight->since) {
        record->settled_for = sight->since;
        record->settling_since = sight->since;
        record->in_step_since = SYNCPLAY_NEVER;
    }
    if (record->settling_since == SYNCPLAY_NEVER || now < sight->since)
        return;
    if (!sight->is_able || sight->excess > IN_STEP + sight->tolerance)
        record->in_step_since = SYNCPLAY_NEVER;
    else if (record->in_step_since == SYNCPLAY_NEVER)
        record->in_step_since = now;
    else if (now - record->in_step_since >= IN_STEP_FOR) {
        figures_add(&party->score->settling, ms(record->in_step_since - record->settling_since));
        party_say(party, member, "in step %.1f s after a disturbance",
                  ms(record->in_step_since - record->settling_since) / 1000);
        record->settling_since = SYNCPLAY_NEVER;
    }
}

/* Its picture must not go back, but when the party does, or its own machine was disturbed. */
static void note_rewind(struct party *party, struct member *member, const struct sight *sight)
{
    int64_t position = player_position(&member->player), now = party->world.now;
    if (position < member->record.position - REWIND && now - party->went_back_at > 10 * SECOND &&
        now - member->record.disturbed_at > 10 * SECOND && sight->is_watching) {
        party->score->rewinds++;
        party_say(party, member, "goes back by %.3f s", (double)(member->record.position - position) / 1e6);
    }
    member->record.position = position;
}

void party_seeks(struct party *party, struct member *member)
{
    struct sight sight;
    score_look(party, member, &sight);
    bool has_no_other_way = member->player.kind->rate_step > 0; /* it cannot be nudged */
    if (sight.is_watching && sight.is_able && !has_no_other_way && party->world.now - sight.since > UNEXPLAINED_AFTER) {
        party_say(party, member, "which nothing explains: it was %.1f ms off", ms(sight.error));
        party->score->seeks++;
    }
}

void score_sample(struct party *party)
{
    int64_t first = INT64_MAX, last = INT64_MIN, now = party->world.now;
    unsigned steady = 0;
    for (unsigned i = 0; i < party->count; i++) {
        struct member *member = &party->members[i];
        struct sight sight;
        score_look(party, member, &sight);
        if (member->self) {
            note_rewind(party, member, &sight);
            check_member(party, member, &sight);
        }
        if (!sight.is_watching)
            continue;
        if (member->player.is_moving)
            note_rate(party, member, &sight);
        note_settling(party, member, &sight);
        if (!sight.is_able || now - sight.since < SCORE_SETTLED)
            continue;
        figures_add(&party->score->own, ms(sight.excess));
        figures_add(&party->score->own_by_kind[member->player.kind - player_kinds], ms(sight.excess));
        first = sight.error < first ? sight.error : first;
        last = sight.error > last ? sight.error : last;
        steady++;
    }
    if (steady > 1)
        figures_add(&party->score->spread, ms(last - first));
    check_party(party);
}
