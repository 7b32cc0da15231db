/* Taking a WebSocket's descriptor away from civetweb. Knows civetweb's connections, but not what they are for. */
#include "handover.h"

#include <arpa/inet.h>
#include <civetweb.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "handover_test.h"
#include "log.h"

/* Whether the descriptor is the server's end of the connection from `remote` to our port `port`. */
static bool is_that(int descriptor, const struct sockaddr_in *remote, in_port_t port)
{
    struct sockaddr_in peer = {0};
    struct sockaddr_in own;
    socklen_t size = sizeof peer;
    if (getpeername(descriptor, (struct sockaddr *)&peer, &size) != 0 || peer.sin_family != AF_INET ||
        peer.sin_port != remote->sin_port || peer.sin_addr.s_addr != remote->sin_addr.s_addr)
        return false;
    size = sizeof own;
    return getsockname(descriptor, (struct sockaddr *)&own, &size) == 0 && own.sin_port == port;
}

/*
 * civetweb has no accessor for a connection's descriptor, but tells the other end's address and port. While this handler
 * runs, the connection is there and its descriptor keeps its number. Two of them can match only when one client reaches
 * us at two of our addresses from one port of its own: then none is taken.
 */
static int find(const struct handover *handover, const struct mg_connection *connection)
{
    const struct mg_request_info *request = mg_get_request_info(connection);
    struct sockaddr_in remote = {.sin_family = AF_INET, .sin_port = htons((in_port_t)request->remote_port)};
    int found = -1;
    if (inet_pton(AF_INET, request->remote_addr, &remote.sin_addr) != 1)
        return -1;
    for (int descriptor = STDERR_FILENO + 1; descriptor < handover->floor; descriptor++) {
        if (!is_that(descriptor, &remote, htons((in_port_t)request->server_port)))
            continue;
        if (found >= 0)
            return -1;
        found = descriptor;
    }
    return found;
}

bool handover_take(const struct handover *handover, const struct mg_connection *connection, struct handover_pair *pair)
{
    pair->theirs = find(handover, connection);
    if (pair->theirs < 0) {
        errno = ENOTCONN; /* a client that has reset its connection has no address any more */
        return false;
    }
    pair->ours = fcntl(pair->theirs, F_DUPFD_CLOEXEC, handover->floor);
    if (pair->ours < 0)
        return false;
    if (!handover->is_parking && dup3(handover->null, pair->theirs, O_CLOEXEC) < 0) {
        close(pair->ours);
        return false;
    }
    return true;
}

void handover_finish(const struct handover *handover, const struct handover_pair *pair)
{
    if (!handover->is_parking)
        return;
    /* Both descriptors are one socket: it hangs up for both when the loop shuts it down. */
    struct pollfd socket = {.fd = pair->theirs, .events = 0};
    while (poll(&socket, 1, -1) < 0 && errno == EINTR)
        continue;
}

void handover_shut(const struct handover *handover, const struct mg_connection *connection, int how)
{
    int descriptor = find(handover, connection);
    if (descriptor >= 0)
        shutdown(descriptor, how);
}

void handover_hang_up(const struct handover *handover, int port, enum handover_kind kind)
{
    for (int descriptor = STDERR_FILENO + 1; descriptor < handover->floor; descriptor++) {
        struct sockaddr_in own = {0};
        socklen_t size = sizeof own;
        int is_listening = 0;
        socklen_t option_size = sizeof is_listening;
        if (getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &option_size) != 0 ||
            (is_listening != 0) != (kind == HANDOVER_LISTENING))
            continue;
        if (getsockname(descriptor, (struct sockaddr *)&own, &size) == 0 && own.sin_family == AF_INET &&
            ntohs(own.sin_port) == port)
            shutdown(descriptor, SHUT_RDWR);
    }
}

bool handover_init(struct handover *handover, int below, int max_connections, char *why, size_t why_size)
{
    const char *forced = getenv("SYNCPLAY_TEST_NO_HANDOVER");
    char reason[128] = "SYNCPLAY_TEST_NO_HANDOVER is set";
    *handover = (struct handover){.floor = below};
    handover->null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (handover->null < 0) {
        snprintf(why, why_size, "cannot open /dev/null: %s", strerror(errno));
        return false;
    }
    if ((forced == NULL || strcmp(forced, "1") != 0) && handover_test(handover, reason, sizeof reason))
        return true;
    log_warn("WebSockets keep a thread each, because descriptors cannot be taken over max_connections=%d reason=%s",
             HANDOVER_PARKED_MAX, reason);
    handover->is_parking = true;
    handover->floor += max_connections;
    return true;
}

void handover_close(struct handover *handover)
{
    close(handover->null);
    handover->null = -1;
}
