/*
 * Makes test vectors of the wire: plays the calls that it reads, in virtual time and with fixed entropy, and writes down
 * each message that goes in, and all that come out, as lines of JSON. By the public headers alone; it judges nothing.
 *
 *     make_vectors <FILE.calls >FILE.jsonl
 *
 * A line is a comment, a setting of the hub (before the first call), or a call, with its time in milliseconds:
 *
 *     config NAME VALUE
 *     MS create NAME VISIBILITY             NAME makes a session; the codes and ids below are those of the last one
 *     MS connect CONNECTION NAME
 *     MS send CONNECTION BYTES              see fill()
 *     MS send-hex CONNECTION DIGITS         the same, of bytes that are no text
 *     MS send-long CONNECTION LENGTH BYTES  the same, with blanks behind it up to that length
 *     MS round-trip CONNECTION MS           the transport has measured one
 *     MS drop CONNECTION
 *     MS friends NAME NAME | forbid NAME PERMISSION
 *     MS end REASON                         by the host application
 *     MS pass                               time passes until then
 *     MS promise CONNECTION CODE            what the next message there is answered with: for the reader, who has written it
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <syncplay/syncplay.h>

#define MS INT64_C(1000)
#define UNIX_START (INT64_C(1795000000000) * MS)

enum { PEOPLE_MAX = 32, CONNECTIONS_MAX = 32, LINE = 40000, TOKEN = 64 };

struct maker {
    syncplay_hub_config config;
    syncplay_hub *hub;
    int64_t now;
    uint64_t random;
    syncplay_id session;
    char code[SYNCPLAY_CODE_SIZE];
    char people[PEOPLE_MAX][SYNCPLAY_NAME_MAX + 1];
    unsigned person_count;
    unsigned friends[PEOPLE_MAX]; /* bit N: a friend of person N */
    unsigned forbidden[PEOPLE_MAX];
    char resume[CONNECTIONS_MAX][TOKEN], cursor[CONNECTIONS_MAX][TOKEN];
    char chat[TOKEN], token[TOKEN], invitation[TOKEN];
};

static void stop(const char *what, const char *about)
{
    fprintf(stderr, "make_vectors: %s: %s\n", what, about);
    exit(2);
}

/* --- People */

static unsigned person_of(struct maker *maker, const char *name)
{
    for (unsigned i = 0; i < maker->person_count; i++)
        if (strcmp(maker->people[i], name) == 0)
            return i;
    if (maker->person_count == PEOPLE_MAX || strlen(name) > SYNCPLAY_NAME_MAX)
        stop("too many people, or too long a name", name);
    snprintf(maker->people[maker->person_count], sizeof maker->people[0], "%s", name);
    return maker->person_count++;
}

static syncplay_user user_of(struct maker *maker, const char *name)
{
    syncplay_user user = {.struct_size = sizeof user};
    unsigned person = person_of(maker, name);
    user.id.bytes[0] = 0xab;
    user.id.bytes[15] = (uint8_t)(person + 1);
    user.name = maker->people[person];
    return user;
}

/* --- What the hub calls */

static void write_text(const char *key, const char *text, size_t length)
{
    printf("\"%s\":\"", key);
    for (size_t i = 0; i < length; i++)
        if (text[i] == '"' || text[i] == '\\')
            printf("\\%c", text[i]);
        else if ((unsigned char)text[i] < 0x20)
            printf("\\u%04x", (unsigned)text[i]);
        else
            putchar(text[i]);
    printf("\"}\n");
}

/* Keeps what stands behind a mark, up to a quotation mark, comma or brace. */
static void keep(const char *message, const char *mark, char kept[TOKEN])
{
    const char *found = strstr(message, mark);
    size_t length = found ? strcspn(found + strlen(mark), "\",}") : 0;
    if (found && length < TOKEN) {
        memcpy(kept, found + strlen(mark), length);
        kept[length] = 0;
    }
}

static void deliver(void *user_data, const uint64_t *connections, size_t count, const char *bytes, size_t length)
{
    struct maker *maker = user_data;
    char message[LINE];
    if (length >= sizeof message)
        stop("a message is too long", "");
    memcpy(message, bytes, length);
    message[length] = 0;
    printf("{\"at\":%" PRId64 ",\"to\":[", maker->now / MS);
    for (size_t i = 0; i < count; i++) {
        printf(i ? ",%" PRIu64 : "%" PRIu64, connections[i]);
        keep(message, "\"resume_token\":\"", maker->resume[connections[i]]);
        keep(message, "\"cursor\":", maker->cursor[connections[i]]);
    }
    printf("],");
    write_text("out", bytes, length);
    if (strstr(message, "\"type\":\"chat\""))
        keep(message, "\"id\":\"", maker->chat);
    keep(message, "\"token\":\"", maker->token);
    keep(message, "\"invitation\":{\"id\":\"", maker->invitation);
}

/* SplitMix64. */
static bool entropy(void *user_data, void *bytes, size_t length)
{
    struct maker *maker = user_data;
    for (size_t i = 0; i < length; i++) {
        uint64_t z = maker->random += UINT64_C(0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        ((unsigned char *)bytes)[i] = (unsigned char)(z >> 56);
    }
    return true;
}

static bool are_friends(void *user_data, const syncplay_id *host, const syncplay_id *user)
{
    struct maker *maker = user_data;
    return maker->friends[user->bytes[15] - 1] & (1u << (host->bytes[15] - 1));
}

static bool has_permission(void *user_data, const syncplay_id *user, syncplay_permission permission)
{
    struct maker *maker = user_data;
    return !(maker->forbidden[user->bytes[15] - 1] & (1u << permission));
}

/* --- Calls */

static void configure(struct maker *maker, const char *name, int64_t value)
{
    const struct {
        const char *name;
        uint32_t *number;
        int64_t *duration;
    } settings[] = {
        {"max_participants", &maker->config.max_participants, NULL},
        {"max_knocks", &maker->config.max_knocks, NULL},
        {"max_invitations", &maker->config.max_invitations, NULL},
        {"replay_bytes", &maker->config.replay_bytes, NULL},
        {"session_timeout", NULL, &maker->config.session_timeout},
        {"wait_timeout", NULL, &maker->config.wait_timeout},
        {"chat_rate_count", &maker->config.chat_rate_count, NULL},
    };
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (strcmp(settings[i].name, name) == 0) {
            if (settings[i].number)
                *settings[i].number = (uint32_t)value;
            else
                *settings[i].duration = value * MS;
            return;
        }
    stop("no such setting", name);
}

static void begin(struct maker *maker)
{
    syncplay_hub_callbacks callbacks;
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.deliver = deliver;
    callbacks.entropy = entropy;
    callbacks.are_friends = are_friends;
    callbacks.has_permission = has_permission;
    maker->config.unix_time = UNIX_START;
    if (syncplay_hub_new(&maker->hub, 0, &maker->config, &callbacks, maker) != SYNCPLAY_OK)
        stop("no hub", "");
    printf("{\"protocol\":\"%s\",\"unix_ms\":%" PRId64 "}\n", SYNCPLAY_VERSION_TEXT, UNIX_START / MS);
}

/* Lets the time pass, and the hub do what is due when it is due. */
static void pass(struct maker *maker, int64_t until)
{
    for (int64_t due; (due = syncplay_hub_deadline(maker->hub)) <= until;) {
        maker->now = due > maker->now ? due : maker->now;
        syncplay_hub_tick(maker->hub, maker->now);
    }
    maker->now = until;
    syncplay_hub_tick(maker->hub, maker->now);
}

static void create(struct maker *maker, const char *host, const char *visibility)
{
    syncplay_user user = user_of(maker, host);
    syncplay_content film = {.struct_size = sizeof film, .type = "movie", .id = {{0xf1}}, .title = "Film", .url = "/a.mp4"};
    syncplay_session_info info = {.struct_size = sizeof info};
    syncplay_settings settings;
    syncplay_settings_default(&settings, sizeof settings);
    for (int i = SYNCPLAY_PUBLIC; i <= SYNCPLAY_FRIENDS; i++)
        if (strcmp(syncplay_visibility_name((syncplay_visibility)i), visibility) == 0)
            settings.visibility = (syncplay_visibility)i;
    if (syncplay_hub_create(maker->hub, maker->now, &user, &film, &settings, &maker->session) != SYNCPLAY_OK ||
        syncplay_hub_session(maker->hub, maker->now, &maker->session, &info) != SYNCPLAY_OK)
        stop("no session", syncplay_hub_why(maker->hub));
    memcpy(maker->code, info.code, sizeof maker->code);
    printf("{\"at\":%" PRId64 ",\"created\":\"%s\",", maker->now / MS, info.code);
    write_text("by", user.name, strlen(user.name));
}

/* $code, $odd (the code, oddly spelled), $chat (the id of the last message), $token, $invitation; $resumeN and $cursorN, as
 * connection N was told last; $NAME, a person's id. */
static const char *value_of(struct maker *maker, const char *name, char id[SYNCPLAY_ID_SIZE])
{
    static char odd[SYNCPLAY_CODE_SIZE + 1];
    unsigned number = name[0] ? (unsigned)strtoul(name + 6, NULL, 10) % CONNECTIONS_MAX : 0;
    snprintf(odd, sizeof odd, "%.4s-%s", maker->code, maker->code + 4);
    const char *const names[] = {"code", "odd", "chat", "token", "invitation"};
    const char *const values[] = {maker->code, odd, maker->chat, maker->token, maker->invitation};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return values[i];
    if (strncmp(name, "resume", 6) == 0)
        return maker->resume[number];
    if (strncmp(name, "cursor", 6) == 0)
        return maker->cursor[number];
    syncplay_user user = user_of(maker, name);
    syncplay_id_format(&user.id, id);
    return id;
}

static void fill(struct maker *maker, const char *text, char filled[LINE])
{
    size_t used = 0;
    while (*text && used < LINE - 100) {
        char name[TOKEN] = "", id[SYNCPLAY_ID_SIZE];
        size_t length = *text == '$' ? strspn(text + 1, "abcdefghijklmnopqrstuvwxyz0123456789") : 0;
        if (length && length < TOKEN) {
            memcpy(name, text + 1, length);
            used += (size_t)snprintf(filled + used, LINE - used, "%s", value_of(maker, name, id));
            text += 1 + length;
        } else {
            filled[used++] = *text++;
        }
    }
    filled[used] = 0;
}

static void receive(struct maker *maker, uint64_t connection, const char *bytes, size_t length, bool is_text)
{
    printf("{\"at\":%" PRId64 ",\"from\":%" PRIu64 ",", maker->now / MS, connection);
    if (is_text) {
        write_text("in", bytes, length);
    } else {
        printf("\"in_hex\":\"");
        for (size_t i = 0; i < length; i++)
            printf("%02x", (unsigned)(unsigned char)bytes[i]);
        printf("\"}\n");
    }
    syncplay_hub_receive(maker->hub, maker->now, connection, bytes, length);
}

static void send_line(struct maker *maker, const char *call, uint64_t connection, const char *rest)
{
    static char bytes[LINE];
    size_t length = 0, whole = 0;
    char *end;
    if (strcmp(call, "send-hex") == 0) {
        unsigned byte;
        for (; sscanf(rest, "%2x", &byte) == 1 && length < LINE; rest += 2)
            bytes[length++] = (char)byte;
        receive(maker, connection, bytes, length, false);
        return;
    }
    if (strcmp(call, "send-long") == 0) {
        whole = strtoul(rest, &end, 10);
        rest = end + 1;
    }
    fill(maker, rest, bytes);
    length = strlen(bytes);
    while (length < whole && length < LINE - 1)
        bytes[length++] = ' ';
    receive(maker, connection, bytes, length, true);
}

static syncplay_reason reason_of(const char *name)
{
    for (int i = SYNCPLAY_REASON_HOST; i <= SYNCPLAY_REASON_OPERATOR; i++)
        if (strcmp(syncplay_reason_name((syncplay_reason)i), name) == 0)
            return (syncplay_reason)i;
    stop("no such reason", name);
    return SYNCPLAY_REASON_NONE;
}

static void befriend(struct maker *maker, const char *one, const char *other)
{
    unsigned a = person_of(maker, one), b = person_of(maker, other);
    maker->friends[a] |= 1u << b;
    maker->friends[b] |= 1u << a;
}

static void forbid(struct maker *maker, const char *who, const char *name)
{
    char id[SYNCPLAY_ID_SIZE];
    syncplay_user user = user_of(maker, who);
    syncplay_id_format(&user.id, id);
    for (int i = SYNCPLAY_PERMISSION_CREATE; i <= SYNCPLAY_PERMISSION_HOST_CONTROLS; i++)
        if (strcmp(syncplay_permission_name((syncplay_permission)i), name) == 0)
            maker->forbidden[user.id.bytes[15] - 1] |= 1u << i;
    printf("{\"at\":%" PRId64 ",\"forbidden\":\"%s\",\"user_id\":\"%s\"}\n", maker->now / MS, name, id);
}

/* One call: its name, the first word behind it, and the rest of the line. */
static void play(struct maker *maker, const char *call, const char *word, const char *rest)
{
    uint64_t connection = strtoull(word, NULL, 10);
    if (strcmp(call, "create") == 0) {
        create(maker, word, rest);
    } else if (strcmp(call, "connect") == 0) {
        syncplay_user user = user_of(maker, rest);
        char id[SYNCPLAY_ID_SIZE];
        syncplay_id_format(&user.id, id);
        printf("{\"at\":%" PRId64 ",\"connected\":%" PRIu64 ",\"user_id\":\"%s\",", maker->now / MS, connection, id);
        write_text("name", user.name, strlen(user.name));
        syncplay_hub_connect(maker->hub, maker->now, connection, &user);
    } else if (strncmp(call, "send", 4) == 0) {
        send_line(maker, call, connection, rest);
    } else if (strcmp(call, "round-trip") == 0) {
        printf("{\"at\":%" PRId64 ",\"round_trip_ms\":%s,\"of\":%s}\n", maker->now / MS, rest, word);
        syncplay_hub_round_trip(maker->hub, maker->now, connection, strtoll(rest, NULL, 10) * MS);
    } else if (strcmp(call, "drop") == 0) {
        printf("{\"at\":%" PRId64 ",\"dropped\":%s}\n", maker->now / MS, word);
        syncplay_hub_disconnect(maker->hub, maker->now, connection);
    } else if (strcmp(call, "friends") == 0) {
        befriend(maker, word, rest);
    } else if (strcmp(call, "forbid") == 0) {
        forbid(maker, word, rest);
    } else if (strcmp(call, "end") == 0) {
        printf("{\"at\":%" PRId64 ",\"ended\":\"%s\"}\n", maker->now / MS, word);
        syncplay_hub_end(maker->hub, maker->now, &maker->session, reason_of(word));
    } else if (strcmp(call, "promise") == 0) {
        printf("{\"at\":%" PRId64 ",\"promised\":\"%s\",\"of\":%s}\n", maker->now / MS, rest, word);
    } else if (strcmp(call, "pass") != 0) {
        stop("no such call", call);
    }
}

static void read_line(struct maker *maker, char *line)
{
    char call[32] = "", word[TOKEN] = "";
    int length = 0;
    line[strcspn(line, "\n")] = 0;
    if (!line[0] || line[0] == '#')
        return;
    if (!maker->hub && sscanf(line, "config %31s %n", call, &length) == 1 && length) {
        configure(maker, call, strtoll(line + length, NULL, 10));
        return;
    }
    if (!maker->hub)
        begin(maker);
    char *rest;
    int64_t at = strtoll(line, &rest, 10) * MS;
    if (rest == line || sscanf(rest, " %31s %n%63s %n", call, &length, word, &length) < 1)
        stop("not a call", line);
    pass(maker, at);
    play(maker, call, word, rest + length);
}

int main(void)
{
    static struct maker maker;
    static char line[LINE];
    syncplay_hub_config_default(&maker.config, sizeof maker.config);
    while (fgets(line, sizeof line, stdin))
        read_line(&maker, line);
    syncplay_hub_free(maker.hub);
    return fflush(stdout) == 0 ? 0 : 1;
}
