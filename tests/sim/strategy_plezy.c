/*
 * Plezy, by its documented thresholds: least delay of eight; 350 ms dead band; 4 % faster or slower; a seek from 2 s
 * on.
 */
#include "peer.h"
#include "world.h"

#define DEAD_BAND (350 * MILLISECOND)
#define JUMP_FROM (2 * SECOND)
#define NUDGE 0.04

static void correct_it(struct peer *peer, int64_t ahead)
{
    int64_t off = ahead < 0 ? -ahead : ahead;
    if (off > JUMP_FROM) {
        peer->is_correcting = false;
        peer_jump(peer);
        peer->quiet_until = member_now(peer->member) + SECOND;
    } else {
        peer->is_correcting = off > DEAD_BAND;
        peer_rate(peer, off <= DEAD_BAND ? 1 : ahead > 0 ? 1 - NUDGE : 1 + NUDGE, true);
    }
}

static const struct peer_rules rules = {.clock = PEER_CLOCK_LEAST,
                                        .samples = 8,
                                        .eager = 8,
                                        .ping_every = 10 * SECOND,
                                        .stand_within = 100 * MILLISECOND,
                                        .look_every = SECOND,
                                        .correct = correct_it};

PEER_STRATEGY(strategy_plezy, "plezy", "least delay of eight; 350 ms dead band, 4 %, seek from 2 s", rules);
