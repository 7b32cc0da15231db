/*
 * The smallest whole thing: one hub and two members in one process. No network, no threads; even the clock and the
 * randomness are pretended, so that this prints the same story each time.
 *
 *     cc loopback.c $(pkg-config --cflags --libs libsyncplay) -o loopback && ./loopback
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <syncplay/syncplay.h>

#define SECOND INT64_C(1000000)

enum { ANA = 1, BEN = 2 }; /* our numbers for the two connections */

/* All that a host application has to hold: the hub, and what time it is. */
struct host {
    syncplay_hub *hub;
    int64_t now; /* microseconds; a real host asks its monotonic clock */
    unsigned char seed;
};

/* The hub wants these bytes sent: one encoding, however many receivers. A real host queues them on its sockets. */
static void deliver(void *user_data, const uint64_t *connections, size_t count, const char *bytes, size_t length)
{
    const struct host *host = user_data;
    const int shown = length > 180 ? 180 : (int)length;
    printf("%7.3f  to", (double)host->now / SECOND);
    for (size_t i = 0; i < count; i++) {
        printf(" %s", connections[i] == ANA ? "Ana" : "Ben");
    }
    printf(": %.*s%s\n", shown, bytes, length > 180 ? "..." : "");
}

/* A real host leaves this callback out; then the library asks libuuid for random bytes. */
static bool pretend_entropy(void *user_data, void *bytes, size_t length)
{
    struct host *host = user_data;
    unsigned char *out = bytes;
    for (size_t i = 0; i < length; i++) {
        out[i] = host->seed++;
    }
    return true;
}

/* Every call that can fail comes through here. */
static void must(const struct host *host, int error)
{
    if (error != SYNCPLAY_OK) {
        fprintf(stderr, "%s: %s\n", syncplay_strerror(error), syncplay_hub_why(host->hub));
        exit(1);
    }
}

/* Lets time pass. This is the loop that every host has: sleep until the deadline, tick, look again. */
static void wait_for(struct host *host, int64_t duration)
{
    const int64_t until = host->now + duration;
    while (syncplay_hub_deadline(host->hub) <= until) {
        const int64_t deadline = syncplay_hub_deadline(host->hub);
        host->now = deadline > host->now ? deadline : host->now;
        must(host, syncplay_hub_tick(host->hub, host->now));
    }
    host->now = until;
}

/* One of the two says something: one wire message, as lib/PROTOCOL.md has them. */
static void say(struct host *host, uint64_t connection, const char *message)
{
    printf("%7.3f  %s says: %s\n", (double)host->now / SECOND, connection == ANA ? "Ana" : "Ben", message);
    must(host, syncplay_hub_receive(host->hub, host->now, connection, message, strlen(message)));
}

static void join(struct host *host, uint64_t connection, const char *code)
{
    char message[80];
    snprintf(message, sizeof message, "{\"type\":\"join\",\"session_code\":\"%s\"}", code);
    say(host, connection, message);
}

static syncplay_user person(const char *name, unsigned char number)
{
    syncplay_user user;
    syncplay_user_default(&user, sizeof user);
    user.id.bytes[15] = number;
    user.name = name;
    return user;
}

int main(void)
{
    struct host host = {.now = 10 * SECOND};

    /* A hub, with what it may call. Everything left out keeps its default. */
    syncplay_hub_callbacks callbacks;
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.deliver = deliver;
    callbacks.entropy = pretend_entropy;
    syncplay_hub_config config;
    syncplay_hub_config_default(&config, sizeof config);
    config.unix_time = 1795000000 * SECOND;
    must(&host, syncplay_hub_new(&host.hub, host.now, &config, &callbacks, &host));

    /* A session: what is watched, and who may come in. Ana is the host. */
    const syncplay_user ana = person("Ana", 1);
    const syncplay_user ben = person("Ben", 2);
    syncplay_content content;
    syncplay_content_default(&content, sizeof content);
    content.type = "movie";
    content.id.bytes[15] = 7;
    content.title = "Big Buck Bunny";
    syncplay_settings settings;
    syncplay_settings_default(&settings, sizeof settings);
    settings.visibility = SYNCPLAY_PUBLIC;
    syncplay_id session;
    must(&host, syncplay_hub_create(host.hub, host.now, &ana, &content, &settings, &session));

    syncplay_session_info info = {.struct_size = sizeof info};
    must(&host, syncplay_hub_session(host.hub, host.now, &session, &info));
    char code[SYNCPLAY_CODE_SIZE]; /* a copy: what the hub tells lives until the next call that changes it */
    snprintf(code, sizeof code, "%s", info.code);

    puts("\n-- Both connect and join.");
    must(&host, syncplay_hub_connect(host.hub, host.now, ANA, &ana));
    must(&host, syncplay_hub_connect(host.hub, host.now, BEN, &ben));
    join(&host, ANA, code);
    join(&host, BEN, code);

    puts("\n-- Ana plays. Ben has not buffered yet, so both wait for him.");
    say(&host, ANA, "{\"type\":\"ready\",\"buffered_ms\":5000}");
    say(&host, ANA, "{\"type\":\"play\"}");
    wait_for(&host, 2 * SECOND);
    say(&host, BEN, "{\"type\":\"ready\",\"buffered_ms\":5000}");

    puts("\n-- A minute later Ben pauses; both stand at the same position.");
    wait_for(&host, 60 * SECOND);
    say(&host, BEN, "{\"type\":\"pause\"}");
    say(&host, BEN, "{\"type\":\"chat\",\"message\":\"Back in a minute.\"}");

    puts("\n-- Ben's connection breaks. His seat is kept for 90 seconds, then given up.");
    must(&host, syncplay_hub_disconnect(host.hub, host.now, BEN));
    wait_for(&host, 120 * SECOND);

    puts("\n-- Ana ends the session.");
    say(&host, ANA, "{\"type\":\"end\"}");

    syncplay_hub_free(host.hub);
    return 0;
}
