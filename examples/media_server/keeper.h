/* What is done without anybody asking: the hub's deadlines, who is away, and the shelf. It must not know HTTP. */
#ifndef KEEPER_H
#define KEEPER_H

#include "server.h"

/* Runs until it is over; what has changed until then is saved. `buffer` has MAX_PARTY bytes. */
void keeper_run(struct server *server, char *buffer);

#endif
