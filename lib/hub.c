/* The doors of the library: check, find, step, and last of all deliver. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "announce.h"
#include "checks.h"
#include "defaults.h"
#include "entropy.h"
#include "hostile.h"
#include "hub.h"
#include "invariants.h"
#include "removed.h"
#include "roster.h"
#include "wire.h"

/* --- Making and freeing */

int syncplay_hub_new(syncplay_hub **out, int64_t now, const syncplay_hub_config *config,
                     const syncplay_hub_callbacks *callbacks, void *user_data)
{
    struct syncplay_hub draft;
    memset(&draft, 0, sizeof draft);
    if (!out || now < -NOW_MAX || now > NOW_MAX || syncplay_hub_config_check(config, NULL, 0) ||
        !defaults_take(&draft.callbacks, callbacks, sizeof draft.callbacks))
        return SYNCPLAY_ERROR_ARGUMENT;
    defaults_take_config(&draft.config, config);
    if (!draft.callbacks.entropy)
        draft.callbacks.entropy = entropy_default;
    draft.memory.allocate = draft.callbacks.allocate ? draft.callbacks.allocate : memory_default_allocate;
    draft.memory.user_data = draft.user_data = user_data;
    draft.now = now;
    draft.unix_offset = draft.config.unix_time - now;
    /* Cursors grow from the wall clock on, so that those of an earlier hub are all smaller. */
    draft.outbox.cursor = draft.config.unix_time ? (uint64_t)draft.config.unix_time : 1;
    struct syncplay_hub *hub = memory_resize(&draft.memory, NULL, sizeof *hub);
    if (!hub || !replay_init(&draft.replay, &draft.memory, draft.config.replay_bytes, draft.outbox.cursor)) {
        memory_free(&draft.memory, hub);
        return SYNCPLAY_ERROR_MEMORY;
    }
    *hub = draft;
    *out = hub;
    return SYNCPLAY_OK;
}

void syncplay_hub_free(syncplay_hub *hub)
{
    if (!hub || hub->in_callback)
        return;
    hub_check(hub);
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
    replay_free(&hub->replay, &memory);
    memory_free(&memory, hub);
}

/* --- Every mutating call begins and ends with these */

int hub_begin(syncplay_hub *hub, int64_t now, struct step *step)
{
    if (!hub)
        return SYNCPLAY_ERROR_ARGUMENT;
    if (hub->in_callback)
        return SYNCPLAY_ERROR_REENTRANT;
    hub_check(hub);
    hub->why[0] = 0;
    if (now > NOW_MAX) {
        snprintf(hub->why, sizeof hub->why, "now must be at most 2^60 microseconds");
        return SYNCPLAY_ERROR_ARGUMENT;
    }
    if (now > hub->now)
        hub->now = now;
    if (HOSTILE)
        outbox_free(&hub->outbox, &hub->memory); /* each call makes the room that it needs itself */
    *step = (struct step){.config = &hub->config,
                          .callbacks = &hub->callbacks,
                          .user_data = hub->user_data,
                          .memory = &hub->memory,
                          .outbox = &hub->outbox,
                          .replay = &hub->replay,
                          .in_callback = &hub->in_callback,
                          .now = hub->now,
                          .unix_offset = hub->unix_offset,
                          .why = hub->why};
    return SYNCPLAY_OK;
}

static void deliver(syncplay_hub *hub)
{
    hub->in_callback = true;
    outbox_deliver(&hub->outbox, &hub->replay, &hub->callbacks, hub->user_data);
    hub->in_callback = false;
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

int hub_take(struct step *step, const char *name, void *ours, const void *theirs, size_t our_size)
{
    return defaults_take(ours, theirs, our_size) ? SYNCPLAY_OK
                                                 : step_fail(step, SYNCPLAY_ERROR_ARGUMENT, DEFAULTS_SIZE_WRONG, name);
}

const char *syncplay_hub_why(const syncplay_hub *hub)
{
    return hub ? hub->why : "";
}

int64_t syncplay_hub_unix(const syncplay_hub *hub, int64_t now)
{
    int64_t bounded = now > NOW_MAX ? NOW_MAX : now < -NOW_MAX ? -NOW_MAX : now;
    return hub ? bounded + hub->unix_offset : 0;
}

/* --- Time */

int64_t syncplay_hub_deadline(const syncplay_hub *hub)
{
    return hub ? deadlines_next(&hub->deadlines) : SYNCPLAY_NEVER;
}

int syncplay_hub_tick(syncplay_hub *hub, int64_t now)
{
    struct step step;
    int error = hub_begin(hub, now, &step);
    if (error)
        return error;
    while (deadlines_next(&hub->deadlines) <= hub->now) {
        struct session *session = hub->deadlines.heap[0];
        if (!announce_reserve(session, &step, session->seat_count, 1) || !removed_reserve(session, &step, 0))
            return hub_fail(&step, SYNCPLAY_ERROR_MEMORY);
        session_tick(session, &step);
        hub_finish(hub, session);
    }
    return SYNCPLAY_OK;
}

/* --- Sessions */

static int new_id(syncplay_hub *hub, struct step *step, syncplay_id *id)
{
    if (!step_random_id(step, id))
        return step_fail(step, SYNCPLAY_ERROR_ENTROPY, "the source of random bytes failed");
    return registry_find(hub, id) ? step_fail(step, SYNCPLAY_ERROR_ENTROPY, "the random bytes repeat") : SYNCPLAY_OK;
}

static int create(syncplay_hub *hub, struct step *step, const syncplay_user *host, const syncplay_content *content,
                  const syncplay_settings *settings, struct session **out)
{
    syncplay_id id;
    char code[SYNCPLAY_CODE_SIZE];
    int error = check_user(step, host);
    error = error ? error : check_new_content(step, content);
    error = error ? error : check_settings(step, settings, ~0u);
    if (error)
        return error;
    if (!step_has_permission(step, &host->id, SYNCPLAY_PERMISSION_CREATE))
        return step_fail(step, SYNCPLAY_ERROR_FORBIDDEN, "this takes the permission %s",
                         syncplay_permission_name(SYNCPLAY_PERMISSION_CREATE));
    if (hub->by_id.count >= hub->config.max_sessions)
        return step_fail(step, SYNCPLAY_ERROR_LIMIT, "there are max_sessions = %u sessions already",
                         hub->config.max_sessions);
    error = new_id(hub, step, &id);
    error = error ? error : registry_new_code(hub, step, code);
    if (error)
        return error;
    struct session *session = session_new(step, &id, code, &host->id, content, settings);
    struct seat *seat = session ? roster_add(session, &hub->memory, host) : NULL;
    if (!seat || !registry_reserve(hub) || !announce_reserve(session, step, 1, 1)) {
        session_free(&hub->memory, session);
        return SYNCPLAY_ERROR_MEMORY;
    }
    seat->gone_since = seat->barrier.since = step->now;
    seat->told_away = true;
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
    if (!session || !content)
        return step_fail(&step, SYNCPLAY_ERROR_ARGUMENT, "%s is missing", session ? "content" : "session");
    error = hub_take(&step, "settings", &wanted, settings, sizeof wanted);
    error = error ? error : hub_take(&step, "content", &what, content, sizeof what);
    error = error ? error : hub_take(&step, "host", &who, host, sizeof who);
    if (error)
        return error;
    if (!wanted.max_participants)
        wanted.max_participants = hub->config.max_participants;
    wanted.chat_enabled &= hub->config.chat_enabled;
    error = create(hub, &step, &who, &what, &wanted, &made);
    if (error)
        return hub_fail(&step, error);
    *session = made->id; /* NOLINT(clang-analyzer-core.NullDereference): create has made it */
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
        return step_fail(step, SYNCPLAY_ERROR_NOT_FOUND, "there is no such session");
    return announce_reserve(*session, step, (*session)->seat_count, 1) ? SYNCPLAY_OK : hub_fail(step, SYNCPLAY_ERROR_MEMORY);
}

int syncplay_hub_end(syncplay_hub *hub, int64_t now, const syncplay_id *id, syncplay_reason reason)
{
    struct step step;
    struct session *session;
    int error = begin_session(hub, now, id, &step, &session);
    if (error)
        return error;
    if ((unsigned)reason > SYNCPLAY_REASON_OPERATOR)
        return step_fail(&step, SYNCPLAY_ERROR_ARGUMENT, "reason must be one of those that there are");
    session_end(session, &step, reason ? reason : SYNCPLAY_REASON_SHUTDOWN, NULL);
    hub_finish(hub, session);
    return SYNCPLAY_OK;
}

size_t syncplay_hub_take_changed(syncplay_hub *hub, syncplay_id *sessions, size_t capacity)
{
    size_t count = 0;
    if (!hub || !sessions || hub->in_callback)
        return 0;
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
