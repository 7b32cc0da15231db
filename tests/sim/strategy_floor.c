/*
 * The oracle: it knows the server's time but for the asymmetry, when its player will start but for the chance in it,
 * and where its player is. What it cannot do, nobody can.
 */
#include "peer.h"
#include "world.h"

#define GAIN_TIME (1.5 * (double)SECOND)
#define CAP 0.05
#define JUMP_FROM SECOND

static void correct_it(struct peer *peer, int64_t ahead)
{
    int64_t exactly = player_position(&peer->member->player) - peer_target(peer);
    double rate = -(double)exactly / GAIN_TIME;
    if (ahead > JUMP_FROM || ahead < -JUMP_FROM) {
        peer_jump(peer);
        peer->quiet_until = member_now(peer->member) + SECOND;
    } else if (!peer->member->player.kind->rate_step) {
        peer->is_correcting = true;
        peer_rate(peer, 1 + (rate > CAP ? CAP : rate < -CAP ? -CAP : rate), false);
    }
}

static const struct peer_rules rules = {.clock = PEER_CLOCK_ORACLE,
                                        .samples = 1,
                                        .ping_every = 60 * SECOND,
                                        .knows_player = true,
                                        .stand_within = 50 * MILLISECOND,
                                        .look_every = 250 * MILLISECOND,
                                        .correct = correct_it};

PEER_STRATEGY(strategy_floor, "floor", "knows everything but the asymmetry and chance", rules);
