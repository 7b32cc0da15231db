/*
 * The corridor between the walls that pings draw around the server's clock; see the header. Pure, and without a libc.
 */
#include "clock_sync.h"
#include "corridor.h"

#define PPM 1e-6
/* Two crystals, one cold and one warm: what the bound reckons with until the skew is known. */
#define SKEW_DOUBT (250 * PPM)
/* Clocks may show whole milliseconds: what that adds to an impossible round trip, and to the bound. */
#define TOLERANCE 2000
#define SLACK 510
/* An answer this far outside of all that the walls allow: a step, certainly. */
#define STEP_CERTAIN 3000
/*
 * This many in a row that undercut one wall by so much and so many times the jitter, and rise off the other, are a
 * step: a few if it is large, more if it is small.
 */
#define STEP_FEW 3
#define STEP_FEW_UNDERCUT 30000
#define STEP_MORE CLOCK_SYNC_NEWEST
#define STEP_MORE_UNDERCUT 12000
#define STEP_MOST 24 /* how far back is looked */
#define STEP_JITTERS 6
/* A corridor that is wider than this, or an answer that takes so much more than the fastest, is of an outage. */
#define OUTAGE 500000
/* What the jitter is held for before it was seen. */
#define JITTER_UNKNOWN 10000
/* More than this, and twice the jitter, is an outage, which says nothing of queues. */
#define JITTER_OUTAGE 5000
/*
 * After a disturbance, so that pings after it are told from those before, even by a clock that shows whole
 * milliseconds.
 */
#define RESUME_DELAY 2000
/* How soon the next ping follows an answer that may be the first after a step. */
#define SUSPICION_DELAY 200000
/* A hint this far off the guess replaces it. */
#define GUESS 500000

_Static_assert(CLOCK_SYNC_SAMPLES <= CORRIDOR_POINTS, "every answer is a point of the corridor");

/* --- Numbers without a libc ------------------------------------------------------------------------------------- */

static double magnitude(double x)
{
    return x < 0 ? -x : x;
}

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static int64_t rounded(double x)
{
    double bounded = smaller(larger(x, -9e18), 9e18);
    return (int64_t)(bounded + (bounded < 0 ? -0.5 : 0.5));
}

static int64_t added(int64_t a, int64_t b)
{
    if (b > 0 && a > INT64_MAX - b)
        return INT64_MAX;
    if (b < 0 && a < INT64_MIN - b)
        return INT64_MIN;
    return a + b;
}

static int64_t without(int64_t a, int64_t b)
{
    if (b < 0 && a > INT64_MAX + b)
        return INT64_MAX;
    if (b > 0 && a < INT64_MIN + b)
        return INT64_MIN;
    return a - b;
}

static bool is_absurd(int64_t time)
{
    return time > CLOCK_SYNC_TIME_MAX || time < -CLOCK_SYNC_TIME_MAX;
}

/* --- The corridor ----------------------------------------------------------------------------------------------- */

static double newest(const struct clock_sync *clock)
{
    double time = clock->received[0];
    for (uint32_t i = 1; i < clock->count; i++)
        time = larger(time, clock->received[i]);
    return time;
}

static double oldest(const struct clock_sync *clock)
{
    double time = clock->sent[0];
    for (uint32_t i = 1; i < clock->count; i++)
        time = smaller(time, clock->sent[i]);
    return time;
}

/* What is known of the skew gets better with the length of the window. */
static double age_price(double span)
{
    return span < 30e6 ? 30 * PPM : span < 200e6 ? 3 * PPM : 1 * PPM;
}

/* A corridor shorter than this does not turn. */
static double stiffness(double span)
{
    return span < 20e6 ? 20e6 : 2e6;
}

static void build_walls(struct corridor *walls, const struct clock_sync *clock, double now, double price)
{
    walls->count = clock->count;
    for (uint32_t i = 0; i < clock->count; i++) {
        walls->there_age[i] = now - clock->sent[i];
        walls->back_age[i] = now - clock->received[i];
        walls->there[i] = clock->there[i] + price * walls->there_age[i];
        walls->back[i] = clock->back[i] + price * walls->back_age[i];
    }
}

/*
 * What bounds the error: walls drawn with all the skew that may be, and from the newest answers that are not the rest
 * of an outage, so that a step which was too small to be found is soon past. Older ones would add next to nothing to
 * walls that open so fast.
 */
static void bound(struct clock_sync *clock, const struct corridor *walls, double price)
{
    double upper = 1e300, lower = 1e300, more = SKEW_DOUBT - price;
    uint32_t taken = 0;
    for (uint32_t i = walls->count; i-- > 0 && taken < CLOCK_SYNC_NEWEST;) {
        upper = smaller(upper, corridor_there(walls, i, clock->skew + more));
        lower = smaller(lower, corridor_back(walls, i, clock->skew - more));
        taken += clock->there[i] + clock->back[i] < clock->round_trip + OUTAGE;
    }
    clock->upper = upper - clock->offset;
    clock->lower = lower + clock->offset;
}

static void estimate(struct clock_sync *clock)
{
    struct corridor walls;
    double now = newest(clock), span = now - oldest(clock), price = age_price(span);
    build_walls(&walls, clock, now, price);
    struct corridor_cut cut = corridor_widest(&walls, clock->skew_before, stiffness(span));
    clock->at = clock->origin + (int64_t)now;
    clock->skew = cut.skew;
    clock->offset = (cut.there - cut.back) / 2 - corridor_lean(&walls, &cut);
    clock->round_trip = cut.there + cut.back;
    clock->is_known = true;
    bound(clock, &walls, price);
}

/* --- The window ------------------------------------------------------------------------------------------------- */

static void drop(struct clock_sync *clock, uint32_t which)
{
    clock->count--;
    for (uint32_t i = which; i < clock->count; i++) {
        clock->sent[i] = clock->sent[i + 1];
        clock->received[i] = clock->received[i + 1];
        clock->there[i] = clock->there[i + 1];
        clock->back[i] = clock->back[i + 1];
    }
}

static void keep_last(struct clock_sync *clock, uint32_t count)
{
    while (clock->count > count)
        drop(clock, 0);
    if (magnitude(clock->skew) < CORRIDOR_SKEW_MAX) /* at the limit it was a step that bent the corridor */
        clock->skew_before = clock->skew;
}

static void drop_old(struct clock_sync *clock)
{
    double now = newest(clock);
    for (uint32_t i = clock->count; i-- > 0;)
        if (now - clock->sent[i] > CLOCK_SYNC_WINDOW)
            drop(clock, i);
}

/* Of the older ones, the one that is farthest from both walls. */
static void thin(struct clock_sync *clock)
{
    struct corridor walls;
    double now = newest(clock), most = -1;
    uint32_t which = 0;
    build_walls(&walls, clock, now, age_price(now - oldest(clock)));
    struct corridor_cut cut = corridor_cut(&walls, clock->skew);
    for (uint32_t i = 0; i + CLOCK_SYNC_NEWEST < clock->count; i++) {
        double slack = smaller(corridor_there(&walls, i, clock->skew) - cut.there,
                               corridor_back(&walls, i, clock->skew) - cut.back);
        if (slack > most) {
            most = slack;
            which = i;
        }
    }
    drop(clock, which);
}

static void append(struct clock_sync *clock, int64_t t1, int64_t t2, int64_t t3, int64_t t4)
{
    uint32_t last = clock->count++;
    clock->sent[last] = (double)(t1 - clock->origin);
    clock->received[last] = (double)(t4 - clock->origin);
    clock->there[last] = (double)(t2 - t1 - clock->base);
    clock->back[last] = (double)(t4 - t3 + clock->base);
}

/* --- Steps ------------------------------------------------------------------------------------------------------ */

/* The last answer lies outside of where the offset can be at all. */
static bool is_impossible(const struct clock_sync *clock)
{
    uint32_t last = clock->count - 1;
    double at = (double)(clock->at - clock->origin);
    double sent = clock->sent[last] - at, received = clock->received[last] - at;
    double highest = clock->offset + clock->skew * received + clock->upper + SKEW_DOUBT * magnitude(received);
    double lowest = clock->offset + clock->skew * sent - clock->lower - SKEW_DOUBT * magnitude(sent);
    return clock->there[last] < lowest - STEP_CERTAIN || -clock->back[last] > highest + STEP_CERTAIN;
}

/* The walls of the last k answers alone, for each k, and those of the ones before. */
struct ends {
    uint32_t most;
    double there[STEP_MOST + 1], back[STEP_MOST + 1];
    struct corridor_cut before; /* the last `most` and the one before them left out */
};

static void look_back(struct ends *ends, struct corridor *walls, const struct clock_sync *clock)
{
    double now = newest(clock);
    build_walls(walls, clock, now, age_price(now - oldest(clock)));
    ends->most = (uint32_t)smaller(clock->count - 1 - STEP_FEW, STEP_MOST);
    ends->there[0] = ends->back[0] = 1e300;
    for (uint32_t k = 1; k <= ends->most; k++) {
        uint32_t i = clock->count - k;
        ends->there[k] = smaller(ends->there[k - 1], corridor_there(walls, i, clock->skew));
        ends->back[k] = smaller(ends->back[k - 1], corridor_back(walls, i, clock->skew));
    }
    walls->count = clock->count - ends->most - 1;
    ends->before = corridor_cut(walls, clock->skew);
}

/*
 * By how much the last k answers undercut one wall of those before while their own corridor is as wide; 0: they do
 * not. The one between may have been on its way during the step, so it counts for neither. In [0]: by how much the
 * last one undercuts a wall at all.
 */
static void undercuts(const struct ends *ends, const struct corridor *walls, const struct clock_sync *clock,
                      double by[STEP_MOST + 1])
{
    struct corridor_cut before = ends->before;
    for (uint32_t k = ends->most; k > 0; k--) {
        double there = before.there - ends->there[k], back = before.back - ends->back[k];
        by[k] = larger(there, back);
        double width = ends->there[k] + ends->back[k];
        if (there + back > by[k] / 4)
            by[k] = 0;
        else if (width > OUTAGE)
            by[k] -= width - OUTAGE;
        uint32_t i = clock->count - k - 1;
        before.there = smaller(before.there, corridor_there(walls, i, clock->skew));
        before.back = smaller(before.back, corridor_back(walls, i, clock->skew));
    }
    /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): there are STEP_MORE answers at least */
    double there = before.there - ends->there[1], back = before.back - ends->back[1];
    by[0] = larger(there, back);
}

/*
 * A running mean of how far the best of the last few are from the best of the last: queues, rather than spikes; and
 * seen apart from the older ones, so that a step that was not found does not pass for a queue.
 */
static void learn_jitter(struct clock_sync *clock, const struct ends *ends)
{
    double few = ends->there[STEP_FEW] + ends->back[STEP_FEW], all = ends->there[ends->most] + ends->back[ends->most];
    double excess = smaller(few - all, JITTER_OUTAGE + 2 * clock->jitter);
    clock->jitter += (excess - clock->jitter) / (clock->count < 32 ? clock->count : 32);
}

/* How many of the last answers came after a step; 0: there was none. */
static uint32_t stepped(struct clock_sync *clock)
{
    bool was_suspicious = clock->suspicion > 0;
    clock->suspicion = 0;
    if (is_impossible(clock)) {
        uint32_t last = clock->count - 1;
        if (was_suspicious || clock->there[last] + clock->back[last] >= clock->round_trip - STEP_CERTAIN)
            return 1;
        clock->suspicion = 2; /* shorter than a way can be: it was on its way during the step */
        return 0;
    }
    if (clock->count < STEP_MORE + 1 + STEP_FEW)
        return 0;
    struct ends ends;
    struct corridor walls;
    double by[STEP_MOST + 1] = {0}, queues = STEP_JITTERS * clock->jitter;
    double few = STEP_FEW_UNDERCUT + queues, more = STEP_MORE_UNDERCUT + queues;
    look_back(&ends, &walls, clock);
    undercuts(&ends, &walls, clock, by);
    for (uint32_t k = STEP_FEW; k <= ends.most; k++)
        if (by[k] >= few || (k >= STEP_MORE && clock->count > 2 * k && by[k] >= more))
            return k;
    for (uint32_t k = 0; k < STEP_MORE; k++)
        if (by[k] >= more)
            clock->suspicion = by[k] >= few ? 2 : clock->suspicion ? clock->suspicion : 1;
    if (clock->suspicion == 0)
        learn_jitter(clock, &ends);
    return 0;
}

/* --- What the header promises ----------------------------------------------------------------------------------- */

void clock_sync_begin(struct clock_sync *clock)
{
    *clock = (struct clock_sync){.jitter = JITTER_UNKNOWN};
}

enum clock_sync_result clock_sync_add(struct clock_sync *clock, int64_t t1, int64_t t2, int64_t t3, int64_t t4)
{
    if (is_absurd(t1) || is_absurd(t2) || is_absurd(t3) || is_absurd(t4))
        return CLOCK_SYNC_IGNORED;
    if (t4 < t1 || t3 < t2 || t4 - t1 > CLOCK_SYNC_ROUND_TRIP_MAX || t3 - t2 > t4 - t1 + TOLERANCE)
        return CLOCK_SYNC_IGNORED;
    if (clock->has_limit && t1 < clock->limit)
        return CLOCK_SYNC_IGNORED;
    enum clock_sync_result result = CLOCK_SYNC_TAKEN;
    if (clock->count == 0) {
        clock->origin = t1;
        clock->base = t2 - t1;
        append(clock, t1, t2, t3, t4);
    } else {
        if (clock->count == CLOCK_SYNC_SAMPLES)
            thin(clock);
        append(clock, t1, t2, t3, t4);
        uint32_t kept = stepped(clock);
        if (kept > 0) {
            keep_last(clock, kept);
            clock->has_limit = true;
            clock->limit = clock->origin + (int64_t)oldest(clock);
            result = CLOCK_SYNC_STEPPED;
        }
        drop_old(clock);
    }
    if (clock->suspicion == 0)
        estimate(clock);
    return result;
}

void clock_sync_hint(struct clock_sync *clock, int64_t local, int64_t server)
{
    if (clock->count > 0 || is_absurd(local) || is_absurd(server))
        return;
    int64_t ahead = without(server, clock_sync_server(clock, local));
    if (clock->is_known && ahead <= 0 && ahead > -GUESS)
        return;
    clock->is_known = true;
    clock->at = local;
    clock->base = server - local;
    clock->offset = 0;
}

void clock_sync_disturb(struct clock_sync *clock, int64_t local)
{
    if (is_absurd(local))
        return;
    clock->has_limit = true;
    clock->limit = local;
    clock->suspicion = 0;
    if (clock->is_known) {
        int64_t server = clock_sync_server(clock, local);
        clock->at = local;
        clock->base = server - local;
        clock->offset = 0;
    }
    keep_last(clock, 0);
}

bool clock_sync_is_known(const struct clock_sync *clock)
{
    return clock->is_known;
}

int64_t clock_sync_server(const struct clock_sync *clock, int64_t local)
{
    if (!clock->is_known)
        return local;
    double since = (double)without(local, clock->at);
    return added(added(local, clock->base), rounded(clock->offset + clock->skew * since));
}

int64_t clock_sync_local(const struct clock_sync *clock, int64_t server)
{
    if (!clock->is_known)
        return server;
    int64_t local = without(server, clock->base);
    double since = (double)without(local, clock->at) - clock->offset;
    return without(local, rounded(clock->offset + clock->skew * since / (1 + clock->skew)));
}

int64_t clock_sync_error(const struct clock_sync *clock, int64_t local)
{
    if (clock->count == 0)
        return INT64_MAX;
    double worse = larger(larger(clock->upper, clock->lower), 0);
    double since = magnitude((double)without(local, clock->at));
    return rounded(worse + SKEW_DOUBT * since) + SLACK;
}

int64_t clock_sync_round_trip(const struct clock_sync *clock)
{
    if (clock->count == 0)
        return INT64_MAX;
    return rounded(larger(clock->round_trip, 0));
}

int32_t clock_sync_skew_ppb(const struct clock_sync *clock)
{
    return (int32_t)rounded(clock->skew * 1e9);
}

int64_t clock_sync_ping_delay(const struct clock_sync *clock, unsigned count)
{
    static const int16_t BURST[] = {0, 100, 150, 200, 250, 300, 400, 500};
    if (count == 0 && clock->has_limit)
        return RESUME_DELAY;
    if (count < sizeof BURST / sizeof *BURST)
        return BURST[count] * INT64_C(1000);
    if (clock->suspicion == 2)
        return SUSPICION_DELAY;
    return count < CLOCK_SYNC_SAMPLES ? 1000000 : 5000000;
}
