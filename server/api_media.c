/* The list of the films in the media folder. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "api_call.h"
#include "config.h"
#include "media.h"

/* The most films of one list. */
#define MEDIA_LIST_MAX 1000
/* Where http.c serves the folder. */
#define MEDIA_URL "/media/"
/* What a path may grow to when every byte is escaped; longer ones are left out. */
#define URL_MAX 2000

/* Writes "/media/" and the path with its bytes escaped as RFC 3986 wants; false if that is too long. */
static bool write_url(const char *path, char url[URL_MAX])
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    size_t length = (size_t)snprintf(url, URL_MAX, MEDIA_URL);
    for (const char *c = path; *c; c++) {
        if (length + 4 > URL_MAX)
            return false;
        const char *format = strchr(plain, *c) ? "%c" : "%%%02X";
        length += (size_t)snprintf(url + length, URL_MAX - length, format, (unsigned char)*c);
    }
    return true;
}

/* The file's name without folder and ending. */
static void write_title(const char *path, char title[NAME_MAX + 1])
{
    const char *slash = strrchr(path, '/');
    snprintf(title, NAME_MAX + 1, "%s", slash ? slash + 1 : path);
    *strrchr(title, '.') = '\0'; /* every film has an ending */
}

static void add_film(void *arg, const char *path, long long bytes)
{
    struct json_writer *writer = arg;
    char url[URL_MAX];
    char title[NAME_MAX + 1];
    if (!json_is_utf8(path, strlen(path)) || !write_url(path, url))
        return;
    write_title(path, title);
    json_put_object(writer, NULL);
    json_put_text(writer, "path", path);
    json_put_text(writer, "url", url);
    json_put_integer(writer, "bytes", bytes);
    json_put_text(writer, "title", title);
    json_end(writer);
}

void api_list_media(struct api_call *call)
{
    struct json_writer writer = {0};
    json_put_object(&writer, NULL);
    json_put_array(&writer, "media");
    media_each(call->api->config->media, MEDIA_LIST_MAX, add_film, &writer);
    json_end(&writer);
    json_end(&writer);
    api_reply(call, 200, &writer);
}
