/* What the user reads and types. Knows the server's messages, and neither mpv nor the network. */
#ifndef TALK_H
#define TALK_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#define TALK_LINE_MAX 2048
#define TALK_URL_MAX 2048

struct talk {
    cJSON *names;                    /* user_id -> name */
    char my_id[40];
    char film_id[300];               /* what is watched ... */
    char film_url[TALK_URL_MAX + 1]; /* ... and where it is, as the party says; empty: it does not */
    bool has_new_film;
    bool is_over;                    /* the party, or our part in it */
    bool has_failed;                 /* we did not get in */
    char line[TALK_LINE_MAX];        /* being typed */
    size_t line_length;
    bool is_deaf;                    /* stdin has ended */
};

/* Prints a line to stdout. Of what strangers have written, the terminal gets no control characters. */
void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A message of the server. */
void talk_message(struct talk *talk, const char *type, const char *bytes, size_t length);

/* Reads stdin; the next whole line, or NULL if there is none yet. It lives until the next call. */
void talk_read(struct talk *talk);
const char *talk_line(struct talk *talk);

/* Minutes and seconds. */
const char *talk_time(double milliseconds);

#endif
