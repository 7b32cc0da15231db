/* Scenarios: the table of them, and how an evening is made up from a row of it and a seed. */
#include <string.h>

#include "scenario.h"
#include "world.h"

#define PLAY_AT (5 * SECOND)
#define FIRST_DEED (25 * SECOND)
#define STEP_LEAST (200 * MILLISECOND) /* smaller ones hide in what the network may do; clock_sim is about them */
#define QUIET_END (25 * SECOND)        /* so that what was disturbed last is seen to settle */

/* clang-format off */
const struct scenario scenarios[] = {
    {.name = "steady", .says = "internet, ten minutes of a film",
     .members_min = 3, .members_max = 5, .network = NETWORK_INTERNET, .duration = 10 * MINUTE},
    {.name = "room", .says = "people in one room, who share their path to the server",
     .members_min = 2, .members_max = 4, .network = NETWORK_ROOM, .duration = 10 * MINUTE, .pauses = 20, .seeks = 4},
    {.name = "internet", .says = "internet, with pauses and seeks, a joiner and a leaver",
     .members_min = 3, .members_max = 6, .network = NETWORK_INTERNET, .duration = 10 * MINUTE, .pauses = 6, .seeks = 4,
     .late = 1, .leaves = 1},
    {.name = "bad", .says = "full queues, spikes up to 2 s, 1.5 % lost",
     .members_min = 3, .members_max = 5, .network = NETWORK_BAD, .duration = 10 * MINUTE, .pauses = 6, .seeks = 3},
    {.name = "mixed", .says = "browsers with and without sound, mpv, and one that cannot resample; changes of speed",
     .members_min = 4, .members_max = 6, .network = NETWORK_INTERNET, .players = PLAYERS_MIXED, .duration = 10 * MINUTE,
     .pauses = 5, .seeks = 4, .speeds = 3},
    {.name = "background", .says = "one tab in the background, with a timer a second",
     .members_min = 3, .members_max = 4, .network = NETWORK_INTERNET, .duration = 10 * MINUTE, .pauses = 6, .seeks = 2,
     .has_background = true},
    {.name = "stall", .says = "somebody's network stops for 3 s beyond what is buffered",
     .members_min = 3, .members_max = 5, .network = NETWORK_INTERNET, .duration = 10 * MINUTE, .chokes = 3,
     .choke = 3 * SECOND},
    {.name = "long", .says = "somebody's network stops for 25 s: the others go on after the longest wait",
     .members_min = 3, .members_max = 5, .network = NETWORK_INTERNET, .duration = 10 * MINUTE, .chokes = 2,
     .choke = 25 * SECOND},
    {.name = "clocks", .says = "machines that sleep, clocks that step",
     .members_min = 3, .members_max = 5, .network = NETWORK_INTERNET, .duration = 10 * MINUTE, .pauses = 3, .sleeps = 4,
     .steps = 3},
    {.name = "restart", .says = "the server restarts, with a wall clock that is a little off",
     .members_min = 3, .members_max = 5, .network = NETWORK_INTERNET, .duration = 10 * MINUTE, .pauses = 4,
     .restarts = 3},
    {.name = "outages", .says = "connections that are lost for up to 20 s",
     .members_min = 3, .members_max = 5, .network = NETWORK_INTERNET, .duration = 10 * MINUTE, .pauses = 6, .seeks = 3,
     .outages = 8},
    {.name = "ten", .says = "ten members start again and again",
     .members_min = 10, .members_max = 10, .network = NETWORK_INTERNET, .duration = 8 * MINUTE, .pauses = 30},
    {.name = "evening", .says = "all of it",
     .members_min = 3, .members_max = 8, .network = NETWORK_INTERNET, .players = PLAYERS_MIXED, .duration = 20 * MINUTE,
     .pauses = 6, .seeks = 5, .speeds = 2, .late = 2, .leaves = 1, .chokes = 2, .choke = 4 * SECOND, .outages = 2,
     .sleeps = 1, .steps = 1, .restarts = 1, .has_background = true},
};
/* clang-format on */

const unsigned scenario_count = sizeof scenarios / sizeof *scenarios;

const struct scenario *scenario_find(const char *name)
{
    for (unsigned i = 0; i < scenario_count; i++)
        if (strcmp(scenarios[i].name, name) == 0)
            return &scenarios[i];
    return NULL;
}

/* --- The script */

static void add(struct script *script, int64_t at, enum deed_kind kind, unsigned member, int64_t value)
{
    if (script->count < SCRIPT_DEEDS)
        script->deeds[script->count++] = (struct deed){at, kind, member, value};
}

static int64_t between(struct chance *chance, int64_t low, int64_t high)
{
    return (int64_t)chance_between(chance, (double)low, (double)high);
}

/* The first `first` members come at the beginning, the others some time later. */
static void write_coming(struct script *script, struct chance *chance, unsigned first)
{
    for (unsigned i = 0; i < script->members; i++)
        add(script,
            i < first ? between(chance, 0, 1500 * MILLISECOND) : between(chance, FIRST_DEED, script->duration / 2),
            DEED_COME, i, 0);
    add(script, PLAY_AT, DEED_PLAY, 0, 0);
}

static void write_speed(struct script *script, struct chance *chance, int64_t at, unsigned who)
{
    static const int64_t speeds[] = {50, 75, 125, 150, 200};
    add(script, at, DEED_SPEED, who, speeds[chance_bits(chance) % (sizeof speeds / sizeof *speeds)]);
    add(script, at + between(chance, 10 * SECOND, 40 * SECOND), DEED_SPEED, who, 100);
}

static void write_deed(const struct scenario *scenario, struct script *script, struct chance *chance,
                       enum deed_kind kind, int64_t at, unsigned who)
{
    int64_t step = between(chance, STEP_LEAST, 2 * SECOND);
    switch (kind) {
    case DEED_PAUSE:
        add(script, at, DEED_PAUSE, who, 0);
        add(script, at + between(chance, SECOND, 6 * SECOND), DEED_PLAY, who, 0);
        return;
    case DEED_SEEK:
        add(script, at, kind, who,
            chance_happens(chance, 0.5) ? between(chance, 3 * SECOND, 20 * SECOND)
                                        : between(chance, -60 * SECOND, 600 * SECOND));
        return;
    case DEED_SPEED:
        write_speed(script, chance, at, who);
        return;
    case DEED_CHOKE:
        add(script, at, kind, who, scenario->choke);
        return;
    case DEED_OUTAGE:
        add(script, at, kind, who, between(chance, 500 * MILLISECOND, 20 * SECOND));
        return;
    case DEED_SLEEP:
        add(script, at, chance_happens(chance, 0.6) ? DEED_SLEEP_DEEP : DEED_SLEEP, who,
            between(chance, 2 * SECOND, 12 * SECOND));
        return;
    case DEED_STEP:
        add(script, at, kind, who, chance_happens(chance, 0.5) ? -step : step);
        return;
    case DEED_RESTART:
        add(script, at, kind, who, between(chance, SECOND, 8 * SECOND));
        return;
    default:
        add(script, at, kind, who, 0);
    }
}

/* So many deeds of a kind, each in its own share of the evening. */
static void write_deeds(const struct scenario *scenario, struct script *script, struct chance chance,
                        enum deed_kind kind, unsigned count, unsigned first)
{
    int64_t share, end = script->duration - QUIET_END;
    share = count ? (end - FIRST_DEED) / count : 0;
    for (unsigned i = 0; i < count; i++) {
        int64_t at = FIRST_DEED + share * i + between(&chance, share / 8, share);
        write_deed(scenario, script, &chance, kind, at, (unsigned)(chance_bits(&chance) % first));
    }
}

void scenario_write(const struct scenario *scenario, uint64_t seed, struct script *script)
{
    struct chance chance = chance_of(seed, scenario->name, 0);
    unsigned more = scenario->members_max - scenario->members_min + 1, first;
    const struct {
        enum deed_kind kind;
        unsigned count;
    } rows[] = {
        {DEED_PAUSE, scenario->pauses}, {DEED_SEEK, scenario->seeks},       {DEED_SPEED, scenario->speeds},
        {DEED_CHOKE, scenario->chokes}, {DEED_OUTAGE, scenario->outages},   {DEED_SLEEP, scenario->sleeps},
        {DEED_STEP, scenario->steps},   {DEED_RESTART, scenario->restarts},
    };
    memset(script, 0, sizeof *script);
    script->duration = scenario->duration;
    first = scenario->members_min + (unsigned)(chance_bits(&chance) % more);
    script->members = first + scenario->late;
    write_coming(script, &chance, first);
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
        write_deeds(scenario, script, chance_of(seed, "deeds", i), rows[i].kind, rows[i].count, first);
    for (unsigned i = 0; i < scenario->leaves && i + 2 < first; i++)
        add(script, between(&chance, script->duration / 2, script->duration), DEED_LEAVE, first - 1 - i, 0);
    if (scenario->has_background) {
        add(script, FIRST_DEED, DEED_BACKGROUND, 1, 1);
        add(script, script->duration * 3 / 4, DEED_BACKGROUND, 1, 0);
    }
}

/* --- Network and players */

static void set_path(struct link_kind *up, struct link_kind *down, double round_trip, double asymmetry)
{
    up->delay = (int64_t)(round_trip * (0.5 + asymmetry / 2));
    down->delay = (int64_t)(round_trip * (0.5 - asymmetry / 2));
}

void scenario_network(const struct scenario *scenario, uint64_t seed, unsigned member, struct link_kind *up,
                      struct link_kind *down)
{
    bool is_room = scenario->network == NETWORK_ROOM, is_bad = scenario->network == NETWORK_BAD;
    struct chance chance = chance_of(seed, "network", is_room ? 0 : member);
    double round_trip = chance_lognormal(&chance, is_room ? 25e3 : is_bad ? 80e3 : 45e3, is_room ? 60e3 : 170e3);
    *up = (struct link_kind){.queue = 2000, .jitter = 1000, .spikes = 0.005, .loss = 0.0005};
    if (is_room)
        *up = (struct link_kind){.queue = 500, .jitter = 500, .spikes = 0.001, .loss = 0.0001};
    if (is_bad)
        *up = (struct link_kind){.queue = 20000, .jitter = 6000, .spikes = 0.03, .loss = 0.015};
    *down = *up;
    set_path(up, down, round_trip, chance_between(&chance, -0.3, 0.3));
}

const struct player_kind *scenario_player(const struct scenario *scenario, uint64_t seed, unsigned member)
{
    struct chance chance = chance_of(seed, "kind", member);
    if (scenario->players == PLAYERS_BROWSER)
        return &player_kinds[PLAYER_BROWSER];
    return &player_kinds[member < PLAYER_KINDS ? member : chance_bits(&chance) % PLAYER_KINDS];
}
