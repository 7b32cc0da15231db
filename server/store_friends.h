/* Friends to rows and back. For store_rows.c only. */
#ifndef SERVER_STORE_FRIENDS_H
#define SERVER_STORE_FRIENDS_H

#include "store.h"
#include "store_statement.h"

#define STORE_FRIENDS_STATEMENTS 3

struct store_friends {
    sqlite3_stmt *statements[STORE_FRIENDS_STATEMENTS];
    struct store_error *error;
};

bool store_friends_prepare(struct store_friends *friends, sqlite3 *database, struct store_error *error);
void store_friends_finalize(struct store_friends *friends);

/* Lets this row take the place of the pair's, or takes that out. */
enum store_outcome store_friends_put(struct store_friends *friends, const struct store_friend *friend);

bool store_friends_each(struct store_friends *friends, void (*found)(void *, const struct store_friend *), void *arg);

#endif
