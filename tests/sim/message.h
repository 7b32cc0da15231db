/*
 * Reads single fields out of a message of the hub. For the world and the peers' rules, which need few; it is no JSON
 * reader.
 */
#ifndef SIM_MESSAGE_H
#define SIM_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

bool message_is(const char *bytes, size_t length, const char *type);

/* What stands after the first "key": in it; NULL if it does not occur. */
const char *message_find(const char *bytes, size_t length, const char *key);

/* The number there; `otherwise` if there is none. */
double message_number(const char *bytes, size_t length, const char *key, double otherwise);

bool message_says(const char *bytes, size_t length, const char *key, const char *text);

#endif
