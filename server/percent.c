/* Percent-encoding. Knows bytes. */
#include "percent.h"

#include <string.h>

bool percent_encode(const char *path, char *text, size_t size)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    static const char digits[] = "0123456789ABCDEF";
    size_t length = 0;
    for (const unsigned char *c = (const unsigned char *)path; *c; c++) {
        bool is_plain = strchr(plain, *c) != NULL;
        if (length + (is_plain ? 1 : 3) >= size)
            return false;
        if (is_plain) {
            text[length++] = (char)*c;
            continue;
        }
        text[length++] = '%';
        text[length++] = digits[*c >> 4];
        text[length++] = digits[*c & 15];
    }
    if (length >= size)
        return false;
    text[length] = '\0';
    return true;
}

static int digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static bool decode(const char *text, size_t length, char blank, char *decoded, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        char c = text[i] == blank ? ' ' : text[i];
        if (c == '%') {
            if (length - i < 3 || digit(text[i + 1]) < 0 || digit(text[i + 2]) < 0)
                return false;
            c = (char)(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        }
        if (c == '\0' || count + 1 >= size)
            return false;
        decoded[count++] = c;
    }
    decoded[count] = '\0';
    return true;
}

bool percent_decode(const char *text, size_t length, char *decoded, size_t size)
{
    return decode(text, length, ' ', decoded, size);
}

enum percent_found percent_query(const char *query, const char *name, char *value, size_t size)
{
    size_t name_length = strlen(name);
    while (query && *query) {
        size_t length = strcspn(query, "&");
        if (length > name_length && strncmp(query, name, name_length) == 0 && query[name_length] == '=') {
            const char *raw = query + name_length + 1;
            return decode(raw, length - name_length - 1, '+', value, size) ? PERCENT_FOUND : PERCENT_BAD;
        }
        query += length + (query[length] == '&');
    }
    return PERCENT_MISSING;
}
