/* The world: a queue of events in true time. */
#include <stdlib.h>
#include <string.h>

#include "world.h"

void world_init(struct world *world)
{
    memset(world, 0, sizeof *world);
}

void world_free(struct world *world)
{
    free(world->events);
    world_init(world);
}

static int comes_before(const struct world_event *a, const struct world_event *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void rise(struct world *world, size_t i)
{
    struct world_event event = world->events[i];
    for (; i > 0 && comes_before(&event, &world->events[(i - 1) / 2]); i = (i - 1) / 2)
        world->events[i] = world->events[(i - 1) / 2];
    world->events[i] = event;
}

static void sink(struct world *world, size_t i)
{
    struct world_event event = world->events[i];
    for (size_t child = 2 * i + 1; child < world->count; child = 2 * i + 1) {
        if (child + 1 < world->count && comes_before(&world->events[child + 1], &world->events[child]))
            child++;
        if (!comes_before(&world->events[child], &event))
            break;
        world->events[i] = world->events[child];
        i = child;
    }
    world->events[i] = event;
}

void world_plan(struct world *world, int64_t at, world_action action, void *subject, int64_t argument)
{
    if (world->count == world->capacity) {
        world->capacity = world->capacity ? 2 * world->capacity : 256;
        world->events = realloc(world->events, world->capacity * sizeof *world->events);
        if (!world->events)
            abort();
    }
    world->events[world->count] = (struct world_event){
        .at = at > world->now ? at : world->now,
        .order = world->planned++,
        .action = action,
        .subject = subject,
        .argument = argument,
    };
    rise(world, world->count++);
}

void world_run(struct world *world, int64_t until)
{
    while (world->count && world->events[0].at <= until) {
        struct world_event next = world->events[0];
        world->events[0] = world->events[--world->count];
        if (world->count)
            sink(world, 0);
        world->now = next.at;
        next.action(next.subject, next.argument);
    }
    world->now = until;
}
