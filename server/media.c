/* The media folder. Knows files and their endings; never opens one, knows no HTTP. */
#include "media.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

struct media_kind {
    const char *ending;
    const char *type;
    enum media_use use;
};

static const struct media_kind kinds[] = {
    {"mp4", "video/mp4", MEDIA_FILM},
    {"m4v", "video/mp4", MEDIA_FILM},
    {"webm", "video/webm", MEDIA_FILM},
    {"mkv", "video/x-matroska", MEDIA_FILM},
    {"mov", "video/quicktime", MEDIA_FILM},
    {"ogv", "video/ogg", MEDIA_FILM},
    {"mp3", "audio/mpeg", MEDIA_FILM},
    {"m4a", "audio/mp4", MEDIA_FILM},
    {"ogg", "audio/ogg", MEDIA_FILM},
    {"opus", "audio/ogg", MEDIA_FILM},
    {"flac", "audio/flac", MEDIA_FILM},
    {"wav", "audio/wav", MEDIA_FILM},
    {"m3u8", "application/vnd.apple.mpegurl", MEDIA_FILM},
    {"ts", "video/mp2t", MEDIA_PIECE},
    {"m4s", "video/iso.segment", MEDIA_PIECE},
    {"aac", "audio/aac", MEDIA_PIECE},
    {"vtt", "text/vtt; charset=utf-8", MEDIA_SUBTITLES},
    {"srt", "application/x-subrip; charset=utf-8", MEDIA_SUBTITLES},
    {"jpg", "image/jpeg", MEDIA_IMAGE},
    {"jpeg", "image/jpeg", MEDIA_IMAGE},
    {"png", "image/png", MEDIA_IMAGE},
    {"webp", "image/webp", MEDIA_IMAGE},
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

enum media_use media_use_of(const char *file)
{
    const struct media_kind *kind = kind_of(file);
    return kind ? kind->use : MEDIA_NONE;
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
