/* The page's files, embedded in the binary by the build (server/page/). */
#ifndef SERVER_PAGE_H
#define SERVER_PAGE_H

#include <stddef.h>

struct page_file {
    const char *path; /* "/index.html" */
    const char *type; /* content type */
    const unsigned char *bytes;
    size_t length;
};

/* The file for a request's path ("/" and "/join/CODE" are index.html), or NULL. */
const struct page_file *page_find(const char *path);

#endif
