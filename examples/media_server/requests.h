/* What clients ask for by HTTP; main.c says what there is. It must not know where parties are saved. */
#ifndef REQUESTS_H
#define REQUESTS_H

#include "server.h"

struct mg_connection;

/* Answers one request and returns its status. `user_data` is the server. */
int requests_handle(struct mg_connection *request, void *user_data);

#endif
