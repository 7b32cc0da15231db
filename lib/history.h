/* The last chat messages of a session, for those who join later: a ring. */
#ifndef HISTORY_H
#define HISTORY_H

#include <syncplay/session.h>

#include "memory.h"

#define SEAT_NAME_SIZE (4 * SYNCPLAY_NAME_MAX + 1)

struct history_message {
    syncplay_id id;
    syncplay_id user;
    int64_t unix_time;
    char name[SEAT_NAME_SIZE];
    char text[];
};

struct history {
    struct history_message **messages;
    uint32_t capacity, count, first;
    size_t text_bytes; /* of all texts together */
};

/* Appends a message, dropping the oldest when full; false without memory, and nothing changed. */
bool history_add(struct history *history, const struct memory *memory, uint32_t limit,
                 const struct history_message *head, const char *text);
/* The index of a message; `count` if it is not there. */
uint32_t history_find(const struct history *history, const syncplay_id *id);
void history_remove(struct history *history, const struct memory *memory, uint32_t index);
const struct history_message *history_at(const struct history *history, uint32_t index); /* 0 is the oldest */
void history_free(struct history *history, const struct memory *memory);

#endif
