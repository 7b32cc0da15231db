/* One direction of a connection. */
#include "link.h"
#include "world.h"

#define QUEUE_LASTS (700 * MILLISECOND)
#define TIME_OUT_LEAST (200 * MILLISECOND) /* of common TCPs */
#define PROBE_MORE (10 * MILLISECOND)
#define SENT_AGAIN_AT_MOST 6

void link_init(struct link *link, const struct link_kind *kind, struct chance chance)
{
    *link = (struct link){.kind = *kind, .chance = chance};
}

/* The queues as they are at `now`: every packet of a burst meets the same ones. */
static int64_t queue_at(struct link *link, int64_t now)
{
    while (now >= link->level_until) {
        link->level = (int64_t)chance_exponential(&link->chance, (double)link->kind.queue);
        link->level_until += (int64_t)chance_exponential(&link->chance, (double)QUEUE_LASTS) + 1;
        if (link->level_until < now - 10 * SECOND)
            link->level_until = now - 10 * SECOND;
    }
    return link->level;
}

/*
 * First a probe after two round trips (RFC 8985), where that is sooner than the time-out; then time-outs, each twice
 * the last.
 */
static int64_t losses(struct link *link)
{
    int64_t round_trip = 2 * link->kind.delay, lost = 0, again = 2 * round_trip + PROBE_MORE;
    int64_t time_out = TIME_OUT_LEAST + round_trip;
    for (int i = 0; i < SENT_AGAIN_AT_MOST && chance_happens(&link->chance, link->kind.loss); i++) {
        lost += again < time_out ? again : time_out;
        again = time_out *= i ? 2 : 1;
    }
    return lost;
}

int64_t link_arrival(struct link *link, int64_t now)
{
    int64_t arrival = now + link->kind.delay + queue_at(link, now) + losses(link);
    arrival += (int64_t)chance_exponential(&link->chance, (double)link->kind.jitter);
    if (chance_happens(&link->chance, link->kind.spikes))
        arrival += (int64_t)chance_pareto(&link->chance, 20e3, 1.2, 2e6);
    if (arrival < link->last)
        arrival = link->last;
    link->last = arrival;
    return arrival;
}
