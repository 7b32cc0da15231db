/* A shard: one hub, its lock, and what the hub wants sent. Knows neither sockets nor the database. */
#include "shard.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "clock.h"
#include "film_url.h"
#include "outbox.h"

struct shard {
    pthread_mutex_t lock; /* guards all that follows, but for `wake` */
    syncplay_hub *hub;
    struct shard_listener listener;
    struct outbox outbox;
    int64_t last_now;
    int64_t loop_deadline; /* what the loop sleeps until, as far as the hub is concerned */
    bool is_woken;         /* and has not come yet */
    int wake;              /* an eventfd */
};

static void deliver(void *user_data, const uint64_t *connections, size_t count, const char *bytes, size_t length)
{
    struct shard *shard = user_data;
    outbox_add(&shard->outbox, connections, count, bytes, length);
}

static void tell_event(void *user_data, const syncplay_event *event)
{
    struct shard *shard = user_data;
    shard->listener.event(shard->listener.arg, shard->hub, shard->last_now, event);
}

static bool ask_permission(void *user_data, const syncplay_id *user, syncplay_permission permission)
{
    struct shard *shard = user_data;
    return shard->listener.has_permission(shard->listener.arg, user, permission);
}

static bool ask_are_friends(void *user_data, const syncplay_id *host, const syncplay_id *user)
{
    struct shard *shard = user_data;
    return shard->listener.are_friends(shard->listener.arg, host, user);
}

static const char *refuse_content(void *user_data, const syncplay_content *content)
{
    (void)user_data;
    if (content->url == NULL || film_url_is_allowed(content->url))
        return NULL;
    return "url must be an http or https URL, or a path below /media/, at most 2000 characters";
}

_Static_assert(SYNCPLAY_URL_MAX == 2000, "the sentence above says so");

static int make_hub(struct shard *shard, const syncplay_hub_config *config, int64_t now)
{
    syncplay_hub_callbacks callbacks;
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.deliver = deliver;
    callbacks.event = tell_event;
    callbacks.has_permission = ask_permission;
    callbacks.are_friends = ask_are_friends;
    callbacks.refuse_content = refuse_content;
    return syncplay_hub_new(&shard->hub, now, config, &callbacks, shard);
}

struct shard *shard_new(const syncplay_hub_config *config, int64_t now, const struct shard_listener *listener,
                        char *why, size_t why_size)
{
    struct shard *shard = calloc(1, sizeof *shard);
    if (shard == NULL) {
        snprintf(why, why_size, "out of memory");
        return NULL;
    }
    shard->listener = *listener;
    shard->last_now = now;
    shard->loop_deadline = SYNCPLAY_NEVER;
    shard->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (shard->wake < 0) {
        snprintf(why, why_size, "cannot make an event descriptor: %s", strerror(errno));
        free(shard);
        return NULL;
    }
    int error = make_hub(shard, config, now);
    if (error != SYNCPLAY_OK) {
        char setting[100];
        syncplay_hub_config_check(config, setting, sizeof setting);
        snprintf(why, why_size, "cannot make a hub: %s %s", syncplay_strerror(error), setting);
        close(shard->wake);
        free(shard);
        return NULL;
    }
    pthread_mutex_init(&shard->lock, NULL);
    return shard;
}

void shard_free(struct shard *shard)
{
    if (shard == NULL)
        return;
    syncplay_hub_free(shard->hub);
    outbox_free(&shard->outbox);
    pthread_mutex_destroy(&shard->lock);
    close(shard->wake);
    free(shard);
}

syncplay_hub *shard_enter(struct shard *shard, int64_t *now)
{
    pthread_mutex_lock(&shard->lock);
    *now = clock_now();
    shard->last_now = *now;
    return shard->hub;
}

void shard_leave(struct shard *shard)
{
    shard->listener.leaving(shard->listener.arg, shard, shard->hub, shard->last_now);
    int64_t deadline = syncplay_hub_deadline(shard->hub);
    bool is_needed = !outbox_is_empty(&shard->outbox) || deadline < shard->loop_deadline;
    bool is_to_wake = is_needed && !shard->is_woken;
    shard->is_woken = shard->is_woken || is_needed;
    pthread_mutex_unlock(&shard->lock);
    if (is_to_wake)
        shard_wake(shard);
}

int64_t shard_take(struct shard *shard, struct outbox *outbox)
{
    struct outbox full = shard->outbox;
    shard->outbox = *outbox;
    *outbox = full;
    int64_t deadline = syncplay_hub_deadline(shard->hub);
    shard->loop_deadline = deadline;
    shard->is_woken = false;
    pthread_mutex_unlock(&shard->lock);
    return deadline;
}

int shard_wake_descriptor(const struct shard *shard)
{
    return shard->wake;
}

void shard_wake(struct shard *shard)
{
    uint64_t one = 1;
    if (write(shard->wake, &one, sizeof one) < 0)
        return; /* only when it is full: then the loop is awake */
}
