/* Coming back, and not: joins that a follower sends again, what it brings along, and when it gives up. */
#include "scene.h"

static struct scene scene; /* it is large */

static void ana_says(const char *message, int64_t time)
{
    assert_int_equal(party_say(&scene.party, ANA, message), SYNCPLAY_OK);
    scene_run(&scene, time);
}

/* The join of before, as one that was kept elsewhere, with a token that the server does not take. */
static void submit_an_outdated_token(void)
{
    syncplay_command command;
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_JOIN);
    command.code = scene.party.code;
    command.resume_token = "AAAAAAAAAAAAAAAAAAAAAAAA";
    command.cursor = 5;
    assert_int_equal(syncplay_follower_submit(scene.follower, scene.party.now, &command), SYNCPLAY_OK);
}

static void hear(const char *message)
{
    int error = syncplay_follower_receive(scene.follower, scene.party.now, message, strlen(message));
    assert_int_equal(error, SYNCPLAY_OK);
}

/* It does not come in with the token any more, so it comes in without: by itself, in the call that heard of it. */
static void test_an_outdated_token_is_no_obstacle(void **state)
{
    (void)state;
    for (int is_connected = 0; is_connected < 2; is_connected++) {
        scene_open(&scene);
        scene_cut(&scene);
        if (is_connected) {
            assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_LEAVE), SYNCPLAY_OK);
            scene_connect(&scene);
        }
        scene.shown_types[0] = scene.said_types[0] = 0;
        submit_an_outdated_token();
        if (!is_connected)
            scene_connect(&scene);
        scene_run(&scene, 2 * WAY);
        assert_string_equal(scene.said_types, "join join ");
        assert_string_equal(scene.shown_types, "error ");
        assert_non_null(strstr(scene.shown, "bad_resume_token"));
        assert_non_null(strstr(scene.sent, scene.party.code));
        assert_null(strstr(scene.sent, "resume_token"));
        assert_null(strstr(scene.sent, "cursor"));
        scene_run(&scene, SECOND);
        assert_true(strncmp(scene.shown_types, "error state ", 12) == 0);
        assert_true(scene_ben(&scene).is_connected && scene_ben(&scene).is_ready);
        scene_close(&scene);
    }
}

/* Longer than a seat is kept. */
static void test_it_comes_back_after_a_long_time(void **state)
{
    (void)state;
    scene_open(&scene);
    scene_cut(&scene);
    scene_run(&scene, 200 * SECOND);
    scene.shown_types[0] = scene.said_types[0] = 0;
    scene_connect(&scene);
    scene_run(&scene, SECOND);
    assert_true(strncmp(scene.said_types, "join join ", 10) == 0);
    ana_says("{\"type\":\"play\"}", 5 * SECOND);
    assert_int_equal(scene_status(&scene).mode, SYNCPLAY_MODE_PLAYING);
    assert_true(scene_ben(&scene).is_connected);
    scene_close(&scene);
}

static void test_it_brings_its_invitation_again(void **state)
{
    syncplay_command command;
    (void)state;
    scene_prepare(&scene);
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_JOIN);
    command.code = scene.party.code;
    command.invitation = "BBBBBBBBBBBBBBBBBBBBBBBB";
    assert_int_equal(syncplay_follower_submit(scene.follower, scene.party.now, &command), SYNCPLAY_OK);
    for (int i = 0; i < 2; i++) {
        scene_connect(&scene);
        assert_non_null(strstr(scene.sent, "\"invitation\":\"BBBBBBBBBBBBBBBBBBBBBBBB\""));
        scene.sent[0] = 0;
        scene_cut(&scene); /* before there was an answer */
    }
    scene_close(&scene);
}

/* A token that is longer than any of ours is not kept: the next join is one like the first. */
static void test_a_long_token_is_not_kept(void **state)
{
    char resumed[400] = "{\"type\":\"resumed\",\"cursor\":9,\"resume_token\":\"";
    (void)state;
    for (size_t length = 255; length <= 256; length++) { /* the longest one, and one more */
        size_t used = strlen("{\"type\":\"resumed\",\"cursor\":9,\"resume_token\":\"");
        memset(resumed + used, 'A', length);
        strcpy(resumed + used + length, "\"}");
        scene_open(&scene);
        hear(resumed);
        scene_cut(&scene);
        scene_connect(&scene);
        assert_int_equal(strstr(scene.sent, "resume_token") != NULL, length == 255);
        scene_close(&scene);
    }
}

/* Whatever the server says: one join more for each that brought a token, and none for a party that was left. */
static void test_it_does_not_join_for_ever(void **state)
{
    static const char outdated[] = "{\"type\":\"error\",\"code\":\"bad_resume_token\",\"in_reply_to\":\"join\"}";
    static const char other[] = "{\"type\":\"error\",\"code\":\"bad_resume_token\",\"in_reply_to\":\"chat\"}";
    static const char another_token[] = "{\"type\":\"resumed\",\"resume_token\":\"BBBB\",\"cursor\":9}";
    (void)state;
    scene_prepare(&scene);
    assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_JOIN), SYNCPLAY_OK);
    scene_connect(&scene);
    hear(outdated); /* that join had none */
    assert_string_equal(scene.said_types, "join ");
    submit_an_outdated_token();
    hear(other); /* that is not about the join */
    assert_string_equal(scene.said_types, "join join ");
    hear(outdated);
    assert_string_equal(scene.said_types, "join join join ");
    scene.said_types[0] = 0;
    for (int i = 0; i < 3; i++) {
        hear(another_token);
        hear(outdated);
    }
    assert_null(strstr(scene.said_types, "join"));
    submit_an_outdated_token();
    assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_LEAVE), SYNCPLAY_OK);
    scene.said_types[0] = 0;
    hear(outdated);
    assert_null(strstr(scene.said_types, "join"));
    scene_close(&scene);
}

static void must_not_speak(struct scene *all)
{
    (void)all;
    fail_msg("something was sent");
}

/* What is still read when the connection is gone is not answered, whatever it is; not even pings are sent. */
static void test_what_comes_late_is_not_answered(void **state)
{
    static const char *const late[] = {
        "{\"type\":\"error\",\"code\":\"bad_resume_token\",\"in_reply_to\":\"join\"}",
        "{\"type\":\"state\",\"is_playing\":true,\"position_ms\":0,\"server_time\":1795000060000,\"revision\":5}",
        "{\"type\":\"command\",\"action\":\"seek\",\"position_ms\":0,\"server_time\":1795000060000,\"revision\":9}",
        "{\"type\":\"resumed\",\"server_time\":1795000060000}"};
    (void)state;
    scene_open(&scene);
    submit_an_outdated_token();
    scene_cut(&scene);
    scene.on_send = must_not_speak;
    for (size_t i = 0; i < sizeof late / sizeof *late; i++) {
        hear(late[i]);
        scene_run(&scene, 10 * SECOND);
    }
    scene_close(&scene);
}

/* Nor is the answer to a leaving, which comes late, an end of the party that was joined since. */
static void test_a_late_answer_to_a_leaving(void **state)
{
    (void)state;
    scene_open(&scene);
    ana_says("{\"type\":\"play\"}", SECOND);
    assert_int_equal(scene_status(&scene).phase, SYNCPLAY_PLAYING);
    assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_LEAVE), SYNCPLAY_OK);
    assert_int_equal(scene_status(&scene).phase, SYNCPLAY_IDLE);
    scene_cut(&scene);
    assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_JOIN), SYNCPLAY_OK);
    hear("{\"type\":\"ended\",\"reason\":\"left\"}");
    scene.said_types[0] = 0;
    scene_connect(&scene);
    assert_string_equal(scene.said_types, "join ");
    scene_close(&scene);
}

/* Who was refused does not try again at each connection: a wrong code, say, would count as guessing. */
static void test_a_refused_join_is_forgotten(void **state)
{
    static const struct {
        const char *code;
        bool is_kept;
    } cases[] = {{"not_found", false}, {"ended", false},          {"full", false},        {"removed", false},
                 {"forbidden", false}, {"bad_invitation", false}, {"rate_limited", true}, {"no_memory", true}};
    char message[100];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        scene_prepare(&scene);
        assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_JOIN), SYNCPLAY_OK);
        for (int is_about_join = 0; is_about_join < 2; is_about_join++) {
            scene.said_types[0] = 0;
            scene_connect(&scene);
            assert_string_equal(scene.said_types, "join ");
            snprintf(message, sizeof message, "{\"type\":\"error\",\"code\":\"%s\",\"in_reply_to\":\"%s\"}", cases[i].code,
                     is_about_join ? "join" : "chat");
            hear(message);
            scene_cut(&scene);
        }
        scene.said_types[0] = 0;
        scene_connect(&scene);
        assert_string_equal(scene.said_types, cases[i].is_kept ? "join " : "");
        scene_close(&scene);
    }
}

static void lose_the_rest(struct scene *all)
{
    all->is_cut = true;
    all->count = 0;
}

/* The connection is lost once more between `resumed` and what was missed: that is asked for again. */
static void test_what_was_missed_twice_still_comes(void **state)
{
    (void)state;
    scene_open(&scene);
    ana_says("{\"type\":\"play\"}", 5 * SECOND);
    scene_cut(&scene);
    ana_says("{\"type\":\"chat\",\"message\":\"Where are you?\"}", SECOND);
    scene.shown_types[0] = 0;
    scene.on_message = lose_the_rest;
    scene_connect(&scene);
    scene_run(&scene, SECOND);
    assert_string_equal(scene.shown_types, "resumed ");
    scene.on_message = NULL;
    scene_cut(&scene);
    scene_connect(&scene);
    scene_run(&scene, SECOND);
    assert_true(strncmp(scene.shown_types, "resumed resumed ", 16) == 0);
    assert_non_null(strstr(scene.shown_types, "chat "));
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_outdated_token_is_no_obstacle),
        cmocka_unit_test(test_it_comes_back_after_a_long_time),
        cmocka_unit_test(test_it_brings_its_invitation_again),
        cmocka_unit_test(test_a_long_token_is_not_kept),
        cmocka_unit_test(test_it_does_not_join_for_ever),
        cmocka_unit_test(test_what_comes_late_is_not_answered),
        cmocka_unit_test(test_a_late_answer_to_a_leaving),
        cmocka_unit_test(test_a_refused_join_is_forgotten),
        cmocka_unit_test(test_what_was_missed_twice_still_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
