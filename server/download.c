/* What of a file a request gets. */
#include "download.h"

#include <ctype.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BYTES_UNIT "bytes="

/* No file has this many bytes: a larger number counts as this one. */
#define NUMBER_MAX (INT64_MAX / 100)

/* Reads digits; returns what follows, or NULL if there are none. */
static const char *read_number(const char *text, int64_t *number)
{
    *number = 0;
    if (!isdigit((unsigned char)*text))
        return NULL;
    for (; isdigit((unsigned char)*text); text++) {
        *number = 10 * *number + (*text - '0');
        if (*number > NUMBER_MAX)
            *number = NUMBER_MAX;
    }
    return text;
}

enum range { RANGE_NONE, RANGE_PART, RANGE_OUTSIDE };

static enum range last_bytes(const char *text, int64_t size, int64_t *first, int64_t *length)
{
    int64_t count;
    text = read_number(text, &count);
    if (text == NULL || *text != '\0')
        return RANGE_NONE;
    if (count == 0 || size == 0)
        return RANGE_OUTSIDE;
    *length = count < size ? count : size;
    *first = size - *length;
    return RANGE_PART;
}

/* "bytes=a-b", "bytes=a-" or "bytes=-n". Anything else counts as no range at all, as does a list of several. */
static enum range read_range(const char *header, int64_t size, int64_t *first, int64_t *length)
{
    int64_t last = size - 1;
    if (header == NULL || strncmp(header, BYTES_UNIT, strlen(BYTES_UNIT)) != 0)
        return RANGE_NONE;
    const char *text = header + strlen(BYTES_UNIT);
    if (*text == '-')
        return last_bytes(text + 1, size, first, length);
    text = read_number(text, first);
    if (text == NULL || *text++ != '-')
        return RANGE_NONE;
    if (*text != '\0') {
        text = read_number(text, &last);
        if (text == NULL || *text != '\0' || last < *first)
            return RANGE_NONE;
    }
    if (*first >= size)
        return RANGE_OUTSIDE;
    *length = (last < size ? last + 1 : size) - *first;
    return RANGE_PART;
}

static void describe(struct download *download, const struct stat *status)
{
    struct tm utc;
    snprintf(download->etag, sizeof download->etag, "\"%" PRIx64 "-%" PRIx64 "%08lx\"", (uint64_t)status->st_size,
             (uint64_t)status->st_mtim.tv_sec, (unsigned long)status->st_mtim.tv_nsec);
    gmtime_r(&status->st_mtim.tv_sec, &utc);
    strftime(download->modified, sizeof download->modified, "%a, %d %b %Y %H:%M:%S GMT", &utc);
}

static void decide(struct download *download, const struct download_headers *headers)
{
    download->status = 200;
    download->first = 0;
    download->length = download->size;
    if (headers->if_none_match != NULL && strstr(headers->if_none_match, download->etag) != NULL) {
        download->status = 304;
        download->length = 0;
        return;
    }
    if (headers->if_range != NULL && strcmp(headers->if_range, download->etag) != 0 &&
        strcmp(headers->if_range, download->modified) != 0)
        return; /* a part of what has changed since is of no use */
    int64_t first = 0;
    int64_t length = 0;
    enum range range = read_range(headers->range, download->size, &first, &length);
    if (range == RANGE_NONE)
        return;
    download->status = range == RANGE_PART ? 206 : 416;
    download->first = first;
    download->length = length;
    if (range == RANGE_OUTSIDE)
        download->length = 0;
}

bool download_open(struct download *download, const char *file, const struct download_headers *headers)
{
    struct stat status;
    download->descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (download->descriptor < 0)
        return false;
    if (fstat(download->descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(download->descriptor);
        return false;
    }
    download->size = status.st_size;
    describe(download, &status);
    decide(download, headers);
    return true;
}

void download_close(struct download *download)
{
    close(download->descriptor);
    download->descriptor = -1;
}
