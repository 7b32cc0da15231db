/* Restoring a saved session: every getter says whether the value is there and in range. */
#include <stdlib.h>
#include <string.h>

#include "snapshot.h"

#include "access.h"
#include "checks.h"
#include "defaults.h"
#include "hub.h"
#include "invitations.h"
#include "json_reader.h"
#include "removed.h"
#include "roster.h"
#include "text.h"

/* The range of Unix times that a snapshot may hold: until the year 33658, in microseconds. */
#define UNIX_MAX INT64_C(1000000000000000000)

static bool get_text(json_value object, const char *key, const char **text)
{
    return json_get_text(json_member(object, key), text);
}

static bool get_bool(json_value object, const char *key, bool *value)
{
    return json_get_bool(json_member(object, key), value);
}

static bool get_time(json_value object, const char *key, int64_t *unix_time)
{
    return json_get_milliseconds(json_member(object, key), 0, UNIX_MAX, unix_time);
}

static bool get_integer(json_value object, const char *key, int64_t least, int64_t most, int64_t *value)
{
    return json_get_integer(json_member(object, key), least, most, value);
}

/* What format 1 does not have: missing is as good as `*value`, which stays. */
static bool get_later_integer(json_value object, const char *key, int64_t least, int64_t most, int64_t *value)
{
    return !json_member(object, key) || get_integer(object, key, least, most, value);
}

/* A token's hash; "" is none. */
static bool get_later_token(json_value object, const char *key, struct token_hash *hash)
{
    const char *text;
    if (!json_member(object, key))
        return true;
    return get_text(object, key, &text) && (!*text || token_read_hex(text, hash));
}

static void restore_lists(struct seat *seat, json_value value, unsigned window)
{
    int64_t sample;
    const char *digest;
    for (json_value v = json_first(json_member(value, "latency_ms")); v; v = json_next(v))
        if (json_get_milliseconds(v, 0, INT32_MAX, &sample))
            latency_add(&seat->latency, sample, window);
    latency_renew(&seat->latency);
    for (json_value v = json_first(json_member(value, "client_ids")); v; v = json_next(v))
        if (json_get_text(v, &digest)) {
            seat->client_ids[seat->next_client_id] = strtoull(digest, NULL, 16);
            seat->next_client_id = (uint8_t)((seat->next_client_id + 1) % SEAT_CLIENT_IDS);
        }
}

/* An instant that this hub would set at most `ahead` from now. Farther off it was saved under a clock that was ahead: nobody
 * is to wait for that. */
static int64_t restored_time(const struct step *step, int64_t unix_time, int64_t ahead)
{
    int64_t time = unix_time - step->unix_offset;
    return time < step->now + ahead ? time : step->now + ahead;
}

/* The same for what may be unset, which is saved as 0. */
static int64_t restored_mark(const struct step *step, int64_t unix_time, int64_t ahead)
{
    return unix_time ? restored_time(step, unix_time, ahead) : INT64_MIN;
}

static int restore_seat(struct session *session, struct step *step, json_value value)
{
    syncplay_user user = {.struct_size = sizeof user};
    int64_t chat_full_at, role = SYNCPLAY_ROLE_VIEWER, role_cap = 0, allow = 0, deny = 0;
    struct seat draft = {0};
    bool ok = json_get_id(json_member(value, "user_id"), &user.id) && get_text(value, "name", &user.name) &&
              text_is_line(user.name, 1, SYNCPLAY_NAME_MAX) && get_bool(value, "knocking", &draft.knocking) &&
              get_bool(value, "was_connected", &draft.was_connected) && get_time(value, "joined_at", &draft.unix_joined) &&
              get_bool(value, "ready", &draft.barrier.ready) && get_bool(value, "excused", &draft.barrier.excused) &&
              get_bool(value, "opted_out", &draft.barrier.opted_out) &&
              get_bool(value, "catching_up", &draft.barrier.catching_up) &&
              get_time(value, "spent_ms", &draft.barrier.spent) && get_time(value, "chat_full_at", &chat_full_at) &&
              get_later_integer(value, "role", SYNCPLAY_ROLE_CONTROLLER, SYNCPLAY_ROLE_CHAT_ONLY, &role) &&
              get_later_integer(value, "role_cap", 0, SYNCPLAY_ROLE_CHAT_ONLY, &role_cap) &&
              get_later_integer(value, "allow", 0, ACCESS_ALL, &allow) &&
              get_later_integer(value, "deny", 0, ACCESS_ALL, &deny) &&
              get_later_token(value, "resume", &draft.resume) &&
              session->seat_count < 2 * SYNCPLAY_PARTICIPANTS_LIMIT && !roster_find(session, &user.id);
    if (!ok)
        return SYNCPLAY_ERROR_SNAPSHOT;
    struct seat *seat = roster_add(session, step->memory, &user);
    if (!seat)
        return SYNCPLAY_ERROR_MEMORY;
    seat->knocking = draft.knocking;
    seat->was_connected = draft.was_connected;
    seat->told_away = true;
    if (!draft.knocking) { /* who knocks has nothing yet */
        seat->role = (syncplay_role)role;
        seat->role_cap = (syncplay_role)role_cap;
        seat->allow = (uint32_t)allow & ~ACCESS_HOST_ALONE;
        seat->deny = (uint32_t)deny;
        seat->barrier = draft.barrier;
        seat->chat_rate.full_at = restored_mark(step, chat_full_at, step->config->chat_rate_period);
    }
    seat->resume = draft.resume;
    seat->unix_joined = draft.unix_joined;
    seat->barrier.since = seat->gone_since = step->now;
    restore_lists(seat, value, step->config->latency_samples);
    return SYNCPLAY_OK;
}

/* Where the film is after nobody knew it for a while. */
static void resume(struct session *session, struct step *step, syncplay_phase phase, int64_t alive)
{
    int64_t away = step->now - alive;
    session->phase = phase;
    session->timeline.playing = phase == SYNCPLAY_PLAYING;
    if (phase == SYNCPLAY_WAITING) /* nobody is here to wait for */
        session->phase = SYNCPLAY_PAUSED;
    if (phase != SYNCPLAY_PLAYING || away <= step->config->seat_grace)
        return;
    timeline_hold(&session->timeline, timeline_position(&session->timeline, alive), step->now);
    session->phase = SYNCPLAY_PAUSED;
}

static int restore_fields(struct session *session, struct step *step, json_value root, int64_t alive)
{
    int64_t phase, speed, revision, at, active, empty_since;
    if (!get_integer(root, "phase", 0, SYNCPLAY_PAUSED, &phase) ||
        !json_get_milliseconds(json_member(root, "position_ms"), 0, SYNCPLAY_POSITION_MAX,
                               &session->timeline.position) ||
        !get_time(root, "at", &at) || !get_integer(root, "speed", SYNCPLAY_SPEED_MIN, SYNCPLAY_SPEED_MAX, &speed) ||
        !get_integer(root, "revision", 0, INT64_C(1) << 52, &revision) ||
        !get_time(root, "created_at", &session->unix_created) ||
        !get_time(root, "last_sync_at", &session->unix_last_sync) || !get_time(root, "active_at", &active) ||
        !get_time(root, "empty_since", &empty_since))
        return SYNCPLAY_ERROR_SNAPSHOT;
    session->timeline.at = restored_time(step, at, step->config->max_lead);
    session->timeline.speed = (int32_t)speed;
    session->revision = (uint64_t)revision + SNAPSHOT_REVISION_GAP;
    session->active = empty_since ? restored_time(step, active, 0) : alive; /* somebody was there until then */
    session->empty_since = step->now;
    resume(session, step, (syncplay_phase)phase, alive);
    return SYNCPLAY_OK;
}

static bool is_message(const char *text)
{
    return text_fits(text, 1, CHECKS_CHAT_MAX);
}

static int restore_history(struct session *session, struct step *step, json_value root)
{
    for (json_value v = json_first(json_member(root, "messages")); v; v = json_next(v)) {
        struct history_message head;
        const char *name, *text;
        memset(&head, 0, sizeof head);
        if (!json_get_id(json_member(v, "id"), &head.id) || !json_get_id(json_member(v, "user_id"), &head.user) ||
            !get_text(v, "name", &name) || !text_is_line(name, 1, SYNCPLAY_NAME_MAX) ||
            !get_text(v, "message", &text) || !is_message(text) || !get_time(v, "timestamp", &head.unix_time))
            return SYNCPLAY_ERROR_SNAPSHOT;
        memcpy(head.name, name, strlen(name) + 1);
        if (!history_add(&session->history, step->memory, step->config->chat_history, &head, text))
            return SYNCPLAY_ERROR_MEMORY;
    }
    return SYNCPLAY_OK;
}

/* Format 1 has ids alone: those were removed for good. */
static int restore_removed(struct session *session, struct step *step, json_value value)
{
    struct removed draft = {.banned = true};
    const char *name = "";
    int64_t until = 0, role_cap = 0, deny = 0, chat_full_at = 0;
    bool ok = json_get_id(value, &draft.user) ||
              (json_get_id(json_member(value, "user_id"), &draft.user) && get_text(value, "name", &name) &&
               (!*name || text_is_line(name, 1, SYNCPLAY_NAME_MAX)) && get_bool(value, "banned", &draft.banned) &&
               get_time(value, "until", &until) && get_integer(value, "role_cap", 0, SYNCPLAY_ROLE_CHAT_ONLY, &role_cap) &&
               get_integer(value, "deny", 0, ACCESS_ALL, &deny) && get_time(value, "chat_full_at", &chat_full_at) &&
               get_time(value, "spent_ms", &draft.spent));
    if (!ok)
        return SYNCPLAY_ERROR_SNAPSHOT;
    const struct seat *seat = roster_find(session, &draft.user);
    if (seat && !seat->knocking) /* whoever sits is let in; nobody is in both lists */
        return SYNCPLAY_OK;
    if (!removed_reserve(session, step, 1))
        return SYNCPLAY_ERROR_MEMORY;
    struct removed *removed = removed_note(session, step->config, &draft.user, name);
    if (!removed) /* max_removed is smaller now */
        return SYNCPLAY_OK;
    removed->banned = draft.banned;
    removed->until = restored_mark(step, until, step->config->kick_cooldown);
    removed->role_cap = (syncplay_role)role_cap;
    removed->deny = (uint32_t)deny;
    removed->chat_full_at = restored_mark(step, chat_full_at, step->config->chat_rate_period);
    removed->spent = draft.spent;
    return SYNCPLAY_OK;
}

static int restore_invitation(struct session *session, struct step *step, json_value value)
{
    struct invitation draft = {.used = 0};
    int64_t role, expires, uses, used;
    bool ok = json_get_id(json_member(value, "id"), &draft.id) && get_later_token(value, "token", &draft.token) &&
              !token_is_none(&draft.token) &&
              get_integer(value, "role", SYNCPLAY_ROLE_CONTROLLER, SYNCPLAY_ROLE_CHAT_ONLY, &role) &&
              json_get_id(json_member(value, "made_by"), &draft.made_by) &&
              get_time(value, "created_at", &draft.unix_created) && get_time(value, "expires_at", &expires) &&
              get_integer(value, "uses", 0, INVITATION_USES_MAX, &uses) &&
              get_integer(value, "used", 0, UINT32_MAX, &used);
    if (!ok)
        return SYNCPLAY_ERROR_SNAPSHOT;
    draft.role = (syncplay_role)role;
    draft.expires = expires ? expires - step->unix_offset : SYNCPLAY_NEVER;
    draft.uses = (uint32_t)uses;
    draft.used = (uint32_t)used;
    return invitations_add(session, step, &draft) ? SYNCPLAY_OK : SYNCPLAY_ERROR_MEMORY;
}

static int restore_each(struct session *session, struct step *step, json_value list,
                        int (*restore)(struct session *session, struct step *step, json_value value))
{
    int error = SYNCPLAY_OK;
    for (json_value v = json_first(list); v && !error; v = json_next(v))
        error = restore(session, step, v);
    return error;
}

static int restore_lists_of(struct session *session, struct step *step, json_value root)
{
    int error = restore_each(session, step, json_member(root, "participants"), restore_seat);
    error = error ? error : restore_each(session, step, json_member(root, "removed"), restore_removed);
    error = error ? error : restore_each(session, step, json_member(root, "invitations"), restore_invitation);
    return error ? error : restore_history(session, step, root);
}

/* A session with everything in it, not registered yet. */
static int build(syncplay_hub *hub, struct step *step, json_value root, int64_t alive, struct session **out)
{
    syncplay_id id, host;
    syncplay_content content = {.struct_size = sizeof content};
    syncplay_settings settings = {.struct_size = sizeof settings};
    const char *typed;
    char code[SYNCPLAY_CODE_SIZE];
    int64_t format, visibility, control, most, strangers = SYNCPLAY_STRANGERS_REFUSE, wait = SYNCPLAY_WAIT_EVERYONE;
    bool ok = get_integer(root, "syncplay_session", 1, SNAPSHOT_FORMAT, &format) &&
              json_get_id(json_member(root, "id"), &id) && get_text(root, "code", &typed) &&
              syncplay_code_normalise(typed, strlen(typed), code) &&
              json_get_id(json_member(root, "host_user_id"), &host) &&
              get_text(root, "content_type", &content.type) && json_get_id(json_member(root, "content_id"), &content.id) &&
              get_text(root, "title", &content.title) && get_text(root, "url", &content.url) &&
              check_content(step, &content) == SYNCPLAY_OK &&
              get_integer(root, "visibility", 0, SYNCPLAY_FRIENDS, &visibility) &&
              get_integer(root, "control", 0, SYNCPLAY_CONTROL_HOST, &control) &&
              get_integer(root, "max_participants", 1, SYNCPLAY_PARTICIPANTS_LIMIT, &most) &&
              get_bool(root, "chat_enabled", &settings.chat_enabled) &&
              get_later_integer(root, "strangers", 0, SYNCPLAY_STRANGERS_KNOCK, &strangers) &&
              get_later_integer(root, "wait", 0, SYNCPLAY_WAIT_NOBODY, &wait);
    if (!ok)
        return SYNCPLAY_ERROR_SNAPSHOT;
    if (registry_find(hub, &id) || registry_find_code(hub, code))
        return step_fail(step, SYNCPLAY_ERROR_EXISTS, "a session of this %s exists already",
                         registry_find(hub, &id) ? "id" : "code");
    settings.visibility = (syncplay_visibility)visibility;
    settings.control = (syncplay_control)control;
    settings.max_participants = (uint32_t)most;
    settings.strangers = (syncplay_strangers)strangers;
    settings.wait = (syncplay_wait)wait;
    *out = session_new(step, &id, code, &host, &content, &settings);
    if (!*out)
        return SYNCPLAY_ERROR_MEMORY;
    int error = restore_fields(*out, step, root, alive);
    return error ? error : restore_lists_of(*out, step, root);
}

int syncplay_hub_restore(syncplay_hub *hub, int64_t now, const char *bytes, size_t length, int64_t unix_alive,
                         syncplay_id *id)
{
    struct step step;
    struct session *session = NULL;
    const char *reason = "";
    int error = hub_begin(hub, now, &step);
    if (error)
        return error;
    if (!bytes)
        return step_fail(&step, SYNCPLAY_ERROR_ARGUMENT, "bytes are missing");
    if (hub->by_id.count >= hub->config.max_sessions)
        return step_fail(&step, SYNCPLAY_ERROR_LIMIT, "there are max_sessions = %u sessions already",
                         hub->config.max_sessions);
    json_value root = json_parse(bytes, length, SNAPSHOT_DEPTH, &reason);
    int64_t alive = (unix_alive < 0 ? 0 : unix_alive > UNIX_MAX ? UNIX_MAX : unix_alive) - step.unix_offset;
    if (root)
        error = build(hub, &step, root, alive < step.now ? alive : step.now, &session);
    else
        error = reason ? SYNCPLAY_ERROR_SNAPSHOT : SYNCPLAY_ERROR_MEMORY;
    json_free(root);
    if (!error && !registry_reserve(hub))
        error = SYNCPLAY_ERROR_MEMORY;
    if (error) {
        session_free(&hub->memory, session);
        if (reason && *reason)
            step_fail(&step, error, "%s: %s", syncplay_strerror(error), reason);
        return hub_fail(&step, error);
    }
    registry_add(hub, session);
    if (id)
        *id = session->id; /* NOLINT(clang-analyzer-core.NullDereference): without an error there is one */
    hub_finish(hub, session);
    return SYNCPLAY_OK;
}

int syncplay_hub_restore_chat(syncplay_hub *hub, const syncplay_id *id, const syncplay_id *message_id,
                              const syncplay_user *author, const char *text, int64_t unix_time)
{
    struct step step;
    struct history_message head;
    syncplay_user who = {.struct_size = sizeof who};
    int error = hub_begin(hub, hub ? hub->now : 0, &step);
    if (error)
        return error;
    struct session *session = registry_find(hub, id);
    if (!session)
        return step_fail(&step, SYNCPLAY_ERROR_NOT_FOUND, "there is no such session");
    error = hub_take(&step, "author", &who, author, sizeof who);
    error = error ? error : check_user(&step, &who);
    if (error)
        return error;
    if (!message_id || !text)
        return step_fail(&step, SYNCPLAY_ERROR_ARGUMENT, "%s is missing", message_id ? "text" : "message_id");
    if (!is_message(text))
        return step_fail(&step, SYNCPLAY_ERROR_FIELD, "text must be UTF-8 of 1 to %d characters", CHECKS_CHAT_MAX);
    if (unix_time < 0 || unix_time > UNIX_MAX)
        return step_fail(&step, SYNCPLAY_ERROR_FIELD, "unix_time must be 0 to %lld", (long long)UNIX_MAX);
    memset(&head, 0, sizeof head);
    head.id = *message_id;
    head.user = who.id;
    head.unix_time = unix_time;
    memcpy(head.name, who.name, strlen(who.name) + 1);
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): hub_begin refuses NULL */
    return history_add(&session->history, &hub->memory, hub->config.chat_history, &head, text) ? SYNCPLAY_OK
                                                                                               : SYNCPLAY_ERROR_MEMORY;
}
