/*
 * A thread that owns TLS connections: accepts them, waits for their sockets, gives each its turns, and ends those that
 * owe us something for too long. Knows pipes, not TLS.
 */
#ifndef SERVER_TLS_RELAY_H
#define SERVER_TLS_RELAY_H

#include <netinet/in.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct connection_count;
struct networks;
struct ssl_ctx_st;

/* By the port of the inner connection: the client's address, in network order; 0 for none. */
#define TLS_RELAY_PORTS 65536

/* What all relays have in common. */
struct tls_relay_shared {
    int listener;
    struct sockaddr_in inner; /* the server behind */
    int floor;                /* descriptors of connections are not below this */
    unsigned int max;         /* connections */
    atomic_uint count;
    struct connection_count *addresses; /* how many each has */
    const struct networks *trusted;     /* whose connections are of many people: not counted by address */
    atomic_bool is_full;                      /* and it was said */
    struct ssl_ctx_st *(*context)(void *arg); /* of a new connection; to be given back by tls_context_free */
    void *arg;
    _Atomic uint32_t peers[TLS_RELAY_PORTS];
};

struct tls_relay;

/* NULL when there are not enough resources. */
struct tls_relay *tls_relay_start(struct tls_relay_shared *shared);

/* To be called for all relays before the first is joined. */
void tls_relay_stop(struct tls_relay *relay, int timeout_ms);
void tls_relay_join(struct tls_relay *relay);

#endif
