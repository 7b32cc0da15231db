/* The doors of the library that are about connections: who came, what they say, who is gone. */
#include <math.h>
#include <string.h>

#include "announce.h"
#include "checks.h"
#include "defaults.h"
#include "hub.h"
#include "invitations.h"
#include "removed.h"
#include "roster.h"
#include "wire.h"

static struct connection *find(const syncplay_hub *hub, uint64_t number)
{
    syncplay_id key = table_number_key(number);
    return number ? table_find(&hub->connections, &key) : NULL;
}

static int fail_without_connection(struct step *step)
{
    return step_fail(step, SYNCPLAY_ERROR_NOT_FOUND, "there is no connection of this number");
}

/* The seat that a connection has now; NULL if it has none, or lost it. *session is set with it. */
static struct seat *seat_of(const syncplay_hub *hub, const struct connection *connection, struct session **session)
{
    *session = table_find(&hub->by_id, &connection->session);
    struct seat *seat = *session ? roster_find(*session, &connection->user.id) : NULL;
    return seat && seat->connection == connection->number ? seat : NULL;
}

int syncplay_hub_connect(syncplay_hub *hub, int64_t now, uint64_t number, const syncplay_user *user)
{
    struct step step;
    syncplay_user who;
    syncplay_id key = table_number_key(number);
    int error = hub_begin(hub, now, &step);
    if (error)
        return error;
    syncplay_user_default(&who, sizeof who);
    error = hub_take(&step, "user", &who, user, sizeof who);
    error = error ? error : check_user(&step, &who);
    if (error)
        return error;
    if (!number)
        return step_fail(&step, SYNCPLAY_ERROR_ARGUMENT, "connection must not be 0");
    if (table_find(&hub->connections, &key))
        return step_fail(&step, SYNCPLAY_ERROR_EXISTS, "there is a connection of this number already");
    struct connection *connection =
        table_reserve(&hub->connections, &hub->memory) ? memory_new(&hub->memory, sizeof *connection) : NULL;
    if (!connection)
        return hub_fail(&step, SYNCPLAY_ERROR_MEMORY);
    connection->number = number;
    connection->user = who;
    memcpy(connection->name, who.name, strlen(who.name) + 1);
    connection->user.name = connection->name;
    table_add(&hub->connections, &key, connection);
    return SYNCPLAY_OK;
}

int syncplay_hub_disconnect(syncplay_hub *hub, int64_t now, uint64_t number)
{
    struct step step;
    struct session *session;
    syncplay_id key = table_number_key(number);
    int error = hub_begin(hub, now, &step);
    if (error)
        return error;
    struct connection *connection = find(hub, number);
    if (!connection)
        return fail_without_connection(&step);
    struct seat *seat = seat_of(hub, connection, &session);
    if (seat && !announce_reserve(session, &step, session->seat_count, 1))
        return hub_fail(&step, SYNCPLAY_ERROR_MEMORY);
    table_remove(&hub->connections, &key);
    memory_free(&hub->memory, connection);
    if (seat)
        session_disconnect(session, &step, seat);
    hub_finish(hub, seat ? session : NULL);
    return SYNCPLAY_OK;
}

int syncplay_hub_session_of(const syncplay_hub *hub, uint64_t number, syncplay_id *id)
{
    struct session *session;
    if (!hub || !id)
        return SYNCPLAY_ERROR_ARGUMENT;
    const struct connection *connection = find(hub, number);
    if (!connection)
        return SYNCPLAY_ERROR_NOT_FOUND;
    if (!seat_of(hub, connection, &session))
        return SYNCPLAY_ERROR_NOT_JOINED;
    *id = session->id;
    return SYNCPLAY_OK;
}

/* Where all commands meet, typed or by wire, with a connection or without. */
static int apply(syncplay_hub *hub, struct step *step, struct session *session, const syncplay_user *user,
                 uint64_t connection, const syncplay_command *command)
{
    int error = session_apply(session, step, user, connection, command);
    if (!error)
        hub_finish(hub, session_is_passing(command->kind) ? NULL : session);
    return error;
}

static int join(syncplay_hub *hub, struct step *step, struct connection *connection, const syncplay_command *command)
{
    syncplay_id id = {{0}}; /* which no session has */
    struct session *present;
    const char *typed = command->code ? command->code : "";
    char code[SYNCPLAY_CODE_SIZE];
    bool is_code = syncplay_code_normalise(typed, strlen(typed), code);
    int error = syncplay_hub_find(hub, typed, strlen(typed), &id);
    /* Asked first: whoever sits here may be after a session of another hub. */
    if (is_code && seat_of(hub, connection, &present) && !syncplay_id_equal(&present->id, &id))
        return step_fail(step, SYNCPLAY_ERROR_JOINED, "leave the session you are in before joining another");
    if (error)
        return step_fail(step, error, error == SYNCPLAY_ERROR_ENDED ? "this session has ended"
                                                                    : "there is no session with this session_code");
    error = apply(hub, step, registry_find(hub, &id), &connection->user, connection->number, command);
    if (!error)
        connection->session = id;
    return error;
}

/* A sample that removes nobody is no change worth saving. */
static void add_sample(syncplay_hub *hub, struct step *step, struct session *session, struct seat *seat, int64_t sample)
{
    uint32_t seats = session->seat_count;
    session_round_trip(session, step, seat, sample);
    hub_finish(hub, session->seat_count < seats ? session : NULL);
}

/*
 * A ping that echoes the last pong tells the round trip: what passed here since that pong, less what the client says it
 * kept it. A lie makes only the liar look slower or faster, as answering late would. What it reports of itself is kept as
 * its word; the revision that it follows shows whether it has missed a change.
 */
static int ping(syncplay_hub *hub, struct step *step, struct connection *connection, const syncplay_command *command)
{
    struct session *session;
    int64_t unix_now = step->now + step->unix_offset, since = unix_now - connection->last_pong;
    double held = command->held * 1000, beside = command->echo * 1000 - (double)connection->last_pong;
    struct seat *seat = seat_of(hub, connection, &session);
    int error = check_command(step, command);
    if (error)
        return error;
    bool is_behind = seat && session_is_behind(session, step, seat, command->revision);
    bool is_sample = seat && connection->last_pong && fabs(beside) < 1 && held >= 0 && held <= (double)since;
    if (!outbox_reserve(step->outbox, step->memory, 1, 256, 1) ||
        ((is_sample || is_behind) && !announce_reserve(session, step, session->seat_count, 1)) ||
        (is_sample && !removed_reserve(session, step, 0)))
        return SYNCPLAY_ERROR_MEMORY;
    if (seat)
        report_take(&seat->report, command->drift, command->clock_error, command->start);
    connection->last_pong = unix_now;
    announce_pong(step, connection->number, command->client_time);
    if (is_behind)
        announce_state(step, session, seat, NULL); /* to that one alone */
    if (is_sample)
        add_sample(hub, step, session, seat, since - (int64_t)held);
    else
        hub_finish(hub, NULL);
    return SYNCPLAY_OK;
}

static int submit(syncplay_hub *hub, struct step *step, struct connection *connection, const syncplay_command *command)
{
    struct session *session;
    /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): take_command has failed, or filled it */
    if (command->kind == SYNCPLAY_COMMAND_JOIN)
        return join(hub, step, connection, command);
    if (command->kind == SYNCPLAY_COMMAND_PING)
        return ping(hub, step, connection, command);
    if (!seat_of(hub, connection, &session))
        return step_fail(step, SYNCPLAY_ERROR_NOT_JOINED, "join a session first");
    return apply(hub, step, session, &connection->user, connection->number, command);
}

static int take_command(struct step *step, struct command_copy *ours, const syncplay_command *command)
{
    if (!command)
        return step_fail(step, SYNCPLAY_ERROR_ARGUMENT, "command is missing");
    const char *without_size = defaults_take_command(ours, command);
    return without_size ? step_fail(step, SYNCPLAY_ERROR_ARGUMENT, DEFAULTS_SIZE_WRONG, without_size) : SYNCPLAY_OK;
}

int syncplay_hub_submit(syncplay_hub *hub, int64_t now, uint64_t number, const syncplay_command *command)
{
    struct step step;
    struct command_copy ours;
    int error = hub_begin(hub, now, &step);
    if (error)
        return error;
    struct connection *connection = find(hub, number);
    if (!connection)
        return fail_without_connection(&step);
    error = take_command(&step, &ours, command);
    error = error ? error : submit(hub, &step, connection, &ours.command);
    return error ? hub_fail(&step, error) : SYNCPLAY_OK;
}

/* What a call without a connection is about: checked, and copied to structs of this version. */
struct request {
    struct step step;
    struct session *session;
    syncplay_user user;
    struct command_copy copy;
};

static int begin_request(syncplay_hub *hub, int64_t now, const syncplay_id *id, const syncplay_user *user,
                         const syncplay_command *command, struct request *request)
{
    int error = hub_begin(hub, now, &request->step);
    if (error)
        return error;
    request->session = registry_find(hub, id);
    if (!request->session)
        return step_fail(&request->step, SYNCPLAY_ERROR_NOT_FOUND, "there is no such session");
    syncplay_user_default(&request->user, sizeof request->user);
    error = hub_take(&request->step, "user", &request->user, user, sizeof request->user);
    error = error ? error : check_user(&request->step, &request->user);
    return error ? error : take_command(&request->step, &request->copy, command);
}

int syncplay_hub_submit_for(syncplay_hub *hub, int64_t now, const syncplay_id *id, const syncplay_user *user,
                            const syncplay_command *command)
{
    struct request request;
    int error = begin_request(hub, now, id, user, command, &request);
    if (error)
        return error;
    if (request.copy.command.kind == SYNCPLAY_COMMAND_PING || request.copy.command.kind == SYNCPLAY_COMMAND_INVITE)
        return step_fail(&request.step, SYNCPLAY_ERROR_ARGUMENT,
                         "kind must be neither a ping nor an invite: nobody could be told the answer");
    error = apply(hub, &request.step, request.session, &request.user, 0, &request.copy.command);
    return error ? hub_fail(&request.step, error) : SYNCPLAY_OK;
}

int syncplay_hub_invite(syncplay_hub *hub, int64_t now, const syncplay_id *id, const syncplay_user *user,
                        const syncplay_command *command, syncplay_invitation_info *info,
                        char token[SYNCPLAY_TOKEN_SIZE])
{
    struct request request;
    const struct invitation *made;
    int error = begin_request(hub, now, id, user, command, &request);
    if (error)
        return error;
    if (request.copy.command.kind != SYNCPLAY_COMMAND_INVITE)
        return step_fail(&request.step, SYNCPLAY_ERROR_ARGUMENT, "kind must be SYNCPLAY_COMMAND_INVITE");
    if (!info || !token)
        return step_fail(&request.step, SYNCPLAY_ERROR_ARGUMENT, "%s is missing", info ? "token" : "info");
    if (!defaults_has_size(info))
        return step_fail(&request.step, SYNCPLAY_ERROR_ARGUMENT, DEFAULTS_SIZE_WRONG, "info");
    error = session_invite(request.session, &request.step, &request.user, &request.copy.command, &made, token);
    if (error)
        return hub_fail(&request.step, error);
    invitation_tell(made, hub->unix_offset, info);
    hub_finish(hub, request.session);
    return SYNCPLAY_OK;
}

/* Room for the news that a message was wrong; made first, so that whoever said it hears of it in any case. */
static bool reserve_answer(struct step *step, const char *client_id)
{
    return outbox_reserve(step->outbox, step->memory, 1, 1024 + 6 * (client_id ? strlen(client_id) : 0), 1);
}

static int answer_error(syncplay_hub *hub, struct step *step, uint64_t number, int error,
                        const struct wire_message *message)
{
    hub_fail(step, error);
    announce_error(step, number, error, step->why, message && message->type[0] ? message->type : NULL,
                   message ? message->command.client_id : NULL);
    hub_finish(hub, NULL);
    return error;
}

static int take_message(syncplay_hub *hub, struct step *step, struct connection *connection, struct wire_message *message,
                        int error)
{
    uint64_t number = connection->number;
    if (!reserve_answer(step, message->command.client_id))
        return hub_fail(step, SYNCPLAY_ERROR_MEMORY);
    if (error)
        step_fail(step, error, "%s", message->why);
    else
        error = submit(hub, step, connection, &message->command);
    return error ? answer_error(hub, step, number, error, message) : SYNCPLAY_OK;
}

int syncplay_hub_receive(syncplay_hub *hub, int64_t now, uint64_t number, const char *bytes, size_t length)
{
    struct step step;
    struct wire_message message;
    int error = hub_begin(hub, now, &step);
    if (error)
        return error;
    struct connection *connection = find(hub, number);
    if (!connection)
        return fail_without_connection(&step);
    if (!bytes)
        return step_fail(&step, SYNCPLAY_ERROR_ARGUMENT, "bytes are missing");
    if (length > hub->config.max_message_bytes) {
        if (!reserve_answer(&step, NULL))
            return hub_fail(&step, SYNCPLAY_ERROR_MEMORY);
        step_fail(&step, SYNCPLAY_ERROR_TOO_LARGE, "a message must be at most %u bytes", hub->config.max_message_bytes);
        return answer_error(hub, &step, number, SYNCPLAY_ERROR_TOO_LARGE, NULL);
    }
    error = wire_read(&message, bytes, length);
    error = take_message(hub, &step, connection, &message, error);
    wire_free(&message);
    return error;
}

int syncplay_hub_round_trip(syncplay_hub *hub, int64_t now, uint64_t number, int64_t round_trip)
{
    struct step step;
    struct session *session;
    int error = hub_begin(hub, now, &step);
    if (error)
        return error;
    struct connection *connection = find(hub, number);
    if (!connection)
        return fail_without_connection(&step);
    if (round_trip < 0)
        return step_fail(&step, SYNCPLAY_ERROR_ARGUMENT, "round_trip must be at least 0");
    struct seat *seat = seat_of(hub, connection, &session);
    if (!seat)
        return SYNCPLAY_OK;
    if (!announce_reserve(session, &step, session->seat_count, 1) || !removed_reserve(session, &step, 0))
        return hub_fail(&step, SYNCPLAY_ERROR_MEMORY);
    add_sample(hub, &step, session, seat, round_trip);
    return SYNCPLAY_OK;
}
