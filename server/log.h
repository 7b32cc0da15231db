/*
 * Log lines on standard error: time, level, what happened, then key=value. No tokens and no chat text, ever.
 *
 *     2026-11-23T09:31:41.123Z info session created session=... code=... user=...
 *
 * As JSON, each key is a member beside `time`, `level` and `message`: no key has one of these names. Where standard
 * error is systemd's journal, a line begins with the level's number in <>, and one of text has neither time nor level.
 */
#ifndef SERVER_LOG_H
#define SERVER_LOG_H

#include <stdbool.h>

enum log_level { LOG_DEBUG = 0, LOG_INFO = 1, LOG_WARN = 2, LOG_ERROR = 3 };
enum log_format { LOG_TEXT = 0, LOG_JSON = 1 };

void log_set_level(enum log_level level);
void log_set_format(enum log_format format);

/* Whether the lines are for people, and not for the journal or another machine. */
bool log_is_for_people(void);

/* Names of levels and formats; NULL past the last one. */
const char *log_level_name(enum log_level level);
const char *log_format_name(enum log_format format);

/*
 * One line, whole, from any thread; control characters in it are replaced. The format is a sentence and then " key=%s"
 * and so on, each value up to the next key (log_entry.h): whatever has blanks in it is put between quotation marks.
 */
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)
#define log_warn(...) log_line(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)

#endif
