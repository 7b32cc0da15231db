/* The peers' clocks: what they make of pings and of commands. */
#include "party.h"
#include "peer.h"

#define NTP_AGEING 15e-6 /* of a sample, as RFC 5905 has it */

static struct peer_sample *sample(struct peer *peer, unsigned age)
{
    return &peer->samples[(peer->sample_count - 1 - age) % peer->rules->samples];
}

static unsigned kept(const struct peer *peer)
{
    return peer->sample_count < peer->rules->samples ? peer->sample_count : peer->rules->samples;
}

/* The best sample, when each second of age costs `ageing`. */
static int64_t best_offset(struct peer *peer, double ageing)
{
    int64_t now = member_now(peer->member), offset = 0;
    double least = 1e18;
    for (unsigned i = 0; i < kept(peer); i++) {
        const struct peer_sample *one = sample(peer, i);
        double distance = (double)one->round_trip / 2 + ageing * (double)(now - one->at);
        if (distance < least) {
            least = distance;
            offset = one->offset;
        }
    }
    return offset;
}

static int64_t average_latency(struct peer *peer)
{
    int64_t sum = 0;
    for (unsigned i = 0; i < kept(peer); i++)
        sum += sample(peer, i)->round_trip / 2;
    return kept(peer) ? sum / kept(peer) : 0;
}

void peer_ponged(struct peer *peer, int64_t sent, int64_t server_time)
{
    int64_t now = member_now(peer->member), round_trip = now - sent;
    peer->sample_count++;
    *sample(peer, 0) = (struct peer_sample){server_time - sent - round_trip / 2, round_trip, now};
    if (peer->rules->clock == PEER_CLOCK_LEAST || peer->rules->clock == PEER_CLOCK_NTP) {
        peer->offset = best_offset(peer, peer->rules->clock == PEER_CLOCK_NTP ? NTP_AGEING : 0);
        peer->has_offset = true;
    }
}

void peer_commanded(struct peer *peer, int64_t server_time)
{
    int64_t now = member_now(peer->member);
    if (peer->rules->clock == PEER_CLOCK_LATENCY)
        peer->offset = server_time + average_latency(peer) - now;
    else if (peer->rules->clock == PEER_CLOCK_ARRIVAL || !peer->has_offset)
        peer->offset = server_time - now;
}

/* The hub's timeline as the world knows it, off by what nobody can see. */
static int64_t oracle(struct peer *peer)
{
    struct party *party = peer->member->party;
    int64_t now = party->world.now + party->base;
    return party->hub ? syncplay_hub_unix(party->hub, now) + peer->member->bias
                      : member_now(peer->member) + peer->offset;
}

int64_t peer_server_now(struct peer *peer)
{
    if (peer->rules->clock == PEER_CLOCK_ORACLE) {
        int64_t now = oracle(peer);
        peer->offset = now - member_now(peer->member);
        return now;
    }
    return member_now(peer->member) + peer->offset;
}
