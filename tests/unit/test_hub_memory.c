/* A hub without memory: what its calls need is there before anything changes, or nothing does. See also test_no_memory.c. */
#include "party.h"

/* --- Every allocation of a call fails once; the session's saved form is the same before and after. */

static int do_create(struct party *party)
{
    return party_create(party, CLEO, SYNCPLAY_PUBLIC);
}

static int do_join(struct party *party)
{
    return party_join(party, CLEO);
}

static int do_chat(struct party *party)
{
    return party_say(party, ANA, "{\"type\":\"chat\",\"message\":\"hello\",\"id\":\"m\"}");
}

static int do_play(struct party *party)
{
    return party_say(party, ANA, "{\"type\":\"play\",\"command_id\":\"c\"}");
}

static int do_kick(struct party *party)
{
    return party_say(party, ANA, "{\"type\":\"kick\",\"user_id\":\"ab000000-0000-0000-0000-000000000002\"}");
}

static int do_ban(struct party *party)
{
    return party_say(party, ANA, "{\"type\":\"ban\",\"user_id\":\"ab000000-0000-0000-0000-000000000002\"}");
}

static int do_mute(struct party *party)
{
    return party_say(party, ANA,
                     "{\"type\":\"mute\",\"muted\":true,\"user_id\":\"ab000000-0000-0000-0000-000000000002\"}");
}

static int do_role(struct party *party)
{
    return party_say(party, ANA,
                     "{\"type\":\"role\",\"role\":\"chat_only\",\"user_id\":\"ab000000-0000-0000-0000-000000000002\"}");
}

static int do_invite(struct party *party)
{
    syncplay_user ana = party_user(ANA);
    syncplay_command command;
    syncplay_invitation_info info = {.struct_size = sizeof info};
    char token[SYNCPLAY_TOKEN_SIZE];
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_INVITE);
    return syncplay_hub_invite(party->hub, party->now, &party->session, &ana, &command, &info, token);
}

static int do_resume(struct party *party)
{
    char message[200];
    syncplay_user ben = party_user(BEN);
    if (syncplay_hub_connect(party->hub, party->now, 8, &ben)) /* a second connection: the first one is lost */
        return SYNCPLAY_ERROR_MEMORY;
    snprintf(message, sizeof message,
             "{\"type\":\"join\",\"session_code\":\"%s\",\"resume_token\":\"%s\",\"cursor\":%s}", party->code,
             party->resume_token, party->cursor);
    int error = party_say(party, 8, message);
    if (error)
        syncplay_hub_disconnect(party->hub, party->now, 8);
    else
        assert_non_null(strstr(party->last, "\"type\":\"chat\"")); /* what was missed */
    return error;
}

static int do_missed(struct party *party)
{
    syncplay_command join;
    if (party_connect(party, 8, BEN))
        return SYNCPLAY_ERROR_MEMORY;
    syncplay_command_default(&join, sizeof join, SYNCPLAY_COMMAND_JOIN);
    join.code = party->code;
    join.resume_token = party->resume_token;
    join.cursor = strtoull(party->cursor, NULL, 10);
    int error = syncplay_hub_submit(party->hub, party->now, 8, &join);
    if (error)
        assert_int_equal(syncplay_hub_disconnect(party->hub, party->now, 8), SYNCPLAY_OK);
    return error;
}

static int do_content(struct party *party)
{
    return party_say(party, ANA,
                     "{\"type\":\"content\",\"content_type\":\"episode\",\"title\":\"T\",\"url\":\"/u\","
                     "\"content_id\":\"01234567-89ab-4def-8edc-ba9876543210\"}");
}

static int do_connect(struct party *party)
{
    return party_connect(party, 9, CLEO);
}

static int do_leave(struct party *party)
{
    return party_say(party, BEN, "{\"type\":\"leave\"}");
}

static int do_restore(struct party *party)
{
    syncplay_id other;
    size_t length;
    char *saved = party_save(party, &party->session, &length);
    char *id = strstr(saved, "\"id\":\""), *code = strstr(saved, "\"code\":\"");
    id[6] = id[6] == 'a' ? 'b' : 'a';
    code[8] = code[8] == 'A' ? 'B' : 'A';
    int error = syncplay_hub_restore(party->hub, party->now, saved, length, UNIX_START, &other);
    free(saved);
    return error;
}

static void fail_each_allocation(int (*act)(struct party *party))
{
    long fails = 0;
    int error = SYNCPLAY_ERROR_MEMORY;
    for (; error; fails++) {
        struct party party;
        size_t before_length, after_length;
        party_open(&party);
        assert_int_equal(party_connect(&party, CLEO, CLEO), SYNCPLAY_OK);
        party_keep(&party); /* what Ben, who came last, was told */
        for (int i = 0; i < 8; i++) { /* arrays that are full have to grow */
            char message[60];
            snprintf(message, sizeof message, "{\"type\":\"chat\",\"message\":\"%d\"}", i);
            assert_int_equal(party_say(&party, BEN, message), SYNCPLAY_OK);
        }
        char *before = party_save(&party, &party.session, &before_length);
        syncplay_id session = party.session;
        int64_t deadline = syncplay_hub_deadline(party.hub);
        size_t sessions = syncplay_hub_count(party.hub);
        party.fails_after = fails;
        party.events = 0;
        error = act(&party);
        party.fails_after = -1;
        if (error) {
            assert_int_equal(error, SYNCPLAY_ERROR_MEMORY);
            char *after = party_save(&party, &session, &after_length);
            assert_string_equal(after, before);
            free(after);
            assert_true(syncplay_hub_deadline(party.hub) == deadline);
            assert_int_equal(syncplay_hub_count(party.hub), sessions);
            assert_int_equal(party.events, 0);
            assert_int_equal(act(&party), SYNCPLAY_OK); /* and it works when there is memory again */
        }
        free(before);
        party_close(&party);
    }
}

static void test_no_memory_changes_nothing(void **state)
{
    static int (*const acts[])(struct party *) = {do_create,  do_join,    do_chat,  do_play,   do_kick,
                                                  do_ban,     do_mute,    do_role,  do_invite, do_resume,
                                                  do_content, do_connect, do_leave, do_restore};
    (void)state;
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        fail_each_allocation(acts[i]);
}

/* The first that is to be told at all, and what those who are waited for will owe. */
static void test_no_memory_for_small_things(void **state)
{
    static char large[16385];
    struct party party;
    (void)state;
    party_init(&party);
    party_open_hub(&party);
    assert_int_equal(party_connect(&party, BEN, BEN), SYNCPLAY_OK);
    party.fails_after = 0;
    assert_int_equal(party_ping(&party, 0), SYNCPLAY_ERROR_MEMORY);
    assert_int_equal(syncplay_hub_receive(party.hub, party.now, BEN, large, sizeof large), SYNCPLAY_ERROR_MEMORY);
    assert_int_equal(party.told, 0);
    party.fails_after = -1;
    party_close(&party);

    for (int is_ping = 0; is_ping < 2; is_ping++) {
        party_open(&party);
        assert_int_equal(party_ping(&party, 0), SYNCPLAY_OK); /* so the next one is a sample */
        assert_int_equal(party_say(&party, ANA, "{\"type\":\"play\"}"), SYNCPLAY_OK);
        party.fails_after = 0;
        int error = is_ping ? party_ping(&party, 0) : syncplay_hub_round_trip(party.hub, party.now, BEN, 5000);
        assert_int_equal(error, SYNCPLAY_ERROR_MEMORY);
        party.fails_after = -1;
        party_close(&party);
    }
}

static void keep_the_state(struct party *party, const uint64_t *connections, size_t count, const char *bytes, size_t length)
{
    (void)connections;
    (void)count;
    (void)bytes;
    (void)length;
    if (party_last_has(party, "\"type\":\"state\""))
        party_keep(party);
}

/* More short messages were missed than there is room for beside a state, which the chat makes long. */
static void test_no_memory_for_what_was_missed(void **state)
{
    char chat[8100];
    struct party party;
    int error = SYNCPLAY_ERROR_MEMORY;
    long fails = 0;
    (void)state;
    party_init(&party);
    party.config.chat_max_length = 8000;
    party_open_hub(&party);
    assert_int_equal(party_create(&party, ANA, SYNCPLAY_PUBLIC), SYNCPLAY_OK);
    assert_int_equal(party_connect(&party, ANA, ANA), SYNCPLAY_OK);
    assert_int_equal(party_join(&party, ANA), SYNCPLAY_OK);
    snprintf(chat, sizeof chat, "{\"type\":\"chat\",\"message\":\"%08000d\"}", 0);
    assert_int_equal(party_say(&party, ANA, chat), SYNCPLAY_OK);
    assert_int_equal(party_say(&party, ANA, chat), SYNCPLAY_OK);
    assert_int_equal(party_connect(&party, BEN, BEN), SYNCPLAY_OK);
    party.on_tell = keep_the_state;
    assert_int_equal(party_join(&party, BEN), SYNCPLAY_OK);
    party.on_tell = NULL;
    assert_int_equal(syncplay_hub_disconnect(party.hub, party.now, BEN), SYNCPLAY_OK);
    for (int i = 0; i < 60; i++)
        assert_int_equal(party_say(&party, ANA, "{\"type\":\"seek\",\"position_ms\":1}"), SYNCPLAY_OK);
    for (; error; fails++) {
        party.fails_after = fails;
        party.told = 0;
        error = do_missed(&party);
        party.fails_after = -1;
    }
    assert_true(fails > 1);
    assert_int_equal(party.told, 1 + 60); /* in short, and all of it */
    party_close(&party);
}

static void test_no_memory_for_a_hub_or_a_tick(void **state)
{
    struct party party;
    syncplay_hub_callbacks callbacks;
    (void)state;
    party_init(&party);
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.allocate = party_allocate;
    party.fails_after = 0;
    assert_int_equal(syncplay_hub_new(&party.hub, 0, NULL, &callbacks, &party), SYNCPLAY_ERROR_MEMORY);
    assert_int_equal(party.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_memory_changes_nothing),
        cmocka_unit_test(test_no_memory_for_small_things),
        cmocka_unit_test(test_no_memory_for_what_was_missed),
        cmocka_unit_test(test_no_memory_for_a_hub_or_a_tick),
    };
    return cmocka_run_group_tests_name("hub_memory", tests, NULL, NULL);
}
