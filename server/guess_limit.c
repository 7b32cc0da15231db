/* Waits for those who name wrong codes. */
#include "guess_limit.h"

#include <pthread.h>
#include <stdlib.h>

#include "keyed_hash.h"

/* How many are known at the same time. */
#define SETS 4096
#define WAYS 16
/* How much more patient we are with a network than with an address. */
#define NETWORK_PATIENCE 256
/* What is counted as one address, and as one network, in bits of the 128. */
#define IPV4_ADDRESS_BITS 128
#define IPV4_NETWORK_BITS 112
#define IPV6_ADDRESS_BITS 64
#define IPV6_NETWORK_BITS 32

/* The count is an instant: when all of it will be forgotten. */
struct place {
    uint64_t key;
    int64_t clear_at;
    int64_t refused_until;
};

/* Somebody who is counted. */
struct counted {
    uint64_t key;
    uint32_t patience;
};

enum { USER, ADDRESS, NETWORK, COUNTED };

struct guess_limit {
    pthread_mutex_t mutex;
    struct guess_rules rules;
    uint32_t most; /* a count that is not surpassed: the delay is the longest there */
    int64_t now;   /* the latest that was told */
    struct keyed_hash hash;
    struct place sets[SETS][WAYS];
};

static int64_t delay_of(const struct guess_rules *rules, uint32_t beyond)
{
    int64_t delay = beyond == 0 ? 0 : rules->delay;
    for (uint32_t i = 1; i < beyond && delay < rules->max_delay; i++)
        delay *= 2;
    return delay < rules->max_delay ? delay : rules->max_delay;
}

struct guess_limit *guess_limit_new(const struct guess_rules *rules)
{
    struct guess_limit *limit = calloc(1, sizeof *limit);
    if (limit == NULL)
        return NULL;
    limit->rules = *rules;
    for (limit->most = 1; delay_of(rules, limit->most) < rules->max_delay;)
        limit->most++;
    limit->hash = keyed_hash_new();
    for (size_t i = 0; i < (size_t)SETS * WAYS; i++)
        limit->sets[i / WAYS][i % WAYS].clear_at = INT64_MIN;
    pthread_mutex_init(&limit->mutex, NULL);
    return limit;
}

void guess_limit_free(struct guess_limit *limit)
{
    if (limit == NULL)
        return;
    pthread_mutex_destroy(&limit->mutex);
    free(limit);
}

/* A user and an address cannot be one key: their lengths differ. */
static uint64_t address_key(const struct guess_limit *limit, const struct address *address, unsigned bits)
{
    struct {
        struct address prefix;
        uint8_t bits;
    } key = {address_prefix(address, bits), (uint8_t)bits};
    return keyed_hash(&limit->hash, &key, sizeof key);
}

static void list_counted(const struct guess_limit *limit, const struct address *address, const syncplay_id *user,
                         struct counted counted[COUNTED])
{
    bool is_ipv4 = address_is_ipv4(address);
    unsigned address_bits = is_ipv4 ? IPV4_ADDRESS_BITS : IPV6_ADDRESS_BITS;
    unsigned network_bits = is_ipv4 ? IPV4_NETWORK_BITS : IPV6_NETWORK_BITS;
    counted[USER] = (struct counted){keyed_hash(&limit->hash, user->bytes, sizeof user->bytes), 1};
    counted[ADDRESS] = (struct counted){address_key(limit, address, address_bits), 1};
    counted[NETWORK] = (struct counted){address_key(limit, address, network_bits), NETWORK_PATIENCE};
}

static struct place *find(struct guess_limit *limit, uint64_t key)
{
    struct place *set = limit->sets[key % SETS];
    for (size_t i = 0; i < WAYS; i++)
        if (set[i].key == key)
            return &set[i];
    return NULL;
}

/* The place of one who has none: whose count is the lowest gives it up, and the count is taken over. */
static struct place *take_place(struct guess_limit *limit, uint64_t key)
{
    struct place *set = limit->sets[key % SETS];
    struct place *lowest = &set[0];
    for (size_t i = 1; i < WAYS; i++)
        if (set[i].clear_at < lowest->clear_at)
            lowest = &set[i];
    lowest->key = key;
    lowest->refused_until = INT64_MIN;
    return lowest;
}

static void count_wrong(struct guess_limit *limit, const struct counted *counted, int64_t now)
{
    struct place *place = find(limit, counted->key);
    int64_t forget = limit->rules.forget / counted->patience;
    int64_t free = (int64_t)limit->rules.free * counted->patience;
    if (place == NULL)
        place = take_place(limit, counted->key);
    int64_t left = place->clear_at > now ? place->clear_at - now : 0;
    int64_t count = (left + forget - 1) / forget + 1;
    if (count > free + limit->most)
        left = (free + limit->most - 1) * forget;
    place->clear_at = now + left + forget;
    if (count > free) {
        uint32_t beyond = count - free < limit->most ? (uint32_t)(count - free) : limit->most;
        place->refused_until = now + delay_of(&limit->rules, beyond);
    }
}

bool guess_limit_answer(struct guess_limit *limit, const struct address *address, const syncplay_id *user,
                        bool is_right, int64_t now, int64_t *wait)
{
    struct counted counted[COUNTED];
    *wait = 0;
    list_counted(limit, address, user, counted);
    pthread_mutex_lock(&limit->mutex);
    if (limit->now > now) /* threads may come in another order than that in which they looked at the clock */
        now = limit->now;
    limit->now = now;
    for (size_t i = 0; i < COUNTED; i++) {
        const struct place *place = find(limit, counted[i].key);
        if (place != NULL && place->refused_until > now && place->refused_until - now > *wait)
            *wait = place->refused_until - now;
    }
    for (size_t i = 0; i < COUNTED && *wait == 0 && !is_right; i++)
        count_wrong(limit, &counted[i], now);
    pthread_mutex_unlock(&limit->mutex);
    return *wait == 0;
}
