/*
 * A hash table of things that have an id, hung together by themselves: adding never fails. Knows neither what they are
 * nor threads.
 */
#ifndef SERVER_ID_TABLE_H
#define SERVER_ID_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include <syncplay/id.h>

/* To be the first member of what is put into a table; a thing in several tables has several. */
struct id_entry {
    struct id_entry *next; /* the table's */
    syncplay_id id;
};

struct id_table {
    struct id_entry **buckets;
    size_t bucket_count; /* a power of two */
    size_t count;
};

/* False when out of memory. */
bool id_table_init(struct id_table *table);

/* Frees the table and, with `free_entry`, all that is in it. A table of zeros is fine. */
void id_table_free(struct id_table *table, void (*free_entry)(struct id_entry *entry));

/* Adds an entry whose id is in no other one of the table. */
void id_table_add(struct id_table *table, struct id_entry *entry);

/* Takes the entry with this id out, for the caller to free; NULL if there is none. */
struct id_entry *id_table_take(struct id_table *table, const syncplay_id *id);

/* The entry with this id, or NULL. */
struct id_entry *id_table_find(const struct id_table *table, const syncplay_id *id);

#endif
