/* What a client has to say to the hub of its reactor's shard, while that is entered. Knows no sockets and no threads. */
#ifndef SERVER_VISIT_H
#define SERVER_VISIT_H

#include <stdint.h>

#include <syncplay/syncplay.h>

struct client;
struct parties;
struct shard;

/*
 * Makes the client known to the hub, gives it the client's messages and round trip, and takes it away if it is gone. The
 * result is NULL, or the shard that the client wants to join instead: then the hub does not know it any more, and the
 * join is the next message in its inbox.
 */
struct shard *visit_hub(syncplay_hub *hub, int64_t now, struct client *client, struct parties *parties,
                        const struct shard *shard);

#endif
