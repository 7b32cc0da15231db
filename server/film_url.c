/* Which URLs a film may have. */
#include <string.h>
#include <strings.h>

#include "film_url.h"

/* How many bytes a dot takes here, as browsers see dots; 0 if there is none. */
static size_t dot_at(const char *text)
{
    return *text == '.' ? 1 : strncasecmp(text, "%2e", 3) == 0 ? 3 : 0;
}

/* Whether some part begins with two dots: ".." leads out of the folder, and what is hidden is not served. */
static bool leads_out(const char *path)
{
    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        size_t first = dot_at(slash + 1);
        if (first > 0 && dot_at(slash + 1 + first) > 0)
            return true;
    }
    return false;
}

bool film_url_is_allowed(const char *url)
{
    for (const unsigned char *c = (const unsigned char *)url; *c; c++)
        if (*c <= 0x20 || *c == 0x7f || *c == '\\')
            return false;
    if (strncmp(url, "/media/", 7) == 0)
        return url[7] != '\0' && !leads_out(url);
    const char *host = strncasecmp(url, "https://", 8) == 0  ? url + 8
                       : strncasecmp(url, "http://", 7) == 0 ? url + 7
                                                             : "";
    return strcspn(host, "/?#") > 0;
}
