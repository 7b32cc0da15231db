/* Reading the URL of a receiver, as libcurl will. */
#include "webhook_url.h"

#include <stdio.h>
#include <string.h>

#include <curl/curl.h>

/* The part, for curl_free, or NULL. */
static char *part_of(CURLU *parts, CURLUPart part)
{
    char *text = NULL;
    return curl_url_get(parts, part, &text, 0) == CURLUE_OK ? text : NULL;
}

static bool read_parts(CURLU *parts, char origin[WEBHOOK_ORIGIN_SIZE])
{
    char *scheme = part_of(parts, CURLUPART_SCHEME);
    char *host = part_of(parts, CURLUPART_HOST);
    char *port = part_of(parts, CURLUPART_PORT);
    char *fragment = part_of(parts, CURLUPART_FRAGMENT);
    bool is_web = scheme != NULL && (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
    bool is_good = is_web && host != NULL && host[0] != '\0' && fragment == NULL;
    if (is_good)
        snprintf(origin, WEBHOOK_ORIGIN_SIZE, "%s://%s%s%s", scheme, host, port != NULL ? ":" : "",
                 port != NULL ? port : "");
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    curl_free(fragment);
    return is_good;
}

bool webhook_url_read(const char *url, char origin[WEBHOOK_ORIGIN_SIZE])
{
    if (strlen(url) > WEBHOOK_URL_MAX)
        return false;
    CURLU *parts = curl_url();
    bool is_good = parts != NULL && curl_url_set(parts, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK &&
                   read_parts(parts, origin);
    curl_url_cleanup(parts);
    return is_good;
}
