/* Instants as text: ISO 8601, UTC, microseconds, as in "2026-11-23T09:31:41.123456Z". They sort as text. */
#ifndef SERVER_TIMESTAMP_H
#define SERVER_TIMESTAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The buffer for one, with its zero byte. */
#define TIMESTAMP_SIZE 28

/* Writes microseconds since the Unix epoch; what is outside of the years 1970 to 9999 counts as the nearer end. */
void timestamp_write(int64_t unix_time, char text[TIMESTAMP_SIZE]);

/* Reads what timestamp_write wrote, also with fewer digits after the point or without a point; nothing else. */
bool timestamp_read(const char *text, int64_t *unix_time);

#endif
