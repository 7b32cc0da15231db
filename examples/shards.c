/*
 * Several hubs, so that a host can use more than one thread: a hub is used by one thread at a time, and different hubs
 * know nothing of each other. Which hub a session lives in can be read from its code, so whoever has the code finds the
 * hub without asking any. The hubs here take turns in one thread; with threads, each has its own, and a queue of what
 * to do.
 *
 *     cc shards.c $(pkg-config --cflags --libs libsyncplay) -o shards && ./shards
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <syncplay/syncplay.h>

enum { SHARDS = 3, PARTIES = 6 };

static void must(int error)
{
    if (error != SYNCPLAY_OK) {
        fprintf(stderr, "%s\n", syncplay_strerror(error));
        exit(1);
    }
}

static void deliver(void *user_data, const uint64_t *connections, size_t count, const char *bytes, size_t length)
{
    for (size_t i = 0; i < count; i++) {
        const int shown = length < 15 ? (int)length : 15;
        printf("shard %d to %" PRIu64 ": %.*s...\n", *(const int *)user_data, connections[i], shown, bytes);
    }
}

/* A hub that makes only codes which lead to it. */
static syncplay_hub *new_shard(const int *index)
{
    syncplay_hub_callbacks callbacks;
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.deliver = deliver;
    syncplay_hub_config config;
    syncplay_hub_config_default(&config, sizeof config);
    config.shard_index = (uint32_t)*index;
    config.shard_count = SHARDS;
    syncplay_hub *hub;
    must(syncplay_hub_new(&hub, 0, &config, &callbacks, (void *)(uintptr_t)index));
    return hub;
}

static void make_party(syncplay_hub *hub, char code[SYNCPLAY_CODE_SIZE])
{
    const syncplay_user ana = {.struct_size = sizeof ana, .id = {{1}}, .name = "Ana"};
    const syncplay_content film = {.struct_size = sizeof film, .type = "movie", .id = {{7}}};
    syncplay_id session;
    syncplay_session_info info = {.struct_size = sizeof info};
    must(syncplay_hub_create(hub, 0, &ana, &film, NULL, &session));
    must(syncplay_hub_session(hub, 0, &session, &info));
    memcpy(code, info.code, sizeof info.code);
}

/*
 * The first message of a connection says where it belongs; only then is it given to a hub. One without a code that can
 * be read goes to any: that hub tells the client what is wrong.
 */
static int route(const char *message)
{
    char code[SYNCPLAY_CODE_SIZE];
    return syncplay_wire_join_code(message, strlen(message), code) ? (int)syncplay_code_shard(code, SHARDS) : 0;
}

int main(void)
{
    static const int indexes[SHARDS] = {0, 1, 2};
    syncplay_hub *hubs[SHARDS];
    char codes[PARTIES][SYNCPLAY_CODE_SIZE];
    for (int i = 0; i < SHARDS; i++) {
        hubs[i] = new_shard(&indexes[i]);
    }
    for (int i = 0; i < PARTIES; i++) {
        make_party(hubs[i % SHARDS], codes[i]); /* new ones anywhere: in turns, say, or where there are fewest */
    }

    /* A link holds the code as a person may have typed it; REST knows the shard from it as well. */
    char typed[SYNCPLAY_CODE_SIZE + 1], code[SYNCPLAY_CODE_SIZE];
    snprintf(typed, sizeof typed, "%.4s %.4s", codes[4], codes[4] + 4);
    if (!syncplay_code_normalise(typed, strlen(typed), code) || syncplay_code_shard(code, SHARDS) != 4 % SHARDS) {
        return 1;
    }

    for (int i = 0; i < PARTIES; i++) {
        const syncplay_user ana = {.struct_size = sizeof ana, .id = {{1}}, .name = "Ana"};
        const uint64_t connection = (uint64_t)i + 1;
        char join[100];
        snprintf(join, sizeof join, "{\"type\":\"join\",\"session_code\":\"%s\"}", codes[i]);
        syncplay_hub *hub = hubs[route(join)];
        must(syncplay_hub_connect(hub, 0, connection, &ana));
        must(syncplay_hub_receive(hub, 0, connection, join, strlen(join)));
    }
    for (int i = 0; i < SHARDS; i++) {
        printf("shard %d has %zu parties\n", i, syncplay_hub_count(hubs[i]));
        syncplay_hub_free(hubs[i]);
    }
    return 0;
}
