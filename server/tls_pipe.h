/*
 * One TLS connection and the plain one that it stands for: the handshake, then the bytes of both directions, then the
 * end of each. What one side does not take is not read from the other. Knows no thread, no clock, no epoll: sockets are
 * non-blocking, and whoever owns the pipe tells it when they become ready (edges, not levels).
 *
 * "Outer" is the socket that speaks TLS with the client, "inner" the plain one.
 */
#ifndef SERVER_TLS_PIPE_H
#define SERVER_TLS_PIPE_H

#include <stdbool.h>
#include <stddef.h>

struct ssl_ctx_st;
struct ssl_st;

enum tls_pipe_state {
    TLS_PIPE_HANDSHAKE,
    TLS_PIPE_SILENT, /* until the client has said the whole head of a request, no worker of the inner side is taken */
    TLS_PIPE_SPOKEN, /* it has: the owner is to attach the inner socket */
    TLS_PIPE_OPEN,
    TLS_PIPE_LEAVING, /* all was said; what the client still sends is read so that it hears us out */
    TLS_PIPE_OVER     /* to be freed */
};

enum { TLS_PIPE_IN = 1, TLS_PIPE_OUT = 2 };

/* Bytes on their way in one direction. */
struct tls_flow {
    char *bytes; /* NULL when there are none */
    size_t from;
    size_t to;
    bool is_ended;  /* nothing more comes */
    bool is_closed; /* ... and the other side was told */
};

struct tls_pipe {
    enum tls_pipe_state state;
    int outer;                /* the pipe's, closed with it */
    int inner;                /* likewise; -1 before it is attached */
    unsigned int outer_ready; /* TLS_PIPE_IN, TLS_PIPE_OUT */
    unsigned int inner_ready;
    unsigned int read_needs; /* what TLS waits for to read, and to write: one may need the other */
    unsigned int write_needs;
    struct tls_flow up; /* from the client */
    struct tls_flow down;
    unsigned int progress; /* counts what the client has taken, and steps towards the end */
    struct ssl_st *ssl;
    const char *why; /* the handshake failed, or NULL */
};

/* Takes a client's socket. False, and the socket is still the caller's, when out of memory. */
bool tls_pipe_init(struct tls_pipe *pipe, int outer, struct ssl_ctx_st *context);

/* In TLS_PIPE_SPOKEN: gives the inner socket, which may be connecting still. */
void tls_pipe_attach(struct tls_pipe *pipe, int inner);

/* Does what can be done now, within measure. True if more can be done at once. */
bool tls_pipe_turn(struct tls_pipe *pipe);

/* Whether the client owes us something, so that the time until the next progress is limited. */
bool tls_pipe_is_waiting(const struct tls_pipe *pipe);

/* Whether everything that came from inside was sent, and so was the end. */
bool tls_pipe_is_sent(const struct tls_pipe *pipe);

/* Closes both sockets. */
void tls_pipe_close(struct tls_pipe *pipe);

#endif
