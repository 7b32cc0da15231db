/* Saved sessions field by field: what is of the wrong type or out of range is refused, and what a smaller hub makes of one. */
#include "party.h"

static struct party party; /* where they are restored */
static char *saved;        /* as Ana's hub has saved it */

/* Ana, who has invited somebody, and Ben, who is muted and has talked, in a session that remembers Cleo and Ike. */
static int save_one(void **state)
{
    static const char *const said[] = {
        "{\"type\":\"kick\",\"user_id\":\"ab000000-0000-0000-0000-000000000003\"}",
        "{\"type\":\"ban\",\"user_id\":\"ab000000-0000-0000-0000-000000000009\"}",
        "{\"type\":\"mute\",\"user_id\":\"ab000000-0000-0000-0000-000000000002\",\"muted\":true}",
        "{\"type\":\"invite\"}",
        "{\"type\":\"invite\",\"uses\":3}",
    };
    size_t length;
    (void)state;
    party_open(&party);
    assert_int_equal(party_say(&party, BEN, "{\"type\":\"chat\",\"message\":\"hello\",\"id\":\"m\"}"), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_round_trip(party.hub, party.now, BEN, 80000), SYNCPLAY_OK);
    assert_int_equal(party_connect(&party, CLEO, CLEO), SYNCPLAY_OK);
    assert_int_equal(party_join(&party, CLEO), SYNCPLAY_OK);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        assert_int_equal(party_say(&party, ANA, said[i]), SYNCPLAY_OK);
    saved = party_save(&party, &party.session, &length);
    party_close(&party);
    return 0;
}

static int forget_it(void **state)
{
    (void)state;
    free(saved);
    return 0;
}

static int open_another(void **state)
{
    (void)state;
    party_init(&party);
    party.now = 9000 * SECOND;
    party_open_hub(&party);
    return 0;
}

static int close_it(void **state)
{
    (void)state;
    party_close(&party);
    return 0;
}

static int restore(const char *text)
{
    return syncplay_hub_restore(party.hub, party.now, text, strlen(text), UNIX_START, &party.session);
}

/* The saved session, with something else in the place of the first `is`; the caller frees it. */
static char *with(const char *is, const char *other)
{
    const char *at = strstr(saved, is);
    if (!at)
        fail_msg("there is no %s in %s", is, saved);
    size_t size = strlen(saved) + strlen(other) + 1;
    char *text = malloc(size);
    snprintf(text, size, "%.*s%s%s", (int)(at - saved), saved, other, at + strlen(is));
    return text;
}

static int restore_with(const char *is, const char *other)
{
    char *text = with(is, other);
    int error = restore(text);
    free(text);
    return error;
}

/* What comes after the value at `text`, if that is no list and no object; else NULL. */
static const char *end_of_value(const char *text)
{
    if (*text == '[' || *text == '{')
        return NULL;
    if (*text != '"')
        return text + strcspn(text, ",}]");
    for (text++; *text != '"'; text++)
        text += *text == '\\';
    return text + 1;
}

/* Each value in turn is an object, which none of them may be. */
static void test_no_value_may_be_of_another_type(void **state)
{
    unsigned fields = 0;
    (void)state;
    for (const char *colon = strstr(saved, "\":"); colon; colon = strstr(colon + 1, "\":")) {
        const char *value = colon + 2, *end = end_of_value(value);
        if (!end)
            continue;
        char *text = malloc(strlen(saved) + 3);
        sprintf(text, "%.*s{}%s", (int)(value - saved), saved, end);
        if (restore(text) != SYNCPLAY_ERROR_SNAPSHOT)
            fail_msg("taken: %.*s", (int)(end - colon + 20), colon - 20);
        free(text);
        fields++;
    }
    assert_true(fields > 80);
    assert_int_equal(syncplay_hub_count(party.hub), 0);
}

static void test_no_value_may_be_out_of_range(void **state)
{
    static const char *const cases[][2] = {
        {"\"code\":\"", "\"code\":\"!"},
        {"\"content_type\":\"movie\"", "\"content_type\":\"\""},
        {"\"title\":\"Film\"", "\"title\":\"F\\u0007lm\""},
        {"\"name\":\"Ben\"", "\"name\":\"B\\u0007n\""},
        {"\"name\":\"Ben\"", "\"name\":\"\""},
        {"\"name\":\"Cleo\"", "\"name\":\"C\\u0007eo\""},
        {"\"name\":\"Ben\",\"message\"", "\"name\":\"\\n\",\"message\""},
        {"\"message\":\"hello\"", "\"message\":\"\""},
        {"\"role_cap\":0", "\"role_cap\":9"},
        {"\"allow\":0", "\"allow\":-1"},
        {"\"deny\":0", "\"deny\":4294967295"},
        {"\"resume\":\"", "\"resume\":\"x"},
        {"\"speed\":100", "\"speed\":401"},
        {"\"revision\":0", "\"revision\":9007199254740992"},
        {"\"max_participants\":20", "\"max_participants\":1001"},
        {"ab000000-0000-0000-0000-000000000002", "ab000000-0000-0000-0000-000000000001"}, /* two seats of one user */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (restore_with(cases[i][0], cases[i][1]) != SYNCPLAY_ERROR_SNAPSHOT)
            fail_msg("taken: %s", cases[i][1]);
    assert_int_equal(syncplay_hub_count(party.hub), 0);
}

/* What was measured, and ids of messages, are a help: those that cannot be read are left out, and the others count. */
static void test_what_is_left_out(void **state)
{
    syncplay_participant_info ben = {.struct_size = sizeof ben};
    (void)state;
    assert_int_equal(restore_with("\"latency_ms\":[40]", "\"latency_ms\":[\"x\",40,-1]"), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_participant(party.hub, &party.session, 1, &ben), SYNCPLAY_OK);
    assert_int_equal(ben.latency, 40000);
    assert_int_equal(syncplay_hub_end(party.hub, party.now, &party.session, SYNCPLAY_REASON_SHUTDOWN), SYNCPLAY_OK);

    assert_int_equal(restore_with("\"client_ids\":[\"", "\"client_ids\":[7,\""), SYNCPLAY_OK);
    syncplay_user ana = party_user(ANA);
    syncplay_command unmute;
    syncplay_command_default(&unmute, sizeof unmute, SYNCPLAY_COMMAND_MUTE);
    unmute.user = party_user(BEN).id;
    unmute.muted = false;
    assert_int_equal(syncplay_hub_submit_for(party.hub, party.now, &party.session, &ana, &unmute), SYNCPLAY_OK);
    syncplay_user user = party_user(BEN);
    syncplay_command chat;
    syncplay_command_default(&chat, sizeof chat, SYNCPLAY_COMMAND_CHAT);
    chat.text = "hello";
    chat.client_id = "m";
    assert_int_equal(syncplay_hub_submit_for(party.hub, party.now, &party.session, &user, &chat), SYNCPLAY_ERROR_DUPLICATE);
}

static void test_more_seats_than_any_session_has(void **state)
{
    enum { SEAT = 400 };
    const char *first = strstr(saved, "\"participants\":[") + strlen("\"participants\":["), *end = strchr(first, '}') + 1;
    size_t limit = 2 * SYNCPLAY_PARTICIPANTS_LIMIT, size = strlen(saved) + (limit + 1) * 2 * SEAT;
    (void)state;
    assert_true(end - first < 2 * SEAT);
    for (size_t more = limit - 1; more >= limit - 2; more--) { /* than Ana and Ben */
        char *text = malloc(size), *at = text;
        at += sprintf(at, "%.*s", (int)(first - saved), saved);
        for (size_t i = 0; i < more; i++) {
            char id[SYNCPLAY_ID_SIZE];
            at += sprintf(at, "%.*s,", (int)(end - first), first);
            snprintf(id, sizeof id, "cd000000-0000-0000-0000-%012u", (unsigned)i % 10000);
            memcpy(strstr(at - (end - first) - 1, "ab000000"), id, SYNCPLAY_ID_LENGTH);
        }
        strcpy(at, first);
        assert_int_equal(restore(text), more + 2 > limit ? SYNCPLAY_ERROR_SNAPSHOT : SYNCPLAY_OK);
        free(text);
    }
}

/* --- Hubs that are smaller than the one before */

static void test_no_place_for_the_session(void **state)
{
    (void)state;
    party.config.max_sessions = 1;
    close_it(state);
    party_open_hub(&party);
    assert_int_equal(party_create(&party, BEN, SYNCPLAY_PUBLIC), SYNCPLAY_OK);
    assert_int_equal(restore(saved), SYNCPLAY_ERROR_LIMIT);
    assert_non_null(strstr(syncplay_hub_why(party.hub), "max_sessions = 1"));
}

/* Those who are banned stay so, the oldest of them at least; and one ban more is too many. */
static void test_less_is_remembered_of_the_removed(void **state)
{
    syncplay_removed_info removed = {.struct_size = sizeof removed};
    (void)state;
    party.config.max_removed = 1;
    close_it(state);
    party_open_hub(&party);
    char *text = with("\"name\":\"Cleo\",\"banned\":false", "\"name\":\"Cleo\",\"banned\":true");
    assert_int_equal(restore(text), SYNCPLAY_OK);
    free(text);
    assert_int_equal(syncplay_hub_removed(party.hub, party.now, &party.session, 0, &removed), SYNCPLAY_OK);
    assert_string_equal(removed.name, "Cleo");
    assert_int_equal(syncplay_hub_removed(party.hub, party.now, &party.session, 1, &removed), SYNCPLAY_ERROR_NOT_FOUND);
}

/* Nobody's invitation is taken back; but there is no other one until there is room. */
static void test_more_invitations_than_may_be_made(void **state)
{
    syncplay_user ana = party_user(ANA);
    syncplay_invitation_info info = {.struct_size = sizeof info};
    syncplay_command command;
    char token[SYNCPLAY_TOKEN_SIZE];
    (void)state;
    party.config.max_invitations = 1;
    close_it(state);
    party_open_hub(&party);
    assert_int_equal(restore(saved), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_invitation(party.hub, party.now, &party.session, 1, &info), SYNCPLAY_OK);
    assert_int_equal(info.uses, 3);
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_INVITE);
    assert_int_equal(syncplay_hub_invite(party.hub, party.now, &party.session, &ana, &command, &info, token),
                     SYNCPLAY_ERROR_LIMIT);
}

static void test_chat_is_off_here(void **state)
{
    (void)state;
    party.config.chat_enabled = false;
    close_it(state);
    party_open_hub(&party);
    assert_int_equal(restore(saved), SYNCPLAY_OK);
    syncplay_user ana = party_user(ANA);
    syncplay_command chat;
    syncplay_command_default(&chat, sizeof chat, SYNCPLAY_COMMAND_CHAT);
    chat.text = "hello";
    assert_int_equal(syncplay_hub_submit_for(party.hub, party.now, &party.session, &ana, &chat), SYNCPLAY_ERROR_CHAT_DISABLED);
}

/* --- What no hub saves, but may be in the file */

/* A host who only knocks cannot let anybody in: when somebody goes, the next one is the host. */
static void test_a_host_who_knocks(void **state)
{
    syncplay_session_info info = {.struct_size = sizeof info};
    syncplay_user ben = party_user(BEN);
    (void)state;
    assert_int_equal(restore_with("\"knocking\":false", "\"knocking\":true"), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_session(party.hub, party.now, &party.session, &info), SYNCPLAY_OK);
    memcpy(party.code, info.code, sizeof party.code);
    for (unsigned i = BEN; i <= CLEO; i++) {
        assert_int_equal(party_connect(&party, i, i), SYNCPLAY_OK);
        assert_int_equal(party_join(&party, i), SYNCPLAY_OK);
    }
    assert_int_equal(party_say(&party, CLEO, "{\"type\":\"leave\"}"), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_session(party.hub, party.now, &party.session, &info), SYNCPLAY_OK);
    assert_true(syncplay_id_equal(&info.host_user_id, &ben.id));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_another, close_it)
    const struct CMUnitTest tests[] = {
        TEST(test_no_value_may_be_of_another_type),
        TEST(test_no_value_may_be_out_of_range),
        TEST(test_what_is_left_out),
        TEST(test_more_seats_than_any_session_has),
        TEST(test_no_place_for_the_session),
        TEST(test_less_is_remembered_of_the_removed),
        TEST(test_more_invitations_than_may_be_made),
        TEST(test_chat_is_off_here),
        TEST(test_a_host_who_knocks),
    };
#undef TEST
    return cmocka_run_group_tests_name("snapshot_fields", tests, save_one, forget_it);
}
