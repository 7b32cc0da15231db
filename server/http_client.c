/* Who sends a request. Knows the request's headers as civetweb has them, and no answers. */
#include "http_client.h"

#include <civetweb.h>
#include <stdatomic.h>
#include <string.h>
#include <strings.h>

#include "log.h"

/* It may be a proxy that was forgotten in the configuration, or anybody's lie: once is enough. */
static void warn_once(const char *peer)
{
    static atomic_bool has_warned;
    if (!atomic_exchange(&has_warned, true))
        log_warn("X-Forwarded-For is not believed: if that is your reverse proxy, name it in trusted_proxies, or everybody "
                 "behind it is limited as one address remote=%s",
                 peer);
}

/* Whether proxies write this header, and nobody else. */
static bool is_of_proxy(const char *name)
{
    return strncasecmp(name, "X-Forwarded-", strlen("X-Forwarded-")) == 0 || strcasecmp(name, "Forwarded") == 0 ||
           strcasecmp(name, "Via") == 0 || strcasecmp(name, "X-Real-IP") == 0;
}

struct client_address http_client(const struct mg_request_info *info, const char *peer, const struct networks *trusted)
{
    struct client_address client;
    const char *proto = NULL;
    bool is_forwarded = false;
    bool is_relayed = false;
    client_address_begin(&client, trusted, peer);
    for (int i = info->num_headers; i-- > 0;) { /* the last one is of the nearest proxy */
        const struct mg_header *header = &info->http_headers[i];
        is_relayed = is_relayed || is_of_proxy(header->name);
        if (strcasecmp(header->name, "X-Forwarded-For") == 0) {
            is_forwarded = true;
            client_address_forwarded_for(&client, trusted, header->value);
        } else if (proto == NULL && strcasecmp(header->name, "X-Forwarded-Proto") == 0) {
            proto = header->value;
        }
    }
    client.is_relayed = is_relayed;
    if (proto != NULL)
        client_address_forwarded_proto(&client, proto);
    if (is_forwarded && !client.is_proxied)
        warn_once(peer);
    return client;
}
