/* The grammar of JSON, by recursive descent: each function takes what it is named after, or returns false. */
#include <string.h>

#include "json_grammar.h"

struct cursor {
    const char *at, *end;
};

static bool take(struct cursor *cursor, char c)
{
    if (cursor->at == cursor->end || *cursor->at != c)
        return false;
    cursor->at++;
    return true;
}

static bool take_word(struct cursor *cursor, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(cursor->end - cursor->at) < length || memcmp(cursor->at, word, length) != 0)
        return false;
    cursor->at += length;
    return true;
}

static void skip_space(struct cursor *cursor)
{
    while (take(cursor, ' ') || take(cursor, '\t') || take(cursor, '\r') || take(cursor, '\n'))
        continue;
}

static bool take_digits(struct cursor *cursor)
{
    const char *begin = cursor->at;
    while (cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9')
        cursor->at++;
    return cursor->at > begin;
}

static bool take_number(struct cursor *cursor)
{
    const char *begin = cursor->at;
    take(cursor, '-');
    if (!take(cursor, '0') && !take_digits(cursor))
        return false;
    if (take(cursor, '.') && !take_digits(cursor))
        return false;
    if (take(cursor, 'e') || take(cursor, 'E')) {
        if (!take(cursor, '+'))
            take(cursor, '-');
        if (!take_digits(cursor))
            return false;
    }
    return cursor->at - begin <= JSON_NUMBER_MAX;
}

/* Four hexadecimal digits, as a number; -1 for anything else. */
static int take_code_unit(struct cursor *cursor)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    int unit = 0;
    for (int i = 0; i < 4; i++) {
        const char *digit = cursor->at < cursor->end && *cursor->at ? strchr(digits, *cursor->at) : NULL;
        if (!digit)
            return -1;
        int value = (int)(digit - digits);
        unit = unit * 16 + (value < 16 ? value : value - 6);
        cursor->at++;
    }
    return unit;
}

/* What follows "\u". */
static bool take_escaped(struct cursor *cursor)
{
    int unit = take_code_unit(cursor);
    if (unit < 0xd800 || unit > 0xdfff)
        return unit >= 0;
    int second = unit < 0xdc00 && take_word(cursor, "\\u") ? take_code_unit(cursor) : -1;
    return second >= 0xdc00 && second <= 0xdfff;
}

static bool take_text(struct cursor *cursor)
{
    if (!take(cursor, '"'))
        return false;
    while (cursor->at < cursor->end) {
        char c = *cursor->at++;
        if (c == '"')
            return true;
        if (c != '\\')
            continue;
        c = cursor->at < cursor->end ? *cursor->at++ : 0;
        if (c == 'u' ? !take_escaped(cursor) : !c || !strchr("\"\\/bfnrt", c))
            return false;
    }
    return false;
}

static bool take_value(struct cursor *cursor);

/* The members of an object, or the elements of an array, after the opening bracket. */
static bool take_list(struct cursor *cursor, char close)
{
    skip_space(cursor);
    if (take(cursor, close))
        return true;
    do {
        skip_space(cursor);
        if (close == '}') {
            if (!take_text(cursor))
                return false;
            skip_space(cursor);
            if (!take(cursor, ':'))
                return false;
        }
        if (!take_value(cursor))
            return false;
    } while (take(cursor, ','));
    return take(cursor, close);
}

/* With the space around it. */
static bool take_value(struct cursor *cursor)
{
    bool ok;
    skip_space(cursor);
    if (take(cursor, '{'))
        ok = take_list(cursor, '}');
    else if (take(cursor, '['))
        ok = take_list(cursor, ']');
    else if (cursor->at < cursor->end && *cursor->at == '"')
        ok = take_text(cursor);
    else
        ok = take_word(cursor, "true") || take_word(cursor, "false") || take_word(cursor, "null") || take_number(cursor);
    skip_space(cursor);
    return ok;
}

bool json_is_well_formed(const char *bytes, size_t length)
{
    struct cursor cursor = {bytes, bytes + length};
    return take_value(&cursor) && cursor.at == cursor.end;
}
