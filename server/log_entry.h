/*
 * What one line of the log says: a sentence and values that have names, told apart by the printf format they came from.
 * Writes it as text or as JSON. Knows no time, no level and no place to write to.
 */
#ifndef SERVER_LOG_ENTRY_H
#define SERVER_LOG_ENTRY_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* The longest sentence with all its values, in bytes; what is longer is cut off. */
#define LOG_TEXT_MAX 1700
/* The most values that have names, and the longest name; what is beyond is part of the value before. */
#define LOG_FIELDS_MAX 12
#define LOG_KEY_MAX 32
/* What either form takes at most, with its zero byte: each byte may be escaped, and each field has its marks. */
#define LOG_ENTRY_SIZE (2 * LOG_TEXT_MAX + (LOG_KEY_MAX + 8) * LOG_FIELDS_MAX + 16)

struct log_part {
    const char *begin;
    size_t length;
};

struct log_field {
    struct log_part key;   /* in the format */
    struct log_part value; /* in the entry's text */
    bool is_number;
};

struct log_entry {
    char text[LOG_TEXT_MAX + 1];
    struct log_part message;
    struct log_field fields[LOG_FIELDS_MAX];
    size_t count;
};

/*
 * Fills in an entry. In the format, a blank, a word of small letters and underscores, and "=" begin a value, which goes
 * to the next of these or to the end: values may hold blanks. Bytes that are no UTF-8, and control characters, become
 * "?". The entry points into itself and into the format.
 */
void log_entry_fill(struct log_entry *entry, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* `message key=value key="a value with blanks"`. Returns the length. */
size_t log_entry_text(const struct log_entry *entry, char text[LOG_ENTRY_SIZE]);

/* `"message":"...","key":"value","count":7`: the inside of a JSON object. Returns the length. */
size_t log_entry_json(const struct log_entry *entry, char text[LOG_ENTRY_SIZE]);

#endif
