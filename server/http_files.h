/* What HTTP serves as it lies there: the page's files and the films of the media folder. */
#ifndef SERVER_HTTP_FILES_H
#define SERVER_HTTP_FILES_H

#include <stdatomic.h>

struct http_exchange;
struct page_file;

/* The films that are on their way; a worker thread each. */
struct http_films {
    const char *folder; /* "" for none */
    int max;
    atomic_int count;
};

/* At most so many films at the same time that some workers stay free for requests. */
void http_films_init(struct http_films *films, const char *folder, int workers);

/* Both answer a GET or HEAD and return the status. `path` is relative to the folder. */
int http_films_serve(struct http_films *films, struct http_exchange *exchange, const char *path);
int http_page_serve(struct http_exchange *exchange, const struct page_file *file);

#endif
