/* Internet addresses as bits, and networks of them as configurations write them. Knows no sockets and no HTTP. */
#ifndef SERVER_NETWORK_H
#define SERVER_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest address as text, with its zero byte. */
#define ADDRESS_SIZE 48

/* An IPv4 address is ::ffff:a.b.c.d, as IPv6 maps it: there is one form for both, and one address has one form. */
struct address {
    uint8_t bytes[16];
};

/* Reads "192.0.2.1" or "2001:db8::1", and nothing else. */
bool address_read(const char *text, size_t length, struct address *address);
void address_write(const struct address *address, char text[ADDRESS_SIZE]);
bool address_is_ipv4(const struct address *address);
bool address_is_loopback(const struct address *address); /* 127.0.0.0/8 or ::1 */

/* The address with all but its first `bits` bits (of 128) as zeros. */
struct address address_prefix(const struct address *address, unsigned bits);

#define NETWORKS_MAX 64

struct networks {
    struct {
        struct address first;
        unsigned bits;
    } list[NETWORKS_MAX];
    size_t count;
};

/* Reads addresses and networks ("10.0.0.0/8") between commas or blanks; false, and nothing changed, if one is neither. */
bool networks_read(const char *text, struct networks *networks);

/* Writes them as networks_read reads them; what does not fit is cut off. */
void networks_write(const struct networks *networks, char *text, size_t size);

bool networks_contain(const struct networks *networks, const struct address *address);

#endif
