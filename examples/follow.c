/*
 * The client half in one page: a hub and a follower in one process, and a clock that plays the film. No network, no player,
 * no waiting: time is pretended, so that this prints the same story each time.
 *
 *     cc follow.c $(pkg-config --cflags --libs libsyncplay) -o follow && ./follow
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <syncplay/syncplay.h>

#define MILLISECOND INT64_C(1000)
#define SECOND INT64_C(1000000)

enum { BEN = 2, WAY = 20 }; /* the number of Ben's connection; milliseconds from here to the server, and back */

/* A message on its way. */
struct letter {
    int64_t at; /* when it comes */
    bool is_to_server;
    size_t length;
    char bytes[2000];
};

/* A clock that counts the film's time. A real host asks its player instead, and tells it. */
struct player {
    bool is_paused;
    int32_t rate; /* millionths */
    int64_t position, since;
};

struct host {
    syncplay_hub *hub;
    syncplay_follower *follower;
    struct player player;
    struct letter letters[32];
    size_t count;
    int64_t now; /* microseconds; a real host asks its clock */
};

static void must(int error)
{
    if (error != SYNCPLAY_OK) {
        fprintf(stderr, "%s\n", syncplay_strerror(error));
        exit(1);
    }
}

/* --- The network: 20 ms each way */

static void post(struct host *host, bool is_to_server, const char *bytes, size_t length)
{
    struct letter *letter = &host->letters[host->count++];
    if (host->count > sizeof host->letters / sizeof *host->letters || length > sizeof letter->bytes) {
        exit(1);
    }
    letter->at = host->now + WAY * MILLISECOND;
    letter->is_to_server = is_to_server;
    letter->length = length;
    memcpy(letter->bytes, bytes, length);
}

static void hub_delivers(void *user_data, const uint64_t *connections, size_t count, const char *bytes, size_t length)
{
    (void)connections;
    (void)count; /* Ben's is the only one */
    post(user_data, false, bytes, length);
}

static void follower_sends(void *user_data, const char *bytes, size_t length)
{
    post(user_data, true, bytes, length);
}

/* Takes what has come by now; the first letters come first. */
static void take_letters(struct host *host)
{
    while (host->count > 0 && host->letters[0].at <= host->now) {
        const struct letter letter = host->letters[0];
        memmove(host->letters, host->letters + 1, --host->count * sizeof letter);
        if (letter.is_to_server) {
            must(syncplay_hub_receive(host->hub, host->now, BEN, letter.bytes, letter.length));
        } else {
            must(syncplay_follower_receive(host->follower, host->now, letter.bytes, letter.length));
        }
    }
}

/* --- The player */

static int64_t position(const struct host *host)
{
    const struct player *player = &host->player;
    return player->is_paused ? player->position
                             : player->position + (host->now - player->since) * player->rate / SYNCPLAY_RATE_ONE;
}

static void carry_out(struct host *host, const syncplay_advice *advice)
{
    static const char *const names[] = {"nothing", "pause", "seek", "play", "rate"};
    struct player *player = &host->player;
    player->position = advice->kind == SYNCPLAY_ADVICE_SEEK ? advice->position : position(host);
    player->since = host->now;
    if (advice->kind == SYNCPLAY_ADVICE_PLAY || advice->kind == SYNCPLAY_ADVICE_RATE) {
        player->rate = advice->rate;
    }
    if (advice->kind == SYNCPLAY_ADVICE_PLAY || advice->kind == SYNCPLAY_ADVICE_PAUSE) {
        player->is_paused = advice->kind == SYNCPLAY_ADVICE_PAUSE;
    }
    printf("%8.3f  %s at %.3f s, rate %.6f\n", (double)host->now / SECOND, names[advice->kind],
           (double)player->position / SECOND, (double)player->rate / SYNCPLAY_RATE_ONE);
}

/* --- The loop: tick, observe, carry out what is advised for now; then sleep until something is due */

static int64_t look_after(struct host *host)
{
    syncplay_advice advice = {.struct_size = sizeof advice};
    syncplay_player_state state;
    syncplay_player_state_default(&state, sizeof state);
    state.has_film = state.has_sound = state.can_play = true;
    state.is_paused = host->player.is_paused;
    state.rate = host->player.rate;
    state.position = position(host);
    state.buffered = SYNCPLAY_NEVER;
    state.duration = 600 * SECOND;
    must(syncplay_follower_tick(host->follower, host->now));
    must(syncplay_follower_observe(host->follower, host->now, &state));
    must(syncplay_follower_advise(host->follower, host->now, &advice));
    while (advice.at <= host->now) {
        carry_out(host, &advice);
        must(syncplay_follower_acted(host->follower, host->now, &advice));
        must(syncplay_follower_advise(host->follower, host->now, &advice));
    }
    return advice.at;
}

static int64_t earlier(int64_t one, int64_t other)
{
    return one < other ? one : other;
}

static void wait_for(struct host *host, int64_t duration)
{
    const int64_t until = host->now + duration;
    while (host->now < until) {
        take_letters(host);
        must(syncplay_hub_tick(host->hub, host->now));
        int64_t next = look_after(host);
        next = earlier(next, syncplay_follower_deadline(host->follower));
        next = earlier(next, syncplay_hub_deadline(host->hub));
        next = earlier(next, host->count > 0 ? host->letters[0].at : until);
        host->now = earlier(next > host->now ? next : host->now + MILLISECOND, until);
    }
}

static void tell_how_it_is(struct host *host)
{
    static const char *const modes[] = {"idle", "standing", "meeting", "starting", "playing", "suspended", "over"};
    syncplay_follower_status status = {.struct_size = sizeof status};
    must(syncplay_follower_status_at(host->follower, host->now, &status));
    printf("%8.3f  %s; the party is at %.3f s, we are at %.3f s; the clock is right to %.1f ms\n",
           (double)host->now / SECOND, modes[status.mode], (double)status.position / SECOND,
           (double)position(host) / SECOND, (double)status.clock_error / MILLISECOND);
}

static void wish(struct host *host, syncplay_command_kind kind, int64_t where)
{
    syncplay_command command;
    syncplay_command_default(&command, sizeof command, kind);
    command.position = where;
    must(syncplay_follower_submit(host->follower, host->now, &command));
}

/* The server's side: a hub with Ben's party in it; see loopback.c. */
static void open_party(struct host *host, char code[SYNCPLAY_CODE_SIZE])
{
    syncplay_hub_callbacks callbacks;
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.deliver = hub_delivers;
    syncplay_hub_config config;
    syncplay_hub_config_default(&config, sizeof config);
    config.unix_time = 1795000000 * SECOND;
    must(syncplay_hub_new(&host->hub, host->now, &config, &callbacks, host));
    const syncplay_user ben = {.struct_size = sizeof ben, .id = {{2}}, .name = "Ben"};
    const syncplay_content film = {.struct_size = sizeof film, .type = "movie", .id = {{7}}, .title = "Big Buck Bunny"};
    syncplay_session_info info = {.struct_size = sizeof info};
    syncplay_id session;
    must(syncplay_hub_create(host->hub, host->now, &ben, &film, NULL, &session));
    must(syncplay_hub_session(host->hub, host->now, &session, &info));
    must(syncplay_hub_connect(host->hub, host->now, BEN, &ben));
    memcpy(code, info.code, SYNCPLAY_CODE_SIZE);
}

int main(void)
{
    struct host host = {.player = {.is_paused = true, .rate = SYNCPLAY_RATE_ONE}};
    char code[SYNCPLAY_CODE_SIZE];
    open_party(&host, code);

    /* A follower, which knows what kind of player this is: one that starts, seeks and obeys at once. */
    syncplay_player_profile profile = {.struct_size = sizeof profile};
    syncplay_follower_config config;
    syncplay_follower_config_default(&config, sizeof config);
    config.profile = &profile;
    syncplay_follower_callbacks callbacks;
    syncplay_follower_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.send = follower_sends;
    must(syncplay_follower_new(&host.follower, host.now, &config, &callbacks, &host));

    puts("-- It joins, and stands where the party stands.");
    syncplay_command join;
    syncplay_command_default(&join, sizeof join, SYNCPLAY_COMMAND_JOIN);
    join.code = code;
    must(syncplay_follower_submit(host.follower, host.now, &join));
    must(syncplay_follower_connected(host.follower, host.now));
    wait_for(&host, 3 * SECOND);
    tell_how_it_is(&host);

    puts("-- Play: everyone starts at the same instant, which the server has named.");
    wish(&host, SYNCPLAY_COMMAND_PLAY, SYNCPLAY_UNSET);
    wait_for(&host, 5 * SECOND);
    tell_how_it_is(&host);

    puts("-- Something held the player up for 60 ms: it runs after the party.");
    host.player.position -= 60 * MILLISECOND;
    wait_for(&host, 10 * SECOND);
    tell_how_it_is(&host);

    puts("-- A seek: everyone meets there.");
    wish(&host, SYNCPLAY_COMMAND_SEEK, 300 * SECOND);
    wait_for(&host, 5 * SECOND);
    tell_how_it_is(&host);

    puts("-- Pause: everyone stands at the same place.");
    wish(&host, SYNCPLAY_COMMAND_PAUSE, SYNCPLAY_UNSET);
    wait_for(&host, 2 * SECOND);
    tell_how_it_is(&host);

    syncplay_follower_free(host.follower);
    syncplay_hub_free(host.hub);
    return 0;
}
