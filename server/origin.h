/*
 * Where a page comes from that a browser sends a request for: the header Origin (RFC 6454), held against the host that
 * it asks and a list of origins that are allowed. Text in, answers out.
 */
#ifndef SERVER_ORIGIN_H
#define SERVER_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>

/* The longest origin that is read; longer ones are foreign. */
#define ORIGIN_MAX 300

enum origin {
    ORIGIN_NONE,   /* no browser, or a page of this host that asks without danger */
    ORIGIN_SAME,   /* a page of this host */
    ORIGIN_LISTED, /* another page, which is on the list */
    ORIGIN_FOREIGN
};

/*
 * `origin` and `host` are the headers' values, or NULL; `is_https` whether the request came over TLS, as far as is
 * known. `allowed` is a list that origin_list_is_valid takes.
 */
enum origin origin_of(const char *origin, const char *host, bool is_https, const char *allowed);

/*
 * Whether it is a list of origins such as "https://films.example", separated by commas or blanks: scheme, host, and a
 * port if it is not the scheme's own; no path, no user. "*" stands for all of them, "null" included. It may be empty.
 */
bool origin_list_is_valid(const char *list);

#endif
