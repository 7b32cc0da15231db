/* The upgrade of a request to a WebSocket: whether it may be, and the hand-over of its descriptor to the loops. */
#ifndef SERVER_HTTP_SOCKET_H
#define SERVER_HTTP_SOCKET_H

#include "handover.h"

#define HTTP_SOCKET_PATH "/api/v1/syncplay/ws"

struct http_door;
struct http_exchange;
struct loops;
struct mg_context;
struct quotas;
struct users;

struct http_socket {
    const struct http_door *door;
    struct users *users;
    struct loops *loops;
    struct quotas *quotas;
    struct handover handover;
};

/* Before civetweb takes the first request; `socket` outlives the context. */
void http_socket_set_up(struct http_socket *socket, struct mg_context *context);

/* Before the handshake. 0 to go on with it, or the status that it was refused with. */
int http_socket_check(struct http_socket *socket, struct http_exchange *exchange);

#endif
