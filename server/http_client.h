/* Who sends a request: whom the other end of a connection speaks for, by the headers of the request. */
#ifndef SERVER_HTTP_CLIENT_H
#define SERVER_HTTP_CLIENT_H

#include "client_address.h"

struct mg_request_info;

/* The address of the client of a request that came from `peer`, as the proxies that are trusted tell it. */
struct client_address http_client(const struct mg_request_info *info, const char *peer,
                                  const struct networks *trusted);

#endif
