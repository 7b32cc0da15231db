/* Saved sessions: what goes out comes in again, on another day and another clock; rubbish is refused and changes
 * nothing. */
#include "party.h"

#include "json_reader.h"

/* A party with something of everything in it. */
static void open_rich(struct party *party)
{
    party_open(party);
    party_say(party, ANA,
              "{\"type\":\"content\",\"content_type\":\"episode\",\"title\":\"A \\\"T\\\"\",\"url\":\"/u\","
              "\"content_id\":\"01234567-89ab-4def-8edc-ba9876543210\"}");
    party_connect(party, CLEO, CLEO);
    party_join(party, CLEO);
    party_say(party, ANA, "{\"type\":\"kick\",\"user_id\":\"ab000000-0000-0000-0000-000000000003\"}");
    assert_int_equal(party_say(party, ANA, "{\"type\":\"ban\",\"user_id\":\"ab000000-0000-0000-0000-000000000009\"}"),
                     SYNCPLAY_OK);
    assert_int_equal(party_say(party, ANA,
                               "{\"type\":\"role\",\"user_id\":\"ab000000-0000-0000-0000-000000000002\","
                               "\"role\":\"controller\",\"allow\":[\"kick\"],\"deny\":[\"seek\"]}"),
                     SYNCPLAY_OK);
    assert_int_equal(party_say(party, ANA, "{\"type\":\"invite\",\"uses\":3,\"expires_in_ms\":60000}"), SYNCPLAY_OK);
    assert_int_equal(party_say(party, ANA, "{\"type\":\"invite\",\"role\":\"chat_only\"}"), SYNCPLAY_OK);
    party_say(party, ANA, "{\"type\":\"settings\",\"wait\":\"controllers\",\"strangers\":\"knock\"}");
    party_say(party, BEN, "{\"type\":\"chat\",\"message\":\"hello\\n\\u0007\",\"id\":\"m\"}");
    party_say(party, BEN, "{\"type\":\"wait\",\"excused\":true}");
    party_say(party, ANA, "{\"type\":\"ready\",\"buffered_ms\":5000}");
    syncplay_hub_round_trip(party->hub, party->now, BEN, 123456);
    party_say(party, ANA,
              "{\"type\":\"settings\",\"visibility\":\"private\",\"control\":\"host\",\"max_participants\":7}");
    party_say(party, ANA, "{\"type\":\"speed\",\"playback_speed\":1.25}");
    party_say(party, ANA, "{\"type\":\"seek\",\"position_ms\":60000.125}");
    assert_int_equal(party_say(party, ANA, "{\"type\":\"ready\",\"is_ready\":true}"), SYNCPLAY_OK);
}

static int submit_about(struct party *party, unsigned who, syncplay_command_kind kind, unsigned whom)
{
    syncplay_user user = party_user(who);
    syncplay_command command;
    syncplay_command_default(&command, sizeof command, kind);
    command.user = party_user(whom).id;
    command.text = "hello";
    command.muted = true;
    return syncplay_hub_submit_for(party->hub, party->now, &party->session, &user, &command);
}

/* Another hub, `away` later by the clock on the wall (which may have been set back), on another monotonic clock. */
static void move_to_another_hub(struct party *party, int64_t away, const char *saved, size_t length)
{
    int64_t alive = syncplay_hub_unix(party->hub, party->now), base = 7777 * SECOND;
    party_close(party);
    party->now += base + (away > 0 ? away : 0);
    party->config.unix_time = alive + away;
    syncplay_hub_callbacks callbacks;
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.deliver = party_tell;
    callbacks.event = party_event;
    callbacks.entropy = party_entropy;
    callbacks.allocate = party_allocate;
    party->events = party->told = 0;
    assert_int_equal(syncplay_hub_new(&party->hub, party->now, &party->config, &callbacks, party), SYNCPLAY_OK);
    syncplay_id id;
    assert_int_equal(syncplay_hub_restore(party->hub, party->now, saved, length, alive, &id), SYNCPLAY_OK);
    assert_true(syncplay_id_equal(&id, &party->session));
    assert_int_equal(party->events + party->told, 0); /* nobody is told */
}

static syncplay_session_info info_of(struct party *party)
{
    syncplay_session_info info = {.struct_size = sizeof info};
    assert_int_equal(syncplay_hub_session(party->hub, party->now, &party->session, &info), SYNCPLAY_OK);
    return info;
}

/* Takes the value of a top-level number out, so that the rest can be compared. */
static void blank(char *text, const char *key)
{
    char *value = strstr(text, key);
    assert_non_null(value);
    for (value += strlen(key); strchr("0123456789.", *value); value++)
        memmove(value, value + 1, strlen(value)), value--;
}

static void test_what_goes_out_comes_in_again(void **state)
{
    struct party party;
    size_t length;
    (void)state;
    open_rich(&party);
    char *saved = party_save(&party, &party.session, &length);
    syncplay_session_info before = info_of(&party);
    move_to_another_hub(&party, 5 * SECOND, saved, length);
    char *again = party_save(&party, &party.session, &length);
    assert_true(info_of(&party).revision > before.revision);
    assert_true(info_of(&party).connected == 0 && info_of(&party).participants == 2);
    static const char *const may_differ[] = {"\"revision\":", "\"active_at\":", "\"empty_since\":"};
    for (size_t i = 0; i < sizeof may_differ / sizeof *may_differ; i++) {
        blank(saved, may_differ[i]);
        blank(again, may_differ[i]);
    }
    assert_string_equal(again, saved);
    free(saved);
    free(again);
    /* What a client said before is still known. */
    assert_int_equal(party_connect(&party, BEN, BEN), SYNCPLAY_OK);
    assert_int_equal(party_join(&party, BEN), SYNCPLAY_OK);
    assert_true(party_last_has(&party, "\"message\":\"hello\\n\\u0007\""));
    assert_int_equal(party_say(&party, BEN, "{\"type\":\"chat\",\"message\":\"hello\",\"id\":\"m\"}"),
                     SYNCPLAY_ERROR_DUPLICATE);
    assert_int_equal(party_connect(&party, CLEO, CLEO), SYNCPLAY_OK);
    assert_int_equal(party_join(&party, CLEO), SYNCPLAY_ERROR_REMOVED);
    party_close(&party);
}

static void open_playing(struct party *party)
{
    party_open(party);
    for (unsigned i = ANA; i <= BEN; i++)
        assert_int_equal(party_say(party, i, "{\"type\":\"ready\",\"buffered_ms\":5000}"), SYNCPLAY_OK);
    assert_int_equal(party_say(party, ANA, "{\"type\":\"play\"}"), SYNCPLAY_OK);
    party->now += 10 * SECOND + 100000; /* the start was 100 ms ahead */
}

static void test_a_film_goes_on_over_a_short_absence(void **state)
{
    struct party party;
    size_t length;
    (void)state;
    open_playing(&party);
    char *saved = party_save(&party, &party.session, &length);
    assert_true(info_of(&party).position == 10 * SECOND);
    move_to_another_hub(&party, 90 * SECOND, saved, length);
    assert_true(info_of(&party).phase == SYNCPLAY_PLAYING && info_of(&party).position == 100 * SECOND);
    free(saved);
    party_close(&party);
}

static void test_a_film_pauses_over_a_long_absence(void **state)
{
    struct party party;
    size_t length;
    (void)state;
    open_playing(&party);
    char *saved = party_save(&party, &party.session, &length);
    move_to_another_hub(&party, 90 * SECOND + 1, saved, length);
    assert_true(info_of(&party).phase == SYNCPLAY_PAUSED && info_of(&party).position == 10 * SECOND);
    free(saved);
    party_close(&party);
}

static void test_it_is_there_once(void **state)
{
    struct party party;
    size_t length;
    (void)state;
    open_rich(&party);
    char *saved = party_save(&party, &party.session, &length);
    assert_int_equal(syncplay_hub_restore(party.hub, party.now, saved, length, 0, NULL), SYNCPLAY_ERROR_EXISTS);
    char *id = strstr(saved, "\"id\":\"") + 6;
    *id = *id == 'a' ? 'b' : 'a'; /* another id, the same code */
    assert_int_equal(syncplay_hub_restore(party.hub, party.now, saved, length, 0, NULL), SYNCPLAY_ERROR_EXISTS);
    assert_int_equal(syncplay_hub_count(party.hub), 1);
    free(saved);
    party_close(&party);
}

/* Each single byte gone wrong: refused, or taken as another good session; never half of one. */
static void test_rubbish(void **state)
{
    static const char *const rubbish[] = {
        "", "{}", "[]", "null", "{\"syncplay_session\":3}", "{\"syncplay_session\":2}", "{\"syncplay_session\":1}"};
    struct party party, other;
    size_t length, ignored, taken = 0, refused = 0;
    (void)state;
    open_rich(&party);
    char *saved = party_save(&party, &party.session, &length);
    party_close(&party);
    party_init(&other);
    party_open_hub(&other);
    for (size_t i = 0; i < sizeof rubbish / sizeof *rubbish; i++)
        assert_int_equal(syncplay_hub_restore(other.hub, other.now, rubbish[i], strlen(rubbish[i]), 0, NULL),
                         SYNCPLAY_ERROR_SNAPSHOT);
    for (size_t cut = 0; cut < length; cut += 7)
        assert_int_equal(syncplay_hub_restore(other.hub, other.now, saved, cut, 0, NULL), SYNCPLAY_ERROR_SNAPSHOT);
    for (size_t i = 0; i < length; i++) {
        syncplay_id id;
        char was = saved[i];
        saved[i] = i % 3 ? 'x' : '9';
        int error = syncplay_hub_restore(other.hub, other.now, saved, length, 0, &id);
        saved[i] = was;
        assert_true(error == SYNCPLAY_OK || error == SYNCPLAY_ERROR_SNAPSHOT);
        taken += !error;
        refused += error != 0;
        if (error)
            continue;
        free(party_save(&other, &id, &ignored));
        assert_int_equal(syncplay_hub_end(other.hub, other.now, &id, SYNCPLAY_REASON_SHUTDOWN), SYNCPLAY_OK);
    }
    assert_int_equal(syncplay_hub_count(other.hub), 0);
    assert_true(taken > 50 && refused > 500);
    free(saved);
    party_close(&other);
}

/* A session that version 0.1.0 has saved: Ana and Ben sit, Dan knocks, Cleo was removed for good. */
static void test_format_1(void **state)
{
    static char saved[4096];
    struct party party;
    syncplay_participant_info ben = {.struct_size = sizeof ben};
    syncplay_removed_info cleo = {.struct_size = sizeof cleo};
    FILE *file = fopen("tests/unit/saved_1.json", "r");
    (void)state;
    assert_non_null(file);
    size_t length = fread(saved, 1, sizeof saved, file);
    fclose(file);
    party_init(&party);
    party.config.unix_time = UNIX_START;
    party_open_hub(&party);
    assert_int_equal(syncplay_hub_restore(party.hub, party.now, saved, length, UNIX_START, &party.session), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_participant(party.hub, &party.session, 1, &ben), SYNCPLAY_OK);
    assert_int_equal(ben.role, SYNCPLAY_ROLE_VIEWER);
    assert_true(ben.rights & SYNCPLAY_RIGHT_PLAY && !ben.allow && !ben.deny);
    assert_int_equal(syncplay_hub_removed(party.hub, party.now, &party.session, 0, &cleo), SYNCPLAY_OK);
    assert_true(cleo.is_banned);
    assert_string_equal(cleo.name, "");
    assert_int_equal(info_of(&party).settings->strangers, SYNCPLAY_STRANGERS_REFUSE);
    assert_int_equal(info_of(&party).settings->wait, SYNCPLAY_WAIT_EVERYONE);
    free(party_save(&party, &party.session, &length));
    party_close(&party);
}

static void test_chat_kept_elsewhere(void **state)
{
    struct party party;
    size_t length, size;
    syncplay_id message = {{9}};
    syncplay_user ben = party_user(BEN);
    (void)state;
    open_rich(&party);
    assert_int_equal(
        syncplay_hub_save(party.hub, party.now, &party.session, SYNCPLAY_SAVE_WITHOUT_CHAT, NULL, 0, &size),
        SYNCPLAY_ERROR_BUFFER);
    char *saved = malloc(size + 1);
    assert_int_equal(
        syncplay_hub_save(party.hub, party.now, &party.session, SYNCPLAY_SAVE_WITHOUT_CHAT, saved, size + 1, &length),
        SYNCPLAY_OK);
    assert_null(strstr(saved, "hello"));
    move_to_another_hub(&party, SECOND, saved, length);
    assert_int_equal(syncplay_hub_restore_chat(party.hub, &message, &message, &ben, "x", 0), SYNCPLAY_ERROR_NOT_FOUND);
    assert_int_equal(syncplay_hub_restore_chat(party.hub, &party.session, &message, &ben, "from the store", UNIX_START),
                     SYNCPLAY_OK);
    assert_int_equal(party.told, 0);
    assert_int_equal(party_connect(&party, ANA, ANA), SYNCPLAY_OK);
    assert_int_equal(party_join(&party, ANA), SYNCPLAY_OK);
    assert_true(party_last_has(&party, "from the store") && party_last_has(&party, "\"history\":true"));
    free(saved);
    party_close(&party);
}

/* The clock was far ahead when it was saved: the session does not live on until then. */
static void test_saved_under_a_clock_that_was_ahead(void **state)
{
    struct party party;
    size_t length;
    (void)state;
    open_rich(&party);
    char *saved = party_save(&party, &party.session, &length);
    char *active = strstr(saved, "\"active_at\":"), *empty = strstr(saved, "\"empty_since\":0");
    assert_true(active && empty);
    active[strlen("\"active_at\":")] = '9';
    empty[strlen("\"empty_since\":")] = '1';
    move_to_another_hub(&party, SECOND, saved, length);
    for (int i = 0; i < 100 && syncplay_hub_count(party.hub); i++) {
        assert_true(syncplay_hub_deadline(party.hub) <= party.now + party.config.session_timeout);
        party.now = syncplay_hub_deadline(party.hub);
        assert_int_equal(syncplay_hub_tick(party.hub, party.now), SYNCPLAY_OK);
    }
    assert_int_equal(syncplay_hub_count(party.hub), 0);
    free(saved);
    party_close(&party);
}

/* The oldest samples of latency come first, so that they are also the first to go in another hub. */
static void test_samples_of_latency_are_saved_in_order(void **state)
{
    struct party party;
    size_t length;
    (void)state;
    party_open(&party);
    for (int64_t i = 1; i <= party.config.latency_samples + 2; i++)
        syncplay_hub_round_trip(party.hub, party.now, BEN, 2000 * i);
    char *saved = party_save(&party, &party.session, &length);
    assert_non_null(strstr(saved, "\"latency_ms\":[3,4,5,6,7,8,9,10,11,12]"));
    move_to_another_hub(&party, SECOND, saved, length);
    free(saved);
    party_connect(&party, BEN, BEN);
    party_join(&party, BEN);
    syncplay_hub_round_trip(party.hub, party.now, BEN, 2000 * 13);
    saved = party_save(&party, &party.session, &length);
    assert_non_null(strstr(saved, "\"latency_ms\":[4,5,6,7,8,9,10,11,12,13]"));
    free(saved);
    party_close(&party);
}

/* The same clock and what keeps people waiting: the pause after a kick, the chat's rate, a start that is to come. */
static void test_nobody_waits_for_a_clock_that_was_ahead(void **state)
{
    struct party party;
    size_t length;
    (void)state;
    party_open(&party);
    party_connect(&party, CLEO, CLEO);
    party_join(&party, CLEO);
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"kick\",\"user_id\":\"ab000000-0000-0000-0000-000000000003\"}"),
                     SYNCPLAY_OK);
    while (party_say(&party, BEN, "{\"type\":\"chat\",\"message\":\"hello\"}") == SYNCPLAY_OK)
        ;
    for (unsigned i = ANA; i <= BEN; i++)
        assert_int_equal(party_say(&party, i, "{\"type\":\"ready\",\"buffered_ms\":5000}"), SYNCPLAY_OK);
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"play\"}"), SYNCPLAY_OK);
    char *saved = party_save(&party, &party.session, &length);
    move_to_another_hub(&party, -3600 * SECOND, saved, length);
    free(saved);
    int64_t position = info_of(&party).position;
    party.now += party.config.max_lead + SECOND;
    assert_int_equal(info_of(&party).phase, SYNCPLAY_PLAYING);
    assert_int_equal(info_of(&party).position, position + SECOND);

    party_connect(&party, BEN, BEN);
    assert_int_equal(party_join(&party, BEN), SYNCPLAY_OK);
    party.now += party.config.chat_rate_period / party.config.chat_rate_count;
    assert_int_equal(party_say(&party, BEN, "{\"type\":\"chat\",\"message\":\"hello\"}"), SYNCPLAY_OK);

    party_connect(&party, CLEO, CLEO);
    assert_int_equal(party_join(&party, CLEO), SYNCPLAY_ERROR_REMOVED);
    party.now += party.config.kick_cooldown;
    assert_int_equal(party_join(&party, CLEO), SYNCPLAY_OK);
    party_close(&party);
}

/* Whatever is written of one who knocks: they come in like anybody else. */
static void test_who_knocks_has_nothing(void **state)
{
    struct party party;
    size_t length;
    (void)state;
    party_open(&party);
    for (int i = 0; i < 10; i++) /* all that may be said in a minute */
        assert_int_equal(submit_about(&party, BEN, SYNCPLAY_COMMAND_CHAT, 0), SYNCPLAY_OK);
    assert_int_equal(submit_about(&party, ANA, SYNCPLAY_COMMAND_MUTE, BEN), SYNCPLAY_OK);
    char *saved = party_save(&party, &party.session, &length);
    memcpy(strstr(strstr(saved, "\"Ben\""), "\"knocking\":false"), "\"knocking\":true ", 16);
    move_to_another_hub(&party, 0, saved, length);
    free(saved);
    assert_int_equal(submit_about(&party, ANA, SYNCPLAY_COMMAND_ADMIT, BEN), SYNCPLAY_OK);
    assert_int_equal(submit_about(&party, BEN, SYNCPLAY_COMMAND_CHAT, 0), SYNCPLAY_OK);
    party_close(&party);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_goes_out_comes_in_again),
        cmocka_unit_test(test_a_film_goes_on_over_a_short_absence),
        cmocka_unit_test(test_a_film_pauses_over_a_long_absence),
        cmocka_unit_test(test_it_is_there_once),
        cmocka_unit_test(test_rubbish),
        cmocka_unit_test(test_format_1),
        cmocka_unit_test(test_chat_kept_elsewhere),
        cmocka_unit_test(test_saved_under_a_clock_that_was_ahead),
        cmocka_unit_test(test_samples_of_latency_are_saved_in_order),
        cmocka_unit_test(test_nobody_waits_for_a_clock_that_was_ahead),
        cmocka_unit_test(test_who_knocks_has_nothing),
    };
    return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
