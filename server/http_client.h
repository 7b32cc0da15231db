/* Who sends a request: the one place that says which address is the other end of a connection, and whom it speaks for.
 */
#ifndef SERVER_HTTP_CLIENT_H
#define SERVER_HTTP_CLIENT_H

#include "client_address.h"

struct mg_request_info;

/* The client's address, as the proxies that are trusted tell it. */
struct client_address http_client(const struct mg_request_info *info, const struct networks *trusted);

#endif
