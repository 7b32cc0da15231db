/*
 * The rules for browsers.
 *
 * Nobody is known by a cookie or an address, but by a bearer token that a page of another site does not have. So a
 * request from such a page can do no more than one from anywhere else, and none is refused for its origin; the browser
 * keeps the answer from the page unless the origin is on the list. WebSockets know no such rule in browsers:
 * http_socket.c asks.
 */
#include "http_policy.h"

#include "config.h"
#include "http_headers.h"

/*
 * A film may be anywhere on the web (http and https), or a file that everyone has (blob). Streams are put together by a
 * script (hls.js), which has to fetch their pieces from where they are; that opens no WebSockets elsewhere. Their
 * subtitles stand in tracks that begin as empty data URLs. 'self' is our own WebSocket, too.
 * The icon is a data URL. 'wasm-unsafe-eval' lets our own follower.wasm be compiled, and nothing else. The worker is
 * one of the page's files. Nobody may put the page into a frame: who is tricked into a click there would be a guest.
 */
#define PAGE_CONTENT                                                                                                   \
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; "               \
    "connect-src 'self' https: http:; worker-src 'self'; media-src 'self' blob: data: https: http:; "                  \
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
#define DATA_CONTENT "default-src 'none'; frame-ancestors 'none'"

#define PAGE_PERMISSIONS                                                                                               \
    "autoplay=(self), fullscreen=(self), picture-in-picture=(self), camera=(), microphone=(), geolocation=(), "        \
    "display-capture=(), payment=(), usb=()"

/* A year. */
#define HTTPS_SECONDS "31536000"
/* How long a browser may remember the answer to a preflight. */
#define PREFLIGHT_SECONDS "600"

static void add_page(struct http_headers *headers)
{
    http_headers_add(headers,
                     "Content-Security-Policy: " PAGE_CONTENT "\r\nX-Frame-Options: DENY\r\n"
                     "Cross-Origin-Opener-Policy: same-origin\r\nPermissions-Policy: " PAGE_PERMISSIONS "\r\n");
}

void http_policy_add(struct http_headers *headers, enum http_kind kind, const struct config *config,
                     const struct http_asker *asker)
{
    bool has_list = config->allowed_origins[0] != '\0';
    /* A page's film is asked for without its origin: with a list, all may have films, and without one, nobody. */
    bool is_embeddable = kind == HTTP_FILM && has_list;
    /* The address of the page may hold a code to join by, and that is nobody else's business. */
    http_headers_add(headers, "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n");
    http_headers_add(headers, "Cross-Origin-Resource-Policy: %s\r\n", is_embeddable ? "cross-origin" : "same-origin");
    if (asker->is_https && config->hsts)
        http_headers_add(headers, "Strict-Transport-Security: max-age=" HTTPS_SECONDS "\r\n");
    if (kind == HTTP_PAGE)
        add_page(headers);
    /* A part by itself is nothing: scripts are ruled by the page that they are in, and our worker needs nothing. */
    if (kind == HTTP_DATA || kind == HTTP_PART)
        http_headers_add(headers, "Content-Security-Policy: " DATA_CONTENT "\r\n");
    if (kind == HTTP_PAGE || kind == HTTP_PART || !has_list)
        return;
    http_headers_add(headers, "Vary: Origin\r\n");
    if (asker->origin != NULL)
        http_headers_add(headers,
                         "Access-Control-Allow-Origin: %s\r\nAccess-Control-Expose-Headers: Location, Retry-After\r\n",
                         asker->origin);
}

void http_policy_add_preflight(struct http_headers *headers, const char *methods, const struct http_asker *asker)
{
    if (asker->origin != NULL)
        http_headers_add(
            headers,
            "Access-Control-Allow-Methods: %s\r\nAccess-Control-Allow-Headers: Authorization, Content-Type\r\n"
            "Access-Control-Max-Age: " PREFLIGHT_SECONDS "\r\n",
            methods);
}
