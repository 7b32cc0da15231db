/* What the name of a file with subtitles says about them, as in "film.de.forced.srt". */
#ifndef SERVER_SUBTITLE_NAME_H
#define SERVER_SUBTITLE_NAME_H

#include <stddef.h>

/* A language tag's longest here, with its zero byte; and a label's: a name of a file. */
#define SUBTITLE_LANGUAGE_SIZE 36
#define SUBTITLE_LABEL_SIZE 256

struct subtitle_name {
    char language[SUBTITLE_LANGUAGE_SIZE]; /* "de", "pt-BR"; "" if it names none */
    char label[SUBTITLE_LABEL_SIZE];       /* the rest of it, "forced"; "" if there is none */
};

/* Of what stands between the film's name and the last dot: "de.forced". */
void subtitle_name_read(struct subtitle_name *name, const char *between, size_t length);

#endif
