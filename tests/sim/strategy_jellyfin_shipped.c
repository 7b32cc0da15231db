/* Jellyfin's web client as it is shipped: its clock and its scheduled start, with the correction switched off. */
#include "peer.h"
#include "world.h"

static const struct peer_rules rules = {
    .clock = PEER_CLOCK_LEAST, .samples = 8, .eager = 3, .ping_every = 60 * SECOND, .stand_within = 100 * MILLISECOND};

PEER_STRATEGY(strategy_jellyfin_shipped, "jellyfin-", "the same as shipped: correction switched off", rules);
