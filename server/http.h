/*
 * HTTP requests and responses as plain values, and the listener that turns one into the other.
 *
 * civetweb is known to http.c, to http_exchange.c and http_socket.c below it, and to handover*.c. What answers (api.c) sees
 * these structs and nothing else; WebSocket descriptors go to the loops (loop.h), and this side forgets them.
 */
#ifndef SERVER_HTTP_H
#define SERVER_HTTP_H

#include <stdbool.h>
#include <stddef.h>

struct api;
struct client_address;
struct config;
struct loops;
struct quotas;
struct users;

/* Belongs to the listener and lives until the handler returns. */
struct http_request {
    const char *method;        /* "GET", "POST", ... (a HEAD arrives as the GET that it asks about) */
    const char *path;          /* decoded, without the query, begins with a slash */
    const char *query;         /* raw, without the question mark; NULL if there is none */
    const char *authorization; /* the header's value, or NULL */
    const char *content_type;  /* likewise */
    const struct client_address *client;
    const char *body;          /* followed by a zero byte; "" if there is none */
    size_t body_length;
};

/* Filled in by the handler; all zeros before. */
struct http_response {
    int status;
    const char *content_type;  /* static; NULL for no body */
    char *body;                /* malloc'ed by the handler, freed by the listener; may be NULL */
    size_t body_length;
    char location[128];        /* the Location header, or "" */
    char allow[32];            /* the Allow header of a 405, or of the answer to OPTIONS, or "" */
    int retry_after;           /* seconds for a Retry-After header, or 0 */
};

/* The most bytes of a request's body; a longer one is answered 413 before any handler sees it. */
#define HTTP_BODY_MAX 65536

struct http;

/*
 * Listens at config->listen and serves the API (anything below /api/v1/ except the WebSocket, /healthz), the page and
 * the media folder. Returns NULL after writing a sentence into `why` when it cannot (port taken, ...).
 */
struct http *http_start(const struct config *config, struct api *api, struct users *users, struct loops *loops,
                        struct quotas *quotas, char *why, size_t why_size);

/* How many descriptors are needed, at most, for everything but the WebSockets. */
int http_descriptors(const struct config *config);

/* Where it is, as "http://127.0.0.1:8080" (useful when the configuration says port 0). */
const char *http_url(const struct http *http);

/* Reads the certificate and its key again. If they are not good, `why` says so and the old stay. True without TLS. */
bool http_reload(struct http *http, char *why, size_t why_size);

/* Stops accepting, waits a little for the requests under way, hangs up what is left, frees. */
void http_stop(struct http *http);

#endif
