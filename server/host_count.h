/* Who is the host of which session, and of how many each is. It is told; it knows no sessions. */
#ifndef SERVER_HOST_COUNT_H
#define SERVER_HOST_COUNT_H

#include <stddef.h>
#include <stdint.h>

#include <syncplay/id.h>

struct host_count;

/* For this many sessions. NULL when out of memory. */
struct host_count *host_count_new(size_t max_sessions);
void host_count_free(struct host_count *count);

/* From any thread. A session has one host at a time: the last one that was set. */
void host_count_set(struct host_count *count, const syncplay_id *session, const syncplay_id *host);
void host_count_forget(struct host_count *count, const syncplay_id *session);
uint64_t host_count_of(struct host_count *count, const syncplay_id *host);

#endif
