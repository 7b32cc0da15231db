/* The media folder: what of it is served, and where a path under /media/ really is. */
#ifndef SERVER_MEDIA_H
#define SERVER_MEDIA_H

#include <stdbool.h>
#include <stddef.h>

enum media_use {
    MEDIA_NONE,  /* not served */
    MEDIA_FILM,  /* to watch or to hear by itself */
    MEDIA_PIECE, /* of a stream */
    MEDIA_SUBTITLES,
    MEDIA_IMAGE
};

/* What a file is for, by its ending. */
enum media_use media_use_of(const char *file);

/* The content type by the file's ending. */
const char *media_type(const char *file);

/*
 * The file behind the relative path `path` (decoded), written into `file`. False unless it is a readable regular file of
 * a type that is served, inside of `root`, symbolic links resolved.
 */
bool media_resolve(const char *root, const char *path, char *file, size_t size);

#endif
