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

#include "client_address.h"
#include "connection.h"
#include "users.h"

/* How long a client may take to say who it is, how often it may be wrong, how long it may be silent, and how long it may
 * take to close. */
#define CLIENT_AUTH_TIMEOUT (10 * CLOCK_SECOND)
#define CLIENT_WRONG_TOKENS_MAX 3
#define CLIENT_REFUSED_JOINS_MAX 10
#define CLIENT_SILENCE_MAX (30 * CLOCK_SECOND)
#define CLIENT_CLOSE_TIMEOUT (2 * CLOCK_SECOND)
#define CLIENT_PING_INTERVAL (5 * CLOCK_SECOND)

/* What is kept of ?code=. */
#define CLIENT_CODE_SIZE 32

struct quotas;
struct reactor;

/* What all clients have in common. */
struct client_context {
    struct users *users;
    struct quotas *quotas;
    struct connection_limits connection;
};

struct client {
    const struct client_context *context;
    struct connection *connection;
    struct client_address from;
    bool is_counted;       /* among the address's connections; if not, it closes */
    bool is_authenticated; /* and counted among the user's connections */
    struct user user;      /* whose token ends at user.expires, and the connection with it */
    unsigned wrong_tokens;
    unsigned refused_joins;      /* since the last that was not */
    char code[CLIENT_CODE_SIZE]; /* of the session to join as soon as it is known who this is; or "" */
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

/*
 * `user` may be NULL: then it has to authenticate. `code` may be NULL. NULL when out of memory; the descriptor is the
 * caller's then.
 */
struct client *client_new(const struct client_context *context, int descriptor, const struct user *user,
                          const char *code, const struct client_address *from);
void client_free(struct client *client);

/* Answers what is for the server and not for the hub; what is left in the inbox is for the hub. */
void client_answer(struct client *client);

/* Sends one of the server's own errors; the texts need no escaping. */
void client_send_error(struct client *client, const char *code, const char *message);

/* Refuses a join for some seconds, and closes a connection that goes on. */
void client_refuse_join(struct client *client, const struct message *join, const char *why, int seconds);

/* Pings soon and often again: it has come into a session, and its latency matters now. */
void client_hurry_pings(struct client *client, int64_t now);

/* When the next ping is due, or the end of the token. */
int64_t client_due(const struct client *client);

/* Does what is due (pings, timeouts), and returns when it has to be called again. */
int64_t client_look_after(struct client *client, int64_t now);

#endif
