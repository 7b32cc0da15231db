/* SipHash-2-4, by Aumasson and Bernstein. */
#include "keyed_hash.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

struct keyed_hash keyed_hash_new(void)
{
    struct keyed_hash hash;
    ssize_t count;
    while ((count = getrandom(&hash, sizeof hash, 0)) < 0 && errno == EINTR)
        continue;
    if (count != (ssize_t)sizeof hash)
        abort(); /* a kernel without randomness: there are no tokens either */
    return hash;
}

static uint64_t rotate(uint64_t value, unsigned bits)
{
    return value << bits | value >> (64 - bits);
}

static void mix(uint64_t v[4], int rounds)
{
    for (int i = 0; i < rounds; i++) {
        v[0] += v[1];
        v[2] += v[3];
        v[1] = rotate(v[1], 13) ^ v[0];
        v[3] = rotate(v[3], 16) ^ v[2];
        v[0] = rotate(v[0], 32);
        v[2] += v[1];
        v[0] += v[3];
        v[1] = rotate(v[1], 17) ^ v[2];
        v[3] = rotate(v[3], 21) ^ v[0];
        v[2] = rotate(v[2], 32);
    }
}

/* Up to eight bytes as a number, the first one lowest. */
static uint64_t read_word(const unsigned char *bytes, size_t length)
{
    uint64_t word = 0;
    for (size_t i = 0; i < length; i++)
        word |= (uint64_t)bytes[i] << (8 * i);
    return word;
}

static void take(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    mix(v, 2);
    v[0] ^= word;
}

uint64_t keyed_hash(const struct keyed_hash *hash, const void *bytes, size_t length)
{
    const unsigned char *next = bytes;
    uint64_t v[4] = {hash->secret[0] ^ UINT64_C(0x736f6d6570736575), hash->secret[1] ^ UINT64_C(0x646f72616e646f6d),
                     hash->secret[0] ^ UINT64_C(0x6c7967656e657261), hash->secret[1] ^ UINT64_C(0x7465646279746573)};
    size_t left = length;
    for (; left >= 8; left -= 8, next += 8)
        take(v, read_word(next, 8));
    take(v, read_word(next, left) | (uint64_t)length << 56);
    v[2] ^= 0xff;
    mix(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}
