/* A party: who comes, what the script has them do, and one look at everybody four times a second. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "network.h"
#include "scenario.h"
#include "score.h"
#include "server.h"

#define CLOCKS_APART 1e12 /* microseconds */
#define SKEW_MOST 100e-6

void party_say(struct party *party, const struct member *member, const char *format, ...)
{
    va_list arguments;
    if (!party->trace)
        return;
    fprintf(party->trace, "%10.4f %-2s ", (double)party->world.now / 1e6, member ? member->name : "*");
    va_start(arguments, format);
    vfprintf(party->trace, format, arguments);
    va_end(arguments);
    fputc('\n', party->trace);
}

/* --- The script */

static void wish(struct party *party, struct member *member, syncplay_command_kind kind, int64_t position,
                 int32_t speed)
{
    syncplay_command command;
    syncplay_command_default(&command, sizeof command, kind);
    if (kind == SYNCPLAY_COMMAND_SEEK)
        command.position = position < 0 ? 0 : position;
    command.speed = speed;
    party_say(party, member, "the user wishes: %s",
              kind == SYNCPLAY_COMMAND_PLAY    ? "play"
              : kind == SYNCPLAY_COMMAND_PAUSE ? "pause"
              : kind == SYNCPLAY_COMMAND_SEEK  ? "seek"
                                               : "speed");
    member_wish(member, &command);
}

static void choke(struct party *party, struct member *member, int64_t duration)
{
    party_say(party, member, "nothing is buffered, and nothing comes for %.1f s", (double)duration / 1e6);
    player_choke(&member->player, duration);
}

static void do_deed(void *subject, int64_t number)
{
    struct party *party = subject;
    const struct deed *deed = &party->script->deeds[number];
    struct member *member = &party->members[deed->member];
    if (deed->kind != DEED_COME && !member->is_here)
        member = &party->members[0]; /* who never leaves */
    switch (deed->kind) {
    case DEED_COME:
        member_come(member);
        break;
    case DEED_LEAVE:
        member_leave(member);
        break;
    case DEED_PLAY:
        if (party->truth.phase != SYNCPLAY_PLAYING && party->truth.phase != SYNCPLAY_WAITING)
            wish(party, member, SYNCPLAY_COMMAND_PLAY, 0, 0);
        break;
    case DEED_PAUSE:
        wish(party, member, SYNCPLAY_COMMAND_PAUSE, 0, 0);
        break;
    case DEED_SEEK:
        party->sought_at = party->world.now;
        wish(party, member, SYNCPLAY_COMMAND_SEEK, truth_position(&party->truth, party->world.now) + deed->value, 0);
        break;
    case DEED_SPEED:
        wish(party, member, SYNCPLAY_COMMAND_SPEED, 0, (int32_t)deed->value);
        break;
    case DEED_CHOKE:
        choke(party, member, deed->value);
        break;
    case DEED_OUTAGE:
        party_cut(party, member, deed->value);
        break;
    case DEED_SLEEP:
    case DEED_SLEEP_DEEP:
        member_sleep(member, deed->value, deed->kind == DEED_SLEEP_DEEP);
        break;
    case DEED_STEP:
        member_step_clock(member, deed->value);
        break;
    case DEED_BACKGROUND:
        member_background(member, deed->value);
        break;
    case DEED_RESTART:
        party_restart(party, deed->value);
        break;
    }
}

/* --- The evening */

static void look(void *subject, int64_t argument)
{
    struct party *party = subject;
    (void)argument;
    score_sample(party);
    world_plan(&party->world, party->world.now + SCORE_SAMPLE, look, party, 0);
}

static void invite(struct party *party, unsigned index)
{
    struct member *member = &party->members[index];
    struct chance chance = chance_of(party->seed, "clock", index);
    struct link_kind up, down;
    double offset = chance_between(&chance, 0, CLOCKS_APART), skew = chance_between(&chance, -SKEW_MOST, SKEW_MOST);
    member_init(member, party, index, party->strategy);
    scenario_network(party->scenario, party->seed, index, &up, &down);
    link_init(&member->up, &up, chance_of(party->seed, "up", index));
    link_init(&member->down, &down, chance_of(party->seed, "down", index));
    wall_init(&member->wall, (int64_t)offset, skew, chance_of(party->seed, "wall", index));
    member->bias = (up.delay - down.delay) / 2;
    member->player.kind = scenario_player(party->scenario, party->seed, index);
}

static void party_init(struct party *party, const struct party_options *options, struct script *script,
                       struct score *score)
{
    memset(party, 0, sizeof *party);
    world_init(&party->world);
    party->seed = options->seed;
    party->scenario = options->scenario;
    party->strategy = options->strategy;
    party->is_checked = options->is_checked;
    party->trace = options->trace;
    party->score = score;
    party->script = script;
    party->chance = chance_of(options->seed, "server", 0);
    party->stall_since = SYNCPLAY_NEVER;
    party->went_back_at = party->sought_at = -MINUTE;
    party->count = script->members;
    server_start(party);
    for (unsigned i = 0; i < party->count; i++)
        invite(party, i);
    for (unsigned i = 0; i < script->count; i++)
        world_plan(&party->world, script->deeds[i].at, do_deed, party, i);
    world_plan(&party->world, SCORE_SAMPLE, look, party, 0);
}

static void party_free(struct party *party)
{
    for (unsigned i = 0; i < party->count; i++)
        member_free(&party->members[i]);
    network_free(party);
    server_free(party);
    world_free(&party->world);
}

unsigned party_run(const struct party_options *options, struct score *score)
{
    static struct party party;
    static struct script script;
    scenario_write(options->scenario, options->seed, &script);
    party_init(&party, options, &script, score);
    world_run(&party.world, script.duration);
    score->parties++;
    for (unsigned i = 0; i < party.count; i++)
        score->rates += party.members[i].record.rates;
    party_free(&party);
    return party.violations;
}
