/*
 * Jellyfin's web client (2026), by its published behaviour: the ping of least delay of the last eight, three at once
 * and then one a minute; from 60 ms on, one second at the speed that makes up for it (0.2 to 4 times); from 3 s on, a
 * seek.
 */
#include "peer.h"
#include "world.h"

#define DEAD_BAND (60 * MILLISECOND)
#define SPEED_MOST (3 * SECOND)
#define SPEED_LASTS SECOND
#define QUIET_AFTER_SEEK (1500 * MILLISECOND)
#define SLOWEST 0.2
#define FASTEST 4.0

static void correct_it(struct peer *peer, int64_t ahead)
{
    int64_t off = ahead < 0 ? -ahead : ahead, now = member_now(peer->member);
    if (peer->is_correcting) { /* the second is over */
        peer->is_correcting = false;
        peer_rate(peer, 1, true);
        peer->quiet_until = now + 500 * MILLISECOND;
    } else if (off >= SPEED_MOST) {
        peer_jump(peer);
        peer->quiet_until = now + QUIET_AFTER_SEEK;
    } else if (off >= DEAD_BAND) {
        double rate = 1 - (double)ahead / (double)SPEED_LASTS;
        rate = rate < SLOWEST ? SLOWEST : rate > FASTEST ? FASTEST : rate;
        peer->is_correcting = true;
        peer_rate(peer, rate, true);
        peer->quiet_until = now + SPEED_LASTS;
    }
}

static const struct peer_rules rules = {.clock = PEER_CLOCK_LEAST,
                                        .samples = 8,
                                        .eager = 3,
                                        .ping_every = 60 * SECOND,
                                        .stand_within = 100 * MILLISECOND,
                                        .look_every = 250 * MILLISECOND,
                                        .correct = correct_it};

PEER_STRATEGY(strategy_jellyfin, "jellyfin", "least delay of eight; 60 ms dead band, correction switched on", rules);
