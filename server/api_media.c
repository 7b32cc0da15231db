/* The list of the films in the media folder. */
#include <stdio.h>
#include <string.h>

#include <syncplay/error.h>
#include <syncplay/session.h>

#include "api_call.h"
#include "config.h"
#include "film_title.h"
#include "media_list.h"
#include "percent.h"
#include "problem.h"

/* The most films of one list. */
#define MEDIA_LIST_MAX 1000
/* Where http.c serves the folder. */
#define MEDIA_URL "/media/"
/* The most bytes of a film's URL; what has a longer one is left out. */
#define URL_SIZE (SYNCPLAY_URL_MAX + 1)

static bool write_url(const char *path, char url[URL_SIZE])
{
    memcpy(url, MEDIA_URL, sizeof MEDIA_URL);
    return json_is_utf8(path, strlen(path)) &&
           percent_encode(path, url + sizeof MEDIA_URL - 1, URL_SIZE - (sizeof MEDIA_URL - 1));
}

static const char *text_or_null(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

static void put_subtitles(struct json_writer *writer, const struct media_film *film)
{
    char url[URL_SIZE];
    json_put_array(writer, "subtitles");
    for (size_t i = 0; i < film->subtitles_count; i++) {
        const struct media_subtitles *subtitles = &film->subtitles[i];
        if (!write_url(subtitles->path, url))
            continue;
        json_put_object(writer, NULL);
        json_put_text(writer, "url", url);
        json_put_text(writer, "language", text_or_null(subtitles->name.language));
        json_put_text(writer, "label", subtitles->name.label);
        json_end(writer);
    }
    json_end(writer);
}

static void add_film(void *arg, const struct media_film *film)
{
    struct json_writer *writer = arg;
    char url[URL_SIZE];
    char title[FILM_TITLE_SIZE];
    if (!write_url(film->file->path, url))
        return;
    film_title_write(film->file->path, title);
    json_put_object(writer, NULL);
    json_put_text(writer, "path", film->file->path);
    json_put_text(writer, "url", url);
    json_put_integer(writer, "bytes", film->file->bytes);
    json_put_time(writer, "modified", film->file->modified);
    json_put_text(writer, "title", title);
    json_put_text(writer, "poster", film->poster && write_url(film->poster, url) ? url : NULL);
    put_subtitles(writer, film);
    json_end(writer);
}

/* The path of the one film that is asked for, "" for all; false after answering that it is not one. */
static bool read_wish(struct api_call *call, char path[URL_SIZE])
{
    char url[URL_SIZE];
    static const size_t begin = sizeof MEDIA_URL - 1;
    enum percent_found found = percent_query(call->request->query, "url", url, sizeof url);
    path[0] = '\0';
    if (found == PERCENT_MISSING)
        return true;
    if (found == PERCENT_FOUND && strncmp(url, MEDIA_URL, begin) == 0 && url[begin] != '\0' &&
        percent_decode(url + begin, strlen(url + begin), path, URL_SIZE))
        return true;
    problem(call->response, 400, syncplay_error_code(SYNCPLAY_ERROR_FIELD),
            "url must be a path below " MEDIA_URL ", at most %d bytes, percent-encoded", SYNCPLAY_URL_MAX);
    return false;
}

void api_list_media(struct api_call *call)
{
    char path[URL_SIZE];
    const char *root = call->api->config->media;
    struct json_writer writer = {0};
    if (!read_wish(call, path))
        return;
    json_put_object(&writer, NULL);
    json_put_array(&writer, "media");
    if (path[0] != '\0')
        media_list_one(root, path, add_film, &writer);
    else
        media_list_each(root, MEDIA_LIST_MAX, add_film, &writer);
    json_end(&writer);
    json_end(&writer);
    api_reply(call, 200, &writer);
}
