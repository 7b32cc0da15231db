/*
 * syncplay-server from a client's side: requests over HTTP, and a WebSocket that comes back by itself. What is said on
 * it is not this file's business. libcurl makes the connections (TLS, proxies, names), libwslay the WebSocket's frames.
 */
#ifndef SERVER_H
#define SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <curl/curl.h>
#include <wslay/wslay.h>

#define SERVER_HEAD_MAX 8192

enum server_stage { SERVER_AWAY, SERVER_CONNECTING, SERVER_GREETED, SERVER_UP };

struct server {
    /* Set these first. */
    const char *url; /* http:// or https://, without a slash at the end */
    void *user;
    void (*opened)(void *user);
    void (*lost)(void *user, const char *why);
    void (*received)(void *user, int64_t at, const char *bytes, size_t length);

    char token[4097];
    enum server_stage stage;
    bool is_refused; /* it does not want us: there is no use in trying again */
    char why[CURL_ERROR_SIZE];

    CURLM *multi;
    CURL *connection;
    curl_socket_t socket;
    struct wslay_event_context *frames;
    char key[25]; /* of the handshake */
    char head[SERVER_HEAD_MAX + 1];
    size_t head_length, head_read; /* what came behind the head belongs to the first frames */
    int64_t read_at;               /* when bytes came last */
    int64_t next_try;
    unsigned tries;
};

/* Becomes a guest. False: it says why on stderr. */
bool server_sign_in(struct server *server, const char *name);

/* Makes a party that anyone with the code may join; `url` NULL: each brings the film along. */
bool server_create(struct server *server, const char *title, const char *url, char code[static 65]);

/* Waits for something to do until `instant` at the latest; `others` are descriptors to watch beside its own. */
void server_wait(struct server *server, int64_t instant, struct curl_waitfd *others, unsigned count);

/* Does what there is to do: connects, reads, writes. Callbacks: all. */
void server_turn(struct server *server);

/* Says something, if the WebSocket is up, at once. */
void server_send(struct server *server, const char *bytes, size_t length);

/* When it wants to try again, or has to see that nothing comes any more. */
int64_t server_deadline(const struct server *server);

/* Says goodbye. */
void server_end(struct server *server);

#endif
