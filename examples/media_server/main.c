/*
 * A server of films that gets watch-together. It has accounts, films, friendships (house), threads and a "database"
 * (shelf) of its own, and its clients know nothing but HTTP requests, so their messages come by long polling (mail).
 *
 *     cc *.c $(pkg-config --cflags --libs libsyncplay) -lcivetweb -lpthread -o media_server
 *     ./media_server 8000 parties
 *     ask() { curl -sH "Authorization: Bearer ana-key" "$@"; }
 *
 *     ask -X POST '127.0.0.1:8000/parties?film=1'           makes a party for friends       {"code":"K7MPX2QD"}
 *     ask -X POST '127.0.0.1:8000/seats?code=K7MPX2QD'      joins it                        {"connection":256}
 *     ask '127.0.0.1:8000/messages?connection=256&from=0'   waits for messages (lib/PROTOCOL.md), one a line
 *     ask -d '{"type":"play"}' '127.0.0.1:8000/messages?connection=256'
 *     ask '127.0.0.1:8000/parties'                          the parties that one sits in
 *
 * `from` is how many bytes of messages one has. Who does not ask for IDLE is away, and 410 means that the connection is
 * no more, because of that or because the server was restarted: join again.
 *
 * There is one lock around hub and mail: who calls the hub has it, and callbacks run under it. KEYS IN A PROGRAM ARE
 * FOR AN EXAMPLE, and so is HTTP without TLS: that is why this listens on 127.0.0.1 only.
 */
#include <civetweb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "house.h"
#include "keeper.h"
#include "requests.h"
#include "shelf.h"

#define THREADS "64" /* each waiting request takes one */

static struct server ours; /* static, because a signal has to find it */

static int64_t microseconds(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * SECOND + time.tv_nsec / 1000;
}

int64_t server_now(void)
{
    return microseconds(CLOCK_MONOTONIC);
}

void server_wait(struct server *server, int64_t then)
{
    const struct timespec until = {.tv_sec = then / SECOND, .tv_nsec = then % SECOND * 1000};
    pthread_cond_timedwait(&server->stirred, &server->lock, &until);
}

void server_hang_up(struct server *server, struct mail *mail)
{
    syncplay_hub_disconnect(server->hub, server_now(), mail->connection);
    mail_close(&server->mails, mail);
}

/* --- What the hub calls ------------------------------------------------------------------------------------------- */

static void deliver(void *user_data, const uint64_t *connections, size_t count, const char *bytes, size_t length)
{
    (void)user_data;
    for (size_t i = 0; i < count; i++) {
        struct mail *mail = mail_of(&ours.mails, connections[i]);
        if (mail != NULL) {
            mail_add(mail, bytes, length);
        }
    }
}

static void on_event(void *user_data, const syncplay_event *event)
{
    (void)user_data;
    if (event->kind == SYNCPLAY_EVENT_ENDED) {
        shelf_remove(ours.folder, &event->session);
    }
}

static bool are_friends(void *user_data, const syncplay_id *host, const syncplay_id *user)
{
    (void)user_data;
    return house_are_friends(host, user);
}

static bool has_permission(void *user_data, const syncplay_id *user, syncplay_permission permission)
{
    (void)user_data;
    return house_may(user, permission);
}

static const char *refuse_content(void *user_data, const syncplay_content *content)
{
    (void)user_data;
    return house_refuses(content);
}

/* --- Starting and ending ------------------------------------------------------------------------------------------ */

static void restore(void *user_data, const char *bytes, size_t length)
{
    (void)user_data;
    const int error = syncplay_hub_restore(ours.hub, server_now(), bytes, length, shelf_alive(ours.folder), NULL);
    if (error != SYNCPLAY_OK) {
        fprintf(stderr, "a party was not restored: %s\n", syncplay_hub_why(ours.hub));
    }
}

static bool open_server(const char *folder)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&ours.stirred, &monotonic);
    pthread_mutex_init(&ours.lock, NULL);
    ours.folder = folder;
    syncplay_hub_callbacks callbacks;
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.deliver = deliver;
    callbacks.event = on_event;
    callbacks.are_friends = are_friends;
    callbacks.has_permission = has_permission;
    callbacks.refuse_content = refuse_content;
    syncplay_hub_config config;
    syncplay_hub_config_default(&config, sizeof config);
    config.unix_time = microseconds(CLOCK_REALTIME);
    if (!shelf_open(folder)) {
        perror(folder);
        return false;
    }
    const int error = syncplay_hub_new(&ours.hub, server_now(), &config, &callbacks, &ours);
    if (error != SYNCPLAY_OK) {
        fprintf(stderr, "%s\n", syncplay_strerror(error));
        return false;
    }
    shelf_read(folder, restore, NULL);
    printf("%zu parties are back\n", syncplay_hub_count(ours.hub));
    return true;
}

static void close_server(void)
{
    for (size_t slot = 0; slot < MAX_CONNECTIONS; slot++) {
        if (ours.mails.slots[slot] != NULL) {
            mail_close(&ours.mails, ours.mails.slots[slot]);
        }
    }
    syncplay_hub_free(ours.hub);
}

static void on_signal(int number)
{
    (void)number;
    ours.is_over = 1;
}

int main(int argc, char **argv)
{
    char listen[32];
    snprintf(listen, sizeof listen, "127.0.0.1:%d", argc > 1 ? atoi(argv[1]) : 8000);
    const char *options[] = {"listening_ports", listen, "num_threads", THREADS, NULL};
    char *buffer = malloc(MAX_PARTY);
    if (buffer == NULL || !open_server(argc > 2 ? argv[2] : "parties")) {
        free(buffer);
        return 1;
    }
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    struct mg_context *http = mg_start(NULL, &ours, options);
    struct mg_server_port port;
    if (http == NULL || mg_get_server_ports(http, 1, &port) != 1) {
        fprintf(stderr, "cannot listen on %s\n", listen);
        free(buffer);
        return 1;
    }
    mg_set_request_handler(http, "/", requests_handle, &ours);
    printf("listening on 127.0.0.1:%d\n", port.port);
    fflush(stdout);
    keeper_run(&ours, buffer); /* until it is over */
    mg_stop(http);
    close_server();
    free(buffer);
    return 0;
}
