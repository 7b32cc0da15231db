/* A token bucket for each address. Knows no clock and no HTTP. */
#include "address_limit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keyed_hash.h"

/* The longest address: an IPv6 one with a zone. */
#define ADDRESS_SIZE 64
/* How many addresses are known at the same time: sets of a few places, where who waits least makes room for a new one.
 */
#define SETS 1024
#define WAYS 8

/*
 * A bucket as one instant: when it will be full again. Each take moves that by one interval; there is a token left as
 * long as it is no further ahead than all but one of them take to come back.
 */
struct place {
    char address[ADDRESS_SIZE];
    int64_t full_at;
};

struct address_limit {
    pthread_mutex_t mutex;
    int64_t interval; /* in which one token comes back */
    int64_t ahead;    /* the furthest that full_at may be ahead for another take */
    struct keyed_hash hash;
    struct place sets[SETS][WAYS];
};

struct address_limit *address_limit_new(uint32_t count, int64_t period, uint32_t burst)
{
    struct address_limit *limit = calloc(1, sizeof *limit);
    if (!limit)
        return NULL;
    limit->interval = period / count;
    limit->ahead = limit->interval * (burst - 1);
    limit->hash = keyed_hash_new();
    for (size_t i = 0; i < (size_t)SETS * WAYS; i++)
        limit->sets[i / WAYS][i % WAYS].full_at = INT64_MIN;
    pthread_mutex_init(&limit->mutex, NULL);
    return limit;
}

void address_limit_free(struct address_limit *limit)
{
    if (!limit)
        return;
    pthread_mutex_destroy(&limit->mutex);
    free(limit);
}

/* The place of an address; a new one takes that of whose bucket is the fullest. */
static struct place *find(struct address_limit *limit, const char *address)
{
    struct place *set = limit->sets[keyed_hash(&limit->hash, address, strlen(address)) % SETS];
    struct place *fullest = &set[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (strcmp(set[i].address, address) == 0)
            return &set[i];
        if (set[i].full_at < fullest->full_at)
            fullest = &set[i];
    }
    snprintf(fullest->address, sizeof fullest->address, "%s", address);
    fullest->full_at = INT64_MIN;
    return fullest;
}

bool address_limit_take(struct address_limit *limit, const char *address, int64_t now, int64_t *wait)
{
    char key[ADDRESS_SIZE];
    snprintf(key, sizeof key, "%s", address ? address : "");
    pthread_mutex_lock(&limit->mutex);
    struct place *place = find(limit, key);
    int64_t full_at = place->full_at > now ? place->full_at : now;
    bool allowed = full_at - now <= limit->ahead;
    *wait = allowed ? 0 : full_at - now - limit->ahead;
    if (allowed)
        place->full_at = full_at + limit->interval;
    pthread_mutex_unlock(&limit->mutex);
    return allowed;
}
