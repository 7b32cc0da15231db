/*
 * The configuration as YAML that the server would read again. What is written here, config_file.c reads; what values
 * look like is in config_show.c.
 */
#include "config_print.h"

#include <stdio.h>
#include <string.h>

#include <syncplay/version.h>

#include "config.h"
#include "config_setting.h"
#include "config_show.h"
#include "json.h"

#define ROOT "syncplay"
#define INDENT 2

/* How many sections of `key` are those of the key before it: "auth.jwt.kid" after "auth.guests" has one. */
static size_t shared_sections(const char *key, const char *before)
{
    size_t count = 0;
    for (size_t i = 0; key[i] != '\0' && key[i] == before[i]; i++)
        count += key[i] == '.';
    return count;
}

/* Begins those sections of `key` that are not begun; returns the last part of it, and how deep it is. */
static const char *begin_sections(const char *key, const char *before, size_t *depth)
{
    size_t shared = shared_sections(key, before);
    *depth = 0;
    for (const char *dot = strchr(key, '.'); dot != NULL; dot = strchr(key, '.')) {
        if ((*depth)++ >= shared)
            printf("%*s%.*s:\n", (int)(INDENT * *depth), "", (int)(dot - key), key);
        key = dot + 1;
    }
    return key;
}

/* YAML takes those two for the end of a line, too. */
static bool is_separator(const char *text)
{
    return strncmp(text, "\u2028", 3) == 0 || strncmp(text, "\u2029", 3) == 0;
}

static void print_text(const char *text)
{
    putchar('"');
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte < 0x20 || byte == 0x7f)
            printf("\\x%02x", byte);
        else if (byte == 0xc2 && (text[1] & 0xe0) == 0x80) /* U+0080 to U+009F, of which one ends a line */
            printf("\\x%02x", (unsigned char)*++text);
        else if (is_separator(text))
            printf("\\u202%c", (unsigned char)*(text += 2) == 0xa8 ? '8' : '9');
        else
            printf("%s%c", byte == '"' || byte == '\\' ? "\\" : "", byte);
    }
    putchar('"');
}

static const char *source_name(enum config_source source)
{
    static const char *const names[] = {"", " # from the file", " # from the environment", " # from a flag"};
    return names[source];
}

static void print_setting(const struct config *config, const struct setting *setting, size_t index, const char *before)
{
    char value[CONFIG_SHOW_SIZE];
    size_t depth;
    const char *source = source_name(config->sources[index]);
    const char *name = begin_sections(setting->key, before, &depth);
    int indent = (int)(INDENT * (depth + 1));
    const char *text = config_show(config, setting, value, sizeof value);
    if (setting->type == TYPE_SECRET && text[0] != '\0') {
        printf("%*s# %s: is set, and not shown%s\n", indent, "", name, source);
    } else if (!json_is_utf8(text, strlen(text))) {
        printf("%*s# %s: is not UTF-8, and cannot stand in a file%s\n", indent, "", name, source);
    } else {
        printf("%*s%s: ", indent, "", name);
        if (config_show_is_text(setting))
            print_text(text);
        else
            printf("%s", text);
        printf("%s\n", source);
    }
}

static void print_roles(const struct rbac *roles)
{
    printf("%*sroles:\n", INDENT, "");
    for (size_t i = 0; i < roles->count; i++) {
        const char *between = "";
        printf("%*s", 2 * INDENT, "");
        print_text(roles->roles[i].name);
        printf(": [");
        for (syncplay_permission one = SYNCPLAY_PERMISSION_CREATE; one <= SYNCPLAY_PERMISSION_HOST_CONTROLS; one++) {
            if ((roles->roles[i].permissions & RBAC_BIT(one)) == 0)
                continue;
            printf("%s%s", between, syncplay_permission_name(one));
            between = ", ";
        }
        printf("]\n");
    }
}

void config_print(const struct config *config)
{
    const struct setting *setting;
    const char *before = "";
    printf("# syncplay-server %s: what it would run with here. File: ", SYNCPLAY_VERSION_TEXT);
    if (config->file[0] != '\0')
        print_text(config->file);
    printf("%s\n" ROOT ":\n", config->file[0] != '\0' ? "" : "none");
    for (size_t i = 0; (setting = config_setting_at(i)) != NULL; i++) {
        print_setting(config, setting, i, before);
        before = setting->key;
    }
    print_roles(&config->roles);
}
