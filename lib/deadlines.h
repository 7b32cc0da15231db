/* The queue of deadlines: a binary heap of sessions, the earliest first. Asking costs nothing, changing one O(log n). */
#ifndef DEADLINES_H
#define DEADLINES_H

#include "session.h"

struct deadlines {
    struct session **heap;
    size_t count, capacity;
};

bool deadlines_reserve(struct deadlines *queue, const struct memory *memory); /* for one more */
void deadlines_add(struct deadlines *queue, struct session *session);         /* after reserving */
void deadlines_remove(struct deadlines *queue, struct session *session);
void deadlines_set(struct deadlines *queue, struct session *session, int64_t deadline);
int64_t deadlines_next(const struct deadlines *queue); /* SYNCPLAY_NEVER if there is none */

#endif
