/*
 * A hub and all around it, for fuzz targets: pretended clock, randomness, memory and permissions, some users,
 * connections and sessions. Everything that is told is checked, and so is the hub after each call (world_end).
 */
#ifndef FUZZ_WORLD_H
#define FUZZ_WORLD_H

#include <syncplay/syncplay.h>

#include "check.h"
#include "json_text.h"
#include "text.h"

#define SECOND INT64_C(1000000)
#define UNIX_START (INT64_C(1795000000) * SECOND)

enum { MOST_SEATS = 2000 /* of a session that comes from elsewhere */ };
enum { USERS = 6, CONNECTIONS = 8, SLOTS = 2, PARTICIPANTS = 4, KNOCKS = 3, HISTORY = 4 };

/* What lib/PROTOCOL.md allows between a message's outer brace and its innermost. */
#define TOLD_DEPTH 5

struct slot { /* a session, as we know it */
    syncplay_id id;
    char code[SYNCPLAY_CODE_SIZE];
    bool lives;
    uint64_t revision;
    struct text saved, taken; /* after the last call; when syncplay_hub_take_changed told of it last */
};

struct client { /* a connection, and what it keeps */
    bool is_open;
    unsigned user;
    uint64_t cursor;
};

struct world {
    syncplay_hub *hub;
    syncplay_hub_config config;
    int64_t now, unix_offset;

    uint64_t random;
    bool entropy_fails, refuses_content, are_friends, forbids;
    size_t most_seats;
    long live;        /* allocations that were not freed */
    long fails_after; /* so many more allocations succeed; -1: all of them */
    bool has_failed;  /* one did not, in the last call */

    struct slot slots[SLOTS];
    struct client clients[CONNECTIONS + 1];
    char resume[USERS][SYNCPLAY_TOKEN_SIZE]; /* told last to each user */
    uint64_t cursor[USERS];
    char invitation[SYNCPLAY_TOKEN_SIZE], invitation_id[SYNCPLAY_ID_SIZE], message_id[SYNCPLAY_ID_SIZE];

    bool is_told; /* between world_begin and world_end: a callback may come */
    size_t told, errors_told, events;
    int64_t deadline; /* before the call */

    /* Of a world that is compared with another: what is told, without cursors, and with this much taken from revisions.
     */
    struct text *record;
    uint64_t revision_gap;
};

/* --- What the hub calls */

/* SplitMix64. */
static inline uint64_t world_random(struct world *world)
{
    uint64_t z = world->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline bool world_entropy(void *user_data, void *bytes, size_t length)
{
    struct world *world = user_data;
    for (size_t i = 0; i < length; i++)
        ((uint8_t *)bytes)[i] = (uint8_t)world_random(world);
    return !world->entropy_fails;
}

static inline void *world_allocate(void *user_data, void *pointer, size_t size)
{
    struct world *world = user_data;
    if (!size) {
        world->live -= pointer != NULL;
        free(pointer);
        return NULL;
    }
    if (world->fails_after == 0) {
        world->has_failed = true;
        return NULL;
    }
    world->fails_after -= world->fails_after > 0;
    world->live += pointer == NULL;
    return realloc(pointer, size);
}

static inline bool world_are_friends(void *user_data, const syncplay_id *host, const syncplay_id *user)
{
    const struct world *world = user_data;
    CHECK(world->is_told && !syncplay_id_is_none(host));
    return world->are_friends && user->bytes[15] % 2 == 0;
}

static inline bool world_has_permission(void *user_data, const syncplay_id *user, syncplay_permission permission)
{
    const struct world *world = user_data;
    return !world->forbids || (user->bytes[15] + (unsigned)permission) % 2 == 0;
}

static inline const char *world_refuse_content(void *user_data, const syncplay_content *content)
{
    const struct world *world = user_data;
    CHECK(world->is_told && content->type);
    return world->refuses_content ? "content_type must be another" : NULL;
}

/* Copies what was told without cursors, and with the gap taken from revisions. */
static inline void world_record(struct world *world, const char *bytes, size_t length)
{
    while (length > 0) {
        const char *cursor = json_text_find(bytes, length, "cursor");
        const char *revision = json_text_find(bytes, length, "revision");
        const char *next = cursor && (!revision || cursor < revision) ? cursor : revision;
        size_t count = next ? (size_t)(next - bytes) : length;
        text_add(world->record, bytes, count);
        bytes += count;
        length -= count;
        if (!next)
            break;
        char *end;
        uint64_t number = strtoull(bytes, &end, 10); /* what the hub tells ends with a brace */
        if (next == revision)
            text_print(world->record, "%llu",
                       (unsigned long long)(number >= world->revision_gap ? number - world->revision_gap : number));
        length -= (size_t)(end - bytes);
        bytes = end;
    }
    text_add(world->record, "\n", 1);
}

static inline bool world_type_is(const char *bytes, size_t length, const char *type)
{
    const char *found = json_text_find(bytes, length, "type");
    return found && strncmp(found + 1, type, strlen(type)) == 0 && found[1 + strlen(type)] == '"';
}

static inline void world_keep_text(const char *bytes, size_t length, const char *key, char *text, size_t size)
{
    const char *found = json_text_find(bytes, length, key);
    if (found && *found == '"')
        snprintf(text, size, "%.*s", (int)strcspn(found + 1, "\""), found + 1);
}

/* Cursors grow; with a state, or for one who comes back, they begin anew. */
static inline void world_check_cursor(struct world *world, struct client *client, const char *bytes, size_t length)
{
    const char *found = json_text_find(bytes, length, "cursor");
    if (!found)
        return;
    uint64_t cursor = strtoull(found, NULL, 10);
    if (world_type_is(bytes, length, "resumed"))
        client->cursor = 0;
    else if (world_type_is(bytes, length, "state"))
        client->cursor = cursor;
    else
        CHECK_TOLD(cursor > client->cursor, bytes);
    if (cursor > client->cursor && !world_type_is(bytes, length, "resumed"))
        client->cursor = cursor;
    world->cursor[client->user] = cursor;
}

static inline void world_deliver(void *user_data, const uint64_t *connections, size_t count, const char *message,
                                 size_t length)
{
    static struct text copy; /* with a zero byte behind it */
    struct world *world = user_data;
    text_clear(&copy);
    text_add(&copy, message, length);
    const char *bytes = copy.bytes;
    CHECK(world->is_told && count > 0);
    CHECK_TOLD(json_text_is_object(bytes, length, TOLD_DEPTH), bytes);
    CHECK_TOLD(json_text_find(bytes, length, "type") != NULL, bytes);
    world->told += count;
    world->errors_told += world_type_is(bytes, length, "error");
    for (size_t i = 0; i < count; i++) {
        CHECK_TOLD(connections[i] >= 1 && connections[i] <= CONNECTIONS, bytes);
        struct client *client = &world->clients[connections[i]];
        CHECK_TOLD(client->is_open, bytes);
        for (size_t k = 0; k < i; k++)
            CHECK_TOLD(connections[k] != connections[i], bytes);
        world_check_cursor(world, client, bytes, length);
        world_keep_text(bytes, length, "resume_token", world->resume[client->user], SYNCPLAY_TOKEN_SIZE);
        if (world->record)
            text_print(world->record, "%llu ", (unsigned long long)connections[i]);
    }
    world_keep_text(bytes, length, "token", world->invitation, sizeof world->invitation);
    if (world_type_is(bytes, length, "invitation"))
        world_keep_text(bytes, length, "id", world->invitation_id, sizeof world->invitation_id);
    if (world_type_is(bytes, length, "chat"))
        world_keep_text(bytes, length, "id", world->message_id, sizeof world->message_id);
    if (world->record)
        world_record(world, bytes, length);
}

static inline void world_event(void *user_data, const syncplay_event *event)
{
    struct world *world = user_data;
    CHECK(world->is_told);
    CHECK(event->kind >= SYNCPLAY_EVENT_CREATED && event->kind <= SYNCPLAY_EVENT_REACTION);
    CHECK(!syncplay_id_is_none(&event->session) && event->code);
    CHECK(event->position >= 0 && event->position <= SYNCPLAY_POSITION_MAX);
    world->events++;
    if (world->record)
        text_print(world->record,
                   "event %d user %d action %d change %d reason %d phase %d position %lld at %lld speed %d\n",
                   event->kind, event->user.bytes[15], event->action, event->change, event->reason, event->phase,
                   (long long)event->position, (long long)event->unix_at, event->speed);
}

/* --- Making one */

static inline syncplay_user world_user(unsigned number)
{
    static const char *const names[USERS] = {"Ana", "Ben", "Cleo \"\\\xc3\xa9", "Dan", "Eve", "\xf0\x9f\x8e\xac"};
    syncplay_user user;
    syncplay_user_default(&user, sizeof user);
    user.id.bytes[0] = 0xab;
    user.id.bytes[15] = (uint8_t)(number + 1);
    user.name = names[number];
    return user;
}

/* Makes the hub, with world->config as it is. */
static inline void world_open(struct world *world)
{
    syncplay_hub_callbacks callbacks;
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.deliver = world_deliver;
    callbacks.event = world_event;
    callbacks.are_friends = world_are_friends;
    callbacks.entropy = world_entropy;
    callbacks.allocate = world_allocate;
    callbacks.has_permission = world_has_permission;
    callbacks.refuse_content = world_refuse_content;
    world->config.unix_time = world->now + world->unix_offset;
    CHECK(syncplay_hub_new(&world->hub, world->now, &world->config, &callbacks, world) == SYNCPLAY_OK);
}

/* Small limits, so that they are reached. */
static inline void world_init(struct world *world)
{
    memset(world, 0, sizeof *world);
    world->now = 50 * SECOND;
    world->unix_offset = UNIX_START;
    world->fails_after = -1;
    world->most_seats = PARTICIPANTS + KNOCKS;
    syncplay_hub_config_default(&world->config, sizeof world->config);
    world->config.max_sessions = SLOTS;
    world->config.max_participants = PARTICIPANTS;
    world->config.max_knocks = KNOCKS;
    world->config.session_timeout = 600 * SECOND;
    world->config.chat_history = HISTORY;
    world->config.kick_cooldown = 60 * SECOND;
    world->config.max_invitations = 3;
    world->config.max_removed = 4;
    world->config.reaction_rate_period = SYNCPLAY_TYPING_INTERVAL;
    world->config.replay_bytes = 6000;
}

/* Frees all; nothing of the hub's memory may be left. */
static inline void world_close(struct world *world)
{
    syncplay_hub_free(world->hub);
    CHECK(world->live == 0);
    for (unsigned i = 0; i < SLOTS; i++) {
        text_free(&world->slots[i].saved);
        text_free(&world->slots[i].taken);
    }
}

/* --- What must hold */

/* `text` is made as large as it has to be. */
static inline void world_save(const struct world *world, const syncplay_id *session, uint32_t flags, struct text *text)
{
    size_t length = 0, again = 0;
    text_clear(text);
    int error = syncplay_hub_save(world->hub, world->now, session, flags, text->bytes, text->capacity, &length);
    CHECK(error == (length < text->capacity ? SYNCPLAY_OK : SYNCPLAY_ERROR_BUFFER));
    if (error) {
        text_reserve(text, length + 1);
        CHECK(syncplay_hub_save(world->hub, world->now, session, flags, text->bytes, length + 1, &again) ==
              SYNCPLAY_OK);
        CHECK(again == length);
    }
    CHECK(text->bytes[length] == 0);
    CHECK_TOLD(json_text_is_object(text->bytes, length, TOLD_DEPTH), text->bytes);
    text->length = length;
}

/* Seats and knocks: each user once, one host, and as many as the limits allow. Returns how many are connected. */
static inline unsigned world_check_seats(const struct world *world, const syncplay_session_info *session)
{
    static syncplay_id users[MOST_SEATS];
    unsigned hosts = 0, seats = 0, connected = 0, count = 0;
    syncplay_participant_info info = {.struct_size = sizeof info};
    for (; syncplay_hub_participant(world->hub, &session->id, count, &info) == SYNCPLAY_OK; count++) {
        CHECK(count < world->most_seats);
        for (unsigned i = 0; i < count; i++)
            CHECK(!syncplay_id_equal(&users[i], &info.user_id));
        users[count] = info.user_id;
        CHECK(syncplay_name_is_valid(info.name));
        CHECK(info.is_host == (!info.is_knocking && syncplay_id_equal(&info.user_id, &session->host_user_id)));
        CHECK(!info.is_knocking || (info.rights == 0 && !info.is_host));
        CHECK(info.latency >= 0 && info.latency_max >= info.latency);
        hosts += info.is_host;
        seats += !info.is_knocking;
        connected += !info.is_knocking && info.is_connected;
    }
    CHECK(seats == session->participants && connected == session->connected);
    CHECK(hosts == 1 || (hosts == 0 && connected == 0)); /* whose seat was given up while nobody else was there */
    return connected;
}

static inline void world_check_state(const struct world *world, const syncplay_session_info *session)
{
    static char state[100000];
    size_t length;
    CHECK(syncplay_hub_state(world->hub, world->now, &session->id, &session->host_user_id, state, sizeof state,
                             &length) == SYNCPLAY_OK);
    CHECK_TOLD(json_text_is_object(state, length, TOLD_DEPTH), state);
    if (session->phase == SYNCPLAY_WAITING) { /* for somebody, or it is over with the next tick */
        const char *waiting = json_text_find(state, length, "waiting_for");
        CHECK_TOLD(waiting && (waiting[1] == '"' || syncplay_hub_deadline(world->hub) <= world->now), state);
    }
}

static inline void world_check_slot(struct world *world, struct slot *slot)
{
    syncplay_session_info info = {.struct_size = sizeof info};
    syncplay_id found;
    if (slot->lives)
        slot->lives = syncplay_hub_session(world->hub, world->now, &slot->id, &info) == SYNCPLAY_OK;
    if (!slot->lives)
        return;
    CHECK(syncplay_id_equal(&info.id, &slot->id) && strcmp(info.code, slot->code) == 0);
    CHECK(syncplay_hub_find(world->hub, info.code, strlen(info.code), &found) == SYNCPLAY_OK &&
          syncplay_id_equal(&found, &slot->id));
    CHECK(info.revision >= slot->revision);
    slot->revision = info.revision;
    CHECK(info.position >= 0 && info.position <= SYNCPLAY_POSITION_MAX);
    CHECK(info.speed >= SYNCPLAY_SPEED_MIN && info.speed <= SYNCPLAY_SPEED_MAX);
    CHECK(info.phase >= SYNCPLAY_IDLE && info.phase <= SYNCPLAY_PAUSED);
    CHECK(info.is_playing == (info.phase == SYNCPLAY_PLAYING));
    bool is_watched = info.connected > 0 && (info.phase == SYNCPLAY_PLAYING || info.phase == SYNCPLAY_WAITING);
    CHECK(is_watched || syncplay_hub_deadline(world->hub) != SYNCPLAY_NEVER); /* others do not live for ever */
    world_check_seats(world, &info);
    world_check_state(world, &info);
    world_save(world, &slot->id, 0, &slot->saved);
}

static inline void world_begin(struct world *world)
{
    world->is_told = true;
    world->has_failed = false;
    world->told = world->errors_told = world->events = 0;
    world->deadline = syncplay_hub_deadline(world->hub);
}

/*
 * After a call that came to `error`: if it failed, nothing has changed, and nobody was told anything but, where
 * `tells_errors`, the one who asked.
 */
static inline void world_end(struct world *world, int error, bool tells_errors)
{
    static struct text saved;
    world->is_told = false;
    world->fails_after = -1;
    world->entropy_fails = false;
    CHECK(error != SYNCPLAY_ERROR_MEMORY || world->has_failed);
    CHECK(error <= 0 && error >= SYNCPLAY_ERROR_RESUME && syncplay_hub_why(world->hub));
    if (error) {
        CHECK_TOLD(world->told == world->errors_told && world->told <= tells_errors && world->events == 0,
                   syncplay_hub_why(world->hub));
        CHECK(syncplay_hub_deadline(world->hub) == world->deadline);
    }
    for (unsigned i = 0; i < SLOTS; i++) {
        struct slot *slot = &world->slots[i];
        if (error && slot->lives) { /* what has not changed was looked at when it last did */
            world_save(world, &slot->id, 0, &saved);
            CHECK_TOLD(strcmp(text_of(&saved), text_of(&slot->saved)) == 0, text_of(&saved));
        } else {
            world_check_slot(world, slot);
        }
    }
}

/* --- The calls that every target makes */

static inline void world_tick(struct world *world)
{
    world_begin(world);
    int error = syncplay_hub_tick(world->hub, world->now);
    CHECK(error == SYNCPLAY_OK || error == SYNCPLAY_ERROR_MEMORY);
    if (error) /* what was not done is due still; the rest is done */
        CHECK(syncplay_hub_deadline(world->hub) <= world->now);
    else
        CHECK(syncplay_hub_deadline(world->hub) > world->now);
    world_end(world, SYNCPLAY_OK, false);
}

/* Time passes, as a good host lets it. */
static inline void world_pass(struct world *world, int64_t time)
{
    int64_t until = world->now + time;
    for (unsigned i = 0; syncplay_hub_deadline(world->hub) <= until; i++) {
        CHECK(i < 10000);
        if (syncplay_hub_deadline(world->hub) > world->now)
            world->now = syncplay_hub_deadline(world->hub);
        world_tick(world);
    }
    world->now = until;
}

static inline void world_create(struct world *world, unsigned slot_number, unsigned host,
                                syncplay_visibility visibility)
{
    struct slot *slot = &world->slots[slot_number];
    syncplay_session_info info = {.struct_size = sizeof info};
    syncplay_user user = world_user(host);
    syncplay_content content;
    syncplay_settings settings;
    syncplay_id id;
    syncplay_settings_default(&settings, sizeof settings);
    syncplay_content_default(&content, sizeof content);
    settings.visibility = visibility;
    content.type = "movie";
    content.id.bytes[15] = 7;
    content.title = "Film \"\\\xf0\x9f\x8e\xac";
    if (slot->lives)
        return;
    world_begin(world);
    int error = syncplay_hub_create(world->hub, world->now, &user, &content, &settings, &id);
    if (!error) {
        CHECK(syncplay_hub_session(world->hub, world->now, &id, &info) == SYNCPLAY_OK);
        slot->id = id;
        memcpy(slot->code, info.code, sizeof slot->code);
        slot->lives = true;
        slot->revision = 0;
        text_clear(&slot->taken);
    }
    world_end(world, error, false);
}

static inline void world_connect(struct world *world, uint64_t connection, unsigned user_number)
{
    syncplay_user user = world_user(user_number);
    struct client *client = &world->clients[connection];
    world_begin(world);
    int error = syncplay_hub_connect(world->hub, world->now, connection, &user);
    CHECK((error == SYNCPLAY_ERROR_EXISTS) == client->is_open);
    if (!error)
        *client = (struct client){.is_open = true, .user = user_number};
    world_end(world, error, false);
}

static inline void world_disconnect(struct world *world, uint64_t connection)
{
    struct client *client = &world->clients[connection];
    bool was_open = client->is_open;
    client->is_open = false; /* nothing may be told to it, not even by this very call */
    world_begin(world);
    int error = syncplay_hub_disconnect(world->hub, world->now, connection);
    CHECK((error == SYNCPLAY_ERROR_NOT_FOUND) == !was_open);
    client->is_open = was_open && error;
    world_end(world, error, false);
}

/* A message comes on a connection. It is copied, so that reading beyond its end is noticed. */
static inline void world_say(struct world *world, uint64_t connection, const char *bytes, size_t length)
{
    char *copy = malloc(length ? length : 1), code[SYNCPLAY_CODE_SIZE];
    CHECK(copy != NULL);
    memcpy(copy, bytes, length);
    syncplay_wire_join_code(copy, length, code);
    world_begin(world);
    int error = syncplay_hub_receive(world->hub, world->now, connection, copy, length);
    CHECK(!error || world->has_failed || world->errors_told == world->clients[connection].is_open);
    world_end(world, error, true);
    free(copy);
}

#endif
