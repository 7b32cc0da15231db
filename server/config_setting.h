/*
 * The table of settings: what each is called, what it may be, what it is by default. Where values come from is config.c's
 * business; what is done with them, everybody else's.
 */
#ifndef SERVER_CONFIG_SETTING_H
#define SERVER_CONFIG_SETTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct config;

#define CONFIG_VARIABLE_PREFIX "SYNCPLAY_"
/* Of the name of a variable or a flag, with its zero byte. */
#define CONFIG_NAME_SIZE 64

enum setting_type {
    TYPE_BOOL,
    TYPE_LISTEN,
    TYPE_NETWORKS, /* struct networks */
    TYPE_PATH,     /* not empty */
    TYPE_OPTIONAL_PATH,
    TYPE_ORIGINS,
    TYPE_LEVEL, /* these three: int, the number of a word */
    TYPE_LOG_FORMAT,
    TYPE_METRICS,
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

/* All settings, in the order in which people read about them; NULL past the last one. */
const struct setting *config_setting_at(size_t index);

/* SYNCPLAY_CHAT_RATE_LIMIT, and --chat-rate-limit */
void config_setting_variable(const struct setting *setting, char name[CONFIG_NAME_SIZE]);
void config_setting_flag(const struct setting *setting, char name[CONFIG_NAME_SIZE]);

/* The words of TYPE_LEVEL and those below it, by number; NULL past the last one. */
const char *config_setting_word(enum setting_type type, int number);

/* What it may be, in words: "1 to 1000". */
void config_setting_range(const struct setting *setting, char *text, size_t size);

/* Sets it; `name` is what the source calls it. False, with nothing changed, and a sentence in `why`, if it may not be that. */
bool config_setting_set(struct config *config, const struct setting *setting, const char *name, const char *value,
                        char *why, size_t why_size);

/* The defaults of all. */
void config_setting_defaults(struct config *config);

#endif
