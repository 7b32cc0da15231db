/* syncplay-server: puts the parts together, waits for a signal, takes them apart again. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <syncplay/version.h>

#include "api.h"
#include "config.h"
#include "http.h"
#include "log.h"
#include "loop.h"
#include "party.h"
#include "party_restore.h"
#include "quotas.h"
#include "store.h"
#include "users.h"

#define EXIT_USAGE 2
#define WHY_SIZE 512
/* How long clients get to take their leave. */
#define GOODBYE_MS 800

extern char **environ;

struct server {
    struct config config;
    struct quotas quotas;
    struct store *store;
    struct users *users;
    struct parties *parties;
    struct loops *loops;
    struct api *api;
    struct http *http;
};

/* Signals that end the server are waited for by the main thread alone. */
static void block_signals(sigset_t *ending)
{
    sigemptyset(ending);
    sigaddset(ending, SIGTERM);
    sigaddset(ending, SIGINT);
    pthread_sigmask(SIG_BLOCK, ending, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* Raises the limit of open descriptors as far as needed; where that does not go, there are fewer connections. */
static void raise_limit(struct config *config)
{
    struct rlimit limit;
    rlim_t others = (rlim_t)http_descriptors(config);
    /* Twice: without hand-over, civetweb keeps a descriptor of each connection, too. */
    rlim_t wanted = others + 2 * (rlim_t)config->max_connections;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= others + config->max_connections)
        return;
    uint32_t possible = limit.rlim_cur > others ? (uint32_t)(limit.rlim_cur - others) : 1;
    log_warn("max_connections is %u, not %u: this process may open %llu descriptors only", possible,
             config->max_connections, (unsigned long long)limit.rlim_cur);
    config->max_connections = possible;
}

static bool start(struct server *server, char *why)
{
    const struct config *config = &server->config;
    return quotas_init(&server->quotas, config) &&
           (server->store = store_open(config->database, why, WHY_SIZE)) != NULL &&
           (server->users = users_new(server->store, why, WHY_SIZE)) != NULL &&
           (server->parties = parties_new(config, server->store, why, WHY_SIZE)) != NULL &&
           party_restore_all(server->parties, server->store, config->chat_history, why, WHY_SIZE) &&
           (server->loops = loops_start(config, server->parties, server->users, &server->quotas, why, WHY_SIZE)) !=
               NULL &&
           (server->api = api_new(config, server->parties, server->users, &server->quotas)) != NULL &&
           (server->http =
                http_start(config, server->api, server->users, server->loops, &server->quotas, why, WHY_SIZE)) != NULL;
}

/* The clients first, then those who could make new ones, then what they have left behind. */
static void stop(struct server *server)
{
    if (server->loops != NULL)
        loops_stop(server->loops, GOODBYE_MS);
    http_stop(server->http);
    api_free(server->api);
    loops_free(server->loops);
    if (server->parties != NULL)
        parties_save_all(server->parties);
    parties_free(server->parties);
    users_free(server->users);
    if (server->store != NULL)
        store_close(server->store);
    quotas_free(&server->quotas);
}

static int run(struct server *server)
{
    sigset_t ending;
    char why[WHY_SIZE] = "out of memory";
    int received = 0;
    block_signals(&ending);
    log_set_level((enum log_level)server->config.log_level);
    raise_limit(&server->config);
    bool is_running = start(server, why);
    if (is_running) {
        log_info("syncplay-server %s listening on http://%s", syncplay_version(), http_address(server->http));
        while (sigwait(&ending, &received) != 0)
            continue;
        log_info("going down signal=%s", strsignal(received));
    } else {
        fprintf(stderr, "syncplay-server: %s\n", why);
    }
    stop(server);
    return is_running ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    static struct server server;
    char why[WHY_SIZE] = "";
    switch (config_load(&server.config, argc, argv, environ, why, sizeof why)) {
    case CONFIG_RUN:
        return run(&server);
    case CONFIG_CHECK:
        printf("the configuration is right\n");
        return EXIT_SUCCESS;
    case CONFIG_HELP:
        config_usage();
        return EXIT_SUCCESS;
    case CONFIG_VERSION:
        printf("syncplay-server %s\n", syncplay_version());
        return EXIT_SUCCESS;
    case CONFIG_ERROR:
        break;
    }
    fprintf(stderr, "syncplay-server: %s\n", why);
    return EXIT_USAGE;
}
