/*
 * SipHash-2-4: a hash with a secret, so that nobody outside can make two keys that fall into one place of a table.
 * Knows no tables.
 */
#ifndef SERVER_KEYED_HASH_H
#define SERVER_KEYED_HASH_H

#include <stddef.h>
#include <stdint.h>

struct keyed_hash {
    uint64_t secret[2];
};

/* A random secret. */
struct keyed_hash keyed_hash_new(void);

uint64_t keyed_hash(const struct keyed_hash *hash, const void *bytes, size_t length);

#endif
