/* Which sessions there are: by id, by code, by deadline, by having changed. */
#include <string.h>

#include "code.h"
#include "hub.h"

struct session *registry_find(const syncplay_hub *hub, const syncplay_id *id)
{
    return id ? table_find(&hub->by_id, id) : NULL;
}

struct session *registry_find_code(const syncplay_hub *hub, const char *code)
{
    syncplay_id key = table_text_key(code);
    return table_find(&hub->by_code, &key);
}

bool registry_has_ended(const syncplay_hub *hub, const char *code)
{
    for (unsigned i = 0; i < ENDED_CODES; i++)
        if (strcmp(hub->ended_codes[i], code) == 0)
            return true;
    return false;
}

bool registry_reserve(syncplay_hub *hub)
{
    return table_reserve(&hub->by_id, &hub->memory) && table_reserve(&hub->by_code, &hub->memory) &&
           deadlines_reserve(&hub->deadlines, &hub->memory);
}

void registry_add(syncplay_hub *hub, struct session *session)
{
    syncplay_id key = table_text_key(session->code);
    table_add(&hub->by_id, &session->id, session);
    table_add(&hub->by_code, &key, session);
    deadlines_add(&hub->deadlines, session);
}

void registry_mark_changed(syncplay_hub *hub, struct session *session)
{
    if (session->is_changed)
        return;
    session->is_changed = true;
    session->next_changed = NULL;
    if (hub->changed_last)
        hub->changed_last->next_changed = session;
    else
        hub->changed_first = session;
    hub->changed_last = session;
}

static void unmark_changed(syncplay_hub *hub, struct session *session)
{
    struct session *before = NULL;
    if (!session->is_changed)
        return;
    for (struct session *s = hub->changed_first; s != session; s = s->next_changed)
        before = s;
    if (before)
        before->next_changed = session->next_changed;
    else
        hub->changed_first = session->next_changed;
    if (hub->changed_last == session)
        hub->changed_last = before;
}

void registry_drop(syncplay_hub *hub, struct session *session)
{
    syncplay_id key = table_text_key(session->code);
    unmark_changed(hub, session);
    table_remove(&hub->by_id, &session->id);
    table_remove(&hub->by_code, &key);
    deadlines_remove(&hub->deadlines, session);
    memcpy(hub->ended_codes[hub->next_ended], session->code, sizeof session->code);
    hub->next_ended = (hub->next_ended + 1) % ENDED_CODES;
    session_free(&hub->memory, session);
}

int registry_new_code(syncplay_hub *hub, struct step *step, char code[SYNCPLAY_CODE_SIZE])
{
    /* Each try fails if the code belongs to another shard, so that many tries more are due. */
    for (uint32_t i = 0; i < CODE_TRIES * hub->config.shard_count; i++) {
        uint8_t random[CODE_RANDOM_BYTES];
        if (!step_random(step, random, sizeof random))
            return step_fail(step, SYNCPLAY_ERROR_ENTROPY, "the source of random bytes failed");
        if (code_make(random, hub->config.code_length, code) &&
            syncplay_code_shard(code, hub->config.shard_count) == hub->config.shard_index &&
            !registry_find_code(hub, code) && !registry_has_ended(hub, code))
            return SYNCPLAY_OK;
    }
    return step_fail(step, SYNCPLAY_ERROR_LIMIT, "no free code was found: code_length is too small");
}
