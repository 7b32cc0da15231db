/* The client's address behind reverse proxies. */
#include "client_address.h"

#include <string.h>
#include <strings.h>

#define BLANKS " \t"
/* What one subscriber gets. */
#define IPV6_GROUP_BITS 64

/* Makes `address` the client, as far as we know; whoever is not trusted is the last word. */
static void go_to(struct client_address *client, const struct networks *trusted, const struct address *address)
{
    client->address = *address;
    client->is_over = !networks_contain(trusted, address);
    address_write(address, client->text);
    struct address group = address_is_ipv4(address) ? *address : address_prefix(address, IPV6_GROUP_BITS);
    address_write(&group, client->group);
}

void client_address_begin(struct client_address *client, const struct networks *trusted, const char *peer)
{
    struct address address = {{0}};
    bool is_address = address_read(peer, strlen(peer), &address);
    *client = (struct client_address){.is_https = false};
    go_to(client, trusted, &address);
    client->is_over = client->is_over || !is_address;
    client->is_proxied = !client->is_over;
}

/* The last entry of a list with commas, without blanks around it. Returns where the rest ends, or NULL for none. */
static const char *last_entry(const char *list, const char *end, const char **entry, size_t *length)
{
    const char *begin = end;
    while (begin > list && begin[-1] != ',')
        begin--;
    const char *before = begin > list ? begin - 1 : NULL;
    while (end > begin && strchr(BLANKS, end[-1]) != NULL)
        end--;
    while (begin < end && strchr(BLANKS, *begin) != NULL)
        begin++;
    *entry = begin;
    *length = (size_t)(end - begin);
    return before;
}

static bool is_port(const char *text, size_t length)
{
    return length >= 1 && length <= 5 && strspn(text, "0123456789") >= length;
}

/* Reads "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]" or "[2001:db8::1]:80". */
static bool read_entry(const char *text, size_t length, struct address *address)
{
    if (address_read(text, length, address))
        return true;
    bool is_bracketed = length > 0 && text[0] == '[';
    const char *end = memchr(text, is_bracketed ? ']' : ':', length);
    if (end == NULL)
        return false;
    const char *port = is_bracketed ? end + 1 : end; /* the colon */
    size_t port_length = length - (size_t)(port - text);
    if (port_length > 0 ? *port != ':' || !is_port(port + 1, port_length - 1) : !is_bracketed)
        return false;
    const char *begin = is_bracketed ? text + 1 : text;
    size_t address_length = (size_t)(end - begin);
    bool is_ipv6 = memchr(begin, ':', address_length) != NULL;
    return is_ipv6 == is_bracketed && address_read(begin, address_length, address);
}

void client_address_forwarded_for(struct client_address *client, const struct networks *trusted, const char *value)
{
    const char *end = value + strlen(value);
    while (!client->is_over && end != NULL) {
        const char *entry;
        size_t length;
        struct address address;
        end = last_entry(value, end, &entry, &length);
        if (read_entry(entry, length, &address))
            go_to(client, trusted, &address);
        else
            client->is_over = true;
    }
}

void client_address_forwarded_proto(struct client_address *client, const char *value)
{
    const char *entry;
    size_t length;
    last_entry(value, value + strlen(value), &entry, &length);
    client->is_https = client->is_proxied && length == strlen("https") && strncasecmp(entry, "https", length) == 0;
}
