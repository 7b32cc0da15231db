/* A client's clock and its way to the server; see the header. */
#include <math.h>
#include <string.h>

#include "clock_world.h"

#define SECOND 1e6
#define MINUTE 60e6
#define HOUR 3600e6
#define NEVER 1e300
#define PI 3.14159265358979323846

/* --- Random numbers: PCG-XSH-RR (O'Neill 2014), seeded through splitmix64 (Steele, Lea, Flood 2014) ------------- */

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

void clock_random_begin(struct clock_random *random, uint64_t seed, uint64_t stream)
{
    uint64_t mix = seed;
    mix = splitmix(&mix) ^ stream;
    random->state = splitmix(&mix);
    random->stream = splitmix(&mix) | 1;
}

static uint32_t next(struct clock_random *random)
{
    uint64_t old = random->state;
    random->state = old * 6364136223846793005u + random->stream;
    uint32_t word = (uint32_t)((old >> 18 ^ old) >> 27), turn = (uint32_t)(old >> 59);
    return word >> turn | word << (-turn & 31);
}

double clock_random_unit(struct clock_random *random)
{
    return (next(random) + 0.5) * 0x1p-32;
}

static bool chance(struct clock_random *random, double share)
{
    return clock_random_unit(random) < share;
}

static double between(struct clock_random *random, double low, double high)
{
    return low + (high - low) * clock_random_unit(random);
}

static double log_between(struct clock_random *random, double low, double high)
{
    return low * exp(log(high / low) * clock_random_unit(random));
}

static double exponential(struct clock_random *random, double mean)
{
    return -mean * log(clock_random_unit(random));
}

static double either_sign(struct clock_random *random, double x)
{
    return chance(random, 0.5) ? x : -x;
}

/* --- A client's life -------------------------------------------------------------------------------------------- */

static void begin_way(struct clock_way *way, struct clock_random *random, double constant, double noise, double queue)
{
    memset(way, 0, sizeof *way);
    clock_random_begin(&way->random, (uint64_t)(clock_random_unit(random) * 0x1p52), next(random));
    way->constant = constant;
    way->noise = log_between(random, noise / 4, noise * 2);
    way->humped = chance(random, 0.5);
    way->tail = log_between(random, 0.01, 0.12);
    way->tail_scale = log_between(random, 2, 12) * way->noise;
    way->idle = log_between(random, 3 * SECOND, 60 * SECOND);
    way->busy = log_between(random, 2 * SECOND, 40 * SECOND);
    way->queue = log_between(random, queue / 8, queue * 2);
    way->now_queue = chance(random, way->busy / (way->busy + way->idle)) ? exponential(random, way->queue) : 0;
    way->stall_every = log_between(random, 2 * MINUTE, 2 * HOUR);
    way->stall_from = exponential(random, way->stall_every);
    way->outage = chance(random, 0.3) ? 0.2 : 0;
}

static void begin_ways(struct clock_world *world)
{
    struct clock_random *random = &world->random;
    bool lan = world->kind == KIND_LAN;
    double round_trip = lan ? log_between(random, 200, 3000) : between(random, 20e3, 300e3);
    double asymmetry = world->kind == KIND_ROUGH ? between(random, -1, 1) : between(random, -0.3, 0.3);
    double noise = lan ? log_between(random, 50, 1000) : log_between(random, 1500, 6000);
    double queue = lan ? 500 : 3e3;
    begin_way(&world->there, random, round_trip / 2 * (1 + asymmetry), noise, queue);
    begin_way(&world->back, random, round_trip / 2 * (1 - asymmetry), noise, queue);
}

static void begin_clock(struct clock_world *world)
{
    struct clock_random *random = &world->random;
    double most = world->kind == KIND_ROUGH ? 150e-6 : 100e-6, grain = clock_random_unit(random);
    world->grain = grain < 0.4 ? 1 : grain < 0.8 ? 100 : 1000;
    world->server_epoch = 1700000000000000 + (int64_t)(clock_random_unit(random) * 1e15);
    world->local_epoch = chance(random, 0.5) ? (int64_t)(clock_random_unit(random) * 1e9)
                                             : world->server_epoch + (int64_t)between(random, -1e10, 1e10);
    world->skew = between(random, -most, most);
    world->warm = between(random, -4e-6, 4e-6);
    world->warm_time = between(random, 2 * MINUTE, 10 * MINUTE);
    world->wave = between(random, 0, 2e-6);
    world->wave_period = between(random, 8 * MINUTE, 60 * MINUTE);
    world->wave_phase = between(random, 0, 2 * PI);
}

static void plan_step(struct clock_world *world, double after)
{
    struct clock_random *random = &world->random;
    world->step_at = after + between(random, 2 * MINUTE, 12 * MINUTE);
    world->step_sleeps = chance(random, 0.4);
    world->step_is_told = chance(random, 0.4);
    world->step_size = world->step_sleeps ? log_between(random, 1 * SECOND, 2 * HOUR)
                                          : either_sign(random, log_between(random, 20e3, 20 * SECOND));
}

void clock_world_begin(struct clock_world *world, uint64_t seed, uint64_t client)
{
    memset(world, 0, sizeof *world);
    struct clock_random *random = &world->random;
    clock_random_begin(random, seed, client);
    double kind = clock_random_unit(random);
    world->kind = kind < 0.6 ? KIND_INTERNET : kind < 0.75 ? KIND_LAN : kind < 0.85 ? KIND_ROUGH : KIND_STEPS;
    world->steady = chance(random, 0.5);
    world->life = HOUR;
    world->in_order = chance(random, 0.7);
    world->loss = world->in_order ? 0 : log_between(random, 0.001, 0.1);
    world->processing = log_between(random, 20, 1000);
    begin_clock(world);
    begin_ways(world);
    world->step_at = world->route_at = NEVER;
    if (world->kind == KIND_STEPS)
        plan_step(world, 0);
    if (world->kind == KIND_ROUGH)
        world->route_at = exponential(random, 20 * MINUTE);
}

double clock_world_drift(const struct clock_world *world, double time)
{
    double turn = 2 * PI / world->wave_period;
    return world->jumps + world->skew * time + world->warm * world->warm_time * (1 - exp(-time / world->warm_time)) +
           world->wave / turn * (cos(world->wave_phase) - cos(turn * time + world->wave_phase));
}

int64_t clock_world_local(const struct clock_world *world, double time)
{
    return world->local_epoch + (int64_t)floor(time + clock_world_drift(world, time));
}

int64_t clock_world_seen(const struct clock_world *world, double time)
{
    int64_t local = clock_world_local(world, time) + (world->grain - 1) / 2, rest = local % world->grain;
    return local - (rest < 0 ? rest + world->grain : rest);
}

/* When a packet that sets out at `time` is there. */
static double pass(struct clock_world *world, struct clock_way *way, double time)
{
    struct clock_random *random = &way->random;
    while (time > way->queue_until) {
        bool becomes_busy = way->now_queue == 0;
        way->now_queue = becomes_busy ? exponential(random, way->queue) : 0;
        way->queue_until += exponential(random, becomes_busy ? way->busy : way->idle);
    }
    while (time > way->stall_until && time > way->stall_from) {
        double length = exponential(random, chance(random, way->outage) ? 20 * SECOND : 0.4 * SECOND);
        way->stall_until = way->stall_from + length;
        if (time > way->stall_until)
            way->stall_from = way->stall_until + exponential(random, way->stall_every);
    }
    double delay = way->constant + exponential(random, way->noise);
    if (way->humped)
        delay += exponential(random, way->noise);
    if (way->now_queue > 0)
        delay += way->now_queue * between(random, 0.5, 1.5);
    if (chance(random, way->tail))
        delay += fmin(way->tail_scale * pow(clock_random_unit(random), -1 / 1.5), 5 * SECOND);
    double arrival = time + delay;
    if (time > way->stall_from && time < way->stall_until)
        arrival = fmax(arrival, way->stall_until + way->constant + clock_random_unit(random));
    if (world->in_order)
        arrival = fmax(arrival, way->arrival + 1);
    way->arrival = arrival;
    return arrival;
}

bool clock_world_ping(struct clock_world *world, double time, struct clock_pong *pong)
{
    pong->sent = time;
    pong->t1 = clock_world_seen(world, time);
    bool lost = chance(&world->random, world->loss);
    double there = pass(world, &world->there, time);
    double answered = there + exponential(&world->random, world->processing);
    pong->t2 = world->server_epoch + (int64_t)floor(there);
    pong->t3 = world->server_epoch + (int64_t)floor(answered);
    pong->arrived = pass(world, &world->back, answered);
    return !lost;
}

void clock_world_arrive(const struct clock_world *world, struct clock_pong *pong)
{
    pong->t4 = clock_world_seen(world, pong->arrived);
}

double clock_world_floor(const struct clock_world *world)
{
    return (world->there.constant - world->back.constant) / 2;
}

double clock_world_step(struct clock_world *world)
{
    double size = world->step_sleeps ? -world->step_size : world->step_size;
    world->jumps += size;
    plan_step(world, world->step_at + (world->step_sleeps ? world->step_size : 0));
    return -size;
}

void clock_world_reroute(struct clock_world *world)
{
    struct clock_random *random = &world->random;
    struct clock_way *ways[] = {&world->there, &world->back};
    for (int i = 0; i < 2; i++)
        if (chance(random, 0.7))
            ways[i]->constant = fmax(200, ways[i]->constant + either_sign(random, log_between(random, 500, 60e3)));
    world->route_at += exponential(random, 20 * MINUTE);
}

const char *clock_kind_name(enum clock_kind kind)
{
    static const char *const NAMES[KINDS] = {"internet", "LAN", "rough", "steps"};
    return NAMES[kind];
}
