/* Who has made which session, and how many each has that go on. */
#include "session_count.h"

#include <pthread.h>
#include <stdlib.h>

#include "keyed_hash.h"
#include "number_map.h"

struct session_count {
    pthread_mutex_t mutex;
    struct keyed_hash hash;
    struct number_map makers; /* by session: the key of its maker */
    struct number_map counts; /* by that key */
};

struct session_count *session_count_new(size_t max_sessions)
{
    struct session_count *count = calloc(1, sizeof *count);
    if (count == NULL)
        return NULL;
    count->hash = keyed_hash_new();
    pthread_mutex_init(&count->mutex, NULL);
    if (number_map_init(&count->makers, max_sessions) && number_map_init(&count->counts, max_sessions))
        return count;
    session_count_free(count);
    return NULL;
}

void session_count_free(struct session_count *count)
{
    if (count == NULL)
        return;
    number_map_free(&count->makers);
    number_map_free(&count->counts);
    pthread_mutex_destroy(&count->mutex);
    free(count);
}

/* Never 0, which a map takes for nothing. */
static uint64_t key_of(const struct session_count *count, const syncplay_id *id)
{
    return keyed_hash(&count->hash, id->bytes, sizeof id->bytes) | 1;
}

/* The maker of this session is the one with this key; 0 for none. */
static void change(struct session_count *count, uint64_t session, uint64_t maker)
{
    uint64_t former = number_map_get(&count->makers, session);
    if (former != 0)
        number_map_set(&count->counts, former, number_map_get(&count->counts, former) - 1);
    number_map_set(&count->makers, session, maker);
    if (maker != 0)
        number_map_set(&count->counts, maker, number_map_get(&count->counts, maker) + 1);
}

void session_count_set(struct session_count *count, const syncplay_id *session, const syncplay_id *maker)
{
    pthread_mutex_lock(&count->mutex);
    change(count, key_of(count, session), key_of(count, maker));
    pthread_mutex_unlock(&count->mutex);
}

void session_count_forget(struct session_count *count, const syncplay_id *session)
{
    pthread_mutex_lock(&count->mutex);
    change(count, key_of(count, session), 0);
    pthread_mutex_unlock(&count->mutex);
}

uint64_t session_count_of(struct session_count *count, const syncplay_id *maker)
{
    pthread_mutex_lock(&count->mutex);
    uint64_t found = number_map_get(&count->counts, key_of(count, maker));
    pthread_mutex_unlock(&count->mutex);
    return found;
}
