/*
 * What an operator asks of a running server. Sessions are entered one by one, and rows are sent when they have been
 * left: no party waits for a long list, or for an operator who does not read.
 */
#include "admin_answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <syncplay/syncplay.h>

#include "friends.h"
#include "json.h"
#include "json_writer.h"
#include "log.h"
#include "party.h"
#include "store.h"
#include "users.h"

#define WHY_SIZE 256

/* Rows that have been made with a shard entered, each with an end of line. */
struct gathered {
    char *bytes;
    size_t length, capacity;
};

struct call {
    const struct admin_realm *realm;
    const struct json *request;
    const struct overview *overview; /* where the answer goes */
    struct gathered gathered;
    struct overview gathering; /* what is gathered goes there later */
};

/* A session that is entered. */
struct spot {
    struct shard *shard;
    syncplay_hub *hub;
    int64_t now;
    syncplay_id session;
};

/* --- The end of an answer --------------------------------------------------------------------------------------- */

static void put_end(const struct overview *overview, const char *why)
{
    struct json_writer writer = {0};
    size_t length;
    json_put_object(&writer, NULL);
    json_put_text(&writer, "row", "end");
    json_put_text(&writer, "status", why == NULL ? "ok" : "refused");
    if (why != NULL)
        json_put_text(&writer, "why", why);
    json_end(&writer);
    char *text = json_finish(&writer, &length);
    if (text != NULL)
        overview->row(overview->arg, text, length);
    free(text);
}

void admin_refuse(const struct overview *overview, const char *format, ...)
{
    char why[WHY_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    put_end(overview, why);
}

/* --- Rows that are gathered ------------------------------------------------------------------------------------- */

static bool gather(void *arg, const char *text, size_t length)
{
    struct gathered *gathered = arg;
    size_t needed = gathered->length + length + 1;
    if (needed > gathered->capacity) {
        char *grown = realloc(gathered->bytes, 2 * needed);
        if (grown == NULL)
            return false;
        gathered->bytes = grown;
        gathered->capacity = 2 * needed;
    }
    memcpy(gathered->bytes + gathered->length, text, length);
    gathered->bytes[needed - 1] = '\n';
    gathered->length = needed;
    return true;
}

/* Gives what has been gathered to whoever asked; never with a shard entered. False if no more rows are wanted. */
static bool give(struct call *call)
{
    bool goes_on = true;
    const char *at = call->gathered.bytes;
    const char *end = at + call->gathered.length;
    while (goes_on && at < end) {
        const char *next = memchr(at, '\n', (size_t)(end - at));
        goes_on = call->overview->row(call->overview->arg, at, (size_t)(next - at));
        at = next + 1;
    }
    call->gathered.length = 0;
    return goes_on;
}

/* --- Showing ---------------------------------------------------------------------------------------------------- */

/* A session that is not there any more has no row. */
static void put_session(struct call *call, const struct spot *spot)
{
    syncplay_session_info info = {.struct_size = sizeof info};
    syncplay_participant_info host = {.struct_size = sizeof host};
    if (syncplay_hub_session(spot->hub, spot->now, &spot->session, &info) != SYNCPLAY_OK)
        return;
    bool has_host = syncplay_hub_participant_of(spot->hub, &spot->session, &info.host_user_id, &host) == SYNCPLAY_OK;
    struct overview_session session = {
        .code = info.code,
        .title = info.content->title,
        .visibility = syncplay_visibility_name(info.settings->visibility),
        .phase = syncplay_phase_name(info.phase),
        .is_playing = info.is_playing,
        .position = info.position,
        .speed = info.speed,
        .seats = info.participants,
        .connected = info.connected,
        .max_participants = info.settings->max_participants,
        .host_user_id = info.host_user_id,
        .host_name = has_host ? host.name : NULL,
        .unix_started = info.unix_created,
    };
    overview_put_session(&call->gathering, &session);
}

static void put_participants(struct call *call, const struct spot *spot)
{
    syncplay_participant_info info = {.struct_size = sizeof info};
    for (size_t i = 0; syncplay_hub_participant(spot->hub, &spot->session, i, &info) == SYNCPLAY_OK; i++) {
        struct overview_participant participant = {
            .user_id = info.user_id,
            .name = info.name,
            .role = info.is_knocking ? NULL : syncplay_role_name(info.role),
            .is_host = info.is_host,
            .is_connected = info.is_connected,
            .is_ready = info.is_ready,
            .is_knocking = info.is_knocking,
            .latency = info.latency,
            .unix_joined = info.unix_joined,
        };
        overview_put_participant(&call->gathering, &participant);
    }
}

/* The ids of a shard's sessions, for the caller to free; NULL when out of memory. */
static syncplay_id *list_shard(struct shard *shard, size_t *count)
{
    int64_t now;
    syncplay_hub *hub = shard_enter(shard, &now);
    *count = syncplay_hub_count(hub);
    syncplay_id *ids = calloc(*count + 1, sizeof *ids);
    if (ids != NULL)
        *count = syncplay_hub_list(hub, ids, *count);
    shard_leave(shard);
    return ids;
}

/* Calls back for each session, entered, and gives the rows of each. Returns false when out of memory. */
static bool each_session(struct call *call, void (*found)(struct call *call, const struct spot *spot, void *arg),
                         void *arg)
{
    bool goes_on = true;
    for (size_t i = 0; goes_on && i < parties_shard_count(call->realm->parties); i++) {
        struct spot spot = {.shard = parties_shard_at(call->realm->parties, i)};
        size_t count;
        syncplay_id *ids = list_shard(spot.shard, &count);
        if (ids == NULL)
            return false;
        for (size_t j = 0; goes_on && j < count; j++) {
            spot.session = ids[j];
            spot.hub = shard_enter(spot.shard, &spot.now);
            found(call, &spot, arg);
            shard_leave(spot.shard);
            goes_on = give(call);
        }
        free(ids);
    }
    return true;
}

static void put_listed(struct call *call, const struct spot *spot, void *arg)
{
    (void)arg;
    put_session(call, spot);
}

static void answer_list(struct call *call)
{
    if (each_session(call, put_listed, NULL))
        put_end(call->overview, NULL);
    else
        admin_refuse(call->overview, "the server has no memory for that");
}

/* --- One session ------------------------------------------------------------------------------------------------ */

/* Enters the session that the request names; false after refusing it. */
static bool enter(struct call *call, struct spot *spot)
{
    const char *code = NULL;
    if (json_get_text(call->request, "code", &code) != JSON_FOUND)
        code = "";
    spot->shard = parties_shard(call->realm->parties, code, strlen(code));
    if (spot->shard != NULL) {
        spot->hub = shard_enter(spot->shard, &spot->now);
        if (syncplay_hub_find(spot->hub, code, strlen(code), &spot->session) == SYNCPLAY_OK)
            return true;
        shard_leave(spot->shard);
    }
    admin_refuse(call->overview, "there is no session with this code");
    return false;
}

static void answer_show(struct call *call)
{
    struct spot spot;
    if (!enter(call, &spot))
        return;
    put_session(call, &spot);
    put_participants(call, &spot);
    shard_leave(spot.shard);
    give(call);
    put_end(call->overview, NULL);
}

/* Leaves after a command, and says what has become of it when that is on disk. */
static void conclude(struct call *call, const struct spot *spot, int error)
{
    char why[WHY_SIZE];
    snprintf(why, sizeof why, "%s", syncplay_hub_why(spot->hub));
    uint64_t ticket = parties_save_session(call->realm->parties, spot->hub, spot->now, &spot->session);
    shard_leave(spot->shard);
    parties_wait(call->realm->parties, ticket);
    if (error == SYNCPLAY_OK)
        put_end(call->overview, NULL);
    else
        admin_refuse(call->overview, "%s", why[0] != '\0' ? why : syncplay_strerror(error));
}

static void answer_end(struct call *call)
{
    struct spot spot;
    if (enter(call, &spot))
        conclude(call, &spot, syncplay_hub_end(spot.hub, spot.now, &spot.session, SYNCPLAY_REASON_OPERATOR));
}

/* --- Users ------------------------------------------------------------------------------------------------------ */

static bool read_user(struct call *call, syncplay_id *id)
{
    const char *text = NULL;
    if (json_get_text(call->request, "user_id", &text) == JSON_FOUND && syncplay_id_parse(text, strlen(text), id))
        return true;
    admin_refuse(call->overview, "user_id must be a UUID");
    return false;
}

/* The host's hand does it, as nobody else is there who may; so the host stays. */
static int kick(const struct spot *spot, const syncplay_id *user)
{
    syncplay_command command;
    syncplay_user host;
    syncplay_session_info info = {.struct_size = sizeof info};
    syncplay_participant_info participant = {.struct_size = sizeof participant};
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_KICK);
    syncplay_user_default(&host, sizeof host);
    command.user = *user;
    int error = syncplay_hub_session(spot->hub, spot->now, &spot->session, &info);
    if (error == SYNCPLAY_OK)
        error = syncplay_hub_participant_of(spot->hub, &spot->session, &info.host_user_id, &participant);
    if (error != SYNCPLAY_OK)
        return error;
    host.id = info.host_user_id;
    host.name = participant.name;
    return syncplay_hub_submit_for(spot->hub, spot->now, &spot->session, &host, &command);
}

static void answer_kick(struct call *call)
{
    struct spot spot;
    syncplay_id user;
    syncplay_participant_info info = {.struct_size = sizeof info};
    if (!read_user(call, &user) || !enter(call, &spot))
        return;
    const char *why = NULL;
    if (syncplay_hub_participant_of(spot.hub, &spot.session, &user, &info) != SYNCPLAY_OK)
        why = "this user is not in the session";
    else if (info.is_host)
        why = "this user is the host; you can end the session, or delete the user";
    if (why == NULL) {
        conclude(call, &spot, kick(&spot, &user));
        return;
    }
    shard_leave(spot.shard);
    admin_refuse(call->overview, "%s", why);
}

/* Takes one who is deleted out of a session; one that has no other host then is over. */
static void take_out(struct call *call, const struct spot *spot, void *arg)
{
    const struct user *user = arg;
    syncplay_command command;
    syncplay_user leaver;
    syncplay_session_info info = {.struct_size = sizeof info};
    (void)call;
    syncplay_user_default(&leaver, sizeof leaver);
    leaver.id = user->id;
    leaver.name = user->name;
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_LEAVE);
    syncplay_hub_submit_for(spot->hub, spot->now, &spot->session, &leaver, &command);
    if (syncplay_hub_session(spot->hub, spot->now, &spot->session, &info) == SYNCPLAY_OK &&
        syncplay_id_equal(&info.host_user_id, &user->id))
        syncplay_hub_end(spot->hub, spot->now, &spot->session, SYNCPLAY_REASON_OPERATOR);
}

/*
 * In this order: who is nobody any more comes in nowhere, makes nothing and asks nobody; then all that refers to the
 * user goes, in memory and into the store's queue; then the user's row. WebSockets find out at their next ping
 * (client.h).
 */
static void answer_delete(struct call *call)
{
    struct user user;
    syncplay_id id;
    if (!read_user(call, &id))
        return;
    if (!users_get(call->realm->users, &id, &user) || !users_revoke(call->realm->users, &id)) {
        admin_refuse(call->overview, "there is no guest with this id; accounts belong to who signs their tokens");
        return;
    }
    char text[SYNCPLAY_ID_SIZE];
    syncplay_id_format(&id, text);
    log_info("an operator deletes a guest user=%s", text);
    bool is_out = each_session(call, take_out, &user);
    friends_forget(call->realm->friends, &id);
    if (is_out && store_wait(call->realm->store, store_delete_user(call->realm->store, &id)))
        put_end(call->overview, NULL);
    else
        admin_refuse(call->overview, "the user is locked out, but could not be deleted from the database: see the log");
}

/* --- All of it -------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    void (*answer)(struct call *call);
    enum log_level level; /* that it was asked is logged at: what it does to whom, the events tell */
} requests[] = {
    {"list", answer_list, LOG_DEBUG}, {"show", answer_show, LOG_DEBUG},    {"end", answer_end, LOG_INFO},
    {"kick", answer_kick, LOG_INFO},  {"delete", answer_delete, LOG_INFO},
};

static void dispatch(struct call *call)
{
    const char *name = NULL;
    if (json_get_text(call->request, "request", &name) != JSON_FOUND)
        name = "";
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        if (strcmp(name, requests[i].name) == 0) {
            log_line(requests[i].level, "an operator asks request=%s", name);
            requests[i].answer(call);
            return;
        }
    }
    admin_refuse(call->overview, "request must be list, show, end, kick or delete");
}

void admin_answer(const struct admin_realm *realm, const char *request, size_t length, const struct overview *overview)
{
    char why[128];
    struct json *object = json_read(request, length, why, sizeof why);
    if (object == NULL) {
        admin_refuse(overview, "%s", why);
        return;
    }
    struct call call = {.realm = realm, .request = object, .overview = overview};
    call.gathering = (struct overview){.arg = &call.gathered, .row = gather, .unix_now = overview->unix_now};
    dispatch(&call);
    free(call.gathered.bytes);
    json_free(object);
}
