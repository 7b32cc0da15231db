/* At start: the sessions in the store go back into the shards. */
#include "party_restore.h"

#include <stdio.h>
#include <string.h>

#include <syncplay/syncplay.h>

#include "log.h"
#include "party.h"
#include "store.h"

struct restoration {
    struct parties *parties;
    struct store *store;
    size_t chat_history;
    int64_t unix_alive;
    size_t restored, failed;
    /* The one that is being restored. */
    struct shard *shard;
    syncplay_id session;
};

/*
 * The shard of a saved session. Its code is inside of the saved bytes, whose form only the library knows: a hub of its
 * own reads them first.
 */
static struct shard *find_shard(struct parties *parties, const char *state, size_t length)
{
    syncplay_hub *hub;
    syncplay_id id;
    struct shard *shard = NULL;
    syncplay_session_info info = {.struct_size = sizeof info};
    if (syncplay_hub_new(&hub, 0, NULL, NULL, NULL) != SYNCPLAY_OK)
        return NULL;
    if (syncplay_hub_restore(hub, 0, state, length, 0, &id) == SYNCPLAY_OK &&
        syncplay_hub_session(hub, 0, &id, &info) == SYNCPLAY_OK)
        shard = parties_shard(parties, info.code, strlen(info.code));
    syncplay_hub_free(hub);
    return shard;
}

/* The shard is entered here for one message at a time: nobody else is there yet, so it costs nothing. */
static void restore_message(void *arg, const struct store_message *message)
{
    struct restoration *restoration = arg;
    int64_t now;
    syncplay_user author;
    syncplay_user_default(&author, sizeof author);
    author.id = message->user_id;
    author.name = message->user_name;
    if (author.name == NULL)
        return; /* the user is deleted */
    syncplay_hub *hub = shard_enter(restoration->shard, &now);
    syncplay_hub_restore_chat(hub, &restoration->session, &message->id, &author, message->text, message->unix_created);
    shard_leave(restoration->shard);
}

static const char *restore_state(struct restoration *restoration, const char *state)
{
    static char why[256];
    int64_t now;
    size_t length = strlen(state);
    restoration->shard = find_shard(restoration->parties, state, length);
    if (restoration->shard == NULL)
        return "not a saved session that this version can read";
    syncplay_hub *hub = shard_enter(restoration->shard, &now);
    int error = syncplay_hub_restore(hub, now, state, length, restoration->unix_alive, &restoration->session);
    if (error != SYNCPLAY_OK)
        snprintf(why, sizeof why, "%s", syncplay_hub_why(hub));
    shard_leave(restoration->shard);
    return error == SYNCPLAY_OK ? NULL : why;
}

static void restore_session(void *arg, const syncplay_id *id, const char *state)
{
    struct restoration *restoration = arg;
    char text[SYNCPLAY_ID_SIZE];
    syncplay_id_format(id, text);
    const char *why = restore_state(restoration, state);
    if (why != NULL) {
        log_error("session not restored session=%s: %s", text, why);
        restoration->failed++;
        return;
    }
    restoration->restored++;
    if (!store_each_message(restoration->store, id, restoration->chat_history, restore_message, restoration))
        log_error("chat not restored session=%s", text);
}

bool party_restore_all(struct parties *parties, struct store *store, size_t chat_history, char *why, size_t why_size)
{
    struct restoration restoration = {.parties = parties,
                                      .store = store,
                                      .chat_history = chat_history,
                                      .unix_alive = store_alive(store)};
    if (!store_each_session(store, restore_session, &restoration)) {
        snprintf(why, why_size, "cannot read the sessions from the database");
        return false;
    }
    if (restoration.restored > 0 || restoration.failed > 0)
        log_info("sessions restored count=%zu failed=%zu", restoration.restored, restoration.failed);
    return true;
}
