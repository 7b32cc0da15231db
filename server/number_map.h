/* Numbers by number, in a table whose size is settled when it is made. For hashed keys: it does not hash itself. */
#ifndef SERVER_NUMBER_MAP_H
#define SERVER_NUMBER_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct number_map_slot;

struct number_map {
    struct number_map_slot *slots;
    size_t mask;
    size_t count, most;
};

/* Room for `most` keys. False when out of memory. */
bool number_map_init(struct number_map *map, size_t most);
void number_map_free(struct number_map *map);

/* 0 for a key that is not there. */
uint64_t number_map_get(const struct number_map *map, uint64_t key);

/* Sets the value of a key; 0 removes it. False, with nothing changed, if there is no room. */
bool number_map_set(struct number_map *map, uint64_t key, uint64_t value);

#endif
