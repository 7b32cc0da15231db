/*
 * The party server of tcp_server.c on libuv: the hub's deadline is a uv_timer that is set anew before each sleep of the
 * loop, and a message to many is one piece of memory, which goes when the last of them has been sent.
 *
 *     cc libuv_server.c $(pkg-config --cflags --libs libsyncplay) -luv -o libuv_server && ./libuv_server 7000
 *     nc 127.0.0.1 7000
 *     {"type":"hello","name":"Ana"}
 *     {"type":"create","title":"Big Buck Bunny"}
 *
 * What it says and understands, and what it lacks (AUTHENTICATION), is as in tcp_server.c.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include <syncplay/syncplay.h>

#define MAX_CLIENTS 256
#define MAX_LINE 16384  /* bytes of one message, its newline included */
#define MAX_QUEUE 65536 /* bytes waiting for a client that reads too slowly; more, and it is dropped */

struct client {
    uv_tcp_t socket;     /* its data is the server */
    uint64_t connection; /* never used twice, and client_of() finds the slot in it */
    bool named;          /* said hello: the hub knows this connection */
    syncplay_id user_id;
    char name[4 * SYNCPLAY_NAME_MAX + 1];
    size_t in_length;
    char in[MAX_LINE];
};

struct server {
    uv_loop_t *loop;
    syncplay_hub *hub;
    uv_tcp_t listener;
    uv_timer_t timer;
    uv_prepare_t before_sleep;
    uv_signal_t interrupt, terminate;
    uint64_t accepted;
    struct client *clients[MAX_CLIENTS];
};

/* One message on its way to `waiting` clients. */
struct message {
    size_t waiting;
    size_t length;
    char bytes[];
};

struct sending {
    uv_write_t write;
    struct message *message;
};

static int64_t now(void)
{
    return (int64_t)(uv_hrtime() / 1000);
}

static void must(int status, const char *what)
{
    if (status < 0) {
        fprintf(stderr, "%s: %s\n", what, uv_strerror(status));
        exit(1);
    }
}

/* --- Coming and going ------------------------------------------------------------------------------------------- */

static struct client *client_of(struct server *server, uint64_t connection)
{
    struct client *client = server->clients[connection % MAX_CLIENTS];
    return client != NULL && client->connection == connection ? client : NULL;
}

/* libuv calls this in a later turn, never from inside of uv_close: so the hub may be told here, whoever closed it. */
static void on_closed(uv_handle_t *handle)
{
    struct client *client = (struct client *)handle;
    struct server *server = handle->data;
    if (client_of(server, client->connection) == client) { /* it may be one too many, and another's slot */
        server->clients[client->connection % MAX_CLIENTS] = NULL;
    }
    if (client->named) {
        syncplay_hub_disconnect(server->hub, now(), client->connection);
    }
    free(client);
}

static void drop(struct client *client)
{
    if (!uv_is_closing((uv_handle_t *)&client->socket)) {
        uv_close((uv_handle_t *)&client->socket, on_closed);
    }
}

/* --- To the clients --------------------------------------------------------------------------------------------- */

static void let_go(struct message *message)
{
    if (--message->waiting == 0) {
        free(message);
    }
}

static struct message *message_new(const char *bytes, size_t length)
{
    struct message *message = malloc(sizeof *message + length + 1);
    if (message != NULL) {
        message->waiting = 1; /* the one who makes it, until it lets it go */
        message->length = length + 1;
        memcpy(message->bytes, bytes, length);
        message->bytes[length] = '\n';
    }
    return message;
}

static void on_sent(uv_write_t *write, int status)
{
    struct sending *sending = (struct sending *)write;
    if (status < 0) {
        drop((struct client *)write->handle);
    }
    let_go(sending->message);
    free(sending);
}

static void send_message(struct client *client, struct message *message)
{
    uv_stream_t *stream = (uv_stream_t *)&client->socket;
    if (uv_is_closing((uv_handle_t *)stream)) {
        return;
    }
    const bool fits = uv_stream_get_write_queue_size(stream) + message->length <= MAX_QUEUE;
    struct sending *sending = fits ? malloc(sizeof *sending) : NULL;
    const uv_buf_t buffer = uv_buf_init(message->bytes, (unsigned)message->length);
    if (sending == NULL || uv_write(&sending->write, stream, &buffer, 1, on_sent) < 0) {
        free(sending);
        drop(client);
        return;
    }
    sending->message = message;
    message->waiting++;
}

/* The hub's callback: nothing in here can block or call the hub. */
static void deliver(void *user_data, const uint64_t *connections, size_t count, const char *bytes, size_t length)
{
    struct message *message = message_new(bytes, length);
    for (size_t i = 0; i < count; i++) {
        struct client *client = client_of(user_data, connections[i]);
        if (client == NULL) {
            continue;
        }
        if (message != NULL) {
            send_message(client, message);
        } else {
            drop(client); /* who has missed something comes back and learns the whole */
        }
    }
    if (message != NULL) {
        let_go(message);
    }
}

static void refuse(struct client *client, const char *code)
{
    char line[160];
    const int length =
        snprintf(line, sizeof line, "{\"type\":\"error\",\"code\":\"%s\",\"message\":\"see libuv_server.c\"}", code);
    deliver(client->socket.data, &client->connection, 1, line, (size_t)length);
}

/* --- From the clients ------------------------------------------------------------------------------------------- */

/* {"type":"hello","name":"..."} in just this order, so that this example needs no JSON reader of its own. */
static void hello(struct server *server, struct client *client, const char *line)
{
    if (sscanf(line, " { \"type\" : \"hello\" , \"name\" : \"%128[^\"\\]\" }", client->name) != 1) {
        refuse(client, "say_hello_first");
        return;
    }
    memcpy(client->user_id.bytes, &client->connection, sizeof client->connection);
    const syncplay_user user = {.struct_size = sizeof user, .id = client->user_id, .name = client->name};
    client->named = syncplay_hub_connect(server->hub, now(), client->connection, &user) == SYNCPLAY_OK;
    if (!client->named) {
        refuse(client, "bad_name");
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

/* libuv reads right behind what is there of a line. */
static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *room)
{
    struct client *client = (struct client *)handle;
    (void)suggested;
    *room = uv_buf_init(client->in + client->in_length, (unsigned)(MAX_LINE - client->in_length));
}

static void on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *room)
{
    struct client *client = (struct client *)stream;
    (void)room;
    if (got < 0) {
        drop(client);
        return;
    }
    client->in_length += (size_t)got;
    char *line = client->in;
    char *const end = client->in + client->in_length;
    for (char *newline; (newline = memchr(line, '\n', (size_t)(end - line))) != NULL; line = newline + 1) {
        *newline = '\0';
        handle_line(stream->data, client, line, (size_t)(newline - line));
    }
    client->in_length = (size_t)(end - line);
    memmove(client->in, line, client->in_length);
    if (client->in_length == MAX_LINE) {
        drop(client); /* a line that never ends */
    }
}

static void on_connection(uv_stream_t *listener, int status)
{
    struct server *server = listener->data;
    struct client *client = status < 0 ? NULL : calloc(1, sizeof *client);
    if (client == NULL) {
        return;
    }
    size_t slot = 0;
    while (slot < MAX_CLIENTS - 1 && server->clients[slot] != NULL) {
        slot++;
    }
    /* One too many is accepted and closed, in the slot of nobody: its connection is not the one that is there. */
    const bool fits = server->clients[slot] == NULL;
    must(uv_tcp_init(server->loop, &client->socket), "uv_tcp_init");
    client->socket.data = server;
    client->connection = ++server->accepted * MAX_CLIENTS + slot;
    if (fits) {
        server->clients[slot] = client;
    }
    if (uv_accept(listener, (uv_stream_t *)&client->socket) < 0 || !fits ||
        uv_read_start((uv_stream_t *)&client->socket, give_room, on_read) < 0) {
        drop(client);
    }
}

/* --- The loop --------------------------------------------------------------------------------------------------- */

static void on_deadline(uv_timer_t *timer)
{
    struct server *server = timer->data;
    syncplay_hub_tick(server->hub, now());
}

/*
 * Whatever this turn of the loop did to the hub: here the timer is set to what comes of it. It counts whole
 * milliseconds, rounded up, because coming early is of no use.
 */
static void before_sleep(uv_prepare_t *prepare)
{
    struct server *server = prepare->data;
    const int64_t deadline = syncplay_hub_deadline(server->hub);
    if (deadline == SYNCPLAY_NEVER) {
        uv_timer_stop(&server->timer);
        return;
    }
    uv_update_time(server->loop);
    const int64_t left = deadline - now();
    must(uv_timer_start(&server->timer, on_deadline, left <= 0 ? 0 : (uint64_t)left / 1000 + 1, 0), "uv_timer_start");
}

/* Everybody is told that it is over, as far as there is room on the way to them, and closed. */
static void on_signal(uv_signal_t *handle, int number)
{
    struct server *server = handle->data;
    syncplay_id session;
    (void)number;
    while (syncplay_hub_list(server->hub, &session, 1) > 0 &&
           syncplay_hub_end(server->hub, now(), &session, SYNCPLAY_REASON_SHUTDOWN) == SYNCPLAY_OK) {
    }
    for (size_t slot = 0; slot < MAX_CLIENTS; slot++) {
        if (server->clients[slot] != NULL) {
            drop(server->clients[slot]);
        }
    }
    uv_close((uv_handle_t *)&server->listener, NULL);
    uv_close((uv_handle_t *)&server->timer, NULL);
    uv_close((uv_handle_t *)&server->before_sleep, NULL);
    uv_close((uv_handle_t *)&server->interrupt, NULL);
    uv_close((uv_handle_t *)&server->terminate, NULL); /* now nothing is left, and uv_run returns */
}

static void listen_on(struct server *server, const char *port)
{
    struct sockaddr_in address;
    must(uv_ip4_addr("127.0.0.1", atoi(port), &address), "cannot listen");
    must(uv_tcp_init(server->loop, &server->listener), "uv_tcp_init");
    server->listener.data = server;
    must(uv_tcp_bind(&server->listener, (const struct sockaddr *)&address, 0), "cannot listen");
    must(uv_listen((uv_stream_t *)&server->listener, 64, on_connection), "cannot listen");
    int length = sizeof address;
    must(uv_tcp_getsockname(&server->listener, (struct sockaddr *)&address, &length), "cannot listen");
    const unsigned char *bytes = (const unsigned char *)&address.sin_port;
    printf("listening on 127.0.0.1:%d\n", bytes[0] << 8 | bytes[1]);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static struct server server;
    server.loop = uv_default_loop();
    syncplay_hub_callbacks callbacks;
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.deliver = deliver;
    uv_timeval64_t today;
    must(uv_gettimeofday(&today), "uv_gettimeofday");
    syncplay_hub_config config;
    syncplay_hub_config_default(&config, sizeof config);
    config.unix_time = today.tv_sec * 1000000 + today.tv_usec;
    const int error = syncplay_hub_new(&server.hub, now(), &config, &callbacks, &server);
    if (error != SYNCPLAY_OK) {
        fprintf(stderr, "%s\n", syncplay_strerror(error));
        return 1;
    }
    listen_on(&server, argc > 1 ? argv[1] : "7000");
    server.timer.data = server.before_sleep.data = server.interrupt.data = server.terminate.data = &server;
    must(uv_timer_init(server.loop, &server.timer), "uv_timer_init");
    must(uv_prepare_init(server.loop, &server.before_sleep), "uv_prepare_init");
    must(uv_prepare_start(&server.before_sleep, before_sleep), "uv_prepare_start");
    must(uv_signal_init(server.loop, &server.interrupt), "uv_signal_init");
    must(uv_signal_start(&server.interrupt, on_signal, SIGINT), "uv_signal_start");
    must(uv_signal_init(server.loop, &server.terminate), "uv_signal_init");
    must(uv_signal_start(&server.terminate, on_signal, SIGTERM), "uv_signal_start");
    uv_run(server.loop, UV_RUN_DEFAULT);
    uv_loop_close(server.loop);
    syncplay_hub_free(server.hub);
    return 0;
}
