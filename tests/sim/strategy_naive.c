/* Nothing at all: starts when the command arrives, and never looks again. What most of the web does. */
#include "peer.h"
#include "world.h"

static const struct peer_rules rules = {
    .clock = PEER_CLOCK_ARRIVAL, .samples = 1, .ping_every = 60 * SECOND, .stand_within = 500 * MILLISECOND};

PEER_STRATEGY(strategy_naive, "naive", "starts on arrival, never corrects", rules);
