/* What a client has to say to the hub of its reactor's shard. */
#include "visit.h"

#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "code_lookup.h"
#include "message_type.h"
#include "metrics.h"
#include "party.h"

static bool is_open(const struct client *client)
{
    return connection_state(client->connection) == CONNECTION_OPEN;
}

static void introduce(syncplay_hub *hub, struct client *client)
{
    syncplay_user user;
    syncplay_user_default(&user, sizeof user);
    user.id = client->user.id;
    user.name = client->user.name;
    int64_t now = connection_last_read(client->connection);
    if (syncplay_hub_connect(hub, now, client->id, &user) == SYNCPLAY_OK)
        client->is_connected = true;
    else
        connection_close(client->connection, FRAME_INTERNAL_ERROR, "no memory");
}

/* A message that says "join" somewhere is worth being parsed for its code. */
static bool is_join(const struct message *message, char code[SYNCPLAY_CODE_SIZE])
{
    return memmem(message->bytes, message->length, "join", 4) != NULL &&
           syncplay_wire_join_code(message->bytes, message->length, code);
}

/* Whoever sits here is told nothing about other sessions by a join. */
static bool has_seat(const syncplay_hub *hub, const struct client *client)
{
    syncplay_id present;
    return syncplay_hub_session_of(hub, client->id, &present) == SYNCPLAY_OK;
}

/* Whether the hub may answer the join of one who does not sit here. */
static bool may_join(const syncplay_hub *hub, struct client *client, const struct message *message, const char *code)
{
    const struct code_asker asker = {.user = &client->user.id, .from = &client->from, .wants_in = true};
    struct code_wait wait;
    syncplay_id session;
    int error =
        code_lookup(client->context->quotas, hub, message->received, code, strlen(code), &asker, &session, &wait);
    if (error == SYNCPLAY_ERROR_RATE)
        client_refuse_join(client, message, wait.why, wait.seconds);
    return error != SYNCPLAY_ERROR_RATE;
}

/* The drift that a client has just reported: the hub has understood it. */
static void observe_drift(const syncplay_hub *hub, const struct client *client)
{
    syncplay_id session;
    syncplay_participant_info info = {.struct_size = sizeof info};
    if (syncplay_hub_session_of(hub, client->id, &session) == SYNCPLAY_OK &&
        syncplay_hub_participant_of(hub, &session, &client->user.id, &info) == SYNCPLAY_OK &&
        info.drift != SYNCPLAY_DRIFT_UNSET)
        metrics_observe(METRIC_DRIFT, info.drift);
}

static void count_message(const syncplay_hub *hub, const struct client *client, const struct message *message,
                          int error)
{
    char type[MESSAGE_TYPE_SIZE];
    message_type(message->bytes, message->length, type);
    metrics_count(METRIC_MESSAGES_RECEIVED, type);
    if (error != SYNCPLAY_OK)
        metrics_count(METRIC_ERRORS_TOLD, syncplay_error_code(error));
    else if (strcmp(type, "ping") == 0 && memmem(message->bytes, message->length, "\"drift_ms\"", 10) != NULL)
        observe_drift(hub, client);
}

/* As visit_hub, for one message, which is used up unless a shard is returned. */
static struct shard *give_message(syncplay_hub *hub, struct client *client, struct message *message,
                                  struct parties *parties, const struct shard *shard)
{
    char code[SYNCPLAY_CODE_SIZE];
    bool is_joining = is_join(message, code);
    /* What was due before the message came happens before it. */
    if (syncplay_hub_deadline(hub) <= message->received)
        syncplay_hub_tick(hub, message->received);
    if (is_joining && !has_seat(hub, client)) {
        struct shard *target = parties_shard(parties, code, strlen(code));
        if (target != shard) {
            connection_unread(client->connection, message);
            return target;
        }
        if (!may_join(hub, client, message, code)) {
            metrics_count(METRIC_MESSAGES_RECEIVED, "join");
            free(message);
            return NULL;
        }
    }
    int error = syncplay_hub_receive(hub, message->received, client->id, message->bytes, message->length);
    count_message(hub, client, message, error);
    if (is_joining && error == SYNCPLAY_OK) {
        client->refused_joins = 0;
        client_hurry_pings(client, message->received);
    }
    free(message);
    return NULL;
}

static void leave(syncplay_hub *hub, int64_t now, struct client *client)
{
    syncplay_hub_disconnect(hub, now, client->id);
    client->is_connected = false;
}

struct shard *visit_hub(syncplay_hub *hub, int64_t now, struct client *client, struct parties *parties,
                        const struct shard *shard)
{
    struct message *message;
    struct shard *target = NULL;
    int64_t round_trip;
    if (client->is_authenticated && !client->is_connected && is_open(client))
        introduce(hub, client);
    while (client->is_connected && target == NULL && (message = connection_next(client->connection)) != NULL)
        target = give_message(hub, client, message, parties, shard);
    if (client->is_connected && connection_round_trip(client->connection, &round_trip)) {
        metrics_observe(METRIC_ROUND_TRIP, round_trip);
        syncplay_hub_round_trip(hub, connection_last_read(client->connection), client->id, round_trip);
    }
    if (client->is_connected && (target != NULL || !is_open(client)))
        leave(hub, now, client);
    return target;
}
