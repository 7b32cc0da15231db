/* A small media folder, for as long as the process lives: files that are served, and what is not, beside and in it. */
#ifndef FUZZ_MEDIA_FOLDER_H
#define FUZZ_MEDIA_FOLDER_H

#include <ftw.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "media.h"

static char media_folder_top[] = "/tmp/fuzz_media_XXXXXX";
static char media_folder_root[PATH_MAX];

static int media_folder_drop(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status, (void)kind, (void)place;
    return remove(path);
}

static void media_folder_remove(void)
{
    nftw(media_folder_top, media_folder_drop, 8, FTW_DEPTH | FTW_PHYS);
}

static void media_folder_put(const char *path)
{
    char full[PATH_MAX];
    snprintf(full, sizeof full, "%s/%s", media_folder_top, path);
    FILE *file = fopen(full, "wb");
    CHECK(file != NULL);
    fclose(file);
}

static void media_folder_make(void)
{
    static const char *const folders[] = {"m", "m/b", "m/.h"};
    static const char *const files[] = {"m/f.mp4", "m/b/s.srt", "m/.h/f.mp4", "m/.f.mp4", "m/n.txt", "x.mp4"};
    static const char *const links[][2] = {{"../x.mp4", "m/out.mp4"},
                                           {"..", "m/up"},
                                           {"b/s.srt", "m/in.srt"},
                                           {".h/f.mp4", "m/h.mp4"},
                                           {"n.txt", "m/n.mp4"}};
    char full[PATH_MAX];
    CHECK(mkdtemp(media_folder_top) != NULL && atexit(media_folder_remove) == 0);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(full, sizeof full, "%s/%s", media_folder_top, folders[i]);
        CHECK(mkdir(full, 0700) == 0);
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        media_folder_put(files[i]);
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        snprintf(full, sizeof full, "%s/%s", media_folder_top, links[i][1]);
        CHECK(symlink(links[i][0], full) == 0);
    }
    snprintf(full, sizeof full, "%s/m", media_folder_top);
    CHECK(realpath(full, media_folder_root) != NULL);
}

/* Its path, as the kernel says it. */
static inline const char *media_folder(void)
{
    if (media_folder_root[0] == '\0')
        media_folder_make();
    return media_folder_root;
}

/* Whether this is one of the two files that are served. */
static inline bool media_folder_has(const char *file)
{
    const char *inside = file + strlen(media_folder_root);
    return strcmp(inside, "/f.mp4") == 0 || strcmp(inside, "/b/s.srt") == 0;
}

#endif
