/* A session of a hub as a record for the store. Knows no database. */
#ifndef SERVER_SNAPSHOT_H
#define SERVER_SNAPSHOT_H

#include <stdint.h>

#include <syncplay/syncplay.h>

struct store_session;

/* The record, to be given to store_put_session; NULL when there is no such session, or no memory. */
struct store_session *snapshot_take(const syncplay_hub *hub, int64_t now, const syncplay_id *session);

#endif
