/* What lies in the media folder that is served: files by their paths. Looks into folders, never into files. */
#ifndef SERVER_MEDIA_FILES_H
#define SERVER_MEDIA_FILES_H

#include <stddef.h>
#include <stdint.h>

#include "media.h"

struct media_file {
    char *path; /* relative to the root */
    enum media_use use;
    long long bytes;  /* this and the next of films only */
    int64_t modified; /* microseconds since the Unix epoch */
};

/* Begins with all zeros. */
struct media_files {
    struct media_file *items;
    size_t count;
    size_t capacity;
};

/*
 * Adds all below the root, no hidden ones, at most MEDIA_DEPTH_MAX folders deep; sorted. Films have been resolved
 * (media_resolve), the others have yet to be.
 */
void media_files_find(struct media_files *files, const char *root);

/*
 * The same of one folder, relative to the root ("" is the root), and of those folders in it that are called `like` in
 * any case.
 */
void media_files_find_in(struct media_files *files, const char *root, const char *folder, const char *like);

/* The first file whose path is not below `path` in the order of bytes; `count` if there is none. */
size_t media_files_from(const struct media_files *files, const char *path);

void media_files_free(struct media_files *files);

/* How deep folders below the root are looked into, and how many entries of all folders together. */
#define MEDIA_DEPTH_MAX 8
#define MEDIA_ENTRIES_MAX 100000

#endif
