/* The world: true time, and what will happen in it. It knows nothing of what happens. Times in microseconds. */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include <stddef.h>
#include <stdint.h>

#define MILLISECOND INT64_C(1000)
#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)

typedef void (*world_action)(void *subject, int64_t argument);

struct world_event {
    int64_t at;
    uint64_t order; /* of two at the same time, the one that was planned first */
    world_action action;
    void *subject;
    int64_t argument;
};

struct world {
    int64_t now;
    uint64_t planned;
    struct world_event *events; /* a binary heap */
    size_t count, capacity;
};

void world_init(struct world *world);
void world_free(struct world *world);

/* `action` will be done at `at`, or now if that is past. Who changes their mind ignores it by its argument. */
void world_plan(struct world *world, int64_t at, world_action action, void *subject, int64_t argument);

/* Lets happen what happens until `until`. */
void world_run(struct world *world, int64_t until);

#endif
