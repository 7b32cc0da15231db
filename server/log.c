/* Log lines: one write a line, so that lines of different threads never mix. Knows nothing of what is logged. */
#include "log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "log_entry.h"

/* What stands around an entry. */
#define HEAD_MAX 64
#define LINE_SIZE (HEAD_MAX + LOG_ENTRY_SIZE + 3)
/* So that not even a pipe tears it apart (PIPE_BUF). */
_Static_assert(LINE_SIZE <= 4096, "a line is one write");

static const char *const level_names[] = {"debug", "info", "warn", "error"};
static const char *const format_names[] = {"text", "json"};
/* As syslog has them. */
static const int priorities[] = {7, 6, 4, 3};

static atomic_int lowest_level = LOG_INFO;
static atomic_int chosen_format = LOG_TEXT;
static atomic_bool is_in_journal;

/* Whether standard error is what systemd says it has connected with its journal: "device:inode". */
static bool leads_to_journal(void)
{
    char name[64];
    struct stat stream;
    const char *journal = getenv("JOURNAL_STREAM");
    if (journal == NULL || fstat(STDERR_FILENO, &stream) != 0)
        return false;
    snprintf(name, sizeof name, "%ju:%ju", (uintmax_t)stream.st_dev, (uintmax_t)stream.st_ino);
    return strcmp(journal, name) == 0;
}

void log_set_level(enum log_level level)
{
    atomic_store(&lowest_level, (int)level);
}

void log_set_format(enum log_format format)
{
    atomic_store(&chosen_format, (int)format);
    atomic_store(&is_in_journal, leads_to_journal());
}

bool log_is_for_people(void)
{
    return atomic_load(&chosen_format) == LOG_TEXT && !atomic_load(&is_in_journal);
}

const char *log_level_name(enum log_level level)
{
    return level <= LOG_ERROR ? level_names[level] : NULL;
}

const char *log_format_name(enum log_format format)
{
    return format <= LOG_JSON ? format_names[format] : NULL;
}

/* Writes "2026-11-23T09:31:41.123Z". */
static void write_time(char text[HEAD_MAX])
{
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t length = strftime(text, HEAD_MAX, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text + length, HEAD_MAX - length, ".%03ldZ", now.tv_nsec / 1000000);
}

/* What comes before the entry; returns its length. */
static size_t write_head(char *line, enum log_level level, bool is_json)
{
    char time[HEAD_MAX];
    size_t length = 0;
    bool is_journal = atomic_load(&is_in_journal);
    write_time(time);
    if (is_journal)
        length = (size_t)snprintf(line, HEAD_MAX, "<%d>", priorities[level]);
    if (is_json)
        length += (size_t)snprintf(line + length, LINE_SIZE - length, "{\"time\":\"%s\",\"level\":\"%s\",", time,
                                   level_names[level]);
    else if (!is_journal)
        length += (size_t)snprintf(line + length, LINE_SIZE - length, "%s %s ", time, level_names[level]);
    return length;
}

void log_line(enum log_level level, const char *format, ...)
{
    if (level < LOG_DEBUG || level > LOG_ERROR || (int)level < atomic_load(&lowest_level))
        return;
    char line[LINE_SIZE];
    struct log_entry entry;
    va_list arguments;
    bool is_json = atomic_load(&chosen_format) == LOG_JSON;
    size_t length = write_head(line, level, is_json);
    va_start(arguments, format);
    log_entry_fill(&entry, format, arguments);
    va_end(arguments);
    length += (is_json ? log_entry_json : log_entry_text)(&entry, line + length);
    if (is_json)
        line[length++] = '}';
    line[length++] = '\n';
    if (write(STDERR_FILENO, line, length) < 0)
        return; /* nowhere left to complain */
}
