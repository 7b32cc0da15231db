/* Hash table with linear probing; removal shifts back what follows (Knuth, TAOCP 6.4, algorithm R). */
#include <string.h>

#include "hostile.h"
#include "table.h"

syncplay_id table_text_key(const char *text)
{
    syncplay_id key = {{0}};
    memcpy(key.bytes, text, strlen(text));
    return key;
}

syncplay_id table_number_key(uint64_t number)
{
    syncplay_id key = {{0}};
    memcpy(key.bytes, &number, sizeof number);
    return key;
}

static size_t home_of(const struct table *table, const syncplay_id *key)
{
    uint64_t a, b;
    memcpy(&a, key->bytes, 8);
    memcpy(&b, key->bytes + 8, 8);
    a = (a ^ (b * UINT64_C(0x9e3779b97f4a7c15))) * UINT64_C(0xbf58476d1ce4e5b9);
    return (size_t)(a ^ (a >> 31)) & (table->capacity - 1);
}

/* The slot of the key, or the free one where it would go. */
static size_t slot_of(const struct table *table, const syncplay_id *key)
{
    size_t i = home_of(table, key);
    while (table->slots[i].value && !syncplay_id_equal(&table->slots[i].key, key))
        i = (i + 1) & (table->capacity - 1);
    return i;
}

void *table_find(const struct table *table, const syncplay_id *key)
{
    return table->capacity ? table->slots[slot_of(table, key)].value : NULL;
}

bool table_reserve(struct table *table, const struct memory *memory)
{
    struct table larger = {.capacity = table->capacity ? table->capacity * 2 : HOSTILE ? 4 : 16};
    if (table->capacity && table->count + 1 <= table->capacity / 4 * 3)
        return true;
    larger.slots = memory_new(memory, larger.capacity * sizeof *larger.slots);
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < table->capacity; i++)
        if (table->slots[i].value)
            table_add(&larger, &table->slots[i].key, table->slots[i].value);
    memory_free(memory, table->slots);
    *table = larger;
    return true;
}

void table_add(struct table *table, const syncplay_id *key, void *value)
{
    table->slots[slot_of(table, key)] = (struct table_slot){*key, value};
    table->count++;
}

void table_remove(struct table *table, const syncplay_id *key)
{
    size_t mask = table->capacity - 1, hole;
    if (!table->capacity || !table->slots[hole = slot_of(table, key)].value)
        return;
    table->count--;
    for (size_t i = (hole + 1) & mask; table->slots[i].value; i = (i + 1) & mask) {
        size_t home = home_of(table, &table->slots[i].key);
        if (((i - home) & mask) >= ((i - hole) & mask)) { /* it may move back into the hole */
            table->slots[hole] = table->slots[i];
            hole = i;
        }
    }
    table->slots[hole].value = NULL;
}

void table_free(struct table *table, const struct memory *memory)
{
    memory_free(memory, table->slots);
}
