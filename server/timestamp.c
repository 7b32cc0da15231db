/* Instants as text, both ways. The only place that turns Unix times into calendar dates. */
#include "timestamp.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define SECOND INT64_C(1000000)
/* 9999-12-31T23:59:59.999999Z */
#define LATEST (INT64_C(253402300799) * SECOND + 999999)
/* As far as the seconds. */
#define WHOLE_LENGTH 19

void timestamp_write(int64_t unix_time, char text[TIMESTAMP_SIZE])
{
    int64_t instant = unix_time < 0 ? 0 : unix_time > LATEST ? LATEST : unix_time;
    time_t seconds = (time_t)(instant / SECOND);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    size_t length = strftime(text, TIMESTAMP_SIZE, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text + length, TIMESTAMP_SIZE - length, ".%06dZ", (int)(instant % SECOND));
}

/* Reads ".123456" into microseconds and returns what follows; NULL if that is no fraction. */
static const char *read_fraction(const char *text, int64_t *fraction)
{
    *fraction = 0;
    if (*text != '.')
        return text;
    size_t digits = strspn(text + 1, "0123456789");
    if (digits == 0 || digits > 6)
        return NULL;
    for (size_t i = 1; i <= 6; i++)
        *fraction = *fraction * 10 + (i <= digits ? text[i] - '0' : 0);
    return text + 1 + digits;
}

bool timestamp_read(const char *text, int64_t *unix_time)
{
    struct tm utc = {0};
    char again[TIMESTAMP_SIZE];
    int64_t fraction = 0;
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &utc);
    if (rest)
        rest = read_fraction(rest, &fraction);
    if (!rest || strcmp(rest, "Z") != 0)
        return false;
    int64_t instant = (int64_t)timegm(&utc) * SECOND + fraction;
    /* strptime takes blanks, fewer digits, the 31st of February, years before our time. */
    timestamp_write(instant, again);
    if (strncmp(text, again, WHOLE_LENGTH) != 0)
        return false;
    *unix_time = instant;
    return true;
}
