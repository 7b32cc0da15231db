/*
 * The server's clock as seen from here: offset, skew, a bound on the error, the constant round trip. Pure.
 *
 * The corridor. A ping leaves at t1 and its answer comes at t4 (own clock); the server took it at t2 and answered at
 * t3 (its clock). With the offset o(t) = server - own and no delay ever below the constant part of its path, each
 * answer gives
 *
 *     t2 - t1 = o(t1) + delay there >= o(t1) + d1        an upper bound of o
 *     t4 - t3 = delay back - o(t4)  >= d2 - o(t4)        a lower one
 *
 * so all answers together leave o a corridor, a strip of width d1 + d2 whose slope is the skew. For a skew s, seen
 * from now,
 *
 *     F(s) = min (t2 - t1) + (s + a)(now - t1)           the upper wall
 *     B(s) = min (t4 - t3) - (s - a)(now - t4)           the lower one, turned over
 *
 * with `a` the price of age, for what the skew may have done since. F + B is concave in s and largest at the true
 * skew, for any wrong slope makes the strip thinner: s = argmax F + B - kappa |s - s0|, where s0 is what was known
 * before and kappa keeps a short corridor from turning. Then
 *
 *     offset = (F - B) / 2      constant round trip = F + B
 *
 * The floor of a noisy direction lies a little below its wall, so the offset leans by 1.3 / n of the difference of what
 * the middle answer of each direction is above its wall (it is nothing once most answers touch a wall).
 *
 * The minimum of each direction is nearer to its floor than the minimum of their sums, which is why this beats
 * picking the fastest of the last answers. Nothing is assumed about noise, nothing is called an outlier: a spike
 * makes no wall. What cannot be seen from here is (d1 - d2) / 2, half the constant difference of the two ways; the
 * error bound covers it, as o is between the walls wherever they are; it is drawn from the newest 8 answers, with all
 * the skew that two clocks may have, so it also outlives a step that was too small to be found.
 *
 * A clock that moves undercuts one wall and rises off the other; a path that gets shorter only undercuts. An answer
 * outside of what the bound allows is a step at once; a few in a row by 30 ms (eight: 12 ms) and six times the jitter
 * are one too, and while that is suspected the estimate rests. Only the walls matter, so 64 answers are as good as all:
 * of the older ones, the one farthest from both walls goes.
 *
 * Relatives: Paxson (SIGMETRICS 1998), Moon, Skelly, Towsley (INFOCOM 1999: the line below all points), Zhang, Liu,
 * Xia (INFOCOM 2002: convex hulls), Marzullo (1984: intersections of intervals), Huygens (NSDI 2018: the widest
 * margin).
 */
#ifndef CLOCK_SYNC_H
#define CLOCK_SYNC_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_SYNC_SAMPLES 64
/* The newest are never thinned out. */
#define CLOCK_SYNC_NEWEST 8
/* Answers older than this say nothing any more. */
#define CLOCK_SYNC_WINDOW 600000000
/* Answers that took longer are no answers. */
#define CLOCK_SYNC_ROUND_TRIP_MAX 30000000
/* Times beyond this are absurd (it is 36000 years). */
#define CLOCK_SYNC_TIME_MAX (INT64_C(1) << 60)

struct clock_sync {
    /*
     * The answers in the order of their arrival, as differences to `origin` and `base`, so that doubles hold them
     * exactly.
     */
    double sent[CLOCK_SYNC_SAMPLES], received[CLOCK_SYNC_SAMPLES]; /* t1, t4 - origin */
    double there[CLOCK_SYNC_SAMPLES], back[CLOCK_SYNC_SAMPLES];    /* t2 - t1 - base, t4 - t3 + base */
    int64_t origin, base;
    uint32_t count;
    bool is_known;      /* there is an offset, if only a guess */
    uint8_t suspicion;  /* the last answers may be the first after a step: 1 a small one, 2 a large one */
    bool has_limit;     /* answers to pings from before `limit` are of no use: they left before a step */
    int64_t limit;
    double jitter; /* what an answer takes beyond the walls, running mean of both ways */
    /* The estimate: server - local is base + offset + skew * (local - at). */
    int64_t at;
    double offset, skew, skew_before;
    double upper, lower; /* how far above and below the truth may lie, at `at` */
    double round_trip;
};

enum clock_sync_result { CLOCK_SYNC_IGNORED, CLOCK_SYNC_TAKEN, CLOCK_SYNC_STEPPED };

/* Knows nothing. */
void clock_sync_begin(struct clock_sync *clock);

/*
 * An answer: `t1` and `t4` on the own clock, `t2` and `t3` on the server's. They may come late, in any order, or not
 * at all. IGNORED: it cannot be (or is more than 30 s old), and nothing has changed. STEPPED: one of the clocks has
 * jumped, and what was learned before is gone; begin a burst of pings (see clock_sync_ping_delay).
 */
enum clock_sync_result clock_sync_add(struct clock_sync *clock, int64_t t1, int64_t t2, int64_t t3, int64_t t4);

/*
 * A message that is no pong came at `local` and says that it was `server` when it was sent. It counts while there is
 * nothing better: until the first pong, and after clock_sync_disturb if the guess kept there cannot be.
 */
void clock_sync_hint(struct clock_sync *clock, int64_t local, int64_t server);

/*
 * The host knows that its clock may have stood still or jumped (resume from sleep), or that the network has changed.
 * The offset stays as a guess, without a bound, until the next pong. Begin a burst of pings, and forget those that
 * are on their way: their answers are ignored here, but only as far as a clock that did not jump backwards can tell.
 */
void clock_sync_disturb(struct clock_sync *clock, int64_t local);

/* Whether there is an offset: from pongs, or guessed (then clock_sync_error is INT64_MAX). */
bool clock_sync_is_known(const struct clock_sync *clock);

/*
 * The server's time at an instant of the own clock, and the other way round. The argument itself while nothing is
 * known.
 */
int64_t clock_sync_server(const struct clock_sync *clock, int64_t local);
int64_t clock_sync_local(const struct clock_sync *clock, int64_t server);

/* How far clock_sync_server may be off at that instant, asymmetry included. INT64_MAX: there was no pong yet. */
int64_t clock_sync_error(const struct clock_sync *clock, int64_t local);

/* What a ping takes at least, there and back, without the server's own time. INT64_MAX: there was no pong yet. */
int64_t clock_sync_round_trip(const struct clock_sync *clock);

/* How much faster the server's clock runs, in parts per billion. */
int32_t clock_sync_skew_ppb(const struct clock_sync *clock);

/*
 * How long after the ping before it the next one is due; `count` is how many were sent since clock_sync_begin, the
 * last STEPPED or the last clock_sync_disturb.
 */
int64_t clock_sync_ping_delay(const struct clock_sync *clock, unsigned count);

#endif
