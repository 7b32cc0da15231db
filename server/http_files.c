/* Answers that are files: tags, ranges, and a limit on how many films are sent at once. Knows nothing of civetweb. */
#include "http_files.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "content_coding.h"
#include "download.h"
#include "http_exchange.h"
#include "media.h"
#include "page.h"

/* Workers that films never take, so that requests are answered; and how many films may always be sent at once. */
#define WORKERS_KEPT 16
#define FILMS_MIN 4
#define CHUNK 65536

/* --- The page ----------------------------------------------------------------------------------------------------- */

/* FNV-1a: enough to tell two builds of a file apart. */
static uint64_t hash(const unsigned char *bytes, const unsigned char *end)
{
    uint64_t value = UINT64_C(0xcbf29ce484222325);
    for (; bytes < end; bytes++)
        value = (value ^ *bytes) * UINT64_C(0x100000001b3);
    return value;
}

int http_page_serve(struct http_exchange *exchange, const struct page_file *file)
{
    struct http_headers headers;
    char etag[24];
    const char *known = http_exchange_header(exchange, "If-None-Match");
    bool is_packed = content_coding_takes_gzip(http_exchange_header(exchange, "Accept-Encoding"));
    const unsigned char *bytes = is_packed ? file->packed : file->bytes;
    const unsigned char *end = is_packed ? file->packed_end : file->end;
    snprintf(etag, sizeof etag, "\"%016" PRIx64 "\"", hash(bytes, end));
    int status = known != NULL && strstr(known, etag) != NULL ? 304 : 200;
    bool is_page = strcmp(file->name, "index.html") == 0;
    http_exchange_answer(exchange, &headers, is_page ? HTTP_PAGE : HTTP_PART, status);
    http_headers_add(&headers, "Cache-Control: no-cache\r\nVary: Accept-Encoding\r\nETag: %s\r\n", etag);
    if (is_packed && status == 200)
        http_headers_add(&headers, "Content-Encoding: gzip\r\n");
    if (status == 304)
        http_exchange_send_head(exchange, &headers);
    else
        http_exchange_send(exchange, &headers, file->type, bytes, (size_t)(end - bytes));
    return status;
}

/* --- Films -------------------------------------------------------------------------------------------------------- */

void http_films_init(struct http_films *films, const char *folder, int workers)
{
    films->folder = folder;
    films->max = workers - WORKERS_KEPT > FILMS_MIN ? workers - WORKERS_KEPT : FILMS_MIN;
    atomic_init(&films->count, 0);
}

static void send_bytes(const struct http_exchange *exchange, const struct download *download)
{
    char *chunk = malloc(CHUNK);
    int64_t at = download->first;
    int64_t end = at + download->length;
    while (chunk != NULL && at < end) {
        size_t wanted = end - at < CHUNK ? (size_t)(end - at) : CHUNK;
        ssize_t count = pread(download->descriptor, chunk, wanted, at);
        if (count <= 0 || !http_exchange_write(exchange, chunk, (size_t)count))
            break; /* the client sees that it is short, and asks again */
        at += count;
    }
    free(chunk);
}

static void send_download(const struct http_exchange *exchange, const struct download *download, const char *type)
{
    struct http_headers headers;
    http_exchange_answer(exchange, &headers, HTTP_FILM, download->status);
    http_headers_add(&headers, "Accept-Ranges: bytes\r\nETag: %s\r\nLast-Modified: %s\r\n", download->etag,
                     download->modified);
    http_headers_add(&headers, "Cache-Control: private, max-age=3600\r\n");
    if (download->status == 206)
        http_headers_add(&headers, "Content-Range: bytes %" PRId64 "-%" PRId64 "/%" PRId64 "\r\n", download->first,
                         download->first + download->length - 1, download->size);
    if (download->status == 416)
        http_headers_add(&headers, "Content-Range: bytes */%" PRId64 "\r\n", download->size);
    if (download->status != 304)
        http_headers_add(&headers, "Content-Type: %s\r\nContent-Length: %" PRId64 "\r\n", type, download->length);
    http_exchange_send_head(exchange, &headers);
    if (!http_exchange_is_head(exchange))
        send_bytes(exchange, download);
}

int http_films_serve(struct http_films *films, struct http_exchange *exchange, const char *path)
{
    char file[4096];
    struct download download;
    struct download_headers headers = {.range = http_exchange_header(exchange, "Range"),
                                       .if_range = http_exchange_header(exchange, "If-Range"),
                                       .if_none_match = http_exchange_header(exchange, "If-None-Match")};
    if (films->folder[0] == '\0' || !media_resolve(films->folder, path, file, sizeof file) ||
        !download_open(&download, file, &headers))
        return http_exchange_problem(exchange, 404, "no such film", "");
    int status = download.status;
    if (atomic_fetch_add(&films->count, 1) >= films->max)
        status = http_exchange_problem(exchange, 503, "too many films are being sent, try again", "Retry-After: 2\r\n");
    else
        send_download(exchange, &download, media_type(file));
    atomic_fetch_sub(&films->count, 1);
    download_close(&download);
    return status;
}
