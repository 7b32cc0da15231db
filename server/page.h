/* The page's files, embedded in the binary by the build (server/page/). */
#ifndef SERVER_PAGE_H
#define SERVER_PAGE_H

struct page_file {
    const char *name; /* "index.html" */
    const char *type; /* content type */
    const unsigned char *bytes;
    const unsigned char *end;
    const unsigned char *packed; /* the same by gzip */
    const unsigned char *packed_end;
};

/*
 * The file for a request's path, or NULL. "/" and "/join/CODE" are index.html; as that names the others relative to
 * itself, they are found below /join/ too.
 */
const struct page_file *page_find(const char *path);

#endif
