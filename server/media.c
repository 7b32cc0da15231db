/* The media folder. Knows files and their endings; never opens one, knows no HTTP. */
#include "media.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* How deep folders below the root are looked into, and how many entries of all folders together. */
#define DEPTH_MAX 8
#define ENTRIES_MAX 100000

struct media_kind {
    const char *ending;
    const char *type;
    bool film; /* something to watch or to hear by itself: not a subtitle, not a piece of a stream */
};

static const struct media_kind kinds[] = {
    {"mp4", "video/mp4", true},
    {"m4v", "video/mp4", true},
    {"webm", "video/webm", true},
    {"mkv", "video/x-matroska", true},
    {"mov", "video/quicktime", true},
    {"ogv", "video/ogg", true},
    {"mp3", "audio/mpeg", true},
    {"m4a", "audio/mp4", true},
    {"ogg", "audio/ogg", true},
    {"opus", "audio/ogg", true},
    {"flac", "audio/flac", true},
    {"wav", "audio/wav", true},
    {"m3u8", "application/vnd.apple.mpegurl", true},
    {"ts", "video/mp2t", false},
    {"vtt", "text/vtt; charset=utf-8", false},
    {"srt", "application/x-subrip; charset=utf-8", false},
};

static const struct media_kind *kind_of(const char *file)
{
    const char *name = strrchr(file, '/');
    const char *dot = strrchr(name ? name : file, '.');
    for (size_t i = 0; dot && i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcasecmp(dot + 1, kinds[i].ending) == 0)
            return &kinds[i];
    return NULL;
}

const char *media_type(const char *file)
{
    const struct media_kind *kind = kind_of(file);
    return kind ? kind->type : "application/octet-stream";
}

/* Whether some part of a path is hidden: begins with a dot (".." among them). */
static bool is_hidden(const char *path)
{
    return path[0] == '.' || strstr(path, "/.") != NULL;
}

bool media_resolve(const char *root, const char *path, char *file, size_t size)
{
    char real_root[PATH_MAX];
    char joined[PATH_MAX];
    char real[PATH_MAX];
    struct stat status;
    if (root[0] == '\0' || path[0] == '\0' || path[0] == '/' || is_hidden(path) || !kind_of(path) ||
        !realpath(root, real_root))
        return false;
    size_t root_length = strcmp(real_root, "/") == 0 ? 0 : strlen(real_root);
    int length = snprintf(joined, sizeof joined, "%s/%s", real_root, path);
    if (length < 0 || (size_t)length >= sizeof joined || !realpath(joined, real))
        return false;
    /* Where the links lead to counts: below the root, visible, and of a known type, too. */
    if (strncmp(real, real_root, root_length) != 0 || real[root_length] != '/' || is_hidden(real + root_length + 1) ||
        !kind_of(real))
        return false;
    if (stat(real, &status) != 0 || !S_ISREG(status.st_mode) || access(real, R_OK) != 0 || strlen(real) >= size)
        return false;
    snprintf(file, size, "%s", real);
    return true;
}

/* --- Listing ---------------------------------------------------------------------------------------------- */

/* A growing list of files or folders, by their paths relative to the root. */
struct place {
    char *path;
    long long bytes; /* of a file */
};

struct places {
    struct place *items;
    size_t count;
    size_t capacity;
};

/* On the heap, because the threads that ask have small stacks. */
struct listing {
    const char *root;
    struct places films;
    struct places folders; /* still to be looked into; no recursion, for the same reason */
    size_t entries;
    char path[PATH_MAX]; /* of the entry that is looked at, relative to the root */
    char full[PATH_MAX]; /* the same, from the root of the file system */
};

/* What finds no memory is left out of the list. */
static void add_place(struct places *places, const char *path, long long bytes)
{
    if (places->count == places->capacity) {
        size_t capacity = places->capacity ? places->capacity * 2 : 64;
        struct place *items = realloc(places->items, capacity * sizeof *items);
        if (!items)
            return;
        places->items = items;
        places->capacity = capacity;
    }
    char *copy = strdup(path);
    if (copy)
        places->items[places->count++] = (struct place){copy, bytes};
}

static int compare_places(const void *a, const void *b)
{
    return strcmp(((const struct place *)a)->path, ((const struct place *)b)->path);
}

static int depth_of(const char *path)
{
    int depth = 1;
    for (const char *c = path; *c; c++)
        depth += *c == '/';
    return depth;
}

/* Looks at the entry that listing->path names. */
static void list_entry(struct listing *listing)
{
    struct stat status;
    const struct media_kind *kind = kind_of(listing->path);
    int length = snprintf(listing->full, sizeof listing->full, "%s/%s", listing->root, listing->path);
    if (length < 0 || (size_t)length >= sizeof listing->full || lstat(listing->full, &status) != 0)
        return;
    /* Links to folders are not followed, so there are no circles; links to films are. */
    if (S_ISDIR(status.st_mode) && depth_of(listing->path) <= DEPTH_MAX)
        add_place(&listing->folders, listing->path, 0);
    else if (kind && kind->film && media_resolve(listing->root, listing->path, listing->full, sizeof listing->full) &&
             stat(listing->full, &status) == 0)
        add_place(&listing->films, listing->path, (long long)status.st_size);
}

/* Looks at the entries of `folder`, relative to the root; "" is the root. */
static void list_folder(struct listing *listing, const char *folder)
{
    int length = snprintf(listing->full, sizeof listing->full, "%s/%s", listing->root, folder);
    DIR *directory = length > 0 && (size_t)length < sizeof listing->full ? opendir(listing->full) : NULL;
    struct dirent *entry;
    while (directory && listing->entries < ENTRIES_MAX && (entry = readdir(directory))) {
        listing->entries++;
        length = snprintf(listing->path, sizeof listing->path, "%s%s%s", folder, *folder ? "/" : "", entry->d_name);
        if (entry->d_name[0] != '.' && length > 0 && (size_t)length < sizeof listing->path)
            list_entry(listing);
    }
    if (directory)
        closedir(directory);
}

static void free_places(struct places *places)
{
    for (size_t i = 0; i < places->count; i++)
        free(places->items[i].path);
    free(places->items);
}

void media_each(const char *root, size_t limit, void (*found)(void *arg, const char *path, long long bytes), void *arg)
{
    struct listing *listing = root[0] != '\0' ? calloc(1, sizeof *listing) : NULL;
    if (!listing)
        return;
    listing->root = root;
    list_folder(listing, "");
    while (listing->folders.count > 0) {
        char *folder = listing->folders.items[--listing->folders.count].path;
        list_folder(listing, folder);
        free(folder);
    }
    struct places *films = &listing->films;
    if (films->count > 0)
        qsort(films->items, films->count, sizeof *films->items, compare_places);
    for (size_t i = 0; i < films->count && i < limit; i++)
        found(arg, films->items[i].path, films->items[i].bytes);
    free_places(films);
    free_places(&listing->folders);
    free(listing);
}
