/* The database's tables, as a list of migrations. Known to store_rows.c only. */
#ifndef SERVER_STORE_SCHEMA_H
#define SERVER_STORE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include <sqlite3.h>

/*
 * Brings the database at `path`, opened as `database`, to this program's version, in one transaction. One that holds
 * something is copied first, to <path>.before-<version>, a copy that stays; without it there is no migration. False,
 * with the database as it was, and a sentence in `why`, if that fails or if it is of a newer version.
 */
bool store_schema_migrate(sqlite3 *database, const char *path, char *why, size_t why_size);

/* Whether it is of this program's version; if not, `why` says of which. Changes nothing. */
bool store_schema_check(sqlite3 *database, char *why, size_t why_size);

#endif
