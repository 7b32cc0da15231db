/*
 * The REST API's front desk: which route a request is for, who asks, whether the body is JSON. What the routes do is in
 * the files that api_call.h names.
 */
#include "api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <syncplay/error.h>

#include "address_limit.h"
#include "api_call.h"
#include "client_address.h"
#include "clock.h"
#include "config.h"
#include "problem.h"
#include "quotas.h"

#define HEALTH "/healthz"
#define METRICS "/metrics"
#define API "/api/v1"
#define SESSIONS API "/syncplay/sessions"
#define FRIENDS API "/syncplay/friends"

#define OPEN 0x1u   /* needs no token */
#define ALWAYS 0x2u /* answers even when the configuration says enabled: false */
#define BODY 0x4u   /* reads a JSON body */
#define MAYBE 0x8u  /* reads a JSON body if there is one */

struct route {
    const char *method;
    const char *path; /* ":code" and ":id" stand for one part of the path each */
    unsigned int flags;
    void (*answer)(struct api_call *call);
};

static const struct route routes[] = {
    {"GET", HEALTH, OPEN | ALWAYS, api_show_health},
    {"GET", HEALTH "/ready", OPEN | ALWAYS, api_show_health},
    {"GET", HEALTH "/live", OPEN | ALWAYS, api_show_life},
    {"GET", METRICS, OPEN | ALWAYS, api_show_metrics},
    {"POST", API "/users", OPEN | BODY, api_create_user},
    {"GET", API "/users/me", 0, api_show_me},
    {"GET", API "/syncplay/media", OPEN, api_list_media}, /* as open as the films themselves */
    {"POST", SESSIONS, BODY, api_create_session},
    {"GET", SESSIONS "/:code", 0, api_show_session},
    {"PATCH", SESSIONS "/:code", BODY, api_change_session},
    {"DELETE", SESSIONS "/:code", 0, api_end_session},
    {"PUT", SESSIONS "/:code/host", BODY, api_hand_over},
    {"POST", SESSIONS "/:code/join", MAYBE, api_join},
    {"POST", SESSIONS "/:code/leave", 0, api_leave},
    {"GET", SESSIONS "/:code/participants", 0, api_list_participants},
    {"PATCH", SESSIONS "/:code/participants/:id", BODY, api_change_participant},
    {"DELETE", SESSIONS "/:code/participants/:id", 0, api_kick},
    {"GET", SESSIONS "/:code/lobby", 0, api_list_lobby},
    {"PUT", SESSIONS "/:code/lobby/:id", 0, api_admit},
    {"DELETE", SESSIONS "/:code/lobby/:id", 0, api_deny},
    {"GET", SESSIONS "/:code/invitations", 0, api_list_invitations},
    {"POST", SESSIONS "/:code/invitations", BODY, api_invite},
    {"DELETE", SESSIONS "/:code/invitations/:id", 0, api_revoke},
    {"GET", SESSIONS "/:code/bans", 0, api_list_bans},
    {"PUT", SESSIONS "/:code/bans/:id", 0, api_ban},
    {"DELETE", SESSIONS "/:code/bans/:id", 0, api_unban},
    {"DELETE", SESSIONS "/:code/messages/:id", 0, api_delete_message},
    {"GET", FRIENDS, 0, api_list_friends},
    {"GET", FRIENDS "/:id", 0, api_show_friend},
    {"PUT", FRIENDS "/:id", 0, api_put_friend},
    {"DELETE", FRIENDS "/:id", 0, api_end_friend},
};

#define ROUTES (sizeof routes / sizeof routes[0])

struct api *api_new(const struct config *config, struct parties *parties, struct users *users, struct friends *friends,
                    struct quotas *quotas, const struct health *health, struct loops *loops, struct webhooks *webhooks)
{
    struct api *api = calloc(1, sizeof *api);
    if (api)
        *api = (struct api){.config = config,
                            .parties = parties,
                            .users = users,
                            .friends = friends,
                            .quotas = quotas,
                            .health = health,
                            .loops = loops,
                            .webhooks = webhooks,
                            .unix_started = clock_unix()};
    return api;
}

void api_free(struct api *api)
{
    free(api);
}

void api_reply(struct api_call *call, int status, struct json_writer *writer)
{
    struct http_response *response = call->response;
    response->body = json_finish(writer, &response->body_length);
    response->status = status;
    response->content_type = "application/json";
    if (!response->body)
        problem_of(response, SYNCPLAY_ERROR_MEMORY, "");
}

/* Whether a path is of a route's form; notes what stands for ":code" and ":id". */
static bool matches(const char *pattern, const char *path, struct api_call *call)
{
    while (*pattern) {
        if (*pattern != ':') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        size_t length = strcspn(path, "/");
        bool is_code = strncmp(pattern, ":code", 5) == 0;
        if (length == 0)
            return false;
        *(is_code ? &call->code : &call->id) = path;
        *(is_code ? &call->code_length : &call->id_length) = length;
        pattern += strcspn(pattern, "/");
        path += length;
    }
    return *path == '\0';
}

/* The route of a request; NULL after answering 404, 405, or what the methods of the path are (OPTIONS). */
static const struct route *find_route(struct api_call *call)
{
    char allow[sizeof call->response->allow] = "";
    for (size_t i = 0; i < ROUTES; i++) {
        if (!matches(routes[i].path, call->request->path, call))
            continue;
        if (strcmp(routes[i].method, call->request->method) == 0)
            return &routes[i];
        size_t length = strlen(allow);
        snprintf(allow + length, sizeof allow - length, "%s%s", length ? ", " : "",
                 strcmp(routes[i].method, "GET") == 0 ? "GET, HEAD" : routes[i].method);
    }
    if (allow[0] == '\0') {
        problem(call->response, 404, "not_found", "there is nothing at this path");
        return NULL;
    }
    if (strcmp(call->request->method, "OPTIONS") == 0)
        call->response->status = 204;
    else
        problem(call->response, 405, NULL, "the methods of this path are %s", allow);
    snprintf(call->response->allow, sizeof call->response->allow, "%s", allow);
    return NULL;
}

static bool is_json_type(const char *type)
{
    static const char json[] = "application/json";
    size_t length = sizeof json - 1;
    return type && strncasecmp(type, json, length) == 0 && strchr(" ;", type[length]);
}

/* Reads the body into call->body, which the caller frees; false after answering what is wrong with it. */
static bool read_body(struct api_call *call, struct json **body)
{
    char why[128];
    if (!is_json_type(call->request->content_type)) {
        problem(call->response, 415, NULL, "the content type must be application/json");
        return false;
    }
    *body = json_read(call->request->body, call->request->body_length, why, sizeof why);
    call->body = *body;
    if (!*body)
        problem(call->response, 400, syncplay_error_code(SYNCPLAY_ERROR_MALFORMED), "%s", why);
    return *body != NULL;
}

bool api_count(struct api_call *call, struct address_limit *limit, const char *why)
{
    int64_t wait = 0;
    if (address_limit_take(limit, call->request->client->group, clock_now(), &wait))
        return true;
    api_refuse_for(call, why, (int)((wait + CLOCK_SECOND - 1) / CLOCK_SECOND));
    return false;
}

void api_refuse_for(struct api_call *call, const char *why, int seconds)
{
    call->response->retry_after = seconds;
    problem(call->response, 429, syncplay_error_code(SYNCPLAY_ERROR_RATE), "%s, wait %d s", why, seconds);
}

/* What has to be right before a route answers; false after answering what is not. */
static bool admit(struct api_call *call, const struct route *route, struct json **body)
{
    if (!call->api->config->enabled && !(route->flags & ALWAYS)) {
        problem(call->response, 503, NULL, "syncplay is switched off in the server's configuration");
        return false;
    }
    if (!(route->flags & OPEN) && !users_authorize(call->api->users, call->request->authorization, &call->user)) {
        problem(call->response, 401, "unauthorized",
                "the header Authorization: Bearer TOKEN is missing, or nobody has this token");
        return false;
    }
    bool has_body = route->flags & BODY || (route->flags & MAYBE && call->request->body_length > 0);
    return !has_body || read_body(call, body);
}

bool api_expects(struct api *api, const struct http_request *request, struct http_response *response)
{
    struct api_call call = {.api = api, .request = request, .response = response};
    return strncmp(request->path, HEALTH, strlen(HEALTH)) == 0 ||
           api_count(&call, api->quotas->requests, "too many requests from this address");
}

void api_handle(struct api *api, const struct http_request *request, struct http_response *response)
{
    struct api_call call = {.api = api, .request = request, .response = response};
    struct json *body = NULL;
    const struct route *route = find_route(&call);
    if (route && admit(&call, route, &body))
        route->answer(&call);
    json_free(body);
}
