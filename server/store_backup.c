/*
 * Copies of a database, by SQLite's backup interface, into a file beside the wanted one that then takes its name. Knows
 * SQLite; knows nothing of what is in the database.
 */
#include "store_backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

/* How many pages are copied at a time, and how long somebody else's lock is waited for. */
#define PAGES 256
#define BUSY_MS 2000

/* What is there while a copy is made, besides the copy. */
struct copy {
    const char *file; /* as it is to be called */
    char path[STORE_BACKUP_PATH_SIZE + sizeof ".XXXXXX"];
    sqlite3 *from;
    sqlite3 *to;
    char *why;
    size_t why_size;
};

__attribute__((format(printf, 2, 3))) static bool fail(const struct copy *copy, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(copy->why, copy->why_size, format, arguments);
    va_end(arguments);
    return false;
}

/* Whether the file at `path` is the one that has these marks. */
static bool is_same(const char *path, const struct stat *other)
{
    struct stat status;
    return stat(path, &status) == 0 && status.st_dev == other->st_dev && status.st_ino == other->st_ino;
}

/* The database itself, and what SQLite keeps beside it, are no place for a copy. */
static bool may_be_written(const struct copy *copy, const char *path, bool replace)
{
    static const char *const beside[] = {"", "-wal", "-shm", "-journal"};
    char name[STORE_BACKUP_PATH_SIZE];
    struct stat status;
    if (strlen(copy->file) >= STORE_BACKUP_PATH_SIZE)
        return fail(copy, "the path must be at most %d bytes", STORE_BACKUP_PATH_SIZE - 1);
    for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
        snprintf(name, sizeof name, "%s%s", path, beside[i]);
        if (strcmp(name, copy->file) == 0 || (stat(copy->file, &status) == 0 && is_same(name, &status)))
            return fail(copy, "%s belongs to the database itself", copy->file);
    }
    if (lstat(copy->file, &status) != 0)
        return errno == ENOENT || fail(copy, "%s: %s", copy->file, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return fail(copy, "%s is there, and is no file", copy->file);
    return replace || fail(copy, "%s is there already", copy->file);
}

/* Makes the empty file that the copy is written to. Its descriptor is closed before SQLite opens it: closing it later
 * would take SQLite's locks away. */
static bool make_file(struct copy *copy)
{
    snprintf(copy->path, sizeof copy->path, "%s.XXXXXX", copy->file);
    int descriptor = mkostemp(copy->path, O_CLOEXEC);
    if (descriptor >= 0) {
        close(descriptor);
        return true;
    }
    fail(copy, "%s: %s", copy->file, strerror(errno));
    copy->path[0] = '\0';
    return false;
}

static bool open_both(struct copy *copy, const char *path)
{
    if (sqlite3_open_v2(path, &copy->from, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return fail(copy, "database %s: %s", path, copy->from ? sqlite3_errmsg(copy->from) : "no memory");
    if (sqlite3_open_v2(copy->path, &copy->to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return fail(copy, "%s: %s", copy->file, copy->to ? sqlite3_errmsg(copy->to) : "no memory");
    sqlite3_busy_timeout(copy->from, BUSY_MS);
    /* One look at one instant: without it, every write of somebody else begins the copy anew. With a write-ahead log it
     * keeps nobody from writing. */
    if (sqlite3_exec(copy->from, "BEGIN; SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) != SQLITE_OK)
        return fail(copy, "database %s: %s", path, sqlite3_errmsg(copy->from));
    return true;
}

static bool copy_pages(struct copy *copy)
{
    sqlite3_backup *backup = sqlite3_backup_init(copy->to, "main", copy->from, "main");
    if (!backup)
        return fail(copy, "%s: %s", copy->file, sqlite3_errmsg(copy->to));
    int result;
    do
        result = sqlite3_backup_step(backup, PAGES);
    while (result == SQLITE_OK);
    sqlite3_backup_finish(backup);
    return result == SQLITE_DONE || fail(copy, "%s: %s", copy->file, sqlite3_errstr(result));
}

/* The copy becomes one file that needs no others beside it, and is read through once. */
static bool check_copy(struct copy *copy)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_exec(copy->to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) != SQLITE_OK)
        return fail(copy, "%s: %s", copy->file, sqlite3_errmsg(copy->to));
    bool good = sqlite3_prepare_v2(copy->to, "PRAGMA quick_check(1)", -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_step(statement) == SQLITE_ROW &&
                strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
    if (!good)
        fail(copy, "the copy is not sound: %s",
             sqlite3_data_count(statement) > 0 ? (const char *)sqlite3_column_text(statement, 0)
                                               : sqlite3_errmsg(copy->to));
    sqlite3_finalize(statement);
    return good;
}

/* After this SQLite has let go of both. */
static void close_both(struct copy *copy)
{
    sqlite3_close(copy->to);
    sqlite3_close(copy->from);
    copy->to = copy->from = NULL;
}

static bool sync_path(const struct copy *copy, const char *path, int flags)
{
    int descriptor = open(path, flags | O_CLOEXEC);
    bool good = descriptor >= 0 && fsync(descriptor) == 0;
    if (!good)
        fail(copy, "%s: %s", path, strerror(errno));
    if (descriptor >= 0)
        close(descriptor);
    return good;
}

static bool sync_folder(const struct copy *copy)
{
    char folder[STORE_BACKUP_PATH_SIZE];
    snprintf(folder, sizeof folder, "%s", copy->file);
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = '\0';
    return sync_path(copy, slash ? folder : ".", O_RDONLY | O_DIRECTORY);
}

/* Some file systems cannot refuse to replace; there what was seen before has to do. */
static bool give_name(struct copy *copy, bool replace)
{
    int result = renameat2(AT_FDCWD, copy->path, AT_FDCWD, copy->file, replace ? 0 : RENAME_NOREPLACE);
    if (result != 0 && errno == EINVAL)
        result = rename(copy->path, copy->file);
    if (result != 0)
        return fail(copy, "%s: %s", copy->file, strerror(errno));
    copy->path[0] = '\0';
    return sync_folder(copy);
}

bool store_backup(const char *path, const char *file, bool replace, char *why, size_t why_size)
{
    struct copy copy = {.file = file, .why = why, .why_size = why_size};
    bool good = may_be_written(&copy, path, replace) && make_file(&copy) && open_both(&copy, path) &&
                copy_pages(&copy) && check_copy(&copy);
    close_both(&copy);
    good = good && sync_path(&copy, copy.path, O_RDONLY) && give_name(&copy, replace);
    if (copy.path[0] != '\0')
        unlink(copy.path);
    return good;
}
