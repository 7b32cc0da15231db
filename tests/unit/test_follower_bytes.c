/*
 * A follower and a server that says anything, at any time, with a player that is anywhere: seeded, under the sanitizers. Each
 * call either succeeds or says why not and changes nothing, and what it sends is what a hub reads.
 */
#include "scene.h"

#include "wire.h"

#define ROUNDS 200000
#define LIVES 200
#define KEPT 40
#define SERVER_AHEAD 1795000000000 /* milliseconds */

static struct scene scene;

static struct {
    char kept[KEPT][LETTER_SIZE]; /* real messages, to be spoilt */
    size_t count;
    unsigned refused, taken, sent, bad_calls, in_step;
} bytes;

static uint64_t below(uint64_t limit)
{
    return party_random(&scene.party) % limit;
}

/* What is sent has to be well formed, whatever came. */
static void check_sent(void *user_data, const char *text, size_t length)
{
    struct wire_message message;
    (void)user_data;
    bytes.sent++;
    int error = wire_read(&message, text, length);
    if (error)
        fail_msg("%.*s: %s", (int)length, text, message.why);
    wire_free(&message);
}

static void keep(struct scene *at)
{
    if (bytes.count < KEPT)
        memcpy(bytes.kept[bytes.count++], at->shown, LETTER_SIZE);
}

/* Messages of all kinds, from a real party. */
static void collect(void)
{
    static const char *const said[] = {"{\"type\":\"play\"}", "{\"type\":\"seek\",\"position_ms\":60000}",
                                       "{\"type\":\"chat\",\"message\":\"\xf0\x9f\x8e\xac \\\"film\\\"\"}",
                                       "{\"type\":\"speed\",\"playback_speed\":1.5}", "{\"type\":\"pause\"}"};
    memset(&scene.config, 0, sizeof scene.config);
    scene_prepare(&scene);
    scene.on_message = keep;
    assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_JOIN), SYNCPLAY_OK);
    scene_connect(&scene);
    scene_run(&scene, SECOND);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        assert_int_equal(party_say(&scene.party, ANA, said[i]), SYNCPLAY_OK);
        scene_run(&scene, SECOND);
    }
    scene_cut(&scene);
    scene_connect(&scene);
    scene_submit(&scene, SYNCPLAY_COMMAND_END); /* an error */
    scene_run(&scene, SECOND);
    assert_int_equal(party_say(&scene.party, ANA, "{\"type\":\"end\"}"), SYNCPLAY_OK);
    scene_run(&scene, SECOND);
    for (size_t i = 0; i < 4; i++)
        snprintf(bytes.kept[bytes.count++ % KEPT], LETTER_SIZE,
                 "{\"type\":\"pong\",\"client_timestamp\":%d,\"server_timestamp\":%d}", (int)i * 100, 1795000000);
    scene_close(&scene);
    assert_true(bytes.count > 10 && bytes.count <= KEPT);
}

/* --- Spoiling */

static const char *const numbers[] = {"0", "-1", "1e308", "-1e-308", "9007199254740992", "9007199254740.992", "1e400",
                                      "9223372036854775807", "0.0005", "1795000055000", "null", "true", "\"x\"", "[]"};

/* Puts another value in the place of one of the numbers. */
static void change_number(char *text)
{
    char copy[LETTER_SIZE];
    size_t length = strlen(text), at = (size_t)below(length + 1);
    at += strcspn(text + at, "0123456789-");
    size_t digits = strspn(text + at, "0123456789-.eE");
    const char *other = numbers[below(sizeof numbers / sizeof *numbers)];
    if (!digits || length - digits + strlen(other) >= sizeof copy)
        return;
    snprintf(copy, sizeof copy, "%.*s%s%s", (int)at, text, other, text + at + digits);
    memcpy(text, copy, sizeof copy);
}

static void change_bytes(char *text)
{
    size_t length = strlen(text);
    for (uint64_t i = below(4) + 1; i > 0 && length > 1; i--) {
        size_t at = (size_t)below(length);
        if (below(3) == 0) {
            memmove(text + at, text + at + 1, length - at);
            length--;
        } else {
            text[at] = below(2) ? "{}[]\",:\\0e-"[below(11)] : (char)(below(255) + 1);
        }
    }
}

/* A time of the server: mostly the right one, so that what comes after it counts. */
static unsigned long long any_time(void)
{
    static const unsigned long long strange[] = {0, 1, 1000, 1795000000000, 9007199254740};
    return below(40) ? (unsigned long long)(scene.party.now / 1000) + SERVER_AHEAD + (unsigned long long)below(50)
                     : strange[below(5)];
}

/* Something like what a server might say, with any numbers in it. */
static void invent(char *text)
{
    static const char *const types[] = {"state", "command", "command", "pong", "pong", "pong", "resumed"};
    static const char *const actions[] = {"play", "pause", "seek", "play"};
    unsigned long long position = (unsigned long long)(below(4) ? below(7200000) : below(9007199254740));
    snprintf(text, LETTER_SIZE,
             "{\"type\":\"%s\",\"action\":\"%s\",\"is_playing\":%s,\"position_ms\":%llu,\"server_time\":%llu,\"at\":%llu,"
             "\"playback_speed\":%llu,\"revision\":%llu,\"client_timestamp\":%lld,\"server_timestamp\":%llu,\"cursor\":%llu}",
             types[below(7)], actions[below(4)], below(4) ? "true" : "false", position, any_time(), any_time(),
             (unsigned long long)below(4) + 1, (unsigned long long)below(9),
             (long long)(scene.party.now / 1000) - (long long)below(60), any_time(), (unsigned long long)below(1000));
}

static void receive(void)
{
    char text[LETTER_SIZE];
    uint64_t choice = below(20);
    if (choice < 14)
        invent(text);
    else
        memcpy(text, bytes.kept[below(bytes.count)], sizeof text);
    if (choice >= 14 && choice < 17)
        change_number(text);
    else if (choice >= 17)
        change_bytes(text);
    syncplay_follower_status before = scene_status(&scene);
    int error = syncplay_follower_receive(scene.follower, scene.party.now, text, strlen(text));
    if (!error) {
        bytes.taken++;
        return;
    }
    bytes.refused++;
    if (error != SYNCPLAY_ERROR_MALFORMED && error != SYNCPLAY_ERROR_FIELD)
        fail_msg("%s: %d", text, error);
    assert_true(syncplay_follower_why(scene.follower)[0]);
    syncplay_follower_status after = scene_status(&scene);
    assert_memory_equal(&after, &before, sizeof after);
}

/* --- The host does anything, too */

static int64_t any_number(int64_t most)
{
    static const int64_t interesting[] = {0, 1, 1000, 1000000, 3600000000, 86400000000, SYNCPLAY_POSITION_MAX};
    int64_t number = below(2) ? interesting[below(7)] : (int64_t)below(UINT64_C(1) << (10 + below(44)));
    return number < most ? number : most;
}

/* A player that plays, more or less where the party is, and is believed. */
static void observe_in_step(void)
{
    syncplay_player_state player;
    syncplay_player_state_default(&player, sizeof player);
    int64_t position = scene_status(&scene).position + (below(2) ? 0 : below(2) ? any_number(SYNCPLAY_POSITION_MAX)
                                                                                : -any_number(SYNCPLAY_POSITION_MAX));
    player.has_film = player.has_sound = player.can_play = true;
    player.is_paused = below(10) == 0;
    player.position = position < 0 ? 0 : position > SYNCPLAY_POSITION_MAX ? SYNCPLAY_POSITION_MAX : position;
    player.buffered = SYNCPLAY_NEVER;
    assert_int_equal(syncplay_follower_observe(scene.follower, scene.party.now, &player), SYNCPLAY_OK);
    bytes.in_step += scene_status(&scene).drift != SYNCPLAY_DRIFT_UNSET;
}

static void observe(void)
{
    syncplay_player_state player;
    syncplay_player_state_default(&player, sizeof player);
    player.has_film = below(8) != 0;
    player.has_sound = below(2);
    player.is_paused = below(2);
    player.is_seeking = below(4) == 0;
    player.can_play = below(4) != 0;
    player.has_enough = below(4) == 0;
    player.is_ended = below(16) == 0;
    player.rate = (int32_t)any_number(100 * SYNCPLAY_RATE_ONE);
    player.position = any_number(SYNCPLAY_POSITION_MAX);
    player.buffered = below(4) ? any_number(SYNCPLAY_POSITION_MAX) : SYNCPLAY_NEVER;
    player.duration = any_number(SYNCPLAY_POSITION_MAX);
    int64_t now = scene.party.now - (below(4) ? 0 : any_number(INT64_MAX));
    assert_int_equal(syncplay_follower_observe(scene.follower, now, &player), SYNCPLAY_OK);
}

static void act(void)
{
    syncplay_advice advice = scene_advice(&scene);
    if (below(4) == 0) {
        advice.kind = (syncplay_advice_kind)below(5);
        advice.position = any_number(SYNCPLAY_POSITION_MAX);
        advice.rate = (int32_t)any_number(100 * SYNCPLAY_RATE_ONE);
    }
    assert_int_equal(syncplay_follower_acted(scene.follower, scene.party.now, &advice), SYNCPLAY_OK);
}

/* Time passes: mostly a little, at times more than a life. */
static void pass(void)
{
    int64_t most = below(4) ? SECOND : below(20) ? 10 * SECOND : SYNCPLAY_POSITION_MAX / 1000;
    int64_t then = scene.party.now + any_number(most), deadline = syncplay_follower_deadline(scene.follower);
    scene.party.now = below(2) && deadline > scene.party.now && deadline < then ? deadline : then;
    assert_int_equal(syncplay_follower_tick(scene.follower, scene.party.now), SYNCPLAY_OK);
}

static int64_t any_time_at_all(void)
{
    return (int64_t)party_random(&scene.party);
}

static void do_something(void)
{
    syncplay_follower *f = scene.follower;
    int64_t now = scene.party.now;
    syncplay_suspension reason = (syncplay_suspension)below(5);
    switch (below(120)) {
    case 0:
        assert_int_equal(syncplay_follower_connected(f, now), SYNCPLAY_OK);
        break;
    case 1:
        assert_int_equal(syncplay_follower_disconnected(f, now), SYNCPLAY_OK);
        break;
    case 2:
        bytes.bad_calls += syncplay_follower_suspend(f, now, reason) != SYNCPLAY_OK;
        break;
    case 3:
    case 4:
    case 8:
    case 9:
        for (int all = 0; all < 5; all++) /* or nothing but suspensions would be tried */
            bytes.bad_calls += syncplay_follower_resume(f, now, (syncplay_suspension)all) != SYNCPLAY_OK;
        break;
    case 5:
        assert_int_equal(below(2) ? syncplay_follower_resync(f, now) : syncplay_follower_disturbed(f, now), SYNCPLAY_OK);
        break;
    case 6:
        bytes.bad_calls += scene_submit(&scene, (syncplay_command_kind)below(30)) != SYNCPLAY_OK;
        break;
    case 7:
        assert_int_equal(syncplay_follower_pong(f, now, any_time_at_all(), any_time_at_all(), any_time_at_all()),
                         SYNCPLAY_OK);
        break;
    default:
        below(2) ? receive() : below(2) ? observe_in_step() : below(3) == 0 ? observe() : below(2) ? act() : pass();
        break;
    }
    syncplay_advice advice = scene_advice(&scene);
    assert_true(advice.position >= 0 && advice.position <= SYNCPLAY_POSITION_MAX && advice.rate >= 0);
    syncplay_follower_status status = scene_status(&scene);
    assert_true(status.position >= 0 && status.position <= SYNCPLAY_POSITION_MAX);
}

static void test_anything_may_come(void **state)
{
    syncplay_follower_callbacks callbacks;
    (void)state;
    collect();
    party_init(&scene.party);
    for (uint64_t life = 0; life < LIVES; life++) {
        syncplay_follower_callbacks_default(&callbacks, sizeof callbacks);
        callbacks.send = check_sent;
        syncplay_follower_config_default(&scene.config, sizeof scene.config);
        scene.config.adopts_player = life % 2;
        syncplay_player_profile profile;
        syncplay_player_profile_default(&profile, sizeof profile, (syncplay_player_kind)(life % 3));
        scene.config.profile = &profile;
        scene.party.random = life;
        scene.party.now = (int64_t)life * 100 * SECOND;
        assert_int_equal(
            syncplay_follower_new(&scene.follower, scene.party.now, &scene.config, &callbacks, &scene), SYNCPLAY_OK);
        assert_int_equal(syncplay_follower_connected(scene.follower, scene.party.now), SYNCPLAY_OK);
        for (int i = 0; i < ROUNDS / LIVES; i++)
            do_something();
        syncplay_follower_free(scene.follower);
    }
    print_message("# %u messages taken, %u refused, %u sent, %u bad calls, %u times in step\n", bytes.taken,
                  bytes.refused, bytes.sent, bytes.bad_calls, bytes.in_step);
    assert_true(bytes.taken > ROUNDS / 10 && bytes.refused > ROUNDS / 40 && bytes.sent > 100 && bytes.in_step > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_anything_may_come)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
