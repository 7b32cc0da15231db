/* The values of settings as text: `4h`, `10/minute`, `256K`, `127.0.0.1:8080`. Knows no setting by name. */
#include "config_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* More digits than any setting needs, and few enough that nothing overflows when a unit is applied. */
#define DIGITS_MAX 9
#define PORT_MAX 65535

struct unit {
    const char *name;
    int64_t size;
};

/* From the largest to the smallest. */
static const struct unit durations[] = {{"h", 3600000000}, {"m", 60000000}, {"s", 1000000}, {"ms", 1000}};
static const struct unit sizes[] = {{"M", 1048576}, {"K", 1024}, {"", 1}};
static const struct unit rates[] = {{"/hour", 3600000000}, {"/minute", 60000000}, {"/second", 1000000}};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Reads the digits that `text` begins with and returns what follows; NULL if there are none, or too many. */
static const char *read_digits(const char *text, int64_t *value)
{
    size_t length = strspn(text, "0123456789");
    if (length == 0 || length > DIGITS_MAX)
        return NULL;
    *value = 0;
    for (size_t i = 0; i < length; i++)
        *value = *value * 10 + (text[i] - '0');
    return text + length;
}

/* Reads a number and one of these units. */
static bool read_units(const char *text, const struct unit *units, size_t count, int64_t *number, int64_t *unit)
{
    int64_t value = 0;
    const char *rest = read_digits(text, &value);
    for (size_t i = 0; rest && i < count; i++) {
        if (strcmp(rest, units[i].name) == 0) {
            *number = value;
            *unit = units[i].size;
            return true;
        }
    }
    return false;
}

static void write_units(int64_t value, const struct unit *units, size_t count, char *text, size_t size)
{
    size_t i = 0;
    while (i + 1 < count && value % units[i].size != 0)
        i++;
    if (value == 0)
        i = count - 1;
    snprintf(text, size, "%" PRId64 "%s", value / units[i].size, units[i].name);
}

bool config_value_bool(const char *text, bool *value)
{
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        return false;
    *value = text[0] == 't';
    return true;
}

bool config_value_whole(const char *text, int64_t *value)
{
    int64_t number = 0;
    const char *rest = read_digits(text, &number);
    if (!rest || *rest != '\0')
        return false;
    *value = number;
    return true;
}

bool config_value_size(const char *text, int64_t *bytes)
{
    int64_t number = 0;
    int64_t unit = 0;
    if (!read_units(text, sizes, COUNT(sizes), &number, &unit))
        return false;
    *bytes = number * unit;
    return true;
}

bool config_value_duration(const char *text, int64_t *microseconds)
{
    int64_t number = 0;
    int64_t unit = 0;
    if (!read_units(text, durations, COUNT(durations), &number, &unit))
        return false;
    *microseconds = number * unit;
    return true;
}

bool config_value_rate(const char *text, int64_t *count, int64_t *period)
{
    return read_units(text, rates, COUNT(rates), count, period);
}

bool config_value_is_listen(const char *text)
{
    const char *colon = strchr(text, ':');
    int64_t port = 0;
    return colon != text && config_value_whole(colon ? colon + 1 : text, &port) && port <= PORT_MAX;
}

void config_value_write_duration(int64_t microseconds, char *text, size_t size)
{
    write_units(microseconds, durations, COUNT(durations), text, size);
}

void config_value_write_size(int64_t bytes, char *text, size_t size)
{
    write_units(bytes, sizes, COUNT(sizes), text, size);
}

void config_value_write_rate(int64_t count, int64_t period, char *text, size_t size)
{
    size_t i = 0;
    while (i + 1 < COUNT(rates) && rates[i].size != period)
        i++;
    snprintf(text, size, "%" PRId64 "%s", count, rates[i].name);
}
