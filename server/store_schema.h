/* The database's tables, as a list of migrations. Known to store_rows.c only. */
#ifndef SERVER_STORE_SCHEMA_H
#define SERVER_STORE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include <sqlite3.h>

/*
 * Brings a database to this program's version, one migration after the other, each in a transaction. False, and a
 * sentence in `why`, if that fails or if the database is of a newer version, which is left as it is.
 */
bool store_schema_migrate(sqlite3 *database, char *why, size_t why_size);

#endif
