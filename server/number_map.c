/* Numbers by number: open addressing, at most half full. */
#include "number_map.h"

#include <stdlib.h>

struct number_map_slot {
    uint64_t key;
    uint64_t value; /* 0: free */
};

bool number_map_init(struct number_map *map, size_t most)
{
    size_t size = 2;
    while (size < 2 * most)
        size *= 2;
    *map = (struct number_map){.mask = size - 1, .most = most};
    map->slots = calloc(size, sizeof *map->slots);
    return map->slots != NULL;
}

void number_map_free(struct number_map *map)
{
    free(map->slots);
    map->slots = NULL;
}

/* The slot of a key, or the free one where it would be. */
static size_t find(const struct number_map *map, uint64_t key)
{
    size_t index = key & map->mask;
    while (map->slots[index].value != 0 && map->slots[index].key != key)
        index = (index + 1) & map->mask;
    return index;
}

uint64_t number_map_get(const struct number_map *map, uint64_t key)
{
    return map->slots[find(map, key)].value;
}

/* Frees a slot; those after it that would not be found past the gap move into it. */
static void remove_slot(struct number_map *map, size_t gap)
{
    size_t index = gap;
    for (;;) {
        index = (index + 1) & map->mask;
        if (map->slots[index].value == 0)
            break;
        size_t home = map->slots[index].key & map->mask;
        if (((index - home) & map->mask) < ((index - gap) & map->mask))
            continue; /* it is at home behind the gap */
        map->slots[gap] = map->slots[index];
        gap = index;
    }
    map->slots[gap].value = 0;
    map->count--;
}

bool number_map_set(struct number_map *map, uint64_t key, uint64_t value)
{
    size_t index = find(map, key);
    bool is_new = map->slots[index].value == 0;
    if (value == 0) {
        if (!is_new)
            remove_slot(map, index);
        return true;
    }
    if (is_new && map->count == map->most)
        return false;
    map->count += is_new;
    map->slots[index].key = key;
    map->slots[index].value = value;
    return true;
}
