/* Which URLs a film may have. */
#include <string.h>
#include <strings.h>

#include "film_url.h"

bool film_url_is_allowed(const char *url)
{
    for (const unsigned char *c = (const unsigned char *)url; *c; c++)
        if (*c <= 0x20 || *c == 0x7f || *c == '\\')
            return false;
    if (strncmp(url, "/media/", 7) == 0)
        return url[7] != '\0' && !strstr(url, "/..");
    const char *host = strncasecmp(url, "https://", 8) == 0  ? url + 8
                       : strncasecmp(url, "http://", 7) == 0 ? url + 7
                                                             : "";
    return strcspn(host, "/?#") > 0;
}
