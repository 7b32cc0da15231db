/* The films of the media folder, each with what lies beside it: a picture, subtitles. */
#ifndef SERVER_MEDIA_LIST_H
#define SERVER_MEDIA_LIST_H

#include <stddef.h>

#include "media_files.h"
#include "subtitle_name.h"

/* The most files with subtitles of one film. */
#define MEDIA_SUBTITLES_MAX 50

struct media_subtitles {
    const char *path;
    struct subtitle_name name;
};

/* Paths are relative to the root. All of it is gone after the call back. */
struct media_film {
    const struct media_file *file;
    const char *poster; /* NULL if there is none */
    struct media_subtitles subtitles[MEDIA_SUBTITLES_MAX];
    size_t subtitles_count;
};

typedef void media_found(void *arg, const struct media_film *film);

/* Calls back for each film below `root`, sorted by path, at most `limit`. Of a stream it is the master playlist alone. */
void media_list_each(const char *root, size_t limit, media_found *found, void *arg);

/*
 * The same for this one, if it is there; any playlist will do. Looks no further than into its folder and the one with
 * subtitles there.
 */
void media_list_one(const char *root, const char *path, media_found *found, void *arg);

#endif
