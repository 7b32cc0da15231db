/*
 * One client of the real-time side: a connection, who it is, and when it has to be looked after. Here is what the server
 * itself says to a client (proof of identity, limits, pings); everything else is between the client and the hub. Knows no
 * hub and no thread.
 */
#ifndef SERVER_CLIENT_H
#define SERVER_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "connection.h"
#include "users.h"

/* How long a client may take to say who it is, how often it may be wrong, how long it may be silent, and how long it may
 * take to close. */
#define CLIENT_AUTH_TIMEOUT (10 * CLOCK_SECOND)
#define CLIENT_WRONG_TOKENS_MAX 3
#define CLIENT_SILENCE_MAX (30 * CLOCK_SECOND)
#define CLIENT_CLOSE_TIMEOUT (2 * CLOCK_SECOND)
#define CLIENT_PING_INTERVAL (5 * CLOCK_SECOND)

/* What is kept of ?code=. */
#define CLIENT_CODE_SIZE 32
#define CLIENT_REMOTE_SIZE 48

struct reactor;

struct client {
    struct connection *connection;
    bool is_authenticated;
    struct user user; /* whose token ends at user.expires, and the connection with it */
    unsigned wrong_tokens;
    char code[CLIENT_CODE_SIZE]; /* of the session to join as soon as it is known who this is; or "" */
    char remote[CLIENT_REMOTE_SIZE];
    int64_t adopted;
    int64_t next_ping;
    unsigned quick_pings;  /* that have been sent */
    int64_t rate_told;     /* when it was last told that it sends too much */
    int64_t closing_since; /* 0 while it is open */

    /* Its place; for reactor.c alone. */
    uint64_t id; /* in its reactor and its hub; 0 between two */
    bool is_connected; /* the hub knows it */
    bool is_active;
    uint32_t interest;       /* what epoll is asked for */
    struct reactor *target;  /* where it is to go, or NULL */
    struct client *next;     /* in the list that it is in: active ones, or a mailbox */
};

/* `user` may be NULL: then it has to authenticate. `code` may be NULL. NULL when out of memory. */
struct client *client_new(int descriptor, size_t queue_limit, const struct user *user, const char *code,
                          const char *remote);
void client_free(struct client *client);

/* Answers what is for the server and not for the hub; what is left in the inbox is for the hub. */
void client_answer(struct client *client, struct users *users);

/* Sends one of the server's own errors; the texts are static and need no escaping. */
void client_send_error(struct client *client, const char *code, const char *message);

/* Pings soon and often again: it has come into a session, and its latency matters now. */
void client_hurry_pings(struct client *client, int64_t now);

/* When the next ping is due, or the end of the token. */
int64_t client_due(const struct client *client);

/* Does what is due (pings, timeouts), and returns when it has to be called again. */
int64_t client_look_after(struct client *client, int64_t now);

#endif
