/*
 * TLS in front of a plain HTTP server on the loopback interface: accepts on the configured address, and relays what is
 * inside of TLS to a connection of its own to that server, and back (tls_pipe.h, by the threads of tls_relay.h). All
 * that it knows of HTTP is where the head of a request ends: nothing of it reaches the server before.
 *
 * The server behind it sees the loopback address for everybody; from the port it can ask here whose connection it is.
 */
#ifndef SERVER_TLS_FRONT_H
#define SERVER_TLS_FRONT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

struct config;
struct tls_front;

/* Whether the configuration asks for TLS. */
bool tls_front_is_wanted(const struct config *config);

/* How many descriptors are needed for everything but the WebSockets; and for each of those. None without TLS. */
int tls_front_descriptors(const struct config *config);
int tls_front_descriptors_each(const struct config *config);

/* Whether certificate and key can be used; if not, a sentence in `why`. True without TLS. */
bool tls_front_check(const struct config *config, char *why, size_t why_size);

/* Reads certificate and key. NULL, and a sentence in `why`, if they cannot be used. */
struct tls_front *tls_front_new(const struct config *config, char *why, size_t why_size);

/*
 * Begins to listen on `address`, for a server on 127.0.0.1:`inner_port`. Its descriptors are not below `floor`. False,
 * and a sentence in `why`, if that does not go.
 */
bool tls_front_listen(struct tls_front *front, const struct sockaddr_in *address, int inner_port, int floor, char *why,
                      size_t why_size);

/* The port it listens on. */
int tls_front_port(const struct tls_front *front);

/* Reads certificate and key again, for connections from now on. If they are not good, `why` says so and the old stay.
 */
bool tls_front_reload(struct tls_front *front, char *why, size_t why_size);

/*
 * From any thread: whose is the connection that comes from `host`:`port` to the server behind? False if it is none of
 * ours: somebody on this machine has found the port.
 */
bool tls_front_peer(const struct tls_front *front, const char *host, int port, char address[INET_ADDRSTRLEN]);

/* Takes no more connections. */
void tls_front_close(struct tls_front *front);

/*
 * Sends what the server behind it has said, within `timeout_ms`, and ends. The server is to have closed its connections
 * before. NULL is allowed.
 */
void tls_front_stop(struct tls_front *front, int timeout_ms);

#endif
