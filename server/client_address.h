/*
 * Whose request it is, when reverse proxies stand between: the address of the client and whether it spoke HTTPS, from
 * the peer of the connection and from what the proxies that are trusted say. What anybody else says is not believed.
 * Knows no sockets and no HTTP but the form of two headers, X-Forwarded-For and X-Forwarded-Proto.
 */
#ifndef SERVER_CLIENT_ADDRESS_H
#define SERVER_CLIENT_ADDRESS_H

#include <stdbool.h>

#include "network.h"

struct client_address {
    struct address address;
    bool is_https;            /* the last proxy was asked over HTTPS */
    bool is_proxied;          /* the peer is trusted: it speaks for others */
    bool is_relayed;          /* some header says that it came through a proxy, whoever wrote that */
    bool is_over;             /* nothing further to the left counts */
    char text[ADDRESS_SIZE];  /* the address, for people */
    char group[ADDRESS_SIZE]; /* what limits count it as: an IPv6 address is as good as any other of its /64 */
};

/* Begins with the peer. A text that is no address becomes ::, which nobody trusts. */
void client_address_begin(struct client_address *client, const struct networks *trusted, const char *peer);

/*
 * Goes on to the left with the value of one X-Forwarded-For header: the first address that is not trusted is the
 * client; what is no address (with or without a port) ends the walk at the last good one. Of several headers, the last
 * comes first.
 */
void client_address_forwarded_for(struct client_address *client, const struct networks *trusted, const char *value);

/* Takes in the value of the last X-Forwarded-Proto header. */
void client_address_forwarded_proto(struct client_address *client, const char *value);

#endif
