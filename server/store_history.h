/* What is over and long past goes out of the database. For store_rows.c only. */
#ifndef SERVER_STORE_HISTORY_H
#define SERVER_STORE_HISTORY_H

#include "store_statement.h"

#define STORE_HISTORY_STATEMENTS 2

struct store_history {
    sqlite3_stmt *statements[STORE_HISTORY_STATEMENTS];
    struct store_error *error;
};

bool store_history_prepare(struct store_history *history, sqlite3 *database, struct store_error *error);
void store_history_finalize(struct store_history *history);

/* Forgets sessions that ended before, some at a time, with all that was said and who was there. */
enum store_outcome store_history_forget_ended(struct store_history *history, int64_t unix_before);

/* Forgets guests who were made before, were in no session that is kept, and have nothing to do with a friend. */
enum store_outcome store_history_forget_guests(struct store_history *history, int64_t unix_before);

#endif
