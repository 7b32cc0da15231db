/*
 * The table of settings, and where they come from: defaults, file, environment, flags. Knows what each setting may
 * be, not what is done with it.
 */
#include "config.h"

#include <ctype.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <syncplay/session.h>
#include <syncplay/version.h>

#include "config_file.h"
#include "config_value.h"
#include "origin.h"

#define ROOT "syncplay"
#define VARIABLE_PREFIX "SYNCPLAY_"
#define DEFAULT_FILE "syncplay.yaml"
#define NAME_MAX_LENGTH 64

#define SECOND INT64_C(1000000)
#define HOUR (3600 * SECOND)
#define YEAR (8760 * HOUR)

enum setting_type {
    TYPE_BOOL,
    TYPE_LISTEN,
    TYPE_NETWORKS, /* struct networks */
    TYPE_PATH, /* not empty */
    TYPE_OPTIONAL_PATH,
    TYPE_ORIGINS,
    TYPE_LEVEL,
    TYPE_COUNT,        /* uint32_t */
    TYPE_SIZE,         /* uint32_t, bytes */
    TYPE_DURATION,     /* int64_t, microseconds */
    TYPE_MILLISECONDS, /* int64_t, microseconds; written as a plain number of milliseconds */
    TYPE_RATE,         /* uint32_t, followed by its int64_t period at `second` */
    TYPE_TEXT,         /* of at least `low` bytes, without control characters */
    TYPE_SECRET,       /* a text that is shown nowhere */
    TYPE_ALGORITHM
};

/* One setting. The names of its variable and its flag are made from `key`; low and high are in the field's unit. */
struct setting {
    const char *key;
    enum setting_type type;
    size_t field;
    size_t second;
    int64_t low;
    int64_t high;
    const char *value; /* the default, as one would write it */
    const char *meaning;
};

#define FIELD(name) offsetof(struct config, name)
#define SIZE(name) sizeof((struct config *)0)->name

/* clang-format off */
static const struct setting settings[] = {
    {"enabled", TYPE_BOOL, FIELD(enabled), 0, 0, 0, "true",
     "false answers every API request with 503"},
    {"listen", TYPE_LISTEN, FIELD(listen), 0, 0, sizeof((struct config *)0)->listen, "127.0.0.1:8080",
     "address and port, or port, to listen on"},
    {"tls.certificate", TYPE_OPTIONAL_PATH, FIELD(tls_certificate), 0, 0, sizeof((struct config *)0)->tls_certificate, "",
     "PEM file of the certificate and those that lead to its root: HTTPS instead of HTTP; read again at SIGHUP"},
    {"tls.key", TYPE_OPTIONAL_PATH, FIELD(tls_key), 0, 0, sizeof((struct config *)0)->tls_key, "",
     "PEM file of the certificate's key"},
    {"hsts", TYPE_BOOL, FIELD(hsts), 0, 0, 0, "false",
     "true tells browsers that come by HTTPS to use nothing else for this host, on any of its ports, for a year"},
    {"allowed_origins", TYPE_ORIGINS, FIELD(allowed_origins), 0, 0, sizeof((struct config *)0)->allowed_origins, "",
     "pages of other sites that may use the API and the WebSocket from a browser"},
    {"trusted_proxies", TYPE_NETWORKS, FIELD(trusted_proxies), 0, 0, 0, "",
     "addresses and networks of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed"},
    {"database", TYPE_PATH, FIELD(database), 0, 0, sizeof((struct config *)0)->database, "syncplay.db",
     "SQLite database file; made if it does not exist"},
    {"media", TYPE_OPTIONAL_PATH, FIELD(media), 0, 0, sizeof((struct config *)0)->media, "",
     "folder of films to serve below /media/; empty for none"},
    {"log_level", TYPE_LEVEL, FIELD(log_level), 0, 0, 0, "info",
     "what is logged"},
    {"shards", TYPE_COUNT, FIELD(shards), 0, 1, 64, "2",
     "threads that run the parties"},
    {"http_threads", TYPE_COUNT, FIELD(http_threads), 0, 8, 1024, "64",
     "threads that answer HTTP requests"},
    {"max_connections", TYPE_COUNT, FIELD(max_connections), 0, 1, 100000, "5000",
     "WebSockets at the same time"},
    {"max_sessions", TYPE_COUNT, FIELD(max_sessions), 0, 1, 100000, "10000",
     "sessions at the same time"},
    {"queue_limit", TYPE_SIZE, FIELD(queue_limit), 0, 16384, 64 * 1048576, "256K",
     "bytes that may wait for one connection before it is dropped"},
    {"guest_rate_limit", TYPE_RATE, FIELD(guest_rate_count), FIELD(guest_rate_period), 1, 100000, "60/minute",
     "new users from one address"},
    {"request_rate_limit", TYPE_RATE, FIELD(request_rate_count), FIELD(request_rate_period), 1, 100000, "50/second",
     "requests to the API from one address"},
    {"request_burst", TYPE_COUNT, FIELD(request_burst), 0, 1, 100000, "200",
     "requests to the API from one address that may come at once"},
    {"knock_rate_limit", TYPE_RATE, FIELD(knock_rate_count), FIELD(knock_rate_period), 1, 100000, "10/minute",
     "joins to sessions that are not public, of one user and from one address"},
    {"max_sessions_per_user", TYPE_COUNT, FIELD(max_sessions_per_user), 0, 1, 100000, "10",
     "sessions of which one user may be the host when making another"},
    {"max_connections_per_user", TYPE_COUNT, FIELD(max_connections_per_user), 0, 1, 100000, "10",
     "WebSockets of one user at the same time"},
    {"max_connections_per_address", TYPE_COUNT, FIELD(max_connections_per_address), 0, 1, 100000, "100",
     "WebSockets from one address at the same time"},
    {"message_rate_limit", TYPE_RATE, FIELD(message_rate_count), FIELD(message_rate_period), 1, 1000, "50/second",
     "messages on one WebSocket; more are lost"},
    {"message_burst", TYPE_COUNT, FIELD(message_burst), 0, 1, 1000, "100",
     "messages on one WebSocket that may come at once"},
    {"max_message_bytes", TYPE_SIZE, FIELD(max_message_bytes), 0, 1024, 65536, "16K",
     "bytes of a message on a WebSocket; a longer one closes it"},
    {"guess.free", TYPE_COUNT, FIELD(guess_free), 0, 1, 100000, "5",
     "wrong session codes that one user, or one address, may name before they have to wait"},
    {"guess.delay", TYPE_DURATION, FIELD(guess_delay), 0, SECOND / 10, HOUR, "2s",
     "the wait after the first wrong code beyond that; each further one doubles it"},
    {"guess.max_delay", TYPE_DURATION, FIELD(guess_max_delay), 0, SECOND / 10, 24 * HOUR, "15m",
     "the longest wait after a wrong code"},
    {"guess.forget", TYPE_DURATION, FIELD(guess_forget), 0, SECOND, 24 * HOUR, "10m",
     "in which one wrong code is forgotten"},
    {"max_participants", TYPE_COUNT, FIELD(max_participants), 0, 1, SYNCPLAY_PARTICIPANTS_LIMIT, "20",
     "seats a session may have"},
    {"session_timeout", TYPE_DURATION, FIELD(session_timeout), 0, SECOND, YEAR, "4h",
     "ends a session with nobody there, or where nothing happens, for that long"},
    {"seat_grace", TYPE_DURATION, FIELD(seat_grace), 0, SECOND / 1000, 24 * HOUR, "90s",
     "how long the seat of someone who is disconnected is kept"},
    {"away_after", TYPE_DURATION, FIELD(away_after), 0, 0, HOUR, "5s",
     "who is back sooner was never away, as far as the others are told"},
    {"kick_cooldown", TYPE_DURATION, FIELD(kick_cooldown), 0, 0, YEAR, "5m",
     "how long someone who was removed may not come back"},
    {"knock_timeout", TYPE_DURATION, FIELD(knock_timeout), 0, SECOND, 24 * HOUR, "5m",
     "how long someone waits to be let in"},
    {"max_knocks", TYPE_COUNT, FIELD(max_knocks), 0, 1, 1000, "20",
     "people who wait to be let into one session at the same time"},
    {"max_invitations", TYPE_COUNT, FIELD(max_invitations), 0, 0, 10000, "100",
     "invitations of one session that can be used at the same time"},
    {"max_removed", TYPE_COUNT, FIELD(max_removed), 0, 1, 10000, "256",
     "users whom one session remembers as banned, or as removed or muted before they left"},
    {"latency_samples", TYPE_COUNT, FIELD(latency_samples), 0, 1, 32, "10",
     "measurements that the average latency is made of"},
    {"max_latency_ms", TYPE_MILLISECONDS, FIELD(max_latency), 0, 10000, 60 * SECOND, "5000",
     "removes a participant whose average latency is higher"},
    {"wait_timeout", TYPE_DURATION, FIELD(wait_timeout), 0, SECOND / 10, HOUR, "10s",
     "the longest single wait for a participant who is not ready"},
    {"wait_budget", TYPE_DURATION, FIELD(wait_budget), 0, SECOND / 10, 24 * HOUR, "30s",
     "what the others wait for one participant in all"},
    {"max_friends", TYPE_COUNT, FIELD(max_friends), 0, 1, 10000, "500",
     "friends of one user, counting those who were asked"},
    {"max_friend_requests", TYPE_COUNT, FIELD(max_friend_requests), 0, 1, 1000, "50",
     "open requests for friendship from one user, and to one user"},
    {"friend_retry", TYPE_DURATION, FIELD(friend_retry), 0, 0, YEAR, "24h",
     "how long a request for friendship that was declined may not be repeated"},
    {"chat.enabled", TYPE_BOOL, FIELD(chat_enabled), 0, 0, 0, "true",
     "false forbids chat in every session"},
    {"chat.max_message_length", TYPE_COUNT, FIELD(chat_max_length), 0, 1, 3000, "500",
     "characters of a chat message"},
    {"chat.rate_limit", TYPE_RATE, FIELD(chat_rate_count), FIELD(chat_rate_period), 1, 1000, "10/minute",
     "chat messages of one participant"},
    {"chat.history", TYPE_COUNT, FIELD(chat_history), 0, 0, 1000, "50",
     "chat messages kept for those who join later"},
    {"auth.guests", TYPE_BOOL, FIELD(auth_guests), 0, 0, 0, "true",
     "false lets in accounts only, and no guests"},
    {"auth.guest_role", TYPE_TEXT, FIELD(auth_guest_role), 0, 1, SIZE(auth_guest_role), "guest",
     "role of the guests"},
    {"auth.default_role", TYPE_TEXT, FIELD(auth_default_role), 0, 0, SIZE(auth_default_role), "user",
     "role of accounts that have none that is known; empty for none"},
    {"auth.jwt.algorithm", TYPE_ALGORITHM, FIELD(jwt_algorithm), 0, 0, SIZE(jwt_algorithm), "",
     "how tokens of accounts are signed; empty for no accounts"},
    {"auth.jwt.key_file", TYPE_OPTIONAL_PATH, FIELD(jwt_key_file), 0, 0, SIZE(jwt_key_file), "",
     "file with the secret (HS256) or the public key (PEM)"},
    {"auth.jwt.key", TYPE_SECRET, FIELD(jwt_key), 0, 0, SIZE(jwt_key), "",
     "the key itself instead of a file; meant for the environment"},
    {"auth.jwt.issuer", TYPE_TEXT, FIELD(jwt_issuer), 0, 0, SIZE(jwt_issuer), "",
     "the iss of tokens"},
    {"auth.jwt.audience", TYPE_TEXT, FIELD(jwt_audience), 0, 0, SIZE(jwt_audience), "",
     "the aud of tokens for this server"},
    {"auth.jwt.kid", TYPE_TEXT, FIELD(jwt_kid), 0, 0, SIZE(jwt_kid), "",
     "the kid of tokens; empty for any"},
    {"auth.jwt.leeway", TYPE_DURATION, FIELD(jwt_leeway), 0, 0, HOUR, "30s",
     "how far the issuer's clock may be off"},
    {"auth.jwt.user_claim", TYPE_TEXT, FIELD(jwt_user_claim), 0, 1, SIZE(jwt_user_claim), "sub",
     "claim that says who it is"},
    {"auth.jwt.name_claim", TYPE_TEXT, FIELD(jwt_name_claim), 0, 1, SIZE(jwt_name_claim), "name",
     "claim with the name to show"},
    {"auth.jwt.roles_claim", TYPE_TEXT, FIELD(jwt_roles_claim), 0, 1, SIZE(jwt_roles_claim), "roles",
     "claim with the roles"},
    {"auth.jwt.keep_user_ids", TYPE_BOOL, FIELD(jwt_keep_user_ids), 0, 0, 0, "false",
     "true: a user claim that is a UUID is the user's id here, too"},
};
/* clang-format on */

#define SETTINGS (sizeof settings / sizeof settings[0])

/* SYNCPLAY_CHAT_RATE_LIMIT */
static void variable_name(const struct setting *setting, char name[NAME_MAX_LENGTH])
{
    snprintf(name, NAME_MAX_LENGTH, VARIABLE_PREFIX "%s", setting->key);
    for (char *c = name; *c; c++)
        *c = (char)(*c == '.' ? '_' : toupper((unsigned char)*c));
}

/* --chat-rate-limit */
static void flag_name(const struct setting *setting, char name[NAME_MAX_LENGTH])
{
    snprintf(name, NAME_MAX_LENGTH, "--%s", setting->key);
    for (char *c = name; *c; c++)
        if (*c == '.' || *c == '_')
            *c = '-';
}

/* What a setting may be, in words: "1 to 1000". */
static void write_range(const struct setting *setting, char *text, size_t size)
{
    char low[32];
    char high[32];
    switch (setting->type) {
    case TYPE_BOOL:
        snprintf(text, size, "true or false");
        break;
    case TYPE_LISTEN:
        snprintf(text, size, "address:port or a port (0 to 65535)");
        break;
    case TYPE_NETWORKS:
        snprintf(text, size, "empty or at most %d addresses or networks, such as 127.0.0.1, 10.0.0.0/8, fd00::/8",
                 NETWORKS_MAX);
        break;
    case TYPE_PATH:
        snprintf(text, size, "a path of 1 to %" PRId64 " bytes", setting->high - 1);
        break;
    case TYPE_OPTIONAL_PATH:
        snprintf(text, size, "empty or a path of at most %" PRId64 " bytes", setting->high - 1);
        break;
    case TYPE_ORIGINS:
        snprintf(text, size, "empty, or origins like https://films.example with commas between, or *");
        break;
    case TYPE_LEVEL:
        snprintf(text, size, "debug, info, warn or error");
        break;
    case TYPE_COUNT:
        snprintf(text, size, "%" PRId64 " to %" PRId64, setting->low, setting->high);
        break;
    case TYPE_SIZE:
        config_value_write_size(setting->low, low, sizeof low);
        config_value_write_size(setting->high, high, sizeof high);
        snprintf(text, size, "%s to %s", low, high);
        break;
    case TYPE_DURATION:
        config_value_write_duration(setting->low, low, sizeof low);
        config_value_write_duration(setting->high, high, sizeof high);
        snprintf(text, size, "%s to %s (units: ms, s, m, h)", low, high);
        break;
    case TYPE_MILLISECONDS:
        snprintf(text, size, "%" PRId64 " to %" PRId64, setting->low / 1000, setting->high / 1000);
        break;
    case TYPE_RATE:
        snprintf(text, size, "%" PRId64 " to %" PRId64 " /second, /minute or /hour", setting->low, setting->high);
        break;
    case TYPE_TEXT:
    case TYPE_SECRET:
        snprintf(text, size, "a text of %" PRId64 " to %" PRId64 " bytes%s", setting->low, setting->high - 1,
                 setting->type == TYPE_TEXT ? " without control characters" : "");
        break;
    case TYPE_ALGORITHM:
        snprintf(text, size, "empty, HS256, RS256 or ES256");
        break;
    }
}

static bool in_range(const struct setting *setting, int64_t value)
{
    return value >= setting->low && value <= setting->high;
}

/* Stores a text if it has a place; `high` is the size of the field. */
static bool store_text(const struct setting *setting, void *field, const char *value)
{
    size_t size = (size_t)setting->high;
    if (strlen(value) >= size)
        return false;
    snprintf(field, size, "%s", value);
    return true;
}

static bool is_line(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return false;
    return true;
}

static bool is_algorithm(const char *text)
{
    return text[0] == '\0' || strcmp(text, "HS256") == 0 || strcmp(text, "RS256") == 0 || strcmp(text, "ES256") == 0;
}

/* Stores a value that was read as number, of a field of 32 or 64 bits. */
static bool store_number(const struct setting *setting, void *field, int64_t number)
{
    if (!in_range(setting, number))
        return false;
    if (setting->type == TYPE_DURATION || setting->type == TYPE_MILLISECONDS)
        *(int64_t *)field = number;
    else
        *(uint32_t *)field = (uint32_t)number;
    return true;
}

/* Reads `value` into its field; false, with nothing changed, if it may not be that. */
static bool assign(struct config *config, const struct setting *setting, const char *value)
{
    void *field = (char *)config + setting->field;
    int64_t number = 0;
    int64_t period = 0;
    enum log_level level;
    switch (setting->type) {
    case TYPE_BOOL:
        return config_value_bool(value, field);
    case TYPE_LISTEN:
        return config_value_is_listen(value) && store_text(setting, field, value);
    case TYPE_NETWORKS:
        return networks_read(value, field);
    case TYPE_PATH:
        return value[0] != '\0' && store_text(setting, field, value);
    case TYPE_OPTIONAL_PATH:
        return store_text(setting, field, value);
    case TYPE_ORIGINS:
        return origin_list_is_valid(value) && store_text(setting, field, value);
    case TYPE_LEVEL:
        if (!log_level_parse(value, &level))
            return false;
        *(int *)field = (int)level;
        return true;
    case TYPE_COUNT:
        return config_value_whole(value, &number) && store_number(setting, field, number);
    case TYPE_SIZE:
        return config_value_size(value, &number) && store_number(setting, field, number);
    case TYPE_DURATION:
        return config_value_duration(value, &number) && store_number(setting, field, number);
    case TYPE_MILLISECONDS:
        return config_value_whole(value, &number) && store_number(setting, field, number * 1000);
    case TYPE_RATE:
        if (!config_value_rate(value, &number, &period) || !store_number(setting, field, number))
            return false;
        *(int64_t *)((char *)config + setting->second) = period;
        return true;
    case TYPE_TEXT:
        return is_line(value) && (int64_t)strlen(value) >= setting->low && store_text(setting, field, value);
    case TYPE_SECRET:
        return store_text(setting, field, value);
    case TYPE_ALGORITHM:
        return is_algorithm(value) && store_text(setting, field, value);
    }
    return false;
}

/* Sets one setting; `name` is what the source calls it. */
static bool set(struct config *config, const struct setting *setting, const char *name, const char *value, char *why,
                size_t why_size)
{
    char range[128];
    if (assign(config, setting, value))
        return true;
    write_range(setting, range, sizeof range);
    if (setting->type == TYPE_SECRET)
        snprintf(why, why_size, "%s must be %s", name, range);
    else
        snprintf(why, why_size, "%s must be %s, not \"%.100s\"", name, range, value);
    return false;
}

static void set_defaults(struct config *config)
{
    *config = (struct config){0};
    rbac_init(&config->roles);
    for (size_t i = 0; i < SETTINGS; i++)
        assign(config, &settings[i], settings[i].value);
}

/* --- Roles: settings whose names are free ------------------------------------------------------------------ */

#define ROLES "roles."
#define ROLE_FLAG "--roles-"

/* Sets the role `name`; `source` is what the source calls it. */
static bool set_role(struct config *config, const char *name, const char *source, const char *value, char *why,
                     size_t why_size)
{
    char reason[300];
    if (rbac_set(&config->roles, name, value, reason, sizeof reason))
        return true;
    snprintf(why, why_size, "%.100s %s", source, reason);
    return false;
}

/* What is kept of the name of a role until it is known whether it is too long. */
#define ROLE_NAME_SIZE (RBAC_NAME_SIZE + 1)

/* The name that a role has in a variable or a flag: MEDIA_ADMIN and media-admin are media_admin. */
static void role_name(char name[ROLE_NAME_SIZE], const char *text, size_t length)
{
    snprintf(name, ROLE_NAME_SIZE, "%.*s", (int)(length < ROLE_NAME_SIZE ? length : ROLE_NAME_SIZE), text);
    for (char *c = name; *c; c++)
        *c = (char)(*c == '-' ? '_' : tolower((unsigned char)*c));
}

/* --- The file --------------------------------------------------------------------------------------------- */

/* Whether `section` ("syncplay.chat") begins the dotted key of some setting. */
static bool is_section(const char *section)
{
    if (strcmp(section, ROOT) == 0 || strcmp(section, ROOT ".roles") == 0)
        return true;
    size_t length = strlen(section);
    for (size_t i = 0; i < SETTINGS; i++) {
        char full[CONFIG_FILE_KEY_MAX];
        snprintf(full, sizeof full, ROOT ".%s", settings[i].key);
        if (strncmp(full, section, length) == 0 && full[length] == '.')
            return true;
    }
    return false;
}

static bool found_in_file(void *arg, const char *key, enum config_file_shape shape, const char *value, char *why,
                          size_t why_size)
{
    if (is_section(key)) {
        if (shape == CONFIG_FILE_SECTION || value[0] == '\0')
            return true;
        snprintf(why, why_size, "%s must be a section, not \"%.100s\"", key, value);
        return false;
    }
    if (strncmp(key, ROOT "." ROLES, strlen(ROOT "." ROLES)) == 0 && shape != CONFIG_FILE_SECTION)
        return set_role(arg, key + strlen(ROOT "." ROLES), key, value, why, why_size);
    for (size_t i = 0; i < SETTINGS; i++) {
        const char *below = key + strlen(ROOT ".");
        if (strncmp(key, ROOT ".", strlen(ROOT ".")) != 0 || strcmp(below, settings[i].key) != 0)
            continue;
        if (shape == CONFIG_FILE_VALUE)
            return set(arg, &settings[i], key, value, why, why_size);
        snprintf(why, why_size, "%s must be a single value, not a %s", key,
                 shape == CONFIG_FILE_LIST ? "list" : "section");
        return false;
    }
    snprintf(why, why_size, "%s is not a known key", key);
    return false;
}

/* --- The environment -------------------------------------------------------------------------------------- */

/* The value of a variable, or NULL. */
static const char *variable(char **environment, const char *name)
{
    size_t length = strlen(name);
    for (char **entry = environment; entry && *entry; entry++)
        if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
            return *entry + length + 1;
    return NULL;
}

/* Variables that are not settings: where the file is, and what the tests tell each other. */
static bool is_other_variable(const char *entry)
{
    return strncmp(entry, VARIABLE_PREFIX "CONFIG=", strlen(VARIABLE_PREFIX "CONFIG=")) == 0 ||
           strncmp(entry, VARIABLE_PREFIX "TEST_", strlen(VARIABLE_PREFIX "TEST_")) == 0;
}

static bool read_variable(struct config *config, const char *entry, char *why, size_t why_size)
{
    const char *equals = strchr(entry, '=');
    if (!equals || strncmp(entry, VARIABLE_PREFIX, strlen(VARIABLE_PREFIX)) != 0 || is_other_variable(entry))
        return true;
    size_t length = (size_t)(equals - entry);
    size_t prefix = strlen(VARIABLE_PREFIX "ROLES_");
    if (strncmp(entry, VARIABLE_PREFIX "ROLES_", prefix) == 0) {
        char source[NAME_MAX_LENGTH];
        char role[ROLE_NAME_SIZE];
        snprintf(source, sizeof source, "%.*s", (int)(length < sizeof source ? length : sizeof source), entry);
        role_name(role, entry + prefix, length - prefix);
        return set_role(config, role, source, equals + 1, why, why_size);
    }
    for (size_t i = 0; i < SETTINGS; i++) {
        char name[NAME_MAX_LENGTH];
        variable_name(&settings[i], name);
        if (strlen(name) == length && strncmp(entry, name, length) == 0)
            return set(config, &settings[i], name, equals + 1, why, why_size);
    }
    snprintf(why, why_size, "the environment variable %.*s is not a known setting; see --help", (int)length, entry);
    return false;
}

/* --- The flags -------------------------------------------------------------------------------------------- */

/* What the flags say beside settings. */
struct flags {
    enum config_action action;
    const char *file;
};

/*
 * If argv[*index] is the flag `name`, as "--name value" or "--name=value", returns its value and moves *index to the
 * last argument it used. *value is NULL if the value is missing.
 */
static bool take_flag(int argc, char **argv, int *index, const char *name, const char **value)
{
    const char *argument = argv[*index];
    size_t length = strlen(name);
    if (strncmp(argument, name, length) != 0 || (argument[length] != '\0' && argument[length] != '='))
        return false;
    if (argument[length] == '=')
        *value = argument + length + 1;
    else
        *value = *index + 1 < argc ? argv[++*index] : NULL;
    return true;
}

/* Reads a flag of a role, "--roles-NAME LIST" or "--roles-NAME=LIST"; NULL as config: it is only looked at. */
static bool read_role_flag(struct config *config, int argc, char **argv, int *index, char *why, size_t why_size)
{
    char name[NAME_MAX_LENGTH];
    char role[ROLE_NAME_SIZE];
    const char *argument = argv[*index];
    size_t length = strcspn(argument, "=");
    const char *value = argument[length] == '=' ? argument + length + 1 : *index + 1 < argc ? argv[++*index] : NULL;
    snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name), argument);
    if (!value) {
        snprintf(why, why_size, "%s needs a value", name);
        return false;
    }
    role_name(role, argument + strlen(ROLE_FLAG), length - strlen(ROLE_FLAG));
    return !config || set_role(config, role, name, value, why, why_size);
}

/* Reads one flag that is a setting or --config; with config NULL it is only looked at. */
static bool read_flag(struct config *config, struct flags *flags, int argc, char **argv, int *index, char *why,
                      size_t why_size)
{
    char name[NAME_MAX_LENGTH] = "--config";
    const char *value = NULL;
    const struct setting *setting = NULL;
    if (strncmp(argv[*index], ROLE_FLAG, strlen(ROLE_FLAG)) == 0)
        return read_role_flag(config, argc, argv, index, why, why_size);
    bool known = take_flag(argc, argv, index, name, &value);
    if (known)
        flags->file = value;
    for (size_t i = 0; !known && i < SETTINGS; i++) {
        setting = &settings[i];
        flag_name(setting, name);
        known = take_flag(argc, argv, index, name, &value);
    }
    if (!known)
        snprintf(why, why_size, "\"%.100s\" is not a known flag; see --help", argv[*index]);
    else if (!value)
        snprintf(why, why_size, "%s needs a value", name);
    else
        return !setting || !config || set(config, setting, name, value, why, why_size);
    return false;
}

static bool read_flags(struct config *config, struct flags *flags, int argc, char **argv, char *why, size_t why_size)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0)
            flags->action = CONFIG_HELP;
        else if (strcmp(argv[i], "--version") == 0)
            flags->action = CONFIG_VERSION;
        else if (strcmp(argv[i], "--check-config") == 0)
            flags->action = CONFIG_CHECK;
        else if (!read_flag(config, flags, argc, argv, &i, why, why_size))
            return false;
        if (flags->action == CONFIG_HELP || flags->action == CONFIG_VERSION)
            return true;
    }
    return true;
}

/* --- All of it -------------------------------------------------------------------------------------------- */

/* What no single setting can be wrong about. */
static bool belong_together(const struct config *config, char *why, size_t why_size)
{
    if ((config->tls_certificate[0] == '\0') == (config->tls_key[0] == '\0'))
        return true;
    snprintf(why, why_size, "tls.certificate and tls.key must both be given, or neither");
    return false;
}

enum config_action config_load(struct config *config, int argc, char **argv, char **environment, char *why,
                               size_t why_size)
{
    struct flags flags = {CONFIG_RUN, NULL};
    set_defaults(config);
    /* The flags are read twice: which file it is has to be known before, what they set counts after. */
    if (!read_flags(NULL, &flags, argc, argv, why, why_size))
        return CONFIG_ERROR;
    if (flags.action == CONFIG_HELP || flags.action == CONFIG_VERSION)
        return flags.action;

    const char *file = flags.file ? flags.file : variable(environment, VARIABLE_PREFIX "CONFIG");
    if (!file && access(DEFAULT_FILE, F_OK) == 0)
        file = DEFAULT_FILE;
    if (file && !config_file_read(file, found_in_file, config, why, why_size))
        return CONFIG_ERROR;
    for (char **entry = environment; entry && *entry; entry++)
        if (!read_variable(config, *entry, why, why_size))
            return CONFIG_ERROR;
    if (!read_flags(config, &flags, argc, argv, why, why_size) || !belong_together(config, why, why_size))
        return CONFIG_ERROR;
    return flags.action;
}

void config_usage(void)
{
    printf(
        "syncplay-server %s: watch films together.\n\n"
        "Usage: syncplay-server [--config FILE] [--check-config] [--SETTING VALUE]...\n\n"
        "  --config FILE      read this YAML file (also SYNCPLAY_CONFIG; else ./" DEFAULT_FILE ", if there is one)\n"
        "  --check-config     read the configuration, say what is wrong with it, and stop\n"
        "  --version          say the version, and stop\n"
        "  --help             say this, and stop\n\n"
        "Settings. The file's key, below `" ROOT ":`, has the flag's name with underscores and sections; the\n"
        "environment variable has it in capitals. Flags count over the environment, the environment over the file.\n",
        SYNCPLAY_VERSION_TEXT);
    for (size_t i = 0; i < SETTINGS; i++) {
        char flag[NAME_MAX_LENGTH];
        char name[NAME_MAX_LENGTH];
        char range[128];
        flag_name(&settings[i], flag);
        variable_name(&settings[i], name);
        write_range(&settings[i], range, sizeof range);
        printf("\n  %s   %s   " ROOT ".%s\n      %s\n      %s; default %s\n", flag, name, settings[i].key,
               settings[i].meaning, range, settings[i].value[0] ? settings[i].value : "empty");
    }
    printf("\n  --roles-NAME   " VARIABLE_PREFIX "ROLES_NAME   " ROOT
           ".roles.NAME\n      permissions of the role NAME, "
           "as many roles as you like (at most %d)\n      a list of syncplay.create, syncplay.join and "
           "syncplay.host_controls; guest and user have all of them\n",
           RBAC_ROLES_MAX);
}
