/* The party side, as the threads share it: one lock around the hub and the mail. It must not know HTTP. */
#ifndef SERVER_H
#define SERVER_H

#include <pthread.h>
#include <stdatomic.h>

#include <syncplay/syncplay.h>

#include "mail.h"

#define SECOND INT64_C(1000000)

struct server {
    pthread_mutex_t lock;
    pthread_cond_t stirred; /* something was done to the hub: for those who poll, and for the keeper */
    syncplay_hub *hub;
    struct mails mails;
    const char *folder;
    atomic_bool is_over;
};

int64_t server_now(void);

/* With the lock: lets go of it until something happens, or until `then`. */
void server_wait(struct server *server, int64_t then);

/* With the lock: a connection is no more, and so is its mail. */
void server_hang_up(struct server *server, struct mail *mail);

#endif
