/*
 * One client's clock and its way to the server, from a seed alone: the truth, which strategies never see.
 *
 * True time is the server's clock, in microseconds since the client's life began. The client's clock has a skew that
 * wanders with the temperature, and may jump. Each direction of the path has a constant part and, never below it,
 * noise with a heavy tail, queues that come and go, stalls, loss. Knows nothing of estimators.
 */
#ifndef CLOCK_WORLD_H
#define CLOCK_WORLD_H

#include <stdbool.h>
#include <stdint.h>

enum clock_kind { KIND_INTERNET, KIND_LAN, KIND_ROUGH, KIND_STEPS, KINDS };

struct clock_random {
    uint64_t state, stream;
};

struct clock_way {
    double constant;         /* microseconds */
    double noise;            /* mean of what each packet adds */
    bool humped;             /* noise is seldom near zero */
    double tail, tail_scale; /* how often there is a spike, and of what size */
    double idle, busy;       /* mean lengths of the queue's two states */
    double queue;            /* mean of what a busy time adds */
    double now_queue, queue_until;
    double stall_every, stall_from, stall_until;
    double outage;  /* share of stalls that are long */
    double arrival; /* of the last packet, when they come in order */
    struct clock_random random;
};

struct clock_pong {
    int64_t t1, t2, t3, t4; /* as the client sees them */
    double sent, arrived;   /* true */
};

struct clock_world {
    enum clock_kind kind;
    bool steady;        /* pings at 1 Hz after the burst, instead of the schedule that is shipped */
    double life;        /* how long it is watched */
    bool in_order;      /* like TCP */
    double loss;
    int64_t grain;      /* of the client's timestamps */
    int64_t server_epoch, local_epoch;
    double skew, warm, warm_time, wave, wave_period, wave_phase;
    double jumps;       /* what the client's clock has jumped so far */
    struct clock_way there, back;
    double processing;
    struct clock_random random;
    /* What is still to happen. */
    double step_at, route_at;
    bool step_sleeps, step_is_told;
    double step_size; /* of the jump, or how long it sleeps */
};

void clock_world_begin(struct clock_world *world, uint64_t seed, uint64_t client);

double clock_world_drift(const struct clock_world *world, double time); /* local - server, epochs left out */
/* What the client's clock shows in the mean, and what is to be read there: the same, cut to its grain. */
int64_t clock_world_local(const struct clock_world *world, double time);
int64_t clock_world_seen(const struct clock_world *world, double time);

/* Sends a ping at `time`. False: it or its answer is lost. */
bool clock_world_ping(struct clock_world *world, double time, struct clock_pong *pong);
/* The answer's t4 is read at its arrival, jumps in between included. */
void clock_world_arrive(const struct clock_world *world, struct clock_pong *pong);

/* Half the constant difference of the two ways: what no estimator can see. */
double clock_world_floor(const struct clock_world *world);

/* The jump that was due at step_at happens; plans the next. Returns its size as the offset moves. */
double clock_world_step(struct clock_world *world);
/* The path changes; plans the next time. */
void clock_world_reroute(struct clock_world *world);

const char *clock_kind_name(enum clock_kind kind);

/* 0 <= x < 1 */
double clock_random_unit(struct clock_random *random);
void clock_random_begin(struct clock_random *random, uint64_t seed, uint64_t stream);

#endif
