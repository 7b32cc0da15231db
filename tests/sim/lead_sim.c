/*
 * How far ahead must a start be announced? Draws parties of ten, their paths and players, and counts for several rules
 * the starts in which somebody hears of the play too late to start in time, and what they wait for that. By hand:
 *
 *     cc -std=c11 -O2 -Iinclude -Ilib tests/sim/lead_sim.c lib/latency.c -lm -o build/lead_sim && build/lead_sim
 * [STARTS] [SAMPLES]
 *
 * What is drawn (milliseconds):
 *  - a round trip: log-normal, median 60, sigma 0.7, 8 to 300; in a house 0.4 to 3. The way there is 35 to 65 % of it.
 *  - queues: exponential, mean 0.5 to 10 by path; 2 % of the time a path is busy, with four times that and 10 more. All
 *    worlds have them.
 *  - spikes: 0.02 to 1 % of packets by path, Pareto of 40 and up, exponent 1.5, at most 2000.
 *  - losses: 0.01 to 1 % of packets by path; TCP sends again after 200 and a round trip, then after twice that.
 *  - wi-fi: a house whose queues are 1 to 8, with 0.1 to 1 % spikes.
 *  - players start after 2 (one in five), 80 (most) or 150 (one in ten), known to 6.
 * A member is late if way + start > lead. The rules see the last SAMPLES halves of round trips, as the server does.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "latency.h"

enum { PARTY = 10, BOUND = 2000 };
enum world { QUEUES, SPIKES, LOSSES, HOUSE, WIFI, WORLDS };

struct path {
    double there, back, round_trip, queue, spikes, losses, start;
};

struct seen {
    double average, largest, deviation, start;
    const struct latency *latency;
};

static uint64_t state;

/* SplitMix64, between 0 and 1. */
static double draw(void)
{
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return ((double)((z ^ (z >> 31)) >> 11) + 0.5) / 9007199254740992.0;
}

static double exponential(double mean)
{
    return -mean * log(draw());
}

static double normal(void)
{
    double radius = sqrt(-2 * log(draw()));
    return radius * cos(6.283185307179586 * draw());
}

static double between(double least, double most)
{
    return least * exp(draw() * log(most / least));
}

static struct path draw_path(enum world world)
{
    struct path path = {0};
    double share = 0.35 + 0.3 * draw(), kind;
    bool is_house = world == HOUSE || world == WIFI;
    path.round_trip = is_house ? between(0.4, 3) : fmin(300, fmax(8, 60 * exp(0.7 * normal())));
    path.there = path.round_trip * share;
    path.back = path.round_trip - path.there;
    path.queue = world == HOUSE ? 0.2 : world == WIFI ? between(1, 8) : between(0.5, 10);
    path.spikes = world == SPIKES ? between(2e-4, 1e-2) : world == WIFI ? between(1e-3, 1e-2) : 0;
    path.losses = world == LOSSES ? between(1e-4, 1e-2) : 0;
    kind = draw();
    path.start = kind < 0.2 ? 2 : kind < 0.9 ? 80 : 150;
    return path;
}

static double draw_way(const struct path *path, double way, bool is_busy)
{
    double again = 200 + path->round_trip + 4 * path->queue;
    way += exponential(path->queue) + (is_busy ? exponential(4 * path->queue + 10) : 0);
    if (path->spikes > 0 && draw() < path->spikes)
        way += fmin(2000, 40 * pow(draw(), -1 / 1.5));
    for (; path->losses > 0 && draw() < path->losses; again *= 2)
        way += again;
    return way;
}

/* --- The rules */

static double seed(const struct seen *seen)
{
    return seen->average + 100;
}

static double larger_1_3(const struct seen *seen)
{
    return 1.3 * seen->average + seen->start + 250;
}

static double average_240(const struct seen *seen)
{
    return seen->average + seen->start + 240;
}

static double largest_240(const struct seen *seen)
{
    return seen->largest + seen->start + 240;
}

static double deviations_4(const struct seen *seen)
{
    return seen->average + 4 * seen->deviation + seen->start + 150;
}

static double three_averages(const struct seen *seen)
{
    return 3 * seen->average + seen->start + 100;
}

static double ours(const struct seen *seen)
{
    return (double)latency_need(seen->latency, (int64_t)(seen->start * 1000)) / 1000;
}

static const struct {
    const char *name;
    double (*need)(const struct seen *seen);
} rules[] = {
    {"average + 100 (the seed's)", seed},
    {"1.3 average + start + 250", larger_1_3},
    {"average + start + 240", average_240},
    {"largest + start + 240", largest_240},
    {"average + 4 deviations + start + 150", deviations_4},
    {"3 averages + start + 100", three_averages},
    {"latency_need", ours},
};
enum { RULES = sizeof rules / sizeof *rules };

/* --- A start */

/* What one member needs, and what each rule gives to it. */
static double draw_member(enum world world, unsigned samples, double leads[RULES])
{
    struct path path = draw_path(world);
    struct latency latency = {0};
    bool is_busy = draw() < 0.02;
    for (unsigned i = 0; i < samples; i++) {
        double round_trip = draw_way(&path, path.there, is_busy) + draw_way(&path, path.back, is_busy);
        latency_add(&latency, (int64_t)(round_trip * 500), samples);
        is_busy = draw() < (is_busy ? 0.4 : 0.008);
    }
    const struct seen seen = {(double)latency_average(&latency) / 1000, (double)latency_maximum(&latency) / 1000,
                              (double)latency_deviation(&latency) / 1000, path.start, &latency};
    for (unsigned rule = 0; rule < RULES; rule++)
        leads[rule] = fmin(BOUND, fmax(leads[rule], rules[rule].need(&seen)));
    return draw_way(&path, path.there, is_busy) + path.start + (path.start > 10 ? 6 * normal() : 0);
}

int main(int count, char **arguments)
{
    static const char *const names[WORLDS] = {"queues", "spikes", "losses", "house", "wi-fi"};
    static double late[WORLDS][RULES], sums[WORLDS][RULES];
    int starts = count > 1 ? atoi(arguments[1]) : 100000;
    unsigned samples = count > 2 ? (unsigned)atoi(arguments[2]) : 10;
    for (unsigned world = 0; world < WORLDS; world++) {
        state = 42 + world;
        for (int i = 0; i < starts; i++) {
            double leads[RULES] = {0}, needed = 0;
            for (unsigned member = 0; member < PARTY; member++)
                needed = fmax(needed, draw_member((enum world)world, samples, leads));
            for (unsigned rule = 0; rule < RULES; rule++) {
                late[world][rule] += needed > leads[rule];
                sums[world][rule] += leads[rule];
            }
        }
    }
    printf("%-40s", "late %, and mean lead in ms");
    for (unsigned world = 0; world < WORLDS; world++)
        printf("%17s", names[world]);
    for (unsigned rule = 0; rule < RULES; rule++) {
        printf("\n%-40s", rules[rule].name);
        for (unsigned world = 0; world < WORLDS; world++)
            printf("%10.3f / %4.0f", 100 * late[world][rule] / starts, sums[world][rule] / starts);
    }
    putchar('\n');
    return 0;
}
