/* Copies of a database, whole at one instant, while others use it. */
#ifndef SERVER_STORE_BACKUP_H
#define SERVER_STORE_BACKUP_H

#include <stdbool.h>
#include <stddef.h>

/* The longest path of a copy, with its zero byte. */
#define STORE_BACKUP_PATH_SIZE 4096

/*
 * Copies the database at `path`, of whatever version, to `file`: mode 0600, for it holds what tokens are checked with,
 * on disk when this returns, and checked to be sound. Writers are not held up. A file that is there is replaced, at one
 * stroke, if `replace` says so. False, with nothing changed, and a sentence in `why`, on failure.
 */
bool store_backup(const char *path, const char *file, bool replace, char *why, size_t why_size);

#endif
