/* One epoll, edge-triggered. A turn: wait, note who is ready, give each of them a turn, look at the time. */
#include "tls_relay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "client_address.h"
#include "clock.h"
#include "connection_count.h"
#include "log.h"
#include "tls_context.h"
#include "tls_pipe.h"

/*
 * How long a handshake may take, a client may take for the head of its request, may not read what waits for it, and may
 * not close when all was said.
 */
#define PATIENCE (20 * CLOCK_SECOND)
#define EVENTS_MAX 128
/*
 * What the kernel keeps of the inner side, and of what was not even sent to the client: enough for a film, and not so
 * much that the backlog of a WebSocket whose client does not read hides in it.
 */
#define KERNEL_BUFFER 131072
/* When there are no descriptors: nothing else would keep the thread from trying at once. */
#define PAUSE_NS 10000000
#define NEVER INT64_MAX

struct link;

/* What epoll knows a socket by. */
struct end {
    struct link *link;
    unsigned int *ready;
};

/* One connection. */
struct link {
    struct tls_pipe pipe;
    struct end outer;
    struct end inner;
    struct link *previous, *next; /* all */
    struct link *next_ready;
    struct link *sooner, *later; /* those with a deadline, in its order */
    int64_t deadline;            /* NEVER if in no such list */
    unsigned int progress;       /* when the deadline was set */
    bool is_ready;
    struct in_addr client;
    int inner_port; /* 0 before it is known */
};

struct tls_relay {
    struct tls_relay_shared *shared;
    pthread_t thread;
    int epoll;
    int wake;
    _Atomic int64_t stop_at;
    bool is_stopping;
    struct link *all;
    struct link *ready, **ready_last;
    struct link *first_due, *last_due;
};

static void set_ready(struct tls_relay *relay, struct link *link)
{
    if (link->is_ready)
        return;
    link->is_ready = true;
    link->next_ready = NULL;
    *relay->ready_last = link;
    relay->ready_last = &link->next_ready;
}

/* --- Time --------------------------------------------------------------------------------------------------------- */

static void forget_deadline(struct tls_relay *relay, struct link *link)
{
    if (link->deadline == NEVER)
        return;
    *(link->sooner != NULL ? &link->sooner->later : &relay->first_due) = link->later;
    *(link->later != NULL ? &link->later->sooner : &relay->last_due) = link->sooner;
    link->deadline = NEVER;
}

/* All have the same patience, so the newest deadline is the last. */
static void set_deadline(struct tls_relay *relay, struct link *link)
{
    forget_deadline(relay, link);
    link->deadline = clock_now() + PATIENCE;
    link->progress = link->pipe.progress;
    link->sooner = relay->last_due;
    link->later = NULL;
    *(relay->last_due != NULL ? &relay->last_due->later : &relay->first_due) = link;
    relay->last_due = link;
}

static void look_at_deadline(struct tls_relay *relay, struct link *link)
{
    if (!tls_pipe_is_waiting(&link->pipe))
        forget_deadline(relay, link);
    else if (link->deadline == NEVER || link->progress != link->pipe.progress)
        set_deadline(relay, link);
}

static void end_overdue(struct tls_relay *relay)
{
    int64_t now = relay->first_due == NULL ? 0 : clock_now();
    for (struct link *link = relay->first_due; link != NULL && link->deadline <= now; link = link->later) {
        link->pipe.state = TLS_PIPE_OVER;
        set_ready(relay, link);
    }
}

/* --- Connections -------------------------------------------------------------------------------------------------- */

static bool watch(struct tls_relay *relay, int descriptor, struct end *end)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = end};
    return epoll_ctl(relay->epoll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

/* Moves a socket above the floor, where nobody looks for those of the server behind; closes it if that does not go. */
static int lift(const struct tls_relay_shared *shared, int descriptor)
{
    int yes = 1;
    int lifted = descriptor < 0 ? -1 : fcntl(descriptor, F_DUPFD_CLOEXEC, shared->floor);
    if (descriptor >= 0)
        close(descriptor);
    if (lifted >= 0)
        setsockopt(lifted, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return lifted;
}

static struct client_address address_of(const struct tls_relay_shared *shared, struct in_addr client)
{
    struct client_address address;
    char text[INET_ADDRSTRLEN] = "";
    inet_ntop(AF_INET, &client, text, sizeof text);
    client_address_begin(&address, shared->trusted, text);
    return address;
}

/* A place for one more connection of this client's. */
static bool take_place(struct tls_relay_shared *shared, struct in_addr client)
{
    struct client_address address = address_of(shared, client);
    if (!address.is_proxied && !connection_count_take_address(shared->addresses, address.group)) {
        log_debug("TLS connection closed, there are too many from this address remote=%s", address.text);
        return false;
    }
    if (atomic_fetch_add(&shared->count, 1) < shared->max)
        return true;
    atomic_fetch_sub(&shared->count, 1);
    if (!address.is_proxied)
        connection_count_give_address(shared->addresses, address.group);
    if (!atomic_exchange(&shared->is_full, true))
        log_warn("there are too many TLS connections, the next are closed limit=%u", shared->max);
    return false;
}

static void give_place(struct tls_relay_shared *shared, struct in_addr client)
{
    struct client_address address = address_of(shared, client);
    if (!address.is_proxied)
        connection_count_give_address(shared->addresses, address.group);
    if (atomic_fetch_sub(&shared->count, 1) < shared->max / 2)
        atomic_store(&shared->is_full, false);
}

static void drop(struct tls_relay *relay, struct link *link)
{
    char address[INET_ADDRSTRLEN];
    if (link->pipe.why != NULL)
        log_debug("TLS handshake failed remote=%s reason=%s", inet_ntop(AF_INET, &link->client, address, sizeof address),
                  link->pipe.why);
    forget_deadline(relay, link);
    *(link->previous != NULL ? &link->previous->next : &relay->all) = link->next;
    if (link->next != NULL)
        link->next->previous = link->previous;
    /* Before the port goes free. */
    if (link->inner_port != 0)
        atomic_store(&relay->shared->peers[link->inner_port], 0);
    tls_pipe_close(&link->pipe);
    give_place(relay->shared, link->client);
    free(link);
}

/* A connection to the server behind, under way; its port is noted before anything is said over it. */
static bool connect_inner(struct tls_relay *relay, struct link *link)
{
    struct tls_relay_shared *shared = relay->shared;
    struct sockaddr_in own = {0};
    socklen_t size = sizeof own;
    int buffer = KERNEL_BUFFER;
    int inner = lift(shared, socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (inner < 0)
        return false;
    setsockopt(inner, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    tls_pipe_attach(&link->pipe, inner);
    if ((connect(inner, (const struct sockaddr *)&shared->inner, sizeof shared->inner) != 0 && errno != EINPROGRESS) ||
        getsockname(inner, (struct sockaddr *)&own, &size) != 0)
        return false;
    link->inner_port = ntohs(own.sin_port);
    atomic_store(&shared->peers[link->inner_port], link->client.s_addr);
    return watch(relay, inner, &link->inner);
}

static struct link *new_link(struct tls_relay *relay, int outer, struct in_addr client)
{
    struct tls_relay_shared *shared = relay->shared;
    struct link *link = calloc(1, sizeof *link);
    struct ssl_ctx_st *context = shared->context(shared->arg);
    int unsent = KERNEL_BUFFER;
    setsockopt(outer, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
    bool is_good = link != NULL && tls_pipe_init(&link->pipe, outer, context);
    tls_context_free(context);
    if (!is_good) {
        free(link);
        return NULL;
    }
    link->outer = (struct end){link, &link->pipe.outer_ready};
    link->inner = (struct end){link, &link->pipe.inner_ready};
    link->client = client;
    link->deadline = NEVER;
    link->next = relay->all;
    if (relay->all != NULL)
        relay->all->previous = link;
    relay->all = link;
    return link;
}

/* There is room for it. */
static void admit(struct tls_relay *relay, int outer, struct in_addr client)
{
    struct link *link = outer < 0 ? NULL : new_link(relay, outer, client);
    if (link == NULL) {
        if (outer >= 0)
            close(outer);
        give_place(relay->shared, client);
        return;
    }
    if (!watch(relay, outer, &link->outer))
        link->pipe.state = TLS_PIPE_OVER;
    set_ready(relay, link);
}

/* One at a time, so that all relays get some of a crowd. */
static void accept_one(struct tls_relay *relay)
{
    struct tls_relay_shared *shared = relay->shared;
    struct sockaddr_in client = {0};
    socklen_t size = sizeof client;
    int outer = accept4(shared->listener, (struct sockaddr *)&client, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (outer < 0) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
        else if (errno == EINVAL) /* it was shut down */
            epoll_ctl(relay->epoll, EPOLL_CTL_DEL, shared->listener, NULL);
        return;
    }
    if (take_place(shared, client.sin_addr))
        admit(relay, lift(shared, outer), client.sin_addr);
    else
        close(outer);
}

/* --- Turns -------------------------------------------------------------------------------------------------------- */

static void give_turn(struct tls_relay *relay, struct link *link)
{
    bool has_more = tls_pipe_turn(&link->pipe);
    if (link->pipe.state == TLS_PIPE_SPOKEN) {
        has_more = true;
        if (!connect_inner(relay, link))
            link->pipe.state = TLS_PIPE_OVER;
    }
    if (link->pipe.state == TLS_PIPE_OVER || (relay->is_stopping && tls_pipe_is_sent(&link->pipe))) {
        drop(relay, link);
        return;
    }
    look_at_deadline(relay, link);
    if (has_more)
        set_ready(relay, link);
}

static void give_turns(struct tls_relay *relay)
{
    struct link *next;
    struct link *link = relay->ready;
    relay->ready = NULL;
    relay->ready_last = &relay->ready;
    for (; link != NULL; link = next) {
        next = link->next_ready;
        link->is_ready = false;
        give_turn(relay, link);
    }
}

static void note(struct tls_relay *relay, const struct epoll_event *event)
{
    const struct end *end = event->data.ptr;
    if (end == NULL) { /* the listener */
        accept_one(relay);
        return;
    }
    if (event->events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR))
        *end->ready |= TLS_PIPE_IN;
    if (event->events & (EPOLLOUT | EPOLLHUP | EPOLLERR))
        *end->ready |= TLS_PIPE_OUT;
    set_ready(relay, end->link);
}

/* How long to sleep, in milliseconds rounded up; -1 for ever. */
static int time_to_sleep(const struct tls_relay *relay)
{
    int64_t until = relay->is_stopping ? atomic_load(&relay->stop_at) : NEVER;
    if (relay->ready != NULL)
        return 0;
    if (relay->first_due != NULL && relay->first_due->deadline < until)
        until = relay->first_due->deadline;
    if (until == NEVER)
        return -1;
    int64_t left = until - clock_now();
    return left <= 0 ? 0 : (int)(left / CLOCK_MILLISECOND) + 1;
}

static void wait_and_note(struct tls_relay *relay)
{
    struct epoll_event events[EVENTS_MAX];
    int count = epoll_wait(relay->epoll, events, EVENTS_MAX, time_to_sleep(relay));
    for (int i = 0; i < count; i++)
        if (events[i].data.ptr != &relay->wake)
            note(relay, &events[i]);
    if (relay->is_stopping || atomic_load(&relay->stop_at) == NEVER)
        return;
    relay->is_stopping = true;
    epoll_ctl(relay->epoll, EPOLL_CTL_DEL, relay->wake, NULL);
    for (struct link *link = relay->all; link != NULL; link = link->next)
        set_ready(relay, link);
}

static bool is_done(const struct tls_relay *relay)
{
    return relay->is_stopping && (relay->all == NULL || clock_now() >= atomic_load(&relay->stop_at));
}

static void *run(void *arg)
{
    struct tls_relay *relay = arg;
    while (!is_done(relay)) {
        wait_and_note(relay);
        end_overdue(relay);
        give_turns(relay);
    }
    while (relay->all != NULL)
        drop(relay, relay->all);
    return NULL;
}

/* --- Its life ----------------------------------------------------------------------------------------------------- */

static bool open_epoll(struct tls_relay *relay)
{
    struct epoll_event listener = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.ptr = NULL};
    struct epoll_event wake = {.events = EPOLLIN, .data.ptr = &relay->wake};
    relay->epoll = epoll_create1(EPOLL_CLOEXEC);
    relay->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return relay->epoll >= 0 && relay->wake >= 0 &&
           epoll_ctl(relay->epoll, EPOLL_CTL_ADD, relay->shared->listener, &listener) == 0 &&
           epoll_ctl(relay->epoll, EPOLL_CTL_ADD, relay->wake, &wake) == 0;
}

static void free_relay(struct tls_relay *relay)
{
    if (relay->epoll >= 0)
        close(relay->epoll);
    if (relay->wake >= 0)
        close(relay->wake);
    free(relay);
}

struct tls_relay *tls_relay_start(struct tls_relay_shared *shared)
{
    struct tls_relay *relay = calloc(1, sizeof *relay);
    if (relay == NULL)
        return NULL;
    relay->shared = shared;
    relay->epoll = relay->wake = -1;
    relay->ready_last = &relay->ready;
    atomic_init(&relay->stop_at, NEVER);
    if (open_epoll(relay) && pthread_create(&relay->thread, NULL, run, relay) == 0)
        return relay;
    free_relay(relay);
    return NULL;
}

void tls_relay_stop(struct tls_relay *relay, int timeout_ms)
{
    uint64_t one = 1;
    atomic_store(&relay->stop_at, clock_now() + timeout_ms * CLOCK_MILLISECOND);
    while (write(relay->wake, &one, sizeof one) < 0 && errno == EINTR)
        continue;
}

void tls_relay_join(struct tls_relay *relay)
{
    pthread_join(relay->thread, NULL);
    free_relay(relay);
}
