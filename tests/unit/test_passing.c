/* Typing and reactions: they are told and leave nothing behind, typed or by wire, in the hub and through a follower. */
#include "scene.h"

static struct party party;

static void typed_event(struct party *unused, const syncplay_event *event)
{
    (void)unused;
    if (event->kind == SYNCPLAY_EVENT_REACTION)
        assert_string_equal(event->text, "\xf0\x9f\x8e\xac");
    assert_string_equal(event->user_name, "Ana");
}

static void test_each_has_its_event(void **state)
{
    (void)state;
    party_open(&party);
    party.on_event = typed_event;
    party.told = 0;
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"typing\"}"), SYNCPLAY_OK);
    assert_int_equal(party.event.kind, SYNCPLAY_EVENT_TYPING);
    assert_true(party.event.typing);
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"typing\",\"typing\":false}"), SYNCPLAY_OK);
    assert_int_equal(party.event.kind, SYNCPLAY_EVENT_TYPING);
    assert_false(party.event.typing);
    assert_int_equal(party.told, 2);
    assert_string_equal(party.last, "{\"type\":\"typing\",\"user\":{\"user_id\":\"ab000000-0000-0000-0000-000000000001\","
                                    "\"name\":\"Ana\"},\"typing\":false}");
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"react\",\"reaction\":\"\xf0\x9f\x8e\xac\"}"), SYNCPLAY_OK);
    assert_int_equal(party.event.kind, SYNCPLAY_EVENT_REACTION);
    assert_int_equal(party.told, 4);
    assert_string_equal(party.last, "{\"type\":\"reaction\",\"user\":{\"user_id\":\"ab000000-0000-0000-0000-000000000001\","
                                    "\"name\":\"Ana\"},\"reaction\":\"\xf0\x9f\x8e\xac\"}");
    party_close(&party);
}

/* Nothing to save, nothing due at another time, no cursor, and no account of those who are waited for. */
static void test_nothing_is_left_behind(void **state)
{
    static const char *const messages[] = {"{\"type\":\"typing\",\"command_id\":\"a\"}",
                                           "{\"type\":\"typing\",\"typing\":false}",
                                           "{\"type\":\"react\",\"reaction\":\"\xf0\x9f\x8e\xac\",\"command_id\":\"b\"}"};
    size_t length;
    syncplay_id changed;
    (void)state;
    party_open(&party);
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"ready\",\"buffered_ms\":5000}"), SYNCPLAY_OK);
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"play\"}"), SYNCPLAY_OK); /* Ben is waited for, on his budget */
    assert_int_equal(syncplay_hub_take_changed(party.hub, &changed, 1), 1);
    party.now += 3 * SECOND;
    int64_t deadline = syncplay_hub_deadline(party.hub);
    char *before = party_save(&party, &party.session, &length);
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        assert_int_equal(party_say(&party, ANA, messages[i]), SYNCPLAY_OK);
        assert_false(party_last_has(&party, "cursor"));
    }
    char *after = party_save(&party, &party.session, &length);
    assert_string_equal(before, after);
    assert_int_equal(syncplay_hub_take_changed(party.hub, &changed, 1), 0);
    assert_true(syncplay_hub_deadline(party.hub) == deadline);
    free(before);
    free(after);
    party_close(&party);
}

static void test_typed_commands(void **state)
{
    syncplay_command command;
    syncplay_user ben = party_user(BEN);
    (void)state;
    party_open(&party);
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_REACT);
    assert_int_equal(syncplay_hub_submit(party.hub, party.now, ANA, &command), SYNCPLAY_ERROR_FIELD);
    command.text = "\xf0\x9f\x8e\xac";
    party.told = 0;
    assert_int_equal(syncplay_hub_submit(party.hub, party.now, ANA, &command), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_submit_for(party.hub, party.now, &party.session, &ben, &command), SYNCPLAY_OK);
    assert_int_equal(party.told, 4);
    /* A program that was compiled when the struct was shorter can only mean that somebody writes. */
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_TYPING);
    command.typing = false;
    command.struct_size = offsetof(syncplay_command, typing);
    assert_int_equal(syncplay_hub_submit(party.hub, party.now, ANA, &command), SYNCPLAY_OK);
    assert_int_equal(party.told, 5);
    assert_true(party.event.kind == SYNCPLAY_EVENT_TYPING && party.event.typing);
    party_close(&party);
}

static void test_the_rate_is_as_configured(void **state)
{
    static const char react[] = "{\"type\":\"react\",\"reaction\":\"\xf0\x9f\x8e\xac\xf0\x9f\x8e\xac\"}";
    (void)state;
    party_init(&party);
    party.config.reaction_max_length = 2;
    party.config.reaction_rate_count = 1;
    party.config.reaction_rate_period = SECOND / 2;
    party_open_hub(&party);
    assert_int_equal(party_create(&party, ANA, SYNCPLAY_PUBLIC), SYNCPLAY_OK);
    assert_int_equal(party_connect(&party, ANA, ANA), SYNCPLAY_OK);
    assert_int_equal(party_join(&party, ANA), SYNCPLAY_OK);
    assert_int_equal(party_say(&party, ANA, react), SYNCPLAY_OK);
    assert_int_equal(party_say(&party, ANA, react), SYNCPLAY_ERROR_RATE);
    assert_string_equal(syncplay_hub_why(party.hub), "at most 1 reactions in 0.5 seconds");
    party.now += SECOND / 2;
    assert_int_equal(party_say(&party, ANA, react), SYNCPLAY_OK);
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"react\",\"reaction\":\"\xe2\x9d\xa4\xe2\x9d\xa4\xe2\x9d\xa4\"}"),
                     SYNCPLAY_ERROR_FIELD);
    party_close(&party);
}

/* What a follower does not need for the film it hands on as it came. */
static void test_through_a_follower(void **state)
{
    static struct scene scene;
    syncplay_command command;
    (void)state;
    scene_open(&scene);
    scene.shown_types[0] = scene.said_types[0] = 0;
    assert_int_equal(scene_submit(&scene, SYNCPLAY_COMMAND_TYPING), SYNCPLAY_OK);
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_REACT);
    command.text = "\xf0\x9f\x8e\xac";
    assert_int_equal(syncplay_follower_submit(scene.follower, scene.party.now, &command), SYNCPLAY_OK);
    scene_run(&scene, SECOND / 2);
    assert_string_equal(scene.said_types, "typing react ");
    assert_string_equal(scene.shown_types, "reaction "); /* one's own typing is no news */
    assert_string_equal(scene.shown, "{\"type\":\"reaction\",\"user\":{\"user_id\":\"ab000000-0000-0000-0000-000000000002\","
                                     "\"name\":\"Ben\"},\"reaction\":\"\xf0\x9f\x8e\xac\"}");
    assert_int_equal(party_say(&scene.party, ANA, "{\"type\":\"typing\"}"), SYNCPLAY_OK);
    scene_run(&scene, SECOND / 2);
    assert_string_equal(scene.shown_types, "reaction typing ");
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_has_its_event),        cmocka_unit_test(test_nothing_is_left_behind),
        cmocka_unit_test(test_typed_commands),            cmocka_unit_test(test_the_rate_is_as_configured),
        cmocka_unit_test(test_through_a_follower),
    };
    return cmocka_run_group_tests_name("passing", tests, NULL, NULL);
}
