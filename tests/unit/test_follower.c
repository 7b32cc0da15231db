/* A follower in a party: what it says to a hub, and what it makes of what the hub says. */
#include "scene.h"

static struct scene scene; /* it is large */

/* Of a player that can be corrected finely, and starts a little later than is known of its kind. */
static void configure(void)
{
    static syncplay_player_profile profile;
    syncplay_player_profile_default(&profile, sizeof profile, SYNCPLAY_PLAYER_BROWSER);
    syncplay_follower_config_default(&scene.config, sizeof scene.config);
    scene.config.profile = &profile;
}

static void begin(void)
{
    configure();
    scene_open(&scene);
}

static int64_t size(int64_t value)
{
    return value < 0 ? -value : value;
}

/* Ana says something, and Ben's host lives on for a while. */
static void ana_says(const char *message, int64_t time)
{
    assert_int_equal(party_say(&scene.party, ANA, message), SYNCPLAY_OK);
    scene_run(&scene, time);
}

static void test_it_joins_and_is_ready(void **state)
{
    (void)state;
    begin();
    assert_string_equal(scene.said_types, "join ready ");
    assert_string_equal(scene.advised, "seek ");
    syncplay_follower_status status = scene_status(&scene);
    assert_int_equal(status.mode, SYNCPLAY_MODE_STANDING);
    assert_true(status.is_connected && status.is_synchronised && status.phase == SYNCPLAY_IDLE);
    assert_true(status.server_time >= syncplay_hub_unix(scene.party.hub, scene.party.now) - MS);
    assert_true(status.server_time <= syncplay_hub_unix(scene.party.hub, scene.party.now) + MS);
    assert_true(size(status.round_trip - 2 * WAY) <= 2 && status.clock_error >= WAY && status.clock_error < WAY + 2 * MS);
    syncplay_participant_info ben = scene_ben(&scene);
    assert_true(ben.is_ready && ben.is_connected);
    assert_true(ben.latency == WAY); /* measured by the hub, from the echoes in pings */
    assert_true(ben.clock_error >= WAY && ben.start > 0 && ben.drift == SYNCPLAY_DRIFT_UNSET);
    scene_close(&scene);
}

/* The very first ping counts, and is sent with the join. */
static void test_one_round_trip_tells_the_time(void **state)
{
    (void)state;
    configure();
    scene_prepare(&scene);
    assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_JOIN), SYNCPLAY_OK);
    scene_connect(&scene);
    scene_run(&scene, 2 * WAY);
    assert_true(scene_status(&scene).is_synchronised);
    scene_close(&scene);
}

static void test_it_plays_in_step(void **state)
{
    (void)state;
    begin();
    scene.advised[0] = 0;
    ana_says("{\"type\":\"play\"}", 10 * SECOND);
    assert_true(strncmp(scene.advised, "play ", 5) == 0);
    assert_true(size(scene_drift(&scene)) < 3 * MS);
    assert_int_equal(scene_status(&scene).mode, SYNCPLAY_MODE_PLAYING);
    assert_true(size(scene_status(&scene).drift) < 3 * MS);
    assert_true(size(scene_ben(&scene).drift) < 3 * MS);

    scene.advised[0] = 0;
    ana_says("{\"type\":\"seek\",\"position_ms\":600000}", 5 * SECOND);
    assert_true(strncmp(scene.advised, "pause seek play ", 16) == 0);
    assert_true(scene_position(&scene) > 600 * SECOND && size(scene_drift(&scene)) < 3 * MS);

    scene.advised[0] = 0;
    ana_says("{\"type\":\"pause\"}", SECOND);
    assert_string_equal(scene.advised, "pause seek ");
    assert_true(scene_drift(&scene) == 0);
    scene_close(&scene);
}

static void test_it_learns_its_player(void **state)
{
    syncplay_player_profile profile = {.struct_size = sizeof profile};
    (void)state;
    begin();
    for (int i = 0; i < 4; i++) {
        ana_says("{\"type\":\"play\"}", 4 * SECOND);
        ana_says("{\"type\":\"pause\"}", SECOND);
    }
    assert_int_equal(syncplay_follower_profile(scene.follower, &profile), SYNCPLAY_OK);
    assert_true(size(profile.start_latency - START_LATENCY) < 10 * MS);
    scene_close(&scene);
}

static void test_it_makes_good_what_it_lost(void **state)
{
    (void)state;
    begin();
    ana_says("{\"type\":\"play\"}", 10 * SECOND);
    scene.advised[0] = 0;
    scene.position -= 80 * MS;
    scene_run(&scene, 15 * SECOND);
    assert_non_null(strstr(scene.advised, "rate "));
    assert_null(strstr(scene.advised, "seek "));
    assert_true(size(scene_drift(&scene)) < 3 * MS);
    scene_close(&scene);
}

static void test_a_stall_is_told_and_waited_for(void **state)
{
    (void)state;
    begin();
    ana_says("{\"type\":\"play\"}", 10 * SECOND);
    scene_freeze(&scene);
    scene.is_stalled = true;
    scene_run(&scene, 3 * SECOND);
    assert_false(scene_ben(&scene).is_ready);
    assert_int_equal(scene_status(&scene).phase, SYNCPLAY_WAITING);
    scene_freeze(&scene);
    scene.is_stalled = false;
    scene_run(&scene, 5 * SECOND);
    assert_true(scene_ben(&scene).is_ready);
    assert_int_equal(scene_status(&scene).phase, SYNCPLAY_PLAYING);
    scene_close(&scene);
}

static void test_it_comes_back_as_the_same_client(void **state)
{
    (void)state;
    begin();
    ana_says("{\"type\":\"play\"}", 5 * SECOND);
    scene_cut(&scene);
    assert_false(scene_status(&scene).is_connected);
    scene.shown_types[0] = scene.said_types[0] = 0;
    ana_says("{\"type\":\"chat\",\"message\":\"Where are you?\"}", 2 * SECOND);
    assert_int_equal(scene_status(&scene).mode, SYNCPLAY_MODE_PLAYING); /* it goes on along the timeline */
    assert_true(size(scene_drift(&scene)) < 5 * MS);
    assert_string_equal(scene.said_types, "");

    scene_connect(&scene);
    assert_true(strncmp(scene.said_types, "join ", 5) == 0);
    assert_non_null(strstr(scene.sent, "\"resume_token\":\""));
    assert_non_null(strstr(scene.sent, "\"cursor\":"));
    scene_run(&scene, 3 * SECOND);
    assert_true(strncmp(scene.shown_types, "resumed ", 8) == 0);
    assert_non_null(strstr(scene.shown_types, "chat "));
    assert_null(strstr(scene.shown_types, "state "));
    assert_null(strstr(scene.shown_types, "error "));
    assert_non_null(strstr(scene.said_types, "ready ")); /* it knows that it sits again */
    assert_true(scene_ben(&scene).is_ready && scene_ben(&scene).is_connected);
    assert_true(size(scene_drift(&scene)) < 5 * MS);
    scene_close(&scene);
}

static void test_suspensions(void **state)
{
    (void)state;
    begin();
    ana_says("{\"type\":\"play\"}", 5 * SECOND);
    int64_t now = scene.party.now;
    assert_int_equal(syncplay_follower_suspend(scene.follower, now, SYNCPLAY_SUSPENSION_AWAY), SYNCPLAY_OK);
    assert_int_equal(syncplay_follower_suspend(scene.follower, now, SYNCPLAY_SUSPENSION_AWAY), SYNCPLAY_OK);
    scene_freeze(&scene);
    scene.is_paused = true;
    scene.advised[0] = 0;
    scene_run(&scene, 20 * SECOND);
    assert_string_equal(scene.advised, "");
    assert_true(scene_ben(&scene).is_excused);
    assert_int_equal(scene_status(&scene).mode, SYNCPLAY_MODE_SUSPENDED);
    assert_true(scene_status(&scene).drift == SYNCPLAY_DRIFT_UNSET);
    assert_int_equal(syncplay_follower_resume(scene.follower, scene.party.now, SYNCPLAY_SUSPENSION_AWAY), SYNCPLAY_OK);
    assert_int_equal(scene_status(&scene).mode, SYNCPLAY_MODE_SUSPENDED);
    assert_int_equal(syncplay_follower_resume(scene.follower, scene.party.now, SYNCPLAY_SUSPENSION_AWAY), SYNCPLAY_OK);
    scene_run(&scene, 10 * SECOND);
    assert_false(scene_ben(&scene).is_excused);
    assert_int_equal(scene_status(&scene).mode, SYNCPLAY_MODE_PLAYING);
    assert_true(size(scene_drift(&scene)) < 5 * MS);
    scene_close(&scene);
}

static void begin_adopting(void)
{
    configure();
    scene.config.adopts_player = true;
    scene_open(&scene);
    ana_says("{\"type\":\"play\"}", 5 * SECOND);
    scene.said_types[0] = scene.advised[0] = 0;
}

static void test_what_happens_in_the_player_is_a_wish(void **state)
{
    (void)state;
    begin_adopting();
    scene_freeze(&scene);
    scene.is_paused = true; /* by a key of its own */
    scene_run(&scene, SECOND);
    assert_true(strncmp(scene.said_types, "pause ", 6) == 0);
    assert_int_equal(scene_status(&scene).phase, SYNCPLAY_PAUSED);
    scene_close(&scene);
}

static void test_a_wish_that_is_refused_is_undone(void **state)
{
    (void)state;
    begin_adopting();
    ana_says("{\"type\":\"settings\",\"control\":\"host\"}", SECOND);
    scene_freeze(&scene);
    scene.is_paused = true;
    scene_run(&scene, 400 * MS);
    assert_true(strncmp(scene.said_types, "pause ", 6) == 0);
    assert_non_null(strstr(scene.shown_types, "error "));
    scene_run(&scene, SECOND); /* sooner than without an answer */
    assert_int_equal(scene_status(&scene).phase, SYNCPLAY_PLAYING);
    assert_false(scene.is_paused);
    scene_run(&scene, 5 * SECOND);
    assert_true(size(scene_drift(&scene)) < 5 * MS);
    scene_close(&scene);
}

/* That something else was refused says nothing about it. */
static void test_a_wish_waits_for_its_own_answer(void **state)
{
    static const char *const errors[] = {"{\"type\":\"error\",\"code\":\"forbidden\",\"in_reply_to\":\"chat\"}",
                                         "{\"type\":\"error\",\"code\":\"forbidden\",\"in_reply_to\":\"pause\"}"};
    (void)state;
    begin_adopting();
    scene_freeze(&scene);
    scene.is_paused = true;
    scene.is_cut = true; /* what is said now is lost, and nobody knows */
    scene_run(&scene, 300 * MS);
    assert_true(strncmp(scene.said_types, "pause ", 6) == 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(syncplay_follower_receive(scene.follower, scene.party.now, errors[i], strlen(errors[i])), SYNCPLAY_OK);
        scene_run(&scene, 300 * MS);
        assert_int_equal(scene.is_paused, i == 0);
    }
    scene_close(&scene);
}

static void test_a_play_that_is_refused_is_undone(void **state)
{
    (void)state;
    begin_adopting();
    ana_says("{\"type\":\"pause\"}", SECOND);
    ana_says("{\"type\":\"settings\",\"control\":\"host\"}", SECOND);
    scene.said_types[0] = 0;
    scene_freeze(&scene);
    scene.is_paused = false;
    scene_run(&scene, 400 * MS); /* sooner than without an answer */
    assert_true(strncmp(scene.said_types, "play ", 5) == 0);
    assert_true(scene.is_paused);
    assert_int_equal(scene_status(&scene).phase, SYNCPLAY_PAUSED);
    scene_close(&scene);
}

static void test_a_jump_that_is_refused_is_undone(void **state)
{
    (void)state;
    begin_adopting();
    ana_says("{\"type\":\"settings\",\"control\":\"host\"}", SECOND);
    scene.said_types[0] = 0;
    scene_freeze(&scene);
    scene.position += 60 * SECOND;
    scene_run(&scene, SECOND); /* sooner than without an answer */
    assert_true(strncmp(scene.said_types, "seek ", 5) == 0);
    assert_true(size(scene_drift(&scene)) < SECOND);
    scene_close(&scene);
}

static void test_the_users_commands(void **state)
{
    syncplay_command command;
    (void)state;
    begin();
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_SEEK);
    command.position = 60 * SECOND;
    assert_int_equal(syncplay_follower_submit(scene.follower, scene.party.now, &command), SYNCPLAY_OK);
    scene_run(&scene, SECOND);
    assert_true(scene_position(&scene) == 60 * SECOND);
    assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_PLAY), SYNCPLAY_OK);
    scene_run(&scene, 5 * SECOND);
    assert_int_equal(scene_status(&scene).mode, SYNCPLAY_MODE_PLAYING);
    scene.said_types[0] = 0;
    assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_STATE), SYNCPLAY_OK);
    assert_int_equal(syncplay_follower_resync(scene.follower, scene.party.now), SYNCPLAY_OK);
    assert_string_equal(scene.said_types, "state state ");
    scene_close(&scene);
}

/* Who leaves one party for another on the same connection, before the first has said goodbye. */
static void test_leaving_for_another_party(void **state)
{
    struct party *party = &scene.party;
    (void)state;
    begin();
    syncplay_id first = party->session;
    assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_LEAVE), SYNCPLAY_OK);
    assert_int_equal(scene_status(&scene).mode, SYNCPLAY_MODE_IDLE);
    assert_int_equal(party_create(party, CLEO, SYNCPLAY_PUBLIC), SYNCPLAY_OK);
    assert_false(syncplay_id_equal(&first, &party->session));
    assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_JOIN), SYNCPLAY_OK);
    scene.shown_types[0] = scene.said_types[0] = 0;
    scene_run(&scene, 2 * SECOND);
    assert_true(strncmp(scene.shown_types, "ended state ", 12) == 0);
    assert_string_equal(scene.said_types, "ready "); /* which the new party has not been told */
    assert_true(scene_ben(&scene).is_ready);

    scene_cut(&scene); /* and the new one is what it comes back to */
    scene_connect(&scene);
    scene_run(&scene, SECOND);
    assert_true(scene_ben(&scene).is_connected);
    scene_close(&scene);
}

static void test_the_end(void **state)
{
    static const struct {
        syncplay_reason reason;
        bool comes_back;
    } cases[] = {{SYNCPLAY_REASON_SHUTDOWN, true}, {SYNCPLAY_REASON_HOST, false}, {SYNCPLAY_REASON_TIMEOUT, false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin();
        ana_says("{\"type\":\"play\"}", 3 * SECOND);
        syncplay_hub_end(scene.party.hub, scene.party.now, &scene.party.session, cases[i].reason);
        scene.advised[0] = 0;
        scene_run(&scene, 3 * SECOND);
        assert_int_equal(scene_status(&scene).mode, SYNCPLAY_MODE_IDLE);
        assert_false(scene.is_paused); /* what becomes of the player is its host's to say */
        assert_string_equal(scene.advised, "");
        scene_cut(&scene);
        scene.said_types[0] = 0;
        scene_connect(&scene);
        assert_string_equal(scene.said_types, cases[i].comes_back ? "join " : "");
        scene_close(&scene);
    }
}

/* It was away for longer than its seat was kept, and is not let in again. */
static void test_who_is_not_let_in_again_follows_no_longer(void **state)
{
    (void)state;
    begin();
    ana_says("{\"type\":\"play\"}", 3 * SECOND);
    scene_cut(&scene);
    ana_says("{\"type\":\"ban\",\"user_id\":\"ab000000-0000-0000-0000-000000000002\"}", SECOND);
    assert_int_equal(scene_status(&scene).mode, SYNCPLAY_MODE_PLAYING);
    scene_connect(&scene);
    scene_run(&scene, SECOND);
    assert_non_null(strstr(scene.shown_types, "error "));
    assert_int_equal(scene_status(&scene).mode, SYNCPLAY_MODE_IDLE);
    scene_cut(&scene);
    scene.said_types[0] = 0;
    scene_connect(&scene);
    assert_string_equal(scene.said_types, "");
    scene_close(&scene);
}

/* An observation that is older than the message before it counts with what the player has played since. */
static void test_an_observation_may_be_a_little_older(void **state)
{
    (void)state;
    begin();
    ana_says("{\"type\":\"play\"}", 15 * SECOND);
    int64_t before = scene_status(&scene).drift, now = scene.party.now;
    syncplay_player_state player = scene_player(&scene);
    assert_int_equal(syncplay_follower_tick(scene.follower, now + 100 * MS), SYNCPLAY_OK);
    assert_int_equal(syncplay_follower_observe(scene.follower, now, &player), SYNCPLAY_OK);
    assert_true(size(scene_status(&scene).drift - before) < 5 * MS);
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_joins_and_is_ready),
        cmocka_unit_test(test_one_round_trip_tells_the_time),
        cmocka_unit_test(test_it_plays_in_step),
        cmocka_unit_test(test_it_learns_its_player),
        cmocka_unit_test(test_it_makes_good_what_it_lost),
        cmocka_unit_test(test_a_stall_is_told_and_waited_for),
        cmocka_unit_test(test_it_comes_back_as_the_same_client),
        cmocka_unit_test(test_suspensions),
        cmocka_unit_test(test_what_happens_in_the_player_is_a_wish),
        cmocka_unit_test(test_a_wish_that_is_refused_is_undone),
        cmocka_unit_test(test_a_wish_waits_for_its_own_answer),
        cmocka_unit_test(test_a_play_that_is_refused_is_undone),
        cmocka_unit_test(test_a_jump_that_is_refused_is_undone),
        cmocka_unit_test(test_the_users_commands),
        cmocka_unit_test(test_leaving_for_another_party),
        cmocka_unit_test(test_the_end),
        cmocka_unit_test(test_who_is_not_let_in_again_follows_no_longer),
        cmocka_unit_test(test_an_observation_may_be_a_little_older),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
