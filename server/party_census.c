/* How many parties there are, and people in them. */
#include "party_census.h"

#include <stdlib.h>

#include "party.h"

/* How many sessions are looked at while a shard is entered: its party goes on in between. */
#define AT_ONCE 256

static void look_at(const syncplay_hub *hub, int64_t now, const syncplay_id *session, struct party_census *census)
{
    syncplay_session_info info = {.struct_size = sizeof info};
    if (syncplay_hub_session(hub, now, session, &info) != SYNCPLAY_OK)
        return; /* it has ended meanwhile */
    census->playing += info.is_playing;
    census->participants += info.participants;
    census->connected += info.connected;
}

static void look_around(struct shard *shard, struct party_census *census)
{
    int64_t now;
    syncplay_hub *hub = shard_enter(shard, &now);
    size_t count = syncplay_hub_count(hub);
    syncplay_id *ids = calloc(count + 1, sizeof *ids);
    if (ids != NULL)
        syncplay_hub_list(hub, ids, count);
    shard_leave(shard);
    census->sessions += count;
    for (size_t i = 0; ids != NULL && i < count;) {
        hub = shard_enter(shard, &now);
        for (size_t end = i + AT_ONCE; i < count && i < end; i++)
            look_at(hub, now, &ids[i], census);
        shard_leave(shard);
    }
    free(ids);
}

void party_census_take(struct parties *parties, struct party_census *census)
{
    *census = (struct party_census){0};
    for (size_t i = 0; i < parties_shard_count(parties); i++)
        look_around(parties_shard_at(parties, i), census);
}
