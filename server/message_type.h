/*
 * The type that a client's message says it is, without parsing the message: for counting it. What is not JSON may have
 * any type or none; the library has the word on that. Pure.
 */
#ifndef SERVER_MESSAGE_TYPE_H
#define SERVER_MESSAGE_TYPE_H

#include <stddef.h>

/* Longer ones, and those with escapes, are none. With the zero byte. */
#define MESSAGE_TYPE_SIZE 16

/* Writes the value of the first key "type" of the object; "" if there is none. */
void message_type(const char *bytes, size_t length, char type[MESSAGE_TYPE_SIZE]);

#endif
