/* Scenarios: what kind of people, networks and players meet, and what happens to them that evening. */
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include "chance.h"
#include "link.h"
#include "player.h"

enum scenario_network { NETWORK_ROOM, NETWORK_INTERNET, NETWORK_BAD };
enum scenario_players { PLAYERS_BROWSER, PLAYERS_MIXED };

struct scenario {
    const char *name;
    const char *says;
    unsigned members_min, members_max;
    enum scenario_network network;
    enum scenario_players players;
    int64_t duration;

    /* How often each happens in the whole evening. */
    unsigned pauses, seeks, speeds, late, leaves, chokes, outages, sleeps, steps, restarts;
    int64_t choke; /* how long nothing comes */
    bool has_background;
};

extern const struct scenario scenarios[];
extern const unsigned scenario_count;
const struct scenario *scenario_find(const char *name);

/* --- Its script */

enum deed_kind {
    DEED_COME,
    DEED_LEAVE,
    DEED_PLAY,
    DEED_PAUSE,
    DEED_SEEK,       /* value: from where the party is, microseconds */
    DEED_SPEED,      /* value: hundredths */
    DEED_CHOKE,      /* value: how long */
    DEED_OUTAGE,     /* value: how long */
    DEED_SLEEP,      /* value: how long; the clock goes on */
    DEED_SLEEP_DEEP, /* value: how long; the clock stands still */
    DEED_STEP,       /* value: by how much the clock jumps */
    DEED_BACKGROUND, /* value: 1 to go there, 0 to come back */
    DEED_RESTART,    /* value: how long the server is away */
};

struct deed {
    int64_t at;
    enum deed_kind kind;
    unsigned member;
    int64_t value;
};

#define SCRIPT_DEEDS 512

struct script {
    struct deed deeds[SCRIPT_DEEDS];
    unsigned count;
    unsigned members;
    int64_t duration;
};

/* The script of the evening of `seed`: the same one whatever the strategy. */
void scenario_write(const struct scenario *scenario, uint64_t seed, struct script *script);

/* The network of one member, each way, and their player. */
void scenario_network(const struct scenario *scenario, uint64_t seed, unsigned member, struct link_kind *up,
                      struct link_kind *down);
const struct player_kind *scenario_player(const struct scenario *scenario, uint64_t seed, unsigned member);

#endif
