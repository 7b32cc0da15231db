/* Join codes: read as people type them, made from random bytes, mapped to shards. Pure. */
#include <string.h>

#include "code.h"

static const char alphabet[] = SYNCPLAY_CODE_ALPHABET;
enum { ALPHABET_SIZE = sizeof alphabet - 1 };

bool syncplay_code_normalise(const char *text, size_t length, char code[SYNCPLAY_CODE_SIZE])
{
    char result[SYNCPLAY_CODE_SIZE] = {0};
    size_t count = 0;
    if (!text)
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (c == ' ' || c == '-')
            continue;
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if (count == SYNCPLAY_CODE_MAX || !c || !strchr(alphabet, c))
            return false;
        result[count++] = c;
    }
    if (count < SYNCPLAY_CODE_MIN)
        return false;
    memcpy(code, result, sizeof result);
    return true;
}

uint32_t syncplay_code_shard(const char *code, uint32_t count)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (; *code; code++)
        hash = (hash ^ (uint8_t)*code) * 16777619u;
    hash ^= hash >> 15; /* its low bits alone are poor */
    return count ? hash % count : 0;
}

bool code_make(const uint8_t random[CODE_RANDOM_BYTES], unsigned length, char code[SYNCPLAY_CODE_SIZE])
{
    unsigned count = 0;
    for (unsigned i = 0; i < CODE_RANDOM_BYTES && count < length; i++)
        if (random[i] < 256 / ALPHABET_SIZE * ALPHABET_SIZE)
            code[count++] = alphabet[random[i] % ALPHABET_SIZE];
    code[count] = 0;
    return count == length;
}
