/* Titles from names of files. Takes nothing away from a name but its ending. */
#include "film_title.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char for_blanks[] = "._";

/* Where the last part of a path begins that has so many bytes. */
static const char *last_part(const char *path, size_t length)
{
    const char *slash = memrchr(path, '/', length);
    return slash ? slash + 1 : path;
}

static bool is_named_by_program(const char *name)
{
    static const char *const names[] = {"index.m3u8", "main.m3u8", "master.m3u8", "playlist.m3u8", "stream.m3u8"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return false;
}

void film_title_write(const char *path, char title[FILM_TITLE_SIZE])
{
    const char *name = last_part(path, strlen(path));
    const char *end = strrchr(name, '.');
    if (name > path && is_named_by_program(name)) {
        end = name - 1;
        name = last_part(path, (size_t)(end - path));
    }
    int length = end ? (int)(end - name) : (int)strlen(name);
    snprintf(title, FILM_TITLE_SIZE, "%.*s", length, name);
    if (strchr(title, ' ') || strspn(title, for_blanks) == strlen(title))
        return;
    size_t count = 0;
    for (const char *c = title; *c; c++) {
        if (!strchr(for_blanks, *c))
            title[count++] = *c;
        else if (count > 0 && title[count - 1] != ' ')
            title[count++] = ' ';
    }
    title[count - (title[count - 1] == ' ')] = '\0';
}
