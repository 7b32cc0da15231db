/* Looking into the media folder. Knows directories; what belongs to what is media_list.c's. */
#include "media_files.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* On the heap, because the threads that ask have small stacks. */
struct walk {
    const char *root;
    struct media_files *found;
    struct media_files folders; /* still to be looked into; no recursion, for the same reason */
    size_t entries;
    char path[PATH_MAX]; /* of the entry that is looked at, relative to the root */
    char full[PATH_MAX]; /* the same, from the root of the file system */
};

/* What finds no memory is left out. */
static void add(struct media_files *files, const char *path, enum media_use use, const struct stat *status)
{
    if (files->count == files->capacity) {
        size_t capacity = files->capacity ? files->capacity * 2 : 64;
        struct media_file *items = realloc(files->items, capacity * sizeof *items);
        if (!items)
            return;
        files->items = items;
        files->capacity = capacity;
    }
    char *copy = strdup(path);
    int64_t modified = (int64_t)status->st_mtim.tv_sec * 1000000 + status->st_mtim.tv_nsec / 1000;
    if (!copy)
        return;
    struct media_file *file = &files->items[files->count++];
    file->path = copy;
    file->use = use;
    file->bytes = status->st_size;
    file->modified = modified;
}

static int depth_of(const char *path)
{
    int depth = 1;
    for (const char *c = path; *c; c++)
        depth += *c == '/';
    return depth;
}

/* Looks at the entry that walk->path names. */
static void look_at(struct walk *walk)
{
    struct stat status;
    enum media_use use = media_use_of(walk->path);
    int length = snprintf(walk->full, sizeof walk->full, "%s/%s", walk->root, walk->path);
    if (length < 0 || (size_t)length >= sizeof walk->full || lstat(walk->full, &status) != 0)
        return;
    /* Links to folders are not followed, so there are no circles; links to films are. */
    if (S_ISDIR(status.st_mode)) {
        if (depth_of(walk->path) <= MEDIA_DEPTH_MAX)
            add(&walk->folders, walk->path, MEDIA_NONE, &status);
    } else if (use != MEDIA_FILM) {
        if (use != MEDIA_NONE)
            add(walk->found, walk->path, use, &status);
    } else if (media_resolve(walk->root, walk->path, walk->full, sizeof walk->full) && stat(walk->full, &status) == 0) {
        add(walk->found, walk->path, use, &status);
    }
}

/* Looks at the entries of `folder`, relative to the root; "" is the root. */
static void look_into(struct walk *walk, const char *folder)
{
    int length = snprintf(walk->full, sizeof walk->full, "%s/%s", walk->root, folder);
    DIR *directory = length > 0 && (size_t)length < sizeof walk->full ? opendir(walk->full) : NULL;
    struct dirent *entry;
    while (directory && walk->entries < MEDIA_ENTRIES_MAX && (entry = readdir(directory))) {
        walk->entries++;
        length = snprintf(walk->path, sizeof walk->path, "%s%s%s", folder, *folder ? "/" : "", entry->d_name);
        if (entry->d_name[0] != '.' && length > 0 && (size_t)length < sizeof walk->path)
            look_at(walk);
    }
    if (directory)
        closedir(directory);
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct media_file *)a)->path, ((const struct media_file *)b)->path);
}

/* All below `folder`, or only what is in those folders in it that are called `like`, if that is not NULL. */
static void find(struct media_files *files, const char *root, const char *folder, const char *like)
{
    struct walk *walk = root[0] != '\0' ? calloc(1, sizeof *walk) : NULL;
    if (!walk)
        return;
    walk->root = root;
    walk->found = files;
    look_into(walk, folder);
    while (walk->folders.count > 0) {
        char *next = walk->folders.items[--walk->folders.count].path;
        const char *slash = strrchr(next, '/');
        bool is_in = depth_of(next) == (*folder ? depth_of(folder) : 0) + 1;
        if (!like || (is_in && strcasecmp(slash ? slash + 1 : next, like) == 0))
            look_into(walk, next);
        free(next);
    }
    if (files->count > 0)
        qsort(files->items, files->count, sizeof *files->items, compare);
    media_files_free(&walk->folders);
    free(walk);
}

void media_files_find(struct media_files *files, const char *root)
{
    find(files, root, "", NULL);
}

void media_files_find_in(struct media_files *files, const char *root, const char *folder, const char *like)
{
    find(files, root, folder, like);
}

size_t media_files_from(const struct media_files *files, const char *path)
{
    size_t low = 0;
    size_t high = files->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(files->items[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void media_files_free(struct media_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        free(files->items[i].path);
    free(files->items);
    *files = (struct media_files){0};
}
