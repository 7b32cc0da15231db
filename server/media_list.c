/* Which files belong to which film, by their names alone; which playlists are films is media_streams.c's. */
#include "media_list.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media_streams.h"

/* The folder for subtitles beside a film, in the two ways that it is written. */
#define SUBTITLES_FOLDER "subs"
static const char *const subtitles_folders[] = {"", "Subs/", SUBTITLES_FOLDER "/"};

/* On the heap, because the threads that ask have small stacks. */
struct list {
    const char *root;
    struct media_files files;
    struct media_film film;
    char folder[PATH_MAX]; /* the film's: "" or with a slash behind it */
    char name[PATH_MAX];   /* the film's, without its ending */
    char prefix[PATH_MAX]; /* what is looked for */
    char real[PATH_MAX];
};

/* Those files whose paths begin alike, so that they follow each other; and the length of what they begin with. */
struct range {
    size_t first;
    size_t end;
    size_t length;
};

/* Those that begin with the film's folder, a folder in it ("Subs/", or ""), a name, and `more`. */
static struct range look_for(struct list *list, const char *folder, const char *name, size_t name_length,
                             const char *more)
{
    const struct media_files *files = &list->files;
    int length = snprintf(list->prefix, sizeof list->prefix, "%s%s%.*s%s", list->folder, folder, (int)name_length, name,
                          more);
    if (length < 0 || (size_t)length >= sizeof list->prefix)
        return (struct range){0};
    struct range range = {.first = media_files_from(files, list->prefix), .length = (size_t)length};
    for (range.end = range.first; range.end < files->count; range.end++)
        if (strncmp(files->items[range.end].path, list->prefix, range.length) != 0)
            break;
    return range;
}

/* The first file of that use in the film's folder that is called so, whatever its ending; NULL if there is none. */
static const char *find_named(struct list *list, const char *name, size_t name_length, const char *more,
                              enum media_use use)
{
    struct range range = look_for(list, "", name, name_length, more);
    for (size_t i = range.first; i < range.end; i++)
        if (list->files.items[i].use == use && strpbrk(list->files.items[i].path + range.length, "./") == NULL)
            return list->files.items[i].path;
    return NULL;
}

static bool is_served(struct list *list, const char *path)
{
    return media_resolve(list->root, path, list->real, sizeof list->real);
}

/* A picture of the film itself, or else one of its folder. */
static void find_poster(struct list *list)
{
    const char *const names[][2] = {
        {list->name, "."}, {list->name, "-poster."}, {"poster", "."}, {"folder", "."}, {"cover", "."}};
    list->film.poster = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names && !list->film.poster; i++) {
        const char *found = find_named(list, names[i][0], strlen(names[i][0]), names[i][1], MEDIA_IMAGE);
        if (found && is_served(list, found))
            list->film.poster = found;
    }
}

/* Whether "film.2.de.srt" is of "film.2" and not of "film": `name` is all of that, and `rest` ends it, "2.de.srt". */
static bool is_of_another(struct list *list, const char *name, const char *rest)
{
    for (const char *dot = strchr(rest, '.'); dot; dot = strchr(dot + 1, '.'))
        if (find_named(list, name, (size_t)(dot - name), ".", MEDIA_FILM))
            return true;
    return false;
}

static void add_subtitles(struct list *list, const char *path, const char *rest)
{
    struct media_film *film = &list->film;
    if (strchr(rest, '/') || is_of_another(list, rest - strlen(list->name) - 1, rest) || !is_served(list, path))
        return;
    const char *dot = strrchr(rest, '.'); /* none in "film.srt" */
    struct media_subtitles *subtitles = &film->subtitles[film->subtitles_count++];
    subtitles->path = path;
    subtitle_name_read(&subtitles->name, rest, dot ? (size_t)(dot - rest) : 0);
}

static void find_subtitles(struct list *list)
{
    list->film.subtitles_count = 0;
    for (size_t i = 0; i < sizeof subtitles_folders / sizeof *subtitles_folders; i++) {
        struct range range = look_for(list, subtitles_folders[i], list->name, strlen(list->name), ".");
        for (size_t j = range.first; j < range.end && list->film.subtitles_count < MEDIA_SUBTITLES_MAX; j++)
            if (list->files.items[j].use == MEDIA_SUBTITLES)
                add_subtitles(list, list->files.items[j].path, list->files.items[j].path + range.length);
    }
}

static void split(struct list *list, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    snprintf(list->folder, sizeof list->folder, "%.*s", (int)(name - path), path);
    snprintf(list->name, sizeof list->name, "%.*s", (int)(strrchr(name, '.') - name), name); /* films have an ending */
}

static void tell(struct list *list, const struct media_file *file, media_found *found, void *arg)
{
    split(list, file->path);
    list->film.file = file;
    find_poster(list);
    find_subtitles(list);
    found(arg, &list->film);
}

void media_list_each(const char *root, size_t limit, media_found *found, void *arg)
{
    struct list *list = calloc(1, sizeof *list);
    if (!list)
        return;
    list->root = root;
    media_files_find(&list->files, root);
    media_streams_mark(&list->files, root);
    for (size_t i = 0, count = 0; i < list->files.count && count < limit; i++)
        if (list->files.items[i].use == MEDIA_FILM) {
            tell(list, &list->files.items[i], found, arg);
            count++;
        }
    media_files_free(&list->files);
    free(list);
}

void media_list_one(const char *root, const char *path, media_found *found, void *arg)
{
    struct list *list = calloc(1, sizeof *list);
    if (!list)
        return;
    list->root = root;
    if (media_use_of(path) == MEDIA_FILM && is_served(list, path)) {
        split(list, path);
        size_t length = strlen(list->folder);
        list->folder[length > 0 ? length - 1 : 0] = '\0';
        media_files_find_in(&list->files, root, list->folder, SUBTITLES_FOLDER);
        size_t index = media_files_from(&list->files, path);
        if (index < list->files.count && strcmp(list->files.items[index].path, path) == 0)
            tell(list, &list->files.items[index], found, arg);
    }
    media_files_free(&list->files);
    free(list);
}
