/* How many connections each address and each user has. */
#include "connection_count.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "keyed_hash.h"
#include "number_map.h"

struct connection_count {
    pthread_mutex_t mutex;
    struct keyed_hash hash;
    struct number_map addresses, users;
    uint32_t max_per_address, max_per_user;
};

struct connection_count *connection_count_new(size_t max_connections, uint32_t max_per_address, uint32_t max_per_user)
{
    struct connection_count *count = calloc(1, sizeof *count);
    if (count == NULL)
        return NULL;
    count->hash = keyed_hash_new();
    count->max_per_address = max_per_address;
    count->max_per_user = max_per_user;
    pthread_mutex_init(&count->mutex, NULL);
    if (number_map_init(&count->addresses, max_connections) && number_map_init(&count->users, max_connections))
        return count;
    connection_count_free(count);
    return NULL;
}

void connection_count_free(struct connection_count *count)
{
    if (count == NULL)
        return;
    number_map_free(&count->addresses);
    number_map_free(&count->users);
    pthread_mutex_destroy(&count->mutex);
    free(count);
}

static bool take(struct connection_count *count, struct number_map *map, uint64_t key, uint32_t most)
{
    pthread_mutex_lock(&count->mutex);
    uint64_t present = number_map_get(map, key);
    bool is_taken = present < most && number_map_set(map, key, present + 1);
    pthread_mutex_unlock(&count->mutex);
    return is_taken;
}

static void give(struct connection_count *count, struct number_map *map, uint64_t key)
{
    pthread_mutex_lock(&count->mutex);
    uint64_t present = number_map_get(map, key);
    if (present > 0)
        number_map_set(map, key, present - 1);
    pthread_mutex_unlock(&count->mutex);
}

static uint64_t address_key(const struct connection_count *count, const char *address)
{
    return keyed_hash(&count->hash, address, strlen(address));
}

static uint64_t user_key(const struct connection_count *count, const syncplay_id *user)
{
    return keyed_hash(&count->hash, user->bytes, sizeof user->bytes);
}

bool connection_count_take_address(struct connection_count *count, const char *address)
{
    return take(count, &count->addresses, address_key(count, address), count->max_per_address);
}

bool connection_count_take_user(struct connection_count *count, const syncplay_id *user)
{
    return take(count, &count->users, user_key(count, user), count->max_per_user);
}

void connection_count_give_address(struct connection_count *count, const char *address)
{
    give(count, &count->addresses, address_key(count, address));
}

void connection_count_give_user(struct connection_count *count, const syncplay_id *user)
{
    give(count, &count->users, user_key(count, user));
}

bool connection_count_has_room(struct connection_count *count, const char *address)
{
    pthread_mutex_lock(&count->mutex);
    bool has_room = number_map_get(&count->addresses, address_key(count, address)) < count->max_per_address;
    pthread_mutex_unlock(&count->mutex);
    return has_room;
}
