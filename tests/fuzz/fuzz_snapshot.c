/*
 * Bytes as a saved session. Whatever is accepted is a good session: it can be saved, what was saved can be restored to
 * the same, people can come back to it, and it ends.
 */
#include "world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What lib/snapshot.h calls SNAPSHOT_REVISION_GAP: what is restored is beyond all that clients were told. */
#define GAP 1000
/* The largest revision that is restored, less that gap. Only forgers come there: with a change each microsecond it
 * takes a hundred years. */
#define REVISION_MAX ((UINT64_C(1) << 52) - GAP)

/* Takes the session of a world's hub as its first slot. */
static bool adopt(struct world *world)
{
    syncplay_session_info info = {.struct_size = sizeof info};
    struct slot *slot = &world->slots[0];
    if (syncplay_hub_list(world->hub, &slot->id, 1) == 0)
        return false;
    CHECK(syncplay_hub_session(world->hub, world->now, &slot->id, &info) == SYNCPLAY_OK);
    memcpy(slot->code, info.code, sizeof slot->code);
    slot->lives = true;
    return true;
}

static int restore(struct world *world, const char *bytes, size_t size)
{
    char *copy = malloc(size ? size : 1); /* so that reading beyond its end is noticed */
    CHECK(copy != NULL);
    memcpy(copy, bytes, size);
    int error = syncplay_hub_restore(world->hub, world->now, copy, size, world->now + world->unix_offset, NULL);
    free(copy);
    return error;
}

/* The same session, a restart later: but for the revision nothing is another. */
static void check_same(const struct text *first, const struct text *second)
{
    static const char key[] = "\"revision\":";
    const char *a = strstr(first->bytes, key) + strlen(key), *b = strstr(second->bytes, key) + strlen(key);
    char *end_a, *end_b;
    CHECK(strtoull(a, &end_a, 10) + GAP == strtoull(b, &end_b, 10));
    CHECK_TOLD(a - first->bytes == b - second->bytes &&
                   memcmp(first->bytes, second->bytes, (size_t)(a - first->bytes)) == 0,
               second->bytes);
    CHECK_TOLD(strcmp(end_a, end_b) == 0, second->bytes);
}

static void check_restored(struct world *world)
{
    struct world other;
    world_check_slot(world, &world->slots[0]);
    if (world->slots[0].revision > REVISION_MAX)
        return;
    world_init(&other);
    other.most_seats = MOST_SEATS;
    world_open(&other);
    CHECK_TOLD(restore(&other, world->slots[0].saved.bytes, world->slots[0].saved.length) == SYNCPLAY_OK,
               syncplay_hub_why(other.hub));
    CHECK(adopt(&other));
    world_check_slot(&other, &other.slots[0]);
    check_same(&world->slots[0].saved, &other.slots[0].saved);
    world_close(&other);
}

/* Two come in, somebody plays, time passes, they go, and it ends. */
static void live_on(struct world *world)
{
    char text[80];
    int length = snprintf(text, sizeof text, "{\"type\":\"join\",\"session_code\":\"%s\"}", world->slots[0].code);
    for (uint64_t i = 1; i <= 2; i++) {
        world_connect(world, i, (unsigned)i - 1);
        world_say(world, i, text, (size_t)length);
    }
    world_pass(world, SECOND);
    world_say(world, 1, "{\"type\":\"play\"}", 15);
    world_pass(world, 100 * SECOND);
    world_disconnect(world, 1);
    world_disconnect(world, 2);
    world_pass(world, 10 * world->config.session_timeout);
    CHECK(syncplay_hub_count(world->hub) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world world;
    world_init(&world);
    world.most_seats = MOST_SEATS; /* limits may be lower now than when it was saved */
    world_open(&world);
    int error = restore(&world, (const char *)data, size);
    CHECK((error == SYNCPLAY_OK) == adopt(&world));
    if (!error) {
        check_restored(&world);
        live_on(&world);
    } else {
        CHECK(syncplay_hub_deadline(world.hub) == SYNCPLAY_NEVER);
    }
    world_close(&world);
    return 0;
}
