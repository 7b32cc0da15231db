/* Webhooks: from the hubs into the queues, from there to the receivers. */
#include "webhooks.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/random.h>
#include <uuid/uuid.h>

#include "clock.h"
#include "log.h"
#include "webhook_event.h"
#include "webhook_queue.h"
#include "webhook_rules.h"
#include "webhook_sender.h"
#include "webhook_signature.h"

#define HEADER_MAX 128

struct receiver {
    const char *url;
    const char *origin; /* for the log */
    struct webhook_queue queue;
    size_t flights;    /* the thread's alone */
    bool is_failing;   /* the thread's alone; the last attempt failed */
    bool is_overflown; /* the last delivery found no room */
};

struct webhooks {
    const struct webhook_rules *rules;
    struct webhook_sender *sender;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards queues, counts and stop_at; held for moments only */
    struct receiver receivers[WEBHOOK_RECEIVERS_MAX];
    struct webhooks_counts counts; /* but for `queued` */
    int64_t stop_at;               /* SYNCPLAY_NEVER until it is to end */
};

/* --- What is told ------------------------------------------------------------------------------------------------ */

/* One delivery to one receiver. */
static void queue_one(struct webhooks *webhooks, size_t receiver, struct webhook_delivery *delivery)
{
    struct receiver *to = &webhooks->receivers[receiver];
    pthread_mutex_lock(&webhooks->mutex);
    bool is_queued = delivery != NULL && webhook_queue_add(&to->queue, delivery);
    bool is_news = !is_queued && !to->is_overflown;
    to->is_overflown = !is_queued;
    webhooks->counts.dropped += !is_queued;
    pthread_mutex_unlock(&webhooks->mutex);
    if (!is_queued && delivery != NULL)
        webhook_delivery_free(delivery);
    if (is_news)
        log_error("webhooks are dropped, too many wait receiver=%s max_queue=%u", to->origin,
                  webhooks->rules->max_queue);
}

static void queue_event(struct webhooks *webhooks, enum webhook_kind kind, const syncplay_event *event,
                        const syncplay_session_info *session)
{
    uuid_t random;
    char id[SYNCPLAY_ID_SIZE];
    size_t length = 0;
    if ((webhooks->rules->kinds & 1u << kind) == 0)
        return;
    uuid_generate_random(random);
    uuid_unparse_lower(random, id);
    char *body = webhook_body(kind, id, event, session, &length);
    int64_t now = clock_now();
    for (size_t i = 0; i < webhooks->rules->receiver_count; i++) {
        struct webhook_delivery *delivery = body == NULL ? NULL : webhook_delivery_new(body, length);
        if (delivery != NULL) {
            memcpy(delivery->id, id, sizeof id);
            delivery->kind = kind;
            delivery->session = event->session;
            delivery->receiver = i;
            delivery->due = now;
        }
        queue_one(webhooks, i, delivery);
    }
    free(body);
    webhook_sender_wake(webhooks->sender);
}

/* Somebody who took a seat without a connection is told of by the hub once more, when the connection comes. */
static bool is_first_told(const syncplay_hub *hub, const syncplay_event *event)
{
    syncplay_participant_info info = {.struct_size = sizeof info};
    return syncplay_hub_participant_of(hub, &event->session, &event->user, &info) != SYNCPLAY_OK ||
           info.unix_joined == event->unix_time;
}

void webhooks_tell(struct webhooks *webhooks, const syncplay_hub *hub, int64_t now, const syncplay_event *event)
{
    syncplay_session_info session = {.struct_size = sizeof session};
    bool is_about_seats = event->kind == SYNCPLAY_EVENT_PARTICIPANT &&
                          (event->change == SYNCPLAY_CHANGE_JOINED || event->change == SYNCPLAY_CHANGE_LEFT ||
                           event->change == SYNCPLAY_CHANGE_KICKED);
    if (webhooks == NULL || (!is_about_seats && event->kind != SYNCPLAY_EVENT_CREATED &&
                             event->kind != SYNCPLAY_EVENT_ENDED))
        return;
    if (syncplay_hub_session(hub, now, &event->session, &session) != SYNCPLAY_OK)
        return;
    if (event->kind == SYNCPLAY_EVENT_CREATED) {
        queue_event(webhooks, WEBHOOK_SESSION_STARTED, event, &session);
        queue_event(webhooks, WEBHOOK_PARTICIPANT_JOINED, event, &session); /* the host has the first seat */
    } else if (event->kind == SYNCPLAY_EVENT_ENDED) {
        queue_event(webhooks, WEBHOOK_SESSION_ENDED, event, &session);
    } else if (event->change != SYNCPLAY_CHANGE_JOINED) {
        queue_event(webhooks, WEBHOOK_PARTICIPANT_LEFT, event, &session);
    } else if (is_first_told(hub, event)) {
        queue_event(webhooks, WEBHOOK_PARTICIPANT_JOINED, event, &session);
    }
}

struct webhooks_counts webhooks_counts(struct webhooks *webhooks)
{
    struct webhooks_counts counts = {0};
    if (webhooks == NULL)
        return counts;
    pthread_mutex_lock(&webhooks->mutex);
    counts = webhooks->counts;
    for (size_t i = 0; i < webhooks->rules->receiver_count; i++)
        counts.queued += webhooks->receivers[i].queue.count;
    pthread_mutex_unlock(&webhooks->mutex);
    return counts;
}

/* --- The thread: what becomes of an attempt ---------------------------------------------------------------------- */

/* From 0 to below 1. */
static double chance(void)
{
    uint32_t random = 0;
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
        return 0;
    return (double)random / 4294967296.0;
}

/* "503", or why there was no answer. */
static void describe(const struct webhook_answer *answer, char *text, size_t size)
{
    if (answer->status != 0)
        snprintf(text, size, "it answered %ld", answer->status);
    else
        snprintf(text, size, "%s", answer->why);
}

/* Tells the log when a receiver begins to fail, and when it works again. */
static void note_health(struct receiver *receiver, const struct webhook_answer *answer, bool is_good)
{
    char what[HEADER_MAX];
    describe(answer, what, sizeof what);
    if (is_good && receiver->is_failing)
        log_info("webhooks are taken again receiver=%s", receiver->origin);
    if (!is_good && !receiver->is_failing)
        log_warn("webhooks are not taken receiver=%s reason=%s", receiver->origin, what);
    receiver->is_failing = !is_good;
}

static void note_failed(const struct receiver *receiver, const struct webhook_delivery *delivery,
                        const struct webhook_answer *answer)
{
    char what[HEADER_MAX];
    describe(answer, what, sizeof what);
    log_warn("webhook given up event=%s delivery=%s receiver=%s attempts=%" PRIu32 " reason=%s",
             webhook_kind_name(delivery->kind), delivery->id, receiver->origin, delivery->attempts, what);
}

static void settle(struct webhooks *webhooks, const struct webhook_answer *answer)
{
    struct webhook_delivery *delivery = answer->context;
    struct receiver *receiver = &webhooks->receivers[delivery->receiver];
    enum webhook_verdict verdict = webhook_judge(answer->status);
    if (verdict == WEBHOOK_AGAIN && delivery->attempts >= webhooks->rules->attempts)
        verdict = WEBHOOK_REFUSED;
    receiver->flights--;
    note_health(receiver, answer, verdict == WEBHOOK_DELIVERED);
    if (verdict == WEBHOOK_REFUSED)
        note_failed(receiver, delivery, answer);
    int64_t wait = webhook_wait(&webhooks->rules->backoff, delivery->attempts, answer->retry_after, chance());
    pthread_mutex_lock(&webhooks->mutex);
    webhooks->counts.delivered += verdict == WEBHOOK_DELIVERED;
    webhooks->counts.failed += verdict == WEBHOOK_REFUSED;
    if (verdict == WEBHOOK_AGAIN)
        webhook_queue_put_back(&receiver->queue, delivery, clock_now() + wait);
    else
        webhook_queue_finish(&receiver->queue, delivery);
    pthread_mutex_unlock(&webhooks->mutex);
}

/* --- The thread: sending ------------------------------------------------------------------------------------------ */

static bool start_request(struct webhooks *webhooks, struct webhook_delivery *delivery)
{
    char event[HEADER_MAX], id[HEADER_MAX], timestamp[HEADER_MAX], signed_by[HEADER_MAX];
    char signature[WEBHOOK_SIGNATURE_SIZE];
    const char *const headers[] = {"Content-Type: application/json", event, id, timestamp, signed_by, NULL};
    int64_t seconds = clock_unix() / CLOCK_SECOND;
    const struct webhook_rules *rules = webhooks->rules;
    if (!webhook_sign(rules->secret, rules->secret_length, seconds, delivery->body, delivery->length, signature))
        return false;
    snprintf(event, sizeof event, "X-Syncplay-Event: %s", webhook_kind_name(delivery->kind));
    snprintf(id, sizeof id, "X-Syncplay-Delivery: %s", delivery->id);
    snprintf(timestamp, sizeof timestamp, "X-Syncplay-Timestamp: %" PRId64, seconds);
    snprintf(signed_by, sizeof signed_by, "X-Syncplay-Signature: %s", signature);
    struct webhook_request request = {.context = delivery,
                                      .url = webhooks->receivers[delivery->receiver].url,
                                      .headers = headers,
                                      .body = delivery->body,
                                      .length = delivery->length};
    return webhook_sender_start(webhooks->sender, &request);
}

/* Sends what is due to one receiver, as many as may be on their way. */
static void start_due(struct webhooks *webhooks, struct receiver *receiver)
{
    while (receiver->flights < WEBHOOKS_FLIGHTS_MAX) {
        pthread_mutex_lock(&webhooks->mutex);
        struct webhook_delivery *delivery = webhook_queue_take(&receiver->queue, clock_now());
        pthread_mutex_unlock(&webhooks->mutex);
        if (delivery == NULL)
            return;
        delivery->attempts++;
        receiver->flights++;
        if (!start_request(webhooks, delivery))
            settle(webhooks, &(struct webhook_answer){delivery, 0, 0, "out of memory"});
    }
}

/* When there is something to do but for answers that come. False if nothing more can be done before the end. */
static bool find_due(struct webhooks *webhooks, int64_t now, int64_t *due)
{
    bool is_empty = true;
    bool has_flights = false;
    *due = SYNCPLAY_NEVER;
    pthread_mutex_lock(&webhooks->mutex);
    int64_t stop_at = webhooks->stop_at;
    for (size_t i = 0; i < webhooks->rules->receiver_count; i++) {
        const struct receiver *receiver = &webhooks->receivers[i];
        int64_t next = receiver->flights < WEBHOOKS_FLIGHTS_MAX ? webhook_queue_due(&receiver->queue) : SYNCPLAY_NEVER;
        *due = next < *due ? next : *due;
        has_flights = has_flights || receiver->flights > 0;
        is_empty = is_empty && receiver->queue.count == 0;
    }
    pthread_mutex_unlock(&webhooks->mutex);
    if (stop_at == SYNCPLAY_NEVER)
        return true;
    bool is_hopeless = is_empty || (!has_flights && *due > stop_at);
    *due = stop_at < *due ? stop_at : *due;
    return !is_hopeless && now < stop_at;
}

static void *run(void *arg)
{
    struct webhooks *webhooks = arg;
    struct webhook_answer answer;
    int64_t due = 0;
    while (find_due(webhooks, clock_now(), &due)) {
        int64_t now = clock_now();
        webhook_sender_wait(webhooks->sender, due > now ? due - now : 0);
        while (webhook_sender_next(webhooks->sender, &answer))
            settle(webhooks, &answer);
        for (size_t i = 0; i < webhooks->rules->receiver_count; i++)
            start_due(webhooks, &webhooks->receivers[i]);
    }
    return NULL;
}

/* --- Its life ------------------------------------------------------------------------------------------------------ */

struct webhooks *webhooks_new(const struct webhook_rules *rules, char *why, size_t why_size)
{
    struct webhooks *webhooks = calloc(1, sizeof *webhooks);
    if (webhooks == NULL || (webhooks->sender = webhook_sender_new(rules->timeout)) == NULL) {
        snprintf(why, why_size, "webhooks: out of memory");
        free(webhooks);
        return NULL;
    }
    webhooks->rules = rules;
    webhooks->stop_at = SYNCPLAY_NEVER;
    pthread_mutex_init(&webhooks->mutex, NULL);
    for (size_t i = 0; i < rules->receiver_count; i++) {
        webhooks->receivers[i].url = rules->urls[i];
        webhooks->receivers[i].origin = rules->origins[i];
        webhook_queue_init(&webhooks->receivers[i].queue, rules->max_queue);
    }
    if (pthread_create(&webhooks->thread, NULL, run, webhooks) == 0)
        return webhooks;
    snprintf(why, why_size, "webhooks: their thread cannot be started");
    webhook_sender_free(webhooks->sender);
    pthread_mutex_destroy(&webhooks->mutex);
    free(webhooks);
    return NULL;
}

void webhooks_free(struct webhooks *webhooks, int patience_ms)
{
    if (webhooks == NULL)
        return;
    pthread_mutex_lock(&webhooks->mutex);
    webhooks->stop_at = clock_now() + patience_ms * CLOCK_MILLISECOND;
    pthread_mutex_unlock(&webhooks->mutex);
    webhook_sender_wake(webhooks->sender);
    pthread_join(webhooks->thread, NULL);
    uint64_t lost = webhooks_counts(webhooks).queued;
    if (lost > 0)
        log_warn("webhooks not delivered count=%" PRIu64, lost);
    webhook_sender_free(webhooks->sender);
    for (size_t i = 0; i < webhooks->rules->receiver_count; i++)
        webhook_queue_clear(&webhooks->receivers[i].queue);
    pthread_mutex_destroy(&webhooks->mutex);
    free(webhooks);
}
