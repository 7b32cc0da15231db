/*
 * Programs that were compiled with an older release, whose structs were shorter: each struct that a caller fills or that is
 * filled for a caller, in memory of exactly that size (which AddressSanitizer watches), at every end that it had in a release
 * since 0.2 and without its last member. Before 0.2 two of them held others, and could not grow.
 */
#include "party.h"

/* The end of a struct that ended with what stands before `member`: a size is a multiple of the alignment. */
#define BEFORE(type, member) ((offsetof(type, member) + _Alignof(type) - 1) / _Alignof(type) * _Alignof(type))

static const size_t config_sizes[] = {BEFORE(syncplay_hub_config, reaction_rate_count) /* 0.2, 0.3 */,
                                      BEFORE(syncplay_hub_config, reaction_rate_period), sizeof(syncplay_hub_config)};
static const size_t callbacks_sizes[] = {BEFORE(syncplay_hub_callbacks, refuse_content) /* 0.1 */,
                                         sizeof(syncplay_hub_callbacks)};
static const size_t command_sizes[] = {BEFORE(syncplay_command, drift), BEFORE(syncplay_command, typing) /* 0.2, 0.3 */,
                                       sizeof(syncplay_command)};
static const size_t user_sizes[] = {sizeof(syncplay_user)};
static const size_t content_sizes[] = {BEFORE(syncplay_content, url), sizeof(syncplay_content)};
static const size_t settings_sizes[] = {BEFORE(syncplay_settings, strangers), sizeof(syncplay_settings)};
#define EACH(i, sizes) size_t i = 0; i < sizeof(sizes) / sizeof *(sizes); i++

/*
 * Memory of exactly that size, full of garbage but for the size itself. Seen from inside its callers, a compiler would warn
 * that the struct is larger.
 */
__attribute__((noinline)) static void *exactly(size_t size)
{
    unsigned char *memory = malloc(size);
    assert_non_null(memory);
    memset(memory, 0x5a, size);
    memcpy(memory, &size, sizeof size);
    return memory;
}

static size_t size_of(const void *structure)
{
    size_t size;
    memcpy(&size, structure, sizeof size);
    return size;
}

/* A hub of a program of that age. */
static syncplay_hub *old_hub(size_t config_size, size_t callbacks_size)
{
    syncplay_hub *hub;
    syncplay_hub_config *config = exactly(config_size);
    syncplay_hub_callbacks *callbacks = exactly(callbacks_size);
    syncplay_hub_config_default(config, config_size);
    syncplay_hub_callbacks_default(callbacks, callbacks_size);
    assert_int_equal(size_of(config), config_size);
    assert_int_equal(size_of(callbacks), callbacks_size);
    config->max_sessions = 1;
    if (config_size <= offsetof(syncplay_hub_config, reaction_rate_count)) /* what was padding then is anything */
        memset(&config->reaction_max_length, 0x5a, sizeof config->reaction_max_length);
    assert_int_equal(syncplay_hub_new(&hub, 0, config, callbacks, NULL), SYNCPLAY_OK);
    free(config);
    free(callbacks);
    return hub;
}

static syncplay_user *old_user(size_t size)
{
    syncplay_user *user = exactly(size);
    syncplay_user_default(user, size);
    user->id.bytes[0] = ANA;
    user->name = "Ana";
    return user;
}

static syncplay_content *old_content(size_t size)
{
    syncplay_content *content = exactly(size);
    syncplay_content_default(content, size);
    content->type = "movie";
    content->id.bytes[0] = 9;
    return content;
}

static syncplay_hub *old_party(syncplay_id *session)
{
    syncplay_hub *hub = old_hub(sizeof(syncplay_hub_config), sizeof(syncplay_hub_callbacks));
    syncplay_user *user = old_user(sizeof *user);
    syncplay_content *content = old_content(sizeof *content);
    assert_int_equal(syncplay_hub_create(hub, 0, user, content, NULL, session), SYNCPLAY_OK);
    assert_int_equal(syncplay_hub_connect(hub, 0, ANA, user), SYNCPLAY_OK);
    free(user);
    free(content);
    return hub;
}

static void test_hub_and_session(void **state)
{
    (void)state;
    for (EACH(i, config_sizes))
        for (EACH(j, callbacks_sizes))
            for (EACH(k, content_sizes))
                for (EACH(l, settings_sizes)) {
                    syncplay_id session;
                    syncplay_hub *hub = old_hub(config_sizes[i], callbacks_sizes[j]);
                    syncplay_user *user = old_user(user_sizes[0]);
                    syncplay_content *content = old_content(content_sizes[k]);
                    syncplay_settings *settings = exactly(settings_sizes[l]);
                    syncplay_settings_default(settings, settings_sizes[l]);
                    settings->control = SYNCPLAY_CONTROL_HOST;
                    assert_int_equal(syncplay_hub_create(hub, 0, user, content, settings, &session), SYNCPLAY_OK);
                    assert_int_equal(syncplay_hub_create(hub, 0, user, content, settings, &session), SYNCPLAY_ERROR_LIMIT);
                    free(user);
                    free(content);
                    free(settings);
                    syncplay_hub_free(hub);
                }
}

/* What an old command does not know has its default; what it points to has a size of its own. */
static void test_commands(void **state)
{
    (void)state;
    for (EACH(i, command_sizes)) {
        syncplay_id session;
        syncplay_hub *hub = old_party(&session);
        for (int kind = SYNCPLAY_COMMAND_JOIN; kind <= SYNCPLAY_COMMAND_REACT; kind++) {
            syncplay_command *command = exactly(command_sizes[i]);
            syncplay_settings *settings = exactly(settings_sizes[0]);
            syncplay_content *content = old_content(content_sizes[0]);
            syncplay_settings_default(settings, settings_sizes[0]);
            syncplay_command_default(command, command_sizes[i], (syncplay_command_kind)kind);
            assert_int_equal(size_of(command), command_sizes[i]);
            command->code = command->text = "?";
            command->position = 0;
            command->settings = settings;
            command->settings_mask = SYNCPLAY_SETTING_WAIT;
            command->content = content;
            syncplay_hub_submit(hub, 0, ANA, command);
            free(command);
            free(settings);
            free(content);
        }
        syncplay_hub_free(hub);
    }
}

/* Asks with a struct of each size from that of the first members to one that is newer than this library. */
#define ANSWERS(type, first, call)                                                                  \
    for (size_t size = offsetof(type, first); size <= sizeof(type) + 16; size += 4) {               \
        type *info = exactly(size);                                                                 \
        assert_int_equal(call, SYNCPLAY_OK);                                                        \
        assert_int_equal(size_of(info), size);                                                      \
        for (size_t at = sizeof(type); at < size; at++)                                             \
            assert_int_equal(((unsigned char *)info)[at], 0);                                       \
        free(info);                                                                                 \
    }

static void test_answers_of_the_hub(void **state)
{
    syncplay_id session;
    syncplay_hub *hub = old_party(&session);
    syncplay_user ben = {.struct_size = sizeof ben, .id = {{BEN}}, .name = "Ben"};
    syncplay_user ana = {.struct_size = sizeof ana, .id = {{ANA}}, .name = "Ana"};
    syncplay_command command;
    char token[SYNCPLAY_TOKEN_SIZE];
    (void)state;
    ANSWERS(syncplay_session_info, code, syncplay_hub_session(hub, 0, &session, info))
    ANSWERS(syncplay_participant_info, name, syncplay_hub_participant(hub, &session, 0, info))
    ANSWERS(syncplay_participant_info, name, syncplay_hub_participant_of(hub, &session, &ana.id, info))
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_INVITE);
    ANSWERS(syncplay_invitation_info, role, syncplay_hub_invite(hub, 0, &session, &ana, &command, info, token))
    ANSWERS(syncplay_invitation_info, role, syncplay_hub_invitation(hub, 0, &session, 0, info))
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_BAN);
    command.user = ben.id;
    assert_int_equal(syncplay_hub_submit_for(hub, 0, &session, &ana, &command), SYNCPLAY_OK);
    ANSWERS(syncplay_removed_info, name, syncplay_hub_removed(hub, 0, &session, 0, info))
    syncplay_hub_free(hub);
}

static void send_nothing(void *user_data, const char *bytes, size_t length)
{
    (void)user_data;
    (void)bytes;
    (void)length;
}

/* 0.3 was the first release with a follower, and none of its structs has grown since. */
static void test_follower(void **state)
{
    const size_t sizes[][3] = {
        {sizeof(syncplay_follower_config), sizeof(syncplay_follower_callbacks), sizeof(syncplay_player_profile)},
        {BEFORE(syncplay_follower_config, max_message_bytes), BEFORE(syncplay_follower_callbacks, allocate),
         BEFORE(syncplay_player_profile, nudge_loss)}};
    (void)state;
    for (EACH(i, sizes)) {
        syncplay_follower *follower;
        syncplay_follower_config *config = exactly(sizes[i][0]);
        syncplay_follower_callbacks *callbacks = exactly(sizes[i][1]);
        syncplay_player_profile *profile = exactly(sizes[i][2]);
        syncplay_follower_config_default(config, sizes[i][0]);
        syncplay_follower_callbacks_default(callbacks, sizes[i][1]);
        syncplay_player_profile_default(profile, sizes[i][2], SYNCPLAY_PLAYER_MPV);
        callbacks->send = send_nothing;
        config->profile = profile;
        assert_int_equal(syncplay_follower_new(&follower, 0, config, callbacks, NULL), SYNCPLAY_OK);
        free(config);
        free(callbacks);
        free(profile);
        syncplay_follower_free(follower);
    }
}

static void test_answers_of_the_follower(void **state)
{
    syncplay_follower *follower;
    syncplay_follower_callbacks callbacks = {.struct_size = sizeof callbacks, .send = send_nothing};
    size_t playback_size = BEFORE(syncplay_playback, speed), player_size = BEFORE(syncplay_player_state, duration);
    (void)state;
    assert_int_equal(syncplay_follower_new(&follower, 0, NULL, &callbacks, NULL), SYNCPLAY_OK);
    syncplay_playback *playback = exactly(playback_size);
    syncplay_playback_default(playback, playback_size);
    assert_int_equal(syncplay_follower_playback(follower, 0, playback), SYNCPLAY_OK);
    free(playback);
    syncplay_player_state *player = exactly(player_size);
    syncplay_player_state_default(player, player_size);
    assert_int_equal(syncplay_follower_observe(follower, 0, player), SYNCPLAY_OK);
    free(player);
    ANSWERS(syncplay_follower_status, server_time, syncplay_follower_status_at(follower, 0, info))
    ANSWERS(syncplay_player_profile, silent_start_latency, syncplay_follower_profile(follower, info))
    ANSWERS(syncplay_advice, position, syncplay_follower_advise(follower, 0, info))
    ANSWERS(syncplay_advice, position,
            syncplay_follower_advise(follower, 0, info) | syncplay_follower_acted(follower, 0, info))
    syncplay_follower_free(follower);
}

/* The least that a struct can be is its size; what is less, or nothing, is left alone. */
static void test_the_least(void **state)
{
    syncplay_settings *settings = exactly(sizeof(size_t));
    (void)state;
    memset(settings, 0x5a, sizeof(size_t));
    syncplay_settings_default(settings, sizeof(size_t) - 1);
    for (size_t i = 0; i < sizeof(size_t); i++)
        assert_int_equal(((unsigned char *)settings)[i], 0x5a);
    syncplay_settings_default(settings, sizeof(size_t));
    assert_int_equal(size_of(settings), sizeof(size_t));
    syncplay_settings_default(NULL, sizeof *settings);
    free(settings);
    /* A command without even a kind is none. */
    syncplay_id session;
    syncplay_hub *hub = old_party(&session);
    syncplay_user ana = {.struct_size = sizeof ana, .id = {{ANA}}, .name = "Ana"};
    syncplay_command *command = exactly(sizeof(size_t));
    assert_int_equal(syncplay_hub_submit_for(hub, 0, &session, &ana, command), SYNCPLAY_ERROR_ARGUMENT);
    free(command);
    syncplay_hub_free(hub);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hub_and_session),     cmocka_unit_test(test_commands),
        cmocka_unit_test(test_answers_of_the_hub),  cmocka_unit_test(test_follower),
        cmocka_unit_test(test_answers_of_the_follower), cmocka_unit_test(test_the_least),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
