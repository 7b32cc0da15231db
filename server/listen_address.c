/* Where to listen. civetweb tells only that it could not; the kernel tells us why. */
#include "listen_address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HOST_SIZE 128

/* "host:port" or "port" in two; no host means every address. */
static bool split(const char *listen, char host[HOST_SIZE], const char **port)
{
    const char *colon = strrchr(listen, ':');
    size_t length = colon == NULL ? 0 : (size_t)(colon - listen);
    if (length >= HOST_SIZE)
        return false;
    memcpy(host, listen, length);
    host[length] = '\0';
    *port = colon == NULL ? listen : colon + 1;
    return strchr(host, ':') == NULL && (*port)[0] != '\0';
}

static bool resolve(const char *listen, struct sockaddr_in *address, char *why, size_t why_size)
{
    char host[HOST_SIZE];
    const char *port;
    struct addrinfo *found = NULL;
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    if (!split(listen, host, &port)) {
        snprintf(why, why_size,
                 "listen: %s is not an address:port or port (IPv4; for IPv6, put a reverse proxy in front)", listen);
        return false;
    }
    int error = getaddrinfo(host[0] == '\0' ? NULL : host, port, &hints, &found);
    if (error != 0) {
        snprintf(why, why_size, "listen: %s is not an address:port or port: %s", listen, gai_strerror(error));
        return false;
    }
    memcpy(address, found->ai_addr, sizeof *address);
    freeaddrinfo(found);
    return true;
}

static bool try_to_listen(const struct sockaddr_in *address)
{
    int yes = 1;
    int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe < 0)
        return false;
    setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    bool is_free = bind(probe, (const struct sockaddr *)address, sizeof *address) == 0 && listen(probe, 1) == 0;
    int error = errno;
    close(probe);
    errno = error;
    return is_free;
}

void listen_address_write(const struct sockaddr_in *address, char text[LISTEN_ADDRESS_SIZE])
{
    char host[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, &address->sin_addr, host, sizeof host);
    snprintf(text, LISTEN_ADDRESS_SIZE, "%s:%u", host, (unsigned)ntohs(address->sin_port));
}

bool listen_address(const char *listen, struct sockaddr_in *address, char *why, size_t why_size)
{
    char text[LISTEN_ADDRESS_SIZE];
    if (!resolve(listen, address, why, why_size))
        return false;
    if (try_to_listen(address))
        return true;
    int error = errno;
    listen_address_write(address, text);
    snprintf(why, why_size, "cannot listen on %s: %s", text, strerror(error));
    return false;
}
