/* Which URLs a film may have. */
#ifndef FILM_URL_H
#define FILM_URL_H

#include <stdbool.h>

/*
 * Whether a page may be sent there: a film of this server (a path below /media/), or one of the web (http, https). Above all
 * no javascript: and no data:, and nothing that a browser would strip or turn around before it looks.
 */
bool film_url_is_allowed(const char *url);

#endif
