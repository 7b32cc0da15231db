/* Where the head of an HTTP request ends, for who has to know whether it is whole and nothing else of it. */
#ifndef SERVER_HEAD_END_H
#define SERVER_HEAD_END_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether the end is there: an empty line, ended as the line before it is. Empty lines before the request do not count.
 * That is what civetweb waits for: where this says more, its worker would wait on.
 */
bool head_end_is_in(const char *bytes, size_t length);

#endif
