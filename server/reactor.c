/*
 * One loop of the real-time side. A turn: wait, read, answer, visit the hub once, hand out what it wants sent, send to
 * each client once, and let those go who are to go. The shard is locked only while the hub is visited.
 */
#include "reactor.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "client_table.h"
#include "clock.h"
#include "log.h"
#include "metrics.h"
#include "outbox.h"
#include "party.h"
#include "visit.h"

#define EVENTS_MAX 256
/* Timers of clients are looked at no more often than this. */
#define LOOK_AFTER_INTERVAL (50 * CLOCK_MILLISECOND)
/* How long changes of sessions are gathered before they go to the store. */
#define SAVE_DELAY (30 * CLOCK_MILLISECOND)
#define NEVER INT64_MAX

struct reactor {
    struct reactor_shared *shared;
    struct shard *shard;
    pthread_t thread;
    bool is_started;

    pthread_mutex_t lock; /* guards the mailbox, and what is to happen */
    struct client *mail, **mail_last;
    bool is_closed; /* the thread has ended: nobody reads the mailbox */
    int64_t stop_at; /* NEVER, or when to end at the latest */

    atomic_uint turns;   /* that it has made */
    unsigned seen_turns; /* of the one who asks */

    /* All that follows belongs to the thread. */
    int epoll;
    struct client_table clients;
    struct client *active; /* those who need something in this turn */
    struct outbox outbox;
    struct connection_scratch *scratch;
    bool is_stopping;
    int64_t end_at; /* its own copy of stop_at */
    int64_t hub_deadline;
    int64_t look_after_at;
    int64_t save_at;
};

static void activate(struct reactor *reactor, struct client *client)
{
    if (client->is_active)
        return;
    client->is_active = true;
    client->next = reactor->active;
    reactor->active = client;
}

static bool is_over(const struct client *client)
{
    return connection_state(client->connection) == CONNECTION_OVER;
}

static void discard(struct reactor_shared *shared, struct client *client)
{
    char user[SYNCPLAY_ID_SIZE] = "-";
    if (client->is_authenticated)
        syncplay_id_format(&client->user.id, user);
    log_line(connection_was_left(client->connection) ? LOG_DEBUG : LOG_INFO, "connection closed remote=%s user=%s reason=%s",
             client->from.text, user, connection_why(client->connection));
    metrics_count(METRIC_CONNECTIONS_CLOSED, connection_why(client->connection));
    client_free(client);
    atomic_fetch_sub(&shared->clients, 1);
}

/* --- The mailbox ------------------------------------------------------------------------------------------------- */

void reactor_post(struct reactor *reactor, struct client *client)
{
    pthread_mutex_lock(&reactor->lock);
    bool is_closed = reactor->is_closed;
    client->next = NULL;
    if (!is_closed) {
        *reactor->mail_last = client;
        reactor->mail_last = &client->next;
    }
    pthread_mutex_unlock(&reactor->lock);
    if (is_closed)
        discard(reactor->shared, client);
    else
        shard_wake(reactor->shard);
}

static struct client *take_mail(struct reactor *reactor)
{
    pthread_mutex_lock(&reactor->lock);
    struct client *mail = reactor->mail;
    reactor->mail = NULL;
    reactor->mail_last = &reactor->mail;
    reactor->end_at = reactor->stop_at;
    pthread_mutex_unlock(&reactor->lock);
    return mail;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void admit(struct reactor *reactor, struct client *client)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    client->is_active = false;
    client->target = NULL;
    client->interest = EPOLLIN;
    client->id = client_table_add(&reactor->clients, client);
    if (client->id == 0 ||
        epoll_ctl(reactor->epoll, EPOLL_CTL_ADD, connection_descriptor(client->connection), &event) != 0)
        connection_drop(client->connection, "no room");
    activate(reactor, client);
}

static void admit_all(struct reactor *reactor)
{
    struct client *next;
    for (struct client *client = take_mail(reactor); client != NULL; client = next) {
        next = client->next;
        admit(reactor, client);
    }
}

/* --- A turn ------------------------------------------------------------------------------------------------------ */

/* Milliseconds until the next instant at which something is due, rounded up; -1 for never. */
static int wait_time(const struct reactor *reactor)
{
    int64_t due = earlier(earlier(reactor->hub_deadline, reactor->look_after_at),
                          earlier(reactor->save_at, reactor->end_at));
    if (reactor->active != NULL)
        return 0;
    if (due == NEVER)
        return -1;
    int64_t left = due - clock_now();
    if (left <= 0)
        return 0;
    return left >= 3600 * CLOCK_SECOND ? 3600 * 1000 : (int)((left + CLOCK_MILLISECOND - 1) / CLOCK_MILLISECOND);
}

static void wait_and_read(struct reactor *reactor)
{
    struct epoll_event events[EVENTS_MAX];
    int count = epoll_wait(reactor->epoll, events, EVENTS_MAX, wait_time(reactor));
    for (int i = 0; i < count; i++) {
        struct client *client = events[i].data.ptr;
        if (client == NULL) { /* the shard's wake descriptor */
            uint64_t times;
            if (read(shard_wake_descriptor(reactor->shard), &times, sizeof times) < 0)
                continue;
        } else {
            if (events[i].events & ~(uint32_t)EPOLLOUT)
                connection_read(client->connection, reactor->scratch);
            activate(reactor, client);
        }
    }
}

/* Timers of clients: all of them at once, but not often, and not at all while nothing is due. */
static void look_after_all(struct reactor *reactor)
{
    int64_t now = clock_now();
    if (now < reactor->look_after_at)
        return;
    int64_t due = NEVER;
    for (size_t i = 0; i < reactor->clients.used; i++) {
        struct client *client = client_table_at(&reactor->clients, i);
        if (client == NULL)
            continue;
        due = earlier(due, client_look_after(client, now));
        if (is_over(client) || connection_wants_write(client->connection))
            activate(reactor, client);
    }
    int64_t soonest = now + LOOK_AFTER_INTERVAL;
    reactor->look_after_at = due < soonest ? soonest : due;
}

static void say_goodbye(struct reactor *reactor)
{
    for (size_t i = 0; i < reactor->clients.used; i++) {
        struct client *client = client_table_at(&reactor->clients, i);
        if (client == NULL)
            continue;
        connection_close(client->connection, FRAME_GOING_AWAY, "server is going down");
        /* The hub is not told that they are gone: the sessions are saved with everyone in them. */
        client->is_connected = false;
        activate(reactor, client);
    }
}

/* With the shard entered: everything that is between clients and hub. */
static void visit_all(struct reactor *reactor, syncplay_hub *hub, int64_t now)
{
    for (struct client *client = reactor->active; client != NULL; client = client->next) {
        struct shard *target = visit_hub(hub, now, client, reactor->shared->parties, reactor->shard);
        if (target != NULL)
            client->target = reactor->shared->route(reactor->shared->arg, target);
    }
    if (syncplay_hub_deadline(hub) <= now)
        syncplay_hub_tick(hub, now);
}

static void save_changes(struct reactor *reactor, syncplay_hub *hub, int64_t now)
{
    if (reactor->save_at == NEVER)
        reactor->save_at = now + SAVE_DELAY;
    else if (now >= reactor->save_at) /* what does not fit into a batch comes in the next turn */
        reactor->save_at = parties_save(reactor->shared->parties, hub, now) ? now : NEVER;
}

static void enter_shard(struct reactor *reactor)
{
    int64_t now;
    syncplay_hub *hub = shard_enter(reactor->shard, &now);
    bool is_due = reactor->active != NULL || syncplay_hub_deadline(hub) <= now;
    if (!reactor->is_stopping)
        visit_all(reactor, hub, now);
    if (is_due || reactor->save_at != NEVER)
        save_changes(reactor, hub, now);
    reactor->hub_deadline = shard_take(reactor->shard, &reactor->outbox);
}

/* What the hub wants sent goes into the queues. */
static void hand_out(struct reactor *reactor)
{
    struct outbox *outbox = &reactor->outbox;
    uint64_t deliveries = 0;
    uint64_t bytes = 0;
    for (size_t i = 0; i < outbox->count; i++) {
        const struct outbox_item *item = &outbox->items[i];
        for (size_t k = item->first; k < item->first + item->count; k++) {
            struct client *client = client_table_find(&reactor->clients, outbox->recipients[k]);
            if (client == NULL)
                continue; /* gone, or gone to another reactor, since it was written */
            connection_send(client->connection, item->frame);
            deliveries++;
            bytes += frame_length(item->frame);
            activate(reactor, client);
        }
    }
    metrics_add(METRIC_DELIVERIES, deliveries);
    metrics_add(METRIC_DELIVERED_BYTES, bytes);
    if (outbox->lost) {
        metrics_add(METRIC_OUTBOX_LOSSES, 1);
        log_error("messages were lost: all connections of the shard are dropped, to come back reason=%s", "no memory");
        for (size_t i = 0; i < reactor->clients.used; i++) {
            struct client *client = client_table_at(&reactor->clients, i);
            if (client != NULL) {
                connection_drop(client->connection, "messages were lost");
                activate(reactor, client);
            }
        }
    }
    outbox_clear(outbox);
}

static void watch(struct reactor *reactor, struct client *client)
{
    uint32_t interest = connection_wants_write(client->connection) ? EPOLLIN | EPOLLOUT : EPOLLIN;
    struct epoll_event event = {.events = interest, .data.ptr = client};
    if (interest == client->interest)
        return;
    client->interest = interest;
    if (epoll_ctl(reactor->epoll, EPOLL_CTL_MOD, connection_descriptor(client->connection), &event) != 0)
        connection_drop(client->connection, "no memory");
}

/* Takes the client out of this reactor. */
static void release(struct reactor *reactor, struct client *client)
{
    epoll_ctl(reactor->epoll, EPOLL_CTL_DEL, connection_descriptor(client->connection), NULL);
    client_table_remove(&reactor->clients, client->id);
    client->id = 0;
}

static void settle(struct reactor *reactor, struct client *client)
{
    bool is_open = connection_state(client->connection) == CONNECTION_OPEN;
    if (!is_open && client->closing_since == 0)
        client->closing_since = clock_now();
    reactor->look_after_at = earlier(reactor->look_after_at,
                                     is_open ? client_due(client) : client->closing_since + CLIENT_CLOSE_TIMEOUT);
    if (client->is_connected && !is_open) {
        activate(reactor, client); /* the hub has to hear of it, in the next turn */
    } else if (is_over(client)) {
        release(reactor, client);
        discard(reactor->shared, client);
    } else if (client->target != NULL && is_open) {
        release(reactor, client);
        reactor_post(client->target, client);
    }
}

static void flush_and_settle(struct reactor *reactor)
{
    struct client *client = reactor->active;
    struct client *next;
    reactor->active = NULL;
    for (; client != NULL; client = next) {
        next = client->next;
        client->is_active = false;
        connection_flush(client->connection);
        watch(reactor, client);
        settle(reactor, client);
    }
}

static void answer_all(struct reactor *reactor)
{
    for (struct client *client = reactor->active; client != NULL; client = client->next)
        client_answer(client);
}

/* False when it was the last one. */
static bool turn(struct reactor *reactor)
{
    wait_and_read(reactor);
    admit_all(reactor);
    look_after_all(reactor);
    answer_all(reactor);
    enter_shard(reactor);
    hand_out(reactor);
    if (reactor->end_at != NEVER) {
        /* After the turn's messages have been handed out, so that nothing is lost that was said before. */
        reactor->is_stopping = true;
        say_goodbye(reactor);
    }
    flush_and_settle(reactor);
    atomic_fetch_add(&reactor->turns, 1);
    return !reactor->is_stopping || (reactor->clients.count > 0 && clock_now() < reactor->end_at);
}

/* --- Its life ---------------------------------------------------------------------------------------------------- */

static void *run(void *arg)
{
    struct reactor *reactor = arg;
    struct client *next;
    while (turn(reactor))
        continue;
    pthread_mutex_lock(&reactor->lock);
    reactor->is_closed = true;
    pthread_mutex_unlock(&reactor->lock);
    for (struct client *client = take_mail(reactor); client != NULL; client = next) {
        next = client->next;
        discard(reactor->shared, client);
    }
    for (size_t i = 0; i < reactor->clients.used; i++) {
        struct client *client = client_table_at(&reactor->clients, i);
        if (client != NULL)
            discard(reactor->shared, client);
    }
    return NULL;
}

static bool open_epoll(struct reactor *reactor, char *why, size_t why_size)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    reactor->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (reactor->epoll < 0 ||
        epoll_ctl(reactor->epoll, EPOLL_CTL_ADD, shard_wake_descriptor(reactor->shard), &event) != 0) {
        snprintf(why, why_size, "cannot wait for sockets: %s", strerror(errno));
        return false;
    }
    return true;
}

struct reactor *reactor_new(struct reactor_shared *shared, struct shard *shard, char *why, size_t why_size)
{
    struct reactor *reactor = calloc(1, sizeof *reactor);
    if (reactor == NULL) {
        snprintf(why, why_size, "out of memory");
        return NULL;
    }
    reactor->shared = shared;
    reactor->shard = shard;
    reactor->mail_last = &reactor->mail;
    reactor->stop_at = reactor->end_at = NEVER;
    reactor->hub_deadline = 0; /* not known yet: the first turn asks */
    reactor->look_after_at = reactor->save_at = NEVER;
    reactor->epoll = -1;
    pthread_mutex_init(&reactor->lock, NULL);
    reactor->scratch = malloc(sizeof *reactor->scratch);
    if (reactor->scratch == NULL || !client_table_init(&reactor->clients, shared->max_clients)) {
        snprintf(why, why_size, "out of memory");
        reactor_free(reactor);
        return NULL;
    }
    if (!open_epoll(reactor, why, why_size)) {
        reactor_free(reactor);
        return NULL;
    }
    return reactor;
}

bool reactor_start(struct reactor *reactor)
{
    reactor->is_started = pthread_create(&reactor->thread, NULL, run, reactor) == 0;
    return reactor->is_started;
}

bool reactor_has_turned(struct reactor *reactor)
{
    unsigned turns = atomic_load(&reactor->turns);
    bool has_turned = turns != reactor->seen_turns;
    reactor->seen_turns = turns;
    shard_wake(reactor->shard);
    return has_turned;
}

void reactor_stop(struct reactor *reactor, int timeout_ms)
{
    pthread_mutex_lock(&reactor->lock);
    reactor->stop_at = clock_now() + timeout_ms * CLOCK_MILLISECOND;
    pthread_mutex_unlock(&reactor->lock);
    shard_wake(reactor->shard);
}

void reactor_join(struct reactor *reactor)
{
    if (reactor->is_started)
        pthread_join(reactor->thread, NULL);
    reactor->is_started = false;
}

void reactor_free(struct reactor *reactor)
{
    if (reactor == NULL)
        return;
    if (reactor->epoll >= 0)
        close(reactor->epoll);
    client_table_free(&reactor->clients);
    outbox_free(&reactor->outbox);
    free(reactor->scratch);
    pthread_mutex_destroy(&reactor->lock);
    free(reactor);
}
