/* Who is the host of which session, and of how many each is. */
#include "host_count.h"

#include <pthread.h>
#include <stdlib.h>

#include "keyed_hash.h"
#include "number_map.h"

struct host_count {
    pthread_mutex_t mutex;
    struct keyed_hash hash;
    struct number_map hosts;  /* by session: the key of its host */
    struct number_map counts; /* by that key */
};

struct host_count *host_count_new(size_t max_sessions)
{
    struct host_count *count = calloc(1, sizeof *count);
    if (count == NULL)
        return NULL;
    count->hash = keyed_hash_new();
    pthread_mutex_init(&count->mutex, NULL);
    if (number_map_init(&count->hosts, max_sessions) && number_map_init(&count->counts, max_sessions))
        return count;
    host_count_free(count);
    return NULL;
}

void host_count_free(struct host_count *count)
{
    if (count == NULL)
        return;
    number_map_free(&count->hosts);
    number_map_free(&count->counts);
    pthread_mutex_destroy(&count->mutex);
    free(count);
}

/* Never 0, which a map takes for nothing. */
static uint64_t key_of(const struct host_count *count, const syncplay_id *id)
{
    return keyed_hash(&count->hash, id->bytes, sizeof id->bytes) | 1;
}

/* The host of this session is the one with this key; 0 for none. */
static void change(struct host_count *count, uint64_t session, uint64_t host)
{
    uint64_t former = number_map_get(&count->hosts, session);
    if (former != 0)
        number_map_set(&count->counts, former, number_map_get(&count->counts, former) - 1);
    number_map_set(&count->hosts, session, host);
    if (host != 0)
        number_map_set(&count->counts, host, number_map_get(&count->counts, host) + 1);
}

void host_count_set(struct host_count *count, const syncplay_id *session, const syncplay_id *host)
{
    pthread_mutex_lock(&count->mutex);
    change(count, key_of(count, session), key_of(count, host));
    pthread_mutex_unlock(&count->mutex);
}

void host_count_forget(struct host_count *count, const syncplay_id *session)
{
    pthread_mutex_lock(&count->mutex);
    change(count, key_of(count, session), 0);
    pthread_mutex_unlock(&count->mutex);
}

uint64_t host_count_of(struct host_count *count, const syncplay_id *host)
{
    pthread_mutex_lock(&count->mutex);
    uint64_t found = number_map_get(&count->counts, key_of(count, host));
    pthread_mutex_unlock(&count->mutex);
    return found;
}
