/* Sessions and their participants over REST. Everything about a session is asked and done with its shard entered. */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include <syncplay/syncplay.h>

#include "api_call.h"
#include "clock.h"
#include "code_lookup.h"
#include "config.h"
#include "party.h"
#include "problem.h"

/* --- Fields of a request ---------------------------------------------------------------------------------- */

static bool refuse(struct api_call *call, const char *key, const char *must)
{
    problem(call->response, 400, syncplay_error_code(SYNCPLAY_ERROR_FIELD), "%s must be %s", key, must);
    return false;
}

/* An optional text; *text stays as it is when it is missing. */
static bool read_text(struct api_call *call, const char *key, const char **text)
{
    return json_get_text(call->body, key, text) != JSON_WRONG_TYPE || refuse(call, key, "a text");
}

static bool read_content_id(struct api_call *call, syncplay_id *id)
{
    const char *text = NULL;
    enum json_answer answer = json_get_text(call->body, "content_id", &text);
    if (answer == JSON_FOUND && syncplay_id_parse(text, strlen(text), id))
        return true;
    if (answer != JSON_MISSING)
        return refuse(call, "content_id", "a UUID, not of zeros only");
    /* Whoever has no ids of films gets a random one: a UUID of version 4. */
    if (getrandom(id->bytes, sizeof id->bytes, 0) != (ssize_t)sizeof id->bytes) {
        problem_of(call->response, SYNCPLAY_ERROR_ENTROPY, "");
        return false;
    }
    id->bytes[6] = (uint8_t)((id->bytes[6] & 0x0f) | 0x40);
    id->bytes[8] = (uint8_t)((id->bytes[8] & 0x3f) | 0x80);
    return true;
}

/*
 * Whether a page may be sent there: a film of this server, or one of the web. Above all no javascript: and no data:,
 * and nothing that a browser would strip or turn around before it looks.
 */
static bool is_url(const char *url)
{
    for (const unsigned char *c = (const unsigned char *)url; *c; c++)
        if (*c <= 0x20 || *c == 0x7f || *c == '\\')
            return false;
    if (strncmp(url, "/media/", 7) == 0)
        return url[7] != '\0' && !strstr(url, "/..");
    const char *host = strncasecmp(url, "https://", 8) == 0  ? url + 8
                       : strncasecmp(url, "http://", 7) == 0 ? url + 7
                                                             : "";
    return strcspn(host, "/?#") > 0;
}

static bool read_content(struct api_call *call, syncplay_content *content)
{
    syncplay_content_default(content, sizeof *content);
    if (json_get_text(call->body, "content_type", &content->type) != JSON_FOUND)
        return refuse(call, "content_type", "a text of 1 to 50 characters");
    if (!read_content_id(call, &content->id) || !read_text(call, "title", &content->title) ||
        !read_text(call, "url", &content->url))
        return false;
    if (content->url && !is_url(content->url))
        return refuse(call, "url", "an http or https URL, or a path below /media/, at most 2000 characters");
    return true; /* lengths are the library's to check */
}

_Static_assert(SYNCPLAY_CONTENT_TYPE_MAX == 50 && SYNCPLAY_URL_MAX == 2000, "the sentences above say so");

static bool read_visibility(struct api_call *call, syncplay_visibility *visibility)
{
    static const syncplay_visibility all[] = {SYNCPLAY_PUBLIC, SYNCPLAY_PRIVATE, SYNCPLAY_FRIENDS};
    const char *text = NULL;
    enum json_answer answer = json_get_text(call->body, "visibility", &text);
    for (size_t i = 0; answer == JSON_FOUND && i < sizeof all / sizeof all[0]; i++) {
        if (strcmp(text, syncplay_visibility_name(all[i])) == 0) {
            *visibility = all[i];
            return true;
        }
    }
    return answer == JSON_MISSING || refuse(call, "visibility", "public, private or friends");
}

static bool read_control(struct api_call *call, syncplay_control *control)
{
    const char *text = NULL;
    enum json_answer answer = json_get_text(call->body, "control", &text);
    if (answer == JSON_MISSING)
        return true;
    bool is_host = answer == JSON_FOUND && strcmp(text, syncplay_control_name(SYNCPLAY_CONTROL_HOST)) == 0;
    bool is_everyone = answer == JSON_FOUND && strcmp(text, syncplay_control_name(SYNCPLAY_CONTROL_EVERYONE)) == 0;
    *control = is_host ? SYNCPLAY_CONTROL_HOST : SYNCPLAY_CONTROL_EVERYONE;
    return is_host || is_everyone || refuse(call, "control", "everyone or host");
}

static bool read_max_participants(struct api_call *call, uint32_t *most)
{
    char must[48];
    int64_t value = 0;
    uint32_t limit = call->api->config->max_participants;
    enum json_answer answer = json_get_integer(call->body, "max_participants", &value);
    if (answer == JSON_MISSING)
        return true;
    *most = (uint32_t)value;
    snprintf(must, sizeof must, "a whole number from 1 to %u", limit);
    return (answer == JSON_FOUND && value >= 1 && value <= limit) || refuse(call, "max_participants", must);
}

static bool read_settings(struct api_call *call, syncplay_settings *settings)
{
    syncplay_settings_default(settings, sizeof *settings);
    if (json_get_bool(call->body, "chat_enabled", &settings->chat_enabled) == JSON_WRONG_TYPE)
        return refuse(call, "chat_enabled", "true or false");
    return read_visibility(call, &settings->visibility) && read_control(call, &settings->control) &&
           read_max_participants(call, &settings->max_participants);
}

/* --- What is answered ------------------------------------------------------------------------------------- */

/*
 * The session as an object: the database's columns, and what is beside them. Where the film is, is told to those who
 * are in it, or who could be without asking anybody.
 */
static void put_session(struct json_writer *writer, const char *key, const syncplay_session_info *info, bool is_member)
{
    bool knows_film = is_member || info->settings.visibility == SYNCPLAY_PUBLIC;
    json_put_object(writer, key);
    json_put_id(writer, "id", &info->id);
    json_put_text(writer, "code", info->code);
    json_put_id(writer, "host_user_id", &info->host_user_id);
    json_put_text(writer, "content_type", info->content.type);
    json_put_id(writer, "content_id", &info->content.id);
    json_put_text(writer, "title", info->content.title);
    json_put_text(writer, "url", knows_film ? info->content.url : NULL);
    json_put_text(writer, "visibility", syncplay_visibility_name(info->settings.visibility));
    json_put_text(writer, "control", syncplay_control_name(info->settings.control));
    json_put_integer(writer, "max_participants", info->settings.max_participants);
    json_put_bool(writer, "chat_enabled", info->settings.chat_enabled);
    json_put_bool(writer, "is_playing", info->is_playing);
    json_put_integer(writer, "position_ms", info->position / 1000);
    json_put_hundredths(writer, "playback_speed", info->speed);
    json_put_time(writer, "last_sync_at", info->unix_last_sync);
    json_put_time(writer, "started_at", info->unix_created);
    json_put_text(writer, "ended_at", NULL);
    json_put_text(writer, "phase", syncplay_phase_name(info->phase));
    json_put_integer(writer, "revision", (int64_t)info->revision);
    json_put_integer(writer, "participant_count", info->participants);
    json_put_integer(writer, "connected_count", info->connected);
    json_end(writer);
}

static void put_participant(struct json_writer *writer, const char *key, const syncplay_participant_info *info)
{
    json_put_object(writer, key);
    json_put_id(writer, "user_id", &info->user.id);
    json_put_text(writer, "name", info->user.name);
    json_put_bool(writer, "is_host", info->is_host);
    json_put_bool(writer, "is_connected", info->is_connected);
    json_put_bool(writer, "is_ready", info->is_ready);
    json_put_bool(writer, "is_excused", info->is_excused);
    json_put_integer(writer, "latency_ms", info->latency / 1000);
    json_put_time(writer, "joined_at", info->unix_joined);
    json_end(writer);
}

/* --- The session that a path names ------------------------------------------------------------------------ */

/* A session with its shard entered, and what there was to say about it then. */
struct place {
    struct shard *shard;
    syncplay_hub *hub;
    int64_t now;
    syncplay_id session;
};

static syncplay_session_info session_info(const struct place *place)
{
    syncplay_session_info info = {.struct_size = sizeof info};
    syncplay_hub_session(place->hub, place->now, &place->session, &info);
    return info;
}

/* What this user is in the session; false if neither a participant nor one who knocks. */
static bool find_participant(const struct place *place, const syncplay_id *user, syncplay_participant_info *info)
{
    *info = (syncplay_participant_info){.struct_size = sizeof *info};
    return syncplay_hub_participant_of(place->hub, &place->session, user, info) == SYNCPLAY_OK;
}

static bool is_member(const struct place *place, const syncplay_id *user)
{
    syncplay_participant_info info;
    return find_participant(place, user, &info) && !info.is_knocking;
}

static void refuse_place(struct api_call *call, int error, const struct code_wait *wait)
{
    if (error == SYNCPLAY_ERROR_RATE) {
        api_refuse_for(call, wait->why, wait->seconds);
        return;
    }
    /* The hub forgets; the database does not. */
    if (error == SYNCPLAY_ERROR_NOT_FOUND && parties_has_ended(call->api->parties, call->code, call->code_length))
        error = SYNCPLAY_ERROR_ENDED;
    problem_of(call->response, error, error == SYNCPLAY_ERROR_NOT_FOUND ? "there is no session with this code" : "");
}

/* Enters the shard of the session that the path names. False, with nothing entered, after answering why not. */
static bool enter_as(struct api_call *call, struct place *place, bool wants_in)
{
    const struct code_asker asker = {.user = &call->user.id, .from = call->request->client, .wants_in = wants_in};
    struct code_wait wait;
    *place = (struct place){.shard = parties_shard(call->api->parties, call->code, call->code_length)};
    if (place->shard)
        place->hub = shard_enter(place->shard, &place->now);
    else
        place->now = clock_now();
    int error = code_lookup(call->api->quotas, place->hub, place->now, call->code, call->code_length, &asker,
                            &place->session, &wait);
    if (error == SYNCPLAY_OK)
        return true;
    if (place->shard)
        shard_leave(place->shard);
    refuse_place(call, error, &wait);
    return false;
}

static bool enter(struct api_call *call, struct place *place)
{
    return enter_as(call, place, false);
}

/* Lets the caller of the API give a command of this kind. */
static int submit(struct api_call *call, const struct place *place, syncplay_command_kind kind)
{
    syncplay_command command;
    syncplay_user user;
    syncplay_command_default(&command, sizeof command, kind);
    syncplay_user_default(&user, sizeof user);
    user.id = call->user.id;
    user.name = call->user.name;
    return syncplay_hub_submit_for(place->hub, place->now, &place->session, &user, &command);
}

/* --- Routes ----------------------------------------------------------------------------------------------- */

static void reply_created(struct api_call *call, struct shard *shard, const syncplay_id *session)
{
    struct json_writer writer = {0};
    struct place place = {.shard = shard, .session = *session};
    place.hub = shard_enter(shard, &place.now);
    syncplay_session_info info = session_info(&place);
    bool exists = info.code[0] != '\0'; /* it may have ended since */
    if (exists)
        put_session(&writer, NULL, &info, true);
    shard_leave(shard);
    if (!exists) {
        problem_of(call->response, SYNCPLAY_ERROR_ENDED, "");
        return;
    }
    api_reply(call, 201, &writer);
    if (call->response->status == 201)
        snprintf(call->response->location, sizeof call->response->location, "%s/%s", call->request->path, info.code);
}

void api_create_session(struct api_call *call)
{
    char why[256] = "";
    syncplay_user host;
    syncplay_content content;
    syncplay_settings settings;
    struct shard *shard = NULL;
    syncplay_id session;
    if (!read_content(call, &content) || !read_settings(call, &settings))
        return;
    syncplay_user_default(&host, sizeof host);
    host.id = call->user.id;
    host.name = call->user.name;
    int error = parties_create(call->api->parties, &host, &content, &settings, &shard, &session, why, sizeof why);
    if (error == SYNCPLAY_OK)
        reply_created(call, shard, &session);
    else if (error == PARTIES_USER_LIMIT)
        problem(call->response, 409, syncplay_error_code(SYNCPLAY_ERROR_LIMIT), "%s", why);
    else
        problem_of(call->response, error, why);
}

void api_show_session(struct api_call *call)
{
    struct place place;
    struct json_writer writer = {0};
    if (!enter(call, &place))
        return;
    syncplay_session_info info = session_info(&place);
    put_session(&writer, NULL, &info, is_member(&place, &call->user.id));
    shard_leave(place.shard);
    api_reply(call, 200, &writer);
}

void api_end_session(struct api_call *call)
{
    struct place place;
    if (!enter(call, &place))
        return;
    int error = submit(call, &place, SYNCPLAY_COMMAND_END);
    if (error == SYNCPLAY_ERROR_NOT_JOINED)
        problem_of(call->response, SYNCPLAY_ERROR_FORBIDDEN, "only the host may do that");
    else if (error != SYNCPLAY_OK)
        problem_of(call->response, error, syncplay_hub_why(place.hub));
    shard_leave(place.shard);
    if (error == SYNCPLAY_OK)
        call->response->status = 204;
}

/* The answer to a join that the hub has accepted: a seat, or a knock. */
static int write_joined(struct api_call *call, const struct place *place, struct json_writer *writer)
{
    syncplay_participant_info participant;
    bool is_in = find_participant(place, &call->user.id, &participant) && !participant.is_knocking;
    json_put_object(writer, NULL);
    json_put_text(writer, "status", is_in ? "joined" : "requested");
    if (is_in) {
        syncplay_session_info info = session_info(place);
        put_participant(writer, "participant", &participant);
        put_session(writer, "session", &info, true);
    }
    json_end(writer);
    return is_in ? 200 : 202;
}

void api_join(struct api_call *call)
{
    struct place place;
    struct json_writer writer = {0};
    int status = 0;
    if (!enter_as(call, &place, true))
        return;
    int error = submit(call, &place, SYNCPLAY_COMMAND_JOIN);
    if (error == SYNCPLAY_OK)
        status = write_joined(call, &place, &writer);
    else
        problem_of(call->response, error, syncplay_hub_why(place.hub));
    shard_leave(place.shard);
    if (error == SYNCPLAY_OK)
        api_reply(call, status, &writer);
}

void api_leave(struct api_call *call)
{
    struct place place;
    if (!enter(call, &place))
        return;
    int error = submit(call, &place, SYNCPLAY_COMMAND_LEAVE);
    if (error == SYNCPLAY_ERROR_NOT_JOINED)
        problem(call->response, 404, syncplay_error_code(error), "you are not a participant of this session");
    else if (error != SYNCPLAY_OK)
        problem_of(call->response, error, syncplay_hub_why(place.hub));
    shard_leave(place.shard);
    if (error == SYNCPLAY_OK)
        call->response->status = 204;
}

static void put_participants(struct json_writer *writer, const struct place *place)
{
    json_put_object(writer, NULL);
    json_put_array(writer, "participants");
    for (size_t i = 0;; i++) {
        syncplay_participant_info info = {.struct_size = sizeof info};
        if (syncplay_hub_participant(place->hub, &place->session, i, &info) != SYNCPLAY_OK)
            break;
        if (!info.is_knocking)
            put_participant(writer, NULL, &info);
    }
    json_end(writer);
    json_end(writer);
}

void api_list_participants(struct api_call *call)
{
    struct place place;
    struct json_writer writer = {0};
    if (!enter(call, &place))
        return;
    bool may_see = session_info(&place).settings.visibility == SYNCPLAY_PUBLIC || is_member(&place, &call->user.id);
    if (may_see)
        put_participants(&writer, &place);
    shard_leave(place.shard);
    if (may_see)
        api_reply(call, 200, &writer);
    else
        problem(call->response, 403, syncplay_error_code(SYNCPLAY_ERROR_FORBIDDEN),
                "only participants see who is in a session that is not public");
}
