/* All that can be asked of a hub, as one text: if it is the same before and after, nothing has changed. */
#ifndef WITNESS_H
#define WITNESS_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <syncplay/syncplay.h>

enum { WITNESS_TEXT = 1 << 20, WITNESS_SESSIONS = 64 };

static inline void witness_state(FILE *out, const syncplay_hub *hub, int64_t now, const syncplay_id *session,
                                 const syncplay_id *user)
{
    static char text[WITNESS_TEXT];
    size_t length;
    int error = syncplay_hub_state(hub, now, session, user, text, sizeof text, &length);
    fprintf(out, "state %d %s\n", error, error ? "" : text);
}

static inline void witness_session(FILE *out, const syncplay_hub *hub, int64_t now, const syncplay_id *session)
{
    static char text[WITNESS_TEXT];
    size_t length, index = 0;
    int error = syncplay_hub_save(hub, now, session, 0, text, sizeof text, &length);
    fprintf(out, "saved %d %s\n", error, error ? "" : text);
    for (;; index++) {
        syncplay_participant_info info = {.struct_size = sizeof info};
        if (syncplay_hub_participant(hub, session, index, &info) != SYNCPLAY_OK)
            break;
        witness_state(out, hub, now, session, &info.user_id);
        fprintf(out, "%s %d %d %d %d %d %" PRId64 " %" PRId64 " %" PRId64 " %" PRIu32 "\n", info.name, info.is_connected,
                info.is_ready, info.is_excused, info.is_knocking, (int)info.role, info.latency, info.latency_max,
                info.unix_joined, info.rights);
    }
    fprintf(out, "participants %zu\n", index);
}

/* The caller frees it. `connections`: of the numbers from 1 to this it is told which session they are in. */
static inline char *witness(const syncplay_hub *hub, int64_t now, uint64_t connections)
{
    char *text = NULL;
    size_t size;
    syncplay_id ids[WITNESS_SESSIONS], id;
    FILE *out = open_memstream(&text, &size);
    size_t count = hub ? syncplay_hub_list(hub, ids, WITNESS_SESSIONS) : 0;
    if (hub)
        fprintf(out, "deadline %" PRId64 ", sessions %zu\n", syncplay_hub_deadline(hub), syncplay_hub_count(hub));
    for (size_t i = 0; i < count; i++)
        witness_session(out, hub, now, &ids[i]);
    for (uint64_t number = 1; hub && number <= connections; number++) {
        memset(&id, 0, sizeof id);
        fprintf(out, "connection %d", syncplay_hub_session_of(hub, number, &id));
        fprintf(out, " %02x%02x\n", id.bytes[0], id.bytes[15]);
    }
    fclose(out);
    return text;
}

#endif
