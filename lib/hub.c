/* The doors of the library: check, find, step, and last of all deliver. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "announce.h"
#include "checks.h"
#include "defaults.h"
#include "entropy.h"
#include "hub.h"
#include "roster.h"
#include "wire.h"

/* --- Making and freeing */

static bool in_range(int64_t value, int64_t least, int64_t most)
{
    return value >= least && value <= most;
}

static bool config_is_valid(const syncplay_hub_config *c)
{
    const int64_t durations[] = {c->session_timeout, c->seat_grace,      c->knock_timeout, c->max_latency,
                                 c->max_lead,        c->ready_threshold, c->stall_tolerance, c->wait_timeout,
                                 c->wait_budget,     c->chat_rate_period};
    for (size_t i = 0; i < sizeof durations / sizeof *durations; i++)
        if (!in_range(durations[i], 1, DURATION_MAX))
            return false;
    return c->max_sessions && in_range(c->max_participants, 1, SYNCPLAY_PARTICIPANTS_LIMIT) &&
           in_range(c->latency_samples, 1, LATENCY_SAMPLES_MAX) && in_range(c->chat_max_length, 1, 100000) &&
           c->chat_rate_count && c->chat_rate_count <= c->chat_rate_period && c->chat_history <= 1000 &&
           in_range(c->max_message_bytes, 64, 1 << 24) &&
           in_range(c->code_length, SYNCPLAY_CODE_MIN, SYNCPLAY_CODE_MAX) && in_range(c->shard_count, 1, 4096) &&
           c->shard_index < c->shard_count;
}

int syncplay_hub_new(syncplay_hub **out, int64_t now, const syncplay_hub_config *config,
                     const syncplay_hub_callbacks *callbacks, void *user_data)
{
    struct syncplay_hub draft;
    memset(&draft, 0, sizeof draft);
    syncplay_hub_config_default(&draft.config, sizeof draft.config);
    defaults_take(&draft.config, config, sizeof draft.config);
    defaults_take(&draft.callbacks, callbacks, sizeof draft.callbacks);
    if (!out || !config_is_valid(&draft.config))
        return SYNCPLAY_ERROR_ARGUMENT;
    if (!draft.callbacks.entropy)
        draft.callbacks.entropy = entropy_default;
    draft.memory.allocate = draft.callbacks.allocate ? draft.callbacks.allocate : memory_default_allocate;
    draft.memory.user_data = draft.user_data = user_data;
    draft.now = now;
    draft.unix_offset = draft.config.unix_time - now;
    struct syncplay_hub *hub = memory_resize(&draft.memory, NULL, sizeof *hub);
    if (!hub)
        return SYNCPLAY_ERROR_MEMORY;
    *hub = draft;
    *out = hub;
    return SYNCPLAY_OK;
}

void syncplay_hub_free(syncplay_hub *hub)
{
    if (!hub || hub->delivering)
        return;
    struct memory memory = hub->memory;
    for (size_t i = 0; i < hub->deadlines.count; i++)
        session_free(&memory, hub->deadlines.heap[i]);
    for (size_t i = 0; i < hub->connections.capacity; i++)
        memory_free(&memory, hub->connections.slots[i].value);
    table_free(&hub->by_id, &memory);
    table_free(&hub->by_code, &memory);
    table_free(&hub->connections, &memory);
    memory_free(&memory, hub->deadlines.heap);
    outbox_free(&hub->outbox, &memory);
    memory_free(&memory, hub);
}

/* --- Every mutating call begins and ends with these */

int hub_begin(syncplay_hub *hub, int64_t now, struct step *step)
{
    if (!hub)
        return SYNCPLAY_ERROR_ARGUMENT;
    if (hub->delivering)
        return SYNCPLAY_ERROR_REENTRANT;
    if (now > hub->now)
        hub->now = now;
    hub->why[0] = 0;
    *step = (struct step){&hub->config, &hub->callbacks, hub->user_data,   &hub->memory,
                          &hub->outbox, hub->now,        hub->unix_offset, hub->why};
    return SYNCPLAY_OK;
}

static void deliver(syncplay_hub *hub)
{
    hub->delivering = true;
    outbox_deliver(&hub->outbox, &hub->callbacks, hub->user_data);
    hub->delivering = false;
}

void hub_finish(syncplay_hub *hub, struct session *session)
{
    if (session && !session->ended) {
        deadlines_set(&hub->deadlines, session, session_deadline(session, &hub->config));
        registry_mark_changed(hub, session);
    }
    deliver(hub);
    if (session && session->ended)
        registry_drop(hub, session);
}

int hub_fail(struct step *step, int error)
{
    if (!step->why[0])
        step_fail(step, error, "%s", syncplay_strerror(error));
    return error;
}

const char *syncplay_hub_why(const syncplay_hub *hub)
{
    return hub ? hub->why : "";
}

int64_t syncplay_hub_unix(const syncplay_hub *hub, int64_t now)
{
    return now + hub->unix_offset;
}

/* --- Time */

int64_t syncplay_hub_deadline(const syncplay_hub *hub)
{
    return deadlines_next(&hub->deadlines);
}

int syncplay_hub_tick(syncplay_hub *hub, int64_t now)
{
    struct step step;
    int error = hub_begin(hub, now, &step);
    if (error)
        return error;
    while (deadlines_next(&hub->deadlines) <= hub->now) {
        struct session *session = hub->deadlines.heap[0];
        if (!announce_reserve(session, &step, session->seat_count))
            return hub_fail(&step, SYNCPLAY_ERROR_MEMORY);
        session_tick(session, &step);
        hub_finish(hub, session);
    }
    return SYNCPLAY_OK;
}

/* --- Sessions */

static int new_id(syncplay_hub *hub, struct step *step, syncplay_id *id)
{
    if (!hub->callbacks.entropy(hub->user_data, id->bytes, sizeof id->bytes))
        return step_fail(step, SYNCPLAY_ERROR_ENTROPY, "the source of random bytes failed");
    id->bytes[6] = (uint8_t)((id->bytes[6] & 0x0f) | 0x40); /* RFC 9562, version 4 */
    id->bytes[8] = (uint8_t)((id->bytes[8] & 0x3f) | 0x80);
    return registry_find(hub, id) ? step_fail(step, SYNCPLAY_ERROR_ENTROPY, "the random bytes repeat") : SYNCPLAY_OK;
}

static int create(syncplay_hub *hub, struct step *step, const syncplay_user *host, const syncplay_content *content,
                  const syncplay_settings *settings, struct session **out)
{
    syncplay_id id;
    char code[SYNCPLAY_CODE_SIZE];
    int error = check_user(step, host);
    error = error ? error : check_content(step, content);
    error = error ? error : check_settings(step, settings, ~0u);
    if (error)
        return error;
    if (hub->by_id.count >= hub->config.max_sessions)
        return step_fail(step, SYNCPLAY_ERROR_LIMIT, "there are max_sessions = %u sessions already",
                         hub->config.max_sessions);
    error = new_id(hub, step, &id);
    error = error ? error : registry_new_code(hub, step, code);
    if (error)
        return error;
    struct session *session = session_new(step, &id, code, &host->id, content, settings);
    struct seat *seat = session ? roster_add(session, &hub->memory, host) : NULL;
    if (!seat || !registry_reserve(hub) || !announce_reserve(session, step, 1)) {
        session_free(&hub->memory, session);
        return SYNCPLAY_ERROR_MEMORY;
    }
    seat->gone_since = seat->barrier.since = step->now;
    seat->unix_joined = session->unix_created;
    registry_add(hub, session);
    announce_created(step, session, seat);
    *out = session;
    return SYNCPLAY_OK;
}

int syncplay_hub_create(syncplay_hub *hub, int64_t now, const syncplay_user *host, const syncplay_content *content,
                        const syncplay_settings *settings, syncplay_id *session)
{
    struct step step;
    struct session *made = NULL;
    syncplay_settings wanted;
    syncplay_content what;
    syncplay_user who;
    syncplay_settings_default(&wanted, sizeof wanted);
    syncplay_content_default(&what, sizeof what);
    syncplay_user_default(&who, sizeof who);
    int error = hub_begin(hub, now, &step);
    if (error)
        return error;
    if (!session)
        return hub_fail(&step, SYNCPLAY_ERROR_ARGUMENT);
    defaults_take(&wanted, settings, sizeof wanted);
    defaults_take(&what, content, sizeof what);
    defaults_take(&who, host, sizeof who);
    if (!wanted.max_participants)
        wanted.max_participants = hub->config.max_participants;
    wanted.chat_enabled &= hub->config.chat_enabled;
    error = create(hub, &step, &who, &what, &wanted, &made);
    if (error)
        return hub_fail(&step, error);
    *session = made->id;
    hub_finish(hub, made);
    return SYNCPLAY_OK;
}

/* Finds a session for a mutating call. */
static int begin_session(syncplay_hub *hub, int64_t now, const syncplay_id *id, struct step *step,
                         struct session **session)
{
    int error = hub_begin(hub, now, step);
    if (error)
        return error;
    *session = registry_find(hub, id);
    if (!*session)
        return hub_fail(step, SYNCPLAY_ERROR_NOT_FOUND);
    return announce_reserve(*session, step, (*session)->seat_count) ? SYNCPLAY_OK : hub_fail(step, SYNCPLAY_ERROR_MEMORY);
}

int syncplay_hub_end(syncplay_hub *hub, int64_t now, const syncplay_id *id, syncplay_reason reason)
{
    struct step step;
    struct session *session;
    int error = begin_session(hub, now, id, &step, &session);
    if (error)
        return error;
    session_end(session, &step, reason ? reason : SYNCPLAY_REASON_SHUTDOWN, NULL);
    hub_finish(hub, session);
    return SYNCPLAY_OK;
}

int syncplay_hub_find(const syncplay_hub *hub, const char *code, size_t length, syncplay_id *session)
{
    char normal[SYNCPLAY_CODE_SIZE];
    if (!hub || !session || !syncplay_code_normalise(code, length, normal))
        return SYNCPLAY_ERROR_NOT_FOUND;
    const struct session *found = registry_find_code(hub, normal);
    if (!found)
        return registry_has_ended(hub, normal) ? SYNCPLAY_ERROR_ENDED : SYNCPLAY_ERROR_NOT_FOUND;
    *session = found->id;
    return SYNCPLAY_OK;
}

size_t syncplay_hub_count(const syncplay_hub *hub)
{
    return hub->by_id.count;
}

size_t syncplay_hub_list(const syncplay_hub *hub, syncplay_id *sessions, size_t capacity)
{
    size_t count = hub->deadlines.count < capacity ? hub->deadlines.count : capacity;
    for (size_t i = 0; i < count; i++)
        sessions[i] = hub->deadlines.heap[i]->id;
    return count;
}

int syncplay_hub_session(const syncplay_hub *hub, int64_t now, const syncplay_id *id, syncplay_session_info *info)
{
    const struct session *session = registry_find(hub, id);
    if (!session || !info)
        return info ? SYNCPLAY_ERROR_NOT_FOUND : SYNCPLAY_ERROR_ARGUMENT;
    syncplay_session_info answer = {
        .id = session->id,
        .host_user_id = session->host,
        .settings = session->settings,
        .content = {sizeof answer.content, session->content_type, session->content_id, session->title, session->url},
        .phase = session->phase,
        .is_playing = session->phase == SYNCPLAY_PLAYING,
        .position = timeline_position(&session->timeline, now),
        .unix_at = session->timeline.at + hub->unix_offset,
        .speed = session->timeline.speed,
        .revision = session->revision,
        .unix_created = session->unix_created,
        .unix_last_sync = session->unix_last_sync,
        .participants = roster_members(session),
        .connected = roster_connected(session),
    };
    memcpy(answer.code, session->code, sizeof answer.code);
    defaults_give(info, &answer, sizeof answer);
    return SYNCPLAY_OK;
}

static void tell_participant(const struct session *session, const struct seat *seat, syncplay_participant_info *info)
{
    syncplay_participant_info answer = {
        .user = {sizeof answer.user, seat->user, seat->name},
        .is_host = seat_is_host(session, seat),
        .is_connected = seat->connection != 0,
        .is_ready = seat->barrier.ready,
        .is_excused = seat->barrier.excused || seat->barrier.opted_out,
        .is_knocking = seat->knocking,
        .latency = latency_average(&seat->latency),
        .latency_max = latency_maximum(&seat->latency),
        .unix_joined = seat->unix_joined,
    };
    defaults_give(info, &answer, sizeof answer);
}

int syncplay_hub_participant(const syncplay_hub *hub, const syncplay_id *id, size_t index,
                             syncplay_participant_info *info)
{
    const struct session *session = registry_find(hub, id);
    if (!session || index >= session->seat_count)
        return SYNCPLAY_ERROR_NOT_FOUND;
    tell_participant(session, session->seats[index], info);
    return SYNCPLAY_OK;
}

int syncplay_hub_participant_of(const syncplay_hub *hub, const syncplay_id *id, const syncplay_id *user,
                                syncplay_participant_info *info)
{
    const struct session *session = registry_find(hub, id);
    const struct seat *seat = session ? roster_find(session, user) : NULL;
    if (!seat)
        return SYNCPLAY_ERROR_NOT_FOUND;
    tell_participant(session, seat, info);
    return SYNCPLAY_OK;
}

size_t syncplay_hub_take_changed(syncplay_hub *hub, syncplay_id *sessions, size_t capacity)
{
    size_t count = 0;
    while (hub->changed_first && count < capacity) {
        struct session *session = hub->changed_first;
        sessions[count++] = session->id;
        session->is_changed = false;
        hub->changed_first = session->next_changed;
    }
    if (!hub->changed_first)
        hub->changed_last = NULL;
    return count;
}

int syncplay_hub_state(const syncplay_hub *hub, int64_t now, const syncplay_id *id, const syncplay_id *user,
                       char *buffer, size_t capacity, size_t *length)
{
    struct json_writer writer;
    const struct session *session = registry_find(hub, id);
    if (!session)
        return SYNCPLAY_ERROR_NOT_FOUND;
    if (!length || (!buffer && capacity))
        return SYNCPLAY_ERROR_ARGUMENT;
    json_begin(&writer, buffer, capacity ? capacity - 1 : 0);
    announce_write_state(&writer, session, user ? roster_find(session, user) : NULL, &hub->config,
                         now > hub->now ? now : hub->now, hub->unix_offset);
    *length = writer.length;
    if (writer.length >= capacity)
        return SYNCPLAY_ERROR_BUFFER;
    buffer[writer.length] = 0;
    return SYNCPLAY_OK;
}
