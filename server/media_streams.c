/* Reading playlists. Knows as much of their language as says what names what; what a list of films looks like is others'. */
#include "media_streams.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "percent.h"

/* Master playlists have the first of these for each variant, those with pieces the second for each piece; none has both. */
#define VARIANT "#EXT-X-STREAM-INF:"
#define PIECE "#EXTINF:"
/* Before what else is named. */
#define ADDRESS "URI=\""

/* On the heap, because the threads that ask have small stacks. */
struct look {
    struct media_files *files;
    const char *root;
    char real[PATH_MAX];
    char named[PATH_MAX];
    char line[MEDIA_PLAYLIST_LINE_MAX + 1];
    FILE *file;
    int lines;
};

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static bool is_playlist(const struct media_file *file)
{
    const char *dot = strrchr(file->path, '.');
    return file->use == MEDIA_FILM && dot && strcasecmp(dot, ".m3u8") == 0;
}

static bool begin(struct look *look, const char *path)
{
    look->lines = 0;
    look->file = media_resolve(look->root, path, look->real, sizeof look->real) ? fopen(look->real, "re") : NULL;
    return look->file != NULL;
}

/* Reads the next line; false at the end, after which nothing is open. */
static bool next(struct look *look)
{
    if (look->lines++ < MEDIA_PLAYLIST_LINES_MAX && fgets(look->line, sizeof look->line, look->file)) {
        look->line[strcspn(look->line, "\r\n")] = '\0';
        return true;
    }
    fclose(look->file);
    return false;
}

static bool is_master(struct look *look, const char *path)
{
    bool has_variants = false;
    bool has_pieces = false;
    if (!begin(look, path))
        return false;
    while (next(look)) {
        has_variants = has_variants || begins(look->line, VARIANT);
        has_pieces = has_pieces || begins(look->line, PIECE);
        if (has_variants || has_pieces)
            look->lines = MEDIA_PLAYLIST_LINES_MAX; /* enough is known */
    }
    return has_variants;
}

/* `address` is relative to the playlist at `path`; what leads elsewhere is called like nothing here. */
static void mark(struct look *look, const bool *masters, const char *path, const char *address, size_t length)
{
    const char *slash = strrchr(path, '/');
    size_t folder = slash ? (size_t)(slash - path) + 1 : 0;
    memcpy(look->named, path, folder); /* no path here is longer than what has room */
    if (begins(address, "./")) {
        address += 2;
        length -= 2;
    }
    if (!percent_decode(address, length, look->named + folder, sizeof look->named - folder))
        return;
    size_t index = media_files_from(look->files, look->named);
    if (index == look->files->count || strcmp(look->files->items[index].path, look->named) != 0)
        return;
    if (is_playlist(&look->files->items[index]) && !masters[index])
        look->files->items[index].use = MEDIA_PIECE;
}

/* What the master playlist at `path` names. */
static void mark_named(struct look *look, const bool *masters, const char *path)
{
    if (!begin(look, path))
        return;
    while (next(look)) {
        const char *found = strstr(look->line, ADDRESS);
        const char *address = look->line[0] != '#' ? look->line : found ? found + strlen(ADDRESS) : "";
        mark(look, masters, path, address, strcspn(address, "?#\""));
    }
}

void media_streams_mark(struct media_files *files, const char *root)
{
    struct look *look = calloc(1, sizeof *look);
    bool *masters = calloc(files->count + 1, sizeof *masters);
    if (look && masters) {
        look->files = files;
        look->root = root;
        for (size_t i = 0, count = 0; i < files->count && count < MEDIA_PLAYLISTS_MAX; i++)
            if (is_playlist(&files->items[i])) {
                masters[i] = is_master(look, files->items[i].path);
                count++;
            }
        for (size_t i = 0; i < files->count; i++)
            if (masters[i])
                mark_named(look, masters, files->items[i].path);
    }
    free(masters);
    free(look);
}
