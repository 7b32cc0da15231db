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
    TYPE_LEVEL,
    TYPE_COUNT,        /* uint32_t */
    TYPE_SIZE,         /* uint32_t, bytes */
    TYPE_DURATION,     /* int64_t, microseconds */
    TYPE_MILLISECONDS, /* int64_t, microseconds; written as a plain number of milliseconds */
    TYPE_RATE          /* uint32_t, followed by its int64_t period at `second` */
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

/* clang-format off */
static const struct setting settings[] = {
    {"enabled", TYPE_BOOL, FIELD(enabled), 0, 0, 0, "true",
     "false answers every API request with 503"},
    {"listen", TYPE_LISTEN, FIELD(listen), 0, 0, sizeof((struct config *)0)->listen, "127.0.0.1:8080",
     "address and port, or port, to listen on"},
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
    {"guess.free", TYPE_COUNT, FIELD(guess_free), 0, 1, 1000, "5",
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
    {"seat_grace", TYPE_DURATION, FIELD(seat_grace), 0, 0, 24 * HOUR, "90s",
     "how long the seat of someone who is disconnected is kept"},
    {"latency_samples", TYPE_COUNT, FIELD(latency_samples), 0, 1, 32, "10",
     "measurements that the average latency is made of"},
    {"max_latency_ms", TYPE_MILLISECONDS, FIELD(max_latency), 0, 10000, 60 * SECOND, "5000",
     "removes a participant whose average latency is higher"},
    {"wait_timeout", TYPE_DURATION, FIELD(wait_timeout), 0, SECOND / 10, HOUR, "10s",
     "the longest single wait for a participant who is not ready"},
    {"wait_budget", TYPE_DURATION, FIELD(wait_budget), 0, SECOND / 10, 24 * HOUR, "30s",
     "what the others wait for one participant in all"},
    {"chat.enabled", TYPE_BOOL, FIELD(chat_enabled), 0, 0, 0, "true",
     "false forbids chat in every session"},
    {"chat.max_message_length", TYPE_COUNT, FIELD(chat_max_length), 0, 1, 3000, "500",
     "characters of a chat message"},
    {"chat.rate_limit", TYPE_RATE, FIELD(chat_rate_count), FIELD(chat_rate_period), 1, 1000, "10/minute",
     "chat messages of one participant"},
    {"chat.history", TYPE_COUNT, FIELD(chat_history), 0, 0, 1000, "50",
     "chat messages kept for those who join later"},
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
    snprintf(why, why_size, "%s must be %s, not \"%.100s\"", name, range, value);
    return false;
}

static void set_defaults(struct config *config)
{
    *config = (struct config){0};
    for (size_t i = 0; i < SETTINGS; i++)
        assign(config, &settings[i], settings[i].value);
}

/* --- The file --------------------------------------------------------------------------------------------- */

/* Whether `section` ("syncplay.chat") begins the dotted key of some setting. */
static bool is_section(const char *section)
{
    if (strcmp(section, ROOT) == 0)
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

static bool found_in_file(void *arg, const char *key, const char *value, char *why, size_t why_size)
{
    if (is_section(key)) {
        if (!value || value[0] == '\0')
            return true;
        snprintf(why, why_size, "%s must be a section, not \"%.100s\"", key, value);
        return false;
    }
    for (size_t i = 0; i < SETTINGS; i++) {
        const char *below = key + strlen(ROOT ".");
        if (strncmp(key, ROOT ".", strlen(ROOT ".")) != 0 || strcmp(below, settings[i].key) != 0)
            continue;
        if (value)
            return set(arg, &settings[i], key, value, why, why_size);
        snprintf(why, why_size, "%s must be a single value, not a section", key);
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

/* Reads one flag that is a setting or --config; with config NULL it is only looked at. */
static bool read_flag(struct config *config, struct flags *flags, int argc, char **argv, int *index, char *why,
                      size_t why_size)
{
    char name[NAME_MAX_LENGTH] = "--config";
    const char *value = NULL;
    const struct setting *setting = NULL;
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
    if (!read_flags(config, &flags, argc, argv, why, why_size))
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
}
