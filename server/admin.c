/* The operator's door: connections, and lines. Knows nothing of what is asked. */
#include "admin.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "admin_answer.h"
#include "admin_socket.h"
#include "clock.h"
#include "config.h"

struct admin {
    char path[ADMIN_SOCKET_PATH_SIZE];
    struct admin_realm realm;
    int listener;
    int stop; /* an eventfd */
    pthread_t thread;
    pthread_mutex_t mutex; /* of all below */
    int connection;        /* that is served; or -1 */
    bool is_stopping;
};

/* One connection while it is answered. */
struct answering {
    int descriptor;
    int64_t until;
};

/* Sends all of it; false if the other side does not read, has gone, or has had its time. */
static bool send_all(const struct answering *answering, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(answering->descriptor, bytes, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0 || clock_now() > answering->until)
            return false;
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

static bool send_row(void *arg, const char *text, size_t length)
{
    return send_all(arg, text, length) && send_all(arg, "\n", 1);
}

/* Reads a line; false if it is too long, or does not come in time. *length is without its end. */
static bool read_request(const struct answering *answering, char line[ADMIN_REQUEST_MAX], size_t *length)
{
    *length = 0;
    while (*length < ADMIN_REQUEST_MAX && clock_now() < answering->until) {
        ssize_t got = recv(answering->descriptor, line + *length, ADMIN_REQUEST_MAX - *length, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        char *end = memchr(line + *length, '\n', (size_t)got);
        *length = end != NULL ? (size_t)(end - line) : *length + (size_t)got;
        if (end != NULL)
            return true;
    }
    return false;
}

static void serve(struct admin *admin, int descriptor)
{
    char line[ADMIN_REQUEST_MAX];
    size_t length;
    struct answering answering = {descriptor, clock_now() + ADMIN_ANSWER_SECONDS * CLOCK_SECOND};
    struct overview overview = {.arg = &answering, .row = send_row, .unix_now = clock_unix()};
    if (read_request(&answering, line, &length))
        admin_answer(&admin->realm, line, length, &overview);
    else
        admin_refuse(&overview, "a request is one line of at most %d bytes", ADMIN_REQUEST_MAX - 1);
}

/* Notes which connection is served, for admin_stop to end it; false if that has been called. */
static bool note(struct admin *admin, int descriptor)
{
    pthread_mutex_lock(&admin->mutex);
    admin->connection = descriptor;
    bool goes_on = !admin->is_stopping;
    pthread_mutex_unlock(&admin->mutex);
    return goes_on;
}

static void *run(void *arg)
{
    struct admin *admin = arg;
    struct pollfd polled[] = {{.fd = admin->listener, .events = POLLIN}, {.fd = admin->stop, .events = POLLIN}};
    for (;;) {
        if (poll(polled, 2, -1) < 0 && errno != EINTR)
            return NULL;
        if (polled[1].revents != 0)
            return NULL;
        int descriptor = polled[0].revents != 0 ? admin_socket_accept(admin->listener) : -1;
        if (descriptor < 0)
            continue;
        if (note(admin, descriptor))
            serve(admin, descriptor);
        note(admin, -1);
        close(descriptor);
    }
}

static bool launch(struct admin *admin, char *why, size_t why_size)
{
    admin->stop = eventfd(0, EFD_CLOEXEC);
    admin->listener = admin->stop < 0 ? -1 : admin_socket_listen(admin->path, why, why_size);
    if (admin->stop < 0)
        snprintf(why, why_size, "cannot make an event descriptor: %s", strerror(errno));
    if (admin->listener < 0)
        return false;
    int error = pthread_create(&admin->thread, NULL, run, admin);
    if (error == 0)
        return true;
    snprintf(why, why_size, "cannot start a thread: %s", strerror(error));
    admin_socket_close(admin->listener, admin->path);
    return false;
}

static void free_admin(struct admin *admin)
{
    if (admin->stop >= 0)
        close(admin->stop);
    pthread_mutex_destroy(&admin->mutex);
    free(admin);
}

bool admin_start(struct admin **result, const struct config *config, struct parties *parties, struct users *users,
                 struct friends *friends, struct store *store, char *why, size_t why_size)
{
    char path[ADMIN_SOCKET_PATH_SIZE];
    *result = NULL;
    if (!admin_socket_path(config->admin_socket, config->database, path, why, why_size))
        return false;
    if (path[0] == '\0')
        return true;
    struct admin *admin = calloc(1, sizeof *admin);
    if (admin == NULL) {
        snprintf(why, why_size, "out of memory");
        return false;
    }
    memcpy(admin->path, path, sizeof path);
    admin->realm = (struct admin_realm){parties, users, friends, store};
    admin->connection = -1;
    pthread_mutex_init(&admin->mutex, NULL);
    if (!launch(admin, why, why_size)) {
        free_admin(admin);
        return false;
    }
    *result = admin;
    return true;
}

void admin_stop(struct admin *admin)
{
    uint64_t one = 1;
    if (admin == NULL)
        return;
    pthread_mutex_lock(&admin->mutex);
    admin->is_stopping = true;
    if (admin->connection >= 0)
        shutdown(admin->connection, SHUT_RDWR);
    pthread_mutex_unlock(&admin->mutex);
    if (write(admin->stop, &one, sizeof one) == sizeof one)
        pthread_join(admin->thread, NULL);
    admin_socket_close(admin->listener, admin->path);
    free_admin(admin);
}
