/*
 * Bytes as messages of clients, to a hub with three connections that have a seat (host, controller, viewer), one that
 * knocks and one that has joined nothing. An input is lines: each is a message; a digit before it chooses who says it,
 * and a second passes before each line that begins with a blank.
 */
#include "input.h"
#include "world.h"

#define CODE_TEXT_SIZE 80

enum { HOST = 1, CONTROLLER, VIEWER, KNOCKER, OUTSIDER, SPEAKERS = OUTSIDER };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void join(struct world *world, uint64_t connection)
{
    char text[CODE_TEXT_SIZE];
    int length = snprintf(text, sizeof text, "{\"type\":\"join\",\"session_code\":\"%s\"}", world->slots[0].code);
    world_connect(world, connection, (unsigned)connection - 1);
    if (connection != OUTSIDER)
        world_say(world, connection, text, (size_t)length);
}

static void open_party(struct world *world)
{
    static const char promotion[] =
        "{\"type\":\"role\",\"user_id\":\"ab000000-0000-0000-0000-000000000002\",\"role\":\"controller\"}";
    static const char closing[] = "{\"type\":\"settings\",\"visibility\":\"private\"}";
    world_init(world);
    world_open(world);
    world_create(world, 0, 0, SYNCPLAY_PUBLIC);
    for (uint64_t i = HOST; i <= VIEWER; i++)
        join(world, i);
    world_say(world, HOST, promotion, strlen(promotion));
    world_say(world, HOST, closing, strlen(closing));
    join(world, KNOCKER);
    join(world, OUTSIDER);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world world;
    struct input input = {(const char *)data, size, 0};
    uint64_t speaker = HOST;
    open_party(&world);
    while (!input_is_over(&input)) {
        size_t length;
        const char *line = input_line(&input, &length);
        if (length > 0 && *line == ' ') {
            world_pass(&world, SECOND);
            line++, length--;
        }
        if (length > 0 && *line >= '0' && *line <= '9') {
            speaker = (uint64_t)(*line - '0') % SPEAKERS + 1;
            line++, length--;
        }
        world_say(&world, speaker, line, length);
    }
    for (uint64_t i = HOST; i <= OUTSIDER; i++)
        world_disconnect(&world, i);
    world_pass(&world, world.config.session_timeout); /* whatever was said, an end comes */
    CHECK(syncplay_hub_count(world.hub) == 0 && syncplay_hub_deadline(world.hub) == SYNCPLAY_NEVER);
    world_close(&world);
    return 0;
}
