/* syncplay-server: puts the parts together, waits for a signal, takes them apart again. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <syncplay/version.h>

#include "admin.h"
#include "admin_command.h"
#include "api.h"
#include "auth.h"
#include "clock.h"
#include "config.h"
#include "config_paths.h"
#include "config_print.h"
#include "friends.h"
#include "health.h"
#include "http.h"
#include "log.h"
#include "loop.h"
#include "party.h"
#include "party_restore.h"
#include "quotas.h"
#include "reload.h"
#include "service_manager.h"
#include "store.h"
#include "tls_front.h"
#include "users.h"
#include "webhook_rules.h"
#include "webhooks.h"

#define EXIT_USAGE 2
#define WHY_SIZE 512
/* How long clients get to take their leave. */
#define GOODBYE_MS 800
/* And how long webhooks that are still waiting. */
#define WEBHOOKS_PATIENCE_MS 2000

extern char **environ;

struct server {
    int argc;
    char **argv;
    struct config config;
    struct auth auth;
    struct webhook_rules webhook_rules;
    struct webhooks *webhooks;
    struct quotas quotas;
    struct store *store;
    struct health health;
    struct users *users;
    struct friends *friends;
    struct parties *parties;
    struct loops *loops;
    struct api *api;
    struct http *http;
    struct admin *admin;
};

/*
 * Signals are waited for by the main thread alone. At a terminal SIGHUP ends the server, as the one who closes it
 * expects; a service reads its configuration again.
 */
static void block_signals(sigset_t *expected)
{
    sigemptyset(expected);
    sigaddset(expected, SIGTERM);
    sigaddset(expected, SIGINT);
    if (service_manager_is_there() || !isatty(STDIN_FILENO))
        sigaddset(expected, SIGHUP);
    pthread_sigmask(SIG_BLOCK, expected, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a disk that is full: writing fails, and nobody dies */
}

/* Raises the limit of open descriptors as far as needed; where that does not go, there are fewer connections. */
static void raise_limit(struct config *config)
{
    struct rlimit limit;
    rlim_t others = (rlim_t)http_descriptors(config) + (rlim_t)tls_front_descriptors(config);
    rlim_t each = 1 + (rlim_t)tls_front_descriptors_each(config);
    /* One more: without hand-over, civetweb keeps a descriptor of each connection, too. */
    rlim_t wanted = others + (each + 1) * (rlim_t)config->max_connections;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= others + each * config->max_connections)
        return;
    uint32_t possible = limit.rlim_cur >= others + each ? (uint32_t)((limit.rlim_cur - others) / each) : 1;
    log_warn("fewer connections than configured are possible max_connections=%u configured=%u descriptors=%ju", possible,
             config->max_connections, (uintmax_t)limit.rlim_cur);
    config->max_connections = possible;
}

static bool open_store(struct server *server, char *why)
{
    server->store = store_open(server->config.database, why, WHY_SIZE);
    if (server->store == NULL)
        return false;
    health_init(&server->health, server->store);
    store_keep_ended(server->store, server->config.keep_ended);
    store_wait(server->store, store_forget_guests(server->store, clock_unix() - server->config.keep_guests));
    memcpy(server->auth.account.secret, store_secret(server->store), STORE_SECRET_SIZE);
    return true;
}

_Static_assert(STORE_SECRET_SIZE == ACCOUNT_SECRET_SIZE, "ids are made with what the database keeps");

/* First of all that has threads. */
static bool start_webhooks(struct server *server, char *why)
{
    if (server->webhook_rules.receiver_count == 0)
        return true;
    server->webhooks = webhooks_new(&server->webhook_rules, why, WHY_SIZE);
    return server->webhooks != NULL;
}

static bool start(struct server *server, char *why)
{
    const struct config *config = &server->config;
    return start_webhooks(server, why) && quotas_init(&server->quotas, config) && open_store(server, why) &&
           (server->users = users_new(server->store, &server->auth, why, WHY_SIZE)) != NULL &&
           (server->friends = friends_new(config, server->store, why, WHY_SIZE)) != NULL &&
           (server->parties = parties_new(config, server->store, server->users, server->friends, server->webhooks, why,
                                          WHY_SIZE)) != NULL &&
           party_restore_all(server->parties, server->store, config->chat_history, why, WHY_SIZE) &&
           admin_start(&server->admin, config, server->parties, server->users, server->friends, server->store, why,
                       WHY_SIZE) &&
           (server->loops = loops_start(config, server->parties, server->users, &server->quotas, why, WHY_SIZE)) !=
               NULL &&
           (server->api = api_new(config, server->parties, server->users, server->friends, &server->quotas,
                                  &server->health, server->loops, server->webhooks)) != NULL &&
           (server->http =
                http_start(config, server->api, server->users, server->loops, &server->quotas, why, WHY_SIZE)) != NULL;
}

/* The operator first, then the clients, then those who could make new ones, then what they have left behind. */
static void stop(struct server *server)
{
    health_end(&server->health);
    admin_stop(server->admin);
    if (server->loops != NULL)
        loops_stop(server->loops, GOODBYE_MS);
    http_stop(server->http);
    api_free(server->api);
    loops_free(server->loops);
    if (server->parties != NULL)
        parties_save_all(server->parties);
    parties_free(server->parties);
    friends_free(server->friends);
    users_free(server->users);
    if (server->store != NULL)
        store_close(server->store);
    webhooks_free(server->webhooks, WEBHOOKS_PATIENCE_MS);
    webhook_rules_clear(&server->webhook_rules);
    quotas_free(&server->quotas);
    auth_clear(&server->auth);
}

/* The next signal. The service manager hears meanwhile that all loops go round; while one hangs, nothing. */
static int wait_for_signal(struct server *server, const sigset_t *expected)
{
    int64_t interval = 0;
    bool is_watched = service_manager_watches(&interval);
    struct timespec time = {.tv_sec = (time_t)(interval / CLOCK_SECOND),
                            .tv_nsec = (long)(interval % CLOCK_SECOND * 1000)};
    for (;;) {
        int received = sigtimedwait(expected, NULL, is_watched ? &time : NULL);
        if (received > 0)
            return received;
        if (is_watched && loops_are_alive(server->loops))
            service_manager_alive();
    }
}

/* Returns the signal that is to end the server. */
static int wait_for_end(struct server *server, const sigset_t *expected)
{
    for (;;) {
        service_manager_ready(http_url(server->http));
        int received = wait_for_signal(server, expected);
        if (received != SIGHUP)
            return received;
        service_manager_reloading();
        reload(&server->config, server->argc, server->argv, environ, &server->auth, server->http);
    }
}

static int run(struct server *server)
{
    sigset_t expected;
    char why[WHY_SIZE] = "out of memory";
    block_signals(&expected);
    log_set_level((enum log_level)server->config.log_level);
    log_set_format((enum log_format)server->config.log_format);
    log_info("the configuration was read file=%s", server->config.file);
    raise_limit(&server->config);
    bool is_running = start(server, why);
    if (server->config.media[0] != '\0' && access(server->config.media, R_OK | X_OK) != 0)
        log_warn("there are no films for now media=%s reason=%s", server->config.media, strerror(errno));
    if (is_running) {
        log_info("syncplay-server listening on %s version=%s", http_url(server->http), syncplay_version());
        log_info("going down signal=%s", strsignal(wait_for_end(server, &expected)));
        service_manager_stopping();
    } else if (log_is_for_people()) {
        fprintf(stderr, "syncplay-server: %s\n", why);
    } else {
        log_error("cannot start reason=%s", why);
    }
    stop(server);
    return is_running ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    static struct server server;
    if (argc > 1 && strcmp(argv[1], "admin") == 0)
        return admin_command(argc - 1, argv + 1, environ);
    server.argc = argc;
    server.argv = argv;
    char why[WHY_SIZE] = "";
    enum config_action action = config_load(&server.config, argc, argv, environ, why, sizeof why);
    if ((action == CONFIG_RUN || action == CONFIG_CHECK) &&
        (!auth_init(&server.auth, &server.config, why, sizeof why) ||
         !webhook_rules_init(&server.webhook_rules, &server.config, why, sizeof why)))
        action = CONFIG_ERROR;
    switch (action) {
    case CONFIG_RUN:
        return run(&server);
    case CONFIG_CHECK:
        auth_clear(&server.auth);
        webhook_rules_clear(&server.webhook_rules);
        if (!tls_front_check(&server.config, why, sizeof why) || !config_paths_check(&server.config, why, sizeof why))
            break;
        printf("the configuration is right\n");
        return EXIT_SUCCESS;
    case CONFIG_PRINT:
        config_print(&server.config);
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
