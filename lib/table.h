/*
 * A hash table from 128-bit keys to pointers: open addressing, linear probing, no tombstones. Its keys are made by us or by
 * the host (random ids, codes, connection numbers), never chosen by a client.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>

#include <syncplay/id.h>

#include "memory.h"

struct table_slot {
    syncplay_id key;
    void *value; /* NULL: free */
};

struct table {
    struct table_slot *slots;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
};

/* A short zero-terminated text (up to 15 bytes), or a number, as a key. */
syncplay_id table_text_key(const char *text);
syncplay_id table_number_key(uint64_t number);

void *table_find(const struct table *table, const syncplay_id *key);
/* Makes room for one more; false without memory. */
bool table_reserve(struct table *table, const struct memory *memory);
/* The key must not be there; after table_reserve. */
void table_add(struct table *table, const syncplay_id *key, void *value);
void table_remove(struct table *table, const syncplay_id *key);
void table_free(struct table *table, const struct memory *memory);

#endif
