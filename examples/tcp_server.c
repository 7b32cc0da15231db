/*
 * A party server in one file: libsyncplay behind plain TCP, one JSON message a line, one thread, poll().
 *
 *     cc tcp_server.c $(pkg-config --cflags --libs libsyncplay) -o tcp_server && ./tcp_server 7000
 *     nc 127.0.0.1 7000
 *     {"type":"hello","name":"Ana"}
 *     {"type":"create","title":"Big Buck Bunny"}
 *
 * `hello` and `create` are this example's own; all other messages are those of lib/PROTOCOL.md, such as
 * {"type":"join","session_code":"..."} and {"type":"play"}.
 *
 * THERE IS NO AUTHENTICATION: whoever connects is a new guest under whatever name they give. That is why this listens
 * on 127.0.0.1 only. A real host proves who somebody is before it calls syncplay_hub_connect.
 */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <syncplay/syncplay.h>

#define MAX_CLIENTS 256
#define MAX_LINE 16384  /* bytes of one message, its newline included */
#define MAX_QUEUE 65536 /* bytes waiting for a client that reads too slowly; more, and it is dropped */

struct client {
    uint64_t connection; /* the hub's name for it: never used twice, and client_of() finds the slot in it */
    bool named;          /* said hello: the hub knows this connection */
    bool gone;           /* to be closed at the end of the turn; never sooner, a callback may be looking at it */
    syncplay_id user_id;
    char name[4 * SYNCPLAY_NAME_MAX + 1];
    size_t in_length;
    size_t out_length;
    char in[MAX_LINE];
    char out[MAX_QUEUE];
};

struct server {
    syncplay_hub *hub;
    uint64_t accepted; /* how many clients there ever were */
    struct client *clients[MAX_CLIENTS];
    struct pollfd polls[MAX_CLIENTS + 1]; /* one each, and at the end the listener; fd -1 is a free slot */
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

/* --- To the clients --------------------------------------------------------------------------------------------- */

static struct client *client_of(struct server *server, uint64_t connection)
{
    struct client *client = server->clients[connection % MAX_CLIENTS];
    return client != NULL && client->connection == connection ? client : NULL;
}

static void queue_line(struct client *client, const char *bytes, size_t length)
{
    if (client->gone || length + 1 > MAX_QUEUE - client->out_length) {
        client->gone = true;
        return;
    }
    memcpy(client->out + client->out_length, bytes, length);
    client->out[client->out_length + length] = '\n';
    client->out_length += length + 1;
}

/* The hub's callback: it only queues, and nothing in here can block or call the hub. */
static void deliver(void *user_data, const uint64_t *connections, size_t count, const char *bytes, size_t length)
{
    for (size_t i = 0; i < count; i++) {
        struct client *client = client_of(user_data, connections[i]);
        if (client != NULL) {
            queue_line(client, bytes, length);
        }
    }
}

static void refuse(struct client *client, const char *code)
{
    char line[160];
    const int length = snprintf(line, sizeof line, "{\"type\":\"error\",\"code\":\"%s\",\"message\":\"see tcp_server.c\"}", code);
    queue_line(client, line, (size_t)length);
}

static void flush(struct client *client, int descriptor)
{
    if (client->out_length == 0) {
        return;
    }
    const ssize_t sent = send(descriptor, client->out, client->out_length, MSG_NOSIGNAL);
    if (sent > 0) {
        client->out_length -= (size_t)sent;
        memmove(client->out, client->out + sent, client->out_length);
    } else if (errno != EAGAIN && errno != EINTR) {
        client->gone = true;
    }
}

/* --- From the clients ------------------------------------------------------------------------------------------- */

/* {"type":"hello","name":"..."} in just this order, so that this example needs no JSON reader of its own. */
static void hello(struct server *server, struct client *client, const char *line)
{
    if (sscanf(line, " { \"type\" : \"hello\" , \"name\" : \"%128[^\"\\]\" }", client->name) != 1) {
        refuse(client, "say_hello_first");
        return;
    }
    syncplay_user user;
    syncplay_user_default(&user, sizeof user);
    memcpy(user.id.bytes, &client->connection, sizeof client->connection);
    user.name = client->name;
    client->user_id = user.id;
    /* The hub checks the name (length, UTF-8, no control characters). */
    client->named = syncplay_hub_connect(server->hub, now(), client->connection, &user) == SYNCPLAY_OK;
    if (!client->named) {
        refuse(client, "bad_name");
    }
}

/* {"type":"create","title":"..."}: a public session about a film of that title; its maker takes the first seat. */
static void create(struct server *server, struct client *client, const char *title)
{
    syncplay_user host;
    syncplay_user_default(&host, sizeof host);
    host.id = client->user_id;
    host.name = client->name;
    syncplay_content content;
    syncplay_content_default(&content, sizeof content);
    content.type = "movie";
    content.id = client->user_id; /* there is no catalogue here, so any id will do */
    content.title = title;
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
        /* The hub answers a join with a `state`, which tells the code as well. */
        syncplay_command join;
        syncplay_command_default(&join, sizeof join, SYNCPLAY_COMMAND_JOIN);
        join.code = info.code;
        error = syncplay_hub_submit(server->hub, now(), client->connection, &join);
    }
    if (error != SYNCPLAY_OK) {
        refuse(client, syncplay_error_code(error));
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

static void read_lines(struct server *server, struct client *client, int descriptor)
{
    const ssize_t got = recv(descriptor, client->in + client->in_length, MAX_LINE - client->in_length, 0);
    if (got <= 0) {
        client->gone = got == 0 || (errno != EAGAIN && errno != EINTR);
        return;
    }
    client->in_length += (size_t)got;
    char *line = client->in;
    char *const end = client->in + client->in_length;
    for (char *newline; (newline = memchr(line, '\n', (size_t)(end - line))) != NULL; line = newline + 1) {
        *newline = '\0';
        handle_line(server, client, line, (size_t)(newline - line));
        flush(client, descriptor); /* so that only a client that does not read fills its queue, not one that asks a lot */
    }
    client->in_length = (size_t)(end - line);
    memmove(client->in, line, client->in_length);
    if (client->in_length == MAX_LINE) {
        client->gone = true; /* a line that never ends */
    }
}

/* --- Coming and going ------------------------------------------------------------------------------------------- */

static void accept_client(struct server *server, int listener)
{
    const int descriptor = accept(listener, NULL, NULL);
    if (descriptor < 0) {
        return;
    }
    size_t slot = 0;
    while (slot < MAX_CLIENTS && server->clients[slot] != NULL) {
        slot++;
    }
    struct client *client = slot < MAX_CLIENTS ? calloc(1, sizeof *client) : NULL;
    if (client == NULL || fcntl(descriptor, F_SETFL, O_NONBLOCK) != 0) {
        free(client);
        close(descriptor);
        return;
    }
    client->connection = ++server->accepted * MAX_CLIENTS + slot;
    server->clients[slot] = client;
    server->polls[slot].fd = descriptor;
}

/* The participant's seat is kept for a while by the library; here we only tell that the connection is no more. */
static void close_client(struct server *server, size_t slot)
{
    struct client *client = server->clients[slot];
    if (client->named) {
        syncplay_hub_disconnect(server->hub, now(), client->connection);
    }
    close(server->polls[slot].fd);
    server->polls[slot].fd = -1;
    server->clients[slot] = NULL;
    free(client);
}

/* --- The loop --------------------------------------------------------------------------------------------------- */

static int milliseconds_until(int64_t deadline)
{
    const int64_t left = deadline == SYNCPLAY_NEVER ? 60000000 : deadline - now();
    return left <= 0 ? 0 : left >= 60000000 ? 60000 : (int)(left / 1000 + 1);
}

static void turn(struct server *server)
{
    for (size_t slot = 0; slot < MAX_CLIENTS; slot++) {
        const struct client *client = server->clients[slot];
        server->polls[slot].events = client != NULL && client->out_length > 0 ? POLLIN | POLLOUT : POLLIN;
        server->polls[slot].revents = 0;
    }
    if (poll(server->polls, MAX_CLIENTS + 1, milliseconds_until(syncplay_hub_deadline(server->hub))) < 0) {
        return;
    }
    for (size_t slot = 0; slot < MAX_CLIENTS; slot++) {
        if (server->clients[slot] != NULL && (server->polls[slot].revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
            read_lines(server, server->clients[slot], server->polls[slot].fd);
        }
    }
    syncplay_hub_tick(server->hub, now()); /* does nothing when nothing is due */
    for (size_t slot = 0; slot < MAX_CLIENTS; slot++) {
        if (server->clients[slot] != NULL) {
            flush(server->clients[slot], server->polls[slot].fd);
        }
        if (server->clients[slot] != NULL && server->clients[slot]->gone) {
            close_client(server, slot);
        }
    }
    if (server->polls[MAX_CLIENTS].revents != 0) {
        accept_client(server, server->polls[MAX_CLIENTS].fd);
    }
}

static int listen_on(const char *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    const int yes = 1;
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 64) != 0 ||
        fcntl(listener, F_SETFL, O_NONBLOCK) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0) {
        perror("cannot listen");
        exit(1);
    }
    printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

int main(int argc, char **argv)
{
    static struct server server;
    syncplay_hub_callbacks callbacks;
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.deliver = deliver;
    syncplay_hub_config config;
    syncplay_hub_config_default(&config, sizeof config);
    config.unix_time = microseconds(CLOCK_REALTIME);
    const int error = syncplay_hub_new(&server.hub, now(), &config, &callbacks, &server);
    if (error != SYNCPLAY_OK) {
        char why[100];
        syncplay_hub_config_check(&config, why, sizeof why); /* a sentence, if it is for a setting */
        fprintf(stderr, "%s %s\n", syncplay_strerror(error), why);
        return 1;
    }
    for (size_t slot = 0; slot < MAX_CLIENTS; slot++) {
        server.polls[slot].fd = -1;
    }
    server.polls[MAX_CLIENTS] = (struct pollfd){.fd = listen_on(argc > 1 ? argv[1] : "7000"), .events = POLLIN};
    for (;;) {
        turn(&server);
    }
}
