/*
 * Where settings come from: defaults, file, environment, flags. What each may be is in config_setting.c.
 */
#include "config.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <syncplay/version.h>

#include "config_file.h"
#include "config_setting.h"

#define ROOT "syncplay"
#define DEFAULT_FILE "syncplay.yaml"

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
    const struct setting *setting;
    if (strcmp(section, ROOT) == 0 || strcmp(section, ROOT ".roles") == 0)
        return true;
    size_t length = strlen(section);
    for (size_t i = 0; (setting = config_setting_at(i)) != NULL; i++) {
        char full[CONFIG_FILE_KEY_MAX];
        snprintf(full, sizeof full, ROOT ".%s", setting->key);
        if (strncmp(full, section, length) == 0 && full[length] == '.')
            return true;
    }
    return false;
}

static bool found_in_file(void *arg, const char *key, enum config_file_shape shape, const char *value, char *why,
                          size_t why_size)
{
    const struct setting *setting;
    if (is_section(key)) {
        if (shape == CONFIG_FILE_SECTION || value[0] == '\0')
            return true;
        snprintf(why, why_size, "%s must be a section, not \"%.100s\"", key, value);
        return false;
    }
    if (strncmp(key, ROOT "." ROLES, strlen(ROOT "." ROLES)) == 0 && shape != CONFIG_FILE_SECTION)
        return set_role(arg, key + strlen(ROOT "." ROLES), key, value, why, why_size);
    for (size_t i = 0; (setting = config_setting_at(i)) != NULL; i++) {
        const char *below = key + strlen(ROOT ".");
        if (strncmp(key, ROOT ".", strlen(ROOT ".")) != 0 || strcmp(below, setting->key) != 0)
            continue;
        if (shape == CONFIG_FILE_VALUE)
            return config_setting_set(arg, setting, key, value, why, why_size);
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
    return strncmp(entry, CONFIG_VARIABLE_PREFIX "CONFIG=", strlen(CONFIG_VARIABLE_PREFIX "CONFIG=")) == 0 ||
           strncmp(entry, CONFIG_VARIABLE_PREFIX "TEST_", strlen(CONFIG_VARIABLE_PREFIX "TEST_")) == 0;
}

static bool read_variable(struct config *config, const char *entry, char *why, size_t why_size)
{
    const struct setting *setting;
    const char *equals = strchr(entry, '=');
    if (!equals || strncmp(entry, CONFIG_VARIABLE_PREFIX, strlen(CONFIG_VARIABLE_PREFIX)) != 0 || is_other_variable(entry))
        return true;
    size_t length = (size_t)(equals - entry);
    size_t prefix = strlen(CONFIG_VARIABLE_PREFIX "ROLES_");
    if (strncmp(entry, CONFIG_VARIABLE_PREFIX "ROLES_", prefix) == 0) {
        char source[CONFIG_NAME_SIZE];
        char role[ROLE_NAME_SIZE];
        snprintf(source, sizeof source, "%.*s", (int)(length < sizeof source ? length : sizeof source), entry);
        role_name(role, entry + prefix, length - prefix);
        return set_role(config, role, source, equals + 1, why, why_size);
    }
    for (size_t i = 0; (setting = config_setting_at(i)) != NULL; i++) {
        char name[CONFIG_NAME_SIZE];
        config_setting_variable(setting, name);
        if (strlen(name) == length && strncmp(entry, name, length) == 0)
            return config_setting_set(config, setting, name, equals + 1, why, why_size);
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
    char name[CONFIG_NAME_SIZE];
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
    char name[CONFIG_NAME_SIZE] = "--config";
    const char *value = NULL;
    const struct setting *setting = NULL;
    if (strncmp(argv[*index], ROLE_FLAG, strlen(ROLE_FLAG)) == 0)
        return read_role_flag(config, argc, argv, index, why, why_size);
    bool known = take_flag(argc, argv, index, name, &value);
    if (known)
        flags->file = value;
    for (size_t i = 0; !known && config_setting_at(i); i++) {
        setting = config_setting_at(i);
        config_setting_flag(setting, name);
        known = take_flag(argc, argv, index, name, &value);
    }
    if (!known)
        snprintf(why, why_size, "\"%.100s\" is not a known flag; see --help", argv[*index]);
    else if (!value)
        snprintf(why, why_size, "%s needs a value", name);
    else
        return !setting || !config || config_setting_set(config, setting, name, value, why, why_size);
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
        else if (strcmp(argv[i], "--print-config") == 0)
            flags->action = CONFIG_PRINT;
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
    config_setting_defaults(config);
    /* The flags are read twice: which file it is has to be known before, what they set counts after. */
    if (!read_flags(NULL, &flags, argc, argv, why, why_size))
        return CONFIG_ERROR;
    if (flags.action == CONFIG_HELP || flags.action == CONFIG_VERSION)
        return flags.action;

    const char *file = flags.file ? flags.file : variable(environment, CONFIG_VARIABLE_PREFIX "CONFIG");
    if (!file && access(DEFAULT_FILE, F_OK) == 0)
        file = DEFAULT_FILE;
    config->source = CONFIG_FROM_FILE;
    snprintf(config->file, sizeof config->file, "%s", file ? file : "");
    if (file && !config_file_read(file, found_in_file, config, why, why_size))
        return CONFIG_ERROR;
    config->source = CONFIG_FROM_ENVIRONMENT;
    for (char **entry = environment; entry && *entry; entry++)
        if (!read_variable(config, *entry, why, why_size))
            return CONFIG_ERROR;
    config->source = CONFIG_FROM_FLAG;
    if (!read_flags(config, &flags, argc, argv, why, why_size) || !belong_together(config, why, why_size))
        return CONFIG_ERROR;
    return flags.action;
}

void config_usage(void)
{
    const struct setting *setting;
    printf(
        "syncplay-server %s: watch films together.\n\n"
        "Usage: syncplay-server [--config FILE] [--check-config | --print-config] [--SETTING VALUE]...\n"
        "       syncplay-server admin --help\n\n"
        "  --config FILE      read this YAML file (also SYNCPLAY_CONFIG; else ./" DEFAULT_FILE ", if there is one)\n"
        "  --check-config     read the configuration, say what is wrong with it or with what it names, and stop\n"
        "  --print-config     print the configuration of file, environment and flags as one file, without secrets, and "
        "stop\n"
        "  --version          say the version, and stop\n"
        "  --help             say this, and stop\n\n"
        "Exit codes: 0 after a signal to end, or when it has said what it was asked; 1 if it cannot start; 2 if the\n"
        "configuration or a flag is wrong.\n\n"
        "Settings. The file's key, below `" ROOT ":`, has the flag's name with underscores and sections; the\n"
        "environment variable has it in capitals. Flags count over the environment, the environment over the file.\n",
        SYNCPLAY_VERSION_TEXT);
    for (size_t i = 0; (setting = config_setting_at(i)) != NULL; i++) {
        char flag[CONFIG_NAME_SIZE];
        char name[CONFIG_NAME_SIZE];
        char range[128];
        config_setting_flag(setting, flag);
        config_setting_variable(setting, name);
        config_setting_range(setting, range, sizeof range);
        printf("\n  %s   %s   " ROOT ".%s\n      %s\n      %s; default %s\n", flag, name, setting->key,
               setting->meaning, range, setting->value[0] ? setting->value : "empty");
    }
    printf("\n  --roles-NAME   " CONFIG_VARIABLE_PREFIX "ROLES_NAME   " ROOT
           ".roles.NAME\n      permissions of the role NAME, "
           "as many roles as you like (at most %d)\n      a list of syncplay.create, syncplay.join and "
           "syncplay.host_controls; guest and user have all of them\n",
           RBAC_ROLES_MAX);
}
