/* The configuration: where settings come from, what each may be, what is said about a wrong one. */
// needs: server/config.o server/config_file.o server/config_setting.o server/config_value.o server/origin.o server/network.o server/log.o server/rbac.o -lyaml
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../server/config.h"

static char why[512];
static char file[64];

/* Each test runs in an empty folder of its own, so that no syncplay.yaml is found by chance. */
static int enter_folder(void **state)
{
    static char folder[64];
    snprintf(folder, sizeof folder, "/tmp/test_config.XXXXXX");
    *state = folder;
    snprintf(file, sizeof file, "settings.yaml");
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
    unlink("settings.yaml");
    unlink("syncplay.yaml");
    return chdir("/") == 0 && rmdir(*state) == 0 ? 0 : -1;
}

static void write_file(const char *name, const char *text)
{
    FILE *stream = fopen(name, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(text, 1, strlen(text), stream), strlen(text));
    assert_int_equal(fclose(stream), 0);
}

static enum config_action load(struct config *config, char **environment, char *first, char *second, char *third)
{
    char *argv[] = {"syncplay-server", first, second, third, NULL};
    int argc = 1;
    while (argv[argc])
        argc++;
    why[0] = '\0';
    return config_load(config, argc, argv, environment, why, sizeof why);
}

static enum config_action load_text(struct config *config, const char *text)
{
    write_file(file, text);
    return load(config, NULL, "--config", file, NULL);
}

static void refused(const char *text, const char *sentence)
{
    struct config config;
    assert_int_equal(load_text(&config, text), CONFIG_ERROR);
    assert_string_equal(why, sentence);
}

static void test_defaults(void **state)
{
    (void)state;
    struct config config;
    assert_int_equal(load(&config, NULL, NULL, NULL, NULL), CONFIG_RUN);
    assert_true(config.enabled);
    assert_string_equal(config.listen, "127.0.0.1:8080");
    assert_string_equal(config.database, "syncplay.db");
    assert_string_equal(config.media, "");
    assert_string_equal(config.tls_certificate, "");
    assert_string_equal(config.tls_key, "");
    assert_false(config.hsts);
    assert_string_equal(config.allowed_origins, "");
    assert_int_equal(config.log_level, LOG_INFO);
    assert_int_equal(config.log_format, LOG_TEXT);
    assert_int_equal(config.metrics, METRICS_FOR_LOOPBACK);
    assert_int_equal(config.shards, 2);
    assert_int_equal(config.http_threads, 64);
    assert_int_equal(config.request_timeout, 20000000);
    assert_int_equal(config.max_connections, 5000);
    assert_int_equal(config.max_sessions, 10000);
    assert_int_equal(config.queue_limit, 262144);
    assert_int_equal(config.guest_rate_count, 60);
    assert_int_equal(config.guest_rate_period, 60000000);
    assert_int_equal(config.trusted_proxies.count, 0);
    assert_int_equal(config.request_rate_count, 50);
    assert_int_equal(config.request_rate_period, 1000000);
    assert_int_equal(config.request_burst, 200);
    assert_int_equal(config.knock_rate_count, 10);
    assert_int_equal(config.knock_rate_period, 60000000);
    assert_int_equal(config.max_sessions_per_user, 10);
    /* Nobody fills a lobby from one address: all at once, then at that rate, until the first knocks are forgotten. */
    int64_t knock_interval = config.knock_rate_period / config.knock_rate_count;
    assert_true(config.max_knocks > config.knock_rate_count + (config.knock_timeout - 1) / knock_interval);
    assert_int_equal(config.max_connections_per_user, 10);
    assert_int_equal(config.max_connections_per_address, 100);
    assert_int_equal(config.message_rate_count, 50);
    assert_int_equal(config.message_rate_period, 1000000);
    assert_int_equal(config.message_burst, 100);
    assert_int_equal(config.max_message_bytes, 16384);
    assert_int_equal(config.guess_free, 5);
    assert_int_equal(config.guess_delay, 2000000);
    assert_int_equal(config.guess_max_delay, INT64_C(900000000));
    assert_int_equal(config.guess_forget, INT64_C(600000000));
    assert_int_equal(config.max_participants, 20);
    assert_int_equal(config.session_timeout, INT64_C(14400000000));
    assert_int_equal(config.seat_grace, 90000000);
    assert_int_equal(config.latency_samples, 10);
    assert_int_equal(config.max_latency, 5000000);
    assert_int_equal(config.wait_timeout, 10000000);
    assert_int_equal(config.wait_budget, 30000000);
    assert_true(config.chat_enabled);
    assert_int_equal(config.chat_max_length, 500);
    assert_int_equal(config.chat_rate_count, 10);
    assert_int_equal(config.chat_rate_period, 60000000);
    assert_int_equal(config.chat_history, 50);
    assert_int_equal(config.reaction_rate_count, 30);
    assert_int_equal(config.reaction_rate_period, 60000000);
    assert_int_equal(config.reaction_burst, 5);
    assert_true(config.auth_guests);
    assert_string_equal(config.auth_guest_role, "guest");
    assert_string_equal(config.auth_default_role, "user");
    assert_string_equal(config.jwt_algorithm, "");
    assert_string_equal(config.jwt_key_file, "");
    assert_string_equal(config.jwt_key, "");
    assert_string_equal(config.jwt_issuer, "");
    assert_string_equal(config.jwt_audience, "");
    assert_string_equal(config.jwt_kid, "");
    assert_int_equal(config.jwt_leeway, 30000000);
    assert_string_equal(config.jwt_user_claim, "sub");
    assert_string_equal(config.jwt_name_claim, "name");
    assert_string_equal(config.jwt_roles_claim, "roles");
    assert_false(config.jwt_keep_user_ids);
    assert_int_equal(config.roles.count, 2);
}

static void test_file_as_in_the_plan(void **state)
{
    (void)state;
    struct config config;
    assert_int_equal(load_text(&config, "syncplay:\n"
                                        "  enabled: false\n"
                                        "  max_participants: 30\n"
                                        "  session_timeout: 90m\n"
                                        "  latency_samples: 5\n"
                                        "  max_latency_ms: 250  # Kick if latency too high\n"
                                        "  chat:\n"
                                        "    enabled: false\n"
                                        "    max_message_length: 140\n"
                                        "    rate_limit: 3/second\n"),
                     CONFIG_RUN);
    assert_false(config.enabled);
    assert_int_equal(config.max_participants, 30);
    assert_int_equal(config.session_timeout, INT64_C(5400000000));
    assert_int_equal(config.latency_samples, 5);
    assert_int_equal(config.max_latency, 250000);
    assert_false(config.chat_enabled);
    assert_int_equal(config.chat_max_length, 140);
    assert_int_equal(config.chat_rate_count, 3);
    assert_int_equal(config.chat_rate_period, 1000000);
}

static unsigned permissions_of(const struct config *config, const char *role)
{
    const struct rbac_role *found = rbac_find(&config->roles, role, strlen(role));
    return found ? found->permissions : 0xffff;
}

static void test_accounts_and_roles(void **state)
{
    (void)state;
    struct config config;
    const unsigned create = RBAC_BIT(SYNCPLAY_PERMISSION_CREATE), join = RBAC_BIT(SYNCPLAY_PERMISSION_JOIN);
    static const char text[] = "syncplay:\n"
                               "  auth:\n"
                               "    guests: false\n"
                               "    default_role: \"\"\n"
                               "    jwt:\n"
                               "      algorithm: ES256\n"
                               "      leeway: 0s\n"
                               "      roles_claim: realm_access.roles\n"
                               "  roles:\n"
                               "    viewer: [syncplay.join]\n"
                               "    maker: [syncplay.join, syncplay.create]\n"
                               "    Media.Admin: syncplay.join, syncplay.create\n"
                               "    nothing: []\n"
                               "    empty:\n"
                               "    guest: syncplay.join\n";
    assert_int_equal(load_text(&config, text), CONFIG_RUN);
    assert_false(config.auth_guests);
    assert_string_equal(config.auth_default_role, "");
    assert_string_equal(config.jwt_algorithm, "ES256");
    assert_int_equal(config.jwt_leeway, 0);
    assert_string_equal(config.jwt_roles_claim, "realm_access.roles");
    assert_int_equal(permissions_of(&config, "viewer"), join);
    assert_int_equal(permissions_of(&config, "maker"), join | create);
    assert_int_equal(permissions_of(&config, "Media.Admin"), join | create);
    assert_int_equal(permissions_of(&config, "nothing"), 0);
    assert_int_equal(permissions_of(&config, "empty"), 0);
    assert_int_equal(permissions_of(&config, "guest"), join);
    assert_int_equal(permissions_of(&config, "user"), RBAC_ALL);

    char *environment[] = {"SYNCPLAY_ROLES_VIEWER=syncplay.create", "SYNCPLAY_ROLES_MEDIA_ADMIN=syncplay.join",
                           "SYNCPLAY_CONFIG=settings.yaml", NULL};
    assert_int_equal(load(&config, environment, "--roles-viewer=", "--roles-media-admin", "syncplay.create"),
                     CONFIG_RUN);
    assert_int_equal(permissions_of(&config, "viewer"), 0);
    assert_int_equal(permissions_of(&config, "media_admin"), create);
    assert_int_equal(permissions_of(&config, "maker"), join | create);
}

static void test_roles_that_are_wrong(void **state)
{
    (void)state;
    struct config config;
    char *environment[] = {"SYNCPLAY_ROLES_VIEWER=join", NULL};
    char *nameless[] = {"SYNCPLAY_ROLES_=syncplay.join", NULL};
    static const char list[] =
        "must be a list of syncplay.create, syncplay.join and syncplay.host_controls, not \"join\"";
    char sentence[256];
    snprintf(sentence, sizeof sentence, "settings.yaml:3: syncplay.roles.viewer %s", list);
    refused("syncplay:\n  roles:\n    viewer: [syncplay.create, join]\n", sentence);
    refused("syncplay:\n  roles:\n    viewer: join\n", sentence);
    refused("syncplay:\n  roles:\n    a b: syncplay.join\n",
            "settings.yaml:3: syncplay.roles.a b must have a name of 1 to 63 letters, digits and _ - . :");
    refused("syncplay:\n  roles: [guest]\n", "settings.yaml:2: syncplay.roles must be a section, not \"guest\"");
    refused("syncplay:\n  roles:\n    viewer: {a: b}\n", "settings.yaml:3: syncplay.roles.viewer is not a known key");
    refused("syncplay:\n  roles:\n    viewer: [[syncplay.join]]\n",
            "settings.yaml:3: syncplay.roles.viewer must be a list of single values, of less than 1024 bytes in all");
    refused("syncplay:\n  roles:\n    viewer: []\n    viewer: []\n",
            "settings.yaml:4: syncplay.roles.viewer stands here again, first in line 3");
    assert_int_equal(load(&config, environment, NULL, NULL, NULL), CONFIG_ERROR);
    snprintf(sentence, sizeof sentence, "SYNCPLAY_ROLES_VIEWER %s", list);
    assert_string_equal(why, sentence);
    assert_int_equal(load(&config, nameless, NULL, NULL, NULL), CONFIG_ERROR);
    assert_int_equal(load(&config, NULL, "--roles-viewer=join", NULL, NULL), CONFIG_ERROR);
    snprintf(sentence, sizeof sentence, "--roles-viewer %s", list);
    assert_string_equal(why, sentence);
    assert_int_equal(load(&config, NULL, "--roles-viewer", NULL, NULL), CONFIG_ERROR);
    assert_string_equal(why, "--roles-viewer needs a value");
    /* A name is never cut to one that fits. */
    char flag[128];
    snprintf(flag, sizeof flag, "--roles-%063d", 0);
    assert_int_equal(load(&config, NULL, flag, "syncplay.join", NULL), CONFIG_RUN);
    assert_int_equal(permissions_of(&config, flag + strlen("--roles-")), RBAC_BIT(SYNCPLAY_PERMISSION_JOIN));
    snprintf(flag, sizeof flag, "--roles-%064d", 0);
    assert_int_equal(load(&config, NULL, flag, "syncplay.join", NULL), CONFIG_ERROR);
    assert_non_null(strstr(why, "must have a name of 1 to 63"));
    char variable[128];
    snprintf(variable, sizeof variable, "SYNCPLAY_ROLES_%064d=", 0);
    char *long_name[] = {variable, NULL};
    assert_int_equal(load(&config, long_name, NULL, NULL, NULL), CONFIG_ERROR);
    assert_non_null(strstr(why, "must have a name of 1 to 63"));
}

/* The longest list fits, whatever is said about a longer one; and nobody is told the key. */
static void test_lists_and_secrets_have_limits(void **state)
{
    (void)state;
    struct config config;
    static char text[8192];
    snprintf(text, sizeof text, "syncplay:\n  roles:\n    viewer: [syncplay.join, \"%01100d\"]\n", 0);
    assert_int_equal(load_text(&config, text), CONFIG_ERROR);
    assert_non_null(strstr(why, "of less than 1024 bytes in all"));
    snprintf(text, sizeof text, "syncplay:\n  auth:\n    jwt:\n      key: \"%04096d\"\n", 0);
    refused(text, "settings.yaml:4: syncplay.auth.jwt.key must be a text of 0 to 4095 bytes");
    refused("syncplay:\n  auth:\n    jwt:\n      key: [abc]\n",
            "settings.yaml:4: syncplay.auth.jwt.key must be a single value, not a list");
    refused(
        "syncplay:\n  auth:\n    jwt:\n      issuer: \"a\\nb\"\n",
        "settings.yaml:4: syncplay.auth.jwt.issuer must be a text of 0 to 255 bytes without control characters, not "
        "\"a\nb\"");
    refused("syncplay:\n  auth:\n    jwt:\n      user_claim: \"\"\n",
            "settings.yaml:4: syncplay.auth.jwt.user_claim must be a text of 1 to 255 bytes without control "
            "characters, not "
            "\"\"");
    refused("syncplay:\n  auth:\n    jwt:\n      algorithm: HS512\n",
            "settings.yaml:4: syncplay.auth.jwt.algorithm must be empty, HS256, RS256 or ES256, not \"HS512\"");
}

static void test_empty_files_are_good(void **state)
{
    (void)state;
    struct config config;
    assert_int_equal(load_text(&config, ""), CONFIG_RUN);
    assert_int_equal(load_text(&config, "# nothing\n"), CONFIG_RUN);
    assert_int_equal(load_text(&config, "syncplay:\n"), CONFIG_RUN);
    assert_int_equal(load_text(&config, "syncplay:\n  chat:\n  media:\n"), CONFIG_RUN);
}

static void test_later_sources_count_more(void **state)
{
    (void)state;
    struct config config;
    char *environment[] = {"PATH=/bin",
                           "SYNCPLAY_SHARDS=4",
                           "SYNCPLAY_CHAT_RATE_LIMIT=7/hour",
                           "SYNCPLAY_CONFIG=settings.yaml",
                           "SYNCPLAY_TEST_PORT=x",
                           NULL};
    write_file(file, "syncplay:\n  shards: 3\n  http_threads: 9\n  chat: {rate_limit: 1/second}\n");
    assert_int_equal(load(&config, environment, "--shards=5", "--chat-history", "0"), CONFIG_RUN);
    assert_int_equal(config.http_threads, 9);
    assert_int_equal(config.chat_rate_count, 7);
    assert_int_equal(config.chat_rate_period, INT64_C(3600000000));
    assert_int_equal(config.shards, 5);
    assert_int_equal(config.chat_history, 0);
}

static void test_the_default_file_is_found(void **state)
{
    (void)state;
    struct config config;
    write_file("syncplay.yaml", "syncplay:\n  shards: 7\n");
    assert_int_equal(load(&config, NULL, NULL, NULL, NULL), CONFIG_RUN);
    assert_int_equal(config.shards, 7);
    write_file(file, "syncplay:\n  shards: 8\n");
    assert_int_equal(load(&config, NULL, "--config=settings.yaml", NULL, NULL), CONFIG_RUN);
    assert_int_equal(config.shards, 8);
}

static void test_actions(void **state)
{
    (void)state;
    struct config config;
    assert_int_equal(load(&config, NULL, "--help", NULL, NULL), CONFIG_HELP);
    assert_int_equal(load(&config, NULL, "--version", "--rubbish", NULL), CONFIG_VERSION);
    assert_int_equal(load(&config, NULL, "--shards", "1", "--check-config"), CONFIG_CHECK);
    assert_int_equal(load(&config, NULL, "--shards", "0", "--check-config"), CONFIG_ERROR);
}

static void test_wrong_values_name_line_field_and_limit(void **state)
{
    (void)state;
    refused("syncplay:\n\n  max_participants: many\n",
            "settings.yaml:3: syncplay.max_participants must be 1 to 1000, not \"many\"");
    refused("syncplay:\n  max_participants: 1001\n",
            "settings.yaml:2: syncplay.max_participants must be 1 to 1000, not \"1001\"");
    refused("syncplay:\n  max_participants: -1\n",
            "settings.yaml:2: syncplay.max_participants must be 1 to 1000, not \"-1\"");
    refused("syncplay:\n  enabled: maybe\n", "settings.yaml:2: syncplay.enabled must be true or false, not \"maybe\"");
    refused("syncplay:\n  session_timeout: 4\n",
            "settings.yaml:2: syncplay.session_timeout must be 1s to 8760h (units: ms, s, m, h), not \"4\"");
    refused("syncplay:\n  session_timeout: 99999999999h\n",
            "settings.yaml:2: syncplay.session_timeout must be 1s to 8760h (units: ms, s, m, h), not \"99999999999h\"");
    refused("syncplay:\n  chat:\n    rate_limit: 10\n",
            "settings.yaml:3: syncplay.chat.rate_limit must be 1 to 1000 /second, /minute or /hour, not \"10\"");
    refused("syncplay:\n  chat:\n    rate_limit: 0/minute\n",
            "settings.yaml:3: syncplay.chat.rate_limit must be 1 to 1000 /second, /minute or /hour, not \"0/minute\"");
    refused("syncplay:\n  queue_limit: 1K\n", "settings.yaml:2: syncplay.queue_limit must be 16K to 64M, not \"1K\"");
    refused("syncplay:\n  listen: localhost:99999\n",
            "settings.yaml:2: syncplay.listen must be address:port or a port (0 to 65535), not "
            "\"localhost:99999\"");
    refused("syncplay:\n  log_level: loud\n",
            "settings.yaml:2: syncplay.log_level must be debug, info, warn or error, not \"loud\"");
    refused("syncplay:\n  log_format: xml\n",
            "settings.yaml:2: syncplay.log_format must be text or json, not \"xml\"");
    refused("syncplay:\n  trusted_proxies: 10.0.0.0/8, proxy.example\n",
            "settings.yaml:2: syncplay.trusted_proxies must be empty or at most 64 addresses or networks, such as "
            "127.0.0.1, 10.0.0.0/8, fd00::/8, not \"10.0.0.0/8, proxy.example\"");
    refused("syncplay:\n  database: \"\"\n",
            "settings.yaml:2: syncplay.database must be a path of 1 to 1023 bytes, not \"\"");
    refused("syncplay:\n  allowed_origins: https://films.example/\n",
            "settings.yaml:2: syncplay.allowed_origins must be empty, or origins like https://films.example with commas "
            "between, or *, not \"https://films.example/\"");
    refused("syncplay:\n  tls:\n    key: key.pem\n", "tls.certificate and tls.key must both be given, or neither");
}

static void test_wrong_shapes(void **state)
{
    (void)state;
    refused("syncplay:\n  max_participant: 3\n", "settings.yaml:2: syncplay.max_participant is not a known key");
    refused("max_participants: 3\n", "settings.yaml:1: max_participants is not a known key");
    refused("syncplayer: {}\n", "settings.yaml:1: syncplayer is not a known key");
    refused("syncplay:\n  shards: 1\n  shards: 1\n",
            "settings.yaml:3: syncplay.shards stands here again, first in line 2");
    refused("syncplay:\n  chat: {history: 1}\n  chat: {enabled: true}\n",
            "settings.yaml:3: syncplay.chat stands here again, first in line 2");
    refused("syncplay:\n  chat: loud\n", "settings.yaml:2: syncplay.chat must be a section, not \"loud\"");
    refused("syncplay:\n  shards: {a: 1}\n", "settings.yaml:2: syncplay.shards must be a single value, not a section");
    refused("- syncplay\n", "settings.yaml:1: the file must be a section of keys");
    refused("syncplay\n", "settings.yaml:1: the file must be a section of keys");
    refused("syncplay:\n  shards: [1]\n", "settings.yaml:2: syncplay.shards must be a single value, not a list");
    refused("syncplay: {}\n---\nsyncplay: {}\n", "settings.yaml:2: a second document begins here");
}

static void test_what_is_not_yaml(void **state)
{
    (void)state;
    struct config config;
    assert_int_equal(load_text(&config, "syncplay:\n  shards: 'x\n"), CONFIG_ERROR);
    assert_memory_equal(why, "settings.yaml:", 14);
    assert_non_null(strstr(why, "not YAML"));
    assert_int_equal(load(&config, NULL, "--config", "nowhere.yaml", NULL), CONFIG_ERROR);
    assert_string_equal(why, "nowhere.yaml: No such file or directory");
    assert_int_equal(load(&config, NULL, "--config", "/", NULL), CONFIG_ERROR);
}

static void test_flags_and_variables_that_are_wrong(void **state)
{
    (void)state;
    struct config config;
    char *unknown[] = {"SYNCPLAY_SHARD=1", NULL};
    char *wrong[] = {"SYNCPLAY_SHARDS=65", NULL};
    assert_int_equal(load(&config, unknown, NULL, NULL, NULL), CONFIG_ERROR);
    assert_string_equal(why, "the environment variable SYNCPLAY_SHARD is not a known setting; see --help");
    assert_int_equal(load(&config, wrong, NULL, NULL, NULL), CONFIG_ERROR);
    assert_string_equal(why, "SYNCPLAY_SHARDS must be 1 to 64, not \"65\"");
    assert_int_equal(load(&config, NULL, "--shards=many", NULL, NULL), CONFIG_ERROR);
    assert_string_equal(why, "--shards must be 1 to 64, not \"many\"");
    assert_int_equal(load(&config, NULL, "--shards", NULL, NULL), CONFIG_ERROR);
    assert_string_equal(why, "--shards needs a value");
    assert_int_equal(load(&config, NULL, "--shard", "1", NULL), CONFIG_ERROR);
    assert_string_equal(why, "\"--shard\" is not a known flag; see --help");
    assert_int_equal(load(&config, NULL, "syncplay.yaml", NULL, NULL), CONFIG_ERROR);
    assert_int_equal(load(&config, NULL, "--config", NULL, NULL), CONFIG_ERROR);
    assert_string_equal(why, "--config needs a value");
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_defaults),
        IN_FOLDER(test_file_as_in_the_plan),
        IN_FOLDER(test_accounts_and_roles),
        IN_FOLDER(test_roles_that_are_wrong),
        IN_FOLDER(test_lists_and_secrets_have_limits),
        IN_FOLDER(test_empty_files_are_good),
        IN_FOLDER(test_later_sources_count_more),
        IN_FOLDER(test_the_default_file_is_found),
        IN_FOLDER(test_actions),
        IN_FOLDER(test_wrong_values_name_line_field_and_limit),
        IN_FOLDER(test_wrong_shapes),
        IN_FOLDER(test_what_is_not_yaml),
        IN_FOLDER(test_flags_and_variables_that_are_wrong),
    };
    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
