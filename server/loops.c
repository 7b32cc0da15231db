/* The real-time side: the reactors, one a shard, and who is let in. */
#include "loop.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "config.h"
#include "log.h"
#include "metrics.h"
#include "party.h"
#include "reactor.h"

struct loops {
    struct reactor_shared shared;
    struct reactor **reactors; /* in the order of the shards */
    size_t count;
    atomic_size_t next; /* for those who do not say where they want to */
    atomic_bool is_stopping;
    atomic_bool is_full; /* and that was logged */
};

static struct reactor *route(void *arg, const struct shard *shard)
{
    struct loops *loops = arg;
    size_t index = 0;
    while (parties_shard_at(loops->shared.parties, index) != shard)
        index++;
    return loops->reactors[index];
}

static bool start_reactors(struct loops *loops, char *why, size_t why_size)
{
    size_t count = parties_shard_count(loops->shared.parties);
    loops->reactors = calloc(count, sizeof *loops->reactors);
    if (loops->reactors == NULL) {
        snprintf(why, why_size, "out of memory");
        return false;
    }
    for (; loops->count < count; loops->count++) {
        struct shard *shard = parties_shard_at(loops->shared.parties, loops->count);
        loops->reactors[loops->count] = reactor_new(&loops->shared, shard, why, why_size);
        if (loops->reactors[loops->count] == NULL)
            return false;
    }
    for (size_t i = 0; i < count; i++)
        if (!reactor_start(loops->reactors[i])) {
            snprintf(why, why_size, "cannot start a thread");
            return false;
        }
    return true;
}

static struct client_context make_context(const struct config *config, struct users *users, struct quotas *quotas)
{
    return (struct client_context){.users = users,
                                   .quotas = quotas,
                                   .connection = {.queue_bytes = config->queue_limit,
                                                  .message_bytes = config->max_message_bytes,
                                                  .message_burst = config->message_burst,
                                                  .message_count = config->message_rate_count,
                                                  .message_period = config->message_rate_period}};
}

struct loops *loops_start(const struct config *config, struct parties *parties, struct users *users,
                          struct quotas *quotas, char *why, size_t why_size)
{
    struct loops *loops = calloc(1, sizeof *loops);
    if (loops == NULL) {
        snprintf(why, why_size, "out of memory");
        return NULL;
    }
    loops->shared.parties = parties;
    loops->shared.context = make_context(config, users, quotas);
    loops->shared.max_clients = config->max_connections;
    loops->shared.route = route;
    loops->shared.arg = loops;
    if (!start_reactors(loops, why, why_size)) {
        loops_stop(loops, 0);
        loops_free(loops);
        return NULL;
    }
    return loops;
}

void loops_limit(struct loops *loops, size_t max)
{
    if (loops->shared.max_clients > max)
        loops->shared.max_clients = max;
}

size_t loops_count(struct loops *loops)
{
    return atomic_load(&loops->shared.clients);
}

/* Said once, until there are clearly fewer. */
static void note_fullness(struct loops *loops, size_t count)
{
    size_t max = loops->shared.max_clients;
    if (count >= max && !atomic_exchange(&loops->is_full, true))
        log_warn("there are as many connections as there may be limit=%zu", max);
    else if (count < max - max / 10)
        atomic_store(&loops->is_full, false);
}

bool loops_have_room(struct loops *loops)
{
    size_t count = atomic_load(&loops->shared.clients);
    note_fullness(loops, count);
    return !atomic_load(&loops->is_stopping) && count < loops->shared.max_clients;
}

/* The reactor of the session that they want to join; any, if that is not known. */
static struct reactor *choose(struct loops *loops, const char *code)
{
    struct shard *shard = code == NULL ? NULL : parties_shard(loops->shared.parties, code, strlen(code));
    if (shard != NULL)
        return route(loops, shard);
    return loops->reactors[atomic_fetch_add(&loops->next, 1) % loops->count];
}

bool loops_adopt(struct loops *loops, int descriptor, const struct user *user, const char *code,
                 const struct client_address *from)
{
    struct client *client = NULL;
    size_t before = atomic_fetch_add(&loops->shared.clients, 1);
    if (before < loops->shared.max_clients && !atomic_load(&loops->is_stopping))
        client = client_new(&loops->shared.context, descriptor, user, code, from);
    if (client == NULL) {
        atomic_fetch_sub(&loops->shared.clients, 1);
        shutdown(descriptor, SHUT_RDWR);
        close(descriptor);
        return false;
    }
    metrics_add(METRIC_CONNECTIONS_OPENED, 1);
    reactor_post(choose(loops, code), client);
    return true;
}

bool loops_are_alive(struct loops *loops)
{
    bool are_alive = true;
    for (size_t i = 0; i < loops->count; i++)
        are_alive = reactor_has_turned(loops->reactors[i]) && are_alive;
    return are_alive;
}

void loops_stop(struct loops *loops, int timeout_ms)
{
    atomic_store(&loops->is_stopping, true);
    for (size_t i = 0; i < loops->count; i++)
        reactor_stop(loops->reactors[i], timeout_ms);
    for (size_t i = 0; i < loops->count; i++)
        reactor_join(loops->reactors[i]);
}

void loops_free(struct loops *loops)
{
    if (loops == NULL)
        return;
    for (size_t i = 0; i < loops->count; i++)
        reactor_free(loops->reactors[i]);
    free(loops->reactors);
    free(loops);
}
