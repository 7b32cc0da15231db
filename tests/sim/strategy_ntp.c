/*
 * What a good engineer writes first: NTP's clock filter, and outside a dead band a rate in proportion to the error,
 * which is kept until it is made up for.
 */
#include "peer.h"
#include "world.h"

#define DEAD_BAND (20 * MILLISECOND)
#define DONE (5 * MILLISECOND)
#define WORSE (10 * MILLISECOND)
#define JUMP_FROM SECOND
#define GAIN_TIME (5.0 * (double)SECOND)
#define CAP 0.05

static void correct_it(struct peer *peer, int64_t ahead)
{
    int64_t off = ahead < 0 ? -ahead : ahead;
    double rate = -(double)ahead / GAIN_TIME;
    if (off > JUMP_FROM) {
        peer->is_correcting = false;
        peer_jump(peer);
        peer->quiet_until = member_now(peer->member) + SECOND;
        return;
    }
    if (peer->is_correcting ? off < DONE : off < DEAD_BAND) {
        peer->is_correcting = false;
        peer_rate(peer, 1, true);
        return;
    }
    if (peer->is_correcting &&
        off < peer->corrected + WORSE) /* it is getting better: each change of rate costs a little */
        return;
    peer->is_correcting = true;
    peer->corrected = off;
    peer_rate(peer, 1 + (rate > CAP ? CAP : rate < -CAP ? -CAP : rate), true);
}

static const struct peer_rules rules = {.clock = PEER_CLOCK_NTP,
                                        .samples = 8,
                                        .eager = 8,
                                        .ping_every = 5 * SECOND,
                                        .stand_within = 100 * MILLISECOND,
                                        .look_every = 500 * MILLISECOND,
                                        .correct = correct_it};

PEER_STRATEGY(strategy_ntp, "ntp", "NTP's filter of eight and proportional control", rules);
