/*
 * One evening, told the same way by each transcript of this folder, byte for byte. This one is the original; the
 * others show what the library looks like from C++, Python, Rust, Go and Node.js. What each of them does:
 *
 *   - It makes a hub at the instant 10 s of a clock that it pretends, with the Unix time 1795000000 s, random bytes
 *     that count up (0, 1, 2 ...), and everything else as it is by default.
 *   - Ana (user ...01) makes a public session about "Big Buck Bunny" (film ...07). Ana comes on connection 1, Ben
 *     (user ...02) on connection 2. Then both say what stands in the table below; before each line the given seconds
 *     pass.
 *   - Each message that the hub delivers is printed, once for each connection: "to 1: {...}".
 *   - At the end it prints the session as it would be saved: its length, and itself.
 *
 * With fixed time and fixed randomness the library always says the same. That is also how to test a host application.
 *
 *     cc transcript.c $(pkg-config --cflags --libs libsyncplay) -o transcript && ./transcript
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <syncplay/syncplay.h>

#define SECOND INT64_C(1000000)
#define MAX_SAVED 65536

enum { ANA = 1, BEN = 2 };

static const struct {
    int seconds; /* pass before it is said */
    uint64_t connection;
    const char *message; /* %s is the code of the session */
} story[] = {
    {0, ANA, "{\"type\":\"join\",\"session_code\":\"%s\"}"},
    {1, BEN, "{\"type\":\"join\",\"session_code\":\"%s\"}"},
    {1, ANA, "{\"type\":\"ready\",\"buffered_ms\":5000}"},
    {0, BEN, "{\"type\":\"ready\",\"buffered_ms\":5000}"},
    {1, ANA, "{\"type\":\"play\"}"},
    {60, BEN, "{\"type\":\"seek\",\"position_ms\":600000}"},
    {15, BEN, "{\"type\":\"chat\",\"message\":\"Schön! ❤\"}"},
    {1, BEN, "{\"type\":\"leave\"}"},
};

struct host {
    syncplay_hub *hub;
    int64_t now;
    uint8_t next_byte;
};

static void must(int error)
{
    if (error != SYNCPLAY_OK) {
        fprintf(stderr, "%s\n", syncplay_strerror(error));
        exit(1);
    }
}

static void deliver(void *user_data, const uint64_t *connections, size_t count, const char *bytes, size_t length)
{
    (void)user_data;
    for (size_t i = 0; i < count; i++) {
        printf("to %" PRIu64 ": %.*s\n", connections[i], (int)length, bytes);
    }
}

/* For a transcript only. A real host leaves this callback out, and the library asks libuuid. */
static bool count_up(void *user_data, void *bytes, size_t length)
{
    struct host *host = user_data;
    for (size_t i = 0; i < length; i++) {
        ((uint8_t *)bytes)[i] = host->next_byte++;
    }
    return true;
}

/* The time until then passes: the hub is called at each instant at which it wants to be. */
static void pass(struct host *host, int64_t duration)
{
    const int64_t until = host->now + duration;
    while (syncplay_hub_deadline(host->hub) <= until) {
        const int64_t deadline = syncplay_hub_deadline(host->hub);
        host->now = deadline > host->now ? deadline : host->now;
        must(syncplay_hub_tick(host->hub, host->now));
    }
    host->now = until;
}

static void tell(struct host *host, const char *code)
{
    for (size_t i = 0; i < sizeof story / sizeof *story; i++) {
        pass(host, story[i].seconds * SECOND);
        const char *place = strstr(story[i].message, "%s");
        char line[200];
        const int before = place != NULL ? (int)(place - story[i].message) : (int)strlen(story[i].message);
        const int length = snprintf(line, sizeof line, "%.*s%s%s", before, story[i].message, place != NULL ? code : "",
                                    place != NULL ? place + 2 : "");
        must(syncplay_hub_receive(host->hub, host->now, story[i].connection, line, (size_t)length));
    }
}

int main(void)
{
    struct host host = {.now = 10 * SECOND};
    syncplay_hub_callbacks callbacks;
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.deliver = deliver;
    callbacks.entropy = count_up;
    syncplay_hub_config config;
    syncplay_hub_config_default(&config, sizeof config);
    config.unix_time = 1795000000 * SECOND;
    must(syncplay_hub_new(&host.hub, host.now, &config, &callbacks, &host));

    const syncplay_user ana = {.struct_size = sizeof ana, .id = {{[15] = 1}}, .name = "Ana"};
    const syncplay_user ben = {.struct_size = sizeof ben, .id = {{[15] = 2}}, .name = "Ben"};
    const syncplay_content film = {
        .struct_size = sizeof film, .type = "movie", .id = {{[15] = 7}}, .title = "Big Buck Bunny"};
    syncplay_settings settings;
    syncplay_settings_default(&settings, sizeof settings);
    settings.visibility = SYNCPLAY_PUBLIC;
    syncplay_id session;
    must(syncplay_hub_create(host.hub, host.now, &ana, &film, &settings, &session));
    syncplay_session_info info = {.struct_size = sizeof info};
    must(syncplay_hub_session(host.hub, host.now, &session, &info));

    must(syncplay_hub_connect(host.hub, host.now, ANA, &ana));
    must(syncplay_hub_connect(host.hub, host.now, BEN, &ben));
    tell(&host, info.code);

    static char saved[MAX_SAVED];
    size_t length;
    must(syncplay_hub_save(host.hub, host.now, &session, 0, saved, sizeof saved, &length));
    printf("saved, %zu bytes: %s\n", length, saved);
    syncplay_hub_free(host.hub);
    return 0;
}
