/* The lock on a database file that keeps other servers away from it. */
#ifndef SERVER_STORE_LOCK_H
#define SERVER_STORE_LOCK_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Makes the file if there is none, and locks it. Returns the descriptor that holds the lock, or -1 and a sentence in
 * `why`. (SQLite's own locks are of another kind; but closing the descriptor would drop them, so it stays open as long
 * as SQLite has the file open.)
 */
int store_lock(const char *path, char *why, size_t why_size);

/* Whether a server holds the lock on this file. Makes no file. */
bool store_is_locked(const char *path);

/* Gives it up; -1 is none. */
void store_unlock(int descriptor);

#endif
