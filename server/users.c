/*
 * The users in memory: a hash table by the SHA-256 of their token, and one by their id. The only file that knows
 * libcrypto; knows no HTTP.
 */
#include "users.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "clock.h"
#include "id_table.h"
#include "log.h"
#include "store.h"

/* The most users of one server. */
#define USERS_MAX 1000000
/* 256 random bits, and their base64url text without padding. */
#define TOKEN_BYTES 32
#define TOKEN_LENGTH 43
/* Of a table of no users; it doubles whenever there are as many users as buckets. */
#define BUCKETS_MIN 256

_Static_assert(TOKEN_LENGTH < USERS_TOKEN_SIZE, "a token fits into its buffer");

struct entry {
    struct id_entry by_id;
    struct entry *next; /* by token */
    uint8_t token_hash[SHA256_DIGEST_LENGTH];
    struct user user;
};

struct users {
    struct store *store;
    pthread_rwlock_t lock; /* of all below */
    struct entry **buckets;
    size_t bucket_count; /* a power of two */
    size_t count;
    struct id_table by_id;
    bool failed; /* while reading the store: no memory, or too many */
};

/* A SHA-256 is as good a hash as there is: any of its bytes will do. */
static struct entry **bucket_of(const struct users *users, const uint8_t *token_hash)
{
    size_t hash = 0;
    memcpy(&hash, token_hash, sizeof hash);
    return &users->buckets[hash & (users->bucket_count - 1)];
}

/* Doubles the table; if there is no memory for it the chains get longer, that is all. */
static void grow(struct users *users)
{
    struct users larger = {.bucket_count = users->bucket_count * 2};
    larger.buckets = calloc(larger.bucket_count, sizeof(struct entry *));
    if (!larger.buckets)
        return;
    for (size_t i = 0; i < users->bucket_count; i++) {
        for (struct entry *entry = users->buckets[i], *next; entry; entry = next) {
            struct entry **bucket = bucket_of(&larger, entry->token_hash);
            next = entry->next;
            entry->next = *bucket;
            *bucket = entry;
        }
    }
    free(users->buckets);
    users->buckets = larger.buckets;
    users->bucket_count = larger.bucket_count;
}

/* Adds a user; false if there are too many, or no memory. */
static bool add(struct users *users, const struct store_user *row)
{
    struct entry *entry = users->count < USERS_MAX ? calloc(1, sizeof *entry) : NULL;
    if (!entry)
        return false;
    if (users->count >= users->bucket_count)
        grow(users);
    entry->user.id = row->id;
    memcpy(entry->user.name, row->name, sizeof entry->user.name);
    memcpy(entry->token_hash, row->token_hash, sizeof entry->token_hash);
    struct entry **bucket = bucket_of(users, entry->token_hash);
    entry->next = *bucket;
    *bucket = entry;
    entry->by_id.id = row->id;
    id_table_add(&users->by_id, &entry->by_id);
    users->count++;
    return true;
}

static void add_stored(void *arg, const struct store_user *row)
{
    struct users *users = arg;
    if (!add(users, row))
        users->failed = true;
}

struct users *users_new(struct store *store, char *why, size_t why_size)
{
    struct users *users = calloc(1, sizeof *users);
    if (users)
        users->buckets = calloc(BUCKETS_MIN, sizeof(struct entry *));
    if (!users || !users->buckets || !id_table_init(&users->by_id)) {
        snprintf(why, why_size, "users: no memory");
        if (users)
            free(users->buckets);
        free(users);
        return NULL;
    }
    users->store = store;
    users->bucket_count = BUCKETS_MIN;
    pthread_rwlock_init(&users->lock, NULL);
    if (store_each_user(store, add_stored, users) && !users->failed)
        return users;
    snprintf(why, why_size, "users: they cannot be read from the database, or there are more than %d", USERS_MAX);
    users_free(users);
    return NULL;
}

void users_free(struct users *users)
{
    if (!users)
        return;
    for (size_t i = 0; i < users->bucket_count; i++) {
        for (struct entry *entry = users->buckets[i], *next; entry; entry = next) {
            next = entry->next;
            free(entry);
        }
    }
    free(users->buckets);
    id_table_free(&users->by_id, NULL);
    pthread_rwlock_destroy(&users->lock);
    free(users);
}

/* Writes 32 bytes as 43 characters of base64url (RFC 4648), without padding. */
static void write_token(const uint8_t bytes[TOKEN_BYTES], char token[USERS_TOKEN_SIZE])
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    uint32_t bits = 0;
    int held = 0;
    size_t length = 0;
    for (size_t i = 0; i < TOKEN_BYTES; i++) {
        bits = bits << 8 | bytes[i];
        for (held += 8; held >= 6; held -= 6)
            token[length++] = alphabet[bits >> (held - 6) & 63];
    }
    token[length++] = alphabet[bits << (6 - held) & 63];
    token[length] = '\0';
}

static bool hash_token(const char *token, size_t length, uint8_t hash[SHA256_DIGEST_LENGTH])
{
    return SHA256((const unsigned char *)token, length, hash) != NULL;
}

/* Makes an id (a UUID of version 4), a token, and the row that will know its hash. */
static bool make_row(const char *name, struct store_user *row, char token[USERS_TOKEN_SIZE])
{
    uint8_t bytes[TOKEN_BYTES];
    *row = (struct store_user){.unix_created = clock_unix()};
    if (RAND_bytes(row->id.bytes, sizeof row->id.bytes) != 1 || RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    row->id.bytes[6] = (uint8_t)((row->id.bytes[6] & 0x0f) | 0x40);
    row->id.bytes[8] = (uint8_t)((row->id.bytes[8] & 0x3f) | 0x80);
    snprintf(row->name, sizeof row->name, "%s", name);
    write_token(bytes, token);
    OPENSSL_cleanse(bytes, sizeof bytes);
    return hash_token(token, strlen(token), row->token_hash);
}

bool users_create(struct users *users, const char *name, struct user *user, char token[USERS_TOKEN_SIZE])
{
    struct store_user row;
    pthread_rwlock_rdlock(&users->lock);
    bool full = users->count >= USERS_MAX;
    pthread_rwlock_unlock(&users->lock);
    if (full) {
        log_error("users are full limit=%d", USERS_MAX);
        return false;
    }
    if (!make_row(name, &row, token) || !store_wait(users->store, store_put_user(users->store, &row)))
        return false;
    pthread_rwlock_wrlock(&users->lock);
    bool added = add(users, &row);
    pthread_rwlock_unlock(&users->lock);
    user->id = row.id;
    memcpy(user->name, row.name, sizeof user->name);
    return added;
}

bool users_find(struct users *users, const char *token, size_t length, struct user *user)
{
    uint8_t hash[SHA256_DIGEST_LENGTH];
    bool found = false;
    if (length != TOKEN_LENGTH || !hash_token(token, length, hash))
        return false;
    pthread_rwlock_rdlock(&users->lock);
    for (const struct entry *entry = *bucket_of(users, hash); entry && !found; entry = entry->next) {
        found = CRYPTO_memcmp(entry->token_hash, hash, sizeof hash) == 0;
        if (found)
            *user = entry->user;
    }
    pthread_rwlock_unlock(&users->lock);
    return found;
}

bool users_authorize(struct users *users, const char *authorization, struct user *user)
{
    static const char scheme[] = "Bearer ";
    if (!authorization || strncasecmp(authorization, scheme, sizeof scheme - 1) != 0)
        return false;
    const char *token = authorization + sizeof scheme - 1;
    token += strspn(token, " ");
    return users_find(users, token, strnlen(token, USERS_TOKEN_SIZE), user);
}

bool users_get(struct users *users, const syncplay_id *id, struct user *user)
{
    pthread_rwlock_rdlock(&users->lock);
    const struct entry *entry = (const struct entry *)id_table_find(&users->by_id, id);
    if (entry)
        *user = entry->user;
    pthread_rwlock_unlock(&users->lock);
    return entry != NULL;
}
