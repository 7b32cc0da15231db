/* Reading names of files with subtitles. Knows the look of a language tag (RFC 5646), not which languages there are. */
#include "subtitle_name.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Where the part that begins at `at` ends. */
static size_t end_of(const char *text, size_t length, size_t at, const char *separators)
{
    while (at < length && !strchr(separators, text[at]))
        at++;
    return at;
}

static bool is_word(const char *text, size_t length, size_t least, size_t most, bool letters)
{
    for (size_t i = 0; i < length; i++)
        if (!(letters ? isalpha((unsigned char)text[i]) : isalnum((unsigned char)text[i])))
            return false;
    return length >= least && length <= most;
}

/* Two or three letters, and perhaps more after a - or _ each. SDH and CC look so, too: for those who hear badly. */
static bool is_language(const char *part, size_t length)
{
    size_t first = end_of(part, length, 0, "-_");
    if (!is_word(part, first, 2, 3, true) || length >= SUBTITLE_LANGUAGE_SIZE)
        return false;
    if ((length == 3 && strncasecmp(part, "sdh", 3) == 0) || (length == 2 && strncasecmp(part, "cc", 2) == 0))
        return false;
    for (size_t at = first; at < length;) {
        size_t next = end_of(part, length, ++at, "-_");
        if (!is_word(part + at, next - at, 2, 8, false))
            return false;
        at = next;
    }
    return true;
}

static void append(char *label, const char *part, size_t length)
{
    size_t at = strlen(label);
    if (length > 0 && at + (at > 0) + length < SUBTITLE_LABEL_SIZE)
        snprintf(label + at, SUBTITLE_LABEL_SIZE - at, "%s%.*s", at > 0 ? " " : "", (int)length, part);
}

void subtitle_name_read(struct subtitle_name *name, const char *between, size_t length)
{
    *name = (struct subtitle_name){0};
    for (size_t at = 0; at <= length;) {
        size_t next = end_of(between, length, at, ".");
        const char *part = between + at;
        if (name->language[0] == '\0' && is_language(part, next - at))
            for (size_t i = 0; i < next - at; i++)
                name->language[i] = part[i] == '_' ? '-' : part[i];
        else
            append(name->label, part, next - at);
        at = next + 1;
    }
}
