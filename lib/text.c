/* UTF-8 checks and counts. Pure. */
#include <string.h>

#include "text.h"

/* Length of the sequence that begins at `s` with `left` bytes to go; 0 if it is not well formed. */
static size_t sequence_length(const unsigned char *s, size_t left)
{
    size_t length = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;
    if (!length || length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) || (s[0] == 0xf0 && s[1] < 0x90) ||
        (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return length;
}

bool text_is_utf8(const char *bytes, size_t length, size_t *characters)
{
    const unsigned char *s = (const unsigned char *)bytes;
    size_t count = 0;
    for (size_t i = 0; i < length; count++) {
        size_t step = sequence_length(s + i, length - i);
        if (!step)
            return false;
        i += step;
    }
    *characters = count;
    return true;
}

bool text_fits(const char *text, size_t least, size_t most)
{
    size_t characters;
    return text && text_is_utf8(text, strlen(text), &characters) && characters >= least && characters <= most;
}

bool text_is_line(const char *text, size_t least, size_t most)
{
    bool visible = least == 0;
    if (!text_fits(text, least, most))
        return false;
    for (const unsigned char *s = (const unsigned char *)text; *s; s++) {
        if (*s < 0x20 || *s == 0x7f || (*s == 0xc2 && s[1] < 0xa0)) /* C0, DEL, C1 */
            return false;
        visible |= *s != ' ';
    }
    return visible;
}

uint64_t text_digest(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *text; text++)
        hash = (hash ^ (uint8_t)*text) * UINT64_C(1099511628211);
    return hash ? hash : 1;
}
