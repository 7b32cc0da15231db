/*
 * The requests; civetweb runs many at a time. Each takes the lock for what it does to the hub, and answers without it.
 */
#include <civetweb.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "house.h"
#include "requests.h"

#define MAX_MESSAGE 16384  /* bytes of one message from a client */
#define MAX_LISTED 100     /* parties that are looked at for one answer */
#define MAX_ENTRY 80       /* bytes of each in it */
#define POLL (20 * SECOND) /* how long a request waits for messages */

/* --- Answering ---------------------------------------------------------------------------------------------------- */

static int answer(struct mg_connection *request, int status, const char *type, const char *body, size_t length)
{
    mg_printf(request,
              "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nCache-Control: no-store\r\n"
              "Connection: close\r\n\r\n",
              status, mg_get_response_code_text(request, status), type, length);
    mg_write(request, body, length);
    return status;
}

static int answer_json(struct mg_connection *request, int status, const char *body)
{
    return answer(request, status, "application/json", body, strlen(body));
}

static int refuse(struct mg_connection *request, int error)
{
    const bool is_none = error == SYNCPLAY_ERROR_NOT_FOUND || error == SYNCPLAY_ERROR_ENDED;
    const bool is_forbidden = error == SYNCPLAY_ERROR_FORBIDDEN || error == SYNCPLAY_ERROR_REMOVED;
    const bool is_too_many = error == SYNCPLAY_ERROR_LIMIT || error == SYNCPLAY_ERROR_FULL;
    char body[200];
    snprintf(body, sizeof body, "{\"error\":\"%s\",\"message\":\"%s\"}", syncplay_error_code(error),
             syncplay_strerror(error));
    return answer_json(request, is_none ? 404 : is_forbidden ? 403 : is_too_many ? 409 : 400, body);
}

/* A parameter of the query; 0 if it is not there, or no number. */
static uint64_t number(const struct mg_connection *request, const char *name)
{
    const char *query = mg_get_request_info(request)->query_string;
    char text[24] = "";
    if (query != NULL) {
        mg_get_var(query, strlen(query), name, text, sizeof text);
    }
    return text[0] >= '0' && text[0] <= '9' ? strtoull(text, NULL, 10) : 0;
}

/* --- What there is to ask for ------------------------------------------------------------------------------------- */

static int make_party(struct server *server, struct mg_connection *request, const struct account *account)
{
    const syncplay_user host = house_user(account);
    syncplay_content film;
    if (!house_film(number(request, "film"), &film)) {
        return refuse(request, SYNCPLAY_ERROR_NOT_FOUND);
    }
    syncplay_settings settings;
    syncplay_settings_default(&settings, sizeof settings);
    settings.visibility = SYNCPLAY_FRIENDS;
    syncplay_id party;
    syncplay_session_info info = {.struct_size = sizeof info};
    pthread_mutex_lock(&server->lock);
    int error = syncplay_hub_create(server->hub, server_now(), &host, &film, &settings, &party);
    if (error == SYNCPLAY_OK) {
        error = syncplay_hub_session(server->hub, server_now(), &party, &info);
    }
    pthread_cond_broadcast(&server->stirred);
    pthread_mutex_unlock(&server->lock);
    char body[64];
    snprintf(body, sizeof body, "{\"code\":\"%s\"}", info.code);
    return error == SYNCPLAY_OK ? answer_json(request, 201, body) : refuse(request, error);
}

/* Nothing in here comes from a client, so there is nothing to escape: a title may be one that somebody made up. */
static int list_parties(struct server *server, struct mg_connection *request, const struct account *account)
{
    const syncplay_user user = house_user(account);
    syncplay_id parties[MAX_LISTED];
    char body[2 + MAX_LISTED * MAX_ENTRY + 1] = "[";
    size_t length = 1;
    pthread_mutex_lock(&server->lock);
    const size_t count = syncplay_hub_list(server->hub, parties, MAX_LISTED);
    for (size_t i = 0; i < count; i++) {
        syncplay_participant_info seat = {.struct_size = sizeof seat};
        syncplay_session_info info = {.struct_size = sizeof info};
        if (syncplay_hub_participant_of(server->hub, &parties[i], &user.id, &seat) == SYNCPLAY_OK &&
            syncplay_hub_session(server->hub, server_now(), &parties[i], &info) == SYNCPLAY_OK) {
            length += (size_t)snprintf(body + length, MAX_ENTRY, "%s{\"code\":\"%s\",\"film\":%lu,\"phase\":\"%s\"}",
                                       length > 1 ? "," : "", info.code, house_film_number(info.content),
                                       syncplay_phase_name(info.phase));
        }
    }
    pthread_mutex_unlock(&server->lock);
    memcpy(body + length, "]", 2);
    return answer_json(request, 200, body);
}

static int take_seat(struct server *server, struct mg_connection *request, const struct account *account)
{
    const syncplay_user user = house_user(account);
    const char *query = mg_get_request_info(request)->query_string;
    char code[32] = "";
    if (query != NULL) {
        mg_get_var(query, strlen(query), "code", code, sizeof code);
    }
    syncplay_command join;
    syncplay_command_default(&join, sizeof join, SYNCPLAY_COMMAND_JOIN);
    join.code = code;
    char body[64] = "";
    pthread_mutex_lock(&server->lock);
    struct mail *mail = mail_open(&server->mails, account->number, server_now());
    int error = SYNCPLAY_ERROR_LIMIT;
    if (mail != NULL) {
        snprintf(body, sizeof body, "{\"connection\":%" PRIu64 "}", mail->connection);
        error = syncplay_hub_connect(server->hub, server_now(), mail->connection, &user);
        error = error != SYNCPLAY_OK ? error : syncplay_hub_submit(server->hub, server_now(), mail->connection, &join);
        if (error != SYNCPLAY_OK) {
            server_hang_up(server, mail);
        }
    }
    pthread_cond_broadcast(&server->stirred);
    pthread_mutex_unlock(&server->lock);
    return error == SYNCPLAY_OK ? answer_json(request, 201, body) : refuse(request, error);
}

/* The mail of a request's connection, if it is that user's: others' are as if they were not there. */
static struct mail *own_mail(struct server *server, uint64_t connection, const struct account *account)
{
    struct mail *mail = mail_of(&server->mails, connection);
    return mail != NULL && mail->owner == account->number && !mail->is_lost ? mail : NULL;
}

static int gone(struct mg_connection *request)
{
    return answer_json(request, 410, "{\"error\":\"gone\",\"message\":\"no such connection, or not any more\"}");
}

static int leave_seat(struct server *server, struct mg_connection *request, const struct account *account)
{
    syncplay_command leave;
    syncplay_command_default(&leave, sizeof leave, SYNCPLAY_COMMAND_LEAVE);
    pthread_mutex_lock(&server->lock);
    struct mail *mail = own_mail(server, number(request, "connection"), account);
    if (mail != NULL) {
        syncplay_hub_submit(server->hub, server_now(), mail->connection, &leave);
        server_hang_up(server, mail);
    }
    pthread_cond_broadcast(&server->stirred);
    pthread_mutex_unlock(&server->lock);
    return mail != NULL ? answer_json(request, 200, "{}") : gone(request);
}

static int take_message(struct server *server, struct mg_connection *request, const struct account *account)
{
    char message[MAX_MESSAGE + 1]; /* one more, so that the hub sees what is too long */
    size_t length = 0;
    for (int got; length < sizeof message && (got = mg_read(request, message + length, sizeof message - length)) > 0;) {
        length += (size_t)got;
    }
    pthread_mutex_lock(&server->lock);
    struct mail *mail = own_mail(server, number(request, "connection"), account);
    if (mail != NULL) { /* what is wrong with a message, the hub tells by mail */
        syncplay_hub_receive(server->hub, server_now(), mail->connection, message, length);
    }
    pthread_cond_broadcast(&server->stirred);
    pthread_mutex_unlock(&server->lock);
    return mail != NULL ? answer_json(request, 202, "{}") : gone(request);
}

/* The long poll. The connection may go while this waits, so it is looked up again each time. */
static int give_messages(struct server *server, struct mg_connection *request, const struct account *account)
{
    const uint64_t connection = number(request, "connection");
    const int64_t until = server_now() + POLL;
    char *copy = NULL;
    size_t length = 0;
    pthread_mutex_lock(&server->lock);
    struct mail *mail = own_mail(server, connection, account);
    bool is_right = mail != NULL && mail_have(mail, number(request, "from"));
    while (is_right && mail->length == 0 && server_now() < until && !server->is_over) {
        mail->asked_at = server_now();
        server_wait(server, until);
        mail = own_mail(server, connection, account);
        is_right = mail != NULL;
    }
    if (is_right) {
        mail->asked_at = server_now();
        copy = malloc(mail->length + 1);
    }
    if (copy != NULL) { /* otherwise nothing is given now, and they ask again */
        length = mail->length;
        memcpy(copy, mail->bytes, length);
    }
    pthread_mutex_unlock(&server->lock);
    const int status = is_right ? answer(request, 200, "application/x-ndjson", copy, length) : gone(request);
    free(copy);
    return status;
}

int requests_handle(struct mg_connection *request, void *user_data)
{
    static const struct {
        const char *method, *path;
        int (*handle)(struct server *, struct mg_connection *, const struct account *);
    } routes[] = {
        {"POST", "/parties", make_party},  {"GET", "/parties", list_parties},   {"POST", "/seats", take_seat},
        {"DELETE", "/seats", leave_seat},  {"POST", "/messages", take_message}, {"GET", "/messages", give_messages},
    };
    const struct mg_request_info *info = mg_get_request_info(request);
    const struct account *account = house_account(mg_get_header(request, "Authorization"));
    if (account == NULL) {
        return answer_json(request, 401, "{\"error\":\"unauthorized\",\"message\":\"Authorization: Bearer KEY\"}");
    }
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (strcmp(info->request_method, routes[i].method) == 0 && strcmp(info->local_uri, routes[i].path) == 0) {
            return routes[i].handle(user_data, request, account);
        }
    }
    return refuse(request, SYNCPLAY_ERROR_NOT_FOUND);
}
