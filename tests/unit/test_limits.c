/* Every default that the headers name, and every limit at its two ends: what is still taken there, and what is not any more. */
#include "party.h"

#define TEN_YEARS (INT64_C(3650) * 24 * 3600 * SECOND)

/* A number of a struct, and what it may be. */
struct limit {
    const char *name;
    size_t offset, size;
    int64_t is, least, most;
};
#define LIMIT(type, field, is, least, most) {#field, offsetof(type, field), sizeof((type){0}.field), is, least, most}
#define COUNT(array) (sizeof(array) / sizeof *(array))

static int64_t get(const void *structure, const struct limit *limit)
{
    const char *at = (const char *)structure + limit->offset;
    return limit->size == sizeof(uint32_t) ? *(const uint32_t *)at : *(const int64_t *)at;
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
    return error;
}

/* `config` has the defaults. */
static void check_settings(void *config, const struct limit *limits, size_t count, int (*make)(const void *config))
{
    for (const struct limit *limit = limits; limit < limits + count; limit++) {
        if (get(config, limit) != limit->is)
            fail_msg("%s is %lld", limit->name, (long long)get(config, limit));
        for (unsigned end = 0; end < ENDS; end++) {
            int64_t value = end_of(limit, end);
            int expected = allows(limit, value) ? SYNCPLAY_ERROR_MEMORY : SYNCPLAY_ERROR_ARGUMENT;
            if (set(config, limit, value) && make(config) != expected)
                fail_msg("%s = %lld: %d", limit->name, (long long)value, make(config));
        }
        set(config, limit, limit->is);
    }
}

static void test_settings_of_a_hub(void **state)
{
#define HUB(field, is, least, most) LIMIT(syncplay_hub_config, field, is, least, most)
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
    check_settings(&config, limits, COUNT(limits), new_hub);
    config.shard_count = 4096;
    config.shard_index = 4095;
    assert_int_equal(new_hub(&config), SYNCPLAY_ERROR_MEMORY);
    config.shard_index = 4096;
    assert_int_equal(new_hub(&config), SYNCPLAY_ERROR_ARGUMENT);
}

static void test_settings_of_a_follower(void **state)
{
    static const struct limit limits[] = {
        LIMIT(syncplay_follower_config, ready_threshold, SECOND, 1, TEN_YEARS),
        LIMIT(syncplay_follower_config, max_message_bytes, 1 << 20, 64, 1 << 24),
    };
    syncplay_follower_config config;
    (void)state;
    syncplay_follower_config_default(&config, sizeof config);
    check_settings(&config, limits, COUNT(limits), new_follower);
}

/* --- Commands */

static struct party party;

/* The command of Ana is taken, or it is refused by a sentence that names the field. */
static void expect(const syncplay_command *command, bool is_taken, const char *field)
{
    int error = syncplay_hub_submit(party.hub, party.now, ANA, command);
    if (error != (is_taken ? SYNCPLAY_OK : SYNCPLAY_ERROR_FIELD))
        fail_msg("%s: %d, %s", field, error, syncplay_hub_why(party.hub));
    if (!is_taken && !strstr(syncplay_hub_why(party.hub), field))
        fail_msg("%s is not named: %s", field, syncplay_hub_why(party.hub));
}

static void test_numbers_of_commands(void **state)
{
#define FIELD(kind, name, field, is, least, most) {kind, name, LIMIT(syncplay_command, field, is, least, most)}
    static const struct {
        syncplay_command_kind kind;
        const char *name;
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
        const struct limit *limit = &fields[i].limit;
        syncplay_command command;
        syncplay_command_default(&command, sizeof command, fields[i].kind);
        if (get(&command, limit) != limit->is)
            fail_msg("%s is %lld", limit->name, (long long)get(&command, limit));
        for (unsigned end = 0; end < ENDS; end++)
            if (set(&command, limit, end_of(limit, end)))
                expect(&command, allows(limit, end_of(limit, end)), fields[i].name);
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
            expect(&command, allows(limit, end_of(limit, end)), limit->name);
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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_settings_of_a_hub), cmocka_unit_test(test_settings_of_a_follower),
                                       cmocka_unit_test(test_numbers_of_commands), cmocka_unit_test(test_texts_of_commands),
                                       cmocka_unit_test(test_names_of_users)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
