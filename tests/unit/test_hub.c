/* The contracts of the public API: what each call promises when it is used wrongly, and at its limits. */
#include "party.h"

static void test_a_hub_by_default(void **state)
{
    syncplay_hub *hub = NULL;
    (void)state;
    assert_int_equal(syncplay_hub_new(&hub, 0, NULL, NULL, NULL), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_count(hub), 0);
    assert_true(syncplay_hub_deadline(hub) == SYNCPLAY_NEVER);
    assert_string_equal(syncplay_hub_why(hub), "");
    syncplay_hub_free(hub);
    syncplay_hub_free(NULL);
    assert_int_equal(syncplay_hub_new(NULL, 0, NULL, NULL, NULL), SYNCPLAY_ERROR_ARGUMENT);
}

/* A program that was compiled when the structs were shorter: what it does not know has its default. */
static void test_shorter_structs(void **state)
{
    struct {
        size_t struct_size;
        int64_t unix_time;
        uint32_t max_sessions;
    } old_config = {offsetof(syncplay_hub_config, max_participants), UNIX_START, 1};
    syncplay_hub *hub;
    syncplay_id session;
    syncplay_user user = party_user(ANA);
    syncplay_content content = party_content();
    unsigned char bytes[sizeof(syncplay_session_info)];
    (void)state;
    content.struct_size = offsetof(syncplay_content, title);
    assert_int_equal(syncplay_hub_new(&hub, 0, (const syncplay_hub_config *)&old_config, NULL, NULL), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_create(hub, 0, &user, &content, NULL, &session), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_create(hub, 0, &user, &content, NULL, &session), SYNCPLAY_ERROR_LIMIT);
    assert_non_null(strstr(syncplay_hub_why(hub), "max_sessions = 1"));
    memset(bytes, 0x5a, sizeof bytes);
    syncplay_session_info *info = (syncplay_session_info *)(void *)bytes;
    info->struct_size = offsetof(syncplay_session_info, settings);
    assert_int_equal(syncplay_hub_session(hub, 0, &session, info), SYNCPLAY_OK);
    assert_true(syncplay_id_equal(&info->host_user_id, &user.id));
    assert_int_equal(info->struct_size, offsetof(syncplay_session_info, settings));
    for (size_t i = offsetof(syncplay_session_info, settings); i < sizeof bytes; i++)
        assert_int_equal(bytes[i], 0x5a);
    syncplay_session_info whole = {.struct_size = sizeof whole};
    assert_int_equal(syncplay_hub_session(hub, 0, &session, &whole), SYNCPLAY_OK);
    assert_null(whole.content->title);
    assert_int_equal(whole.settings->max_participants, 20);
    /* What a struct points to has a size of its own. */
    syncplay_settings old_settings = {.struct_size = offsetof(syncplay_settings, chat_enabled),
                                      .control = SYNCPLAY_CONTROL_HOST,
                                      .strangers = (syncplay_strangers)77};
    syncplay_command command;
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_SETTINGS);
    command.settings = &old_settings;
    command.settings_mask = SYNCPLAY_SETTING_CONTROL | SYNCPLAY_SETTING_STRANGERS;
    assert_int_equal(syncplay_hub_submit_for(hub, 0, &session, &user, &command), SYNCPLAY_OK);
    assert_int_equal(whole.settings->control, SYNCPLAY_CONTROL_HOST);
    assert_int_equal(whole.settings->strangers, SYNCPLAY_STRANGERS_REFUSE);
    command.settings = NULL;
    assert_int_equal(syncplay_hub_submit_for(hub, 0, &session, &user, &command), SYNCPLAY_ERROR_ARGUMENT);
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_CONTENT);
    assert_int_equal(syncplay_hub_submit_for(hub, 0, &session, &user, &command), SYNCPLAY_ERROR_ARGUMENT);
    syncplay_hub_free(hub);
}

static void test_no_struct_to_fill_in(void **state)
{
    syncplay_hub_config config;
    (void)state;
    syncplay_hub_config_default(NULL, sizeof config);
    memset(&config, 0x5a, sizeof config);
    syncplay_hub_config_default(&config, sizeof config.struct_size - 1); /* not even room for its size */
    assert_int_equal(((unsigned char *)&config)[0], 0x5a);
}

static void test_the_version(void **state)
{
    char text[40];
    (void)state;
    snprintf(text, sizeof text, "%d.%d.%d", SYNCPLAY_VERSION_MAJOR, SYNCPLAY_VERSION_MINOR, SYNCPLAY_VERSION_PATCH);
    assert_string_equal(syncplay_version(), text);
}

static void test_each_error_has_its_words(void **state)
{
    (void)state;
#define CHECK_ROW(name, number, code, sentence)                                                                        \
    assert_string_equal(syncplay_strerror(number), sentence);                                                          \
    assert_string_equal(syncplay_error_code(number), code);
    SYNCPLAY_ERRORS(CHECK_ROW)
#undef CHECK_ROW
    assert_string_equal(syncplay_strerror(1), "unknown error");
    assert_string_equal(syncplay_error_code(-1000), "unknown");
}

static unsigned reentrant_calls;

static void try_to_change(struct party *party, const syncplay_event *event)
{
    syncplay_user user = party_user(CLEO);
    syncplay_content content = party_content();
    syncplay_command command;
    syncplay_id id;
    syncplay_session_info info = {.struct_size = sizeof info};
    syncplay_hub *hub = party->hub;
    int64_t now = party->now;
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_PLAY);
    assert_int_equal(syncplay_hub_tick(hub, now), SYNCPLAY_ERROR_REENTRANT);
    assert_int_equal(syncplay_hub_create(hub, now, &user, &content, NULL, &id), SYNCPLAY_ERROR_REENTRANT);
    assert_int_equal(syncplay_hub_end(hub, now, &event->session, SYNCPLAY_REASON_HOST), SYNCPLAY_ERROR_REENTRANT);
    assert_int_equal(syncplay_hub_connect(hub, now, 9, &user), SYNCPLAY_ERROR_REENTRANT);
    assert_int_equal(syncplay_hub_disconnect(hub, now, ANA), SYNCPLAY_ERROR_REENTRANT);
    assert_int_equal(syncplay_hub_submit(hub, now, ANA, &command), SYNCPLAY_ERROR_REENTRANT);
    assert_int_equal(syncplay_hub_submit_for(hub, now, &event->session, &user, &command), SYNCPLAY_ERROR_REENTRANT);
    assert_int_equal(syncplay_hub_receive(hub, now, ANA, "{}", 2), SYNCPLAY_ERROR_REENTRANT);
    assert_int_equal(syncplay_hub_round_trip(hub, now, ANA, 1), SYNCPLAY_ERROR_REENTRANT);
    assert_int_equal(syncplay_hub_invite(hub, now, &event->session, &user, &command, NULL, NULL),
                     SYNCPLAY_ERROR_REENTRANT);
    assert_int_equal(syncplay_hub_restore(hub, now, "{}", 2, 0, &id), SYNCPLAY_ERROR_REENTRANT);
    syncplay_hub_free(hub);                                                                /* ignored */
    assert_int_equal(syncplay_hub_session(hub, now, &event->session, &info), SYNCPLAY_OK); /* asking is allowed */
    reentrant_calls++;
}

static void test_callbacks_may_ask_but_not_change(void **state)
{
    struct party party;
    (void)state;
    party_open(&party);
    party.on_event = try_to_change;
    reentrant_calls = 0;
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"ready\",\"buffered_ms\":5000}"), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_end(party.hub, party.now, &party.session, SYNCPLAY_REASON_SHUTDOWN), SYNCPLAY_OK);
    assert_int_equal(reentrant_calls, 2);
    assert_int_equal(party.event.kind, SYNCPLAY_EVENT_ENDED);
    party.on_event = NULL;
    assert_int_equal(syncplay_hub_count(party.hub), 0);
    party_close(&party);
}

/* The questions that the hub asks in the middle of a call are no occasion to change anything either. */
static bool permit_and_try(void *user_data, const syncplay_id *user, syncplay_permission permission)
{
    struct party *party = user_data;
    (void)user;
    assert_int_equal(syncplay_hub_tick(party->hub, party->now), SYNCPLAY_ERROR_REENTRANT);
    assert_true(permission >= SYNCPLAY_PERMISSION_CREATE && permission <= SYNCPLAY_PERMISSION_HOST_CONTROLS);
    reentrant_calls++;
    return true;
}

static void test_questions_change_nothing(void **state)
{
    struct party party;
    syncplay_hub_callbacks callbacks;
    (void)state;
    party_init(&party);
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.has_permission = permit_and_try;
    assert_int_equal(syncplay_hub_new(&party.hub, party.now, &party.config, &callbacks, &party), SYNCPLAY_OK);
    reentrant_calls = 0;
    assert_int_equal(party_create(&party, ANA, SYNCPLAY_PUBLIC), SYNCPLAY_OK);
    assert_int_equal(reentrant_calls, 1);
    assert_int_equal(party_connect(&party, BEN, BEN), SYNCPLAY_OK);
    assert_int_equal(party_join(&party, BEN), SYNCPLAY_OK); /* to come in, and to tell what Ben may do */
    assert_int_equal(reentrant_calls, 3);
    assert_int_equal(party_say(&party, BEN, "{\"type\":\"play\"}"), SYNCPLAY_OK);
    assert_int_equal(reentrant_calls, 4);
    syncplay_hub_free(party.hub);
}

static const char *refuse_and_try(void *user_data, const syncplay_content *content)
{
    struct party *party = user_data;
    assert_int_equal(syncplay_hub_tick(party->hub, party->now), SYNCPLAY_ERROR_REENTRANT);
    return content->url ? "url: 100% of them are refused here" : NULL;
}

static void test_content_is_refused(void **state)
{
    static const char good[] = "{\"type\":\"content\",\"content_type\":\"movie\","
                               "\"content_id\":\"00000000-0000-4000-8000-0000000000aa\"}";
    static const char bad[] = "{\"type\":\"content\",\"content_type\":\"movie\",\"url\":\"javascript:1\","
                              "\"content_id\":\"00000000-0000-4000-8000-0000000000bb\"}";
    struct party party;
    syncplay_hub_callbacks callbacks;
    syncplay_session_info info = {.struct_size = sizeof info};
    syncplay_content content;
    syncplay_user ana = party_user(ANA);
    syncplay_id id;
    (void)state;
    syncplay_content_default(&content, sizeof content);
    content.type = "movie";
    content.id = ana.id;
    party_init(&party);
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.refuse_content = refuse_and_try;
    assert_int_equal(syncplay_hub_new(&party.hub, party.now, &party.config, &callbacks, &party), SYNCPLAY_OK);
    assert_int_equal(party_create(&party, ANA, SYNCPLAY_PUBLIC), SYNCPLAY_OK);
    assert_int_equal(party_connect(&party, ANA, ANA), SYNCPLAY_OK);
    assert_int_equal(party_join(&party, ANA), SYNCPLAY_OK);
    assert_int_equal(party_say(&party, ANA, good), SYNCPLAY_OK);
    assert_int_equal(party_say(&party, ANA, bad), SYNCPLAY_ERROR_FIELD);
    assert_string_equal(syncplay_hub_why(party.hub), "url: 100% of them are refused here");
    assert_int_equal(syncplay_hub_session(party.hub, party.now, &party.session, &info), SYNCPLAY_OK);
    assert_int_equal(info.content->id.bytes[15], 0xaa);
    content.url = "javascript:1";
    assert_int_equal(syncplay_hub_create(party.hub, party.now, &ana, &content, NULL, &id), SYNCPLAY_ERROR_FIELD);
    content.url = NULL;
    assert_int_equal(syncplay_hub_create(party.hub, party.now, &ana, &content, NULL, &id), SYNCPLAY_OK);
    syncplay_hub_free(party.hub);
}

static void test_outdated_ids(void **state)
{
    struct party party;
    syncplay_session_info info = {.struct_size = sizeof info};
    syncplay_participant_info seat = {.struct_size = sizeof seat};
    syncplay_user ana = party_user(ANA), cleo = party_user(CLEO);
    syncplay_command command;
    size_t length;
    (void)state;
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_PLAY);
    party_open(&party);
    syncplay_hub *hub = party.hub;
    assert_int_equal(syncplay_hub_participant(hub, &party.session, 2, &seat), SYNCPLAY_ERROR_NOT_FOUND);
    assert_int_equal(syncplay_hub_participant_of(hub, &party.session, &cleo.id, &seat), SYNCPLAY_ERROR_NOT_FOUND);
    assert_int_equal(syncplay_hub_participant(hub, &party.session, 1, &seat), SYNCPLAY_OK);
    assert_string_equal(seat.name, "Ben");
    assert_int_equal(syncplay_hub_submit_for(hub, 0, &party.session, &cleo, &command), SYNCPLAY_ERROR_NOT_JOINED);
    assert_int_equal(syncplay_hub_submit(hub, 0, 77, &command), SYNCPLAY_ERROR_NOT_FOUND);
    assert_int_equal(syncplay_hub_disconnect(hub, 0, 77), SYNCPLAY_ERROR_NOT_FOUND);
    assert_int_equal(syncplay_hub_round_trip(hub, 0, 77, 1), SYNCPLAY_ERROR_NOT_FOUND);
    assert_int_equal(syncplay_hub_round_trip(hub, 0, ANA, -1), SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_hub_receive(hub, 0, 0, "{}", 2), SYNCPLAY_ERROR_NOT_FOUND);
    assert_int_equal(syncplay_hub_end(hub, 0, &party.session, SYNCPLAY_REASON_SHUTDOWN), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_end(hub, 0, &party.session, SYNCPLAY_REASON_SHUTDOWN), SYNCPLAY_ERROR_NOT_FOUND);
    assert_int_equal(syncplay_hub_session(hub, 0, &party.session, &info), SYNCPLAY_ERROR_NOT_FOUND);
    assert_int_equal(syncplay_hub_participant(hub, &party.session, 0, &seat), SYNCPLAY_ERROR_NOT_FOUND);
    assert_int_equal(syncplay_hub_state(hub, 0, &party.session, NULL, NULL, 0, &length), SYNCPLAY_ERROR_NOT_FOUND);
    assert_int_equal(syncplay_hub_save(hub, 0, &party.session, 0, NULL, 0, &length), SYNCPLAY_ERROR_NOT_FOUND);
    assert_int_equal(syncplay_hub_submit_for(hub, 0, &party.session, &ana, &command), SYNCPLAY_ERROR_NOT_FOUND);
    assert_int_equal(syncplay_hub_submit(hub, 0, ANA, &command), SYNCPLAY_ERROR_NOT_JOINED);
    party_close(&party);
}

static void test_connections(void **state)
{
    struct party party;
    syncplay_user nobody = party_user(0), nameless = party_user(CLEO);
    (void)state;
    party_open(&party);
    assert_int_equal(party_connect(&party, ANA, BEN), SYNCPLAY_ERROR_EXISTS);
    assert_int_equal(party_connect(&party, 0, CLEO), SYNCPLAY_ERROR_ARGUMENT);
    memset(&nobody.id, 0, sizeof nobody.id);
    nameless.name = "  ";
    assert_int_equal(syncplay_hub_connect(party.hub, party.now, 9, &nobody), SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_hub_connect(party.hub, party.now, 9, &nameless), SYNCPLAY_ERROR_FIELD);
    assert_int_equal(syncplay_hub_connect(party.hub, party.now, 9, NULL), SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_hub_disconnect(party.hub, party.now, ANA), SYNCPLAY_OK);
    assert_int_equal(party_connect(&party, ANA, CLEO), SYNCPLAY_OK); /* a number may be used again, by another user */
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"play\"}"), SYNCPLAY_ERROR_NOT_JOINED);
    party_close(&party);
}

static void test_finding_by_code(void **state)
{
    struct party party;
    syncplay_id found;
    char odd[40];
    size_t length = 0;
    (void)state;
    party_open(&party);
    for (const char *c = party.code; *c; c++)
        length += (size_t)sprintf(odd + length, "%c- ", *c >= 'A' ? *c + 32 : *c);
    assert_int_equal(syncplay_hub_find(party.hub, odd, length, &found), SYNCPLAY_OK);
    assert_true(syncplay_id_equal(&found, &party.session));
    assert_int_equal(syncplay_hub_find(party.hub, "ABCD2345", 8, &found), SYNCPLAY_ERROR_NOT_FOUND);
    assert_int_equal(syncplay_hub_find(party.hub, "0", 1, &found), SYNCPLAY_ERROR_NOT_FOUND);
    assert_int_equal(syncplay_hub_find(party.hub, NULL, 0, &found), SYNCPLAY_ERROR_NOT_FOUND);
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"end\"}"), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_find(party.hub, odd, length, &found), SYNCPLAY_ERROR_ENDED);
    party_close(&party);
}

static void test_listing_and_changes(void **state)
{
    struct party party;
    syncplay_id first, list[5];
    (void)state;
    party_open(&party);
    first = party.session;
    assert_int_equal(syncplay_hub_take_changed(party.hub, list, 5), 1); /* once, for any number of changes */
    assert_int_equal(syncplay_hub_take_changed(party.hub, list, 5), 0);
    assert_int_equal(party_create(&party, BEN, SYNCPLAY_PUBLIC), SYNCPLAY_OK);
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"seek\",\"position_ms\":1}"), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_take_changed(party.hub, list, 1), 1);
    assert_true(syncplay_id_equal(&list[0], &party.session));
    assert_int_equal(syncplay_hub_take_changed(party.hub, list, 5), 1);
    assert_true(syncplay_id_equal(&list[0], &first));
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"seek\"}"),
                     SYNCPLAY_ERROR_FIELD); /* a failure changes nothing */
    assert_int_equal(syncplay_hub_round_trip(party.hub, party.now, ANA, 1000), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_take_changed(party.hub, list, 5), 0);
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"seek\",\"position_ms\":2}"), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_end(party.hub, party.now, &first, SYNCPLAY_REASON_SHUTDOWN), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_take_changed(party.hub, list, 5), 0); /* the ended one is told by its event */
    assert_int_equal(syncplay_hub_list(party.hub, list, 5), 1);
    assert_int_equal(syncplay_hub_list(party.hub, list, 0), 0);
    party_close(&party);
}

static void test_small_buffers(void **state)
{
    struct party party;
    char buffer[4000];
    size_t length = 0, again = 0;
    (void)state;
    party_open(&party);
    assert_int_equal(syncplay_hub_state(party.hub, party.now, &party.session, NULL, NULL, 0, &length),
                     SYNCPLAY_ERROR_BUFFER);
    assert_in_range(length, 100, sizeof buffer - 2);
    memset(buffer, '#', sizeof buffer);
    assert_int_equal(syncplay_hub_state(party.hub, party.now, &party.session, NULL, buffer, length, &again),
                     SYNCPLAY_ERROR_BUFFER);
    assert_int_equal(again, length);
    assert_int_equal(buffer[length], '#');
    assert_int_equal(syncplay_hub_state(party.hub, party.now, &party.session, NULL, buffer, length + 1, &again),
                     SYNCPLAY_OK);
    assert_int_equal(strlen(buffer), length);
    assert_null(strstr(buffer, "\"you\""));
    assert_int_equal(syncplay_hub_state(party.hub, party.now, &party.session, NULL, NULL, 5, &again),
                     SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_hub_state(party.hub, party.now, &party.session, NULL, buffer, sizeof buffer, NULL),
                     SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_hub_save(party.hub, party.now, &party.session, 0, NULL, 5, &again), SYNCPLAY_ERROR_ARGUMENT);
    assert_int_equal(syncplay_hub_save(party.hub, party.now, &party.session, 0, buffer, sizeof buffer, NULL),
                     SYNCPLAY_ERROR_ARGUMENT);
    party_close(&party);
}

static void test_randomness_that_fails_or_repeats(void **state)
{
    struct party party;
    (void)state;
    party_open(&party);
    party.entropy_fails = true;
    assert_int_equal(party_create(&party, CLEO, SYNCPLAY_PUBLIC), SYNCPLAY_ERROR_ENTROPY);
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"chat\",\"message\":\"x\"}"), SYNCPLAY_ERROR_ENTROPY);
    party.entropy_fails = false;
    party.random = 0; /* as at the first session */
    assert_int_equal(party_create(&party, CLEO, SYNCPLAY_PUBLIC), SYNCPLAY_ERROR_ENTROPY);
    assert_int_equal(syncplay_hub_count(party.hub), 1);
    party_close(&party);
}

static void test_codes_belong_to_the_shard(void **state)
{
    struct party party;
    (void)state;
    party_init(&party);
    party.config.shard_count = 7;
    party.config.shard_index = 3;
    party.config.code_length = 4;
    party_open_hub(&party);
    for (int i = 0; i < 50; i++) {
        assert_int_equal(party_create(&party, ANA, SYNCPLAY_PUBLIC), SYNCPLAY_OK);
        assert_int_equal(strlen(party.code), 4);
        assert_int_equal(syncplay_code_shard(party.code, 7), 3);
    }
    party_close(&party);
}

/* Ids that differ, and of each code's bytes only the first three are good: too few for a code. */
static bool too_few(void *user_data, void *bytes, size_t length)
{
    memset(bytes, 255, length);
    memset(bytes, ++*(uint8_t *)user_data, 3);
    return true;
}

static void test_random_bytes_of_which_no_code_comes(void **state)
{
    uint8_t draws = 0;
    syncplay_user ana = party_user(ANA);
    syncplay_content content = party_content();
    syncplay_hub_callbacks callbacks;
    syncplay_hub *hub;
    syncplay_id id;
    (void)state;
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.entropy = too_few;
    assert_int_equal(syncplay_hub_new(&hub, 0, NULL, &callbacks, &draws), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_create(hub, 0, &ana, &content, NULL, &id), SYNCPLAY_ERROR_LIMIT);
    assert_non_null(strstr(syncplay_hub_why(hub), "code_length"));
    syncplay_hub_free(hub);
}

static void test_an_end_without_a_reason(void **state)
{
    struct party party;
    (void)state;
    party_open(&party);
    assert_int_equal(syncplay_hub_end(party.hub, party.now, &party.session, SYNCPLAY_REASON_NONE), SYNCPLAY_OK);
    assert_int_equal(party.event.reason, SYNCPLAY_REASON_SHUTDOWN);
    party_close(&party);
}

/* As by REST: what changes nothing is answered to the connection that asked, and there is none. */
static void test_nobody_is_answered_without_a_connection(void **state)
{
    static const syncplay_command_kind kinds[] = {SYNCPLAY_COMMAND_PAUSE, SYNCPLAY_COMMAND_PLAY};
    struct party party;
    syncplay_user ben = party_user(BEN);
    (void)state;
    party_open(&party);
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"ready\",\"is_ready\":true}"), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_disconnect(party.hub, party.now, BEN), SYNCPLAY_OK);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) { /* it stands; then it plays */
        syncplay_command command;
        size_t told = party.told, events = party.events;
        syncplay_command_default(&command, sizeof command, kinds[i]);
        assert_int_equal(syncplay_hub_submit_for(party.hub, party.now, &party.session, &ben, &command), SYNCPLAY_OK);
        assert_int_equal(party.told, told);
        assert_int_equal(party.events, events);
        assert_int_equal(party_say(&party, ANA, "{\"type\":\"play\"}"), SYNCPLAY_OK);
    }
    party_close(&party);
}

static void test_as_many_as_the_hub_allows(void **state)
{
    struct party party;
    syncplay_settings settings;
    syncplay_command command;
    syncplay_user ana = party_user(ANA);
    syncplay_session_info info = {.struct_size = sizeof info};
    (void)state;
    party_open(&party);
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"settings\",\"max_participants\":7}"), SYNCPLAY_OK);
    syncplay_settings_default(&settings, sizeof settings);
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_SETTINGS);
    settings.max_participants = 0;
    command.settings = &settings;
    command.settings_mask = SYNCPLAY_SETTING_MAX_PARTICIPANTS;
    assert_int_equal(syncplay_hub_submit_for(party.hub, party.now, &party.session, &ana, &command), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_session(party.hub, party.now, &party.session, &info), SYNCPLAY_OK);
    assert_int_equal(info.settings->max_participants, party.config.max_participants);
    party_close(&party);
}

/* What nobody can have held for so long is no measurement; the ping is answered all the same. */
static void test_odd_times_that_a_pong_was_held(void **state)
{
    static const double odd[] = {-1, 1e300};
    struct party party;
    syncplay_participant_info ben = {.struct_size = sizeof ben};
    (void)state;
    party_open(&party);
    party_ping(&party, 0); /* answers no pong */
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(party_ping(&party, odd[i]), SYNCPLAY_OK);
    assert_true(party_last_has(&party, "\"type\":\"pong\""));
    assert_int_equal(syncplay_hub_participant(party.hub, &party.session, 1, &ben), SYNCPLAY_OK);
    assert_int_equal(ben.latency, 0);
    assert_int_equal(party_ping(&party, 20), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_participant(party.hub, &party.session, 1, &ben), SYNCPLAY_OK);
    assert_int_equal(ben.latency, 40000);
    party_close(&party);
}

static void test_large_messages_and_odd_times(void **state)
{
    static char large[16386];
    struct party party;
    (void)state;
    party_open(&party);
    memset(large, ' ', sizeof large);
    memcpy(large, "{\"type\":\"pause\"}", 16);
    assert_int_equal(syncplay_hub_receive(party.hub, party.now, ANA, large, 16384), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_receive(party.hub, party.now, ANA, large, 16385), SYNCPLAY_ERROR_TOO_LARGE);
    assert_true(party_last_has(&party, "\"code\":\"too_large\""));
    assert_true(party_last_has(&party, "16384"));
    assert_int_equal(syncplay_hub_receive(party.hub, INT64_MIN, ANA, large, 16384),
                     SYNCPLAY_OK); /* earlier counts as now */
    assert_int_equal(syncplay_hub_tick(party.hub, 0), SYNCPLAY_OK);
    assert_true(party.event.unix_time == 0 || party.event.unix_time >= UNIX_START);
    party_close(&party);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_hub_by_default),
        cmocka_unit_test(test_shorter_structs),
        cmocka_unit_test(test_no_struct_to_fill_in),
        cmocka_unit_test(test_the_version),
        cmocka_unit_test(test_each_error_has_its_words),
        cmocka_unit_test(test_callbacks_may_ask_but_not_change),
        cmocka_unit_test(test_questions_change_nothing), cmocka_unit_test(test_content_is_refused),
        cmocka_unit_test(test_outdated_ids),
        cmocka_unit_test(test_connections),
        cmocka_unit_test(test_finding_by_code),
        cmocka_unit_test(test_listing_and_changes),
        cmocka_unit_test(test_small_buffers),
        cmocka_unit_test(test_randomness_that_fails_or_repeats),
        cmocka_unit_test(test_codes_belong_to_the_shard),
        cmocka_unit_test(test_random_bytes_of_which_no_code_comes),
        cmocka_unit_test(test_an_end_without_a_reason),
        cmocka_unit_test(test_nobody_is_answered_without_a_connection),
        cmocka_unit_test(test_as_many_as_the_hub_allows),
        cmocka_unit_test(test_odd_times_that_a_pong_was_held),
        cmocka_unit_test(test_large_messages_and_odd_times),
    };
    return cmocka_run_group_tests_name("hub", tests, NULL, NULL);
}
