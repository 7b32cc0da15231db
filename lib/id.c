/* Ids as UUID text and back (RFC 9562). Pure. */
#include <string.h>

#include <syncplay/id.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool is_dash_place(size_t i)
{
    return i == 8 || i == 13 || i == 18 || i == 23;
}

bool syncplay_id_parse(const char *text, size_t length, syncplay_id *id)
{
    syncplay_id result;
    size_t byte = 0;
    if (!text || length != SYNCPLAY_ID_LENGTH)
        return false;
    for (size_t i = 0; i < length;) {
        if (is_dash_place(i)) {
            if (text[i++] != '-')
                return false;
            continue;
        }
        int high = hex_value(text[i]), low = hex_value(text[i + 1]);
        if (high < 0 || low < 0)
            return false;
        result.bytes[byte++] = (uint8_t)(high << 4 | low);
        i += 2;
    }
    if (syncplay_id_is_none(&result))
        return false;
    *id = result;
    return true;
}

void syncplay_id_format(const syncplay_id *id, char text[SYNCPLAY_ID_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    size_t byte = 0;
    for (size_t i = 0; i < SYNCPLAY_ID_LENGTH;) {
        if (is_dash_place(i)) {
            text[i++] = '-';
            continue;
        }
        text[i++] = digits[id->bytes[byte] >> 4];
        text[i++] = digits[id->bytes[byte++] & 15];
    }
    text[SYNCPLAY_ID_LENGTH] = 0;
}

bool syncplay_id_equal(const syncplay_id *a, const syncplay_id *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

bool syncplay_id_is_none(const syncplay_id *id)
{
    static const syncplay_id none;
    return syncplay_id_equal(id, &none);
}
