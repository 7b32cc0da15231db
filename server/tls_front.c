/* What the relays share, and how long it lives. */
#include "tls_front.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "config.h"
#include "connection_count.h"
#include "tls_context.h"
#include "tls_relay.h"

/* Two, so that a crowd that shakes hands stops nobody's film: a handshake takes a millisecond. */
#define RELAYS 2
#define BACKLOG 1024
/* Descriptors of the relays themselves. */
#define OWN_DESCRIPTORS 8
/* Of a connection. */
#define EACH 2

struct tls_front {
    const struct config *config;
    struct tls_relay_shared shared;
    struct tls_relay *relays[RELAYS];
    int port;
    pthread_mutex_t lock;
    struct ssl_ctx_st *context; /* under the lock */
};

bool tls_front_is_wanted(const struct config *config)
{
    return config->tls_certificate[0] != '\0';
}

static unsigned int connections_max(const struct config *config)
{
    return config->max_connections + config->http_threads;
}

/* Of one address: its WebSockets, and as many requests as there may be at once; more are of nobody who means well. */
static unsigned int connections_max_each(const struct config *config)
{
    return config->max_connections_per_address + config->http_threads;
}

int tls_front_descriptors(const struct config *config)
{
    return tls_front_is_wanted(config) ? OWN_DESCRIPTORS + EACH * (int)config->http_threads : 0;
}

int tls_front_descriptors_each(const struct config *config)
{
    return tls_front_is_wanted(config) ? EACH : 0;
}

static struct ssl_ctx_st *read_context(const struct config *config, char *why, size_t why_size)
{
    return tls_context_new(config->tls_certificate, config->tls_key, why, why_size);
}

bool tls_front_check(const struct config *config, char *why, size_t why_size)
{
    struct ssl_ctx_st *context = tls_front_is_wanted(config) ? read_context(config, why, why_size) : NULL;
    bool is_good = context != NULL || !tls_front_is_wanted(config);
    tls_context_free(context);
    return is_good;
}

/* For a relay that takes a new connection. */
static struct ssl_ctx_st *borrow_context(void *arg)
{
    struct tls_front *front = arg;
    pthread_mutex_lock(&front->lock);
    struct ssl_ctx_st *context = tls_context_share(front->context);
    pthread_mutex_unlock(&front->lock);
    return context;
}

bool tls_front_reload(struct tls_front *front, char *why, size_t why_size)
{
    struct ssl_ctx_st *fresh = read_context(front->config, why, why_size);
    if (fresh == NULL)
        return false;
    pthread_mutex_lock(&front->lock);
    struct ssl_ctx_st *old = front->context;
    front->context = fresh;
    pthread_mutex_unlock(&front->lock);
    tls_context_free(old);
    return true;
}

static bool listen_on(struct tls_front *front, const struct sockaddr_in *address, int floor)
{
    int yes = 1;
    struct sockaddr_in own = {0};
    socklen_t size = sizeof own;
    int low = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (low < 0)
        return false;
    int listener = fcntl(low, F_DUPFD_CLOEXEC, floor);
    close(low);
    if (listener < 0)
        return false;
    front->shared.listener = listener;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (const struct sockaddr *)address, sizeof *address) != 0 || listen(listener, BACKLOG) != 0 ||
        getsockname(listener, (struct sockaddr *)&own, &size) != 0)
        return false;
    front->port = ntohs(own.sin_port);
    return true;
}

static bool start_relays(struct tls_front *front)
{
    for (int i = 0; i < RELAYS; i++)
        if ((front->relays[i] = tls_relay_start(&front->shared)) == NULL)
            return false;
    return true;
}

struct tls_front *tls_front_new(const struct config *config, char *why, size_t why_size)
{
    struct tls_front *front = calloc(1, sizeof *front);
    if (front == NULL) {
        snprintf(why, why_size, "out of memory");
        return NULL;
    }
    pthread_mutex_init(&front->lock, NULL);
    front->config = config;
    front->shared.listener = -1;
    front->shared.max = connections_max(config);
    front->shared.addresses = connection_count_new(front->shared.max, connections_max_each(config), 1);
    front->shared.trusted = &config->trusted_proxies;
    front->shared.context = borrow_context;
    front->shared.arg = front;
    snprintf(why, why_size, "out of memory");
    if (front->shared.addresses != NULL && (front->context = read_context(config, why, why_size)) != NULL)
        return front;
    tls_front_stop(front, 0);
    return NULL;
}

bool tls_front_listen(struct tls_front *front, const struct sockaddr_in *address, int inner_port, int floor, char *why,
                      size_t why_size)
{
    front->shared.inner = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((in_port_t)inner_port)};
    front->shared.inner.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    front->shared.floor = floor;
    if (listen_on(front, address, floor) && start_relays(front))
        return true;
    snprintf(why, why_size, "cannot start TLS on %s: %s", front->config->listen, strerror(errno));
    return false;
}

int tls_front_port(const struct tls_front *front)
{
    return front->port;
}

bool tls_front_peer(const struct tls_front *front, const char *host, int port, char address[INET_ADDRSTRLEN])
{
    if (port <= 0 || port >= TLS_RELAY_PORTS || strcmp(host, "127.0.0.1") != 0)
        return false;
    struct in_addr peer = {.s_addr = atomic_load(&front->shared.peers[port])};
    return peer.s_addr != 0 && inet_ntop(AF_INET, &peer, address, INET_ADDRSTRLEN) != NULL;
}

void tls_front_close(struct tls_front *front)
{
    shutdown(front->shared.listener, SHUT_RDWR);
}

void tls_front_stop(struct tls_front *front, int timeout_ms)
{
    if (front == NULL)
        return;
    for (int i = 0; i < RELAYS; i++)
        if (front->relays[i] != NULL)
            tls_relay_stop(front->relays[i], timeout_ms);
    for (int i = 0; i < RELAYS; i++)
        if (front->relays[i] != NULL)
            tls_relay_join(front->relays[i]);
    if (front->shared.listener >= 0)
        close(front->shared.listener);
    connection_count_free(front->shared.addresses);
    tls_context_free(front->context);
    pthread_mutex_destroy(&front->lock);
    free(front);
}
