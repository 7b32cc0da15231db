/* Roles, invitations and those who were removed, by the typed API, as a host application without the wire uses it. */
#include "party.h"

static int submit(struct party *party, unsigned who, const syncplay_command *command)
{
    syncplay_user user = party_user(who);
    return syncplay_hub_submit_for(party->hub, party->now, &party->session, &user, command);
}

static syncplay_command command_about(syncplay_command_kind kind, unsigned whom)
{
    syncplay_command command;
    syncplay_command_default(&command, sizeof command, kind);
    command.user = party_user(whom).id;
    return command;
}

static syncplay_participant_info look(struct party *party, unsigned who)
{
    syncplay_participant_info info = {.struct_size = sizeof info};
    syncplay_user user = party_user(who);
    assert_int_equal(syncplay_hub_participant_of(party->hub, &party->session, &user.id, &info), SYNCPLAY_OK);
    return info;
}

static void test_roles(void **state)
{
    struct party party;
    (void)state;
    party_open(&party);
    assert_int_equal(look(&party, ANA).role, SYNCPLAY_ROLE_HOST);
    assert_int_equal(look(&party, BEN).role, SYNCPLAY_ROLE_VIEWER);
    syncplay_command command = command_about(SYNCPLAY_COMMAND_ROLE, BEN);
    command.role_mask = SYNCPLAY_SET_ROLE | SYNCPLAY_SET_ALLOW | SYNCPLAY_SET_DENY;
    command.role = SYNCPLAY_ROLE_CHAT_ONLY;
    command.allow = SYNCPLAY_RIGHT_KICK | SYNCPLAY_RIGHT_MUTE;
    command.deny = SYNCPLAY_RIGHT_CHAT | SYNCPLAY_RIGHT_MUTE;
    assert_int_equal(submit(&party, ANA, &command), SYNCPLAY_OK);
    assert_int_equal(party.event.kind, SYNCPLAY_EVENT_PARTICIPANT);
    assert_int_equal(party.event.change, SYNCPLAY_CHANGE_ROLE);
    assert_int_equal(look(&party, BEN).role, SYNCPLAY_ROLE_CHAT_ONLY);
    assert_int_equal(look(&party, BEN).rights, SYNCPLAY_RIGHT_KICK);
    assert_int_equal(look(&party, BEN).allow, SYNCPLAY_RIGHT_KICK | SYNCPLAY_RIGHT_MUTE);
    assert_int_equal(look(&party, BEN).deny, SYNCPLAY_RIGHT_CHAT | SYNCPLAY_RIGHT_MUTE);
    /* What was not named stays. */
    command.role_mask = SYNCPLAY_SET_DENY;
    command.deny = 0;
    assert_int_equal(submit(&party, ANA, &command), SYNCPLAY_OK);
    assert_int_equal(look(&party, BEN).rights, SYNCPLAY_RIGHT_KICK | SYNCPLAY_RIGHT_MUTE | SYNCPLAY_RIGHT_CHAT);
    /* What cannot be. */
    command.role_mask = 0;
    assert_int_equal(submit(&party, ANA, &command), SYNCPLAY_ERROR_FIELD);
    command.role_mask = 8;
    assert_int_equal(submit(&party, ANA, &command), SYNCPLAY_ERROR_FIELD);
    command.role_mask = SYNCPLAY_SET_ROLE;
    command.role = SYNCPLAY_ROLE_HOST;
    assert_int_equal(submit(&party, ANA, &command), SYNCPLAY_ERROR_FIELD);
    command.role_mask = SYNCPLAY_SET_ALLOW;
    command.allow = 1u << 17;
    assert_int_equal(submit(&party, ANA, &command), SYNCPLAY_ERROR_FIELD);
    command.allow = SYNCPLAY_RIGHT_HAND_OVER;
    assert_int_equal(submit(&party, ANA, &command), SYNCPLAY_ERROR_FIELD);
    assert_non_null(strstr(syncplay_hub_why(party.hub), "hand_over"));
    party_close(&party);
}

static int invite(struct party *party, unsigned who, const syncplay_command *command, syncplay_invitation_info *info,
                  char token[SYNCPLAY_TOKEN_SIZE])
{
    syncplay_user user = party_user(who);
    *info = (syncplay_invitation_info){.struct_size = sizeof *info};
    return syncplay_hub_invite(party->hub, party->now, &party->session, &user, command, info, token);
}

static void test_invitations(void **state)
{
    struct party party;
    syncplay_invitation_info made, listed = {.struct_size = sizeof listed};
    syncplay_command command = command_about(SYNCPLAY_COMMAND_INVITE, 0);
    char token[SYNCPLAY_TOKEN_SIZE];
    (void)state;
    party_open(&party);
    command.role = SYNCPLAY_ROLE_CONTROLLER;
    command.lifetime = 10 * SECOND;
    command.uses = 2;
    assert_int_equal(invite(&party, BEN, &command, &made, token), SYNCPLAY_ERROR_FORBIDDEN);
    assert_int_equal(invite(&party, CLEO, &command, &made, token), SYNCPLAY_ERROR_NOT_JOINED);
    assert_int_equal(invite(&party, ANA, &command, &made, token), SYNCPLAY_OK);
    assert_int_equal(party.event.kind, SYNCPLAY_EVENT_INVITATION);
    assert_int_equal(party.event.invitation_change, SYNCPLAY_INVITATION_CREATED);
    assert_true(syncplay_id_equal(&party.event.invitation, &made.id));
    assert_int_equal(made.unix_expires - made.unix_created, 10 * SECOND);
    assert_int_equal(syncplay_hub_invitation(party.hub, party.now, &party.session, 0, &listed), SYNCPLAY_OK);
    assert_memory_equal(&listed, &made, sizeof made);
    assert_int_equal(syncplay_hub_invitation(party.hub, party.now, &party.session, 1, &listed),
                     SYNCPLAY_ERROR_NOT_FOUND);
    /* Who brings it to a request comes in. */
    syncplay_command join = command_about(SYNCPLAY_COMMAND_JOIN, 0);
    join.invitation = token;
    assert_int_equal(submit(&party, CLEO, &join), SYNCPLAY_OK);
    assert_int_equal(look(&party, CLEO).role, SYNCPLAY_ROLE_CONTROLLER);
    assert_int_equal(syncplay_hub_invitation(party.hub, party.now, &party.session, 0, &listed), SYNCPLAY_OK);
    assert_int_equal(listed.used, 1);
    /* In time it is none any more; nor does it come back when the clock of a question runs ahead. */
    assert_int_equal(syncplay_hub_invitation(party.hub, party.now + 10 * SECOND, &party.session, 0, &listed),
                     SYNCPLAY_ERROR_NOT_FOUND);
    party.now += 10 * SECOND;
    assert_int_equal(submit(&party, 4, &join), SYNCPLAY_ERROR_INVITATION);
    /* The wrong door. */
    assert_int_equal(submit(&party, ANA, &command), SYNCPLAY_ERROR_ARGUMENT);
    command.kind = SYNCPLAY_COMMAND_PLAY;
    assert_int_equal(invite(&party, ANA, &command, &made, token), SYNCPLAY_ERROR_ARGUMENT);
    party_close(&party);
}

/* Neither the saved form nor any message but the one answer holds the token. */
static void test_a_token_is_told_once(void **state)
{
    struct party party;
    syncplay_invitation_info made;
    syncplay_command command = command_about(SYNCPLAY_COMMAND_INVITE, 0);
    char token[SYNCPLAY_TOKEN_SIZE];
    size_t length;
    (void)state;
    party_open(&party);
    party_keep(&party);
    assert_int_equal(invite(&party, ANA, &command, &made, token), SYNCPLAY_OK);
    char *saved = party_save(&party, &party.session, &length);
    assert_null(strstr(saved, token));
    assert_null(strstr(saved, party.resume_token));
    free(saved);
    assert_int_equal(party_say(&party, ANA, "{\"type\":\"state\"}"), SYNCPLAY_OK);
    assert_true(party_last_has(&party, "\"invitations\":[{"));
    assert_false(party_last_has(&party, token));
    assert_false(party_last_has(&party, "resume_token"));
    party_close(&party);
}

static void test_removed(void **state)
{
    struct party party;
    syncplay_removed_info info = {.struct_size = sizeof info};
    (void)state;
    party_open(&party);
    syncplay_command command = command_about(SYNCPLAY_COMMAND_KICK, BEN);
    assert_int_equal(submit(&party, ANA, &command), SYNCPLAY_OK);
    command = command_about(SYNCPLAY_COMMAND_BAN, CLEO);
    assert_int_equal(submit(&party, ANA, &command), SYNCPLAY_OK);
    assert_int_equal(party.event.change, SYNCPLAY_CHANGE_BANNED);
    assert_int_equal(syncplay_hub_removed(party.hub, party.now, &party.session, 0, &info), SYNCPLAY_OK);
    assert_string_equal(info.name, "Ben");
    assert_false(info.is_banned);
    assert_true(info.unix_until == syncplay_hub_unix(party.hub, party.now) + 300 * SECOND);
    assert_int_equal(syncplay_hub_removed(party.hub, party.now, &party.session, 1, &info), SYNCPLAY_OK);
    assert_true(info.is_banned);
    assert_int_equal(syncplay_hub_removed(party.hub, party.now, &party.session, 2, &info), SYNCPLAY_ERROR_NOT_FOUND);
    /* A cool-down ends by itself. */
    assert_int_equal(syncplay_hub_removed(party.hub, party.now + 300 * SECOND, &party.session, 0, &info), SYNCPLAY_OK);
    assert_true(info.is_banned);
    command.user = (syncplay_id){{0}};
    assert_int_equal(submit(&party, ANA, &command), SYNCPLAY_ERROR_FIELD);
    /* Of whom nothing is left to remember, nothing is remembered. */
    for (int is_banned = 1; is_banned >= 0; is_banned--) {
        size_t length;
        char *saved = party_save(&party, &party.session, &length);
        assert_int_equal(strstr(saved, "ab000000-0000-0000-0000-000000000003") != NULL, is_banned);
        free(saved);
        command = command_about(SYNCPLAY_COMMAND_UNBAN, CLEO);
        assert_int_equal(submit(&party, ANA, &command), is_banned ? SYNCPLAY_OK : SYNCPLAY_ERROR_NOT_FOUND);
    }
    party_close(&party);
}

/* Who is banned and unbanned again owes what they owed. */
static void test_an_unbanned_one_keeps_debts(void **state)
{
    struct party party;
    syncplay_command chat = command_about(SYNCPLAY_COMMAND_CHAT, 0), command;
    (void)state;
    party_open(&party);
    chat.text = "hello";
    for (int i = 0; i < 10; i++)
        assert_int_equal(submit(&party, BEN, &chat), SYNCPLAY_OK);
    command = command_about(SYNCPLAY_COMMAND_BAN, BEN);
    assert_int_equal(submit(&party, ANA, &command), SYNCPLAY_OK);
    command.kind = SYNCPLAY_COMMAND_UNBAN;
    assert_int_equal(submit(&party, ANA, &command), SYNCPLAY_OK);
    command.kind = SYNCPLAY_COMMAND_JOIN;
    assert_int_equal(submit(&party, BEN, &command), SYNCPLAY_OK);
    assert_int_equal(submit(&party, BEN, &chat), SYNCPLAY_ERROR_RATE);
    party_close(&party);
}

/* What a viewer may do, one who asks to be let in may not yet. */
static void test_one_who_knocks_may_do_nothing(void **state)
{
    struct party party;
    (void)state;
    party_init(&party);
    party_open_hub(&party);
    assert_int_equal(party_create(&party, ANA, SYNCPLAY_PRIVATE), SYNCPLAY_OK);
    assert_int_equal(party_connect(&party, BEN, BEN), SYNCPLAY_OK);
    assert_int_equal(party_join(&party, BEN), SYNCPLAY_OK);
    assert_true(look(&party, BEN).is_knocking);
    assert_int_equal(look(&party, BEN).rights, 0);
    syncplay_command command = command_about(SYNCPLAY_COMMAND_ADMIT, BEN);
    assert_int_equal(submit(&party, ANA, &command), SYNCPLAY_OK);
    assert_int_not_equal(look(&party, BEN).rights, 0);
    party_close(&party);
}

/* When one in the middle goes, the others stay as they are, in their order. */
static void test_one_of_several_goes(void **state)
{
    enum { DAN = 4, EVE = 5 };
    struct party party;
    syncplay_invitation_info made[3], invitation = {.struct_size = sizeof invitation};
    syncplay_removed_info removed = {.struct_size = sizeof removed};
    syncplay_participant_info seat = {.struct_size = sizeof seat};
    syncplay_command command = command_about(SYNCPLAY_COMMAND_INVITE, 0);
    char token[SYNCPLAY_TOKEN_SIZE];
    (void)state;
    party_open(&party);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(invite(&party, ANA, &command, &made[i], token), SYNCPLAY_OK);
    command = command_about(SYNCPLAY_COMMAND_REVOKE, 0);
    command.invitation_id = made[1].id;
    assert_int_equal(submit(&party, ANA, &command), SYNCPLAY_OK);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(syncplay_hub_invitation(party.hub, party.now, &party.session, i, &invitation), SYNCPLAY_OK);
        assert_memory_equal(&invitation, &made[2 * i], sizeof invitation);
    }
    for (unsigned who = CLEO; who <= EVE; who++) {
        command = command_about(SYNCPLAY_COMMAND_JOIN, 0);
        assert_int_equal(submit(&party, who, &command), SYNCPLAY_OK);
    }
    command = command_about(SYNCPLAY_COMMAND_LEAVE, 0);
    assert_int_equal(submit(&party, CLEO, &command), SYNCPLAY_OK);
    static const unsigned seated[] = {ANA, BEN, DAN, EVE};
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(syncplay_hub_participant(party.hub, &party.session, i, &seat), SYNCPLAY_OK);
        assert_string_equal(seat.name, party_user(seated[i]).name);
    }
    for (unsigned who = CLEO; who <= EVE; who++) {
        command = command_about(SYNCPLAY_COMMAND_BAN, who);
        assert_int_equal(submit(&party, ANA, &command), SYNCPLAY_OK);
    }
    command = command_about(SYNCPLAY_COMMAND_UNBAN, DAN);
    assert_int_equal(submit(&party, ANA, &command), SYNCPLAY_OK);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(syncplay_hub_removed(party.hub, party.now, &party.session, i, &removed), SYNCPLAY_OK);
        assert_int_equal(removed.user_id.bytes[15], i ? EVE : CLEO);
    }
    party_close(&party);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_roles), cmocka_unit_test(test_invitations),
                                       cmocka_unit_test(test_a_token_is_told_once), cmocka_unit_test(test_removed),
                                       cmocka_unit_test(test_an_unbanned_one_keeps_debts),
                                       cmocka_unit_test(test_one_who_knocks_may_do_nothing),
                                       cmocka_unit_test(test_one_of_several_goes)};
    return cmocka_run_group_tests_name("members", tests, NULL, NULL);
}
