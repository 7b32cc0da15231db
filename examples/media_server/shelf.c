/* Files, written beside and renamed, so that a name always stands for something whole. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shelf.h"

#define MAX_PATH 4096
#define BEAT "alive"

static void path(char to[MAX_PATH], const char *folder, const syncplay_id *party, const char *suffix)
{
    char id[SYNCPLAY_ID_SIZE];
    syncplay_id_format(party, id);
    snprintf(to, MAX_PATH, "%s/%s%s", folder, id, suffix);
}

bool shelf_open(const char *folder)
{
    return mkdir(folder, 0700) == 0 || errno == EEXIST;
}

bool shelf_put(const char *folder, const syncplay_id *party, const char *bytes, size_t length)
{
    char name[MAX_PATH], fresh[MAX_PATH];
    path(name, folder, party, ".json");
    path(fresh, folder, party, ".new");
    const int file = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const bool is_written = file >= 0 && write(file, bytes, length) == (ssize_t)length && fsync(file) == 0;
    if (file >= 0) {
        close(file);
    }
    return is_written && rename(fresh, name) == 0;
}

void shelf_remove(const char *folder, const syncplay_id *party)
{
    char name[MAX_PATH];
    path(name, folder, party, ".json");
    unlink(name);
}

static void read_one(const char *name, char *buffer, void (*take)(void *, const char *, size_t), void *user_data)
{
    const int file = open(name, O_RDONLY | O_CLOEXEC);
    const ssize_t length = file >= 0 ? read(file, buffer, MAX_PARTY) : -1;
    if (length < 0) {
        perror(name);
    } else {
        take(user_data, buffer, (size_t)length);
    }
    if (file >= 0) {
        close(file);
    }
}

void shelf_read(const char *folder, void (*take)(void *, const char *, size_t), void *user_data)
{
    DIR *files = opendir(folder);
    char *buffer = malloc(MAX_PARTY);
    for (struct dirent *entry; files != NULL && buffer != NULL && (entry = readdir(files)) != NULL;) {
        const size_t length = strlen(entry->d_name);
        char name[MAX_PATH];
        if (length > 5 && strcmp(entry->d_name + length - 5, ".json") == 0 &&
            snprintf(name, sizeof name, "%s/%s", folder, entry->d_name) < MAX_PATH) {
            read_one(name, buffer, take, user_data);
        }
    }
    free(buffer);
    if (files != NULL) {
        closedir(files);
    }
}

void shelf_beat(const char *folder)
{
    char name[MAX_PATH];
    snprintf(name, sizeof name, "%s/" BEAT, folder);
    const int file = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || futimens(file, NULL) != 0) {
        perror(name);
    }
    if (file >= 0) {
        close(file);
    }
}

int64_t shelf_alive(const char *folder)
{
    char name[MAX_PATH];
    struct stat file;
    snprintf(name, sizeof name, "%s/" BEAT, folder);
    return stat(name, &file) == 0 ? (int64_t)file.st_mtim.tv_sec * 1000000 + file.st_mtim.tv_nsec / 1000 : 0;
}
