/*
 * Whether a text is JSON as RFC 8259 has it, in UTF-8 as RFC 3629 has it. Stricter than the parser of the library, and
 * independent of it: what a fuzz target is told is held against this.
 */
#ifndef FUZZ_JSON_TEXT_H
#define FUZZ_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct json_text {
    const char *at, *end;
};

static inline bool json_text_take(struct json_text *text, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(text->end - text->at) < length || memcmp(text->at, word, length) != 0)
        return false;
    text->at += length;
    return true;
}

static inline bool json_text_digits(struct json_text *text)
{
    const char *begin = text->at;
    while (text->at < text->end && *text->at >= '0' && *text->at <= '9')
        text->at++;
    return text->at > begin;
}

static inline bool json_text_number(struct json_text *text)
{
    json_text_take(text, "-");
    if (!json_text_take(text, "0") && !json_text_digits(text))
        return false;
    if (json_text_take(text, ".") && !json_text_digits(text))
        return false;
    if (!json_text_take(text, "e") && !json_text_take(text, "E"))
        return true;
    if (!json_text_take(text, "+"))
        json_text_take(text, "-");
    return json_text_digits(text);
}

/* One character of more than one byte: shortest form, no surrogates, up to U+10FFFF. */
static inline bool json_text_long_character(struct json_text *text)
{
    const uint8_t *bytes = (const uint8_t *)text->at;
    size_t more = bytes[0] >= 0xf0 ? 3 : bytes[0] >= 0xe0 ? 2 : 1;
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (bytes[0] < 0xc2 || bytes[0] > 0xf4 || (size_t)(text->end - text->at) <= more)
        return false;
    uint32_t character = bytes[0] & (0x3fu >> more);
    for (size_t i = 1; i <= more; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return false;
        character = character << 6 | (bytes[i] & 0x3fu);
    }
    text->at += more + 1;
    return character >= least[more] && character <= 0x10ffff && (character < 0xd800 || character > 0xdfff);
}

static inline bool json_text_escape(struct json_text *text)
{
    if (text->at == text->end)
        return false;
    char kind = *text->at++;
    if (kind != 'u')
        return kind != 0 && strchr("\"\\/bfnrt", kind) != NULL;
    for (int i = 0; i < 4; i++, text->at++)
        if (text->at == text->end || *text->at == 0 || !strchr("0123456789abcdefABCDEF", *text->at))
            return false;
    return true;
}

static inline bool json_text_string(struct json_text *text)
{
    if (!json_text_take(text, "\""))
        return false;
    while (text->at < text->end) {
        uint8_t byte = (uint8_t)*text->at;
        if (json_text_take(text, "\""))
            return true;
        if (byte < 0x20)
            return false;
        if (json_text_take(text, "\\") ? !json_text_escape(text)
            : byte >= 0x80             ? !json_text_long_character(text)
                                       : (text->at++, false))
            return false;
    }
    return false;
}

static inline bool json_text_value(struct json_text *text, unsigned depth)
{
    bool is_object = json_text_take(text, "{");
    if (!is_object && !json_text_take(text, "["))
        return json_text_string(text) || json_text_take(text, "true") || json_text_take(text, "false") ||
               json_text_take(text, "null") || json_text_number(text);
    const char *end = is_object ? "}" : "]";
    if (depth == 0)
        return false;
    if (json_text_take(text, end))
        return true;
    do {
        if (is_object && (!json_text_string(text) || !json_text_take(text, ":")))
            return false;
        if (!json_text_value(text, depth - 1))
            return false;
    } while (json_text_take(text, ","));
    return json_text_take(text, end);
}

/* One object without blanks between its parts, of at most `depth` levels: what our writers write. */
static inline bool json_text_is_object(const char *bytes, size_t length, unsigned depth)
{
    struct json_text text = {bytes, bytes + length};
    return length > 0 && bytes[0] == '{' && json_text_value(&text, depth) && text.at == text.end;
}

/*
 * Where the value of `key` begins in an object that our writers wrote: the first one at any depth, NULL if there is
 * none. No text that they wrote can be taken for a key, because its quotation marks are escaped.
 */
static inline const char *json_text_find(const char *bytes, size_t length, const char *key)
{
    size_t size = strlen(key);
    for (size_t i = 0; i + size + 3 <= length; i++)
        if (bytes[i] == '"' && memcmp(bytes + i + 1, key, size) == 0 && memcmp(bytes + i + 1 + size, "\":", 2) == 0)
            return bytes + i + size + 3;
    return NULL;
}

#endif
