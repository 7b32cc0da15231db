/*
 * What the values of a request's headers come to: read once more, as the RFCs and our headers have it and not as our
 * readers do it, for holding one against the other.
 */
#ifndef FUZZ_HEAD_RULES_H
#define FUZZ_HEAD_RULES_H

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

#include <civetweb.h>

#include "check.h"
#include "download.h"
#include "network.h"
#include "origin.h"

/* --- X-Forwarded-For ---------------------------------------------------------------------------------------------- */

/* An address, perhaps with a port, of IPv6 in brackets then. */
static inline bool head_rules_address(char *entry, struct address *address)
{
    char *end = strchr(entry, entry[0] == '[' ? ']' : ':');
    size_t colons = 0;
    for (const char *c = entry; *c != '\0'; c++)
        colons += *c == ':';
    if (entry[0] != '[' && colons != 1)
        return address_read(entry, strlen(entry), address);
    if (end == NULL || (entry[0] == '[' && memchr(entry, ':', (size_t)(end - entry)) == NULL))
        return false;
    const char *port = entry[0] == '[' ? end + 1 : end;
    size_t digits = *port == ':' ? strspn(port + 1, "0123456789") : 0;
    if (*port != '\0' && (digits < 1 || digits > 5 || port[1 + digits] != '\0'))
        return false;
    *end = '\0';
    entry += entry[0] == '[';
    return address_read(entry, strlen(entry), address);
}

/* The next entry to the left, in place; false if there is none. */
static inline bool head_rules_entry(char *list, bool *is_over, char **entry)
{
    char *comma = strrchr(list, ',');
    if (*is_over)
        return false;
    *is_over = comma == NULL;
    *entry = comma != NULL ? comma + 1 : list;
    if (comma != NULL)
        *comma = '\0';
    *entry += strspn(*entry, " \t");
    for (size_t length = strlen(*entry); length > 0 && strchr(" \t", (*entry)[length - 1]); length--)
        (*entry)[length - 1] = '\0';
    return true;
}

/* From the peer to the left, for as long as it is a proxy of ours who speaks. Returns whether the peer is one. */
static inline bool head_rules_client(const struct mg_request_info *info, const struct networks *trusted,
                                     const char *peer, struct address *client)
{
    *client = (struct address){{0}};
    bool goes_on = address_read(peer, strlen(peer), client) && networks_contain(trusted, client);
    bool is_trusted = goes_on;
    for (int i = info->num_headers - 1; i >= 0 && goes_on; i--) {
        if (strcasecmp(info->http_headers[i].name, "X-Forwarded-For") != 0)
            continue;
        char *list = strdup(info->http_headers[i].value), *entry;
        CHECK(list != NULL);
        bool is_over = false;
        while (goes_on && head_rules_entry(list, &is_over, &entry))
            goes_on = head_rules_address(entry, client) && networks_contain(trusted, client);
        free(list);
    }
    return is_trusted;
}

/* --- Origin ------------------------------------------------------------------------------------------------------- */

#define HEAD_RULES_ORIGIN 400

/* "https://a:443" as "https://a:443", "HTTP://A" as "http://a:80": with a port in any case, as a number. */
static inline void head_rules_canonical(const char *origin, char text[HEAD_RULES_ORIGIN])
{
    const char *colon = strrchr(origin, ':');
    bool is_https = strncasecmp(origin, "https:", 6) == 0, is_http = strncasecmp(origin, "http:", 5) == 0;
    bool has_port = colon[1] != '/' && strchr(colon, ']') == NULL;
    int length = has_port ? (int)(colon - origin) : (int)strlen(origin);
    int port = has_port ? atoi(colon + 1) : is_https ? 443 : is_http ? 80 : -1;
    snprintf(text, HEAD_RULES_ORIGIN, "%.*s:%d", length, origin, port);
    for (char *c = text; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
}

static inline bool head_rules_is_origin(const char *text)
{
    return text[0] != '\0' && strcmp(text, "*") != 0 && strpbrk(text, ", \t") == NULL && origin_list_is_valid(text);
}

static inline bool head_rules_is_listed(const char *canonical, const char *allowed)
{
    char *list = strdup(allowed), *rest = list, *entry, other[HEAD_RULES_ORIGIN];
    bool is_listed = false;
    CHECK(list != NULL);
    while ((entry = strsep(&rest, ", \t")) != NULL) {
        if (strcmp(entry, "*") == 0)
            is_listed = true;
        if (canonical == NULL || !head_rules_is_origin(entry))
            continue;
        head_rules_canonical(entry, other);
        is_listed = is_listed || strcmp(canonical, other) == 0;
    }
    free(list);
    return is_listed;
}

static inline enum origin head_rules_origin(const char *origin, const char *host, bool is_https, const char *allowed)
{
    char canonical[HEAD_RULES_ORIGIN], own[ORIGIN_MAX + 10], other[HEAD_RULES_ORIGIN];
    if (origin == NULL)
        return ORIGIN_NONE;
    if (!head_rules_is_origin(origin))
        return strcmp(origin, "null") == 0 && head_rules_is_listed(NULL, allowed) ? ORIGIN_LISTED : ORIGIN_FOREIGN;
    head_rules_canonical(origin, canonical);
    bool over_tls = strncmp(canonical, "https:", 6) == 0, in_clear = strncmp(canonical, "http:", 5) == 0;
    if (host != NULL && (over_tls || (in_clear && !is_https)) && strlen(host) < ORIGIN_MAX) {
        snprintf(own, sizeof own, "%s://%s", over_tls ? "https" : "http", host);
        if (head_rules_is_origin(own)) {
            head_rules_canonical(own, other);
            if (strcmp(canonical, other) == 0)
                return ORIGIN_SAME;
        }
    }
    return head_rules_is_listed(canonical, allowed) ? ORIGIN_LISTED : ORIGIN_FOREIGN;
}

/* --- The target --------------------------------------------------------------------------------------------------- */

/* Decodes in place what has two digits, and leaves the rest; false if a zero byte comes out. */
static inline bool head_rules_decode(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; to++) {
        char digits[3] = {from[0] == '%' ? from[1] : '\0', '\0', '\0'};
        if (digits[0] != '\0')
            digits[1] = from[2];
        bool is_code = isxdigit((unsigned char)digits[0]) && isxdigit((unsigned char)digits[1]);
        *to = is_code ? (char)strtol(digits, NULL, 16) : *from;
        from += is_code ? 3 : 1;
        if (*to == '\0')
            return false;
    }
    *to = '\0';
    return true;
}

/* --- Accept-Encoding ---------------------------------------------------------------------------------------------- */

/* A weight, "0.5" or "1"; -1 for what is none. */
static inline int head_rules_weight(const char *text, size_t length)
{
    int weight = 0;
    if (length < 1 || length > 5 || (text[0] != '0' && text[0] != '1') || (length > 1 && text[1] != '.'))
        return -1;
    for (size_t i = 0; i < 5; i++) {
        char digit = i < length && i != 1 ? text[i] : '0';
        if (digit < '0' || digit > '9')
            return -1;
        weight = i == 1 ? weight : 10 * weight + (digit - '0');
    }
    return weight <= 1000 ? weight : -1;
}

/* Whether gzip is wanted, by the first element of this name. False if the header is not as RFC 9110 has it. */
static inline bool head_rules_gzip(const char *header, bool *is_wanted)
{
    bool is_known = false;
    *is_wanted = false;
    for (const char *at = header;; at++) {
        at += strspn(at, " \t");
        size_t name = strcspn(at, " \t;,");
        const char *after = at + name + strspn(at + name, " \t");
        int weight = 1000;
        if (*after == ';') {
            after += 1 + strspn(after + 1, " \t");
            if (strncasecmp(after, "q=", 2) != 0 || name == 0)
                return false;
            size_t length = strcspn(after + 2, " \t,;");
            weight = head_rules_weight(after + 2, length);
            after += 2 + length + strspn(after + 2 + length, " \t");
        }
        if (weight < 0 || (*after != ',' && *after != '\0'))
            return false;
        if (name == 4 && strncasecmp(at, "gzip", 4) == 0 && !is_known) {
            is_known = true;
            *is_wanted = weight > 0;
        }
        at = after;
        if (*at == '\0')
            return true;
    }
}

/* --- Ranges ------------------------------------------------------------------------------------------------------- */

/* Digits, few enough for a number; -1 for none, -2 for too many. */
static inline int64_t head_rules_number(const char **at)
{
    size_t digits = strspn(*at, "0123456789");
    int64_t number = digits == 0 ? -1 : digits > 15 ? -2 : atoll(*at);
    *at += digits;
    return number;
}

/* What of a file like this one is sent; false if we do not say. */
static inline bool head_rules_download(const struct download_headers *headers, const struct download *file,
                                       struct download *expected)
{
    const char *at = headers->range;
    *expected = (struct download){.status = 200};
    for (const char *tag = headers->if_none_match; tag != NULL; tag = strchr(tag, ',') ? strchr(tag, ',') + 1 : NULL) {
        tag += strspn(tag, " \t");
        tag += strncmp(tag, "W/", 2) == 0 ? 2 : 0;
        if (strncmp(tag, file->etag, strlen(file->etag)) == 0)
            expected->status = 304;
    }
    bool is_fresh = headers->if_range == NULL || strcmp(headers->if_range, file->etag) == 0 ||
                    strcmp(headers->if_range, file->modified) == 0;
    if (expected->status == 304)
        return true;
    if (headers->if_none_match != NULL && strchr(headers->if_none_match, '"') != NULL)
        return false; /* what is no list may have it inside */
    if (!is_fresh || at == NULL || strncmp(at, "bytes=", 6) != 0)
        return true;
    at += 6;
    int64_t first = head_rules_number(&at);
    if (*at++ != '-')
        return true;
    int64_t last = head_rules_number(&at);
    if (first == -2 || last == -2)
        return false;
    if (*at != '\0' || (first < 0 && last < 0) || (first >= 0 && last >= 0 && last < first))
        return true;
    int64_t end = first < 0 || last < 0 || last >= file->size ? file->size : last + 1;
    expected->first = first >= 0 ? first : last < file->size ? file->size - last : 0;
    expected->length = end - expected->first;
    expected->status = expected->length > 0 ? 206 : 416;
    return true;
}

#endif
