/* What is missing, of the wrong type or out of range: each call says so by its error and names the field, and nothing changes. */
#include "party.h"

#include "code.h"
#include "hub.h"

static struct party party;
static const syncplay_id nobody;

#define REFUSES(error, call) assert_int_equal(call, SYNCPLAY_ERROR_##error)

static void test_missing_arguments(void **state)
{
    syncplay_session_info session = {.struct_size = sizeof session};
    syncplay_participant_info participant = {.struct_size = sizeof participant};
    syncplay_invitation_info invitation = {.struct_size = sizeof invitation};
    syncplay_removed_info removed = {.struct_size = sizeof removed};
    syncplay_user ana = party_user(ANA), none = {.struct_size = sizeof none, .name = "Nobody"};
    syncplay_content content = party_content();
    syncplay_command command;
    syncplay_id id;
    char token[SYNCPLAY_TOKEN_SIZE];
    (void)state;
    party_open(&party);
    syncplay_hub *hub = party.hub;
    REFUSES(ARGUMENT, syncplay_hub_tick(NULL, 0));
    assert_string_equal(syncplay_hub_why(NULL), "");
    REFUSES(ARGUMENT, syncplay_hub_find(NULL, party.code, 8, &id));
    REFUSES(ARGUMENT, syncplay_hub_find(hub, party.code, 8, NULL));
    REFUSES(NOT_FOUND, syncplay_hub_find(hub, NULL, 0, &id));
    REFUSES(ARGUMENT, syncplay_hub_session(hub, party.now, &party.session, NULL));
    REFUSES(NOT_FOUND, syncplay_hub_session(hub, party.now, NULL, &session));
    REFUSES(NOT_FOUND, syncplay_hub_participant(hub, &nobody, 0, &participant));
    REFUSES(NOT_FOUND, syncplay_hub_participant_of(hub, &nobody, &ana.id, &participant));
    REFUSES(NOT_FOUND, syncplay_hub_invitation(hub, party.now, &nobody, 0, &invitation));
    REFUSES(NOT_FOUND, syncplay_hub_removed(hub, party.now, &nobody, 0, &removed));
    REFUSES(ARGUMENT, syncplay_hub_create(hub, party.now, &ana, &content, NULL, NULL));
    REFUSES(ARGUMENT, syncplay_hub_create(hub, party.now, &none, &content, NULL, &id));
    REFUSES(NOT_FOUND, syncplay_hub_end(hub, party.now, &nobody, SYNCPLAY_REASON_NONE));
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_INVITE);
    REFUSES(ARGUMENT, syncplay_hub_submit(hub, party.now, ANA, NULL));
    REFUSES(NOT_FOUND, syncplay_hub_submit(hub, party.now, 77, &command));
    REFUSES(ARGUMENT, syncplay_hub_receive(hub, party.now, ANA, NULL, 0));
    REFUSES(NOT_FOUND, syncplay_hub_receive(hub, party.now, 77, "{}", 2));
    REFUSES(ARGUMENT, syncplay_hub_submit_for(hub, party.now, &party.session, &ana, NULL));
    REFUSES(ARGUMENT, syncplay_hub_submit_for(hub, party.now, &party.session, &ana, &command)); /* has a call of its own */
    REFUSES(ARGUMENT, syncplay_hub_invite(hub, party.now, &party.session, &ana, &command, NULL, token));
    REFUSES(ARGUMENT, syncplay_hub_invite(hub, party.now, &party.session, &ana, &command, &invitation, NULL));
    command.lifetime = 1;
    REFUSES(FIELD, syncplay_hub_invite(hub, party.now, &party.session, &ana, &command, &invitation, token));
    command.lifetime = INT64_MAX;
    REFUSES(FIELD, syncplay_hub_invite(hub, party.now, &party.session, &ana, &command, &invitation, token));
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_PLAY);
    REFUSES(ARGUMENT, syncplay_hub_submit_for(hub, party.now, &party.session, &none, &command));
    REFUSES(ARGUMENT, syncplay_hub_invite(hub, party.now, &party.session, &ana, &command, &invitation, token));
    command.kind = (syncplay_command_kind)77;
    REFUSES(ARGUMENT, syncplay_hub_submit_for(hub, party.now, &party.session, &ana, &command));
    command.kind = SYNCPLAY_COMMAND_PING;
    REFUSES(ARGUMENT, syncplay_hub_submit_for(hub, party.now, &party.session, &ana, &command));
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_JOIN); /* without a code */
    REFUSES(NOT_FOUND, syncplay_hub_submit(hub, party.now, ANA, &command));
    REFUSES(ARGUMENT, syncplay_hub_restore(hub, party.now, NULL, 0, 0, &id));
    REFUSES(ARGUMENT, syncplay_hub_restore_chat(NULL, &party.session, &ana.id, &ana, "hello", 0));
    REFUSES(ARGUMENT, syncplay_hub_restore_chat(hub, &party.session, NULL, &ana, "hello", 0));
    REFUSES(ARGUMENT, syncplay_hub_restore_chat(hub, &party.session, &ana.id, &ana, NULL, 0));
    REFUSES(ARGUMENT, syncplay_hub_restore_chat(hub, &party.session, &ana.id, &none, "hello", 0));
    REFUSES(FIELD, syncplay_hub_restore_chat(hub, &party.session, &ana.id, &ana, "", 0));
    REFUSES(FIELD, syncplay_hub_restore_chat(hub, &party.session, &ana.id, &ana, "no \xff text", 0));
    REFUSES(FIELD, syncplay_hub_restore_chat(hub, &party.session, &ana.id, &ana, "hello", -1));
    REFUSES(FIELD, syncplay_hub_restore_chat(hub, &party.session, &ana.id, &ana, "hello", INT64_MAX));
    REFUSES(NOT_FOUND, syncplay_hub_restore_chat(hub, &nobody, &ana.id, &ana, "hello", 0));
    party_close(&party);
}

static void test_a_follower_that_is_missing(void **state)
{
    syncplay_advice advice = {.struct_size = sizeof advice};
    syncplay_follower_status status = {.struct_size = sizeof status};
    syncplay_player_profile profile = {.struct_size = sizeof profile};
    (void)state;
    assert_true(syncplay_follower_deadline(NULL) == SYNCPLAY_NEVER);
    REFUSES(ARGUMENT, syncplay_follower_advise(NULL, 0, &advice));
    REFUSES(ARGUMENT, syncplay_follower_status_at(NULL, 0, &status));
    REFUSES(ARGUMENT, syncplay_follower_profile(NULL, &profile));
    REFUSES(ARGUMENT, syncplay_follower_tick(NULL, 0));
    assert_true(syncplay_follower_server_time(NULL, 0) == 0);
    assert_true(syncplay_follower_local_time(NULL, 0) == SYNCPLAY_NEVER);
    assert_string_equal(syncplay_follower_why(NULL), "");
}

/* Ana submits it; the sentence names the field. */
static void refused(const syncplay_command *command, const char *field)
{
    syncplay_user ana = party_user(ANA);
    size_t length, told = party.told;
    char *before = party_save(&party, &party.session, &length);
    REFUSES(FIELD, syncplay_hub_submit_for(party.hub, party.now, &party.session, &ana, command));
    if (!strstr(syncplay_hub_why(party.hub), field))
        fail_msg("%s is not named: %s", field, syncplay_hub_why(party.hub));
    char *after = party_save(&party, &party.session, &length);
    assert_string_equal(after, before);
    assert_int_equal(party.told, told);
    free(before);
    free(after);
}

#define REFUSED(KIND, set, field)                                                                                      \
    do {                                                                                                               \
        syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_##KIND);                                   \
        set;                                                                                                           \
        refused(&command, field);                                                                                      \
    } while (0)

static void test_typed_commands(void **state)
{
    static char long_text[2 * SYNCPLAY_URL_MAX + 2];
    syncplay_command command;
    (void)state;
    memset(long_text, 'x', sizeof long_text - 1);
    party_open(&party);
    REFUSED(SEEK, command.position = SYNCPLAY_UNSET, "position_ms");
    REFUSED(SEEK, command.position = SYNCPLAY_POSITION_MAX + 1, "position_ms");
    REFUSED(PLAY, command.position = -2, "position_ms");
    REFUSED(SPEED, command.speed = SYNCPLAY_SPEED_MIN - 1, "playback_speed");
    REFUSED(SPEED, command.speed = SYNCPLAY_SPEED_MAX + 1, "playback_speed");
    REFUSED(READY, command.readiness = (syncplay_readiness)3, "readiness");
    REFUSED(READY, command.buffered = SYNCPLAY_UNSET - 1, "buffered_ms");
    REFUSED(CHAT, (command.text = "hello", command.client_id = ""), "id");
    REFUSED(PLAY, command.client_id = long_text, "command_id");
    REFUSED(ROLE, (command.role_mask = SYNCPLAY_SET_ROLE, command.role = SYNCPLAY_ROLE_HOST), "role");
    REFUSED(ROLE, (command.role_mask = SYNCPLAY_SET_ROLE, command.role = SYNCPLAY_ROLE_NONE), "role");
    REFUSED(ROLE, (command.role_mask = SYNCPLAY_SET_ROLE, command.role = (syncplay_role)5), "role");
    REFUSED(ROLE, (command.role_mask = SYNCPLAY_SET_DENY, command.deny = 1u << 31), "deny");
    for (unsigned i = 0; i < 4; i++) {
        static const char *const fields[] = {"visibility", "control", "strangers", "wait"};
        static const uint32_t masks[] = {SYNCPLAY_SETTING_VISIBILITY, SYNCPLAY_SETTING_CONTROL, SYNCPLAY_SETTING_STRANGERS,
                                         SYNCPLAY_SETTING_WAIT};
        syncplay_settings settings = {.struct_size = sizeof settings, .visibility = (syncplay_visibility)9,
                                      .control = (syncplay_control)9, .strangers = (syncplay_strangers)9,
                                      .wait = (syncplay_wait)9};
        REFUSED(SETTINGS, (command.settings = &settings, command.settings_mask = masks[i]), fields[i]);
    }
    syncplay_content content = party_content();
    content.url = long_text;
    REFUSED(CONTENT, command.content = &content, "url");
    content = party_content();
    content.id = nobody;
    REFUSED(CONTENT, command.content = &content, "content_id");
    content = party_content();
    content.type = "\xff";
    REFUSED(CONTENT, command.content = &content, "content_type must be UTF-8");
    content = party_content();
    content.title = "\xff";
    REFUSED(CONTENT, command.content = &content, "title must be UTF-8");
    content = party_content();
    content.url = "\xff";
    REFUSED(CONTENT, command.content = &content, "url must be UTF-8");
    party_close(&party);
}

/* Where chat is switched off it cannot be switched on, nor used. */
static void test_chat_that_is_switched_off(void **state)
{
    (void)state;
    party_init(&party);
    party.config.chat_enabled = false;
    party_open_hub(&party);
    assert_int_equal(party_create(&party, ANA, SYNCPLAY_PUBLIC), SYNCPLAY_OK);
    assert_int_equal(party_connect(&party, ANA, ANA), SYNCPLAY_OK);
    assert_int_equal(party_join(&party, ANA), SYNCPLAY_OK);
    REFUSES(CHAT_DISABLED, party_say(&party, ANA, "{\"type\":\"settings\",\"chat_enabled\":true}"));
    REFUSES(CHAT_DISABLED, party_say(&party, ANA, "{\"type\":\"chat\",\"message\":\"hello\"}"));
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"settings\",\"chat_enabled\":false}"), SYNCPLAY_OK);
    party_close(&party);
}

static void test_fields_of_messages(void **state)
{
    static const char *const cases[][2] = {
        {"\"type\":\"join\",\"session_code\":\"ABCD\",\"invitation\":1", "invitation"},
        {"\"type\":\"join\",\"session_code\":\"ABCD\",\"resume_token\":1", "resume_token"},
        {"\"type\":\"join\",\"session_code\":\"ABCD\",\"cursor\":-1", "cursor"},
        {"\"type\":\"ping\",\"timestamp\":1,\"held_ms\":-1", "held_ms"},
        {"\"type\":\"ping\",\"timestamp\":1,\"held_ms\":\"long\"", "held_ms"},
        {"\"type\":\"mute\",\"user_id\":\"ab000000-0000-0000-0000-000000000002\"", "muted"},
        {"\"type\":\"delete\",\"id\":7", "id"},
        {"\"type\":\"revoke\",\"invitation_id\":\"x\"", "invitation_id"},
        {"\"type\":\"role\",\"role\":\"viewer\"", "user_id"}};
    (void)state;
    party_open(&party);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char message[200];
        snprintf(message, sizeof message, "{%s}", cases[i][0]);
        REFUSES(FIELD, party_say(&party, ANA, message));
        assert_true(party_last_has(&party, "bad_field"));
        assert_true(strncmp(syncplay_hub_why(party.hub), cases[i][1], strlen(cases[i][1])) == 0);
    }
    party_close(&party);
}

static void test_names(void **state)
{
    (void)state;
#define NAMES(function, type, first, ...)                                                                              \
    do {                                                                                                               \
        static const char *const names[] = {__VA_ARGS__};                                                              \
        for (int i = 0; i < (int)(sizeof names / sizeof *names); i++)                                                  \
            assert_string_equal(function((type)(first + i)), names[i]);                                                \
        assert_string_equal(function((type)(first - 1)), "unknown");                                                   \
        assert_string_equal(function((type)(first + (int)(sizeof names / sizeof *names))), "unknown");                 \
    } while (0)
    NAMES(syncplay_visibility_name, syncplay_visibility, 0, "public", "private", "friends");
    NAMES(syncplay_control_name, syncplay_control, 0, "everyone", "host");
    NAMES(syncplay_strangers_name, syncplay_strangers, 0, "refuse", "knock");
    NAMES(syncplay_wait_name, syncplay_wait, 0, "everyone", "controllers", "nobody");
    NAMES(syncplay_phase_name, syncplay_phase, 0, "idle", "waiting", "playing", "paused");
    NAMES(syncplay_action_name, syncplay_action, 1, "play", "pause", "seek");
    NAMES(syncplay_role_name, syncplay_role, 1, "host", "controller", "viewer", "chat_only");
    NAMES(syncplay_invitation_change_name, syncplay_invitation_change, 1, "created", "used", "revoked");
    NAMES(syncplay_permission_name, syncplay_permission, 1, "syncplay.create", "syncplay.join", "syncplay.host_controls");
#undef NAMES
    assert_string_equal(syncplay_right_name((syncplay_right)(1 << 30)), "unknown");
    assert_string_equal(syncplay_change_name((syncplay_change)99), "unknown");
    assert_string_equal(syncplay_reason_name((syncplay_reason)99), "unknown");
}

/* What lies behind the end of a shorter struct is not looked at, in a command neither. */
static void test_shorter_content_in_a_command(void **state)
{
    syncplay_content content = party_content();
    syncplay_command command;
    syncplay_user ana = party_user(ANA);
    size_t length;
    (void)state;
    party_open(&party);
    content.type = "episode";
    content.struct_size = offsetof(syncplay_content, title);
    content.title = "not known yet";
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_CONTENT);
    command.content = &content;
    assert_int_equal(syncplay_hub_submit_for(party.hub, party.now, &party.session, &ana, &command), SYNCPLAY_OK);
    char *saved = party_save(&party, &party.session, &length);
    assert_non_null(strstr(saved, "\"episode\""));
    assert_null(strstr(saved, "not known yet"));
    free(saved);
    party_close(&party);
}

static void test_a_player_of_no_known_kind(void **state)
{
    syncplay_player_profile generic, other;
    (void)state;
    syncplay_player_profile_default(&generic, sizeof generic, SYNCPLAY_PLAYER_GENERIC);
    syncplay_player_profile_default(&other, sizeof other, (syncplay_player_kind)99);
    assert_memory_equal(&generic, &other, sizeof generic);
    syncplay_player_profile_default(&other, sizeof other, SYNCPLAY_PLAYER_MPV);
    assert_int_equal(other.nudge_loss, -6000); /* measured */
}

static void test_codes_in_small_letters(void **state)
{
    char code[SYNCPLAY_CODE_SIZE];
    (void)state;
    assert_true(syncplay_code_normalise("azaz-zaza", 9, code));
    assert_string_equal(code, "AZAZZAZA");
    assert_int_equal(syncplay_code_shard(code, 0), 0); /* no shards at all */
}

static unsigned draws_left;

static bool draw(void *user_data, void *bytes, size_t length)
{
    (void)user_data;
    memset(bytes, (int)draws_left, length);
    return draws_left-- > 0;
}

/* Whichever draw fails: no session without an id, none without a code. */
static void test_random_bytes_that_end(void **state)
{
    syncplay_hub_callbacks callbacks;
    syncplay_content content = party_content();
    syncplay_user ana = party_user(ANA);
    syncplay_hub *hub;
    syncplay_id id;
    (void)state;
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.entropy = draw;
    assert_int_equal(syncplay_hub_new(&hub, 0, NULL, &callbacks, NULL), SYNCPLAY_OK);
    for (unsigned draws = 0; draws < 2; draws++) {
        draws_left = draws;
        REFUSES(ENTROPY, syncplay_hub_create(hub, 0, &ana, &content, NULL, &id));
    }
    assert_int_equal(syncplay_hub_count(hub), 0);
    draws_left = 2;
    assert_int_equal(syncplay_hub_create(hub, 0, &ana, &content, NULL, &id), SYNCPLAY_OK);
    for (unsigned draws = 0; draws < 3; draws++) { /* its id, and its token */
        syncplay_command command;
        syncplay_invitation_info info = {.struct_size = sizeof info};
        char token[SYNCPLAY_TOKEN_SIZE];
        syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_INVITE);
        draws_left = draws;
        int expected = draws < 2 ? SYNCPLAY_ERROR_ENTROPY : SYNCPLAY_OK;
        assert_int_equal(syncplay_hub_invite(hub, 0, &id, &ana, &command, &info, token), expected);
        assert_int_equal(syncplay_hub_invitation(hub, 0, &id, 0, &info), draws < 2 ? SYNCPLAY_ERROR_NOT_FOUND : SYNCPLAY_OK);
    }
    syncplay_hub_free(hub);
}

/* Another id each time, but always the same code. */
static bool draw_one_code(void *user_data, void *bytes, size_t length)
{
    unsigned *draws = user_data;
    memset(bytes, length == CODE_RANDOM_BYTES ? 7 : (int)*draws + 1, length);
    ++*draws;
    return true;
}

/* A code that is taken is drawn again, but not for ever; and so is one of a session that has just ended. */
static void test_codes_that_run_out(void **state)
{
    syncplay_hub_callbacks callbacks;
    syncplay_content content = party_content();
    syncplay_user ana = party_user(ANA);
    syncplay_hub *hub;
    syncplay_id first, id;
    unsigned draws = 0;
    (void)state;
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.entropy = draw_one_code;
    assert_int_equal(syncplay_hub_new(&hub, 0, NULL, &callbacks, &draws), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_create(hub, 0, &ana, &content, NULL, &first), SYNCPLAY_OK);
    for (int round = 0; round < 2; round++) {
        draws = 100;
        REFUSES(LIMIT, syncplay_hub_create(hub, 0, &ana, &content, NULL, &id));
        assert_int_equal(draws, 100 + 1 + CODE_TRIES); /* one for the id */
        assert_non_null(strstr(syncplay_hub_why(hub), "code_length"));
        syncplay_hub_end(hub, 0, &first, SYNCPLAY_REASON_HOST);
    }
    assert_int_equal(syncplay_hub_count(hub), 0);
    syncplay_hub_free(hub);
}

/* Who comes back gets no token then, and keeps the seat all the same. */
static void test_no_random_bytes_for_a_token(void **state)
{
    char join[200];
    (void)state;
    party_open(&party);
    party_keep(&party);
    assert_int_equal(syncplay_hub_disconnect(party.hub, party.now, BEN), SYNCPLAY_OK);
    assert_int_equal(party_connect(&party, BEN, BEN), SYNCPLAY_OK);
    party.entropy_fails = true;
    snprintf(join, sizeof join, "{\"type\":\"join\",\"session_code\":\"%s\",\"resume_token\":\"%s\",\"cursor\":%s}",
             party.code, party.resume_token, party.cursor);
    assert_int_equal(party_say(&party, BEN, join), SYNCPLAY_OK);
    assert_true(party_last_has(&party, "\"type\":\"resumed\""));
    assert_false(party_last_has(&party, "resume_token"));
    party_close(&party);
}

static void test_the_operator_ends_it(void **state)
{
    (void)state;
    party_open(&party);
    assert_int_equal(syncplay_hub_end(party.hub, party.now, &party.session, SYNCPLAY_REASON_OPERATOR), SYNCPLAY_OK);
    assert_true(party_last_has(&party, "\"reason\":\"operator\""));
    assert_true(party_last_has(&party, "whoever runs this server"));
    party_close(&party);
}

/* Without friends' callback nobody is a friend; without random bytes a join comes in all the same, without a token. */
static void test_what_the_host_application_does_not_know(void **state)
{
    syncplay_settings settings;
    syncplay_content content = party_content();
    syncplay_user ana = party_user(ANA), ben = party_user(BEN);
    syncplay_command join;
    syncplay_hub *hub;
    syncplay_id id;
    (void)state;
    syncplay_settings_default(&settings, sizeof settings);
    settings.visibility = SYNCPLAY_FRIENDS;
    assert_int_equal(syncplay_hub_new(&hub, 0, NULL, NULL, NULL), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_create(hub, 0, &ana, &content, &settings, &id), SYNCPLAY_OK);
    syncplay_command_default(&join, sizeof join, SYNCPLAY_COMMAND_JOIN);
    REFUSES(FORBIDDEN, syncplay_hub_submit_for(hub, 0, &id, &ben, &join));
    syncplay_hub_free(hub);
    party_open(&party);
    assert_int_equal(party_connect(&party, CLEO, CLEO), SYNCPLAY_OK);
    party.entropy_fails = true;
    assert_int_equal(party_join(&party, CLEO), SYNCPLAY_OK);
    assert_true(party_last_has(&party, "\"type\":\"state\"") && !party_last_has(&party, "resume_token"));
    REFUSES(ENTROPY, party_say(&party, ANA, "{\"type\":\"invite\"}"));
    party.entropy_fails = false;
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"invite\",\"command_id\":\"c1\"}"), SYNCPLAY_OK);
    assert_true(party_last_has(&party, "\"command_id\":\"c1\""));
    party_close(&party);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_missing_arguments),
        cmocka_unit_test(test_a_follower_that_is_missing),
        cmocka_unit_test(test_typed_commands),
        cmocka_unit_test(test_chat_that_is_switched_off),
        cmocka_unit_test(test_fields_of_messages),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_codes_in_small_letters),
        cmocka_unit_test(test_shorter_content_in_a_command),
        cmocka_unit_test(test_a_player_of_no_known_kind),
        cmocka_unit_test(test_random_bytes_that_end),
        cmocka_unit_test(test_codes_that_run_out),
        cmocka_unit_test(test_no_random_bytes_for_a_token),
        cmocka_unit_test(test_the_operator_ends_it),
        cmocka_unit_test(test_what_the_host_application_does_not_know),
    };
    return cmocka_run_group_tests_name("refused", tests, NULL, NULL);
}
