/* A member's machine: timers that come late, a player, a strategy; sleep. */
#include <stdlib.h>
#include <string.h>

#include "member.h"
#include "message.h"
#include "party.h"

#define PLAYER_EVENT_AFTER (2 * MILLISECOND)
/* That the clock has stepped can only be seen by pings, of which there is one in five seconds. */
#define STEP_SHOWS_AFTER (10 * SECOND)
/* Rates that differ from the party's by less are trims: for a crystal, not for an error. Millionths. */
#define TRIM 200

static void player_changed(void *host);

void member_init(struct member *member, struct party *party, unsigned index, const struct strategy *strategy)
{
    memset(member, 0, sizeof *member);
    member->party = party;
    member->index = index;
    member->name[0] = (char)('A' + index);
    member->strategy = strategy;
    member->waiting_end = &member->waiting;
    member->chance = chance_of(party->seed, "member", index);
    member->record = (struct member_record){
        .behind_since = SYNCPLAY_NEVER, .settling_since = SYNCPLAY_NEVER, .in_step_since = SYNCPLAY_NEVER};
}

void member_free(struct member *member)
{
    if (member->self)
        member->strategy->free(member->self);
    member->self = NULL;
    while (member->waiting) {
        struct letter *letter = member->waiting;
        member->waiting = letter->next;
        free(letter);
    }
    member->waiting_end = &member->waiting;
}

/* In the trace, but for pings and for what is said of others. */
static void say_message(struct member *member, const char *arrow, const char *bytes, size_t length)
{
    double position = message_number(bytes, length, "position_ms", -1), at = message_number(bytes, length, "at", 0);
    if (!member->party->trace || message_is(bytes, length, "ping") || message_is(bytes, length, "pong") ||
        message_is(bytes, length, "participant"))
        return;
    if (!message_find(bytes, length, "phase")) {
        party_say(member->party, member, "%s %.*s", arrow, (int)length, bytes);
        return;
    }
    party_say(member->party, member, "%s %s: %.9s, at %.3f, in %.0f ms, revision %.0f", arrow,
              message_is(bytes, length, "state") ? "state" : "command", message_find(bytes, length, "phase"),
              position / 1e3, at - message_number(bytes, length, "server_time", at),
              message_number(bytes, length, "revision", -1));
}

/* --- For strategies */

int64_t member_now(struct member *member)
{
    return wall_read(&member->wall, member->party->world.now);
}

void member_send(struct member *member, const char *bytes, size_t length)
{
    say_message(member, "->", bytes, length);
    party_send_up(member->party, member, bytes, length);
}

static void wake(void *subject, int64_t turn)
{
    struct member *member = subject;
    if (turn == member->timer_turn && member->self && !member->is_asleep)
        member->strategy->woken(member->self);
}

/* Timers are late by 1 to 4 ms; those of a tab in the background come at the full second. */
void member_wake_at(struct member *member, int64_t own_time)
{
    int64_t now = member->party->world.now, at;
    member->timer_turn++;
    if (own_time == SYNCPLAY_NEVER)
        return;
    at = wall_when(&member->wall, own_time);
    at = at > now ? at : now;
    at += (int64_t)chance_between(&member->chance, 1e3, 4e3);
    if (member->is_background)
        at = (at / SECOND + 1) * SECOND;
    world_plan(&member->party->world, at, wake, member, member->timer_turn);
}

void member_look(struct member *member, syncplay_player_state *state)
{
    player_look(&member->player, state);
}

void member_play(struct member *member, int32_t rate, bool preserves_pitch)
{
    party_say(member->party, member, "play at %.6f%s", rate / 1e6, preserves_pitch ? ", pitch preserved" : "");
    player_play(&member->player, rate, preserves_pitch);
}

void member_pause(struct member *member)
{
    party_say(member->party, member, "pause");
    player_pause(&member->player);
}

void member_seek(struct member *member, int64_t position)
{
    party_say(member->party, member, "seek to %.3f from %.3f", (double)position / 1e6,
              (double)player_position(&member->player) / 1e6);
    member->record.seeks++;
    member->record.seeks_since++;
    party_seeks(member->party, member);
    player_seek(&member->player, position);
}

void member_rate(struct member *member, int32_t rate, bool preserves_pitch)
{
    int32_t change = rate - member->player.rate;
    party_say(member->party, member, "rate %.6f%s", rate / 1e6, preserves_pitch ? ", pitch preserved" : "");
    if (change > TRIM || change < -TRIM) {
        member->record.rates++;
        member->record.rates_since++;
    }
    player_rate(&member->player, rate, preserves_pitch);
}

/* --- What happens to it */

static void player_event(void *subject, int64_t argument)
{
    struct member *member = subject;
    (void)argument;
    if (member->self && !member->is_asleep)
        member->strategy->woken(member->self);
}

static void player_changed(void *host)
{
    struct member *member = host;
    world_plan(&member->party->world, member->party->world.now + PLAYER_EVENT_AFTER, player_event, member, 0);
}

void member_come(struct member *member)
{
    struct party *party = member->party;
    const struct player_kind *kind = member->player.kind;
    syncplay_command join;
    player_init(&member->player, &party->world, kind, chance_of(party->seed, "player", member->index), player_changed,
                member);
    member->is_here = true;
    member->record.disturbed_at = party->world.now;
    member->self = member->strategy->make(member);
    syncplay_command_default(&join, sizeof join, SYNCPLAY_COMMAND_JOIN);
    join.code = party->code;
    party_say(party, member, "comes: %s, %.1f ms up, %.1f ms down", kind->name, (double)member->up.kind.delay / 1e3,
              (double)member->down.kind.delay / 1e3);
    member->strategy->wishes(member->self, &join);
    party_connect(party, member);
}

void member_leave(struct member *member)
{
    syncplay_command leave;
    syncplay_command_default(&leave, sizeof leave, SYNCPLAY_COMMAND_LEAVE);
    party_say(member->party, member, "leaves");
    member_wish(member, &leave);
    member->is_here = false;
}

void member_wish(struct member *member, const syncplay_command *command)
{
    if (member->is_here && !member->is_asleep && member->connection)
        member->strategy->wishes(member->self, command);
}

void member_connected(struct member *member)
{
    member->attempts = 0;
    member->record.disturbed_at = member->party->world.now;
    party_say(member->party, member, "connected");
    member->strategy->connected(member->self);
}

void member_lost(struct member *member)
{
    party_say(member->party, member, "connection lost");
    member->strategy->disconnected(member->self);
}

static void note_told(struct member *member, const struct letter *letter)
{
    double revision = message_number(letter->bytes, letter->length, "revision", 0);
    if (revision <= 0 || (uint64_t)revision == member->record.told_revision)
        return;
    member->record.told_revision = (uint64_t)revision;
    member->record.told_at = member->party->world.now;
}

void member_receive(struct member *member, struct letter *letter)
{
    if (member->is_asleep) {
        letter->next = NULL;
        *member->waiting_end = letter;
        member->waiting_end = &letter->next;
        return;
    }
    say_message(member, "<-", letter->bytes, letter->length);
    note_told(member, letter);
    member->strategy->received(member->self, letter->bytes, letter->length);
    free(letter);
}

static void awake(void *subject, int64_t clock_stood)
{
    struct member *member = subject;
    struct letter *letter = member->waiting;
    member->is_asleep = false;
    if (clock_stood)
        wall_step(&member->wall, member->party->world.now, -clock_stood);
    member->record.disturbed_at = member->party->world.now;
    party_say(member->party, member, "wakes up");
    player_freeze(&member->player, false);
    member->waiting = NULL;
    member->waiting_end = &member->waiting;
    if (chance_happens(&member->chance, 0.5)) /* not every host can tell */
        member->strategy->disturbed(member->self);
    while (letter) {
        struct letter *next = letter->next;
        if (letter->connection == member->connection)
            member_receive(member, letter);
        else
            free(letter);
        letter = next;
    }
    member->strategy->woken(member->self);
}

void member_sleep(struct member *member, int64_t duration, bool clock_stands)
{
    struct world *world = &member->party->world;
    if (!member->is_here || member->is_asleep)
        return;
    party_say(member->party, member, "sleeps for %.1f s, its clock %s", (double)duration / 1e6,
              clock_stands ? "stands still" : "goes on");
    member->is_asleep = true;
    player_freeze(&member->player, true);
    world_plan(world, world->now + duration, awake, member, clock_stands ? duration : 0);
}

void member_step_clock(struct member *member, int64_t by)
{
    party_say(member->party, member, "its clock steps by %.3f s", (double)by / 1e6);
    wall_step(&member->wall, member->party->world.now, by);
    member->record.disturbed_at = member->party->world.now + STEP_SHOWS_AFTER;
}

void member_background(struct member *member, bool is_background)
{
    party_say(member->party, member, is_background ? "goes into the background" : "comes to the front");
    member->is_background = is_background;
    member->record.disturbed_at = member->party->world.now;
    if (!is_background && member->self)
        player_changed(member);
}
