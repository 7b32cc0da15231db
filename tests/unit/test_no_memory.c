/*
 * Every allocation of every call fails, once alone and once with all that follow: the error says so, and nothing has changed
 * and nothing was told. What clients of a hub say is tried along all traces (run_traces --oom); here are the calls that no
 * trace makes, and the follower, whose twin has memory all along and must say the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "../memory/edge.h"
#include "../memory/scarce.h"
#include "../memory/witness.h"

#define SECOND INT64_C(1000000)
#define NOW (50 * SECOND)

/* --- A follower and its twin */

enum { SAID = 1 << 16 };

struct pair {
    syncplay_follower *poor, *rich;
    char poor_said[SAID], rich_said[SAID];
    int64_t now;
};

static struct pair pair;

static void note(char *said, const char *bytes, size_t length)
{
    size_t used = strlen(said);
    assert_true(used + length + 2 < SAID);
    memcpy(said + used, bytes, length);
    memcpy(said + used + length, "\n", 2);
}

static void send(void *user_data, const char *bytes, size_t length)
{
    note(user_data, bytes, length);
}

static void shown(void *user_data, const char *type, const char *bytes, size_t length)
{
    note(user_data, type, strlen(type));
    note(user_data, bytes, length);
}

static int64_t answered_at; /* what the ping that is answered was sent at */

/* One call, made to one of the two; SYNCPLAY_OK, or an error. */
typedef int step(syncplay_follower **follower, char *said);

static int make(syncplay_follower **follower, char *said)
{
    syncplay_follower_callbacks callbacks = {.struct_size = sizeof callbacks, .send = send, .message = shown};
    if (said == pair.poor_said)
        callbacks.allocate = scarce_allocate;
    return syncplay_follower_new(follower, pair.now, NULL, &callbacks, said);
}

static int submit(syncplay_follower **follower, syncplay_command_kind kind)
{
    static char text[301], url[1001];
    syncplay_settings settings;
    syncplay_content content;
    syncplay_command command;
    memset(text, '"', sizeof text - 1); /* each is written as two */
    memset(url, 'u', sizeof url - 1);
    syncplay_command_default(&command, sizeof command, kind);
    syncplay_settings_default(&settings, sizeof settings);
    syncplay_content_default(&content, sizeof content);
    content.type = "movie";
    content.id.bytes[15] = command.user.bytes[15] = command.message.bytes[15] = command.invitation_id.bytes[15] = 7;
    content.title = "Film";
    content.url = url;
    command.code = "ABCD2345";
    command.text = kind == SYNCPLAY_COMMAND_REACT ? "\xf0\x9f\x91\x8d" : text;
    command.position = kind == SYNCPLAY_COMMAND_SEEK ? SECOND : SYNCPLAY_UNSET;
    command.speed = SYNCPLAY_SPEED_NORMAL;
    command.settings = &settings;
    command.settings_mask = SYNCPLAY_SETTING_CONTROL;
    command.content = &content;
    command.role_mask = SYNCPLAY_SET_ROLE;
    command.role = SYNCPLAY_ROLE_VIEWER;
    return syncplay_follower_submit(*follower, pair.now, &command);
}

static int receive(syncplay_follower **follower, const char *bytes)
{
    size_t length = strlen(bytes);
    return syncplay_follower_receive(*follower, pair.now, edge_copy(bytes, length), length);
}

static int connected(syncplay_follower **follower, char *said)
{
    (void)said;
    return syncplay_follower_connected(*follower, pair.now);
}

static int disconnected(syncplay_follower **follower, char *said)
{
    (void)said;
    return syncplay_follower_disconnected(*follower, pair.now);
}

static int join(syncplay_follower **follower, char *said)
{
    (void)said;
    return submit(follower, SYNCPLAY_COMMAND_JOIN);
}

static int state(syncplay_follower **follower, char *said)
{
    (void)said;
    return receive(follower, "{\"type\":\"state\",\"is_playing\":true,\"position_ms\":0,\"server_time\":1000,\"at\":1000,"
                             "\"playback_speed\":1,\"phase\":\"playing\",\"revision\":3,\"cursor\":7,"
                             "\"resume_token\":\"abcdefghijklmnopqrstuvwxyz012345\"}");
}

static int pong(syncplay_follower **follower, char *said)
{
    char text[100];
    (void)said;
    snprintf(text, sizeof text, "{\"type\":\"pong\",\"client_timestamp\":%.3f,\"server_timestamp\":%.3f}",
             (double)answered_at / 1000, (double)answered_at / 1000 + 20);
    return receive(follower, text);
}

static int command(syncplay_follower **follower, char *said)
{
    (void)said;
    return receive(follower, "{\"type\":\"command\",\"action\":\"pause\",\"position_ms\":500,\"at\":2000,\"revision\":4,"
                             "\"server_time\":2000,\"is_playing\":false,\"phase\":\"paused\",\"playback_speed\":1}");
}

static int resumed(syncplay_follower **follower, char *said)
{
    (void)said;
    return receive(follower, "{\"type\":\"resumed\",\"cursor\":9,\"server_time\":3000}");
}

static int chat(syncplay_follower **follower, char *said)
{
    (void)said;
    return receive(follower, "{\"type\":\"chat\",\"message\":\"hello\",\"user\":{\"name\":\"Ana\"}}");
}

static int outdated(syncplay_follower **follower, char *said) /* the join is sent again */
{
    (void)said;
    return receive(follower, "{\"type\":\"error\",\"in_reply_to\":\"join\",\"code\":\"bad_resume_token\"}");
}

static int ended(syncplay_follower **follower, char *said)
{
    (void)said;
    return receive(follower, "{\"type\":\"ended\",\"reason\":\"host\"}");
}

static int observe(syncplay_follower **follower, char *said)
{
    syncplay_player_state player;
    (void)said;
    syncplay_player_state_default(&player, sizeof player);
    player.has_film = player.has_sound = player.can_play = player.has_enough = true;
    player.position = SECOND / 2;
    player.buffered = SYNCPLAY_NEVER;
    return syncplay_follower_observe(*follower, pair.now, &player);
}

static int acted(syncplay_follower **follower, char *said)
{
    syncplay_advice advice = {.struct_size = sizeof advice};
    (void)said;
    assert_int_equal(syncplay_follower_advise(*follower, pair.now, &advice), SYNCPLAY_OK);
    return syncplay_follower_acted(*follower, pair.now, &advice);
}

static int playback(syncplay_follower **follower, char *said)
{
    syncplay_playback told;
    (void)said;
    syncplay_playback_default(&told, sizeof told);
    told.revision = 5;
    told.phase = SYNCPLAY_PLAYING;
    told.is_playing = true;
    told.server_time = told.at = 4 * SECOND;
    return syncplay_follower_playback(*follower, pair.now, &told);
}

static int typed_pong(syncplay_follower **follower, char *said)
{
    (void)said;
    return syncplay_follower_pong(*follower, pair.now, answered_at, answered_at + 20000, answered_at + 20000);
}

static int suspend(syncplay_follower **follower, char *said)
{
    (void)said;
    return syncplay_follower_suspend(*follower, pair.now, SYNCPLAY_SUSPENSION_AWAY);
}

static int resume(syncplay_follower **follower, char *said)
{
    (void)said;
    return syncplay_follower_resume(*follower, pair.now, SYNCPLAY_SUSPENSION_AWAY);
}

static int resync(syncplay_follower **follower, char *said)
{
    (void)said;
    return syncplay_follower_resync(*follower, pair.now);
}

static int disturbed(syncplay_follower **follower, char *said)
{
    (void)said;
    return syncplay_follower_disturbed(*follower, pair.now);
}

static int tick(syncplay_follower **follower, char *said)
{
    (void)said;
    return syncplay_follower_tick(*follower, pair.now);
}

/* What the present step submits, if it is `wish`. */
static syncplay_command_kind wished;

static int wish(syncplay_follower **follower, char *said)
{
    (void)said;
    return submit(follower, wished);
}

/* All that can be asked of a follower. */
struct answers {
    syncplay_follower_status status;
    syncplay_advice advice;
    syncplay_player_profile profile;
    int64_t deadline, server_time, local_time;
};

static struct answers ask(const syncplay_follower *follower)
{
    struct answers answers;
    memset(&answers, 0, sizeof answers);
    answers.status.struct_size = sizeof answers.status;
    answers.advice.struct_size = sizeof answers.advice;
    answers.profile.struct_size = sizeof answers.profile;
    if (!follower)
        return answers;
    assert_int_equal(syncplay_follower_status_at(follower, pair.now, &answers.status), SYNCPLAY_OK);
    assert_int_equal(syncplay_follower_advise(follower, pair.now, &answers.advice), SYNCPLAY_OK);
    assert_int_equal(syncplay_follower_profile(follower, &answers.profile), SYNCPLAY_OK);
    answers.deadline = syncplay_follower_deadline(follower);
    answers.server_time = syncplay_follower_server_time(follower, pair.now);
    answers.local_time = syncplay_follower_local_time(follower, 9 * SECOND);
    return answers;
}

/* Whether an allocation failed; then nothing has changed. */
static bool fail_once(step *act, size_t left, bool for_good)
{
    struct answers before = ask(pair.poor);
    size_t said = strlen(pair.poor_said);
    scarce_begin(left, for_good);
    int error = act(&pair.poor, pair.poor_said);
    if (!scarce_end()) {
        if (error)
            fail_msg("%s (submitted last: %d)", syncplay_follower_why(pair.poor), (int)wished);
        return false;
    }
    assert_int_equal(error, SYNCPLAY_ERROR_MEMORY);
    struct answers after = ask(pair.poor);
    assert_memory_equal(&before, &after, sizeof before);
    assert_int_equal(strlen(pair.poor_said), said);
    if (pair.poor)
        assert_string_equal(syncplay_follower_why(pair.poor), "no memory");
    return true;
}

static void both(step *act)
{
    for (size_t left = 0; fail_once(act, left, false); left++)
        if (!fail_once(act, left, true)) /* what the first one made room for stays */
            break;
    assert_int_equal(act(&pair.rich, pair.rich_said), SYNCPLAY_OK);
    struct answers poor = ask(pair.poor), rich = ask(pair.rich);
    assert_memory_equal(&poor, &rich, sizeof poor);
    assert_string_equal(pair.poor_said, pair.rich_said);
    pair.poor_said[0] = pair.rich_said[0] = 0;
    answered_at = pair.now;
    pair.now += SECOND / 10;
}

static void test_follower(void **state_)
{
    static step *const first[] = {make, join, connected, pong, state, pong, observe, acted, command, observe, chat, resumed,
                                  suspend, resume, resync, disturbed, tick, playback, typed_pong, observe, acted};
    static step *const last[] = {disconnected, tick, connected, outdated, state, ended, tick};
    (void)state_;
    memset(&pair, 0, sizeof pair);
    pair.now = NOW;
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        both(first[i]);
    for (int kind = SYNCPLAY_COMMAND_JOIN; kind <= SYNCPLAY_COMMAND_REACT; kind++) {
        wished = (syncplay_command_kind)kind;
        if (wished != SYNCPLAY_COMMAND_PING && wished != SYNCPLAY_COMMAND_LEAVE)
            both(wish);
    }
    for (size_t i = 0; i < sizeof last / sizeof *last; i++)
        both(last[i]);
    wished = SYNCPLAY_COMMAND_LEAVE;
    both(wish);
    syncplay_follower_free(pair.poor);
    syncplay_follower_free(pair.rich);
    assert_int_equal(scarce.blocks, 0);
}

/* --- Calls of a hub that no trace makes */

static syncplay_hub *hub;
static syncplay_id session;
static unsigned told;
static uint64_t random_state;

static bool entropy(void *user_data, void *bytes, size_t length)
{
    (void)user_data;
    for (size_t i = 0; i < length; i++) {
        random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        ((uint8_t *)bytes)[i] = (uint8_t)(random_state >> 56);
    }
    return true;
}

static void event(void *user_data, const syncplay_event *event_)
{
    (void)user_data;
    (void)event_;
    told++;
}

static syncplay_user user_of(unsigned number)
{
    syncplay_user user;
    syncplay_user_default(&user, sizeof user);
    user.id.bytes[0] = 0xab;
    user.id.bytes[15] = (uint8_t)number;
    user.name = "Somebody";
    return user;
}

static void open_hub(void)
{
    syncplay_hub_config config;
    syncplay_hub_callbacks callbacks;
    syncplay_content content;
    syncplay_user ana = user_of(1);
    syncplay_hub_config_default(&config, sizeof config);
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    syncplay_content_default(&content, sizeof content);
    config.chat_history = 20;
    callbacks.event = event;
    callbacks.entropy = entropy;
    callbacks.allocate = scarce_allocate;
    content.type = "movie";
    content.id.bytes[15] = 7;
    random_state = 1;
    assert_int_equal(syncplay_hub_new(&hub, NOW, &config, &callbacks, NULL), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_create(hub, NOW, &ana, &content, NULL, &session), SYNCPLAY_OK);
}

static unsigned said; /* chat messages so far */

static int restore_chat(void)
{
    syncplay_id id = {{0}};
    syncplay_user ben = user_of(2);
    id.bytes[0] = (uint8_t)said;
    id.bytes[15] = 1;
    return syncplay_hub_restore_chat(hub, &session, &id, &ben, "hello", 7 * SECOND);
}

static int invite(void)
{
    syncplay_command wanted;
    syncplay_user ana = user_of(1);
    syncplay_invitation_info info = {.struct_size = sizeof info};
    char token[SYNCPLAY_TOKEN_SIZE];
    syncplay_command_default(&wanted, sizeof wanted, SYNCPLAY_COMMAND_INVITE);
    return syncplay_hub_invite(hub, NOW, &session, &ana, &wanted, &info, token);
}

static int end(void)
{
    return syncplay_hub_end(hub, NOW, &session, SYNCPLAY_REASON_SHUTDOWN);
}

/* How many allocations failed on the way to the call's success. */
static size_t fail_all(int (*act)(void))
{
    size_t left = 0, failures = 0, most = scarce.bytes;
    char *before = witness(hub, NOW, 0);
    for (int error = SYNCPLAY_ERROR_MEMORY; error; failures += error != 0) {
        uint64_t random = random_state;
        told = 0;
        scarce_begin(left, failures & 1);
        error = act();
        assert_int_equal(scarce_end(), error != SYNCPLAY_OK);
        if (!error)
            break;
        assert_int_equal(error, SYNCPLAY_ERROR_MEMORY);
        assert_int_equal(told, 0);
        char *after = witness(hub, NOW, 0);
        assert_string_equal(before, after);
        free(after);
        random_state = random;
        left = scarce.bytes > most ? 0 : left + (failures & 1);
        most = scarce.bytes > most ? scarce.bytes : most;
    }
    free(before);
    return failures;
}

static void test_calls_that_no_trace_makes(void **state_)
{
    size_t failures = 0;
    (void)state_;
    open_hub();
    for (said = 0; said < 25; said++)
        failures += fail_all(restore_chat);
    assert_in_range(failures, 25, 200);
    for (unsigned i = 0; i < 6; i++)
        fail_all(invite);
    fail_all(end);
    assert_int_equal(syncplay_hub_count(hub), 0);
    syncplay_hub_free(hub);
    assert_int_equal(scarce.blocks, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_follower),
        cmocka_unit_test(test_calls_that_no_trace_makes),
    };
    scarce_open();
    return cmocka_run_group_tests_name("no_memory", tests, NULL, NULL);
}
