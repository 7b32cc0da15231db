/*
 * How many connections each address and each user has, exactly: who is counted is given back once, by whoever frees the
 * connection. Knows no connection.
 */
#ifndef SERVER_CONNECTION_COUNT_H
#define SERVER_CONNECTION_COUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <syncplay/id.h>

struct connection_count;

/* For this many connections. NULL when out of memory. */
struct connection_count *connection_count_new(size_t max_connections, uint32_t max_per_address, uint32_t max_per_user);
void connection_count_free(struct connection_count *count);

/* Counts one more connection, unless there are as many as there may be: then false. From any thread. */
bool connection_count_take_address(struct connection_count *count, const char *address);
bool connection_count_take_user(struct connection_count *count, const syncplay_id *user);

/* It is gone. */
void connection_count_give_address(struct connection_count *count, const char *address);
void connection_count_give_user(struct connection_count *count, const syncplay_id *user);

/* Whether this address may have one more, at this instant. */
bool connection_count_has_room(struct connection_count *count, const char *address);

#endif
