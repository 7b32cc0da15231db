/*
 * The test at start of handover.h, on a random port of the loopback interface. There is one worker thread: if it is not
 * free after the hand-over, nobody answers the second request.
 */
#include "handover_test.h"

#include <arpa/inet.h>
#include <civetweb.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "handover.h"

/* How long each step may take. */
#define PATIENCE_SECONDS 2

#define UPGRADE                                                                                                        \
    "GET /socket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"                         \
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
#define REQUEST "GET /plain HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

struct test {
    const struct handover *handover;
    struct mg_context *context;
    pthread_mutex_t lock;
    pthread_cond_t is_taken;
    struct mg_server_port port;
    int taken; /* the descriptor; -1 before, -2 if it could not be taken */
};

/* --- On the worker ------------------------------------------------------------------------------------------------ */

static int be_silent(const struct mg_connection *connection, const char *message)
{
    (void)connection;
    (void)message;
    return 1;
}

static int answer(struct mg_connection *connection, void *arg)
{
    (void)arg;
    mg_printf(connection, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    return 204;
}

static void take(struct mg_connection *connection, void *arg)
{
    struct test *test = arg;
    struct handover_pair pair;
    bool is_taken = handover_take(test->handover, connection, &pair);
    pthread_mutex_lock(&test->lock);
    test->taken = is_taken ? pair.ours : -2;
    pthread_cond_signal(&test->is_taken);
    pthread_mutex_unlock(&test->lock);
}

/* --- On the thread that starts the server ------------------------------------------------------------------------- */

static int connect_to(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((in_port_t)port)};
    struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client < 0)
        return -1;
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(client, (struct sockaddr *)&address, sizeof address) != 0) {
        close(client);
        return -1;
    }
    return client;
}

/* Sends `text`, and reads an answer up to its empty line; true if it begins as it should. */
static bool ask(int client, const char *text, const char *expected)
{
    char answer_text[1024] = "";
    size_t length = 0;
    if (send(client, text, strlen(text), MSG_NOSIGNAL) != (ssize_t)strlen(text))
        return false;
    while (strstr(answer_text, "\r\n\r\n") == NULL && length < sizeof answer_text - 1) {
        ssize_t count = recv(client, answer_text + length, sizeof answer_text - 1 - length, 0);
        if (count <= 0)
            return false;
        length += (size_t)count;
        answer_text[length] = '\0';
    }
    return strncmp(answer_text, expected, strlen(expected)) == 0;
}

static int wait_for_descriptor(struct test *test)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_SECONDS;
    pthread_mutex_lock(&test->lock);
    while (test->taken == -1)
        if (pthread_cond_timedwait(&test->is_taken, &test->lock, &until) != 0)
            break;
    int taken = test->taken;
    pthread_mutex_unlock(&test->lock);
    return taken;
}

static bool pass(int from, int to, char sent)
{
    struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
    char received = 0;
    setsockopt(to, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (send(from, &sent, 1, MSG_NOSIGNAL) != 1)
        return false;
    /* civetweb makes its sockets non-blocking, and the duplicate is one too: wait for it by peeking. */
    for (int i = 0; i < PATIENCE_SECONDS * 1000; i++) {
        ssize_t count = recv(to, &received, 1, 0);
        if (count == 1)
            return received == sent;
        if (count == 0 || (errno != EAGAIN && errno != EINTR))
            return false;
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return false;
}

/* Returns NULL if all went well, or what did not. */
static const char *try_it(struct test *test)
{
    const char *failed = NULL;
    int client = connect_to(test->port.port);
    if (client < 0)
        return "no connection";
    if (!ask(client, UPGRADE, "HTTP/1.1 101 "))
        failed = "no upgrade";
    int taken = failed == NULL ? wait_for_descriptor(test) : -1;
    if (failed == NULL && taken < 0)
        failed = "descriptor not found";
    if (failed == NULL && (!pass(client, taken, 'u') || !pass(taken, client, 'd')))
        failed = "nothing goes through the descriptor";
    int second = connect_to(test->port.port);
    if (failed == NULL && (second < 0 || !ask(second, REQUEST, "HTTP/1.1 204 ")))
        failed = "the worker does not go free";
    if (second >= 0)
        close(second);
    if (taken >= 0) {
        shutdown(taken, SHUT_RDWR);
        close(taken);
    }
    close(client);
    return failed;
}

static const char *run(struct test *test)
{
    static const struct mg_callbacks callbacks = {.log_message = be_silent};
    const char *options[] = {"listening_ports", "127.0.0.1:0", "num_threads", "1", NULL};
    test->context = mg_start(&callbacks, test, options);
    if (test->context == NULL || mg_get_server_ports(test->context, 1, &test->port) != 1)
        return "the test server does not start";
    mg_set_request_handler(test->context, "/plain", answer, NULL);
    mg_set_websocket_handler(test->context, "/socket", NULL, take, NULL, NULL, test);
    return try_it(test);
}

bool handover_test(const struct handover *handover, char *why, size_t why_size)
{
    struct test test = {.handover = handover, .taken = -1};
    pthread_mutex_init(&test.lock, NULL);
    pthread_cond_init(&test.is_taken, NULL);
    const char *failed = run(&test);
    if (test.context != NULL) {
        handover_hang_up(handover, test.port.port, HANDOVER_LISTENING);
        mg_stop(test.context);
    }
    pthread_cond_destroy(&test.is_taken);
    pthread_mutex_destroy(&test.lock);
    if (failed != NULL)
        snprintf(why, why_size, "%s", failed);
    return failed == NULL;
}
