/*
 * Syncplay (syncplay.pl) 1.7, by its documented thresholds: the message is as old as the average latency; ahead by 1.5
 * s it plays at 0.95 until it is 0.1 s; ahead by 4 s it goes back, behind by 5 s forward; an unpause corrects no
 * position.
 */
#include "peer.h"
#include "world.h"

#define SLOW_FROM (1500 * MILLISECOND)
#define SLOW_UNTIL (100 * MILLISECOND)
#define SLOW 0.95
#define BACK_FROM (4 * SECOND)
#define FORWARD_FROM (5 * SECOND)

static void correct_it(struct peer *peer, int64_t ahead)
{
    if (ahead > BACK_FROM || ahead < -FORWARD_FROM) {
        peer->is_correcting = false;
        peer_jump(peer);
    } else if (ahead > (peer->is_correcting ? SLOW_UNTIL : SLOW_FROM)) {
        peer->is_correcting = true;
        peer_rate(peer, SLOW, true);
    } else {
        peer->is_correcting = false;
        peer_rate(peer, 1, true);
    }
}

static const struct peer_rules rules = {.clock = PEER_CLOCK_LATENCY,
                                        .samples = 10,
                                        .eager = 8,
                                        .ping_every = 5 * SECOND,
                                        .stand_within = 1300 * MILLISECOND,
                                        .look_every = SECOND,
                                        .correct = correct_it};

PEER_STRATEGY(strategy_syncplay, "syncplay", "syncplay.pl: 0.95 from 1.5 s, seeks from 4 to 5 s", rules);
