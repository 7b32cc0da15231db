/* A session of a hub as a record for the store: the columns that people ask for, and the bytes that restore it. */
#include "snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "store.h"

#define FIRST_STATE_SIZE 2048

static bool copy_text(char **copy, const char *text)
{
    *copy = text == NULL ? NULL : strdup(text);
    return text == NULL || *copy != NULL;
}

static bool copy_session(struct store_session *record, const syncplay_session_info *info)
{
    record->id = info->id;
    memcpy(record->code, info->code, sizeof record->code);
    record->host_user_id = info->host_user_id;
    record->content_id = info->content->id;
    record->visibility = info->settings->visibility;
    record->control = info->settings->control;
    record->max_participants = info->settings->max_participants;
    record->chat_enabled = info->settings->chat_enabled;
    record->is_playing = info->is_playing;
    record->position = info->position;
    record->speed = info->speed;
    record->unix_last_sync = info->unix_last_sync;
    record->unix_started = info->unix_created;
    return copy_text(&record->content_type, info->content->type) && copy_text(&record->title, info->content->title) &&
           copy_text(&record->url, info->content->url);
}

static bool copy_participants(struct store_session *record, const syncplay_hub *hub, const syncplay_id *session)
{
    syncplay_participant_info info = {.struct_size = sizeof info};
    size_t capacity = 0;
    for (size_t i = 0; syncplay_hub_participant(hub, session, i, &info) == SYNCPLAY_OK; i++) {
        if (info.is_knocking)
            continue;
        if (record->participant_count == capacity) {
            capacity = capacity == 0 ? 16 : 2 * capacity;
            void *grown = realloc(record->participants, capacity * sizeof *record->participants);
            if (grown == NULL)
                return false;
            record->participants = grown;
        }
        record->participants[record->participant_count++] =
            (struct store_participant){.user_id = info.user_id,
                                       .is_connected = info.is_connected,
                                       .is_ready = info.is_ready,
                                       .latency_ms = (int32_t)(info.latency / CLOCK_MILLISECOND),
                                       .unix_joined = info.unix_joined};
    }
    return true;
}

static bool copy_state(struct store_session *record, const syncplay_hub *hub, int64_t now, const syncplay_id *session)
{
    size_t size = FIRST_STATE_SIZE;
    for (;;) {
        size_t length = 0;
        free(record->state);
        record->state = malloc(size);
        if (record->state == NULL)
            return false;
        int error =
            syncplay_hub_save(hub, now, session, SYNCPLAY_SAVE_WITHOUT_CHAT, record->state, size, &length);
        if (error != SYNCPLAY_ERROR_BUFFER)
            return error == SYNCPLAY_OK;
        size = length + 1;
    }
}

struct store_session *snapshot_take(const syncplay_hub *hub, int64_t now, const syncplay_id *session)
{
    syncplay_session_info info = {.struct_size = sizeof info};
    if (syncplay_hub_session(hub, now, session, &info) != SYNCPLAY_OK)
        return NULL;
    struct store_session *record = calloc(1, sizeof *record);
    if (record == NULL)
        return NULL;
    if (!copy_session(record, &info) || !copy_participants(record, hub, session) ||
        !copy_state(record, hub, now, session)) {
        store_session_free(record);
        return NULL;
    }
    return record;
}
