/* Titles from names of files. Takes nothing away from a name but its ending. */
#include "film_title.h"

#include <stdio.h>
#include <string.h>

static const char for_blanks[] = "._";

void film_title_write(const char *path, char title[FILM_TITLE_SIZE])
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    size_t length = dot ? (size_t)(dot - name) : strlen(name);
    snprintf(title, FILM_TITLE_SIZE, "%.*s", (int)length, name);
    if (strchr(title, ' ') || strspn(title, for_blanks) == strlen(title))
        return;
    size_t end = 0;
    for (const char *c = title; *c; c++) {
        if (!strchr(for_blanks, *c))
            title[end++] = *c;
        else if (end > 0 && title[end - 1] != ' ')
            title[end++] = ' ';
    }
    title[end - (title[end - 1] == ' ')] = '\0';
}
