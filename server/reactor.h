/*
 * One loop of the real-time side: a thread, the clients of one shard, and their sockets. What the threads say to each
 * other goes through a mailbox: clients that come to stay.
 */
#ifndef SERVER_REACTOR_H
#define SERVER_REACTOR_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "client.h"

struct parties;
struct reactor;
struct shard;

/* What all reactors of a server share. */
struct reactor_shared {
    struct parties *parties;
    struct client_context context;
    size_t max_clients;
    atomic_size_t clients; /* in all reactors and mailboxes together */
    /* The reactor of a shard. */
    struct reactor *(*route)(void *arg, const struct shard *shard);
    void *arg;
};

/* NULL, and a sentence in `why`, on failure. The thread is not running yet. */
struct reactor *reactor_new(struct reactor_shared *shared, struct shard *shard, char *why, size_t why_size);
bool reactor_start(struct reactor *reactor);

/* Puts a client into the mailbox, for good; frees it if the reactor has stopped. From any thread. */
void reactor_post(struct reactor *reactor, struct client *client);

/*
 * Whether the thread has made a turn since this was asked last; asks it for one more. From one thread that is not its
 * own.
 */
bool reactor_has_turned(struct reactor *reactor);

/* Begins to stop: says goodbye to everyone, and ends `timeout_ms` later at the latest. Does not wait. */
void reactor_stop(struct reactor *reactor, int timeout_ms);

/* Waits for the end of the thread, if it was started, and frees. NULL is allowed. */
void reactor_join(struct reactor *reactor);
void reactor_free(struct reactor *reactor);

#endif
