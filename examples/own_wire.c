/*
 * A follower over a wire of one's own: a server that is not a hub, or speaks something else than lib/PROTOCOL.md. The
 * follower is told with typed calls what the server said (syncplay_follower_playback, _pong), and tells when to ping.
 * What the user wants goes to the server directly. Here that is a few lines in pretended time; its clock is 1000 s
 * ahead, and it is 15 ms away.
 *
 *     cc own_wire.c $(pkg-config --cflags --libs libsyncplay) -o own_wire && ./own_wire
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <syncplay/syncplay.h>

#define MILLISECOND INT64_C(1000)
#define SECOND INT64_C(1000000)
#define AHEAD (1000 * SECOND) /* how much the server's clock is ahead of ours */
#define WAY (15 * MILLISECOND)
#define MAX_WAITING 32        /* pings without an answer */

struct client {
    syncplay_follower *follower;
    int64_t now;
    int64_t waiting[MAX_WAITING]; /* when these pings were sent */
    size_t count;
    int64_t position, since; /* of the player, while it plays */
    bool is_playing;
};

static void must(const struct client *client, int error)
{
    if (error != SYNCPLAY_OK) {
        fprintf(stderr, "%s: %s\n", syncplay_strerror(error), syncplay_follower_why(client->follower));
        exit(1);
    }
}

/*
 * The follower's messages are JSON as PROTOCOL.md has them. Of those only the pings are of use to this server, and of a
 * ping only that it was sent: a real client would send its own kind of ping from here, and write down when.
 */
static void translate(void *user_data, const char *bytes, size_t length)
{
    struct client *client = user_data;
    static const char ping[] = "{\"type\":\"ping\"";
    if (length >= sizeof ping - 1 && memcmp(bytes, ping, sizeof ping - 1) == 0 && client->count < MAX_WAITING) {
        client->waiting[client->count++] = client->now;
    }
}

/* A ping takes WAY there and WAY back; the server read and answered it in between, at one instant of its own clock. */
static void take_pongs(struct client *client)
{
    size_t left = 0;
    for (size_t i = 0; i < client->count; i++) {
        const int64_t sent = client->waiting[i];
        if (sent + 2 * WAY > client->now) {
            client->waiting[left++] = sent;
            continue;
        }
        const int64_t read = sent + WAY + AHEAD;
        must(client, syncplay_follower_pong(client->follower, client->now, sent, read, read));
    }
    client->count = left;
}

/* The server says: from `at` on, by its clock, the film moves from `position`; or it stands there. */
static void hear(struct client *client, uint64_t revision, bool is_playing, int64_t position, int64_t at)
{
    syncplay_playback playback;
    syncplay_playback_default(&playback, sizeof playback);
    playback.revision = revision;
    playback.phase = is_playing ? SYNCPLAY_PLAYING : SYNCPLAY_PAUSED;
    playback.is_playing = is_playing;
    playback.is_state = true;
    playback.position = position;
    playback.server_time = client->now - WAY + AHEAD; /* when it was sent */
    playback.at = at;
    must(client, syncplay_follower_playback(client->follower, client->now, &playback));
}

/* --- The player, and the loop: as in follow.c --------------------------------------------------------------------- */

static int64_t position(const struct client *client)
{
    return client->position + (client->is_playing ? client->now - client->since : 0);
}

static int64_t look_after(struct client *client)
{
    syncplay_player_state state;
    syncplay_player_state_default(&state, sizeof state);
    state.has_film = state.has_sound = state.can_play = state.has_enough = true;
    state.is_paused = !client->is_playing;
    state.position = position(client);
    state.buffered = SYNCPLAY_NEVER;
    state.duration = 600 * SECOND;
    must(client, syncplay_follower_tick(client->follower, client->now));
    must(client, syncplay_follower_observe(client->follower, client->now, &state));
    syncplay_advice advice = {.struct_size = sizeof advice};
    must(client, syncplay_follower_advise(client->follower, client->now, &advice));
    while (advice.at <= client->now) {
        client->position = advice.kind == SYNCPLAY_ADVICE_SEEK ? advice.position : position(client);
        client->since = client->now;
        if (advice.kind == SYNCPLAY_ADVICE_PLAY || advice.kind == SYNCPLAY_ADVICE_PAUSE) {
            client->is_playing = advice.kind == SYNCPLAY_ADVICE_PLAY;
        }
        must(client, syncplay_follower_acted(client->follower, client->now, &advice));
        must(client, syncplay_follower_advise(client->follower, client->now, &advice));
    }
    return advice.at;
}

static void wait_for(struct client *client, int64_t duration)
{
    const int64_t until = client->now + duration;
    while (client->now < until) {
        take_pongs(client);
        int64_t next = look_after(client);
        const int64_t deadline = syncplay_follower_deadline(client->follower);
        next = next < deadline ? next : deadline;
        next = client->count > 0 && client->waiting[0] + 2 * WAY < next ? client->waiting[0] + 2 * WAY : next;
        next = next > client->now ? next : client->now + MILLISECOND;
        client->now = next < until ? next : until;
    }
}

static void tell(const struct client *client)
{
    const int64_t server = syncplay_follower_server_time(client->follower, client->now);
    syncplay_follower_status status = {.struct_size = sizeof status};
    must(client, syncplay_follower_status_at(client->follower, client->now, &status));
    printf("  our %.3f s are the server's %.3f s; the party is at %.3f s, and we are at %.3f s\n",
           (double)client->now / SECOND, (double)server / SECOND, (double)status.position / SECOND,
           (double)position(client) / SECOND);
}

int main(void)
{
    struct client client = {.now = 10 * SECOND};
    syncplay_player_profile profile;
    syncplay_player_profile_default(&profile, sizeof profile, SYNCPLAY_PLAYER_MPV); /* or what was kept the last time */
    syncplay_follower_config config;
    syncplay_follower_config_default(&config, sizeof config);
    config.profile = &profile;
    syncplay_follower_callbacks callbacks;
    syncplay_follower_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.send = translate;
    must(&client, syncplay_follower_new(&client.follower, client.now, &config, &callbacks, &client));
    must(&client, syncplay_follower_connected(client.follower, client.now));

    puts("Everybody stands at 1:00. Pings teach the server's clock.");
    hear(&client, 1, false, 60 * SECOND, 0);
    wait_for(&client, 3 * SECOND);
    tell(&client);

    puts("In two seconds, by the server's clock, it starts.");
    const int64_t at = client.now + AHEAD + 2 * SECOND;
    hear(&client, 2, true, 60 * SECOND, at);
    printf("  that is at %.3f s by ours\n", (double)syncplay_follower_local_time(client.follower, at) / SECOND);
    wait_for(&client, 12 * SECOND);
    tell(&client);

    puts("The machine slept for an hour, and nobody knows what the clock did meanwhile.");
    client.now += 3600 * SECOND;
    must(&client, syncplay_follower_disturbed(client.follower, client.now));
    hear(&client, 3, false, 90 * SECOND, 0);
    wait_for(&client, 3 * SECOND);
    tell(&client);

    must(&client, syncplay_follower_profile(client.follower, &profile));
    const int64_t start = profile.start_latency / MILLISECOND;
    printf("To be kept for the next time: this player starts in %" PRId64 " ms.\n", start);
    syncplay_follower_free(client.follower);
    return 0;
}
