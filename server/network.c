/* Internet addresses as bits, and networks of them. */
#include "network.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define BITS 128
/* Before the four bytes of an IPv4 address. */
#define IPV4_BITS 96
#define SEPARATORS ", \t"

static const uint8_t ipv4_prefix[IPV4_BITS / 8] = {[10] = 0xff, [11] = 0xff};

bool address_is_ipv4(const struct address *address)
{
    return memcmp(address->bytes, ipv4_prefix, sizeof ipv4_prefix) == 0;
}

bool address_is_loopback(const struct address *address)
{
    static const struct address ipv6 = {.bytes = {[15] = 1}};
    return address_is_ipv4(address) ? address->bytes[sizeof ipv4_prefix] == 127
                                    : memcmp(address, &ipv6, sizeof ipv6) == 0;
}

bool address_read(const char *text, size_t length, struct address *address)
{
    char copy[ADDRESS_SIZE];
    struct address read;
    if (length >= sizeof copy || memchr(text, '\0', length) != NULL)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    memcpy(read.bytes, ipv4_prefix, sizeof ipv4_prefix);
    if (inet_pton(AF_INET, copy, read.bytes + sizeof ipv4_prefix) != 1 && inet_pton(AF_INET6, copy, read.bytes) != 1)
        return false;
    *address = read;
    return true;
}

void address_write(const struct address *address, char text[ADDRESS_SIZE])
{
    if (address_is_ipv4(address))
        inet_ntop(AF_INET, address->bytes + sizeof ipv4_prefix, text, ADDRESS_SIZE);
    else
        inet_ntop(AF_INET6, address->bytes, text, ADDRESS_SIZE);
}

struct address address_prefix(const struct address *address, unsigned bits)
{
    struct address prefix = {{0}};
    for (unsigned i = 0; i < sizeof prefix.bytes && 8 * i < bits; i++) {
        unsigned kept = bits - 8 * i < 8 ? bits - 8 * i : 8;
        prefix.bytes[i] = (uint8_t)(address->bytes[i] & (0xff00u >> kept));
    }
    return prefix;
}

/* Reads the digits of a network's length; false if it is no number, or more than `most`. */
static bool read_bits(const char *text, size_t length, unsigned most, unsigned *bits)
{
    unsigned value = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (unsigned)(text[i] - '0');
    }
    *bits = value;
    return length >= 1 && length <= 3 && value <= most;
}

/* Reads one address or network and adds it. */
static bool add(struct networks *networks, const char *text, size_t length)
{
    const char *slash = memchr(text, '/', length);
    size_t address_length = slash == NULL ? length : (size_t)(slash - text);
    struct address address;
    unsigned bits = BITS;
    if (networks->count == NETWORKS_MAX || !address_read(text, address_length, &address))
        return false;
    /* How it was written decides what the length counts: ::ffff:0:0/96 is the same as 0.0.0.0/0. */
    unsigned before = memchr(text, ':', address_length) == NULL ? IPV4_BITS : 0;
    if (slash != NULL) {
        if (!read_bits(slash + 1, length - address_length - 1, BITS - before, &bits))
            return false;
        bits += before;
    }
    networks->list[networks->count].first = address_prefix(&address, bits);
    networks->list[networks->count++].bits = bits;
    return true;
}

bool networks_read(const char *text, struct networks *networks)
{
    struct networks read = {.count = 0};
    for (text += strspn(text, SEPARATORS); *text != '\0'; text += strspn(text, SEPARATORS)) {
        size_t length = strcspn(text, SEPARATORS);
        if (!add(&read, text, length))
            return false;
        text += length;
    }
    *networks = read;
    return true;
}

void networks_write(const struct networks *networks, char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < networks->count && length < size; i++) {
        char address[ADDRESS_SIZE];
        const struct address *first = &networks->list[i].first;
        unsigned before = address_is_ipv4(first) ? IPV4_BITS : 0;
        address_write(first, address);
        length += (size_t)snprintf(text + length, size - length, "%s%s/%u", i > 0 ? ", " : "", address,
                                   networks->list[i].bits - before);
    }
}

bool networks_contain(const struct networks *networks, const struct address *address)
{
    for (size_t i = 0; i < networks->count; i++) {
        struct address prefix = address_prefix(address, networks->list[i].bits);
        if (memcmp(prefix.bytes, networks->list[i].first.bytes, sizeof prefix.bytes) == 0)
            return true;
    }
    return false;
}
