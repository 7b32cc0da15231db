/* The rows of the table friends. Knows SQLite; knows nothing of who may befriend whom. */
#include "store_friends.h"

#include <string.h>

enum { PUT, REMOVE, GET };

/* clang-format off */
static const char *const texts[STORE_FRIENDS_STATEMENTS] = {
    /* A pair has one row: that of the other direction is replaced as well. */
    [PUT] = "INSERT OR REPLACE INTO friends (user_id, friend_id, status, changed_at) VALUES (?1, ?2, ?3, ?4)",
    [REMOVE] = "DELETE FROM friends WHERE (user_id = ?1 AND friend_id = ?2) OR (user_id = ?2 AND friend_id = ?1)",
    [GET] = "SELECT user_id, friend_id, status, changed_at FROM friends ORDER BY changed_at",
};
/* clang-format on */

static const char *const names[] = {[STORE_NO_FRIENDS] = "",
                                    [STORE_REQUESTED] = "requested",
                                    [STORE_FRIENDS] = "friends",
                                    [STORE_DECLINED] = "declined"};

bool store_friends_prepare(struct store_friends *friends, sqlite3 *database, struct store_error *error)
{
    friends->error = error;
    return statements_prepare(database, texts, STORE_FRIENDS_STATEMENTS, friends->statements);
}

void store_friends_finalize(struct store_friends *friends)
{
    statements_finalize(friends->statements, STORE_FRIENDS_STATEMENTS);
}

enum store_outcome store_friends_put(struct store_friends *friends, const struct store_friend *friend)
{
    bool stays = friend->status != STORE_NO_FRIENDS;
    struct binding binding = {.statement = friends->statements[stays ? PUT : REMOVE], .error = friends->error};
    binding_add_id(&binding, &friend->user_id);
    binding_add_id(&binding, &friend->friend_id);
    if (stays) {
        binding_add_text(&binding, names[friend->status]);
        binding_add_time(&binding, friend->unix_changed);
    }
    return binding_run(&binding);
}

static enum store_friend_status status_of(const char *name)
{
    enum store_friend_status status = STORE_DECLINED;
    while (status != STORE_NO_FRIENDS && strcmp(name, names[status]) != 0)
        status--;
    return status;
}

bool store_friends_each(struct store_friends *friends, void (*found)(void *, const struct store_friend *), void *arg)
{
    sqlite3_stmt *statement = friends->statements[GET];
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        struct store_friend friend = {.user_id = column_id(statement, 0),
                                      .friend_id = column_id(statement, 1),
                                      .status = status_of(column_text(statement, 2)),
                                      .unix_changed = column_time(statement, 3)};
        found(arg, &friend);
    }
    return statement_finish(statement, result);
}
