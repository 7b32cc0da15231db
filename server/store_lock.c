/* The lock on a database file. Knows no SQLite. */
#include "store_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

int store_lock(const char *path, char *why, size_t why_size)
{
    if (strcmp(path, ":memory:") == 0) {
        snprintf(why, why_size, "database %s: it must be a file", path);
        return -1;
    }
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        snprintf(why, why_size, "database %s: it cannot be opened: %s", path, strerror(errno));
        return -1;
    }
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        return descriptor;
    snprintf(why, why_size, "database %s: %s", path,
             errno == EWOULDBLOCK ? "another syncplay-server uses it" : strerror(errno));
    close(descriptor);
    return -1;
}

bool store_is_locked(const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    bool is_locked = descriptor >= 0 && flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    store_unlock(descriptor);
    return is_locked;
}

void store_unlock(int descriptor)
{
    if (descriptor >= 0)
        close(descriptor);
}
