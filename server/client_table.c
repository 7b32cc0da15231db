/* The clients of one reactor by number: the slot's index, and how often the slot has been used before. */
#include "client_table.h"

#include <stdlib.h>

struct client_slot {
    struct client *client;
    uint64_t uses;
    size_t next_free;
};

#define INDEX_BITS 24
#define INDEX_MASK ((UINT64_C(1) << INDEX_BITS) - 1)

bool client_table_init(struct client_table *table, size_t capacity)
{
    *table = (struct client_table){.capacity = capacity, .first_free = capacity};
    table->slots = capacity > INDEX_MASK ? NULL : calloc(capacity, sizeof *table->slots);
    return table->slots != NULL;
}

void client_table_free(struct client_table *table)
{
    free(table->slots);
    *table = (struct client_table){0};
}

uint64_t client_table_add(struct client_table *table, struct client *client)
{
    size_t index = table->first_free;
    if (index < table->capacity)
        table->first_free = table->slots[index].next_free;
    else if (table->used < table->capacity)
        index = table->used++;
    else
        return 0;
    struct client_slot *slot = &table->slots[index];
    slot->client = client;
    slot->uses++;
    table->count++;
    return slot->uses << INDEX_BITS | index;
}

static struct client_slot *find_slot(const struct client_table *table, uint64_t number)
{
    size_t index = (size_t)(number & INDEX_MASK);
    if (index >= table->used)
        return NULL;
    struct client_slot *slot = &table->slots[index];
    return slot->client != NULL && slot->uses == number >> INDEX_BITS ? slot : NULL;
}

void client_table_remove(struct client_table *table, uint64_t number)
{
    struct client_slot *slot = find_slot(table, number);
    if (slot == NULL)
        return;
    slot->client = NULL;
    slot->next_free = table->first_free;
    table->first_free = (size_t)(slot - table->slots);
    table->count--;
}

struct client *client_table_find(const struct client_table *table, uint64_t number)
{
    struct client_slot *slot = find_slot(table, number);
    return slot == NULL ? NULL : slot->client;
}

struct client *client_table_at(const struct client_table *table, size_t index)
{
    return table->slots[index].client;
}
