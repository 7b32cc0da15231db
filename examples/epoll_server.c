/*
 * The party server of tcp_server.c on Linux's own event loop: everything that can happen is a descriptor of one epoll.
 * The hub's deadline is a timerfd, being told to end is a signalfd, a turn costs what happened, however many clients
 * there are, and latencies are those that TCP measures.
 *
 *     cc epoll_server.c $(pkg-config --cflags --libs libsyncplay) -o epoll_server && ./epoll_server 7000
 *     nc 127.0.0.1 7000
 *     {"type":"hello","name":"Ana"}
 *     {"type":"create","title":"Big Buck Bunny"}
 *
 * What it says and understands, and what it lacks (AUTHENTICATION), is as in tcp_server.c.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <syncplay/syncplay.h>

#define MAX_CLIENTS 256
#define MAX_LINE 16384  /* bytes of one message, its newline included */
#define MAX_QUEUE 65536 /* bytes waiting for a client that reads too slowly; more, and it is dropped */
#define MAX_EVENTS 64   /* of one turn; what does not fit comes in the next */

/* What an event is about: one of these, or a client's connection. */
enum { LISTENER = 1, TIMER = 2, SIGNAL = 3, FIRST_CONNECTION = MAX_CLIENTS };

struct client {
    uint64_t connection; /* never used twice, and client_of() finds the slot in it */
    int descriptor;
    bool named;          /* said hello: the hub knows this connection */
    bool gone;           /* to be closed at the end of the turn; never sooner, a callback may be looking at it */
    bool touched;        /* has something to send, or is gone: the turn's end will look at it */
    uint32_t interest;   /* what epoll was told to look for */
    syncplay_id user_id;
    char name[4 * SYNCPLAY_NAME_MAX + 1];
    size_t in_length, out_length;
    char in[MAX_LINE];
    char out[MAX_QUEUE];
};

struct server {
    syncplay_hub *hub;
    int epoll, listener, timer, signals;
    bool is_over;
    int64_t alarm; /* what the timer is set to */
    uint64_t accepted;
    struct client *clients[MAX_CLIENTS];
    struct client *touched[MAX_CLIENTS];
    size_t touched_count;
};

static int64_t microseconds(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static int64_t now(void)
{
    return microseconds(CLOCK_MONOTONIC);
}

static void must(bool is_well, const char *what)
{
    if (!is_well) {
        perror(what);
        exit(1);
    }
}

/* --- To the clients --------------------------------------------------------------------------------------------- */

static void touch(struct server *server, struct client *client)
{
    if (!client->touched) {
        client->touched = true;
        server->touched[server->touched_count++] = client;
    }
}

static void drop(struct server *server, struct client *client)
{
    client->gone = true;
    touch(server, client);
}

static void queue_line(struct server *server, struct client *client, const char *bytes, size_t length)
{
    if (client->gone || length + 1 > MAX_QUEUE - client->out_length) {
        drop(server, client);
        return;
    }
    memcpy(client->out + client->out_length, bytes, length);
    client->out[client->out_length + length] = '\n';
    client->out_length += length + 1;
    touch(server, client);
}

static struct client *client_of(struct server *server, uint64_t connection)
{
    struct client *client = server->clients[connection % MAX_CLIENTS];
    return client != NULL && client->connection == connection ? client : NULL;
}

/* The hub's callback: it only queues, and nothing in here can block or call the hub. */
static void deliver(void *user_data, const uint64_t *connections, size_t count, const char *bytes, size_t length)
{
    for (size_t i = 0; i < count; i++) {
        struct client *client = client_of(user_data, connections[i]);
        if (client != NULL) {
            queue_line(user_data, client, bytes, length);
        }
    }
}

static void refuse(struct server *server, struct client *client, const char *code)
{
    char line[160];
    const int length =
        snprintf(line, sizeof line, "{\"type\":\"error\",\"code\":\"%s\",\"message\":\"see epoll_server.c\"}", code);
    queue_line(server, client, line, (size_t)length);
}

/* Sends what can be sent now. Only who does not take all of it is looked at for room, so an idle loop sleeps. */
static void flush(struct server *server, struct client *client)
{
    if (client->out_length > 0) {
        const ssize_t sent = send(client->descriptor, client->out, client->out_length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            client->out_length -= (size_t)sent;
            memmove(client->out, client->out + sent, client->out_length);
        } else if (errno != EAGAIN && errno != EINTR) {
            drop(server, client);
        }
    }
    const uint32_t interest = client->out_length > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN;
    if (interest != client->interest) {
        client->interest = interest;
        struct epoll_event event = {.events = interest, .data.u64 = client->connection};
        must(epoll_ctl(server->epoll, EPOLL_CTL_MOD, client->descriptor, &event) == 0, "epoll_ctl");
    }
}

/* --- From the clients ------------------------------------------------------------------------------------------- */

/* {"type":"hello","name":"..."} in just this order, so that this example needs no JSON reader of its own. */
static void hello(struct server *server, struct client *client, const char *line)
{
    if (sscanf(line, " { \"type\" : \"hello\" , \"name\" : \"%128[^\"\\]\" }", client->name) != 1) {
        refuse(server, client, "say_hello_first");
        return;
    }
    memcpy(client->user_id.bytes, &client->connection, sizeof client->connection);
    const syncplay_user user = {.struct_size = sizeof user, .id = client->user_id, .name = client->name};
    client->named = syncplay_hub_connect(server->hub, now(), client->connection, &user) == SYNCPLAY_OK;
    if (!client->named) {
        refuse(server, client, "bad_name");
    }
}

/* {"type":"create","title":"..."}: a public session about a film of that title; its maker takes the first seat. */
static void create(struct server *server, struct client *client, const char *title)
{
    const syncplay_user host = {.struct_size = sizeof host, .id = client->user_id, .name = client->name};
    const syncplay_content content = {
        .struct_size = sizeof content, .type = "movie", .id = client->user_id, .title = title};
    syncplay_settings settings;
    syncplay_settings_default(&settings, sizeof settings);
    settings.visibility = SYNCPLAY_PUBLIC;
    syncplay_id session;
    int error = syncplay_hub_create(server->hub, now(), &host, &content, &settings, &session);
    syncplay_session_info info = {.struct_size = sizeof info};
    if (error == SYNCPLAY_OK) {
        error = syncplay_hub_session(server->hub, now(), &session, &info);
    }
    if (error == SYNCPLAY_OK) {
        syncplay_command join;
        syncplay_command_default(&join, sizeof join, SYNCPLAY_COMMAND_JOIN);
        join.code = info.code;
        error = syncplay_hub_submit(server->hub, now(), client->connection, &join);
    }
    if (error != SYNCPLAY_OK) {
        refuse(server, client, syncplay_error_code(error));
    }
}

static void handle_line(struct server *server, struct client *client, const char *line, size_t length)
{
    char title[4 * SYNCPLAY_TITLE_MAX + 1];
    if (!client->named) {
        hello(server, client, line);
    } else if (sscanf(line, " { \"type\" : \"create\" , \"title\" : \"%800[^\"\\]\" }", title) == 1) {
        create(server, client, title);
    } else {
        /* Everything else is the library's. What is wrong with it, it tells the client itself. */
        syncplay_hub_receive(server->hub, now(), client->connection, line, length);
    }
}

/* TCP knows how long it takes to the client and back, so nobody has to be asked. */
static void measure(struct server *server, struct client *client)
{
    struct tcp_info info;
    socklen_t length = sizeof info;
    if (client->named && getsockopt(client->descriptor, IPPROTO_TCP, TCP_INFO, &info, &length) == 0) {
        syncplay_hub_round_trip(server->hub, now(), client->connection, info.tcpi_rtt);
    }
}

static void read_lines(struct server *server, struct client *client)
{
    const ssize_t got =
        recv(client->descriptor, client->in + client->in_length, MAX_LINE - client->in_length, MSG_DONTWAIT);
    if (got <= 0) {
        if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
            drop(server, client);
        }
        return;
    }
    client->in_length += (size_t)got;
    char *line = client->in;
    char *const end = client->in + client->in_length;
    for (char *newline; (newline = memchr(line, '\n', (size_t)(end - line))) != NULL; line = newline + 1) {
        *newline = '\0';
        handle_line(server, client, line, (size_t)(newline - line));
        flush(server, client); /* so that only who does not read fills the queue, not who asks a lot */
    }
    measure(server, client);
    client->in_length = (size_t)(end - line);
    memmove(client->in, line, client->in_length);
    if (client->in_length == MAX_LINE) {
        drop(server, client); /* a line that never ends */
    }
}

/* --- Coming and going ------------------------------------------------------------------------------------------- */

static void watch(struct server *server, int descriptor, uint64_t name)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = name};
    must(descriptor >= 0 && epoll_ctl(server->epoll, EPOLL_CTL_ADD, descriptor, &event) == 0, "epoll_ctl");
}

static void accept_client(struct server *server)
{
    const int descriptor = accept4(server->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) {
        return;
    }
    size_t slot = 0;
    while (slot < MAX_CLIENTS && server->clients[slot] != NULL) {
        slot++;
    }
    struct client *client = slot < MAX_CLIENTS ? calloc(1, sizeof *client) : NULL;
    if (client == NULL) {
        close(descriptor);
        return;
    }
    client->connection = FIRST_CONNECTION + server->accepted++ * MAX_CLIENTS + slot;
    client->descriptor = descriptor;
    client->interest = EPOLLIN;
    server->clients[slot] = client;
    watch(server, descriptor, client->connection);
}

/* The participant's seat is kept for a while by the library; here we only tell that the connection is no more. */
static void close_client(struct server *server, struct client *client)
{
    server->clients[client->connection % MAX_CLIENTS] = NULL;
    if (client->named) {
        syncplay_hub_disconnect(server->hub, now(), client->connection);
    }
    close(client->descriptor); /* and epoll forgets it */
    free(client);
}

/* --- The loop --------------------------------------------------------------------------------------------------- */

/* The hub and the timer have the same clock, so the deadline is an absolute time, and nothing is lost by rounding. */
static void set_timer(struct server *server)
{
    const int64_t deadline = syncplay_hub_deadline(server->hub);
    if (deadline == server->alarm) {
        return;
    }
    server->alarm = deadline;
    struct itimerspec when = {.it_value = {0, 0}}; /* never */
    if (deadline != SYNCPLAY_NEVER) { /* and later than 0, because this clock is */
        when.it_value.tv_sec = deadline / 1000000;
        when.it_value.tv_nsec = deadline % 1000000 * 1000;
    }
    must(timerfd_settime(server->timer, TFD_TIMER_ABSTIME, &when, NULL) == 0, "timerfd_settime");
}

static void tick(struct server *server)
{
    uint64_t times;
    if (read(server->timer, &times, sizeof times) == (ssize_t)sizeof times) {
        server->alarm = SYNCPLAY_NEVER; /* it has rung, and rings no more */
    }
    syncplay_hub_tick(server->hub, now());
}

static void handle(struct server *server, const struct epoll_event *event)
{
    struct client *client = client_of(server, event->data.u64);
    if (event->data.u64 == LISTENER) {
        accept_client(server);
    } else if (event->data.u64 == TIMER) {
        tick(server);
    } else if (event->data.u64 == SIGNAL) {
        server->is_over = true;
    } else if (client != NULL) {
        touch(server, client); /* there may be room to send */
        if ((event->events & ~(uint32_t)EPOLLOUT) != 0) {
            read_lines(server, client);
        }
    }
}

/* Closing one tells the others, who are touched by that: the list may grow while we go through it. */
static void look_after_touched(struct server *server)
{
    while (server->touched_count > 0) {
        struct client *client = server->touched[--server->touched_count];
        client->touched = false; /* NOLINT(clang-analyzer-unix.Malloc): it stands in the list once, until it is closed */
        if (!client->gone) {
            flush(server, client);
        }
        if (client->gone) {
            close_client(server, client);
        }
    }
}

static void turn(struct server *server)
{
    struct epoll_event events[MAX_EVENTS];
    set_timer(server);
    const int count = epoll_wait(server->epoll, events, MAX_EVENTS, -1);
    for (int i = 0; i < count; i++) {
        handle(server, &events[i]);
    }
    look_after_touched(server);
}

/* Everybody is told that it is over, as far as they listen. */
static void end_all(struct server *server)
{
    syncplay_id session;
    while (syncplay_hub_list(server->hub, &session, 1) > 0 &&
           syncplay_hub_end(server->hub, now(), &session, SYNCPLAY_REASON_SHUTDOWN) == SYNCPLAY_OK) {
        look_after_touched(server);
    }
    for (size_t slot = 0; slot < MAX_CLIENTS; slot++) {
        if (server->clients[slot] != NULL) {
            drop(server, server->clients[slot]);
        }
    }
    look_after_touched(server);
    syncplay_hub_free(server->hub);
}

static int listen_on(const char *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int yes = 1;
    must(listener >= 0 && setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
             bind(listener, (struct sockaddr *)&address, length) == 0 && listen(listener, 64) == 0 &&
             getsockname(listener, (struct sockaddr *)&address, &length) == 0,
         "cannot listen");
    printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

int main(int argc, char **argv)
{
    static struct server server = {.alarm = SYNCPLAY_NEVER};
    syncplay_hub_callbacks callbacks;
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.deliver = deliver;
    syncplay_hub_config config;
    syncplay_hub_config_default(&config, sizeof config);
    config.unix_time = microseconds(CLOCK_REALTIME);
    const int error = syncplay_hub_new(&server.hub, now(), &config, &callbacks, &server);
    if (error != SYNCPLAY_OK) {
        fprintf(stderr, "%s\n", syncplay_strerror(error));
        return 1;
    }
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    server.epoll = epoll_create1(EPOLL_CLOEXEC);
    server.timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    server.signals = signalfd(-1, &ends, SFD_NONBLOCK | SFD_CLOEXEC);
    server.listener = listen_on(argc > 1 ? argv[1] : "7000");
    watch(&server, server.timer, TIMER);
    watch(&server, server.signals, SIGNAL);
    watch(&server, server.listener, LISTENER);
    while (!server.is_over) {
        turn(&server);
    }
    end_all(&server);
    return 0;
}
