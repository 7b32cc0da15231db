/* One request on its way through the API: what api.c has found out about it before one of the functions below answers. */
#ifndef SERVER_API_CALL_H
#define SERVER_API_CALL_H

#include "api.h"
#include "json.h"
#include "json_writer.h"
#include "users.h"

struct address_limit;
struct health;
struct loops;
struct quotas;

struct api {
    const struct config *config;
    struct parties *parties;
    struct users *users;
    struct friends *friends;
    struct quotas *quotas;
    const struct health *health;
    struct loops *loops;
    struct webhooks *webhooks; /* NULL for none */
    int64_t unix_started;
};

struct api_call {
    struct api *api;
    const struct http_request *request;
    struct http_response *response;
    struct user user;        /* who asks, where the route asks for a token */
    const struct json *body; /* where the route has a body and it came; NULL otherwise */
    const char *code;        /* where the path has a code: as typed, not checked */
    size_t code_length;
    const char *id;          /* where the path has an id: likewise */
    size_t id_length;
};

/* Answers with what was written, or with 503 if there was no memory for it. */
void api_reply(struct api_call *call, int status, struct json_writer *writer);

/* Answers 429: again in some seconds. */
void api_refuse_for(struct api_call *call, const char *why, int seconds);

/* Whether a limit by address allows one more; false after answering `why` it does not. */
bool api_count(struct api_call *call, struct address_limit *limit, const char *why);

/* The routes: api_health.c ... */
void api_show_health(struct api_call *call);
void api_show_life(struct api_call *call);
/* ... api_metrics.c ... */
void api_show_metrics(struct api_call *call);
/* ... api_users.c ... */
void api_create_user(struct api_call *call);
void api_show_me(struct api_call *call);
/* ... api_sessions.c ... */
void api_create_session(struct api_call *call);
void api_show_session(struct api_call *call);
void api_change_session(struct api_call *call);
void api_end_session(struct api_call *call);
/* ... api_participants.c ... */
void api_join(struct api_call *call);
void api_leave(struct api_call *call);
void api_list_participants(struct api_call *call);
void api_change_participant(struct api_call *call);
void api_kick(struct api_call *call);
void api_hand_over(struct api_call *call);
/* ... api_lobby.c ... */
void api_list_lobby(struct api_call *call);
void api_admit(struct api_call *call);
void api_deny(struct api_call *call);
/* ... api_invitations.c ... */
void api_list_invitations(struct api_call *call);
void api_invite(struct api_call *call);
void api_revoke(struct api_call *call);
/* ... api_bans.c ... */
void api_list_bans(struct api_call *call);
void api_ban(struct api_call *call);
void api_unban(struct api_call *call);
/* ... api_messages.c ... */
void api_delete_message(struct api_call *call);
/* ... api_friends.c ... */
void api_list_friends(struct api_call *call);
void api_show_friend(struct api_call *call);
void api_put_friend(struct api_call *call);
void api_end_friend(struct api_call *call);
/* ... api_media.c */
void api_list_media(struct api_call *call);

#endif
