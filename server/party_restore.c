/* At start: the sessions in the store go back into the shards. */
#include "party_restore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <syncplay/syncplay.h>

#include "log.h"
#include "metrics.h"
#include "party.h"
#include "store.h"

/* A session that is back, and where. */
struct restored {
    struct shard *shard;
    syncplay_id session;
};

struct restoration {
    struct parties *parties;
    int64_t unix_alive;
    struct restored *restored;
    size_t count, capacity, failed;
};

static struct restored *add(struct restoration *restoration)
{
    if (restoration->count == restoration->capacity) {
        size_t capacity = restoration->capacity == 0 ? 64 : 2 * restoration->capacity;
        struct restored *grown = realloc(restoration->restored, capacity * sizeof *grown);
        if (grown == NULL)
            return NULL;
        restoration->restored = grown;
        restoration->capacity = capacity;
    }
    return &restoration->restored[restoration->count];
}

/* Returns whether it is back; `why` says why not. */
static bool restore_state(struct restoration *restoration, struct restored *restored, const char *code,
                          const char *state, char *why, size_t why_size)
{
    int64_t now;
    restored->shard = parties_shard(restoration->parties, code, strlen(code));
    if (restored->shard == NULL) {
        snprintf(why, why_size, "its code is none");
        return false;
    }
    syncplay_hub *hub = shard_enter(restored->shard, &now);
    int error = syncplay_hub_restore(hub, now, state, strlen(state), restoration->unix_alive, &restored->session);
    if (error == SYNCPLAY_OK)
        parties_count(restoration->parties, hub, now, &restored->session);
    else
        snprintf(why, why_size, "%s", syncplay_hub_why(hub));
    shard_leave(restored->shard);
    return error == SYNCPLAY_OK;
}

static void restore_session(void *arg, const syncplay_id *id, const char *code, const char *state)
{
    struct restoration *restoration = arg;
    char text[SYNCPLAY_ID_SIZE];
    char why[256] = "no memory";
    struct restored *restored = add(restoration);
    if (restored != NULL && restore_state(restoration, restored, code, state, why, sizeof why)) {
        restoration->count++;
        return;
    }
    syncplay_id_format(id, text);
    log_error("session not restored session=%s reason=%s", text, why);
    restoration->failed++;
}

static void restore_message(void *arg, const struct store_message *message)
{
    struct restored *restored = arg;
    int64_t now;
    syncplay_user author;
    syncplay_user_default(&author, sizeof author);
    author.id = message->user_id;
    author.name = message->user_name;
    if (author.name == NULL)
        return; /* the user is deleted */
    syncplay_hub *hub = shard_enter(restored->shard, &now);
    syncplay_hub_restore_chat(hub, &restored->session, &message->id, &author, message->text, message->unix_created);
    shard_leave(restored->shard);
}

bool party_restore_all(struct parties *parties, struct store *store, size_t chat_history, char *why, size_t why_size)
{
    struct restoration restoration = {.parties = parties, .unix_alive = store_alive(store)};
    bool is_read = store_each_session(store, restore_session, &restoration);
    for (size_t i = 0; is_read && i < restoration.count; i++) {
        struct restored *restored = &restoration.restored[i];
        is_read = store_each_message(store, &restored->session, chat_history, restore_message, restored);
    }
    if (!is_read)
        snprintf(why, why_size, "cannot read the sessions from the database");
    else if (restoration.count > 0 || restoration.failed > 0)
        log_info("sessions restored count=%zu failed=%zu", restoration.count, restoration.failed);
    metrics_add(METRIC_SESSIONS_RESTORED, restoration.count);
    metrics_add(METRIC_SESSIONS_NOT_RESTORED, restoration.failed);
    free(restoration.restored);
    return is_read;
}
