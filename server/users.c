/*
 * The users in memory: by their id, and guests by the SHA-256 of their token, too. Knows libcrypto, for tokens; knows
 * no HTTP.
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

#include "auth.h"
#include "clock.h"
#include "id_table.h"
#include "jwt_verify.h"
#include "log.h"
#include "rbac.h"
#include "store.h"

/* The most users of one server. */
#define USERS_MAX 1000000
/* 256 random bits, and their base64url text without padding. */
#define TOKEN_BYTES 32
#define TOKEN_LENGTH 43
/* Of a table of no users; it doubles whenever there are as many users as buckets. */
#define BUCKETS_MIN 256

_Static_assert(TOKEN_LENGTH < USERS_TOKEN_SIZE, "a token fits into its buffer");
_Static_assert(USERS_BEARER_MAX == JWT_SIZE_MAX, "what users.h promises is what is verified");
_Static_assert(STORE_SUBJECT_SIZE == ACCOUNT_SUBJECT_SIZE, "a subject fits into its row");

struct entry {
    struct id_entry by_id;
    struct entry *next; /* by token; accounts have none */
    uint8_t token_hash[SHA256_DIGEST_LENGTH];
    char name[4 * SYNCPLAY_NAME_MAX + 1];
    bool is_guest;
    unsigned permissions; /* of an account; 0 until it has shown a token */
    uint64_t ticket;      /* of an account's row on its way to the disk; 0 once it is known to be there */
};

struct users {
    struct store *store;
    struct auth *auth;
    pthread_rwlock_t lock;  /* of all below */
    struct entry **buckets; /* of guests, by token */
    size_t bucket_count;    /* a power of two */
    size_t guest_count;
    struct id_table by_id; /* of all */
    bool failed;           /* while reading the store: no memory, or too many */
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

static struct entry *find_id(const struct users *users, const syncplay_id *id)
{
    return (struct entry *)id_table_find(&users->by_id, id);
}

static void add_guest(struct users *users, struct entry *entry)
{
    if (users->guest_count >= users->bucket_count)
        grow(users);
    struct entry **bucket = bucket_of(users, entry->token_hash);
    entry->next = *bucket;
    *bucket = entry;
    users->guest_count++;
}

/* Adds a user; NULL if there are too many, or no memory. */
static struct entry *add(struct users *users, const struct store_user *row)
{
    struct entry *entry = users->by_id.count < USERS_MAX ? calloc(1, sizeof *entry) : NULL;
    if (!entry)
        return NULL;
    entry->by_id.id = row->id;
    memcpy(entry->name, row->name, sizeof entry->name);
    memcpy(entry->token_hash, row->token_hash, sizeof entry->token_hash);
    entry->is_guest = row->subject[0] == '\0';
    id_table_add(&users->by_id, &entry->by_id);
    if (entry->is_guest)
        add_guest(users, entry);
    return entry;
}

static void add_stored(void *arg, const struct store_user *row)
{
    struct users *users = arg;
    if (!add(users, row))
        users->failed = true;
}

struct users *users_new(struct store *store, struct auth *auth, char *why, size_t why_size)
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
    users->auth = auth;
    users->bucket_count = BUCKETS_MIN;
    pthread_rwlock_init(&users->lock, NULL);
    if (store_each_user(store, add_stored, users) && !users->failed)
        return users;
    snprintf(why, why_size, "users: they cannot be read from the database, or there are more than %d", USERS_MAX);
    users_free(users);
    return NULL;
}

static void free_entry(struct id_entry *entry)
{
    free(entry);
}

void users_free(struct users *users)
{
    if (!users)
        return;
    free(users->buckets);
    id_table_free(&users->by_id, free_entry);
    pthread_rwlock_destroy(&users->lock);
    free(users);
}

/* --- Guests ------------------------------------------------------------------------------------------------------- */

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

bool users_have_guests(const struct users *users)
{
    return users->auth->guests;
}

static unsigned permissions_of(const struct users *users, const struct entry *entry)
{
    if (!entry->is_guest)
        return entry->permissions;
    return users->auth->guests ? users->auth->guest_permissions : 0;
}

static void tell(const struct users *users, const struct entry *entry, int64_t expires, struct user *user)
{
    user->id = entry->by_id.id;
    memcpy(user->name, entry->name, sizeof user->name);
    user->is_guest = entry->is_guest;
    user->permissions = permissions_of(users, entry);
    user->expires = expires;
}

bool users_create(struct users *users, const char *name, struct user *user, char token[USERS_TOKEN_SIZE])
{
    struct store_user row;
    pthread_rwlock_rdlock(&users->lock);
    bool full = users->by_id.count >= USERS_MAX;
    pthread_rwlock_unlock(&users->lock);
    if (full) {
        log_error("users are full limit=%d", USERS_MAX);
        return false;
    }
    if (!make_row(name, &row, token) || !store_wait(users->store, store_put_user(users->store, &row)))
        return false;
    pthread_rwlock_wrlock(&users->lock);
    const struct entry *entry = add(users, &row);
    if (entry)
        tell(users, entry, INT64_MAX, user);
    pthread_rwlock_unlock(&users->lock);
    return entry != NULL;
}

static bool find_guest(struct users *users, const char *token, struct user *user)
{
    uint8_t hash[SHA256_DIGEST_LENGTH];
    bool found = false;
    if (!users->auth->guests || !hash_token(token, TOKEN_LENGTH, hash))
        return false;
    pthread_rwlock_rdlock(&users->lock);
    for (const struct entry *entry = *bucket_of(users, hash); entry && !found; entry = entry->next) {
        found = CRYPTO_memcmp(entry->token_hash, hash, sizeof hash) == 0;
        if (found)
            tell(users, entry, INT64_MAX, user);
    }
    pthread_rwlock_unlock(&users->lock);
    return found;
}

/* --- Accounts ----------------------------------------------------------------------------------------------------- */

/* Puts an account's row into the store's queue. Returns the ticket; 0 if there was no place. */
static uint64_t save_account(struct users *users, const struct account *account, struct store_user *row)
{
    *row = (struct store_user){.id = account->id, .unix_created = clock_unix()};
    memcpy(row->name, account->name, sizeof row->name);
    memcpy(row->subject, account->subject, sizeof row->subject);
    if (RAND_bytes(row->token_hash, sizeof row->token_hash) != 1)
        return 0;
    return store_put_user(users->store, row);
}

/* An account that nobody has seen before becomes a user. NULL if there is no place. */
static struct entry *welcome(struct users *users, const struct account *account)
{
    struct store_user row;
    uint64_t ticket = users->by_id.count < USERS_MAX ? save_account(users, account, &row) : 0;
    struct entry *entry = ticket == 0 ? NULL : add(users, &row);
    if (entry)
        entry->ticket = ticket;
    else
        log_error("an account finds no place, in memory or in the queue for the disk limit=%d", USERS_MAX);
    return entry;
}

/* With the lock held for writing: makes what is known of an account what its token says. */
static struct entry *meet(struct users *users, const struct account *account)
{
    struct store_user row;
    struct entry *entry = find_id(users, &account->id);
    if (!entry)
        entry = welcome(users, account);
    if (!entry || entry->is_guest)
        return entry;
    if (strcmp(entry->name, account->name) != 0) {
        memcpy(entry->name, account->name, sizeof entry->name);
        save_account(users, account, &row); /* a lost change of name comes again with the next start's first token */
    }
    entry->permissions = account->permissions;
    return entry;
}

static bool is_as_told(const struct entry *entry, const struct account *account)
{
    return entry && !entry->is_guest && entry->permissions == account->permissions &&
           strcmp(entry->name, account->name) == 0;
}

/* *ticket is what to wait for until the account is on disk; 0 if it is. */
static bool find_account(struct users *users, const char *token, size_t length, struct user *user, uint64_t *ticket)
{
    struct account account;
    int64_t expires = 0;
    if (!auth_read_token(users->auth, token, length, &account, &expires))
        return false;
    pthread_rwlock_rdlock(&users->lock);
    const struct entry *entry = find_id(users, &account.id);
    if (!is_as_told(entry, &account)) {
        pthread_rwlock_unlock(&users->lock);
        pthread_rwlock_wrlock(&users->lock);
        entry = meet(users, &account);
    }
    bool is_account = entry && !entry->is_guest;
    if (is_account) {
        tell(users, entry, expires, user);
        *ticket = entry->ticket;
    }
    pthread_rwlock_unlock(&users->lock);
    if (entry && !is_account)
        log_debug("token refused reason=%s", "its user claim is the id of a guest");
    return is_account;
}

/* Waits for a row that is on its way. If the disk fails the row is written later: the party goes on. */
static void wait_for_disk(struct users *users, const syncplay_id *id, uint64_t ticket)
{
    if (!store_wait(users->store, ticket))
        return;
    pthread_rwlock_wrlock(&users->lock);
    struct entry *entry = find_id(users, id);
    if (entry)
        entry->ticket = 0;
    pthread_rwlock_unlock(&users->lock);
}

/* --- Whoever it is ------------------------------------------------------------------------------------------------ */

static bool find(struct users *users, const char *token, size_t length, struct user *user, uint64_t *ticket)
{
    *ticket = 0;
    return length == TOKEN_LENGTH ? find_guest(users, token, user) : find_account(users, token, length, user, ticket);
}

bool users_find(struct users *users, const char *token, size_t length, struct user *user)
{
    uint64_t ticket;
    return find(users, token, length, user, &ticket);
}

bool users_authorize(struct users *users, const char *authorization, struct user *user)
{
    static const char scheme[] = "Bearer ";
    uint64_t ticket;
    if (!authorization || strncasecmp(authorization, scheme, sizeof scheme - 1) != 0)
        return false;
    const char *token = authorization + sizeof scheme - 1;
    token += strspn(token, " ");
    if (!find(users, token, strnlen(token, USERS_BEARER_MAX + 1), user, &ticket))
        return false;
    if (ticket != 0)
        wait_for_disk(users, &user->id, ticket);
    return true;
}

bool users_permitted(struct users *users, const syncplay_id *id, syncplay_permission permission)
{
    pthread_rwlock_rdlock(&users->lock);
    const struct entry *entry = find_id(users, id);
    bool is_permitted = entry && (permissions_of(users, entry) & RBAC_BIT(permission)) != 0;
    pthread_rwlock_unlock(&users->lock);
    return is_permitted;
}

bool users_get(struct users *users, const syncplay_id *id, struct user *user)
{
    pthread_rwlock_rdlock(&users->lock);
    const struct entry *entry = find_id(users, id);
    if (entry)
        tell(users, entry, INT64_MAX, user);
    pthread_rwlock_unlock(&users->lock);
    return entry != NULL;
}

/* Takes a guest out of those found by their tokens. */
static void take_guest(struct users *users, const struct entry *guest)
{
    struct entry **place = bucket_of(users, guest->token_hash);
    while (*place != guest)
        place = &(*place)->next;
    *place = guest->next;
    users->guest_count--;
}

bool users_revoke(struct users *users, const syncplay_id *id)
{
    pthread_rwlock_wrlock(&users->lock);
    struct entry *entry = find_id(users, id);
    bool is_guest = entry && entry->is_guest;
    if (is_guest) {
        take_guest(users, entry);
        free(id_table_take(&users->by_id, id));
    }
    pthread_rwlock_unlock(&users->lock);
    return is_guest;
}
