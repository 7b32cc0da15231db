/* Who has made which session, and how many each has that go on. It is told; it knows no sessions. */
#ifndef SERVER_SESSION_COUNT_H
#define SERVER_SESSION_COUNT_H

#include <stddef.h>
#include <stdint.h>

#include <syncplay/id.h>

struct session_count;

/* For this many sessions. NULL when out of memory. */
struct session_count *session_count_new(size_t max_sessions);
void session_count_free(struct session_count *count);

/* From any thread. A session has one maker: the last one that was set. */
void session_count_set(struct session_count *count, const syncplay_id *session, const syncplay_id *maker);
void session_count_forget(struct session_count *count, const syncplay_id *session);
uint64_t session_count_of(struct session_count *count, const syncplay_id *maker);

#endif
