/*
 * What of a file a request gets: all of it, a part (RFC 9110, byte ranges), or nothing because the client has it already.
 * Knows files and the meaning of headers, but no sockets.
 */
#ifndef SERVER_DOWNLOAD_H
#define SERVER_DOWNLOAD_H

#include <stdbool.h>
#include <stdint.h>

struct download {
    int descriptor;
    int status;     /* 200, 206, 304 or 416 */
    int64_t size;   /* of the file */
    int64_t first;  /* what is to be sent */
    int64_t length;
    char etag[48];
    char modified[32]; /* an HTTP date */
};

/* The request's headers of these names, or NULL. */
struct download_headers {
    const char *range;
    const char *if_range;
    const char *if_none_match;
};

/* False if the file cannot be opened. Close it with download_close. */
bool download_open(struct download *download, const char *file, const struct download_headers *headers);
void download_close(struct download *download);

#endif
