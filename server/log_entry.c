/* What one line of the log says. */
#include "log_entry.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "json.h"

#define KEY_CHARACTERS "abcdefghijklmnopqrstuvwxyz_"
/* The longest format; what is longer is cut off. */
#define FORMAT_MAX 512

/* Where the next value begins in a format: at the blank before its key. NULL if there is none. */
static const char *find_key(const char *format, struct log_part *key)
{
    for (const char *blank = strchr(format, ' '); blank != NULL; blank = strchr(blank + 1, ' ')) {
        size_t length = strspn(blank + 1, KEY_CHARACTERS);
        if (length > 0 && length <= LOG_KEY_MAX && blank[1 + length] == '=') {
            *key = (struct log_part){blank + 1, length};
            return blank;
        }
    }
    return NULL;
}

/* How long the text becomes that the first `length` bytes of the format stand for. */
__attribute__((format(printf, 1, 0))) static size_t length_of(const char *format, size_t length, va_list arguments)
{
    char begin[FORMAT_MAX];
    va_list copy;
    snprintf(begin, sizeof begin, "%.*s", (int)length, format);
    va_copy(copy, arguments);
    int count = vsnprintf(NULL, 0, begin, copy);
    va_end(copy);
    return count < 0 ? 0 : count > LOG_TEXT_MAX ? LOG_TEXT_MAX : (size_t)count;
}

/* Whether a value of this format is a whole number: "%d" or the like, and nothing more. */
static bool is_number(const char *format, const char *end)
{
    size_t length = 1 + strspn(format + 1, "hljzt");
    return format[0] == '%' && strchr("diu", format[length]) != NULL && format + length + 1 == end;
}

/* What a client sent may be in it: it must not be able to fake a line or move the cursor. */
static void clean(const char *begin, size_t length)
{
    bool is_utf8 = json_is_utf8(begin, length);
    for (unsigned char *c = (unsigned char *)(uintptr_t)begin; length > 0; c++, length--) {
        if (*c < 0x20 || *c == 0x7f || (*c >= 0x80 && !is_utf8))
            *c = '?';
        else if (*c == 0xc2 && c[1] < 0xa0) /* U+0080 to U+009F; U+009B moves the cursor as ESC [ does */
            c[0] = c[1] = '?';
    }
}

void log_entry_fill(struct log_entry *entry, const char *format, va_list arguments)
{
    struct log_part key;
    va_list copy;
    va_copy(copy, arguments);
    if (vsnprintf(entry->text, sizeof entry->text, format, copy) < 0)
        entry->text[0] = '\0';
    va_end(copy);
    entry->count = 0;
    const char *next = find_key(format, &key);
    const char *end = next != NULL ? next : format + strlen(format);
    entry->message = (struct log_part){entry->text, length_of(format, (size_t)(end - format), arguments)};
    while (next != NULL && entry->count < LOG_FIELDS_MAX) {
        struct log_field *field = &entry->fields[entry->count++];
        const char *value = next + 1 + key.length + 1;
        size_t begin = length_of(format, (size_t)(value - format), arguments);
        field->key = key;
        next = find_key(value, &key);
        end = next != NULL && entry->count < LOG_FIELDS_MAX ? next : format + strlen(format);
        field->value =
            (struct log_part){entry->text + begin, length_of(format, (size_t)(end - format), arguments) - begin};
        field->is_number = is_number(value, end) && begin + field->value.length < LOG_TEXT_MAX; /* or it may be cut */
    }
    clean(entry->message.begin, entry->message.length);
    for (size_t i = 0; i < entry->count; i++)
        clean(entry->fields[i].value.begin, entry->fields[i].value.length);
}

/* --- Writing ------------------------------------------------------------------------------------------------------ */

static size_t put(char *text, size_t length, const char *bytes, size_t count)
{
    memcpy(text + length, bytes, count);
    return length + count;
}

/* Between quotation marks, as JSON has it; there are no control characters any more. */
static size_t put_quoted(char *text, size_t length, struct log_part part)
{
    text[length++] = '"';
    for (size_t i = 0; i < part.length; i++) {
        if (part.begin[i] == '"' || part.begin[i] == '\\')
            text[length++] = '\\';
        text[length++] = part.begin[i];
    }
    text[length++] = '"';
    return length;
}

/* Whether a reader of key=value would take it for something else. */
static bool needs_quotes(struct log_part part)
{
    for (size_t i = 0; i < part.length; i++)
        if (strchr(" \"\\=", part.begin[i]) != NULL)
            return true;
    return part.length == 0;
}

size_t log_entry_text(const struct log_entry *entry, char text[LOG_ENTRY_SIZE])
{
    size_t length = put(text, 0, entry->message.begin, entry->message.length);
    for (size_t i = 0; i < entry->count; i++) {
        const struct log_field *field = &entry->fields[i];
        text[length++] = ' ';
        length = put(text, length, field->key.begin, field->key.length);
        text[length++] = '=';
        if (needs_quotes(field->value))
            length = put_quoted(text, length, field->value);
        else
            length = put(text, length, field->value.begin, field->value.length);
    }
    text[length] = '\0';
    return length;
}

size_t log_entry_json(const struct log_entry *entry, char text[LOG_ENTRY_SIZE])
{
    static const char message[] = "\"message\":";
    size_t length = put_quoted(text, put(text, 0, message, sizeof message - 1), entry->message);
    for (size_t i = 0; i < entry->count; i++) {
        const struct log_field *field = &entry->fields[i];
        text[length++] = ',';
        length = put_quoted(text, length, field->key);
        text[length++] = ':';
        if (field->is_number)
            length = put(text, length, field->value.begin, field->value.length);
        else
            length = put_quoted(text, length, field->value);
    }
    text[length] = '\0';
    return length;
}
