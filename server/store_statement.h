/*
 * Prepared statements of SQLite: values bound to them, rows stepped through, columns read. Knows how ids and times are
 * written in the database, not which tables there are. For the files that store_rows.c is made of.
 */
#ifndef SERVER_STORE_STATEMENT_H
#define SERVER_STORE_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>
#include <syncplay/id.h>

#include "store_outcome.h"

/* What went wrong last, in SQLite's words. */
struct store_error {
    char text[200];
};

/* Prepares `count` statements; false at the first that cannot be, whose reason the database knows. */
bool statements_prepare(sqlite3 *database, const char *const *texts, size_t count, sqlite3_stmt **statements);
/* Those that are NULL are none. */
void statements_finalize(sqlite3_stmt **statements, size_t count);

/* Values bound to a statement one after the other; `failed` gathers what went wrong. */
struct binding {
    sqlite3_stmt *statement;
    struct store_error *error;
    int count;
    int failed;
};

void binding_add_integer(struct binding *binding, int64_t value);
void binding_add_real(struct binding *binding, double value);
/* Texts and bytes must live until the statement has run; NULL becomes NULL. */
void binding_add_text(struct binding *binding, const char *text);
void binding_add_blob(struct binding *binding, const void *bytes, int length);
/* An id of all zeros is none, and becomes NULL. */
void binding_add_id(struct binding *binding, const syncplay_id *id);
void binding_add_time(struct binding *binding, int64_t unix_time);

/* Runs a statement that gives no rows; *error says why if it was not written. */
enum store_outcome binding_run(struct binding *binding);

/* A column of the row that was stepped to. As text "" for NULL, and it lives until the next step; no id, and the time
 * 0, for NULL. */
const char *column_text(sqlite3_stmt *statement, int column);
syncplay_id column_id(sqlite3_stmt *statement, int column);
int64_t column_time(sqlite3_stmt *statement, int column);

/* Ends reading: true if the last step said that there is no more. */
bool statement_finish(sqlite3_stmt *statement, int result);

#endif
