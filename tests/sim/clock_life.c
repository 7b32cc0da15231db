/* One client's life; see the header. */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "clock_life.h"

#define OURS (CLOCK_RIVALS - 1)
#define PENDING_MAX 512
#define SECOND 1e6
/* A step that nobody told of has to be found within this time; until then the bound is not to be relied on. */
#define FIND_FAST (24 * SECOND)
#define FIND_SHIPPED (120 * SECOND)
/* As long as the window of the clock: a path that changed may look just like a step. */
#define ROUTE_WINDOW (600 * SECOND)
/* Recovered is who stays below this; watched for so long. */
#define RECOVERED 10e3
#define WATCH (60 * SECOND)
/* Steps that are asked to be found that quickly. */
#define STEP_COUNTS 100e3

struct life {
    const struct clock_life_options *options;
    uint64_t client;
    struct clock_score *score;
    struct clock_world world;
    struct clock_rival_state rivals[CLOCK_RIVALS];
    struct clock_pong pending[PENDING_MAX]; /* by arrival */
    unsigned waiting, pings, answers, wrong;
    double now, next_ping;
    /* The last step: when, how large, whether it is still to be found, and since when the error is small again. */
    bool was_alarmed;
    bool is_unfound; /* it may still be found after the time it is given */
    bool stepped, is_hidden, is_watched, was_told;
    double step_time, step_size, small_since;
    double heard_time; /* of the first answer to a ping sent after it */
    double route_time; /* of the last change of the path, which may look just like a step */
};

static void tell(const struct life *life, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void tell(const struct life *life, const char *format, ...)
{
    if (!life->options->trace)
        return;
    va_list values;
    printf("%12.6f  ", life->now / SECOND);
    va_start(values, format);
    vprintf(format, values);
    va_end(values);
    putchar('\n');
}

static double error_of(const struct life *life, unsigned rival, double time)
{
    int64_t local = clock_world_local(&life->world, time);
    int64_t server = CLOCK_RIVAL[rival].server(&life->rivals[rival], local);
    return (double)(server - life->world.server_epoch) - time;
}

static void complain(struct life *life, const char *what, double by)
{
    if (life->wrong++ < 3)
        printf("%s: client %" PRIu64 " (%s) at %.6f s, by %.1f us: --seed %" PRIu64 " --client %" PRIu64 " --trace\n",
               what, life->client, clock_kind_name(life->world.kind), life->now / SECOND, by, life->options->seed,
               life->client);
}

static void check_bound(struct life *life)
{
    const struct clock_sync *clock = &life->rivals[OURS].ours;
    int64_t bound = clock_sync_error(clock, clock_world_local(&life->world, life->now));
    if (bound == INT64_MAX || life->is_hidden)
        return;
    double excess = fabs(error_of(life, OURS, life->now)) - (double)bound;
    life->score->checks++;
    if (excess <= 0)
        return;
    life->score->violations++;
    life->score->worst_violation = fmax(life->score->worst_violation, excess);
    complain(life, "the bound is broken", excess);
}

/* --- Steps ------------------------------------------------------------------------------------------------------ */

static void restart(struct life *life)
{
    life->pings = 0;
    life->next_ping = life->now + (double)clock_sync_ping_delay(&life->rivals[OURS].ours, 0);
}

static void end_watch(struct life *life)
{
    if (!life->is_watched)
        return;
    life->is_watched = false;
    double took = life->small_since < 0 ? WATCH : life->small_since - life->step_time;
    tell(life, "recovered from the step after %.3f s", took / SECOND);
    if (fabs(life->step_size) < STEP_COUNTS)
        life->score->small_steps++;
    else
        tally_add(&life->score->recovery[(life->world.steady ? 0 : 2) + life->was_told], took);
}

static void step(struct life *life)
{
    struct clock_world *world = &life->world;
    bool sleeps = world->step_sleeps, told = world->step_is_told;
    end_watch(life);
    life->step_size = clock_world_step(world);
    if (sleeps) {
        life->now += life->step_size;
        world->life += life->step_size;
        life->next_ping += life->step_size;
        for (unsigned i = 0; i < life->waiting; i++)
            life->pending[i].arrived = fmax(life->pending[i].arrived, life->now + i);
    }
    life->step_time = life->now;
    life->is_watched = life->stepped = true;
    life->is_hidden = !told;
    life->was_alarmed = false;
    life->is_unfound = life->is_unfound && !told;
    life->was_told = told;
    life->small_since = -1;
    life->heard_time = INFINITY;
    life->score->steps++;
    tell(life, "STEP of %.3f ms%s%s", life->step_size / 1e3, sleeps ? ", asleep" : "", told ? ", told" : "");
    if (told) {
        clock_sync_disturb(&life->rivals[OURS].ours, clock_world_seen(world, life->now));
        life->waiting = 0; /* forgotten, as the contract asks */
        restart(life);
    }
}

static void watch(struct life *life, double excess)
{
    double find = life->world.steady ? FIND_FAST : FIND_SHIPPED;
    if (life->is_watched) {
        if (fabs(excess) > RECOVERED)
            life->small_since = -1;
        else if (life->small_since < 0)
            life->small_since = life->now;
        if (life->now - life->step_time > WATCH)
            end_watch(life);
    }
    if (life->is_hidden && life->was_alarmed && fabs(excess) < RECOVERED)
        life->is_hidden = life->is_unfound = false;
    if (life->is_hidden && life->now - life->heard_time > find) {
        life->score->missed += fabs(life->step_size) >= STEP_COUNTS;
        life->is_unfound = true;
        life->is_hidden = false;
        tell(life, "the step was not found in time");
    }
}

/* --- Pings and answers ------------------------------------------------------------------------------------------ */

static void ping(struct life *life)
{
    struct clock_pong pong;
    life->score->pings++;
    bool comes = clock_world_ping(&life->world, life->now, &pong);
    if (comes && life->waiting < PENDING_MAX) {
        unsigned place = life->waiting++;
        for (; place > 0 && life->pending[place - 1].arrived > pong.arrived; place--)
            life->pending[place] = life->pending[place - 1];
        life->pending[place] = pong;
    }
    life->pings++;
    double delay = (double)clock_sync_ping_delay(&life->rivals[OURS].ours, life->pings);
    life->next_ping = life->now + (life->world.steady ? fmin(delay, SECOND) : delay);
    if (!comes)
        tell(life, "ping lost");
}

static void heed(struct life *life, enum clock_sync_result result)
{
    if (result == CLOCK_SYNC_IGNORED)
        life->score->ignored++;
    if (result != CLOCK_SYNC_STEPPED)
        return;
    double since = life->now - fmin(life->heard_time, life->now);
    bool is_true = life->is_hidden || life->is_unfound || (life->stepped && !life->was_told && since < WATCH);
    bool is_route = !is_true && life->now - life->route_time < ROUTE_WINDOW;
    tell(life, "STEPPED%s", is_true ? "" : is_route ? ", as the path has changed" : ", a false alarm");
    life->was_alarmed = true;
    restart(life);
    if (is_route)
        life->score->route_alarms++;
    if (is_true || is_route)
        return;
    life->score->false_alarms++;
    complain(life, "a false alarm", 0);
}

static void count(struct life *life, unsigned rival, double excess)
{
    struct clock_score *score = life->score;
    enum clock_kind kind = life->world.kind;
    if (!life->world.steady) {
        if (rival == OURS && life->answers > 128 && !life->is_hidden)
            tally_add(&score->shipped[kind], excess);
        return;
    }
    for (unsigned i = 0; i < CLOCK_MARKS; i++)
        if (life->answers == CLOCK_MARK[i])
            tally_add(&score->marks[kind][i][rival], excess);
    if (life->answers > 128)
        tally_add(&score->steady[kind][rival], excess);
}

static void count_ours(struct life *life, double excess)
{
    const struct clock_sync *clock = &life->rivals[OURS].ours;
    double before = life->now - SECOND, span = clock_world_drift(&life->world, life->now) -
                    clock_world_drift(&life->world, before);
    if (life->answers > 128 && !life->stepped) {
        tally_add(&life->score->bound[life->world.kind],
                  (double)clock_sync_error(clock, clock_world_local(&life->world, life->now)));
        tally_add(&life->score->skew[life->world.kind], fabs(-span * 1e3 - clock_sync_skew_ppb(clock)));
    }
    watch(life, excess);
    check_bound(life);
}

static void tell_answer(const struct life *life, const struct clock_pong *pong, double excess)
{
    const struct clock_sync *clock = &life->rivals[OURS].ours;
    int64_t bound = clock_sync_error(clock, clock_world_local(&life->world, life->now));
    double round_trip = (double)(pong->t4 - pong->t1 - pong->t3 + pong->t2);
    tell(life, "answer %u: round trip %.3f ms; above the floor %+.3f ms, bound %.3f, floor %+.3f, constant round trip "
         "%.3f ms, skew %.3f ppm", life->answers, round_trip / 1e3, excess / 1e3, (double)bound / 1e3,
         clock_world_floor(&life->world) / 1e3, (double)clock_sync_round_trip(clock) / 1e3,
         clock_sync_skew_ppb(clock) / 1e3);
}

static void answer(struct life *life)
{
    struct clock_pong pong = life->pending[0];
    life->waiting--;
    memmove(life->pending, life->pending + 1, life->waiting * sizeof *life->pending);
    clock_world_arrive(&life->world, &pong);
    struct clock_rival_sample sample = {pong.t1, pong.t2, pong.t3, pong.t4};
    life->score->answers++;
    life->answers++;
    if (life->stepped && life->heard_time > life->now && pong.sent >= life->step_time)
        life->heard_time = life->now;
    if (life->is_watched && !life->was_told && pong.sent < life->step_time) {
        life->is_hidden = true; /* it was on its way during the step, and may mislead */
        life->heard_time = INFINITY;
    }
    check_bound(life);
    for (unsigned i = life->options->ours_alone ? OURS : 0; i < CLOCK_RIVALS; i++) {
        if (i == OURS)
            heed(life, clock_sync_add(&life->rivals[i].ours, pong.t1, pong.t2, pong.t3, pong.t4));
        else if (pong.t4 >= pong.t1)
            CLOCK_RIVAL[i].add(&life->rivals[i], &sample);
        double excess = error_of(life, i, life->now) - clock_world_floor(&life->world);
        count(life, i, fabs(excess));
        if (i == OURS) {
            count_ours(life, excess);
            tell_answer(life, &pong, excess);
        }
    }
}

static void introduce(const struct life *life)
{
    const struct clock_world *world = &life->world;
    tell(life, "client %" PRIu64 ": %s, pings %s%s; skew %.1f ppm, grain %" PRId64 " us", life->client,
         clock_kind_name(world->kind), world->steady ? "at 1 Hz" : "as shipped", world->in_order ? ", in order" : "",
         world->skew * 1e6, world->grain);
    tell(life, "there %.3f ms, back %.3f ms, noise %.3f and %.3f ms, queues %.3f and %.3f ms",
         world->there.constant / 1e3, world->back.constant / 1e3, world->there.noise / 1e3, world->back.noise / 1e3,
         world->there.queue / 1e3, world->back.queue / 1e3);
}

void clock_life(const struct clock_life_options *options, uint64_t client, struct clock_score *score)
{
    static struct life life;
    memset(&life, 0, sizeof life);
    life.options = options;
    life.client = client;
    life.score = score;
    clock_world_begin(&life.world, options->seed, client);
    clock_sync_begin(&life.rivals[OURS].ours);
    introduce(&life);
    life.next_ping = 1;
    life.route_time = -INFINITY;
    life.heard_time = INFINITY;
    for (;;) {
        struct clock_world *world = &life.world;
        double arrival = life.waiting ? life.pending[0].arrived : INFINITY;
        double next = fmin(fmin(arrival, life.next_ping), fmin(world->step_at, world->route_at));
        if (next > world->life)
            break;
        life.now = fmax(next, life.now);
        if (next == world->step_at) {
            step(&life);
        } else if (next == world->route_at) {
            clock_world_reroute(world);
            life.route_time = life.now;
            tell(&life, "ROUTE: now %.3f ms there, %.3f back", world->there.constant / 1e3, world->back.constant / 1e3);
        } else if (next == life.next_ping) {
            ping(&life);
        } else {
            answer(&life);
        }
    }
    end_watch(&life);
    score->hours++;
}
