/* UTF-8 checks and counts. Pure. */
#include <string.h>

#include <syncplay/session.h>

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

/* The character that well-formed UTF-8 begins with; *text moves behind it. */
static uint32_t next_character(const unsigned char **text)
{
    const unsigned char *s = *text;
    unsigned length = s[0] < 0x80 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    uint32_t character = length == 1 ? s[0] : s[0] & (0xffu >> (length + 1));
    for (unsigned i = 1; i < length; i++)
        character = character << 6 | (s[i] & 0x3f);
    *text += length;
    return character;
}

/* Lines, paragraphs and directions of writing (Unicode's Bidi_Control without marks): they reach beyond the name. */
static bool reaches_out(uint32_t c)
{
    return (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* Blanks, and what Unicode calls Default_Ignorable_Code_Point. */
static bool is_invisible(uint32_t c)
{
    static const uint32_t ranges[][2] = {
        {0x20, 0x20},     {0xa0, 0xa0},     {0xad, 0xad},     {0x34f, 0x34f},   {0x61c, 0x61c},   {0x115f, 0x1160},
        {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x2000, 0x200f}, {0x202f, 0x202f}, {0x205f, 0x206f}, {0x3000, 0x3000},
        {0x3164, 0x3164}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfff8}, {0x1bca0, 0x1bca3},
        {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}};
    for (unsigned i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i][0] && c <= ranges[i][1])
            return true;
    return false;
}

bool text_is_name(const char *text, size_t least, size_t most)
{
    bool visible = false;
    if (!text_is_line(text, least, most))
        return false;
    for (const unsigned char *s = (const unsigned char *)text; *s;) {
        uint32_t character = next_character(&s);
        if (reaches_out(character))
            return false;
        visible |= !is_invisible(character);
    }
    return visible;
}

bool syncplay_name_is_valid(const char *name)
{
    return text_is_name(name, 1, SYNCPLAY_NAME_MAX);
}

/* What follows a symbol and makes it another: joiner, variations, tags (of flags). */
static bool is_joiner(uint32_t c)
{
    return c == 0x200d || c == 0xfe0e || c == 0xfe0f || (c >= 0xe0020 && c <= 0xe007f);
}

/*
 * All that Unicode's emoji-data.txt calls an emoji but digits, # and *, which are that only as keycaps, and the blocks of symbols
 * that most of them stand in. Letters and digits in circles and squares are left out, as far as they are no emoji.
 */
static bool is_symbol(uint32_t c)
{
    static const uint32_t ranges[][2] = {
        {0xa9, 0xa9},       {0xae, 0xae},       {0x203c, 0x203c},   {0x2049, 0x2049},   {0x2122, 0x2122},
        {0x2139, 0x2139},   {0x2190, 0x23ff},   {0x24c2, 0x24c2},   {0x2500, 0x2775},   {0x2794, 0x27bf},
        {0x2900, 0x297f},   {0x2b00, 0x2bff},   {0x3030, 0x3030},   {0x303d, 0x303d},   {0x3297, 0x3297},
        {0x3299, 0x3299},   {0x1f000, 0x1f0ff}, {0x1f170, 0x1f171}, {0x1f17e, 0x1f17f}, {0x1f18e, 0x1f18e},
        {0x1f191, 0x1f19a}, {0x1f1e6, 0x1f1ff}, {0x1f201, 0x1f202}, {0x1f21a, 0x1f21a}, {0x1f22f, 0x1f22f},
        {0x1f232, 0x1f23a}, {0x1f250, 0x1f265}, {0x1f300, 0x1faff}};
    for (unsigned i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i][0] && c <= ranges[i][1])
            return true;
    return false;
}

/* A digit, # or * in the frame of a key; *text moves behind it. */
static bool take_keycap(uint32_t c, const unsigned char **text)
{
    const char *rest = (const char *)*text;
    bool is_key = (c >= '0' && c <= '9') || c == '#' || c == '*';
    rest += strncmp(rest, "\xef\xb8\x8f", 3) == 0 ? 3 : 0; /* U+FE0F */
    if (!is_key || strncmp(rest, "\xe2\x83\xa3", 3) != 0)    /* U+20E3 */
        return false;
    *text = (const unsigned char *)rest + 3;
    return true;
}

bool text_is_symbols(const char *text, size_t most)
{
    unsigned symbols = 0, flag_letters = 0;
    if (!text_fits(text, 1, most))
        return false;
    for (const unsigned char *s = (const unsigned char *)text; *s;) {
        uint32_t c = next_character(&s);
        bool stands = is_symbol(c) || take_keycap(c, &s);
        if (!stands && !(symbols && is_joiner(c)))
            return false;
        symbols += stands;
        flag_letters += c >= 0x1f1e6 && c <= 0x1f1ff;
    }
    return flag_letters <= 2; /* with more of them one could spell */
}

uint64_t text_digest(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *text; text++)
        hash = (hash ^ (uint8_t)*text) * UINT64_C(1099511628211);
    return hash ? hash : 1;
}
