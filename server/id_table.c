/* A hash table of things that have an id. */
#include "id_table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Of an empty table; it doubles whenever there are as many entries as buckets. */
#define BUCKETS_MIN 256

/* Ids need not be random (whoever has other ids may just count), so all bits go into it. */
static struct id_entry **bucket_of(const struct id_table *table, const syncplay_id *id)
{
    uint64_t halves[2];
    memcpy(halves, id->bytes, sizeof halves);
    uint64_t hash = (halves[0] ^ (halves[1] << 32 | halves[1] >> 32)) * UINT64_C(0x9e3779b97f4a7c15);
    return &table->buckets[(size_t)(hash ^ hash >> 32) & (table->bucket_count - 1)];
}

bool id_table_init(struct id_table *table)
{
    *table = (struct id_table){.buckets = calloc(BUCKETS_MIN, sizeof(struct id_entry *)), .bucket_count = BUCKETS_MIN};
    return table->buckets != NULL;
}

void id_table_free(struct id_table *table, void (*free_entry)(struct id_entry *entry))
{
    for (size_t i = 0; free_entry && table->buckets && i < table->bucket_count; i++) {
        for (struct id_entry *entry = table->buckets[i], *next; entry; entry = next) {
            next = entry->next;
            free_entry(entry);
        }
    }
    free(table->buckets);
    *table = (struct id_table){0};
}

static void hang_in(struct id_table *table, struct id_entry *entry)
{
    struct id_entry **bucket = bucket_of(table, &entry->id);
    entry->next = *bucket;
    *bucket = entry;
    table->count++;
}

/* Doubles the table; if there is no memory for it the chains get longer, that is all. */
static void grow(struct id_table *table)
{
    struct id_table larger = {.bucket_count = table->bucket_count * 2};
    larger.buckets = calloc(larger.bucket_count, sizeof(struct id_entry *));
    if (!larger.buckets)
        return;
    for (size_t i = 0; i < table->bucket_count; i++) {
        for (struct id_entry *entry = table->buckets[i], *next; entry; entry = next) {
            next = entry->next;
            hang_in(&larger, entry);
        }
    }
    free(table->buckets);
    *table = larger;
}

void id_table_add(struct id_table *table, struct id_entry *entry)
{
    if (table->count >= table->bucket_count)
        grow(table);
    hang_in(table, entry);
}

struct id_entry *id_table_find(const struct id_table *table, const syncplay_id *id)
{
    struct id_entry *entry = *bucket_of(table, id);
    while (entry && !syncplay_id_equal(&entry->id, id))
        entry = entry->next;
    return entry;
}

struct id_entry *id_table_take(struct id_table *table, const syncplay_id *id)
{
    struct id_entry **place = bucket_of(table, id);
    while (*place && !syncplay_id_equal(&(*place)->id, id))
        place = &(*place)->next;
    struct id_entry *entry = *place;
    if (entry) {
        *place = entry->next;
        table->count--;
    }
    return entry;
}
