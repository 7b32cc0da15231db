/*
 * What the calls of a hub promise to a host application that uses them wrongly: nothing to work on, structs that do not say
 * their size, absurd times, and changes from inside of a question.
 */
#include "party.h"

#define REFUSES(error, call) assert_int_equal(call, SYNCPLAY_ERROR_##error)
#define NOW_MAX (INT64_C(1) << 60)

static struct party party;

/* Refused, with a sentence that names the argument. */
#define NAMES(name, error, call)                                                                                       \
    do {                                                                                                               \
        REFUSES(error, call);                                                                                          \
        if (!strstr(syncplay_hub_why(party.hub), name))                                                                \
            fail_msg("%s is not named: %s", name, syncplay_hub_why(party.hub));                                        \
    } while (0)

static void test_without_a_hub(void **state)
{
    syncplay_session_info session = {.struct_size = sizeof session};
    syncplay_participant_info participant = {.struct_size = sizeof participant};
    syncplay_invitation_info invitation = {.struct_size = sizeof invitation};
    syncplay_removed_info removed = {.struct_size = sizeof removed};
    syncplay_id id = {{1}};
    size_t length;
    (void)state;
    REFUSES(ARGUMENT, syncplay_hub_session(NULL, 0, &id, &session));
    REFUSES(ARGUMENT, syncplay_hub_participant(NULL, &id, 0, &participant));
    REFUSES(ARGUMENT, syncplay_hub_participant_of(NULL, &id, &id, &participant));
    REFUSES(ARGUMENT, syncplay_hub_invitation(NULL, 0, &id, 0, &invitation));
    REFUSES(ARGUMENT, syncplay_hub_removed(NULL, 0, &id, 0, &removed));
    REFUSES(ARGUMENT, syncplay_hub_session_of(NULL, 1, &id));
    REFUSES(ARGUMENT, syncplay_hub_state(NULL, 0, &id, NULL, NULL, 0, &length));
    REFUSES(ARGUMENT, syncplay_hub_save(NULL, 0, &id, 0, NULL, 0, &length));
    assert_true(syncplay_hub_deadline(NULL) == SYNCPLAY_NEVER);
    assert_true(syncplay_hub_unix(NULL, 5) == 0);
    assert_int_equal(syncplay_hub_count(NULL), 0);
    assert_int_equal(syncplay_hub_list(NULL, &id, 1), 0);
    assert_int_equal(syncplay_hub_take_changed(NULL, &id, 1), 0);
}

static void test_nowhere_to_answer(void **state)
{
    syncplay_user ana = party_user(ANA);
    syncplay_participant_info participant = {.struct_size = sizeof participant};
    size_t length;
    (void)state;
    party_open(&party);
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"invite\"}"), SYNCPLAY_OK);
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"ban\",\"user_id\":\"ab000000-0000-0000-0000-000000000007\"}"),
                     SYNCPLAY_OK);
    syncplay_hub *hub = party.hub;
    REFUSES(ARGUMENT, syncplay_hub_participant(hub, &party.session, 0, NULL));
    REFUSES(ARGUMENT, syncplay_hub_participant_of(hub, &party.session, &ana.id, NULL));
    REFUSES(NOT_FOUND, syncplay_hub_participant_of(hub, &party.session, NULL, &participant));
    REFUSES(ARGUMENT, syncplay_hub_invitation(hub, party.now, &party.session, 0, NULL));
    REFUSES(ARGUMENT, syncplay_hub_removed(hub, party.now, &party.session, 0, NULL));
    REFUSES(ARGUMENT, syncplay_hub_session_of(hub, ANA, NULL));
    REFUSES(ARGUMENT, syncplay_hub_state(hub, party.now, &party.session, NULL, NULL, 8, &length));
    REFUSES(ARGUMENT, syncplay_hub_save(hub, party.now, &party.session, 0, NULL, 0, NULL));
    REFUSES(ARGUMENT, syncplay_hub_save(hub, party.now, &party.session, 2, NULL, 0, &length)); /* no such flag */
    assert_int_equal(syncplay_hub_list(hub, NULL, 1), 0);
    assert_int_equal(syncplay_hub_take_changed(hub, NULL, 1), 0);
    party_close(&party);
}

static void test_what_is_wrong_is_named(void **state)
{
    syncplay_user ana = party_user(ANA);
    syncplay_content content = party_content();
    syncplay_settings settings;
    syncplay_command command;
    syncplay_invitation_info info = {.struct_size = sizeof info};
    char token[SYNCPLAY_TOKEN_SIZE];
    syncplay_id id;
    size_t length;
    (void)state;
    party_open(&party);
    syncplay_hub *hub = party.hub;
    int64_t now = party.now;
    NAMES("session", ARGUMENT, syncplay_hub_create(hub, now, &ana, &content, NULL, NULL));
    NAMES("content", ARGUMENT, syncplay_hub_create(hub, now, &ana, NULL, NULL, &id));
    NAMES("connection", ARGUMENT, syncplay_hub_connect(hub, now, 0, &ana));
    NAMES("connection", EXISTS, syncplay_hub_connect(hub, now, ANA, &ana));
    NAMES("connection", NOT_FOUND, syncplay_hub_disconnect(hub, now, 77));
    NAMES("connection", NOT_FOUND, syncplay_hub_receive(hub, now, 77, "{}", 2));
    NAMES("bytes", ARGUMENT, syncplay_hub_receive(hub, now, ANA, NULL, 0));
    NAMES("command", ARGUMENT, syncplay_hub_submit(hub, now, ANA, NULL));
    NAMES("round_trip", ARGUMENT, syncplay_hub_round_trip(hub, now, ANA, -1));
    NAMES("session", NOT_FOUND, syncplay_hub_end(hub, now, &ana.id, SYNCPLAY_REASON_NONE));
    NAMES("reason", ARGUMENT, syncplay_hub_end(hub, now, &party.session, (syncplay_reason)(SYNCPLAY_REASON_OPERATOR + 1)));
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_PING);
    NAMES("kind", ARGUMENT, syncplay_hub_submit_for(hub, now, &party.session, &ana, &command));
    NAMES("kind", ARGUMENT, syncplay_hub_invite(hub, now, &party.session, &ana, &command, &info, token));
    syncplay_settings_default(&settings, sizeof settings);
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_SETTINGS);
    command.settings = &settings;
    NAMES("settings_mask", FIELD, syncplay_hub_submit(hub, now, ANA, &command));
    command.settings_mask = SYNCPLAY_SETTING_WAIT << 1;
    NAMES("settings_mask", FIELD, syncplay_hub_submit(hub, now, ANA, &command));
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_CHAT);
    command.text = "caf\xe9"; /* of Latin-1 */
    NAMES("message must be UTF-8", FIELD, syncplay_hub_submit(hub, now, ANA, &command));
    command.text = "caf\xc3\xa9";
    command.client_id = "\xe9";
    NAMES("command_id must be UTF-8", FIELD, syncplay_hub_submit(hub, now, ANA, &command));
    content.title = "caf\xe9";
    NAMES("title must be UTF-8", FIELD, syncplay_hub_create(hub, now, &ana, &content, NULL, &id));
    ana.name = "Ren\xe9";
    NAMES("name must be UTF-8", FIELD, syncplay_hub_connect(hub, now, 9, &ana));
    char *saved = party_save(&party, &party.session, &length);
    NAMES("id", EXISTS, syncplay_hub_restore(hub, now, saved, length, 0, NULL));
    char *other_id = strstr(saved, "\"id\":\"") + strlen("\"id\":\"");
    *other_id = *other_id == '1' ? '2' : '1';
    NAMES("code", EXISTS, syncplay_hub_restore(hub, now, saved, length, 0, NULL));
    free(saved);
    party_close(&party);
}

/* Whoever forgets the size of a struct hears of it, and does not get the defaults instead of what was set. */
static void test_structs_without_a_size(void **state)
{
    static const size_t sizes[] = {0, sizeof(size_t) - 1, 4097, SIZE_MAX};
    (void)state;
    party_open(&party);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        syncplay_user ana = party_user(ANA), user = ana;
        syncplay_content content = party_content(), film = content;
        syncplay_settings settings = {.struct_size = sizes[i]};
        syncplay_command command;
        syncplay_hub_config config = {.struct_size = sizes[i]};
        syncplay_hub_callbacks callbacks = {.struct_size = sizes[i]};
        syncplay_session_info session = {.struct_size = sizes[i]};
        syncplay_participant_info participant = {.struct_size = sizes[i]};
        syncplay_invitation_info invitation = {.struct_size = sizes[i]};
        char token[SYNCPLAY_TOKEN_SIZE] = "untouched";
        syncplay_hub *hub = party.hub, *other = NULL;
        int64_t now = party.now;
        syncplay_id id;
        REFUSES(ARGUMENT, syncplay_hub_new(&other, 0, &config, NULL, NULL));
        REFUSES(ARGUMENT, syncplay_hub_new(&other, 0, NULL, &callbacks, NULL));
        assert_null(other);
        user.struct_size = film.struct_size = sizes[i];
        NAMES("settings: struct_size", ARGUMENT, syncplay_hub_create(hub, now, &ana, &content, &settings, &id));
        NAMES("content: struct_size", ARGUMENT, syncplay_hub_create(hub, now, &ana, &film, NULL, &id));
        NAMES("host: struct_size", ARGUMENT, syncplay_hub_create(hub, now, &user, &content, NULL, &id));
        NAMES("user: struct_size", ARGUMENT, syncplay_hub_connect(hub, now, 9, &user));
        syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_SETTINGS);
        command.settings = &settings;
        NAMES("settings: struct_size", ARGUMENT, syncplay_hub_submit(hub, now, ANA, &command));
        command.kind = SYNCPLAY_COMMAND_CONTENT;
        command.content = &film;
        NAMES("content: struct_size", ARGUMENT, syncplay_hub_submit(hub, now, ANA, &command));
        command.kind = SYNCPLAY_COMMAND_PAUSE; /* of which neither is a field */
        assert_int_equal(syncplay_hub_submit(hub, now, ANA, &command), SYNCPLAY_OK);
        NAMES("user: struct_size", ARGUMENT, syncplay_hub_submit_for(hub, now, &party.session, &user, &command));
        command.struct_size = sizes[i];
        NAMES("command: struct_size", ARGUMENT, syncplay_hub_submit(hub, now, ANA, &command));
        syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_INVITE);
        NAMES("info: struct_size", ARGUMENT,
              syncplay_hub_invite(hub, now, &party.session, &ana, &command, &invitation, token));
        assert_string_equal(token, "untouched");
        REFUSES(ARGUMENT, syncplay_hub_session(hub, now, &party.session, &session));
        REFUSES(ARGUMENT, syncplay_hub_participant(hub, &party.session, 0, &participant));
        NAMES("author: struct_size", ARGUMENT,
              syncplay_hub_restore_chat(hub, &party.session, &ana.id, &user, "hello", UNIX_START));
    }
    party_close(&party);
}

static void test_absurd_times(void **state)
{
    syncplay_session_info info = {.struct_size = sizeof info};
    syncplay_hub_config config;
    syncplay_hub *hub = NULL;
    size_t length;
    (void)state;
    REFUSES(ARGUMENT, syncplay_hub_new(&hub, NOW_MAX + 1, NULL, NULL, NULL));
    REFUSES(ARGUMENT, syncplay_hub_new(&hub, -NOW_MAX - 1, NULL, NULL, NULL));
    syncplay_hub_config_default(&config, sizeof config);
    config.unix_time = -1;
    REFUSES(ARGUMENT, syncplay_hub_new(&hub, 0, &config, NULL, NULL));
    config.unix_time = (INT64_C(1) << 53) + 1;
    REFUSES(ARGUMENT, syncplay_hub_new(&hub, 0, &config, NULL, NULL));
    assert_null(hub);
    config.unix_time--;
    assert_int_equal(syncplay_hub_new(&hub, -NOW_MAX, &config, NULL, NULL), SYNCPLAY_OK);
    assert_true(syncplay_hub_unix(hub, INT64_MAX) == syncplay_hub_unix(hub, NOW_MAX));
    assert_true(syncplay_hub_unix(hub, INT64_MIN) == config.unix_time);
    syncplay_hub_free(hub);

    party_open(&party);
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"settings\",\"wait\":\"nobody\"}"), SYNCPLAY_OK);
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"play\"}"), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_tick(party.hub, party.now += 30 * SECOND), SYNCPLAY_OK);
    int64_t position = 0;
    for (int i = 0; i < 2; i++) { /* time does not go back for a question */
        assert_int_equal(syncplay_hub_session(party.hub, i ? INT64_MIN : party.now, &party.session, &info), SYNCPLAY_OK);
        assert_true(info.position > 0 && (i == 0 || info.position == position));
        position = info.position;
    }
    assert_int_equal(syncplay_hub_session(party.hub, INT64_MAX, &party.session, &info), SYNCPLAY_OK);
    assert_true(info.position == SYNCPLAY_POSITION_MAX);
    assert_int_equal(syncplay_hub_state(party.hub, INT64_MAX, &party.session, NULL, NULL, 0, &length),
                     SYNCPLAY_ERROR_BUFFER);
    char *saved = party_save(&party, &party.session, &length);
    NAMES("now", ARGUMENT, syncplay_hub_tick(party.hub, NOW_MAX + 1));
    NAMES("now", ARGUMENT, syncplay_hub_end(party.hub, INT64_MAX, &party.session, SYNCPLAY_REASON_NONE));
    assert_int_equal(syncplay_hub_end(party.hub, party.now, &party.session, SYNCPLAY_REASON_NONE), SYNCPLAY_OK);
    static const int64_t alive[] = {INT64_MIN, 0, INT64_MAX};
    for (size_t i = 0; i < sizeof alive / sizeof *alive; i++) {
        assert_int_equal(syncplay_hub_restore(party.hub, party.now, saved, length, alive[i], NULL), SYNCPLAY_OK);
        assert_int_equal(syncplay_hub_end(party.hub, party.now, &party.session, SYNCPLAY_REASON_NONE), SYNCPLAY_OK);
    }
    free(saved);
    assert_int_equal(syncplay_hub_tick(party.hub, NOW_MAX), SYNCPLAY_OK);
    party_close(&party);
}

/* --- From inside of a question, which a const function may ask as well */

static unsigned tries;

static bool permit_and_try(void *user_data, const syncplay_id *user, syncplay_permission permission)
{
    syncplay_id changed;
    (void)user_data;
    (void)user;
    (void)permission;
    tries++;
    REFUSES(REENTRANT, syncplay_hub_end(party.hub, party.now, &party.session, SYNCPLAY_REASON_NONE));
    assert_int_equal(syncplay_hub_take_changed(party.hub, &changed, 1), 0);
    return true;
}

static void tell_and_ask(void *user_data, const uint64_t *connections, size_t count, const char *bytes, size_t length)
{
    syncplay_participant_info info = {.struct_size = sizeof info};
    unsigned before = tries;
    (void)user_data;
    (void)connections;
    (void)count;
    (void)bytes;
    (void)length;
    assert_int_equal(syncplay_hub_participant(party.hub, &party.session, 1, &info), SYNCPLAY_OK);
    assert_true(tries > before);
    REFUSES(REENTRANT, syncplay_hub_tick(party.hub, party.now)); /* it was asked, and is told all the same */
}

static void test_const_questions_change_nothing(void **state)
{
    syncplay_hub_callbacks callbacks;
    syncplay_participant_info info = {.struct_size = sizeof info};
    syncplay_id changed, ben = party_user(BEN).id;
    size_t length;
    (void)state;
    party_init(&party);
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.has_permission = permit_and_try;
    assert_int_equal(syncplay_hub_new(&party.hub, party.now, &party.config, &callbacks, NULL), SYNCPLAY_OK);
    assert_int_equal(party_create(&party, ANA, SYNCPLAY_PUBLIC), SYNCPLAY_OK);
    assert_int_equal(party_connect(&party, BEN, BEN), SYNCPLAY_OK);
    assert_int_equal(party_join(&party, BEN), SYNCPLAY_OK);
    tries = 0;
    assert_int_equal(syncplay_hub_participant(party.hub, &party.session, 1, &info), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_participant_of(party.hub, &party.session, &ben, &info), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_state(party.hub, party.now, &party.session, &ben, NULL, 0, &length),
                     SYNCPLAY_ERROR_BUFFER);
    assert_true(tries >= 3);
    assert_string_equal(info.name, "Ben");
    assert_int_equal(syncplay_hub_take_changed(party.hub, &changed, 1), 1); /* afterwards everything can be changed */
    assert_int_equal(syncplay_hub_end(party.hub, party.now, &party.session, SYNCPLAY_REASON_NONE), SYNCPLAY_OK);
    syncplay_hub_free(party.hub);
}

static void test_a_question_inside_a_callback(void **state)
{
    syncplay_hub_callbacks callbacks;
    (void)state;
    party_init(&party);
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.has_permission = permit_and_try;
    callbacks.deliver = tell_and_ask;
    assert_int_equal(syncplay_hub_new(&party.hub, party.now, &party.config, &callbacks, NULL), SYNCPLAY_OK);
    assert_int_equal(party_create(&party, ANA, SYNCPLAY_PUBLIC), SYNCPLAY_OK);
    assert_int_equal(party_connect(&party, BEN, BEN), SYNCPLAY_OK);
    tries = 0;
    assert_int_equal(party_join(&party, BEN), SYNCPLAY_OK);
    assert_true(tries > 2);
    syncplay_hub_free(party.hub);
}

/* A session that is over is told by its event; who takes what has changed then does not find it there. */
static void take_at_the_end(struct party *p, const syncplay_event *event)
{
    syncplay_id changed;
    if (event->kind == SYNCPLAY_EVENT_ENDED)
        assert_int_equal(syncplay_hub_take_changed(p->hub, &changed, 1), 0);
}

static void test_the_end_is_told_by_its_event(void **state)
{
    syncplay_id changed;
    (void)state;
    party_open(&party);
    party.on_event = take_at_the_end;
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"end\"}"), SYNCPLAY_OK);
    assert_int_equal(party.event.kind, SYNCPLAY_EVENT_ENDED);
    assert_int_equal(syncplay_hub_take_changed(party.hub, &changed, 1), 0);
    party_close(&party);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_a_hub),
        cmocka_unit_test(test_nowhere_to_answer),
        cmocka_unit_test(test_what_is_wrong_is_named),
        cmocka_unit_test(test_structs_without_a_size),
        cmocka_unit_test(test_absurd_times),
        cmocka_unit_test(test_const_questions_change_nothing),
        cmocka_unit_test(test_a_question_inside_a_callback),
        cmocka_unit_test(test_the_end_is_told_by_its_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
