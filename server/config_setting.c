/* The table of settings, and reading a value as what a setting may be. */
#include "config_setting.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <syncplay/session.h>

#include "config.h"
#include "config_value.h"
#include "origin.h"

#define SECOND INT64_C(1000000)
#define HOUR (3600 * SECOND)
#define YEAR (8760 * HOUR)

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
    {"admin_socket", TYPE_OPTIONAL_PATH, FIELD(admin_socket), 0, 0, SIZE(admin_socket), "auto",
     "socket for syncplay-server admin; auto is the database's path with .admin behind it, empty is none"},
    {"media", TYPE_OPTIONAL_PATH, FIELD(media), 0, 0, sizeof((struct config *)0)->media, "",
     "folder of films to serve below /media/; empty for none"},
    {"log_level", TYPE_LEVEL, FIELD(log_level), 0, 0, 0, "info",
     "what is logged"},
    {"log_format", TYPE_LOG_FORMAT, FIELD(log_format), 0, 0, 0, "text",
     "how: lines for people, or one JSON object a line; made for the journal where systemd says that it reads them"},
    {"metrics", TYPE_METRICS, FIELD(metrics), 0, 0, 0, "loopback",
     "who may read /metrics: nobody, who asks from this machine without a proxy, or everybody"},
    {"shards", TYPE_COUNT, FIELD(shards), 0, 1, 64, "2",
     "threads that run the parties"},
    {"http_threads", TYPE_COUNT, FIELD(http_threads), 0, 8, 1024, "64",
     "threads that answer HTTP requests"},
    {"request_timeout", TYPE_DURATION, FIELD(request_timeout), 0, SECOND, HOUR, "20s",
     "how long a request's head may take to come, and then its body; and a client may not read its answer"},
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
     "sessions that one user has made and that go on"},
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
    {"keep_ended", TYPE_DURATION, FIELD(keep_ended), 0, SECOND, 10 * YEAR, "720h",
     "how long a session that has ended is kept in the database, with what was said in it"},
    {"keep_guests", TYPE_DURATION, FIELD(keep_guests), 0, SECOND, 10 * YEAR, "2160h",
     "how long a guest is kept who is in no session that is kept, and nobody's friend; looked at when the server starts"},
    {"seat_grace", TYPE_DURATION, FIELD(seat_grace), 0, SECOND / 1000, 24 * HOUR, "90s",
     "how long the seat of someone who is disconnected is kept"},
    {"away_after", TYPE_DURATION, FIELD(away_after), 0, 0, HOUR, "5s",
     "who is back sooner was never away, as far as the others are told"},
    {"kick_cooldown", TYPE_DURATION, FIELD(kick_cooldown), 0, 0, YEAR, "5m",
     "how long someone who was removed may not come back"},
    {"knock_timeout", TYPE_DURATION, FIELD(knock_timeout), 0, SECOND, 24 * HOUR, "5m",
     "how long someone waits to be let in"},
    {"max_knocks", TYPE_COUNT, FIELD(max_knocks), 0, 1, 1000, "60",
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
     "false forbids chat, and reactions, in every session"},
    {"chat.max_message_length", TYPE_COUNT, FIELD(chat_max_length), 0, 1, 3000, "500",
     "characters of a chat message"},
    {"chat.rate_limit", TYPE_RATE, FIELD(chat_rate_count), FIELD(chat_rate_period), 1, 1000, "10/minute",
     "chat messages of one participant"},
    {"chat.history", TYPE_COUNT, FIELD(chat_history), 0, 0, 1000, "50",
     "chat messages kept for those who join later"},
    {"chat.reaction_rate_limit", TYPE_RATE, FIELD(reaction_rate_count), FIELD(reaction_rate_period), 1, 1000, "30/minute",
     "reactions of one participant"},
    {"chat.reaction_burst", TYPE_COUNT, FIELD(reaction_burst), 0, 1, 100, "5",
     "reactions of one participant that may come at once"},
    {"auth.guests", TYPE_BOOL, FIELD(auth_guests), 0, 0, 0, "true",
     "false lets in accounts only, and no guests"},
    {"auth.guest_role", TYPE_TEXT, FIELD(auth_guest_role), 0, 1, SIZE(auth_guest_role), "guest",
     "role of the guests"},
    {"auth.default_role", TYPE_TEXT, FIELD(auth_default_role), 0, 0, SIZE(auth_default_role), "user",
     "role of accounts that have none that is known; empty for none"},
    {"auth.jwt.algorithm", TYPE_ALGORITHM, FIELD(jwt_algorithm), 0, 0, SIZE(jwt_algorithm), "",
     "how tokens of accounts are signed; empty for no accounts"},
    {"auth.jwt.key_file", TYPE_OPTIONAL_PATH, FIELD(jwt_key_file), 0, 0, SIZE(jwt_key_file), "",
     "file with the secret (HS256) or the public key (PEM); read again at SIGHUP"},
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
    {"webhooks.url", TYPE_SECRET, FIELD(webhooks_url), 0, 0, SIZE(webhooks_url), "",
     "who is told of sessions and participants: http or https URLs with commas between; empty for nobody"},
    {"webhooks.secret", TYPE_SECRET, FIELD(webhooks_secret), 0, 0, SIZE(webhooks_secret), "",
     "what webhooks are signed with, 16 bytes or more; meant for the environment"},
    {"webhooks.secret_file", TYPE_OPTIONAL_PATH, FIELD(webhooks_secret_file), 0, 0, SIZE(webhooks_secret_file), "",
     "file with that secret instead"},
    {"webhooks.events", TYPE_TEXT, FIELD(webhooks_events), 0, 1, SIZE(webhooks_events), "all",
     "what is told: all, or some of session.started, session.ended, participant.joined, participant.left"},
    {"webhooks.timeout", TYPE_DURATION, FIELD(webhooks_timeout), 0, SECOND / 10, 60 * SECOND, "10s",
     "how long one attempt may take"},
    {"webhooks.attempts", TYPE_COUNT, FIELD(webhooks_attempts), 0, 1, 100, "12",
     "attempts before a webhook is given up"},
    {"webhooks.retry_first", TYPE_DURATION, FIELD(webhooks_retry_first), 0, SECOND / 1000, HOUR, "1s",
     "the wait after the first attempt; each further one doubles it"},
    {"webhooks.retry_max", TYPE_DURATION, FIELD(webhooks_retry_max), 0, SECOND / 1000, 24 * HOUR, "10m",
     "the longest wait between two attempts, also where the receiver asks for a longer one"},
    {"webhooks.max_queue", TYPE_COUNT, FIELD(webhooks_max_queue), 0, 1, 100000, "10000",
     "webhooks that wait for one receiver; more are dropped"},
};
/* clang-format on */

#define SETTINGS (sizeof settings / sizeof settings[0])
_Static_assert(SETTINGS <= CONFIG_SETTINGS_MAX, "each has a place for its source");

const struct setting *config_setting_at(size_t index)
{
    return index < SETTINGS ? &settings[index] : NULL;
}

void config_setting_variable(const struct setting *setting, char name[CONFIG_NAME_SIZE])
{
    snprintf(name, CONFIG_NAME_SIZE, CONFIG_VARIABLE_PREFIX "%s", setting->key);
    for (char *c = name; *c; c++)
        *c = (char)(*c == '.' ? '_' : toupper((unsigned char)*c));
}

void config_setting_flag(const struct setting *setting, char name[CONFIG_NAME_SIZE])
{
    snprintf(name, CONFIG_NAME_SIZE, "--%s", setting->key);
    for (char *c = name; *c; c++)
        if (*c == '.' || *c == '_')
            *c = '-';
}

const char *config_setting_word(enum setting_type type, int number)
{
    static const char *const readers[] = {
        [METRICS_FOR_NOBODY] = "off", [METRICS_FOR_LOOPBACK] = "loopback", [METRICS_FOR_ALL] = "all"};
    if (type == TYPE_LEVEL)
        return log_level_name((enum log_level)number);
    if (type == TYPE_LOG_FORMAT)
        return log_format_name((enum log_format)number);
    return number <= METRICS_FOR_ALL ? readers[number] : NULL;
}

static bool read_word(enum setting_type type, const char *value, int *number)
{
    int i = 0;
    while (config_setting_word(type, i) != NULL && strcmp(config_setting_word(type, i), value) != 0)
        i++;
    if (config_setting_word(type, i) == NULL)
        return false;
    *number = i;
    return true;
}

/* "debug, info, warn or error" */
static void list_words(enum setting_type type, char *text, size_t size)
{
    size_t length = 0;
    for (int i = 0; config_setting_word(type, i) != NULL && length < size; i++)
        length += (size_t)snprintf(text + length, size - length, "%s%s",
                                   i == 0                                     ? ""
                                   : config_setting_word(type, i + 1) != NULL ? ", "
                                                                              : " or ",
                                   config_setting_word(type, i));
}

void config_setting_range(const struct setting *setting, char *text, size_t size)
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
    case TYPE_LOG_FORMAT:
    case TYPE_METRICS:
        list_words(setting->type, text, size);
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
    case TYPE_LOG_FORMAT:
    case TYPE_METRICS:
        return read_word(setting->type, value, field);
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

bool config_setting_set(struct config *config, const struct setting *setting, const char *name, const char *value,
                        char *why, size_t why_size)
{
    char range[128];
    if (assign(config, setting, value)) {
        config->sources[setting - settings] = config->source;
        return true;
    }
    config_setting_range(setting, range, sizeof range);
    if (setting->type == TYPE_SECRET)
        snprintf(why, why_size, "%s must be %s", name, range);
    else
        snprintf(why, why_size, "%s must be %s, not \"%.100s\"", name, range, value);
    return false;
}

void config_setting_defaults(struct config *config)
{
    *config = (struct config){0};
    rbac_init(&config->roles);
    for (size_t i = 0; i < SETTINGS; i++)
        assign(config, &settings[i], settings[i].value);
}
