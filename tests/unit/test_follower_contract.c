/* What the calls of a follower promise when they are used wrongly, at their limits, and without memory. */
#include "scene.h"

static struct scene scene;
enum { KEPT_TOKEN = 256 }; /* bytes: one more than are kept */

static void begin(void)
{
    memset(&scene.config, 0, sizeof scene.config);
    scene_open(&scene);
    scene.said_types[0] = scene.sent[0] = 0;
}

static int receive(const char *bytes)
{
    return syncplay_follower_receive(scene.follower, scene.party.now, bytes, strlen(bytes));
}

/* All that can be asked of a follower. */
struct answers {
    syncplay_follower_status status;
    syncplay_advice advice;
    syncplay_player_profile profile;
    int64_t deadline;
};

static struct answers ask(void)
{
    struct answers answers;
    memset(&answers, 0, sizeof answers);
    answers.status = scene_status(&scene);
    answers.advice = scene_advice(&scene);
    answers.profile.struct_size = sizeof answers.profile;
    assert_int_equal(syncplay_follower_profile(scene.follower, &answers.profile), SYNCPLAY_OK);
    answers.deadline = syncplay_follower_deadline(scene.follower);
    return answers;
}

static void nothing_changed(const struct answers *before)
{
    struct answers after = ask();
    assert_memory_equal(&after.status, &before->status, sizeof after.status);
    assert_memory_equal(&after.advice, &before->advice, sizeof after.advice);
    assert_memory_equal(&after.profile, &before->profile, sizeof after.profile);
    assert_true(after.deadline == before->deadline);
    assert_string_equal(scene.said_types, "");
}

static void test_making_one(void **state)
{
    syncplay_follower *follower = NULL;
    syncplay_follower_callbacks callbacks = {.struct_size = sizeof callbacks, .send = scene_send};
    syncplay_follower_callbacks mute = {.struct_size = sizeof mute};
    syncplay_follower_config config;
    (void)state;
    assert_int_equal(syncplay_follower_new(NULL, 0, NULL, &callbacks, NULL), SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_follower_new(&follower, 0, NULL, NULL, NULL), SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_follower_new(&follower, 0, NULL, &mute, NULL), SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_follower_new(&follower, INT64_MAX, NULL, &callbacks, NULL), SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_follower_new(&follower, INT64_MIN, NULL, &callbacks, NULL), SYNCPLAY_ERROR_ARGUMENT);
#define REFUSED(field, value)                                                                                          \
    do {                                                                                                               \
        syncplay_follower_config_default(&config, sizeof config);                                                      \
        config.field = (value);                                                                                        \
        assert_int_equal(syncplay_follower_new(&follower, 0, &config, &callbacks, NULL), SYNCPLAY_ERROR_ARGUMENT);     \
        assert_null(follower);                                                                                         \
    } while (0)
    REFUSED(ready_threshold, 0);
    REFUSED(ready_threshold, INT64_MAX);
    REFUSED(max_message_bytes, 63);
    REFUSED(max_message_bytes, (1u << 24) + 1);
#undef REFUSED
    assert_int_equal(syncplay_follower_new(&follower, 0, NULL, &callbacks, NULL), SYNCPLAY_OK);
    assert_string_equal(syncplay_follower_why(follower), "");
    assert_true(syncplay_follower_deadline(follower) == SYNCPLAY_NEVER);
    assert_true(syncplay_follower_server_time(follower, 5) == 0);
    assert_true(syncplay_follower_local_time(follower, 5) == SYNCPLAY_NEVER);
    syncplay_follower_free(follower);
    syncplay_follower_free(NULL);
}

/* What was learned is bounded, wherever the host kept it. */
static void test_a_strange_profile(void **state)
{
    syncplay_player_profile profile, is = {.struct_size = sizeof is};
    (void)state;
    memset(&profile, 0xff, sizeof profile);
    profile.struct_size = sizeof profile;
    profile.keeps_pitch = true;
    profile.seek_cost = INT64_MAX;
    profile.nudge_loss = INT64_MIN;
    syncplay_follower_config_default(&scene.config, sizeof scene.config);
    scene.config.profile = &profile;
    scene_prepare(&scene);
    assert_int_equal(syncplay_follower_profile(scene.follower, &is), SYNCPLAY_OK);
    assert_true(is.start_latency == 0 && is.seek_cost == 30 * SECOND && is.nudge_loss == -SECOND && is.keeps_pitch);
    scene_close(&scene);
}

static void test_nothing_to_work_on(void **state)
{
    (void)state;
    begin();
    syncplay_follower *f = scene.follower;
    int64_t now = scene.party.now;
    struct answers before = ask();
    assert_int_equal(syncplay_follower_connected(NULL, now), SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_follower_disconnected(NULL, now), SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_follower_receive(NULL, now, "{}", 2), SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_follower_receive(f, now, NULL, 2), SYNCPLAY_ERROR_ARGUMENT);
    assert_string_equal(syncplay_follower_why(f), "bytes are missing");
    assert_int_equal(syncplay_follower_playback(f, now, NULL), SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_follower_submit(f, now, NULL), SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_follower_observe(f, now, NULL), SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_follower_acted(f, now, NULL), SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_follower_advise(f, now, NULL), SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_follower_status_at(f, now, NULL), SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_follower_profile(f, NULL), SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_follower_tick(f, INT64_MAX), SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_follower_suspend(f, now, (syncplay_suspension)5), SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_follower_resume(f, now, (syncplay_suspension)-1), SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_follower_resume(f, now, SYNCPLAY_SUSPENSION_AWAY), SYNCPLAY_ERROR_NOT_FOUND);
    assert_string_equal(syncplay_follower_why(f), "there is no suspension of this reason");
    nothing_changed(&before);
    assert_int_equal(syncplay_follower_tick(f, now), SYNCPLAY_OK);
    assert_string_equal(syncplay_follower_why(f), "");
    assert_string_equal(syncplay_follower_why(NULL), "");
    scene_close(&scene);
}

static void test_suspensions_have_a_limit(void **state)
{
    (void)state;
    begin();
    for (int i = 0; i < 1000; i++)
        assert_int_equal(syncplay_follower_suspend(scene.follower, 0, SYNCPLAY_SUSPENSION_SCRUBBING), SYNCPLAY_OK);
    assert_int_equal(syncplay_follower_suspend(scene.follower, 0, SYNCPLAY_SUSPENSION_SCRUBBING), SYNCPLAY_ERROR_LIMIT);
    assert_non_null(strstr(syncplay_follower_why(scene.follower), "1000"));
    scene_close(&scene);
}

static void test_bad_messages(void **state)
{
    static const struct {
        const char *bytes, *why;
        int error;
    } cases[] = {
        {"", "malformed message", SYNCPLAY_ERROR_MALFORMED},
        {"{", "malformed message", SYNCPLAY_ERROR_MALFORMED},
        {"[]", "object", SYNCPLAY_ERROR_MALFORMED},
        {"{\"type\":\"ended\"}x", "malformed message", SYNCPLAY_ERROR_MALFORMED},
        {"{\"type\":\"ended\",\"x\":[[[[[[[[1]]]]]]]]}", "nested too deeply", SYNCPLAY_ERROR_MALFORMED},
        {"{\"type\":\"ended\",\"reason\":\"\xff\"}", "UTF-8", SYNCPLAY_ERROR_MALFORMED},
        {"{}", "type must be", SYNCPLAY_ERROR_FIELD},
        {"{\"type\":7}", "type must be", SYNCPLAY_ERROR_FIELD},
        {"{\"type\":\"ended\",\"reason\":1}", "reason must be", SYNCPLAY_ERROR_FIELD},
        {"{\"type\":\"ended\",\"cursor\":-1}", "cursor must be", SYNCPLAY_ERROR_FIELD},
        {"{\"type\":\"chat\",\"cursor\":1.5}", "cursor must be", SYNCPLAY_ERROR_FIELD},
        {"{\"type\":\"error\",\"code\":{}}", "code must be", SYNCPLAY_ERROR_FIELD},
        {"{\"type\":\"error\",\"in_reply_to\":[]}", "in_reply_to must be", SYNCPLAY_ERROR_FIELD},
        {"{\"type\":\"pong\",\"server_timestamp\":1}", "client_timestamp must be", SYNCPLAY_ERROR_FIELD},
        {"{\"type\":\"pong\",\"client_timestamp\":1e300,\"server_timestamp\":1}", "client_timestamp", SYNCPLAY_ERROR_FIELD},
        {"{\"type\":\"pong\",\"client_timestamp\":1}", "server_timestamp must be", SYNCPLAY_ERROR_FIELD},
        {"{\"type\":\"pong\",\"client_timestamp\":1,\"server_timestamp\":-1}", "server_timestamp", SYNCPLAY_ERROR_FIELD},
        {"{\"type\":\"resumed\",\"server_time\":\"now\"}", "server_time must be", SYNCPLAY_ERROR_FIELD},
        {"{\"type\":\"resumed\",\"resume_token\":1}", "resume_token must be", SYNCPLAY_ERROR_FIELD},
#define STATE(fields) "{\"type\":\"state\"," fields "}"
        {STATE("\"position_ms\":0,\"server_time\":1"), "is_playing must be", SYNCPLAY_ERROR_FIELD},
        {STATE("\"is_playing\":1,\"position_ms\":0,\"server_time\":1"), "is_playing must be", SYNCPLAY_ERROR_FIELD},
        {STATE("\"is_playing\":true,\"server_time\":1"), "position_ms must be", SYNCPLAY_ERROR_FIELD},
        {STATE("\"is_playing\":true,\"position_ms\":-1,\"server_time\":1"), "position_ms must be", SYNCPLAY_ERROR_FIELD},
        {STATE("\"is_playing\":true,\"position_ms\":1e16,\"server_time\":1"), "position_ms", SYNCPLAY_ERROR_FIELD},
        {STATE("\"is_playing\":true,\"position_ms\":0"), "server_time must be", SYNCPLAY_ERROR_FIELD},
        {STATE("\"is_playing\":true,\"position_ms\":0,\"server_time\":1e16"), "server_time", SYNCPLAY_ERROR_FIELD},
        {STATE("\"is_playing\":true,\"position_ms\":0,\"server_time\":1,\"at\":true"), "at must", SYNCPLAY_ERROR_FIELD},
        {STATE("\"is_playing\":true,\"position_ms\":0,\"server_time\":1,\"revision\":-1"), "revision", SYNCPLAY_ERROR_FIELD},
        {STATE("\"is_playing\":true,\"position_ms\":0,\"server_time\":1,\"phase\":1"), "phase", SYNCPLAY_ERROR_FIELD},
        {STATE("\"is_playing\":true,\"position_ms\":0,\"server_time\":1,\"playback_speed\":0"), "0.25", SYNCPLAY_ERROR_FIELD},
        {STATE("\"is_playing\":true,\"position_ms\":0,\"server_time\":1,\"playback_speed\":5"), "0.25", SYNCPLAY_ERROR_FIELD},
        {STATE("\"is_playing\":true,\"position_ms\":0,\"server_time\":1,\"resume_token\":5"), "token", SYNCPLAY_ERROR_FIELD},
#undef STATE
        {"{\"type\":\"command\",\"position_ms\":0}", "action must be", SYNCPLAY_ERROR_FIELD},
        {"{\"type\":\"command\",\"action\":\"dance\",\"position_ms\":0}", "action must be", SYNCPLAY_ERROR_FIELD},
        {"{\"type\":\"command\",\"action\":1,\"position_ms\":0}", "action must be text", SYNCPLAY_ERROR_FIELD},
        {"{\"type\":\"command\",\"action\":\"play\"}", "position_ms must be", SYNCPLAY_ERROR_FIELD},
    };
    (void)state;
    begin();
    scene.shown_types[0] = 0;
    struct answers before = ask();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int error = receive(cases[i].bytes);
        if (error != cases[i].error || !strstr(syncplay_follower_why(scene.follower), cases[i].why))
            fail_msg("%s: %d, %s", cases[i].bytes, error, syncplay_follower_why(scene.follower));
        nothing_changed(&before);
        assert_string_equal(scene.shown_types, "");
    }
    assert_int_equal(receive("{\"type\":\"weather\",\"cursor\":null}"), SYNCPLAY_OK); /* not for us, but for the host */
    assert_string_equal(scene.shown_types, "weather ");
    assert_int_equal(receive("{\"type\":\"state\",\"is_playing\":false,\"position_ms\":0,\"server_time\":1795000055000,"
                             "\"phase\":\"dreaming\"}"),
                     SYNCPLAY_OK); /* of a later version */
    scene_close(&scene);
}

static void test_a_message_that_is_too_large(void **state)
{
    char bytes[200];
    (void)state;
    syncplay_follower_config_default(&scene.config, sizeof scene.config);
    scene.config.max_message_bytes = 100;
    scene_prepare(&scene);
    memset(bytes, ' ', sizeof bytes);
    memcpy(bytes, "{\"type\":\"x\"}", 12);
    assert_int_equal(syncplay_follower_receive(scene.follower, 0, bytes, 101), SYNCPLAY_ERROR_TOO_LARGE);
    assert_non_null(strstr(syncplay_follower_why(scene.follower), "100"));
    assert_int_equal(syncplay_follower_receive(scene.follower, 0, bytes, 100), SYNCPLAY_OK);
    scene_close(&scene);
}

static void test_bad_typed_values(void **state)
{
    syncplay_playback playback;
    syncplay_player_state player;
    syncplay_advice advice;
    (void)state;
    begin();
    struct answers before = ask();
#define REFUSED(call, object, defaults, field, value)                                                                  \
    do {                                                                                                               \
        defaults;                                                                                                      \
        object.field = (value);                                                                                        \
        assert_int_equal(call(scene.follower, scene.party.now, &object), SYNCPLAY_ERROR_FIELD);                        \
        assert_non_null(strstr(syncplay_follower_why(scene.follower), #field));                                        \
        nothing_changed(&before);                                                                                      \
    } while (0)
#define PLAYBACK(field, value)                                                                                         \
    REFUSED(syncplay_follower_playback, playback, syncplay_playback_default(&playback, sizeof playback), field, value)
    PLAYBACK(revision, UINT64_MAX);
    PLAYBACK(phase, (syncplay_phase)4);
    PLAYBACK(is_playing, true); /* in the phase idle */
    PLAYBACK(position, -1);
    PLAYBACK(position, SYNCPLAY_POSITION_MAX + 1);
    PLAYBACK(server_time, -1);
    PLAYBACK(server_time, INT64_MAX);
    PLAYBACK(at, INT64_MIN);
    PLAYBACK(at, INT64_MAX);
    PLAYBACK(speed, 24);
    PLAYBACK(speed, 401);
#define PLAYER(field, value)                                                                                           \
    REFUSED(syncplay_follower_observe, player, syncplay_player_state_default(&player, sizeof player), field, value)
    PLAYER(rate, -1);
    PLAYER(rate, INT32_MAX);
    PLAYER(position, -1);
    PLAYER(position, INT64_MAX);
    PLAYER(buffered, -1);
    PLAYER(buffered, SYNCPLAY_NEVER - 1);
    PLAYER(duration, -1);
    PLAYER(duration, INT64_MAX);
#define ADVICE(field, value) REFUSED(syncplay_follower_acted, advice, advice = scene_advice(&scene), field, value)
    ADVICE(kind, (syncplay_advice_kind)5);
    ADVICE(position, -1);
    ADVICE(position, INT64_MAX);
    ADVICE(rate, -1);
    ADVICE(rate, INT32_MAX);
#undef REFUSED
#undef PLAYBACK
#undef PLAYER
#undef ADVICE
    scene_close(&scene);
}

static char long_text[400001];

static const char *of_length(size_t length)
{
    memset(long_text, 'x', length);
    long_text[length] = 0;
    return long_text;
}

static void test_bad_commands(void **state)
{
    syncplay_command command;
    syncplay_settings settings;
    (void)state;
    begin();
    struct answers before = ask();
    syncplay_settings_default(&settings, sizeof settings);
#define REFUSED(kind, field, value, expected, reason)                                                                  \
    do {                                                                                                               \
        syncplay_command_default(&command, sizeof command, kind);                                                      \
        command.field = (value);                                                                                       \
        assert_int_equal(syncplay_follower_submit(scene.follower, scene.party.now, &command), expected);               \
        if (!strstr(syncplay_follower_why(scene.follower), reason))                                                    \
            fail_msg("%s", syncplay_follower_why(scene.follower));                                                     \
        nothing_changed(&before);                                                                                      \
    } while (0)
    REFUSED(SYNCPLAY_COMMAND_NONE, position, 0, SYNCPLAY_ERROR_ARGUMENT, "kind");
    REFUSED((syncplay_command_kind)28, position, 0, SYNCPLAY_ERROR_ARGUMENT, "kind");
    REFUSED((syncplay_command_kind)-1, position, 0, SYNCPLAY_ERROR_ARGUMENT, "kind");
    REFUSED(SYNCPLAY_COMMAND_PING, client_time, 1, SYNCPLAY_ERROR_ARGUMENT, "ping");
    REFUSED(SYNCPLAY_COMMAND_SEEK, position, SYNCPLAY_UNSET, SYNCPLAY_ERROR_FIELD, "position_ms");
    REFUSED(SYNCPLAY_COMMAND_PLAY, position, -2, SYNCPLAY_ERROR_FIELD, "position_ms");
    REFUSED(SYNCPLAY_COMMAND_PLAY, revision, -2, SYNCPLAY_ERROR_FIELD, "revision");
    REFUSED(SYNCPLAY_COMMAND_PLAY, revision, (INT64_C(1) << 53) + 1, SYNCPLAY_ERROR_FIELD, "revision");
    REFUSED(SYNCPLAY_COMMAND_PLAY, client_id, "", SYNCPLAY_ERROR_FIELD, "command_id");
    REFUSED(SYNCPLAY_COMMAND_PLAY, client_id, of_length(65), SYNCPLAY_ERROR_FIELD, "command_id");
    REFUSED(SYNCPLAY_COMMAND_SPEED, speed, 401, SYNCPLAY_ERROR_FIELD, "playback_speed");
    REFUSED(SYNCPLAY_COMMAND_READY, buffered, INT64_MAX, SYNCPLAY_ERROR_FIELD, "buffered_ms");
    REFUSED(SYNCPLAY_COMMAND_CHAT, text, NULL, SYNCPLAY_ERROR_FIELD, "message");
    REFUSED(SYNCPLAY_COMMAND_CHAT, text, "", SYNCPLAY_ERROR_FIELD, "message");
    REFUSED(SYNCPLAY_COMMAND_CHAT, text, "\xff", SYNCPLAY_ERROR_FIELD, "message");
    REFUSED(SYNCPLAY_COMMAND_CHAT, text, of_length(100001), SYNCPLAY_ERROR_FIELD, "100000");
    REFUSED(SYNCPLAY_COMMAND_REACT, text, NULL, SYNCPLAY_ERROR_FIELD, "reaction");
    REFUSED(SYNCPLAY_COMMAND_REACT, text, "word", SYNCPLAY_ERROR_FIELD, "reaction");
    REFUSED(SYNCPLAY_COMMAND_REACT, text, of_length(65), SYNCPLAY_ERROR_FIELD, "64");
    REFUSED(SYNCPLAY_COMMAND_JOIN, code, NULL, SYNCPLAY_ERROR_FIELD, "session_code");
    REFUSED(SYNCPLAY_COMMAND_JOIN, code, of_length(33), SYNCPLAY_ERROR_FIELD, "session_code");
    REFUSED(SYNCPLAY_COMMAND_SETTINGS, settings, NULL, SYNCPLAY_ERROR_ARGUMENT, "settings");
    REFUSED(SYNCPLAY_COMMAND_SETTINGS, settings, &settings, SYNCPLAY_ERROR_FIELD, "settings_mask");
    REFUSED(SYNCPLAY_COMMAND_CONTENT, content, NULL, SYNCPLAY_ERROR_ARGUMENT, "content");
    for (int kind = SYNCPLAY_COMMAND_ADMIT; kind <= SYNCPLAY_COMMAND_HOST; kind++)
        REFUSED((syncplay_command_kind)kind, position, 0, SYNCPLAY_ERROR_FIELD, "user_id");
    REFUSED(SYNCPLAY_COMMAND_ROLE, role_mask, SYNCPLAY_SET_DENY, SYNCPLAY_ERROR_FIELD, "user_id");
    REFUSED(SYNCPLAY_COMMAND_ROLE, role_mask, 0, SYNCPLAY_ERROR_FIELD, "role");
    REFUSED(SYNCPLAY_COMMAND_DELETE, position, 0, SYNCPLAY_ERROR_FIELD, "id must be");
    REFUSED(SYNCPLAY_COMMAND_REVOKE, position, 0, SYNCPLAY_ERROR_FIELD, "invitation_id");
    REFUSED(SYNCPLAY_COMMAND_INVITE, uses, 1000001, SYNCPLAY_ERROR_FIELD, "uses");
#undef REFUSED
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_SETTINGS);
    command.settings = &settings; /* 0 stands for the hub's own, which has no number on the wire */
    command.settings_mask = SYNCPLAY_SETTING_MAX_PARTICIPANTS;
    assert_int_equal(syncplay_follower_submit(scene.follower, 0, &command), SYNCPLAY_ERROR_FIELD);
    command.settings_mask = SYNCPLAY_SETTING_CHAT_ENABLED | 1u << 31;
    assert_int_equal(syncplay_follower_submit(scene.follower, 0, &command), SYNCPLAY_ERROR_FIELD);
    assert_non_null(strstr(syncplay_follower_why(scene.follower), "settings_mask"));
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_JOIN);
    command.code = "ABCD";
    command.invitation = "";
    assert_int_equal(syncplay_follower_submit(scene.follower, 0, &command), SYNCPLAY_ERROR_FIELD);
    command.invitation = of_length(256);
    assert_int_equal(syncplay_follower_submit(scene.follower, 0, &command), SYNCPLAY_ERROR_FIELD);
    command.invitation = NULL;
    command.resume_token = of_length(256);
    assert_int_equal(syncplay_follower_submit(scene.follower, 0, &command), SYNCPLAY_ERROR_FIELD);
    command.resume_token = NULL;
    command.cursor = (UINT64_C(1) << 53) + 1;
    assert_int_equal(syncplay_follower_submit(scene.follower, 0, &command), SYNCPLAY_ERROR_FIELD);
    nothing_changed(&before);
    scene_close(&scene);
}

/* Tokens are counted in bytes, for that is what they are kept in. */
static void test_tokens_of_long_characters(void **state)
{
    static char token[KEPT_TOKEN + 3];
    (void)state;
    begin();
    struct answers before = ask();
    for (size_t i = 0; i < KEPT_TOKEN; i += 2)
        memcpy(token + i, "\xc3\xa4", 3); /* fewer characters than 255, and one byte more */
    for (int is_invitation = 0; is_invitation < 2; is_invitation++) {
        syncplay_command command;
        syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_JOIN);
        command.code = "ABCD";
        command.invitation = is_invitation ? token : NULL;
        command.resume_token = is_invitation ? NULL : token;
        assert_int_equal(syncplay_follower_submit(scene.follower, 0, &command), SYNCPLAY_ERROR_FIELD);
        assert_non_null(strstr(syncplay_follower_why(scene.follower), is_invitation ? "invitation" : "resume_token"));
        nothing_changed(&before);
    }
    scene_close(&scene);
}

static void test_as_many_participants_as_wanted(void **state)
{
    syncplay_settings settings;
    syncplay_command command;
    syncplay_session_info info = {.struct_size = sizeof info};
    (void)state;
    begin();
    assert_int_equal(party_say(&scene.party, ANA, "{\"type\":\"host\",\"user_id\":\"ab000000-0000-0000-0000-000000000002\"}"),
                     SYNCPLAY_OK);
    syncplay_settings_default(&settings, sizeof settings);
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_SETTINGS);
    settings.max_participants = 5;
    command.settings = &settings;
    command.settings_mask = SYNCPLAY_SETTING_MAX_PARTICIPANTS;
    assert_int_equal(syncplay_follower_submit(scene.follower, scene.party.now, &command), SYNCPLAY_OK);
    scene_run(&scene, 2 * WAY);
    assert_int_equal(syncplay_hub_session(scene.party.hub, scene.party.now, &scene.party.session, &info), SYNCPLAY_OK);
    assert_int_equal(info.settings->max_participants, 5);
    scene_close(&scene);
}

/* What a hub may forbid is not ours to forbid. */
static void test_chat_may_be_switched_on(void **state)
{
    syncplay_settings settings;
    syncplay_command command;
    (void)state;
    begin();
    syncplay_settings_default(&settings, sizeof settings);
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_SETTINGS);
    settings.chat_enabled = true;
    command.settings = &settings;
    command.settings_mask = SYNCPLAY_SETTING_CHAT_ENABLED;
    assert_int_equal(syncplay_follower_submit(scene.follower, scene.party.now, &command), SYNCPLAY_OK);
    assert_string_equal(scene.said_types, "settings ");
    scene_close(&scene);
}

static void test_without_a_connection(void **state)
{
    (void)state;
    memset(&scene.config, 0, sizeof scene.config);
    scene_prepare(&scene);
    assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_PLAY), SYNCPLAY_ERROR_NOT_JOINED);
    assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_JOIN), SYNCPLAY_OK);
    assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_LEAVE), SYNCPLAY_OK);
    scene_connect(&scene);
    assert_string_equal(scene.said_types, "");
    assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_JOIN), SYNCPLAY_OK); /* sent at once */
    assert_string_equal(scene.said_types, "join ");
    scene_close(&scene);
}

/* A leave whose answer was lost with the connection is no excuse for a later one from elsewhere. */
static void test_a_leave_from_elsewhere(void **state)
{
    (void)state;
    begin();
    assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_LEAVE), SYNCPLAY_OK);
    scene_cut(&scene);
    assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_JOIN), SYNCPLAY_OK);
    scene_connect(&scene);
    assert_int_equal(receive("{\"type\":\"ended\",\"reason\":\"left\",\"message\":\"you left\"}"), SYNCPLAY_OK);
    scene_cut(&scene);
    scene.said_types[0] = 0;
    scene_connect(&scene);
    assert_string_equal(scene.said_types, "");
    scene_close(&scene);
}

/* No more than a thousand leaves are waited for: what answers another one is news. */
static void test_leaves_that_nobody_answers(void **state)
{
    (void)state;
    for (int answers = 1000; answers <= 1001; answers++) {
        begin();
        scene.is_cut = true; /* what is said does not arrive */
        for (int i = 0; i < 1001; i++)
            assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_LEAVE), SYNCPLAY_OK);
        assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_JOIN), SYNCPLAY_OK);
        for (int i = 0; i < answers; i++)
            assert_int_equal(receive("{\"type\":\"ended\",\"reason\":\"left\"}"), SYNCPLAY_OK);
        scene_cut(&scene);
        scene.said_types[0] = 0;
        scene_connect(&scene);
        assert_string_equal(scene.said_types, answers == 1000 ? "join " : "");
        scene_close(&scene);
    }
}

static void test_the_largest_cursor_counts(void **state)
{
    (void)state;
    begin();
    assert_int_equal(receive("{\"type\":\"chat\",\"cursor\":9000000000000000}"), SYNCPLAY_OK);
    assert_int_equal(receive("{\"type\":\"chat\",\"cursor\":7}"), SYNCPLAY_OK);
    scene_cut(&scene);
    scene_connect(&scene);
    assert_non_null(strstr(scene.sent, "\"cursor\":9000000000000000"));
    scene_close(&scene);
}

/* --- A server that knows the first description of the protocol alone */

static void test_messages_without_what_was_added(void **state)
{
    (void)state;
    memset(&scene.config, 0, sizeof scene.config);
    scene_prepare(&scene);
    int64_t now = scene.party.now;
    scene_connect(&scene);
    assert_int_equal(receive("{\"type\":\"resumed\"}"), SYNCPLAY_OK);
    assert_int_equal(receive("{\"type\":\"command\",\"action\":\"play\",\"position_ms\":5}"), SYNCPLAY_OK);
    assert_int_equal(scene_status(&scene).mode, SYNCPLAY_MODE_IDLE); /* when is that? */
    assert_non_null(strstr(scene.said_types, "state "));
    assert_int_equal(receive("{\"type\":\"state\",\"is_playing\":false,\"position_ms\":1500,\"server_time\":1000,"
                             "\"participants\":[]}"),
                     SYNCPLAY_OK);
    syncplay_follower_status status = scene_status(&scene);
    assert_true(status.position == 1500 * MS && status.phase == SYNCPLAY_PAUSED && status.speed == 100);
    assert_true(status.server_time == SECOND);

    scene.party.now = now + 2 * SECOND;
    assert_int_equal(receive("{\"type\":\"command\",\"action\":\"play\",\"position_ms\":2000}"), SYNCPLAY_OK);
    scene.party.now = now + 3 * SECOND;
    status = scene_status(&scene);
    assert_true(status.position == 3 * SECOND && status.phase == SYNCPLAY_PLAYING);
    assert_int_equal(receive("{\"type\":\"command\",\"action\":\"seek\",\"position_ms\":60000}"), SYNCPLAY_OK);
    scene.party.now = now + 4 * SECOND;
    status = scene_status(&scene);
    assert_true(status.position == 61 * SECOND && status.phase == SYNCPLAY_PLAYING); /* as it was */
    assert_int_equal(receive("{\"type\":\"command\",\"action\":\"pause\",\"position_ms\":61000}"), SYNCPLAY_OK);
    assert_int_equal(receive("{\"type\":\"command\",\"action\":\"seek\",\"position_ms\":30000}"), SYNCPLAY_OK);
    scene.party.now = now + 9 * SECOND;
    status = scene_status(&scene);
    assert_true(status.position == 30 * SECOND && status.phase == SYNCPLAY_PAUSED);

    assert_int_equal(receive("{\"type\":\"command\",\"action\":\"play\",\"position_ms\":0,\"playback_speed\":2}"), SYNCPLAY_OK);
    assert_int_equal(receive("{\"type\":\"command\",\"action\":\"seek\",\"position_ms\":5000}"), SYNCPLAY_OK);
    scene.party.now = now + 10 * SECOND;
    assert_true(scene_status(&scene).position == 7 * SECOND && scene_status(&scene).speed == 200);
    scene_close(&scene);
}

/* What contradicts itself does not play. */
static void test_a_phase_that_contradicts(void **state)
{
    (void)state;
    begin();
    assert_int_equal(receive("{\"type\":\"state\",\"is_playing\":false,\"phase\":\"playing\",\"position_ms\":7000,"
                             "\"server_time\":1795000055000}"),
                     SYNCPLAY_OK);
    assert_int_equal(scene_status(&scene).phase, SYNCPLAY_PAUSED);
    assert_true(scene_status(&scene).position == 7 * SECOND);
    scene_close(&scene);
}

/* Who is in already stays in, though a second join was refused. */
static void test_a_second_join_that_is_refused(void **state)
{
    (void)state;
    begin();
    assert_int_equal(receive("{\"type\":\"error\",\"code\":\"full\",\"in_reply_to\":\"join\"}"), SYNCPLAY_OK);
    assert_int_equal(scene_status(&scene).mode, SYNCPLAY_MODE_STANDING);
    scene_cut(&scene);
    scene_connect(&scene);
    assert_int_equal(receive("{\"type\":\"error\",\"code\":\"full\",\"in_reply_to\":\"join\"}"), SYNCPLAY_OK);
    assert_int_equal(scene_status(&scene).mode, SYNCPLAY_MODE_IDLE);
    scene_close(&scene);
}

static void test_questions_at_the_ends_of_time(void **state)
{
    const int64_t most = INT64_C(1) << 60;
    (void)state;
    begin();
    const syncplay_follower *f = scene.follower;
    assert_true(syncplay_follower_server_time(f, INT64_MAX) == syncplay_follower_server_time(f, most));
    assert_true(syncplay_follower_server_time(f, INT64_MIN) == syncplay_follower_server_time(f, -most));
    assert_true(syncplay_follower_local_time(f, SYNCPLAY_NEVER - 1) == syncplay_follower_local_time(f, most));
    assert_true(syncplay_follower_local_time(f, INT64_MIN) == syncplay_follower_local_time(f, -most));
    assert_true(syncplay_follower_local_time(f, SYNCPLAY_NEVER) == SYNCPLAY_NEVER);
    syncplay_player_state player = scene_player(&scene); /* so old that it is taken for one of now */
    assert_int_equal(syncplay_follower_observe(scene.follower, INT64_MIN, &player), SYNCPLAY_OK);
    scene_close(&scene);
}

static void test_a_gap_of_revisions_is_asked_about(void **state)
{
    char message[300];
    (void)state;
    begin();
    uint64_t revision = scene_status(&scene).revision;
    const char *format = "{\"type\":\"command\",\"action\":\"pause\",\"is_playing\":false,\"position_ms\":0,"
                         "\"server_time\":1795000053000,\"revision\":%d}";
    snprintf(message, sizeof message, format, (int)revision + 1);
    assert_int_equal(receive(message), SYNCPLAY_OK);
    assert_null(strstr(scene.said_types, "state "));
    snprintf(message, sizeof message, format, (int)revision + 3);
    assert_int_equal(receive(message), SYNCPLAY_OK);
    assert_non_null(strstr(scene.said_types, "state "));
    scene_close(&scene);
}

static void test_typed_is_the_same_as_by_wire(void **state)
{
    (void)state;
    begin();
    int64_t now = scene.party.now, server = scene_status(&scene).server_time;
    syncplay_playback playback;
    syncplay_playback_default(&playback, sizeof playback);
    playback.revision = scene_status(&scene).revision + 1;
    playback.is_playing = true;
    playback.phase = SYNCPLAY_PLAYING;
    playback.position = 9 * SECOND;
    playback.server_time = server;
    playback.at = server + SECOND;
    playback.speed = 200;
    assert_int_equal(syncplay_follower_playback(scene.follower, now, &playback), SYNCPLAY_OK);
    scene.party.now = now + 3 * SECOND;
    assert_true(scene_status(&scene).position / MS == 13 * SECOND / MS);
    assert_int_equal(syncplay_follower_disturbed(scene.follower, scene.party.now), SYNCPLAY_OK);
    assert_false(scene_status(&scene).is_synchronised);
    now = scene.party.now;
    assert_int_equal(syncplay_follower_pong(scene.follower, now + 20, now - 1, server + 3 * SECOND, server + 3 * SECOND),
                     SYNCPLAY_OK);
    assert_false(scene_status(&scene).is_synchronised); /* the answer to a ping from before */
    assert_int_equal(syncplay_follower_pong(scene.follower, now + 20, now, server + 3 * SECOND, server + 3 * SECOND),
                     SYNCPLAY_OK);
    assert_true(scene_status(&scene).is_synchronised);
    assert_true(syncplay_follower_local_time(scene.follower, syncplay_follower_server_time(scene.follower, now)) == now);
    scene_close(&scene);
}

/* --- Callbacks */

static int errors[16];

static void meddle(struct scene *at)
{
    syncplay_follower *f = at->follower;
    syncplay_player_state player = scene_player(at);
    syncplay_advice advice = scene_advice(at); /* asking is allowed */
    syncplay_command command;
    syncplay_playback playback;
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_PLAY);
    syncplay_playback_default(&playback, sizeof playback);
    int got[] = {syncplay_follower_tick(f, 0),
                 syncplay_follower_connected(f, 0),
                 syncplay_follower_disconnected(f, 0),
                 syncplay_follower_receive(f, 0, "{}", 2),
                 syncplay_follower_playback(f, 0, &playback),
                 syncplay_follower_pong(f, 0, 0, 0, 0),
                 syncplay_follower_disturbed(f, 0),
                 syncplay_follower_submit(f, 0, &command),
                 syncplay_follower_suspend(f, 0, SYNCPLAY_SUSPENSION_AWAY),
                 syncplay_follower_resume(f, 0, SYNCPLAY_SUSPENSION_AWAY),
                 syncplay_follower_resync(f, 0),
                 syncplay_follower_observe(f, 0, &player),
                 syncplay_follower_acted(f, 0, &advice)};
    memset(errors, 0, sizeof errors);
    memcpy(errors, got, sizeof got);
    syncplay_follower_free(f); /* does nothing */
}

static void test_callbacks_may_ask_and_not_change(void **state)
{
    (void)state;
    begin();
    scene.on_send = meddle;
    assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_STATE), SYNCPLAY_OK);
    scene.on_send = NULL;
    for (int i = 0; i < 13; i++)
        assert_int_equal(errors[i], SYNCPLAY_ERROR_REENTRANT);
    assert_int_equal(errors[13], 0);
    memset(errors, 0, sizeof errors);
    scene.on_message = meddle;
    assert_int_equal(receive("{\"type\":\"weather\"}"), SYNCPLAY_OK);
    scene.on_message = NULL;
    for (int i = 0; i < 13; i++)
        assert_int_equal(errors[i], SYNCPLAY_ERROR_REENTRANT);
    assert_int_equal(syncplay_follower_tick(scene.follower, scene.party.now), SYNCPLAY_OK);
    scene_close(&scene);
}

/* --- Programs that were compiled when the structs were shorter */

static void test_shorter_structs(void **state)
{
    struct {
        size_t struct_size;
        int64_t start_latency;
    } old_profile = {offsetof(syncplay_player_profile, silent_start_latency), 123 * MS};
    struct {
        size_t struct_size;
        const void *profile;
    } old_config = {offsetof(syncplay_follower_config, ready_threshold), &old_profile};
    struct {
        size_t struct_size;
        void (*send)(void *user_data, const char *bytes, size_t length);
    } old_callbacks = {offsetof(syncplay_follower_callbacks, message), scene_send};
    unsigned char bytes[sizeof(syncplay_follower_status)];
    syncplay_follower *follower;
    syncplay_player_profile profile = {.struct_size = sizeof profile};
    (void)state;
    assert_int_equal(syncplay_follower_new(&follower, 0, (const syncplay_follower_config *)&old_config,
                                           (const syncplay_follower_callbacks *)&old_callbacks, NULL),
                     SYNCPLAY_OK);
    assert_int_equal(syncplay_follower_profile(follower, &profile), SYNCPLAY_OK);
    assert_true(profile.start_latency == 123 * MS && profile.seek_cost == 300 * MS);

    syncplay_player_state player;
    syncplay_player_state_default(&player, sizeof player);
    player.struct_size = offsetof(syncplay_player_state, duration);
    player.duration = -1; /* garbage behind the end of the caller's struct */
    assert_int_equal(syncplay_follower_observe(follower, 0, &player), SYNCPLAY_OK);

    syncplay_follower_status *status = (syncplay_follower_status *)(void *)bytes;
    memset(bytes, 0xee, sizeof bytes);
    status->struct_size = offsetof(syncplay_follower_status, server_time);
    assert_int_equal(syncplay_follower_status_at(follower, 0, status), SYNCPLAY_OK);
    assert_int_equal(status->mode, SYNCPLAY_MODE_IDLE);
    for (size_t i = offsetof(syncplay_follower_status, server_time); i < sizeof bytes; i++)
        assert_int_equal(bytes[i], 0xee);

    syncplay_advice advice;
    memset(&advice, 0xee, sizeof advice);
    advice.struct_size = offsetof(syncplay_advice, position);
    assert_int_equal(syncplay_follower_advise(follower, 0, &advice), SYNCPLAY_OK);
    assert_true(advice.kind == SYNCPLAY_ADVICE_NONE && advice.at == SYNCPLAY_NEVER);
    assert_int_equal(((unsigned char *)&advice)[offsetof(syncplay_advice, position)], 0xee);
    assert_int_equal(syncplay_follower_acted(follower, 0, &advice), SYNCPLAY_OK);
    syncplay_follower_free(follower);
}

/* One that does not say how large it is neither counts as the defaults nor is answered with nothing. */
static void test_structs_without_a_size(void **state)
{
    static const size_t sizes[] = {0, sizeof(size_t) - 1, 4097, SIZE_MAX};
    syncplay_follower_callbacks callbacks = scene_callbacks();
    (void)state;
    begin();
    syncplay_follower *follower = scene.follower, *other = NULL;
    int64_t now = scene.party.now;
    struct answers before = ask();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        syncplay_player_profile profile = {.struct_size = sizes[i]};
        syncplay_follower_config config = {.struct_size = sizes[i]}, with_profile;
        syncplay_follower_callbacks sizeless = {.struct_size = sizes[i], .send = scene_send};
        syncplay_playback playback = {.struct_size = sizes[i]};
        syncplay_player_state player = {.struct_size = sizes[i]};
        syncplay_advice advice = {.struct_size = sizes[i]};
        syncplay_follower_status status = {.struct_size = sizes[i]};
        syncplay_command command = {.struct_size = sizes[i]};
        syncplay_follower_config_default(&with_profile, sizeof with_profile);
        with_profile.profile = &profile;
        assert_int_equal(syncplay_follower_new(&other, 0, &config, &callbacks, NULL), SYNCPLAY_ERROR_ARGUMENT);
        assert_int_equal(syncplay_follower_new(&other, 0, NULL, &sizeless, NULL), SYNCPLAY_ERROR_ARGUMENT);
        assert_int_equal(syncplay_follower_new(&other, 0, &with_profile, &callbacks, NULL), SYNCPLAY_ERROR_ARGUMENT);
        assert_int_equal(syncplay_follower_playback(follower, now, &playback), SYNCPLAY_ERROR_ARGUMENT);
        assert_non_null(strstr(syncplay_follower_why(follower), "playback: struct_size"));
        assert_int_equal(syncplay_follower_observe(follower, now, &player), SYNCPLAY_ERROR_ARGUMENT);
        assert_non_null(strstr(syncplay_follower_why(follower), "state: struct_size"));
        assert_int_equal(syncplay_follower_acted(follower, now, &advice), SYNCPLAY_ERROR_ARGUMENT);
        assert_non_null(strstr(syncplay_follower_why(follower), "advice: struct_size"));
        assert_int_equal(syncplay_follower_submit(follower, now, &command), SYNCPLAY_ERROR_ARGUMENT);
        assert_non_null(strstr(syncplay_follower_why(follower), "command: struct_size"));
        assert_int_equal(syncplay_follower_advise(follower, now, &advice), SYNCPLAY_ERROR_ARGUMENT);
        assert_int_equal(syncplay_follower_status_at(follower, now, &status), SYNCPLAY_ERROR_ARGUMENT);
        assert_int_equal(syncplay_follower_profile(follower, &profile), SYNCPLAY_ERROR_ARGUMENT);
        nothing_changed(&before);
    }
    assert_null(other);
    scene_close(&scene);
}

/* Ana says something, and the follower hears it; the player is not looked at. */
static void ana_is_heard(const char *message)
{
    assert_int_equal(party_say(&scene.party, ANA, message), SYNCPLAY_OK);
    scene.party.now += WAY;
    scene_take_letters(&scene);
}

/* One that knows no rates plays at the usual one. */
static void test_advice_without_a_rate(void **state)
{
    (void)state;
    begin();
    ana_is_heard("{\"type\":\"play\"}");
    syncplay_advice advice = scene_advice(&scene);
    assert_int_equal(advice.kind, SYNCPLAY_ADVICE_PLAY);
    advice.struct_size = offsetof(syncplay_advice, rate);
    advice.rate = 0;
    assert_int_equal(syncplay_follower_acted(scene.follower, scene.party.now, &advice), SYNCPLAY_OK);
    assert_int_equal(scene_advice(&scene).kind, SYNCPLAY_ADVICE_NONE);
    scene_close(&scene);
}

/* Whoever does nothing has still to do what he was told before: a player that goes elsewhere is not ready yet. */
static void test_nothing_was_done(void **state)
{
    syncplay_advice nothing = {.struct_size = sizeof nothing};
    (void)state;
    begin();
    ana_is_heard("{\"type\":\"seek\",\"position_ms\":600000}");
    syncplay_advice advice = scene_advice(&scene);
    assert_int_equal(advice.kind, SYNCPLAY_ADVICE_SEEK);
    assert_int_equal(syncplay_follower_acted(scene.follower, scene.party.now, &advice), SYNCPLAY_OK);
    assert_int_equal(syncplay_follower_acted(scene.follower, scene.party.now, &nothing), SYNCPLAY_OK);
    for (int look = 0; look < 4; look++, scene.party.now += 100 * MS) {
        syncplay_player_state player = scene_player(&scene);
        assert_int_equal(syncplay_follower_observe(scene.follower, scene.party.now, &player), SYNCPLAY_OK);
        assert_int_equal(scene_advice(&scene).kind, SYNCPLAY_ADVICE_NONE);
    }
    assert_non_null(strstr(scene.sent, "\"is_ready\":false"));
    scene_close(&scene);
}

/* --- Memory */

static void test_each_allocation_fails_once(void **state)
{
    syncplay_command command;
    int fails;
    (void)state;
    memset(&scene.config, 0, sizeof scene.config);
    scene_prepare(&scene);
    for (fails = 0;; fails++) {
        syncplay_follower *follower = NULL;
        syncplay_follower_callbacks callbacks = scene_callbacks();
        long live = scene.party.live;
        scene.party.fails_after = fails;
        int error = syncplay_follower_new(&follower, 0, NULL, &callbacks, &scene);
        scene.party.fails_after = -1;
        if (!error) {
            syncplay_follower_free(follower);
            break;
        }
        assert_int_equal(error, SYNCPLAY_ERROR_MEMORY);
        assert_null(follower);
        assert_true(scene.party.live == live);
    }
    assert_int_equal(fails, 2);
    scene_close(&scene);

    begin();
    scene.party.fails_after = 0; /* all that is not the user's own words needs no more memory */
    assert_int_equal(syncplay_follower_disconnected(scene.follower, scene.party.now), SYNCPLAY_OK);
    assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_JOIN), SYNCPLAY_OK);
    assert_int_equal(syncplay_follower_connected(scene.follower, scene.party.now), SYNCPLAY_OK);
    assert_int_equal(syncplay_follower_resync(scene.follower, scene.party.now), SYNCPLAY_OK);
    scene.said_types[0] = 0;
    scene.count = 0;
    struct answers before = ask();
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_CHAT);
    command.text = of_length(5000);
    assert_int_equal(syncplay_follower_submit(scene.follower, scene.party.now, &command), SYNCPLAY_ERROR_MEMORY);
    assert_string_equal(syncplay_follower_why(scene.follower), "no memory");
    nothing_changed(&before);
    scene.party.fails_after = -1;
    assert_int_equal(syncplay_follower_submit(scene.follower, scene.party.now, &command), SYNCPLAY_OK);
    assert_string_equal(scene.said_types, "chat ");
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_making_one),
        cmocka_unit_test(test_a_strange_profile),
        cmocka_unit_test(test_nothing_to_work_on),
        cmocka_unit_test(test_suspensions_have_a_limit),
        cmocka_unit_test(test_bad_messages),
        cmocka_unit_test(test_a_message_that_is_too_large),
        cmocka_unit_test(test_bad_typed_values),
        cmocka_unit_test(test_bad_commands),
        cmocka_unit_test(test_tokens_of_long_characters),
        cmocka_unit_test(test_as_many_participants_as_wanted),
        cmocka_unit_test(test_chat_may_be_switched_on),
        cmocka_unit_test(test_without_a_connection),
        cmocka_unit_test(test_a_leave_from_elsewhere),
        cmocka_unit_test(test_leaves_that_nobody_answers),
        cmocka_unit_test(test_the_largest_cursor_counts),
        cmocka_unit_test(test_messages_without_what_was_added),
        cmocka_unit_test(test_a_phase_that_contradicts),
        cmocka_unit_test(test_a_second_join_that_is_refused),
        cmocka_unit_test(test_questions_at_the_ends_of_time),
        cmocka_unit_test(test_a_gap_of_revisions_is_asked_about),
        cmocka_unit_test(test_typed_is_the_same_as_by_wire),
        cmocka_unit_test(test_callbacks_may_ask_and_not_change),
        cmocka_unit_test(test_shorter_structs),
        cmocka_unit_test(test_advice_without_a_rate),
        cmocka_unit_test(test_nothing_was_done),
        cmocka_unit_test(test_structs_without_a_size),
        cmocka_unit_test(test_each_allocation_fails_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
