/* Prepared statements of SQLite. */
#include "store_statement.h"

#include <stdio.h>
#include <string.h>

#include "timestamp.h"

bool statements_prepare(sqlite3 *database, const char *const *texts, size_t count, sqlite3_stmt **statements)
{
    for (size_t i = 0; i < count; i++)
        if (sqlite3_prepare_v3(database, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &statements[i], NULL) != SQLITE_OK)
            return false;
    return true;
}

void statements_finalize(sqlite3_stmt **statements, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sqlite3_finalize(statements[i]);
}

void binding_add_integer(struct binding *binding, int64_t value)
{
    binding->failed |= sqlite3_bind_int64(binding->statement, ++binding->count, value);
}

void binding_add_real(struct binding *binding, double value)
{
    binding->failed |= sqlite3_bind_double(binding->statement, ++binding->count, value);
}

void binding_add_text(struct binding *binding, const char *text)
{
    binding->failed |= sqlite3_bind_text(binding->statement, ++binding->count, text, -1, SQLITE_STATIC);
}

void binding_add_blob(struct binding *binding, const void *bytes, int length)
{
    binding->failed |= sqlite3_bind_blob(binding->statement, ++binding->count, bytes, length, SQLITE_STATIC);
}

void binding_add_id(struct binding *binding, const syncplay_id *id)
{
    char text[SYNCPLAY_ID_SIZE];
    int at = ++binding->count;
    if (syncplay_id_is_none(id)) {
        binding->failed |= sqlite3_bind_null(binding->statement, at);
        return;
    }
    syncplay_id_format(id, text);
    binding->failed |= sqlite3_bind_text(binding->statement, at, text, SYNCPLAY_ID_LENGTH, SQLITE_TRANSIENT);
}

void binding_add_time(struct binding *binding, int64_t unix_time)
{
    char text[TIMESTAMP_SIZE];
    timestamp_write(unix_time, text);
    binding->failed |= sqlite3_bind_text(binding->statement, ++binding->count, text, -1, SQLITE_TRANSIENT);
}

static enum store_outcome outcome_of(int result)
{
    int primary = result & 0xff;
    if (primary == SQLITE_DONE || primary == SQLITE_ROW)
        return STORE_WRITTEN;
    return primary == SQLITE_CONSTRAINT || primary == SQLITE_MISMATCH || primary == SQLITE_TOOBIG ? STORE_REFUSED
                                                                                                  : STORE_BROKEN;
}

enum store_outcome binding_run(struct binding *binding)
{
    int result = binding->failed ? SQLITE_NOMEM : sqlite3_step(binding->statement);
    enum store_outcome outcome = outcome_of(result);
    if (outcome != STORE_WRITTEN)
        snprintf(binding->error->text, sizeof binding->error->text, "%s",
                 sqlite3_errmsg(sqlite3_db_handle(binding->statement)));
    sqlite3_reset(binding->statement);
    sqlite3_clear_bindings(binding->statement);
    return outcome;
}

const char *column_text(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    return text ? (const char *)text : "";
}

syncplay_id column_id(sqlite3_stmt *statement, int column)
{
    syncplay_id id = {{0}};
    const char *text = column_text(statement, column);
    syncplay_id_parse(text, strlen(text), &id);
    return id;
}

int64_t column_time(sqlite3_stmt *statement, int column)
{
    int64_t unix_time = 0;
    timestamp_read(column_text(statement, column), &unix_time);
    return unix_time;
}

bool statement_finish(sqlite3_stmt *statement, int result)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return result == SQLITE_DONE;
}
