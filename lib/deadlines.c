/* A binary min-heap of sessions by deadline; each session knows its place. */
#include "deadlines.h"

static void settle(struct deadlines *queue, size_t i, struct session *session)
{
    queue->heap[i] = session;
    session->heap_index = i;
}

static void rise(struct deadlines *queue, size_t i, struct session *session)
{
    for (size_t parent; i && queue->heap[parent = (i - 1) / 2]->deadline > session->deadline; i = parent)
        settle(queue, i, queue->heap[parent]);
    settle(queue, i, session);
}

static void sink(struct deadlines *queue, size_t i, struct session *session)
{
    for (;;) {
        size_t child = 2 * i + 1;
        if (child + 1 < queue->count && queue->heap[child + 1]->deadline < queue->heap[child]->deadline)
            child++;
        if (child >= queue->count || queue->heap[child]->deadline >= session->deadline)
            break;
        settle(queue, i, queue->heap[child]);
        i = child;
    }
    settle(queue, i, session);
}

bool deadlines_reserve(struct deadlines *queue, const struct memory *memory)
{
    size_t wanted = memory_larger(queue->capacity, 16);
    if (queue->count < queue->capacity)
        return true;
    void *larger = memory_resize(memory, queue->heap, wanted * sizeof *queue->heap);
    if (!larger)
        return false;
    queue->heap = larger;
    queue->capacity = wanted;
    return true;
}

void deadlines_add(struct deadlines *queue, struct session *session)
{
    rise(queue, queue->count++, session);
}

void deadlines_remove(struct deadlines *queue, struct session *session)
{
    size_t i = session->heap_index;
    struct session *last = queue->heap[--queue->count];
    if (last == session)
        return;
    settle(queue, i, last);
    deadlines_set(queue, last, last->deadline);
}

void deadlines_set(struct deadlines *queue, struct session *session, int64_t deadline)
{
    size_t i = session->heap_index;
    session->deadline = deadline;
    if (i && queue->heap[(i - 1) / 2]->deadline > deadline)
        rise(queue, i, session);
    else
        sink(queue, i, session);
}

int64_t deadlines_next(const struct deadlines *queue)
{
    return queue->count ? queue->heap[0]->deadline : SYNCPLAY_NEVER;
}
