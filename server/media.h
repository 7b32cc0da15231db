/* The media folder: which films there are, and where a path under /media/ really is. */
#ifndef SERVER_MEDIA_H
#define SERVER_MEDIA_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The file behind the relative path `path` (decoded), written into `file`. False unless it is a readable regular file of a
 * video, audio or subtitle type inside of `root`, symbolic links resolved.
 */
bool media_resolve(const char *root, const char *path, char *file, size_t size);

/* The content type by the file's ending. */
const char *media_type(const char *file);

/* Calls back for each film below `root` (relative path), sorted by name, at most `limit`, no hidden ones, depth at most 8. */
void media_each(const char *root, size_t limit, void (*found)(void *arg, const char *path, long long bytes), void *arg);

#endif
