/* The parties of this server: the shards, and the store behind them. Knows no sockets. */
#include "party.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "config.h"
#include "friends.h"
#include "log.h"
#include "metrics.h"
#include "session_count.h"
#include "snapshot.h"
#include "store.h"
#include "users.h"
#include "webhooks.h"

/* A new session's code may be that of one that has ended and is still in the database: how often another is tried. */
#define CREATE_ATTEMPTS 3

/* What a shard keeps of its last messages, for those who come back. */
#define REPLAY_BYTES 1048576

struct parties {
    struct store *store;
    struct users *users;
    struct friends *friends;
    struct webhooks *webhooks; /* NULL for none */
    struct shard **shards;
    size_t shard_count;
    atomic_uint next_shard;
    struct session_count *made;
    uint32_t max_sessions_per_user;
    pthread_mutex_t creating; /* from asking how many sessions a user has to having one more */
};

/* --- What the hubs tell ----------------------------------------------------------------------------------------- */

static void save_message(struct parties *parties, const syncplay_event *event)
{
    struct store_message *message = calloc(1, sizeof *message);
    if (message == NULL || (message->text = strdup(event->text)) == NULL) {
        log_error("chat message lost reason=%s", "no memory");
        free(message);
        return;
    }
    message->id = event->message_id;
    message->session_id = event->session;
    message->user_id = event->user;
    message->unix_created = event->unix_time;
    if (store_put_message(parties->store, message) == 0)
        log_error("chat message lost reason=%s", "the store has no room");
}

/* Coming, going and what people do to each other is for whoever runs the server; the rest for whoever looks closely. */
static enum log_level level_of(syncplay_change change)
{
    switch (change) {
    case SYNCPLAY_CHANGE_JOINED:
    case SYNCPLAY_CHANGE_LEFT:
    case SYNCPLAY_CHANGE_KICKED:
    case SYNCPLAY_CHANGE_HOST:
    case SYNCPLAY_CHANGE_ROLE:
    case SYNCPLAY_CHANGE_MUTED:
    case SYNCPLAY_CHANGE_UNMUTED:
    case SYNCPLAY_CHANGE_BANNED:
    case SYNCPLAY_CHANGE_UNBANNED:
        return LOG_INFO;
    default:
        return LOG_DEBUG;
    }
}

/* Who did what, by ids: neither what was said nor how an invitation reads is anybody's business here. */
static void log_event(const syncplay_event *event)
{
    char session[SYNCPLAY_ID_SIZE];
    char user[SYNCPLAY_ID_SIZE];
    char thing[SYNCPLAY_ID_SIZE];
    syncplay_id_format(&event->session, session);
    syncplay_id_format(&event->user, user);
    switch (event->kind) {
    case SYNCPLAY_EVENT_CREATED:
        log_info("session created session=%s code=%s user=%s", session, event->code, user);
        break;
    case SYNCPLAY_EVENT_ENDED:
        log_info("session ended session=%s code=%s reason=%s", session, event->code,
                 syncplay_reason_name(event->reason));
        break;
    case SYNCPLAY_EVENT_PARTICIPANT:
        log_line(level_of(event->change), "participant %s session=%s code=%s user=%s",
                 syncplay_change_name(event->change), session, event->code, user);
        break;
    case SYNCPLAY_EVENT_CHAT_DELETED:
        syncplay_id_format(&event->message_id, thing);
        log_info("message deleted session=%s code=%s user=%s message_id=%s", session, event->code, user, thing);
        break;
    case SYNCPLAY_EVENT_INVITATION:
        syncplay_id_format(&event->invitation, thing);
        log_info("invitation %s session=%s code=%s user=%s invitation=%s",
                 syncplay_invitation_change_name(event->invitation_change), session, event->code, user, thing);
        break;
    case SYNCPLAY_EVENT_PLAYBACK:
    case SYNCPLAY_EVENT_CHAT:
    case SYNCPLAY_EVENT_SESSION:
    case SYNCPLAY_EVENT_TYPING:
    case SYNCPLAY_EVENT_REACTION:
        break;
    }
}

/* Not who becomes the host later: handing sessions over would fill somebody else's limit. */
static void count_session(struct parties *parties, const syncplay_event *event)
{
    if (event->kind == SYNCPLAY_EVENT_CREATED)
        session_count_set(parties->made, &event->session, &event->user);
    else if (event->kind == SYNCPLAY_EVENT_ENDED)
        session_count_forget(parties->made, &event->session);
}

void parties_count(struct parties *parties, const syncplay_hub *hub, int64_t now, const syncplay_id *session)
{
    syncplay_session_info info = {.struct_size = sizeof info};
    if (syncplay_hub_session(hub, now, session, &info) == SYNCPLAY_OK)
        session_count_set(parties->made, session, &info.host_user_id);
}

static void count_event(syncplay_event_kind kind)
{
    if (kind == SYNCPLAY_EVENT_CREATED)
        metrics_add(METRIC_SESSIONS_CREATED, 1);
    else if (kind == SYNCPLAY_EVENT_ENDED)
        metrics_add(METRIC_SESSIONS_ENDED, 1);
    else if (kind == SYNCPLAY_EVENT_CHAT)
        metrics_add(METRIC_CHAT_MESSAGES, 1);
}

static void on_event(void *arg, const syncplay_hub *hub, int64_t now, const syncplay_event *event)
{
    struct parties *parties = arg;
    log_event(event);
    count_session(parties, event);
    count_event(event->kind);
    webhooks_tell(parties->webhooks, hub, now, event);
    if (event->kind == SYNCPLAY_EVENT_CHAT)
        save_message(parties, event);
    if (event->kind == SYNCPLAY_EVENT_CHAT_DELETED &&
        store_delete_message(parties->store, &event->session, &event->message_id) == 0)
        log_error("a message could not be deleted reason=%s", "the store has no room");
    if (event->kind == SYNCPLAY_EVENT_ENDED &&
        store_end_session(parties->store, &event->session, event->unix_time) == 0)
        log_error("the end of a session could not be saved reason=%s", "the store has no room");
}

static bool has_permission(void *arg, const syncplay_id *user, syncplay_permission permission)
{
    struct parties *parties = arg;
    return users_permitted(parties->users, user, permission);
}

static bool are_friends(void *arg, const syncplay_id *host, const syncplay_id *user)
{
    struct parties *parties = arg;
    return friends_are(parties->friends, host, user);
}

/* --- Saving ----------------------------------------------------------------------------------------------------- */

/* Returns the store's ticket, 0 if it was lost. */
static uint64_t save_session(struct parties *parties, const syncplay_hub *hub, int64_t now, const syncplay_id *id)
{
    syncplay_session_info info = {.struct_size = sizeof info};
    if (syncplay_hub_session(hub, now, id, &info) != SYNCPLAY_OK)
        return 0; /* it has ended meanwhile */
    struct store_session *record = snapshot_take(hub, now, id);
    uint64_t ticket = record == NULL ? 0 : store_put_session(parties->store, record);
    if (ticket == 0)
        log_error("session could not be saved code=%s reason=%s", info.code, "no memory, or the store has no room");
    return ticket;
}

bool parties_save(struct parties *parties, syncplay_hub *hub, int64_t now)
{
    syncplay_id changed[PARTIES_SAVE_BATCH];
    size_t count = syncplay_hub_take_changed(hub, changed, PARTIES_SAVE_BATCH);
    for (size_t i = 0; i < count; i++)
        save_session(parties, hub, now, &changed[i]);
    return count == PARTIES_SAVE_BATCH;
}

uint64_t parties_save_session(struct parties *parties, const syncplay_hub *hub, int64_t now, const syncplay_id *session)
{
    save_session(parties, hub, now, session);
    return store_last_ticket(parties->store); /* after what on_event has queued: a deletion, the session's end */
}

void parties_wait(struct parties *parties, uint64_t ticket)
{
    store_wait(parties->store, ticket);
}

/* What the loop does by its timer, for those who come from elsewhere: the REST side. */
static void save_on_leaving(void *arg, struct shard *shard, syncplay_hub *hub, int64_t now)
{
    (void)shard;
    parties_save(arg, hub, now);
}

static void save_whole_shard(struct parties *parties, struct shard *shard)
{
    int64_t now;
    syncplay_hub *hub = shard_enter(shard, &now);
    size_t count = syncplay_hub_count(hub);
    syncplay_id *ids = calloc(count + 1, sizeof *ids);
    if (ids == NULL)
        log_error("the last save is not complete reason=%s", "no memory");
    else
        count = syncplay_hub_list(hub, ids, count);
    for (size_t i = 0; ids != NULL && i < count; i++)
        save_session(parties, hub, now, &ids[i]);
    free(ids);
    shard_leave(shard);
}

void parties_save_all(struct parties *parties)
{
    for (size_t i = 0; i < parties->shard_count; i++)
        save_whole_shard(parties, parties->shards[i]);
}

/* --- Making sessions -------------------------------------------------------------------------------------------- */

/* One attempt: *ticket is the store's, 0 if the record was lost. */
static int create_once(struct parties *parties, struct shard *shard, const syncplay_user *host,
                       const syncplay_content *content, const syncplay_settings *settings, syncplay_id *session,
                       uint64_t *ticket, char *why, size_t why_size)
{
    int64_t now;
    syncplay_hub *hub = shard_enter(shard, &now);
    int error = syncplay_hub_create(hub, now, host, content, settings, session);
    if (error == SYNCPLAY_OK)
        *ticket = save_session(parties, hub, now, session);
    else
        snprintf(why, why_size, "%s", syncplay_hub_why(hub));
    shard_leave(shard);
    return error;
}

/* The same, for one who may have another. Nobody waits for the mutex with a shard entered. */
static int create_within_limit(struct parties *parties, struct shard *shard, const syncplay_user *host,
                               const syncplay_content *content, const syncplay_settings *settings, syncplay_id *session,
                               uint64_t *ticket, char *why, size_t why_size)
{
    int error = PARTIES_USER_LIMIT;
    pthread_mutex_lock(&parties->creating);
    if (session_count_of(parties->made, &host->id) < parties->max_sessions_per_user)
        error = create_once(parties, shard, host, content, settings, session, ticket, why, why_size);
    else
        snprintf(why, why_size, "you have made %u sessions that go on, which is the most (max_sessions_per_user)",
                 parties->max_sessions_per_user);
    pthread_mutex_unlock(&parties->creating);
    return error;
}

static void take_back(struct shard *shard, const syncplay_id *session)
{
    int64_t now;
    syncplay_hub *hub = shard_enter(shard, &now);
    syncplay_hub_end(hub, now, session, SYNCPLAY_REASON_SHUTDOWN);
    shard_leave(shard);
}

int parties_create(struct parties *parties, const syncplay_user *host, const syncplay_content *content,
                   const syncplay_settings *settings, struct shard **shard, syncplay_id *session, char *why,
                   size_t why_size)
{
    for (int attempt = 0; attempt < CREATE_ATTEMPTS; attempt++) {
        uint64_t ticket = 0;
        *shard = parties->shards[atomic_fetch_add(&parties->next_shard, 1) % parties->shard_count];
        int error = create_within_limit(parties, *shard, host, content, settings, session, &ticket, why, why_size);
        if (error != SYNCPLAY_OK)
            return error;
        if (ticket != 0 && store_wait(parties->store, ticket))
            return SYNCPLAY_OK;
        take_back(*shard, session);
    }
    snprintf(why, why_size, "the session could not be saved");
    return SYNCPLAY_ERROR_LIMIT;
}

bool parties_has_ended(struct parties *parties, const char *code, size_t length)
{
    char normalised[SYNCPLAY_CODE_SIZE];
    return syncplay_code_normalise(code, length, normalised) && store_code_ended(parties->store, normalised);
}

/* --- Shards ----------------------------------------------------------------------------------------------------- */

struct shard *parties_shard(struct parties *parties, const char *code, size_t length)
{
    char normalised[SYNCPLAY_CODE_SIZE];
    if (!syncplay_code_normalise(code, length, normalised))
        return NULL;
    return parties->shards[syncplay_code_shard(normalised, (uint32_t)parties->shard_count)];
}

size_t parties_shard_count(const struct parties *parties)
{
    return parties->shard_count;
}

struct shard *parties_shard_at(struct parties *parties, size_t index)
{
    return parties->shards[index];
}

static void configure_hub(syncplay_hub_config *hub, const struct config *config)
{
    syncplay_hub_config_default(hub, sizeof *hub);
    hub->max_sessions = (config->max_sessions + config->shards - 1) / config->shards; /* its share, rounded up */
    hub->max_participants = config->max_participants;
    hub->max_message_bytes = config->max_message_bytes;
    hub->session_timeout = config->session_timeout;
    hub->seat_grace = config->seat_grace;
    hub->away_after = config->away_after;
    hub->kick_cooldown = config->kick_cooldown;
    hub->knock_timeout = config->knock_timeout;
    hub->max_knocks = config->max_knocks;
    hub->max_invitations = config->max_invitations;
    hub->max_removed = config->max_removed;
    hub->replay_bytes = REPLAY_BYTES;
    hub->latency_samples = config->latency_samples;
    hub->max_latency = config->max_latency;
    hub->wait_timeout = config->wait_timeout;
    hub->wait_budget = config->wait_budget;
    hub->chat_enabled = config->chat_enabled;
    hub->chat_max_length = config->chat_max_length;
    hub->chat_rate_count = config->chat_rate_count;
    hub->chat_rate_period = config->chat_rate_period;
    hub->chat_history = config->chat_history;
    hub->reaction_rate_count = config->reaction_burst;
    hub->reaction_rate_period = config->reaction_rate_period * config->reaction_burst / config->reaction_rate_count;
    hub->shard_count = config->shards;
}

static bool make_shards(struct parties *parties, const struct config *config, char *why, size_t why_size)
{
    struct shard_listener listener = {.arg = parties,
                                      .event = on_event,
                                      .has_permission = has_permission,
                                      .are_friends = are_friends,
                                      .leaving = save_on_leaving};
    syncplay_hub_config hub;
    configure_hub(&hub, config);
    int64_t now = clock_now(); /* one anchor for all: they tell the same time */
    hub.unix_time = clock_unix();
    parties->shards = calloc(config->shards, sizeof *parties->shards);
    if (parties->shards == NULL) {
        snprintf(why, why_size, "out of memory");
        return false;
    }
    for (hub.shard_index = 0; hub.shard_index < config->shards; hub.shard_index++) {
        struct shard *shard = shard_new(&hub, now, &listener, why, why_size);
        if (shard == NULL)
            return false;
        parties->shards[parties->shard_count++] = shard;
    }
    return true;
}

struct parties *parties_new(const struct config *config, struct store *store, struct users *users,
                            struct friends *friends, struct webhooks *webhooks, char *why, size_t why_size)
{
    struct parties *parties = calloc(1, sizeof *parties);
    if (parties == NULL) {
        snprintf(why, why_size, "out of memory");
        return NULL;
    }
    parties->store = store;
    parties->users = users;
    parties->friends = friends;
    parties->webhooks = webhooks;
    parties->max_sessions_per_user = config->max_sessions_per_user;
    pthread_mutex_init(&parties->creating, NULL);
    /* Each shard's share of the sessions is rounded up. */
    parties->made = session_count_new((size_t)config->max_sessions + config->shards);
    if (parties->made == NULL) {
        snprintf(why, why_size, "out of memory");
        parties_free(parties);
        return NULL;
    }
    if (!make_shards(parties, config, why, why_size)) {
        parties_free(parties);
        return NULL;
    }
    return parties;
}

void parties_free(struct parties *parties)
{
    if (parties == NULL)
        return;
    for (size_t i = 0; i < parties->shard_count; i++)
        shard_free(parties->shards[i]);
    free(parties->shards);
    session_count_free(parties->made);
    pthread_mutex_destroy(&parties->creating);
    free(parties);
}
