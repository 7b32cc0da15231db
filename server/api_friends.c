/* Friends over REST: asking and accepting are one request, and so are all ways of ending it. */
#include <syncplay/error.h>

#include "api_call.h"
#include "clock.h"
#include "config.h"
#include "friends.h"
#include "problem.h"

static const char *const statuses[] = {
    [FRIENDSHIP_FRIENDS] = "friends", [FRIENDSHIP_REQUESTED] = "requested", [FRIENDSHIP_ASKS] = "asks"};

static void put_friend(struct json_writer *writer, const struct user *user, enum friendship friendship)
{
    json_put_object(writer, NULL);
    json_put_object(writer, "user");
    json_put_id(writer, "user_id", &user->id);
    json_put_text(writer, "name", user->name);
    json_end(writer);
    json_put_text(writer, "status", statuses[friendship]);
    json_end(writer);
}

static void reply_friend(struct api_call *call, const struct user *user, enum friendship friendship)
{
    struct json_writer writer = {0};
    put_friend(&writer, user, friendship);
    api_reply(call, 200, &writer);
}

/* Whoever guesses ids does not learn whether there is somebody. */
static void refuse_unknown(struct api_call *call)
{
    problem(call->response, 404, syncplay_error_code(SYNCPLAY_ERROR_NOT_FOUND),
            "there is no user with this id, or nothing between the two of you");
}

/* The user that the path names; false after answering that there is none, or that it is the caller. */
static bool find_other(struct api_call *call, struct user *other)
{
    syncplay_id id;
    if (!syncplay_id_parse(call->id, call->id_length, &id) || !users_get(call->api->users, &id, other)) {
        refuse_unknown(call);
        return false;
    }
    if (!syncplay_id_equal(&id, &call->user.id))
        return true;
    problem(call->response, 400, syncplay_error_code(SYNCPLAY_ERROR_FIELD), "user_id must be somebody else's");
    return false;
}

static void refuse(struct api_call *call, enum friends_answer answer, int64_t wait)
{
    const struct config *config = call->api->config;
    struct http_response *response = call->response;
    const char *limit = syncplay_error_code(SYNCPLAY_ERROR_LIMIT);
    switch (answer) {
    case FRIENDS_DONE:
        break;
    case FRIENDS_LIST_FULL:
        problem(response, 409, limit, "you may have %u friends (max_friends), counting those you have asked",
                config->max_friends);
        break;
    case FRIENDS_REQUESTS_FULL:
        problem(response, 409, limit,
                "you may have %u open requests (max_friend_requests), counting those declined a short while ago",
                config->max_friend_requests);
        break;
    case FRIENDS_OTHER_FULL:
        problem(response, 409, limit, "this user has %u open requests already (max_friend_requests)",
                config->max_friend_requests);
        break;
    case FRIENDS_DECLINED:
        response->retry_after = (int)((wait + CLOCK_SECOND - 1) / CLOCK_SECOND);
        problem(response, 429, syncplay_error_code(SYNCPLAY_ERROR_RATE),
                "this user has declined; you may ask again in %d s (friend_retry)", response->retry_after);
        break;
    case FRIENDS_NOT_SAVED:
        problem_of(response, SYNCPLAY_ERROR_LIMIT, "the request could not be saved");
        break;
    }
}

void api_put_friend(struct api_call *call)
{
    struct user other;
    enum friendship friendship = FRIENDSHIP_NONE;
    int64_t wait = 0;
    if (!find_other(call, &other))
        return;
    enum friends_answer answer =
        friends_ask(call->api->friends, &call->user.id, &other.id, clock_unix(), &friendship, &wait);
    if (answer == FRIENDS_DONE)
        reply_friend(call, &other, friendship);
    else
        refuse(call, answer, wait);
}

void api_end_friend(struct api_call *call)
{
    struct user other;
    if (!find_other(call, &other))
        return;
    if (friends_end(call->api->friends, &call->user.id, &other.id, clock_unix()))
        call->response->status = 204;
    else
        problem_of(call->response, SYNCPLAY_ERROR_LIMIT, "the end could not be saved");
}

void api_show_friend(struct api_call *call)
{
    struct user other;
    if (!find_other(call, &other))
        return;
    enum friendship friendship = friends_of(call->api->friends, &call->user.id, &other.id);
    if (friendship != FRIENDSHIP_NONE)
        reply_friend(call, &other, friendship);
    else
        refuse_unknown(call);
}

/* The list that is being written, and whose names it needs. */
struct list {
    struct users *users;
    struct json_writer writer;
};

static void list_friend(void *arg, const syncplay_id *id, enum friendship friendship)
{
    struct list *list = arg;
    struct user user;
    if (users_get(list->users, id, &user))
        put_friend(&list->writer, &user, friendship);
}

void api_list_friends(struct api_call *call)
{
    struct list list = {.users = call->api->users};
    json_put_object(&list.writer, NULL);
    json_put_array(&list.writer, "friends");
    friends_each(call->api->friends, &call->user.id, list_friend, &list);
    json_end(&list.writer);
    json_end(&list.writer);
    api_reply(call, 200, &list.writer);
}
