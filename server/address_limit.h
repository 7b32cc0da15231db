/* How often something may be done from one address: a token bucket for each, in a table that never grows. */
#ifndef SERVER_ADDRESS_LIMIT_H
#define SERVER_ADDRESS_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

struct address_limit;

/* `burst` times at once, and then `count` times in `period` microseconds. NULL when out of memory. */
struct address_limit *address_limit_new(uint32_t count, int64_t period, uint32_t burst);
void address_limit_free(struct address_limit *limit);

/*
 * Whether it may be done now, by the monotonic clock in microseconds, and counts it if so; else *wait is set to how long it
 * may not. From any thread. (An address may be any text that names somebody.)
 */
bool address_limit_take(struct address_limit *limit, const char *address, int64_t now, int64_t *wait);

#endif
