/*
 * Runs stories about the library: plays the actions of a *.trace file in virtual time, writes down what each connection
 * is told (from the real bytes), and compares that with what the file says. Prints TAP, one test a file.
 *
 *     run_traces [--update | --oom | --snapshots] FILE.trace ...
 *
 *     --update   writes the transcript into the file, for a person to read the difference
 *     --oom      lets each allocation of each call fail, once alone and once with all that follow, before the call is made
 *                in earnest: nothing may have changed by it, and the transcript must be the same as ever
 *     --snapshots  shows what is saved of the session at the end, if there is one, for comparing machines
 *
 * A trace is a comment that says what it shows, then actions; what stands indented below an action is its transcript:
 * what was told at that moment (`-> ana ben: ...`), or later, before the next action (`12.000 -> ana: ...`), and what a
 * call answered (`= ...`).
 *
 *     config NAME VALUE                     a setting of the hub, durations in seconds; before the first action
 *     friends HOST USER                     the host application calls them friends
 *     forbids USER PERMISSION               the host application does not permit them syncplay.create, say
 *     SECONDS WHO creates public|private|friends [host-only] [no-chat] [knock] [max=N]     without a connection
 *     SECONDS WHO connects | drops          WHO is a name, or NAME/2 for a second connection of the same user
 *     SECONDS WHO joins                     connects if need be; the session that was created last
 *     SECONDS WHO plays | pauses | ready | stalls | leaves | ends | asks           (asks: for the state)
 *     SECONDS WHO seeks MS | chats TEXT | admits NAME | denies NAME | kicks NAME | bans NAME | unbans NAME
 *     SECONDS WHO mutes NAME | unmutes NAME | hands-over NAME | deletes N       (the chat message #N)
 *     SECONDS WHO makes NAME controller|viewer|chat_only
 *     SECONDS WHO invites [role=R] [for=SECONDS] [uses=N] | revokes | is-invited     (the invitation that was made last)
 *     SECONDS WHO resumes                   joins with the resume token and the cursor that it was told last
 *     SECONDS WHO remembers                 the resume token and the cursor, as $remembered and $oldcursor, for later
 *     SECONDS WHO says JSON                 any message; $code, $odd (the code, oddly spelled), $resume, $cursor, $remembered,
 *                                       $oldcursor, $invitation, $invitationid and $NAME (an id) are filled in
 *     SECONDS WHO roundtrip MS          the transport has measured one
 *     SECONDS WHO requests join|leave|play|pause|end     as by REST
 *     SECONDS WHO looks                 at the session, by the typed API
 *     SECONDS hub stops | starts        the session is saved, and restored by another hub with another clock
 *     SECONDS the end                   lets the time pass until then
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include <syncplay/syncplay.h>

#include "../memory/edge.h"
#include "../memory/scarce.h"
#include "../memory/witness.h"
#include "render.h"

enum { PEOPLE_MAX = 64, CONNECTIONS_MAX = 128, MESSAGES_MAX = 256, LINE = 8192, SNAPSHOT = 1 << 20 };

#define SECOND INT64_C(1000000)
#define UNIX_START (INT64_C(1795000000) * SECOND)

/* What a person's client keeps to come back with. */
struct keepsake {
    char resume[SYNCPLAY_TOKEN_SIZE], remembered[SYNCPLAY_TOKEN_SIZE];
    double cursor, remembered_cursor;
};

struct connection {
    char label[40];  /* "ben", or "ben/2" for a second one */
    unsigned person; /* index */
    bool is_open;
};

struct story {
    syncplay_hub *hub;
    syncplay_hub_config config;
    int64_t now;  /* of the story, from 0 */
    int64_t base; /* the hub's monotonic clock is now + base: another one after each restart */
    uint64_t random;
    syncplay_id session;
    char code[SYNCPLAY_CODE_SIZE];
    char people[PEOPLE_MAX][40];
    unsigned people_count;
    struct connection connections[CONNECTIONS_MAX]; /* a connection's number is its index + 1 */
    unsigned connection_count;
    char messages[MESSAGES_MAX][SYNCPLAY_ID_SIZE];
    unsigned message_count;
    unsigned friends[PEOPLE_MAX]; /* pairs: host * PEOPLE_MAX + user */
    unsigned friend_count;
    unsigned forbidden[PEOPLE_MAX]; /* bits of permissions, by person */
    struct keepsake keepsakes[PEOPLE_MAX];
    char invitation[SYNCPLAY_TOKEN_SIZE], invitation_id[SYNCPLAY_ID_SIZE];
    char *saved;
    size_t saved_length;
    int64_t saved_at;
    FILE *out;         /* the transcript */
    bool in_time;      /* told by the passing of time, not by the action */
    char trouble[256]; /* why the story cannot be told: "" if it can */
    bool is_scarce;    /* --oom */
    unsigned told;     /* messages and events in the present call, without the news that there is no memory */
};

static void trouble(struct story *story, const char *what, const char *about)
{
    if (!story->trouble[0])
        snprintf(story->trouble, sizeof story->trouble, "%s: %.200s", what, about);
}

/* --- Names */

static unsigned person_of(struct story *story, const char *label)
{
    size_t length = strcspn(label, "/");
    for (unsigned i = 0; i < story->people_count; i++)
        if (strlen(story->people[i]) == length && memcmp(story->people[i], label, length) == 0)
            return i;
    if (story->people_count == PEOPLE_MAX || length >= sizeof story->people[0]) {
        trouble(story, "too many people, or too long a name", label);
        return 0;
    }
    memcpy(story->people[story->people_count], label, length);
    return story->people_count++;
}

static syncplay_user user_of(struct story *story, unsigned person)
{
    syncplay_user user;
    syncplay_user_default(&user, sizeof user);
    user.id.bytes[0] = 0xab;
    user.id.bytes[15] = (uint8_t)(person + 1);
    user.name = story->people[person];
    return user;
}

static const char *name_of(void *user_data, const char *uuid)
{
    struct story *story = user_data;
    syncplay_id id;
    for (unsigned i = 0; i < story->people_count; i++) {
        syncplay_user user = user_of(story, i);
        if (syncplay_id_parse(uuid, strlen(uuid), &id) && syncplay_id_equal(&id, &user.id))
            return story->people[i];
    }
    return uuid;
}

static unsigned number_of(void *user_data, const char *uuid)
{
    struct story *story = user_data;
    unsigned i = 0;
    while (i < story->message_count && strcmp(story->messages[i], uuid) != 0)
        i++;
    if (i == story->message_count && i < MESSAGES_MAX)
        snprintf(story->messages[story->message_count++], SYNCPLAY_ID_SIZE, "%s", uuid);
    return i + 1;
}

/* The open connection with this label; 0 if there is none. */
static uint64_t connection_of(const struct story *story, const char *label)
{
    for (unsigned i = 0; i < story->connection_count; i++)
        if (story->connections[i].is_open && strcmp(story->connections[i].label, label) == 0)
            return i + 1;
    return 0;
}

/* --- What the hub calls */

#define NO_MEMORY "\"code\":\"no_memory\""

static int64_t clock_of(const struct story *story)
{
    return story->now + story->base;
}

static void begin_line(struct story *story)
{
    fputs("    ", story->out);
    if (story->in_time)
        fprintf(story->out, "%.3f ", (double)story->now / SECOND);
}

/* What a client keeps of a message: how it could come back, and the invitation it has made. */
static void keep(struct story *story, unsigned person, const char *bytes, size_t length)
{
    struct keepsake *keepsake = &story->keepsakes[person];
    cJSON *root = cJSON_ParseWithLength(bytes, length);
    const cJSON *resume = cJSON_GetObjectItemCaseSensitive(root, "resume_token");
    const cJSON *cursor = cJSON_GetObjectItemCaseSensitive(root, "cursor");
    const cJSON *token = cJSON_GetObjectItemCaseSensitive(root, "token");
    const cJSON *invitation = cJSON_GetObjectItemCaseSensitive(root, "invitation");
    if (resume)
        snprintf(keepsake->resume, sizeof keepsake->resume, "%s", resume->valuestring);
    if (cursor)
        keepsake->cursor = cursor->valuedouble;
    if (token) {
        snprintf(story->invitation, sizeof story->invitation, "%s", token->valuestring);
        snprintf(story->invitation_id, sizeof story->invitation_id, "%s", render_text_of(invitation, "id"));
    }
    cJSON_Delete(root);
}

static void deliver(void *user_data, const uint64_t *connections, size_t count, const char *bytes, size_t length)
{
    struct story *story = user_data;
    char line[LINE];
    struct render_context context = {(double)(UNIX_START + story->now) / 1000, name_of, number_of, story};
    if (scarce.is_short && memmem(bytes, length, NO_MEMORY, strlen(NO_MEMORY)))
        return;
    bool was_short = scarce.is_short; /* our own reading of it is not what is tested */
    scarce.is_short = false;
    story->told++;
    begin_line(story);
    fputs("->", story->out);
    for (size_t i = 0; i < count; i++) {
        const struct connection *connection = &story->connections[connections[i] - 1];
        fprintf(story->out, " %s", connection->label);
        if (!connection->is_open)
            trouble(story, "told to a closed connection", connection->label);
        keep(story, connection->person, bytes, length);
    }
    if (!render(&context, bytes, length, line, sizeof line))
        trouble(story, "an odd message was delivered", "see the transcript");
    fprintf(story->out, ": %s\n", line);
    scarce.is_short = was_short;
}

static void count_event(void *user_data, const syncplay_event *event)
{
    (void)event;
    ((struct story *)user_data)->told++;
}

static bool are_friends(void *user_data, const syncplay_id *host, const syncplay_id *user)
{
    struct story *story = user_data;
    unsigned pair = (host->bytes[15] - 1u) * PEOPLE_MAX + user->bytes[15] - 1u;
    for (unsigned i = 0; i < story->friend_count; i++)
        if (story->friends[i] == pair)
            return true;
    return false;
}

static bool has_permission(void *user_data, const syncplay_id *user, syncplay_permission permission)
{
    struct story *story = user_data;
    return !(story->forbidden[user->bytes[15] - 1u] & 1u << permission);
}

/* SplitMix64: the same story, the same ids. */
static bool entropy(void *user_data, void *bytes, size_t length)
{
    struct story *story = user_data;
    uint8_t *out = bytes;
    for (size_t i = 0; i < length; i++) {
        uint64_t z = story->random += UINT64_C(0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        out[i] = (uint8_t)(z >> 56);
    }
    return true;
}

/* --- Calls that change something */

struct call {
    enum {
        CALL_NEW,
        CALL_CREATE,
        CALL_CONNECT,
        CALL_DISCONNECT,
        CALL_RECEIVE,
        CALL_SUBMIT,
        CALL_TICK,
        CALL_ROUND_TRIP,
        CALL_RESTORE
    } kind;
    const char *about; /* for a report */
    uint64_t connection;
    const syncplay_user *user;
    const syncplay_hub_callbacks *callbacks;
    const syncplay_content *content;
    const syncplay_settings *settings;
    const syncplay_command *command;
    const char *bytes;
    size_t length;
    int64_t time;
};

static int make(struct story *story, const struct call *call)
{
    syncplay_hub *hub = story->hub;
    int64_t now = clock_of(story);
    switch (call->kind) {
    case CALL_NEW:
        return syncplay_hub_new(&story->hub, now, &story->config, call->callbacks, story);
    case CALL_CREATE:
        return syncplay_hub_create(hub, now, call->user, call->content, call->settings, &story->session);
    case CALL_CONNECT:
        return syncplay_hub_connect(hub, now, call->connection, call->user);
    case CALL_DISCONNECT:
        return syncplay_hub_disconnect(hub, now, call->connection);
    case CALL_RECEIVE:
        return syncplay_hub_receive(hub, now, call->connection, edge_copy(call->bytes, call->length), call->length);
    case CALL_SUBMIT:
        return syncplay_hub_submit_for(hub, now, &story->session, call->user, call->command);
    case CALL_TICK:
        return syncplay_hub_tick(hub, now);
    case CALL_ROUND_TRIP:
        return syncplay_hub_round_trip(hub, now, call->connection, call->time);
    default:
        return syncplay_hub_restore(hub, now, edge_copy(call->bytes, call->length), call->length, call->time,
                                    &story->session);
    }
}

/* Makes the call while the allocation after `left` others fails. True if none did: then the call has been made. */
static bool make_short(struct story *story, const struct call *call, size_t left, bool for_good, const char *before,
                       int *error)
{
    uint64_t random = story->random;
    syncplay_id id;
    story->told = 0;
    scarce_begin(left, for_good);
    *error = make(story, call);
    if (!scarce_end() || *error == SYNCPLAY_ERROR_MALFORMED) /* what is no JSON at all is so without memory, too */
        return true;
    if (*error != SYNCPLAY_ERROR_MEMORY)
        trouble(story, "a lack of memory went unnoticed", call->about);
    if (story->told)
        trouble(story, "something was told although memory was short", call->about);
    if (story->hub && syncplay_hub_take_changed(story->hub, &id, 1))
        trouble(story, "a change was noted although memory was short", call->about);
    story->random = random;
    char *after = witness(story->hub, clock_of(story), story->connection_count);
    if (strcmp(before, after) != 0)
        trouble(story, "something has changed although memory was short", call->about);
    free(after);
    return false;
}

/*
 * What a failed call has made room for stays, and then the next attempt comes farther with as many allocations: it begins from
 * the first one again.
 */
static int make_all_short(struct story *story, const struct call *call)
{
    syncplay_id id;
    int error = SYNCPLAY_OK;
    char *before = witness(story->hub, clock_of(story), story->connection_count);
    while (story->hub && syncplay_hub_take_changed(story->hub, &id, 1) == 1)
        continue;
    size_t most = scarce.bytes;
    for (size_t left = 0; !story->trouble[0]; left++) {
        if (make_short(story, call, left, false, before, &error))
            break;
        bool has_grown = scarce.bytes > most;
        most = has_grown ? scarce.bytes : most;
        if (has_grown)
            left = (size_t)-1;
        else if (make_short(story, call, left, true, before, &error))
            break;
    }
    char *after = witness(story->hub, clock_of(story), story->connection_count);
    if (error && strcmp(before, after) != 0)
        trouble(story, "something has changed although it was refused", call->about);
    free(after);
    free(before);
    return error;
}

/* All calls that change something are made here. */
static int call_hub(struct story *story, const struct call *call)
{
    return story->is_scarce ? make_all_short(story, call) : make(story, call);
}

static void open_hub(struct story *story)
{
    syncplay_hub_callbacks callbacks;
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.deliver = deliver;
    callbacks.event = count_event;
    callbacks.allocate = scarce_allocate;
    callbacks.are_friends = are_friends;
    callbacks.has_permission = has_permission;
    callbacks.entropy = entropy;
    story->config.unix_time = UNIX_START + story->now;
    if (call_hub(story, &(struct call){CALL_NEW, "new", .callbacks = &callbacks}) != SYNCPLAY_OK)
        trouble(story, "no hub", "is the configuration valid?");
}

static void need_hub(struct story *story)
{
    if (!story->hub)
        open_hub(story);
}

/* What a call returned, unless the transcript shows it anyway. */
static void show_result(struct story *story, int error)
{
    if (error)
        fprintf(story->out, "    = %s: %s\n", syncplay_error_code(error), syncplay_hub_why(story->hub));
}

/* --- Actions */

static bool take_setting(const char *text, const char *name, double *value)
{
    char key[40];
    snprintf(key, sizeof key, "%s=", name);
    const char *found = strstr(text, key);
    if (found)
        *value = strtod(found + strlen(key), NULL);
    return found;
}

static void create(struct story *story, const char *who, const char *rest)
{
    syncplay_user user = user_of(story, person_of(story, who));
    syncplay_settings settings;
    syncplay_content content;
    syncplay_session_info info = {.struct_size = sizeof info};
    double most = 0;
    syncplay_settings_default(&settings, sizeof settings);
    syncplay_content_default(&content, sizeof content);
    settings.visibility = strstr(rest, "public")    ? SYNCPLAY_PUBLIC
                          : strstr(rest, "friends") ? SYNCPLAY_FRIENDS
                                                    : SYNCPLAY_PRIVATE;
    settings.control = strstr(rest, "host-only") ? SYNCPLAY_CONTROL_HOST : SYNCPLAY_CONTROL_EVERYONE;
    settings.chat_enabled = !strstr(rest, "no-chat");
    settings.strangers = strstr(rest, "knock") ? SYNCPLAY_STRANGERS_KNOCK : SYNCPLAY_STRANGERS_REFUSE;
    take_setting(rest, "max", &most);
    settings.max_participants = (uint32_t)most;
    content.type = "movie";
    content.title = "Film";
    content.id.bytes[15] = 7;
    show_result(story, call_hub(story, &(struct call){CALL_CREATE, "create", .user = &user, .content = &content,
                                                      .settings = &settings}));
    if (syncplay_hub_session(story->hub, clock_of(story), &story->session, &info) == SYNCPLAY_OK)
        memcpy(story->code, info.code, sizeof story->code);
}

static uint64_t connect(struct story *story, const char *label)
{
    uint64_t number = connection_of(story, label);
    if (number || story->connection_count == CONNECTIONS_MAX)
        return number;
    struct connection *connection = &story->connections[story->connection_count++];
    number = story->connection_count;
    connection->person = person_of(story, label);
    connection->is_open = true;
    snprintf(connection->label, sizeof connection->label, "%s", label);
    syncplay_user user = user_of(story, connection->person);
    if (call_hub(story, &(struct call){CALL_CONNECT, "connect", .connection = number, .user = &user}) != SYNCPLAY_OK)
        trouble(story, "connect failed", label);
    return number;
}

/* What a word after a $ stands for, in a message of `person`; "" if it is the name of somebody. */
static void look_up(const struct story *story, unsigned person, const char *word, char value[64])
{
    const struct keepsake *keepsake = &story->keepsakes[person];
    value[0] = 0;
    if (strcmp(word, "code") == 0)
        snprintf(value, 64, "%s", story->code);
    else if (strcmp(word, "resume") == 0)
        snprintf(value, 64, "%s", keepsake->resume);
    else if (strcmp(word, "remembered") == 0)
        snprintf(value, 64, "%s", keepsake->remembered);
    else if (strcmp(word, "cursor") == 0)
        snprintf(value, 64, "%.0f", keepsake->cursor);
    else if (strcmp(word, "oldcursor") == 0)
        snprintf(value, 64, "%.0f", keepsake->remembered_cursor);
    else if (strcmp(word, "invitation") == 0)
        snprintf(value, 64, "%s", story->invitation);
    else if (strcmp(word, "invitationid") == 0)
        snprintf(value, 64, "%s", story->invitation_id);
    else if (strcmp(word, "odd") == 0)
        for (const char *c = story->code; *c; c++)
            snprintf(value + strlen(value), 64 - strlen(value), c - story->code == 3 ? " - %c" : "%c",
                     *c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
}

/* Fills in what stands after each $ of a message. */
static void substitute(struct story *story, const char *label, const char *text, char *out, size_t size)
{
    size_t length = 0;
    while (*text && length + 64 < size) {
        if (*text != '$') {
            out[length++] = *text++;
            continue;
        }
        size_t word = strspn(++text, "abcdefghijklmnopqrstuvwxyz");
        char name[40] = "", value[64];
        memcpy(name, text, word < sizeof name ? word : 0);
        look_up(story, person_of(story, label), name, value);
        if (!value[0]) {
            syncplay_user user = user_of(story, person_of(story, name));
            syncplay_id_format(&user.id, value);
        }
        length += (size_t)sprintf(out + length, "%s", value);
        text += word;
    }
    out[length] = 0;
}

static void say(struct story *story, const char *label, const char *text)
{
    char message[2 * LINE];
    uint64_t connection = connection_of(story, label);
    substitute(story, label, text, message, sizeof message);
    if (!connection)
        trouble(story, "has no connection", label);
    else
        call_hub(story, &(struct call){CALL_RECEIVE, message, .connection = connection, .bytes = message,
                                       .length = strlen(message)});
}

/* Short forms of what is said often. */
static bool say_short(struct story *story, const char *label, const char *verb, const char *rest)
{
    static const char *const forms[][2] = {
        {"joins", "{\"type\":\"join\",\"session_code\":\"$code\"}"},
        {"leaves", "{\"type\":\"leave\"}"},
        {"plays", "{\"type\":\"play\"}"},
        {"pauses", "{\"type\":\"pause\"}"},
        {"ready", "{\"type\":\"ready\",\"buffered_ms\":5000}"},
        {"stalls", "{\"type\":\"ready\",\"buffered_ms\":0}"},
        {"seeks", "{\"type\":\"seek\",\"position_ms\":%s}"},
        {"chats", "{\"type\":\"chat\",\"message\":\"%s\"}"},
        {"types", "{\"type\":\"typing\"}"},
        {"stops-typing", "{\"type\":\"typing\",\"typing\":false}"},
        {"reacts", "{\"type\":\"react\",\"reaction\":\"%s\"}"},
        {"admits", "{\"type\":\"admit\",\"user_id\":\"$%s\"}"},
        {"denies", "{\"type\":\"deny\",\"user_id\":\"$%s\"}"},
        {"kicks", "{\"type\":\"kick\",\"user_id\":\"$%s\"}"},
        {"bans", "{\"type\":\"ban\",\"user_id\":\"$%s\"}"},
        {"unbans", "{\"type\":\"unban\",\"user_id\":\"$%s\"}"},
        {"mutes", "{\"type\":\"mute\",\"user_id\":\"$%s\",\"muted\":true}"},
        {"unmutes", "{\"type\":\"mute\",\"user_id\":\"$%s\",\"muted\":false}"},
        {"hands-over", "{\"type\":\"host\",\"user_id\":\"$%s\"}"},
        {"revokes", "{\"type\":\"revoke\",\"invitation_id\":\"$invitationid\"}"},
        {"is-invited", "{\"type\":\"join\",\"session_code\":\"$code\",\"invitation\":\"$invitation\"}"},
        {"resumes", "{\"type\":\"join\",\"session_code\":\"$code\",\"resume_token\":\"$resume\",\"cursor\":$cursor}"},
        {"ends", "{\"type\":\"end\"}"},
        {"asks", "{\"type\":\"state\"}"},
        {"says", "%s"},
    };
    char text[LINE];
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const char *hole = strstr(forms[i][1], "%s");
        if (strcmp(forms[i][0], verb) != 0)
            continue;
        if (hole)
            snprintf(text, sizeof text, "%.*s%s%s", (int)(hole - forms[i][1]), forms[i][1], rest, hole + 2);
        else
            snprintf(text, sizeof text, "%s", forms[i][1]);
        if (strcmp(verb, "joins") == 0 || strcmp(verb, "resumes") == 0 || strcmp(verb, "is-invited") == 0)
            connect(story, label);
        say(story, label, text);
        return true;
    }
    return false;
}

/* Messages that are put together from more than one word. */
static bool say_composed(struct story *story, const char *label, const char *verb, const char *rest)
{
    char text[LINE], name[40] = "", role[20] = "";
    double number;
    int length = 0;
    if (strcmp(verb, "makes") == 0 && sscanf(rest, "%39s %19s", name, role) == 2) {
        snprintf(text, sizeof text, "{\"type\":\"role\",\"user_id\":\"$%s\",\"role\":\"%s\"}", name, role);
    } else if (strcmp(verb, "deletes") == 0 && sscanf(rest, "%lf", &number) == 1 && number <= story->message_count) {
        snprintf(text, sizeof text, "{\"type\":\"delete\",\"id\":\"%s\"}", story->messages[(unsigned)number - 1]);
    } else if (strcmp(verb, "invites") == 0) {
        const char *found = strstr(rest, "role=");
        length = snprintf(text, sizeof text, "{\"type\":\"invite\"");
        if (found && sscanf(found, "role=%19s", role) == 1)
            length += snprintf(text + length, sizeof text - (size_t)length, ",\"role\":\"%s\"", role);
        if (take_setting(rest, "for", &number))
            length += snprintf(text + length, sizeof text - (size_t)length, ",\"expires_in_ms\":%g", number * 1000);
        if (take_setting(rest, "uses", &number))
            length += snprintf(text + length, sizeof text - (size_t)length, ",\"uses\":%g", number);
        snprintf(text + length, sizeof text - (size_t)length, "}");
    } else {
        return false;
    }
    say(story, label, text);
    return true;
}

static void remember(struct story *story, const char *label)
{
    struct keepsake *keepsake = &story->keepsakes[person_of(story, label)];
    memcpy(keepsake->remembered, keepsake->resume, sizeof keepsake->remembered);
    keepsake->remembered_cursor = keepsake->cursor;
}

/* A command without a connection, as by REST. */
static void submit_for(struct story *story, const char *who, const char *name)
{
    static const struct {
        const char *name;
        syncplay_command_kind kind;
    } kinds[] = {{"join", SYNCPLAY_COMMAND_JOIN},
                 {"leave", SYNCPLAY_COMMAND_LEAVE},
                 {"play", SYNCPLAY_COMMAND_PLAY},
                 {"pause", SYNCPLAY_COMMAND_PAUSE},
                 {"end", SYNCPLAY_COMMAND_END}};
    syncplay_user user = user_of(story, person_of(story, who));
    syncplay_command command;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0) {
            syncplay_command_default(&command, sizeof command, kinds[i].kind);
            show_result(story, call_hub(story, &(struct call){CALL_SUBMIT, name, .user = &user, .command = &command}));
            return;
        }
    trouble(story, "no such request", name);
}

static void look(struct story *story)
{
    syncplay_session_info info = {.struct_size = sizeof info};
    char host[SYNCPLAY_ID_SIZE];
    int error = syncplay_hub_session(story->hub, clock_of(story), &story->session, &info);
    if (error) {
        fprintf(story->out, "    = %s\n", syncplay_error_code(error));
        return;
    }
    syncplay_id_format(&info.host_user_id, host);
    fprintf(story->out,
            "    = %s position=%.16g speed=%" PRId32 " revision=%" PRIu64 " host=%s participants=%" PRIu32
            " connected=%" PRIu32 "\n",
            syncplay_phase_name(info.phase), (double)info.position / 1000, info.speed, info.revision,
            name_of(story, host), info.participants, info.connected);
}

static void stop_hub(struct story *story)
{
    story->saved = malloc(SNAPSHOT);
    if (!story->saved || syncplay_hub_save(story->hub, clock_of(story), &story->session, 0, story->saved, SNAPSHOT,
                                           &story->saved_length) != SYNCPLAY_OK)
        trouble(story, "could not be saved", story->code);
    syncplay_hub_free(story->hub);
    story->hub = NULL;
    story->saved_at = story->now;
    for (unsigned i = 0; i < story->connection_count; i++)
        story->connections[i].is_open = false;
}

static void start_hub(struct story *story)
{
    story->base -= 12345 * SECOND; /* another machine, another monotonic clock */
    open_hub(story);
    show_result(story, call_hub(story, &(struct call){CALL_RESTORE, "restore", .bytes = story->saved,
                                                      .length = story->saved_length,
                                                      .time = UNIX_START + story->saved_at}));
    free(story->saved);
    story->saved = NULL;
}

static void act(struct story *story, const char *who, const char *verb, const char *rest)
{
    if (strcmp(who, "hub") == 0 && strcmp(verb, "stops") == 0 && story->hub && !story->saved) {
        stop_hub(story);
        return;
    }
    if (strcmp(who, "hub") == 0 && strcmp(verb, "starts") == 0 && !story->hub && story->saved) {
        start_hub(story);
        return;
    }
    if (!story->hub && story->saved) {
        trouble(story, "the hub is stopped", who);
        return;
    }
    need_hub(story);
    if (strcmp(who, "the") == 0 && strcmp(verb, "end") == 0)
        return;
    if (strcmp(verb, "creates") == 0)
        create(story, who, rest);
    else if (strcmp(verb, "connects") == 0)
        connect(story, who);
    else if (strcmp(verb, "looks") == 0)
        look(story);
    else if (strcmp(verb, "requests") == 0)
        submit_for(story, who, rest);
    else if (strcmp(verb, "drops") == 0 && connection_of(story, who)) {
        uint64_t number = connection_of(story, who);
        story->connections[number - 1].is_open = false;
        show_result(story, call_hub(story, &(struct call){CALL_DISCONNECT, "disconnect", .connection = number}));
    } else if (strcmp(verb, "roundtrip") == 0 && connection_of(story, who))
        show_result(story, call_hub(story, &(struct call){CALL_ROUND_TRIP, "round trip",
                                                          .connection = connection_of(story, who),
                                                          .time = (int64_t)(strtod(rest, NULL) * 1000)}));
    else if (strcmp(verb, "remembers") == 0)
        remember(story, who);
    else if (!say_short(story, who, verb, rest) && !say_composed(story, who, verb, rest))
        trouble(story, "no such action", verb);
}

/* Lines without a time: how the world is set up. */
static void set_up(struct story *story, const char *line)
{
    struct {
        const char *name;
        int64_t *value;
    } durations[] = {
        {"seat_grace", &story->config.seat_grace},           {"session_timeout", &story->config.session_timeout},
        {"wait_timeout", &story->config.wait_timeout},       {"wait_budget", &story->config.wait_budget},
        {"stall_tolerance", &story->config.stall_tolerance}, {"knock_timeout", &story->config.knock_timeout},
        {"away_after", &story->config.away_after},           {"kick_cooldown", &story->config.kick_cooldown}};
    struct {
        const char *name;
        uint32_t *value;
    } counts[] = {{"chat_history", &story->config.chat_history},
                  {"max_knocks", &story->config.max_knocks},
                  {"max_invitations", &story->config.max_invitations},
                  {"max_removed", &story->config.max_removed},
                  {"replay_bytes", &story->config.replay_bytes}};
    char name[40], value[40];
    if (sscanf(line, "friends %39s %39s", name, value) == 2 && story->friend_count < PEOPLE_MAX) {
        story->friends[story->friend_count++] = person_of(story, name) * PEOPLE_MAX + person_of(story, value);
        return;
    }
    if (sscanf(line, "config %39s %39s", name, value) == 2) {
        for (size_t i = 0; i < sizeof durations / sizeof *durations; i++)
            if (strcmp(durations[i].name, name) == 0) {
                *durations[i].value = (int64_t)(strtod(value, NULL) * SECOND);
                return;
            }
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
            if (strcmp(counts[i].name, name) == 0) {
                *counts[i].value = (uint32_t)strtoul(value, NULL, 10);
                return;
            }
    }
    if (sscanf(line, "forbids %39s %39s", name, value) == 2)
        for (syncplay_permission p = SYNCPLAY_PERMISSION_CREATE; p <= SYNCPLAY_PERMISSION_HOST_CONTROLS; p++)
            if (strcmp(syncplay_permission_name(p), value) == 0) {
                story->forbidden[person_of(story, name)] |= 1u << p;
                return;
            }
    trouble(story, "not understood", line);
}

/* Lets time pass, ticking at each deadline, as a host would. */
static void pass(struct story *story, int64_t until)
{
    if (until < story->now)
        trouble(story, "time runs backwards", "look at the times");
    story->in_time = true;
    while (story->hub && syncplay_hub_deadline(story->hub) <= until + story->base) {
        int64_t due = syncplay_hub_deadline(story->hub) - story->base;
        story->now = due > story->now ? due : story->now;
        if (call_hub(story, &(struct call){.kind = CALL_TICK, .about = "tick"}) != SYNCPLAY_OK)
            trouble(story, "a tick failed", syncplay_hub_why(story->hub));
        if (syncplay_hub_deadline(story->hub) <= clock_of(story)) {
            trouble(story, "a tick left something due", "the deadline is not in the future");
            break;
        }
    }
    story->in_time = false;
    story->now = until;
}

static void line_of(struct story *story, char *line)
{
    char *end, who[40], verb[40];
    int used = 0;
    double seconds = strtod(line, &end);
    if (end == line) {
        set_up(story, line);
    } else if (sscanf(end, " %39s %39s %n", who, verb, &used) < 2) {
        trouble(story, "not understood", line);
    } else {
        pass(story, (int64_t)(seconds * SECOND + 0.5));
    }
    fprintf(story->out, "%s\n", line);
    if (end != line && !story->trouble[0])
        act(story, who, verb, used ? end + used : "");
}

/* --- Files */

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, 1 << 20);
    if (!file || !text || fread(text, 1, (1 << 20) - 1, file) == 0 || ferror(file)) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(2);
    }
    fclose(file);
    return text;
}

static void show_snapshot(const struct story *story)
{
    static char saved[SNAPSHOT];
    size_t length;
    if (story->hub && syncplay_hub_save(story->hub, clock_of(story), &story->session, 0, saved, sizeof saved,
                                        &length) == SYNCPLAY_OK)
        printf("# saved: %.*s\n", (int)length, saved);
}

/* Tells the story anew; the text it should have is left in *told, which the caller frees. */
static void tell(struct story *story, const char *text, bool is_scarce, bool shows_snapshot, char **told)
{
    size_t size;
    char line[LINE];
    memset(story, 0, sizeof *story);
    story->is_scarce = is_scarce;
    syncplay_hub_config_default(&story->config, sizeof story->config);
    story->base = 1000 * SECOND;
    story->out = open_memstream(told, &size);
    if (text[0] != '#')
        trouble(story, "the first line must say what the trace shows", "# ...");
    while (*text && !story->trouble[0]) {
        size_t length = strcspn(text, "\n");
        if (length >= sizeof line) {
            trouble(story, "too long a line", "");
            break;
        }
        memcpy(line, text, length);
        line[length] = 0;
        text += length + (text[length] == '\n');
        if (line[0] == '#' || line[0] == 0)
            fprintf(story->out, "%s\n", line);
        else if (line[0] != ' ')
            line_of(story, line);
    }
    if (shows_snapshot)
        show_snapshot(story);
    syncplay_hub_free(story->hub);
    if (scarce.blocks)
        trouble(story, "memory was not given back", "see ASan");
    free(story->saved);
    fclose(story->out);
}

/* Shows the first place where two texts differ. */
static void show_difference(const char *expected, const char *told)
{
    unsigned line = 1;
    while (*expected || *told) {
        int a = (int)strcspn(expected, "\n"), b = (int)strcspn(told, "\n");
        if (a != b || memcmp(expected, told, (size_t)a) != 0) {
            printf("#   line %u\n#   expected: %.*s\n#   told:     %.*s\n", line, a, expected, b, told);
            return;
        }
        expected += a + (expected[a] == '\n');
        told += b + (told[b] == '\n');
        line++;
    }
}

static bool run(const char *path, bool update, bool is_scarce, bool shows_snapshot)
{
    static struct story story;
    char *expected = read_file(path), *told = NULL;
    tell(&story, expected, is_scarce, shows_snapshot, &told);
    bool ok = !story.trouble[0] && (update || strcmp(expected, told) == 0);
    if (story.trouble[0])
        printf("#   %s\n", story.trouble);
    else if (!ok)
        show_difference(expected, told);
    if (ok && update && strcmp(expected, told) != 0) {
        FILE *file = fopen(path, "wb");
        ok = file && fputs(told, file) >= 0 && fclose(file) == 0;
    }
    free(expected);
    free(told);
    return ok;
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 && strncmp(argv[1], "--", 2) == 0 ? argv[1] : "";
    bool update = strcmp(mode, "--update") == 0, is_scarce = strcmp(mode, "--oom") == 0;
    bool all = true, shows_snapshots = strcmp(mode, "--snapshots") == 0;
    int first = *mode ? 2 : 1;
    scarce_open();
    printf("1..%d\n", argc - first);
    for (int i = first; i < argc; i++) {
        const char *slash = strrchr(argv[i], '/');
        bool ok = run(argv[i], update, is_scarce, shows_snapshots);
        printf("%s %d - %s\n", ok ? "ok" : "not ok", i - first + 1, slash ? slash + 1 : argv[i]);
        all &= ok;
    }
    if (is_scarce)
        printf("# memory ran out %zu times\n", scarce.shortages);
    return all ? 0 : 1;
}
