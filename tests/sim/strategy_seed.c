/*
 * The rule that this project began with: starts an average latency after what the command says, and never looks again.
 */
#include "peer.h"
#include "world.h"

static const struct peer_rules rules = {.clock = PEER_CLOCK_LATENCY,
                                        .samples = 10,
                                        .eager = 3,
                                        .ping_every = 5 * SECOND,
                                        .stand_within = 100 * MILLISECOND};

PEER_STRATEGY(strategy_seed, "seed", "average latency of ten, never corrects", rules);
