/*
 * The REST API's front desk: which route a request is for, who asks, whether the body is JSON. What the routes do is in
 * api_users.c, api_sessions.c and api_media.c.
 */
#include "api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <syncplay/error.h>
#include <syncplay/version.h>

#include "address_limit.h"
#include "api_call.h"
#include "client_address.h"
#include "clock.h"
#include "config.h"
#include "problem.h"
#include "quotas.h"

#define API "/api/v1"
#define SESSIONS API "/syncplay/sessions"

#define OPEN 0x1u   /* needs no token */
#define ALWAYS 0x2u /* answers even when the configuration says enabled: false */
#define BODY 0x4u   /* reads a JSON body */

struct route {
    const char *method;
    const char *path; /* ":code" stands for one part of the path */
    unsigned int flags;
    void (*answer)(struct api_call *call);
};

static void show_health(struct api_call *call)
{
    struct json_writer writer = {0};
    json_put_object(&writer, NULL);
    json_put_text(&writer, "status", "ok");
    json_put_text(&writer, "version", SYNCPLAY_VERSION_TEXT);
    json_end(&writer);
    api_reply(call, 200, &writer);
}

static const struct route routes[] = {
    {"GET", "/healthz", OPEN | ALWAYS, show_health},
    {"POST", API "/users", OPEN | BODY, api_create_user},
    {"GET", API "/users/me", 0, api_show_me},
    {"GET", API "/syncplay/media", OPEN, api_list_media}, /* as open as the films themselves */
    {"POST", SESSIONS, BODY, api_create_session},
    {"GET", SESSIONS "/:code", 0, api_show_session},
    {"DELETE", SESSIONS "/:code", 0, api_end_session},
    {"POST", SESSIONS "/:code/join", 0, api_join},
    {"POST", SESSIONS "/:code/leave", 0, api_leave},
    {"GET", SESSIONS "/:code/participants", 0, api_list_participants},
};

#define ROUTES (sizeof routes / sizeof routes[0])

struct api *api_new(const struct config *config, struct parties *parties, struct users *users, struct quotas *quotas)
{
    struct api *api = calloc(1, sizeof *api);
    if (api)
        *api = (struct api){.config = config, .parties = parties, .users = users, .quotas = quotas};
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

/* Whether a path is of a route's form; notes its code. */
static bool matches(const char *pattern, const char *path, struct api_call *call)
{
    const char *parameter = strchr(pattern, ':');
    if (!parameter)
        return strcmp(pattern, path) == 0;
    size_t before = (size_t)(parameter - pattern);
    if (strncmp(pattern, path, before) != 0)
        return false;
    const char *code = path + before;
    size_t length = strcspn(code, "/");
    if (length == 0 || strcmp(parameter + strcspn(parameter, "/"), code + length) != 0)
        return false;
    call->code = code;
    call->code_length = length;
    return true;
}

/* The route of a request; NULL after answering 404 or 405. */
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
    if (!(route->flags & ALWAYS) &&
        !api_count(call, call->api->quotas->requests, "too many requests from this address"))
        return false;
    if (!call->api->config->enabled && !(route->flags & ALWAYS)) {
        problem(call->response, 503, NULL, "syncplay is switched off in the server's configuration");
        return false;
    }
    if (!(route->flags & OPEN) && !users_authorize(call->api->users, call->request->authorization, &call->user)) {
        problem(call->response, 401, "unauthorized",
                "the header Authorization: Bearer TOKEN is missing, or nobody has this token");
        return false;
    }
    return !(route->flags & BODY) || read_body(call, body);
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
