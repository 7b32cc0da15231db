/* The bytes between a TLS connection and a plain one. */
#include "tls_pipe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "head_end.h"

/* What may be on its way in one direction: two of TLS's largest records. */
#define FLOW_SIZE 32768
/* How often one turn goes round, before others have their turn. */
#define ROUNDS_MAX 16

/* To a client that speaks plain HTTP. */
#define NOT_TLS                                                                                                        \
    "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 42\r\n\r\n"          \
    "This port speaks HTTPS. Ask with https://\n"

bool tls_pipe_init(struct tls_pipe *pipe, int outer, struct ssl_ctx_st *context)
{
    *pipe = (struct tls_pipe){.outer = outer,
                              .inner = -1,
                              .outer_ready = TLS_PIPE_IN | TLS_PIPE_OUT,
                              .read_needs = TLS_PIPE_IN,
                              .write_needs = TLS_PIPE_OUT};
    pipe->ssl = SSL_new(context);
    if (pipe->ssl != NULL && SSL_set_fd(pipe->ssl, outer) == 1) {
        SSL_set_accept_state(pipe->ssl);
        return true;
    }
    SSL_free(pipe->ssl);
    return false;
}

void tls_pipe_attach(struct tls_pipe *pipe, int inner)
{
    pipe->inner = inner;
    pipe->state = TLS_PIPE_OPEN;
    pipe->progress++;
}

/* --- Bytes on their way ------------------------------------------------------------------------------------------- */

static bool is_empty(const struct tls_flow *flow)
{
    return flow->bytes == NULL;
}

/* Where to read to; false without memory, which is another reason to wait. */
static bool make_room(struct tls_flow *flow)
{
    if (flow->bytes == NULL)
        flow->bytes = malloc(FLOW_SIZE);
    flow->from = flow->to = 0;
    return flow->bytes != NULL;
}

static void empty(struct tls_flow *flow)
{
    free(flow->bytes);
    flow->bytes = NULL;
}

static void take(struct tls_flow *flow, size_t count)
{
    flow->from += count;
    if (flow->from == flow->to)
        empty(flow);
}

/* --- What TLS says ------------------------------------------------------------------------------------------------ */

/* After a call that went wrong: notes what it waits for. False if it waits for nothing: that is the end. */
static bool waits(struct tls_pipe *pipe, int result, unsigned int *needs)
{
    switch (SSL_get_error(pipe->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        *needs = TLS_PIPE_IN;
        break;
    case SSL_ERROR_WANT_WRITE:
        *needs = TLS_PIPE_OUT;
        break;
    default:
        return false;
    }
    pipe->outer_ready &= ~*needs;
    return true;
}

/* Nothing more is said, and the rest of what the client says is not listened to. */
static void leave(struct tls_pipe *pipe)
{
    shutdown(pipe->outer, SHUT_WR);
    pipe->state = TLS_PIPE_LEAVING;
    pipe->progress++;
}

static void refuse(struct tls_pipe *pipe)
{
    unsigned long error = ERR_peek_error();
    pipe->why = error == 0 ? "the client has gone" : ERR_reason_error_string(error);
    if (ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) == SSL_R_HTTP_REQUEST)
        send(pipe->outer, NOT_TLS, sizeof NOT_TLS - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    leave(pipe);
}

static bool shake_hands(struct tls_pipe *pipe)
{
    if ((pipe->outer_ready & pipe->read_needs) == 0)
        return false;
    ERR_clear_error();
    int result = SSL_accept(pipe->ssl);
    if (result == 1) {
        pipe->state = TLS_PIPE_SILENT;
        pipe->read_needs = TLS_PIPE_IN;
        pipe->progress++;
        return true;
    }
    if (waits(pipe, result, &pipe->read_needs))
        return false;
    refuse(pipe);
    return true;
}

/* --- From the client ---------------------------------------------------------------------------------------------- */

/* Adds what there is to what is on its way. */
static bool read_more(struct tls_pipe *pipe)
{
    struct tls_flow *up = &pipe->up;
    if (up->is_ended || (pipe->outer_ready & pipe->read_needs) == 0 || (is_empty(up) && !make_room(up)))
        return false;
    ERR_clear_error();
    int count = SSL_read(pipe->ssl, up->bytes + up->to, (int)(FLOW_SIZE - up->to));
    if (count > 0) {
        pipe->read_needs = TLS_PIPE_IN;
        up->to += (size_t)count;
        return true;
    }
    if (up->to == 0)
        empty(up);
    if (waits(pipe, count, &pipe->read_needs))
        return false;
    if (SSL_get_error(pipe->ssl, count) == SSL_ERROR_ZERO_RETURN)
        up->is_ended = true;
    else
        pipe->state = TLS_PIPE_OVER;
    return true;
}

static bool read_outer(struct tls_pipe *pipe)
{
    return is_empty(&pipe->up) && read_more(pipe);
}

static bool write_inner(struct tls_pipe *pipe)
{
    struct tls_flow *up = &pipe->up;
    if (!is_empty(up) && (pipe->inner_ready & TLS_PIPE_OUT)) {
        ssize_t count = send(pipe->inner, up->bytes + up->from, up->to - up->from, MSG_NOSIGNAL);
        if (count >= 0)
            take(up, (size_t)count);
        else if (errno == EAGAIN || errno == EINTR)
            pipe->inner_ready &= ~(errno == EAGAIN ? (unsigned int)TLS_PIPE_OUT : 0u);
        else
            empty(up); /* nobody listens there any more, but there may be an answer */
        return count >= 0;
    }
    if (!is_empty(up) || !up->is_ended || up->is_closed)
        return false;
    shutdown(pipe->inner, SHUT_WR);
    up->is_closed = true;
    return true;
}

/* --- To the client ------------------------------------------------------------------------------------------------ */

static bool read_inner(struct tls_pipe *pipe)
{
    struct tls_flow *down = &pipe->down;
    if (down->is_ended || !is_empty(down) || !(pipe->inner_ready & TLS_PIPE_IN) || !make_room(down))
        return false;
    ssize_t count = recv(pipe->inner, down->bytes, FLOW_SIZE, 0);
    if (count > 0) {
        down->to = (size_t)count;
        return true;
    }
    int error = errno;
    empty(down);
    if (count == 0)
        down->is_ended = true;
    else if (error == EAGAIN)
        pipe->inner_ready &= ~(unsigned int)TLS_PIPE_IN;
    else if (error != EINTR)
        pipe->state = TLS_PIPE_OVER; /* cut off, and so is the client */
    return count == 0 || error == EINTR;
}

/* All was sent: says so, in TLS and in TCP. */
static bool close_outer(struct tls_pipe *pipe)
{
    int result = SSL_shutdown(pipe->ssl);
    if (result < 0 && waits(pipe, result, &pipe->write_needs))
        return false;
    shutdown(pipe->outer, SHUT_WR);
    pipe->down.is_closed = true;
    pipe->progress++;
    return true;
}

static bool write_outer(struct tls_pipe *pipe)
{
    struct tls_flow *down = &pipe->down;
    if (down->is_closed || (pipe->outer_ready & pipe->write_needs) == 0)
        return false;
    ERR_clear_error();
    if (is_empty(down))
        return down->is_ended && close_outer(pipe);
    int count = SSL_write(pipe->ssl, down->bytes + down->from, (int)(down->to - down->from));
    if (count > 0) {
        pipe->write_needs = TLS_PIPE_OUT;
        take(down, (size_t)count);
        pipe->progress++;
        return true;
    }
    if (waits(pipe, count, &pipe->write_needs))
        return false;
    pipe->state = TLS_PIPE_OVER;
    return true;
}

/* --- Turns -------------------------------------------------------------------------------------------------------- */

/* What is too long for a head, or breaks off, is for the server behind to refuse. */
static bool listen_for_head(struct tls_pipe *pipe)
{
    const struct tls_flow *up = &pipe->up;
    if (!read_more(pipe))
        return false;
    if (!is_empty(up) && (head_end_is_in(up->bytes, up->to) || up->is_ended || up->to == FLOW_SIZE))
        pipe->state = TLS_PIPE_SPOKEN;
    else if (up->is_ended)
        pipe->state = TLS_PIPE_OVER;
    return pipe->state == TLS_PIPE_SILENT;
}

static bool relay(struct tls_pipe *pipe)
{
    bool moved = read_outer(pipe);
    moved = (pipe->state == TLS_PIPE_OPEN && write_inner(pipe)) || moved;
    moved = (pipe->state == TLS_PIPE_OPEN && read_inner(pipe)) || moved;
    moved = (pipe->state == TLS_PIPE_OPEN && write_outer(pipe)) || moved;
    if (pipe->up.is_closed && pipe->down.is_closed)
        pipe->state = TLS_PIPE_OVER;
    return moved;
}

/* Reads, without looking, until the client has closed. */
static bool hear_out(struct tls_pipe *pipe)
{
    char ignored[4096];
    ssize_t count = recv(pipe->outer, ignored, sizeof ignored, 0);
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR))
        pipe->state = TLS_PIPE_OVER;
    return count > 0;
}

static bool step(struct tls_pipe *pipe)
{
    switch (pipe->state) {
    case TLS_PIPE_HANDSHAKE:
        return shake_hands(pipe);
    case TLS_PIPE_SILENT:
        return listen_for_head(pipe);
    case TLS_PIPE_OPEN:
        return relay(pipe);
    case TLS_PIPE_LEAVING:
        return hear_out(pipe);
    case TLS_PIPE_SPOKEN:
    case TLS_PIPE_OVER:
        break;
    }
    return false;
}

bool tls_pipe_turn(struct tls_pipe *pipe)
{
    for (int i = 0; i < ROUNDS_MAX; i++)
        if (!step(pipe))
            return false;
    return true;
}

bool tls_pipe_is_waiting(const struct tls_pipe *pipe)
{
    return pipe->state != TLS_PIPE_OPEN || !is_empty(&pipe->down) || pipe->down.is_ended;
}

bool tls_pipe_is_sent(const struct tls_pipe *pipe)
{
    return pipe->state != TLS_PIPE_OPEN || pipe->down.is_closed;
}

void tls_pipe_close(struct tls_pipe *pipe)
{
    SSL_free(pipe->ssl);
    empty(&pipe->up);
    empty(&pipe->down);
    close(pipe->outer);
    if (pipe->inner >= 0)
        close(pipe->inner);
}
