/* Log lines: one write a line, so that lines of different threads never mix. Knows nothing of what is logged. */
#include "log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The longest line in bytes; what is longer is cut off. */
#define LOG_LINE_MAX 2048

static const char *const level_names[] = {"debug", "info", "warn", "error"};

static atomic_int lowest_level = LOG_INFO;

void log_set_level(enum log_level level)
{
    atomic_store(&lowest_level, (int)level);
}

bool log_level_parse(const char *name, enum log_level *level)
{
    for (int i = LOG_DEBUG; i <= LOG_ERROR; i++) {
        if (strcmp(name, level_names[i]) == 0) {
            *level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

/* Writes "2026-11-23T09:31:41.123Z info " and returns its length. */
static size_t write_head(char *line, enum log_level level)
{
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t length = strftime(line, LOG_LINE_MAX, "%Y-%m-%dT%H:%M:%S", &utc);
    int more = snprintf(line + length, LOG_LINE_MAX - length, ".%03ldZ %s ", now.tv_nsec / 1000000, level_names[level]);
    return length + (size_t)more;
}

void log_line(enum log_level level, const char *format, ...)
{
    if (level < LOG_DEBUG || level > LOG_ERROR || (int)level < atomic_load(&lowest_level))
        return;
    char line[LOG_LINE_MAX];
    size_t length = write_head(line, level);
    size_t head = length;

    va_list arguments;
    va_start(arguments, format);
    int more = vsnprintf(line + length, sizeof line - length, format, arguments);
    va_end(arguments);
    if (more > 0)
        length += (size_t)more;
    if (length > sizeof line - 1)
        length = sizeof line - 1;

    /* What a client sent may be in it: it must not be able to fake a line or move the cursor. */
    for (size_t i = head; i < length; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            line[i] = '?';
    line[length++] = '\n';
    if (write(STDERR_FILENO, line, length) < 0)
        return; /* nowhere left to complain */
}
