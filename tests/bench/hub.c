/*
 * Measures the library: what an idle session costs, in time and memory, and what a play costs from command to bytes.
 * Prints figures beside their goals and always ends with 0: a slow machine is no failed test.
 *
 * The only program here that reads a clock; the hub's own time is pretended.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <syncplay/syncplay.h>

#define SECOND INT64_C(1000000)
#define SESSIONS 100000
#define ROUNDS 1000000
#define PLAYS 100000
#define STATES 100000
#define JOINS 20000

static size_t bytes_in_use;
static uint64_t bytes_delivered;
static uint64_t deliveries;

/* The C library's memory, counted: each block begins with its own size. */
static void *counted(void *user_data, void *pointer, size_t size)
{
    (void)user_data;
    size_t *block = pointer == NULL ? NULL : (size_t *)pointer - 2;
    const size_t before = block == NULL ? 0 : *block;
    if (size == 0) {
        bytes_in_use -= before;
        free(block);
        return NULL;
    }
    block = realloc(block, size + 2 * sizeof *block);
    if (block == NULL) {
        return NULL;
    }
    *block = size;
    bytes_in_use += size - before;
    return block + 2;
}

/* Hands the bytes to each recipient's queue, as a host would: here by reading them. */
static void deliver(void *user_data, const uint64_t *connections, size_t count, const char *bytes, size_t length)
{
    (void)user_data;
    for (size_t i = 0; i < count; i++) {
        bytes_delivered += length + (uint64_t)(unsigned char)bytes[length - 1] + (connections[i] & 1);
    }
    deliveries += count;
}

static bool entropy(void *user_data, void *bytes, size_t length)
{
    static uint64_t state = 88172645463325252u;
    (void)user_data;
    for (size_t i = 0; i < length; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        ((unsigned char *)bytes)[i] = (unsigned char)state;
    }
    return true;
}

static double seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void must(const syncplay_hub *hub, int error)
{
    if (error != SYNCPLAY_OK) {
        fprintf(stderr, "bench: %s: %s\n", syncplay_strerror(error), hub == NULL ? "" : syncplay_hub_why(hub));
        exit(1);
    }
}

static void row(const char *what, double value, const char *unit, const char *goal)
{
    printf("%-58s %10.2f %-6s  %s\n", what, value, unit, goal);
}

static syncplay_hub *new_hub(void)
{
    syncplay_hub_config config;
    syncplay_hub_callbacks callbacks;
    syncplay_hub *hub = NULL;
    syncplay_hub_config_default(&config, sizeof config);
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    config.unix_time = 1795000000 * SECOND;
    callbacks.allocate = counted;
    callbacks.deliver = deliver;
    callbacks.entropy = entropy;
    must(NULL, syncplay_hub_new(&hub, 0, &config, &callbacks, NULL));
    return hub;
}

static syncplay_user member(uint64_t number)
{
    syncplay_user user;
    syncplay_user_default(&user, sizeof user);
    memcpy(user.id.bytes, &number, sizeof number);
    user.name = "Somebody";
    return user;
}

static syncplay_id new_session(syncplay_hub *hub, const syncplay_user *host)
{
    syncplay_content content;
    syncplay_settings settings;
    syncplay_id session;
    syncplay_content_default(&content, sizeof content);
    content.type = "movie";
    content.id.bytes[0] = 1;
    content.title = "Big Buck Bunny";
    syncplay_settings_default(&settings, sizeof settings);
    settings.visibility = SYNCPLAY_PUBLIC;
    must(hub, syncplay_hub_create(hub, 0, host, &content, &settings, &session));
    return session;
}

/* Members `first` to `first + count - 1` connect and join; connection and user have the member's number. */
static syncplay_id party(syncplay_hub *hub, uint64_t first, size_t count)
{
    const syncplay_user host = member(first);
    const syncplay_id session = new_session(hub, &host);
    syncplay_session_info info = {.struct_size = sizeof info};
    must(hub, syncplay_hub_session(hub, 0, &session, &info));
    char code[SYNCPLAY_CODE_SIZE];
    memcpy(code, info.code, sizeof code);
    for (uint64_t number = first; number < first + count; number++) {
        const syncplay_user user = member(number);
        syncplay_command join;
        syncplay_command_default(&join, sizeof join, SYNCPLAY_COMMAND_JOIN);
        join.code = code;
        must(hub, syncplay_hub_connect(hub, 0, number, &user));
        must(hub, syncplay_hub_submit(hub, 0, number, &join));
    }
    return session;
}

static void bench_idle(void)
{
    syncplay_hub *hub = new_hub();
    const double start = seconds();
    const size_t empty = bytes_in_use;
    for (uint64_t i = 0; i < SESSIONS; i++) {
        party(hub, 1 + 4 * i, 4);
    }
    row("making a session with 4 members who join", (seconds() - start) / SESSIONS * 1e6, "us", "");
    row("memory of such a session, chat apart", (double)(bytes_in_use - empty) / SESSIONS, "bytes", "goal: 4096");

    volatile int64_t seen; /* so that the compiler does ask */
    double from = seconds();
    for (int64_t i = 0; i < ROUNDS; i++) {
        must(hub, syncplay_hub_tick(hub, 1 + i / 1000));
    }
    row("tick with nothing due, 100,000 idle sessions", (seconds() - from) / ROUNDS * 1e9, "ns", "goal: 1000");
    from = seconds();
    for (int64_t i = 0; i < ROUNDS; i++) {
        seen = syncplay_hub_deadline(hub);
    }
    (void)seen;
    row("deadline, 100,000 idle sessions", (seconds() - from) / ROUNDS * 1e9, "ns", "goal: 1000");
    from = seconds();
    syncplay_hub_free(hub);
    row("freeing 100,000 sessions", (seconds() - from) * 1e3, "ms", bytes_in_use == 0 ? "nothing left behind" : "LEAKED");
}

static void bench_play(void)
{
    syncplay_hub *hub = new_hub();
    const syncplay_id session = party(hub, 1, 10);
    syncplay_command command;
    for (uint64_t number = 1; number <= 10; number++) {
        syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_READY);
        must(hub, syncplay_hub_submit(hub, 0, number, &command));
    }
    int64_t now = SECOND;
    deliveries = 0;
    double from = seconds();
    for (int i = 0; i < PLAYS; i++) {
        syncplay_command_default(&command, sizeof command, i % 2 == 0 ? SYNCPLAY_COMMAND_PLAY : SYNCPLAY_COMMAND_PAUSE);
        now += SECOND;
        must(hub, syncplay_hub_submit(hub, now, 1 + (uint64_t)i % 10, &command));
    }
    row("play or pause, typed: applied, encoded, to 10 recipients", (seconds() - from) / PLAYS * 1e6, "us", "goal: 10");
    row("  deliveries for each of them", (double)deliveries / PLAYS, "", "10");

    static const char *const lines[] = {"{\"type\":\"play\"}", "{\"type\":\"pause\"}"};
    from = seconds();
    for (int i = 0; i < PLAYS; i++) {
        now += SECOND;
        must(hub, syncplay_hub_receive(hub, now, 1 + (uint64_t)i % 10, lines[i % 2], strlen(lines[i % 2])));
    }
    row("the same from the wire message", (seconds() - from) / PLAYS * 1e6, "us", "goal: 10");

    char buffer[16384];
    size_t length = 0;
    const syncplay_user user = member(1);
    from = seconds();
    for (int i = 0; i < STATES; i++) {
        must(hub, syncplay_hub_state(hub, now, &session, &user.id, buffer, sizeof buffer, &length));
    }
    row("encoding a state of 10 participants", (seconds() - from) / STATES * 1e6, "us", "");
    row("  its length", (double)length, "bytes", "");
    syncplay_hub_free(hub);
}

static void bench_join(void)
{
    syncplay_hub *hub = new_hub();
    party(hub, 1, 9);
    syncplay_id session;
    syncplay_hub_list(hub, &session, 1);
    syncplay_session_info info = {.struct_size = sizeof info};
    must(hub, syncplay_hub_session(hub, 0, &session, &info));
    char message[80];
    const int length = snprintf(message, sizeof message, "{\"type\":\"join\",\"session_code\":\"%s\"}", info.code);
    static const char leave[] = "{\"type\":\"leave\"}";
    const double from = seconds();
    for (uint64_t number = 100; number < 100 + JOINS; number++) {
        const syncplay_user user = member(number);
        must(hub, syncplay_hub_connect(hub, SECOND, number, &user));
        must(hub, syncplay_hub_receive(hub, SECOND, number, message, (size_t)length));
        must(hub, syncplay_hub_receive(hub, SECOND, number, leave, sizeof leave - 1));
        must(hub, syncplay_hub_disconnect(hub, SECOND, number));
    }
    row("connect, join as the tenth, leave, disconnect", (seconds() - from) / JOINS * 1e6, "us", "");
    syncplay_hub_free(hub);
}

int main(void)
{
    bench_idle();
    bench_play();
    bench_join();
    return 0;
}
