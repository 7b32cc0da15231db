/* Reads single fields out of a message of the hub. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

#define WORD 64

const char *message_find(const char *bytes, size_t length, const char *key)
{
    char quoted[WORD];
    int size = snprintf(quoted, sizeof quoted, "\"%s\":", key);
    const char *found = memmem(bytes, length, quoted, (size_t)size);
    return found ? found + size : NULL;
}

double message_number(const char *bytes, size_t length, const char *key, double otherwise)
{
    char digits[WORD] = "";
    const char *found = message_find(bytes, length, key);
    if (!found)
        return otherwise;
    size_t left = (size_t)(bytes + length - found);
    memcpy(digits, found, left < WORD - 1 ? left : WORD - 1);
    return strtod(digits, NULL);
}

bool message_says(const char *bytes, size_t length, const char *key, const char *text)
{
    const char *found = message_find(bytes, length, key);
    char quoted[WORD];
    size_t size = (size_t)snprintf(quoted, sizeof quoted, "\"%s\"", text);
    return found && (size_t)(bytes + length - found) >= size && memcmp(found, quoted, size) == 0;
}

bool message_is(const char *bytes, size_t length, const char *type)
{
    return message_says(bytes, length, "type", type);
}
