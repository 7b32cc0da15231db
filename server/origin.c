/* Origins in their parts. They are compared as browsers write them: letters without case, the scheme's own port left
 * out. */
#include "origin.h"

#include <string.h>
#include <strings.h>

#define SEPARATORS ", \t"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define PORT_MAX 65535

/* A part of a text. */
struct part {
    const char *text;
    size_t length;
};

struct parts {
    struct part scheme;
    struct part host; /* with the brackets of an IPv6 address */
    int port;         /* -1 if none is named */
};

static bool is(struct part a, struct part b)
{
    return a.length == b.length && strncasecmp(a.text, b.text, a.length) == 0;
}

static bool is_text(struct part part, const char *text)
{
    return is(part, (struct part){text, strlen(text)});
}

/* The port that a scheme means when none is named; -1 if it is not one of the web's. */
static int port_of(struct part scheme)
{
    return is_text(scheme, "https") ? 443 : is_text(scheme, "http") ? 80 : -1;
}

/* How many bytes, from the first on, are of `set`. */
static size_t span(struct part part, const char *set)
{
    size_t length = 0;
    while (length < part.length && part.text[length] != '\0' && strchr(set, part.text[length]) != NULL)
        length++;
    return length;
}

/* "", or ":443". */
static bool read_port(struct part rest, int *port)
{
    *port = -1;
    if (rest.length == 0)
        return true;
    if (rest.text[0] != ':' || rest.length < 2 || rest.length > 6)
        return false;
    *port = 0;
    for (size_t i = 1; i < rest.length; i++) {
        if (rest.text[i] < '0' || rest.text[i] > '9')
            return false;
        *port = *port * 10 + (rest.text[i] - '0');
    }
    return *port > 0 && *port <= PORT_MAX;
}

/* "films.example:443", "[::1]". */
static bool read_host(struct part part, struct parts *parts)
{
    size_t length;
    if (part.length > 0 && part.text[0] == '[') {
        struct part inside = {part.text + 1, part.length - 1};
        length = 1 + span(inside, DIGITS "abcdefABCDEF:.");
        if (length < 3 || length == part.length || part.text[length] != ']')
            return false;
        length++;
    } else {
        length = span(part, LETTERS DIGITS "-._");
    }
    parts->host = (struct part){part.text, length};
    return length > 0 && read_port((struct part){part.text + length, part.length - length}, &parts->port);
}

static bool read_origin(struct part part, struct parts *parts)
{
    size_t length = span(part, LETTERS DIGITS "+-.");
    if (length == 0 || part.length > ORIGIN_MAX || part.length < length + 3 ||
        strncmp(part.text + length, "://", 3) != 0)
        return false;
    parts->scheme = (struct part){part.text, length};
    return read_host((struct part){part.text + length + 3, part.length - length - 3}, parts);
}

static int port_in(const struct parts *parts, struct part scheme)
{
    return parts->port >= 0 ? parts->port : port_of(scheme);
}

/* The host does not say over which scheme it was asked; it is the origin's, unless we know better. */
static bool is_same(const struct parts *origin, const char *host, bool is_https)
{
    struct parts own;
    if (host == NULL || port_of(origin->scheme) < 0 || !read_host((struct part){host, strlen(host)}, &own))
        return false;
    if (is_https && !is_text(origin->scheme, "https"))
        return false;
    return is(origin->host, own.host) && port_in(origin, origin->scheme) == port_in(&own, origin->scheme);
}

static bool is_equal(const struct parts *a, const struct parts *b)
{
    return is(a->scheme, b->scheme) && is(a->host, b->host) && port_in(a, a->scheme) == port_in(b, b->scheme);
}

/* The next entry of a list; false at its end. */
static bool next(const char **list, struct part *entry)
{
    *list += strspn(*list, SEPARATORS);
    *entry = (struct part){*list, strcspn(*list, SEPARATORS)};
    *list += entry->length;
    return entry->length > 0;
}

/* `origin` is NULL for one that cannot be read: such a one is on the list of everything alone. */
static bool is_listed(const struct parts *origin, const char *list)
{
    struct part entry;
    struct parts listed;
    while (next(&list, &entry))
        if (is_text(entry, "*") || (origin != NULL && read_origin(entry, &listed) && is_equal(origin, &listed)))
            return true;
    return false;
}

enum origin origin_of(const char *origin, const char *host, bool is_https, const char *allowed)
{
    struct parts parts;
    if (origin == NULL)
        return ORIGIN_NONE;
    if (!read_origin((struct part){origin, strlen(origin)}, &parts))
        return strcmp(origin, "null") == 0 && is_listed(NULL, allowed) ? ORIGIN_LISTED : ORIGIN_FOREIGN;
    if (is_same(&parts, host, is_https))
        return ORIGIN_SAME;
    return is_listed(&parts, allowed) ? ORIGIN_LISTED : ORIGIN_FOREIGN;
}

bool origin_list_is_valid(const char *list)
{
    struct part entry;
    struct parts parts;
    while (next(&list, &entry))
        if (!is_text(entry, "*") && !read_origin(entry, &parts))
            return false;
    return true;
}
