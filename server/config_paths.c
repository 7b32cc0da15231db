/* Whether what the configuration names in the file system is there. */
#include "config_paths.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"

static bool is_folder(const char *path)
{
    struct stat found;
    return stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

/* The folder that a file is in. */
static void find_folder(const char *path, char *folder, size_t size)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        snprintf(folder, size, ".");
    else
        snprintf(folder, size, "%.*s", slash == path ? 1 : (int)(slash - path), path);
}

/* SQLite writes two files beside the database; without them it writes nothing. */
static bool check_database(const char *path, char *why, size_t why_size)
{
    char folder[sizeof((struct config *)0)->database];
    find_folder(path, folder, sizeof folder);
    if (access(folder, R_OK | W_OK | X_OK) != 0)
        snprintf(why, why_size, "database %s: the folder %s cannot be written to: %s", path, folder, strerror(errno));
    else if (!is_folder(folder))
        snprintf(why, why_size, "database %s: %s is not a folder", path, folder);
    else if (is_folder(path))
        snprintf(why, why_size, "database %s: it is a folder, and must be a file", path);
    else if (access(path, F_OK) == 0 && access(path, R_OK | W_OK) != 0)
        snprintf(why, why_size, "database %s: it cannot be read and written: %s", path, strerror(errno));
    else
        return true;
    return false;
}

static bool check_media(const char *path, char *why, size_t why_size)
{
    if (path[0] == '\0')
        return true;
    if (access(path, R_OK | X_OK) != 0)
        snprintf(why, why_size, "media %s: it cannot be read: %s", path, strerror(errno));
    else if (!is_folder(path))
        snprintf(why, why_size, "media %s: it is not a folder", path);
    else
        return true;
    return false;
}

bool config_paths_check(const struct config *config, char *why, size_t why_size)
{
    return check_database(config->database, why, why_size) && check_media(config->media, why, why_size);
}
