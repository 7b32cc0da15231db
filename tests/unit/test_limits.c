/* Every default that the headers name, and every limit at its two ends: what is still taken there, and what is not any more. */
#include "party.h"

#define TEN_YEARS (INT64_C(3650) * 24 * 3600 * SECOND)

/* A number of a struct, and what it may be. Its name is the one in the sentence of a refusal. */
struct limit {
    const char *name;
    size_t offset, size;
    int64_t is, least, most;
};
#define LIMIT(name, type, field, is, least, most) {name, offsetof(type, field), sizeof((type){0}.field), is, least, most}
#define COUNT(array) (sizeof(array) / sizeof *(array))

static int64_t get(const void *structure, const struct limit *limit)
{
    const char *at = (const char *)structure + limit->offset;
    return limit->size == sizeof(uint32_t) ? *(const uint32_t *)at : *(const int64_t *)at;
}

/* False if there is no such number. */
static bool set(void *structure, const struct limit *limit, int64_t value)
{
    char *at = (char *)structure + limit->offset;
    if (limit->size == sizeof(int64_t))
        *(int64_t *)at = value;
    else
        *(uint32_t *)at = (uint32_t)value;
    return get(structure, limit) == value;
}

/* The value at one of the limit's ends: just below, least, most, just above. */
enum { ENDS = 4 };
static int64_t end_of(const struct limit *limit, unsigned end)
{
    return end == 0 ? limit->least - 1 : end == 1 ? limit->least : limit->most + (end == 3 && limit->most < INT64_MAX);
}

static bool allows(const struct limit *limit, int64_t value)
{
    return value >= limit->least && value <= limit->most;
}

static const char *why; /* of the last call */
static char why_not[100];

/* A struct with its defaults, given to `call` with one number at its ends: then it answers `taken`, or a refusal. */
static void check(void *structure, const struct limit *limit, int (*call)(const void *structure), int taken, int refused)
{
    if (get(structure, limit) != limit->is)
        fail_msg("%s is %lld", limit->name, (long long)get(structure, limit));
    for (unsigned end = 0; end < ENDS; end++) {
        int64_t value = end_of(limit, end);
        if (!set(structure, limit, value))
            continue;
        int error = call(structure);
        if (error != (allows(limit, value) ? taken : refused))
            fail_msg("%s = %lld: %d", limit->name, (long long)value, error);
        if (error == refused && !strstr(why, limit->name))
            fail_msg("%s is not named: %s", limit->name, why);
    }
    set(structure, limit, limit->is);
}

/* --- Settings: without any memory, what is taken is all that fails */

static void *no_memory(void *user_data, void *pointer, size_t size)
{
    (void)user_data;
    (void)pointer;
    (void)size;
    return NULL;
}

static int new_hub(const void *config)
{
    const syncplay_hub_callbacks callbacks = {.struct_size = sizeof callbacks, .allocate = no_memory};
    syncplay_hub *hub = NULL;
    int error = syncplay_hub_new(&hub, 0, config, &callbacks, NULL);
    assert_null(hub);
    assert_int_equal(syncplay_hub_config_check(config, why_not, sizeof why_not), error == SYNCPLAY_ERROR_MEMORY ? 0 : error);
    assert_true((why_not[0] == 0) == (error == SYNCPLAY_ERROR_MEMORY));
    why = why_not;
    return error;
}

static void send_nothing(void *user_data, const char *bytes, size_t length)
{
    (void)user_data;
    (void)bytes;
    (void)length;
}

static int new_follower(const void *config)
{
    const syncplay_follower_callbacks callbacks = {.struct_size = sizeof callbacks, .send = send_nothing, .allocate = no_memory};
    syncplay_follower *follower = NULL;
    int error = syncplay_follower_new(&follower, 0, config, &callbacks, NULL);
    assert_null(follower);
    assert_int_equal(syncplay_follower_config_check(config, why_not, sizeof why_not), error == SYNCPLAY_ERROR_MEMORY ? 0 : error);
    assert_true((why_not[0] == 0) == (error == SYNCPLAY_ERROR_MEMORY));
    why = why_not;
    return error;
}

static void test_settings_of_a_hub(void **state)
{
#define HUB(field, is, least, most) LIMIT(#field, syncplay_hub_config, field, is, least, most)
    static const struct limit limits[] = {
        HUB(max_sessions, 100000, 1, UINT32_MAX),
        HUB(max_participants, 20, 1, 1000),
        HUB(max_knocks, 20, 0, UINT32_MAX),
        HUB(max_message_bytes, 16384, 64, 1 << 24),
        HUB(session_timeout, 4 * 3600 * SECOND, 1, TEN_YEARS),
        HUB(seat_grace, 90 * SECOND, 1, TEN_YEARS),
        HUB(knock_timeout, 300 * SECOND, 1, TEN_YEARS),
        HUB(latency_samples, 10, 1, 32),
        HUB(max_latency, 5 * SECOND, 1, TEN_YEARS),
        HUB(max_lead, 2 * SECOND, 1, TEN_YEARS),
        HUB(ready_threshold, SECOND, 1, TEN_YEARS),
        HUB(stall_tolerance, SECOND, 1, TEN_YEARS),
        HUB(wait_timeout, 10 * SECOND, 1, TEN_YEARS),
        HUB(wait_budget, 30 * SECOND, 1, TEN_YEARS),
        HUB(chat_max_length, 500, 1, 100000),
        HUB(chat_rate_count, 10, 1, 60 * SECOND), /* one a microsecond */
        HUB(chat_rate_period, 60 * SECOND, 10, TEN_YEARS),
        HUB(chat_history, 50, 0, 1000),
        HUB(code_length, 8, 4, 8),
        HUB(shard_index, 0, 0, 0),
        HUB(shard_count, 1, 1, 4096),
        HUB(away_after, 5 * SECOND, 0, 24 * 3600 * SECOND),
        HUB(kick_cooldown, 300 * SECOND, 0, TEN_YEARS),
        HUB(max_invitations, 100, 0, 10000),
        HUB(max_removed, 256, 1, 10000),
        HUB(replay_bytes, 65536, 0, 1 << 30),
        HUB(reaction_max_length, 10, 1, 64),
        HUB(reaction_rate_count, 5, 1, 10 * SECOND),
        HUB(reaction_rate_period, 10 * SECOND, 5, TEN_YEARS),
    };
    syncplay_hub_config config;
    (void)state;
    syncplay_hub_config_default(&config, sizeof config);
    assert_true(config.chat_enabled);
    for (size_t i = 0; i < COUNT(limits); i++)
        check(&config, &limits[i], new_hub, SYNCPLAY_ERROR_MEMORY, SYNCPLAY_ERROR_ARGUMENT);
    config.shard_count = 4096;
    config.shard_index = 4095;
    assert_int_equal(new_hub(&config), SYNCPLAY_ERROR_MEMORY);
    config.shard_index = 4096;
    assert_int_equal(new_hub(&config), SYNCPLAY_ERROR_ARGUMENT);
}

static void test_what_is_said_of_settings(void **state)
{
    syncplay_hub_config config;
    syncplay_follower_config follower;
    syncplay_player_profile profile = {.struct_size = 0};
    char few[9];
    (void)state;
    assert_int_equal(syncplay_hub_config_check(NULL, why_not, sizeof why_not), SYNCPLAY_OK);
    assert_int_equal(syncplay_follower_config_check(NULL, NULL, 0), SYNCPLAY_OK);
    syncplay_hub_config_default(&config, sizeof config);
    config.latency_samples = 33;
    assert_int_equal(syncplay_hub_config_check(&config, why_not, sizeof why_not), SYNCPLAY_ERROR_ARGUMENT);
    assert_string_equal(why_not, "latency_samples must be 1 to 32");
    assert_int_equal(syncplay_hub_config_check(&config, few, sizeof few), SYNCPLAY_ERROR_ARGUMENT);
    assert_string_equal(few, "latency_");
    config.struct_size = 0;
    assert_int_equal(syncplay_hub_config_check(&config, why_not, sizeof why_not), SYNCPLAY_ERROR_ARGUMENT);
    assert_string_equal(why_not, "config: struct_size must be what sizeof says of the struct");
    syncplay_follower_config_default(&follower, sizeof follower);
    follower.profile = &profile;
    assert_int_equal(syncplay_follower_config_check(&follower, why_not, sizeof why_not), SYNCPLAY_ERROR_ARGUMENT);
    assert_string_equal(why_not, "profile: struct_size must be what sizeof says of the struct");
    follower.struct_size = 1;
    assert_int_equal(syncplay_follower_config_check(&follower, why_not, sizeof why_not), SYNCPLAY_ERROR_ARGUMENT);
    assert_string_equal(why_not, "config: struct_size must be what sizeof says of the struct");
}

static void test_settings_of_a_follower(void **state)
{
    static const struct limit limits[] = {
        LIMIT("ready_threshold", syncplay_follower_config, ready_threshold, SECOND, 1, TEN_YEARS),
        LIMIT("max_message_bytes", syncplay_follower_config, max_message_bytes, 1 << 20, 64, 1 << 24),
    };
    syncplay_follower_config config;
    (void)state;
    syncplay_follower_config_default(&config, sizeof config);
    for (size_t i = 0; i < COUNT(limits); i++)
        check(&config, &limits[i], new_follower, SYNCPLAY_ERROR_MEMORY, SYNCPLAY_ERROR_ARGUMENT);
}

/* --- Commands to a hub */

static struct party party;

static int submit(const void *command)
{
    int error = syncplay_hub_submit(party.hub, party.now, ANA, command);
    why = syncplay_hub_why(party.hub);
    return error;
}

static void test_numbers_of_commands(void **state)
{
#define FIELD(kind, name, field, is, least, most) {kind, LIMIT(name, syncplay_command, field, is, least, most)}
    static const struct {
        syncplay_command_kind kind;
        struct limit limit;
    } fields[] = {
        FIELD(SYNCPLAY_COMMAND_SEEK, "position_ms", position, -1, 0, SYNCPLAY_POSITION_MAX),
        FIELD(SYNCPLAY_COMMAND_PLAY, "position_ms", position, -1, -1, SYNCPLAY_POSITION_MAX),
        FIELD(SYNCPLAY_COMMAND_PAUSE, "position_ms", position, -1, -1, SYNCPLAY_POSITION_MAX),
        FIELD(SYNCPLAY_COMMAND_SPEED, "playback_speed", speed, 100, 25, 400),
        FIELD(SYNCPLAY_COMMAND_READY, "buffered_ms", buffered, -1, -1, INT64_MAX),
        FIELD(SYNCPLAY_COMMAND_PING, "drift_ms", drift, INT64_MIN, -24 * 3600 * SECOND, 24 * 3600 * SECOND),
        FIELD(SYNCPLAY_COMMAND_PING, "error_ms", clock_error, -1, -1, 600 * SECOND),
        FIELD(SYNCPLAY_COMMAND_PING, "start_ms", start, -1, -1, 5 * SECOND),
        FIELD(SYNCPLAY_COMMAND_INVITE, "expires_in_ms", lifetime, -1, SECOND, TEN_YEARS),
        FIELD(SYNCPLAY_COMMAND_INVITE, "uses", uses, 0, 0, 1000000),
    };
    (void)state;
    party_open(&party);
    for (size_t i = 0; i < COUNT(fields); i++) {
        syncplay_command command;
        syncplay_command_default(&command, sizeof command, fields[i].kind);
        check(&command, &fields[i].limit, submit, SYNCPLAY_OK, SYNCPLAY_ERROR_FIELD);
    }
    party_close(&party);
}

/* --- Texts, of characters that are as long as can be */

#define CHARACTER "\xf0\x9f\x8e\xac" /* a clapper board */

/* So many characters, until the next call. */
static const char *text_of(size_t count)
{
    static char text[4 * (SYNCPLAY_URL_MAX + 1) + 1];
    for (size_t i = 0; i < count; i++)
        memcpy(text + 4 * i, CHARACTER, 4);
    text[4 * count] = 0;
    return text;
}

static void test_texts_of_commands(void **state)
{
    enum { CONTENT_TYPE, TITLE, URL, CLIENT_ID, CHAT, REACTION };
    static const struct limit texts[] = {[CONTENT_TYPE] = {.name = "content_type", .least = 1, .most = 50},
                                         [TITLE] = {.name = "title", .least = 0, .most = 200},
                                         [URL] = {.name = "url", .least = 0, .most = 2000},
                                         [CLIENT_ID] = {.name = "command_id", .least = 1, .most = 64},
                                         [CHAT] = {.name = "message", .least = 1, .most = 500},
                                         [REACTION] = {.name = "reaction", .least = 1, .most = 10}};
    static const syncplay_command_kind kinds[] = {SYNCPLAY_COMMAND_CONTENT, SYNCPLAY_COMMAND_CONTENT, SYNCPLAY_COMMAND_CONTENT,
                                                  SYNCPLAY_COMMAND_PAUSE,   SYNCPLAY_COMMAND_CHAT,    SYNCPLAY_COMMAND_REACT};
    (void)state;
    party_open(&party);
    for (unsigned i = 0; i < COUNT(texts); i++)
        for (unsigned end = texts[i].least == 0; end < ENDS; end++) {
            const struct limit *limit = &texts[i];
            const char *text = text_of((size_t)end_of(limit, end));
            syncplay_content content = party_content();
            syncplay_command command;
            syncplay_command_default(&command, sizeof command, kinds[i]);
            content.type = i == CONTENT_TYPE ? text : content.type;
            content.title = i == TITLE ? text : NULL;
            content.url = i == URL ? text : NULL;
            command.content = &content;
            command.client_id = i == CLIENT_ID ? text : NULL;
            command.text = i == CHAT || i == REACTION ? text : NULL;
            assert_int_equal(submit(&command), allows(limit, end_of(limit, end)) ? SYNCPLAY_OK : SYNCPLAY_ERROR_FIELD);
            assert_true(*why == 0 || strstr(why, limit->name));
        }
    party_close(&party);
}

static void test_names_of_users(void **state)
{
    static const size_t lengths[] = {0, 1, 32, 33};
    syncplay_content content = party_content();
    syncplay_id session;
    (void)state;
    party_open(&party);
    for (size_t i = 0; i < COUNT(lengths); i++) {
        syncplay_user user = party_user(CLEO);
        user.name = text_of(lengths[i]);
        assert_int_equal(syncplay_hub_create(party.hub, party.now, &user, &content, NULL, &session),
                         i == 1 || i == 2 ? SYNCPLAY_OK : SYNCPLAY_ERROR_FIELD);
    }
    party_close(&party);
}

/* --- What a follower is told */

static syncplay_follower *follower;

#define FOLLOWER(name)                                                  \
    static int tell_##name(const void *structure)                       \
    {                                                                   \
        int error = syncplay_follower_##name(follower, 0, structure);   \
        why = syncplay_follower_why(follower);                          \
        return error;                                                   \
    }
FOLLOWER(playback)
FOLLOWER(observe)
FOLLOWER(acted)

static void test_numbers_for_a_follower(void **state)
{
#define PLAYBACK(field, is, least, most) LIMIT(#field, syncplay_playback, field, is, least, most)
#define PLAYER(field, is, least, most) LIMIT(#field, syncplay_player_state, field, is, least, most)
#define ADVICE(field, is, least, most) LIMIT(#field, syncplay_advice, field, is, least, most)
    static const struct limit of_playback[] = {PLAYBACK(revision, 0, 0, INT64_C(1) << 53),
                                               PLAYBACK(position, 0, 0, SYNCPLAY_POSITION_MAX),
                                               PLAYBACK(server_time, 0, 0, INT64_C(1) << 53),
                                               PLAYBACK(at, 0, 0, INT64_C(1) << 53), PLAYBACK(speed, 100, 25, 400)};
    static const struct limit of_player[] = {PLAYER(rate, SYNCPLAY_RATE_ONE, 0, 100 * SYNCPLAY_RATE_ONE),
                                             PLAYER(position, 0, 0, SYNCPLAY_POSITION_MAX),
                                             PLAYER(buffered, 0, 0, SYNCPLAY_POSITION_MAX),
                                             PLAYER(duration, 0, 0, SYNCPLAY_POSITION_MAX)};
    static const struct limit of_advice[] = {ADVICE(rate, SYNCPLAY_RATE_ONE, 0, 100 * SYNCPLAY_RATE_ONE),
                                             ADVICE(position, 0, 0, SYNCPLAY_POSITION_MAX)};
    const syncplay_follower_callbacks callbacks = {.struct_size = sizeof callbacks, .send = send_nothing};
    syncplay_playback playback;
    syncplay_player_state player;
    syncplay_advice advice = {.struct_size = sizeof advice, .kind = SYNCPLAY_ADVICE_SEEK, .rate = SYNCPLAY_RATE_ONE};
    (void)state;
    assert_int_equal(syncplay_follower_new(&follower, 0, NULL, &callbacks, NULL), SYNCPLAY_OK);
    syncplay_playback_default(&playback, sizeof playback);
    syncplay_player_state_default(&player, sizeof player);
    for (size_t i = 0; i < COUNT(of_playback); i++)
        check(&playback, &of_playback[i], tell_playback, SYNCPLAY_OK, SYNCPLAY_ERROR_FIELD);
    for (size_t i = 0; i < COUNT(of_player); i++)
        check(&player, &of_player[i], tell_observe, SYNCPLAY_OK, SYNCPLAY_ERROR_FIELD);
    for (size_t i = 0; i < COUNT(of_advice); i++)
        check(&advice, &of_advice[i], tell_acted, SYNCPLAY_OK, SYNCPLAY_ERROR_FIELD);
    player.buffered = SYNCPLAY_NEVER; /* all of it */
    assert_int_equal(tell_observe(&player), SYNCPLAY_OK);
    syncplay_follower_free(follower);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_settings_of_a_hub), cmocka_unit_test(test_settings_of_a_follower),  cmocka_unit_test(test_what_is_said_of_settings),
                                       cmocka_unit_test(test_numbers_of_commands), cmocka_unit_test(test_texts_of_commands),
                                       cmocka_unit_test(test_names_of_users), cmocka_unit_test(test_numbers_for_a_follower)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
