/*
 * What a host application sees and asks, all of it typed: no message is read or written here, and until the end nobody
 * is connected. This is how REST requests, bots and moderation tools use a hub. Events are written down as a chronicle;
 * chat is kept by us, and given back when the session is restored in another hub. Time and randomness are pretended.
 *
 *     cc chronicle.c $(pkg-config --cflags --libs libsyncplay) -o chronicle && ./chronicle
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <syncplay/syncplay.h>

#define SECOND INT64_C(1000000)
#define MAX_SAID 10
#define MAX_SAVED 65536

enum { ANA, BEN, CLEO, DORA, PEOPLE };
static const char *const names[PEOPLE] = {"Ana", "Ben", "Cleo", "Dora"};

/* A chat message, as a host keeps it. */
struct said {
    syncplay_id id;
    int who;
    int64_t unix_time;
    char text[200];
};

struct host {
    syncplay_hub *hub;
    int64_t now;
    uint8_t next_byte;
    struct said said[MAX_SAID];
    size_t said_count;
};

static void must(const struct host *host, int error)
{
    if (error != SYNCPLAY_OK) {
        fprintf(stderr, "%s: %s\n", syncplay_strerror(error), syncplay_hub_why(host->hub));
        exit(1);
    }
}

/* Our users have numbers; the first is 1, because an id of zeros is none. */
static syncplay_user person(int who)
{
    const syncplay_id id = {{[15] = (uint8_t)(who + 1)}};
    return (syncplay_user){.struct_size = sizeof(syncplay_user), .id = id, .name = names[who]};
}

static const char *name_of(const syncplay_id *id)
{
    return syncplay_id_is_none(id) ? "nobody" : names[id->bytes[15] - 1];
}

/* --- What the hub calls ------------------------------------------------------------------------------------------- */

static bool count_up(void *user_data, void *bytes, size_t length)
{
    struct host *host = user_data;
    for (size_t i = 0; i < length; i++) {
        ((uint8_t *)bytes)[i] = host->next_byte++;
    }
    return true;
}

static bool has_permission(void *user_data, const syncplay_id *user, syncplay_permission permission)
{
    (void)user_data;
    const bool may = strcmp(name_of(user), "Dora") != 0;
    if (!may) {
        printf("  asked: %s for %s? no\n", syncplay_permission_name(permission), name_of(user));
    }
    return may;
}

static void keep_chat(struct host *host, const syncplay_event *event)
{
    struct said *said = &host->said[host->said_count];
    if (host->said_count < MAX_SAID) {
        said->id = event->message_id;
        said->who = event->user.bytes[15] - 1;
        said->unix_time = event->unix_time;
        snprintf(said->text, sizeof said->text, "%s", event->text);
        host->said_count++;
    }
}

/* The same facts as on the wire. A real host puts them into its log, its database, its webhooks. */
static void on_event(void *user_data, const syncplay_event *event)
{
    struct host *host = user_data;
    const char *who = name_of(&event->user);
    printf("  %s +%" PRId64 " s: ", event->code, event->unix_time / SECOND - 1795000000);
    switch (event->kind) {
    case SYNCPLAY_EVENT_CREATED:
        printf("made by %s\n", who);
        break;
    case SYNCPLAY_EVENT_ENDED:
        printf("over, because: %s\n", syncplay_reason_name(event->reason));
        break;
    case SYNCPLAY_EVENT_PLAYBACK:
        printf("%s by %s, now %s at %" PRId64 " s\n", syncplay_action_name(event->action), who,
               syncplay_phase_name(event->phase), event->position / SECOND);
        break;
    case SYNCPLAY_EVENT_PARTICIPANT:
        printf("%s %s%s%s\n", who, syncplay_change_name(event->change), event->reason ? ", because: " : "",
               event->reason ? syncplay_reason_name(event->reason) : "");
        break;
    case SYNCPLAY_EVENT_CHAT:
        printf("%s says \"%s\"\n", who, event->text);
        keep_chat(host, event);
        break;
    case SYNCPLAY_EVENT_INVITATION:
        printf("an invitation was %s by %s\n", syncplay_invitation_change_name(event->invitation_change), who);
        break;
    default: /* there may be more kinds in later versions */
        printf("event %d by %s\n", event->kind, who);
    }
}

/* Only the last part has a connection, and is told what was said. */
static void deliver(void *user_data, const uint64_t *connections, size_t count, const char *bytes, size_t length)
{
    (void)user_data;
    for (size_t i = 0; i < count; i++) {
        printf("  to %" PRIu64 ": %.*s...\n", connections[i], length < 40 ? (int)length : 40, bytes);
    }
}

static void open_hub(struct host *host)
{
    syncplay_hub_callbacks callbacks;
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.deliver = deliver;
    callbacks.event = on_event;
    callbacks.entropy = count_up;
    callbacks.has_permission = has_permission;
    syncplay_hub_config config;
    syncplay_hub_config_default(&config, sizeof config);
    config.unix_time = 1795000000 * SECOND + host->now;
    must(host, syncplay_hub_new(&host->hub, host->now, &config, &callbacks, host));
}

/* --- What the host does ------------------------------------------------------------------------------------------- */

/* Somebody asks for something by REST, say. It may be refused, which is told, and changes nothing. */
static void ask(struct host *host, const syncplay_id *session, int who, const syncplay_command *command,
                const char *what)
{
    const syncplay_user user = person(who);
    const int error = syncplay_hub_submit_for(host->hub, host->now, session, &user, command);
    if (error != SYNCPLAY_OK) {
        printf("  %s may not %s: %s\n", names[who], what, syncplay_strerror(error));
    }
}

static syncplay_command command_of(syncplay_command_kind kind)
{
    syncplay_command command;
    syncplay_command_default(&command, sizeof command, kind);
    return command;
}

static void join(struct host *host, const syncplay_id *session, int who, const char *invitation)
{
    syncplay_command command = command_of(SYNCPLAY_COMMAND_JOIN);
    command.invitation = invitation;
    ask(host, session, who, &command, "join");
}

static void about(struct host *host, const syncplay_id *session, syncplay_command_kind kind, int whom, const char *what)
{
    syncplay_command command = command_of(kind);
    command.user = person(whom).id;
    command.muted = true; /* counts for SYNCPLAY_COMMAND_MUTE alone */
    ask(host, session, ANA, &command, what);
}

static void say(struct host *host, const syncplay_id *session, int who, const char *text)
{
    syncplay_command command = command_of(SYNCPLAY_COMMAND_CHAT);
    command.text = text;
    ask(host, session, who, &command, "chat");
}

static void show_settings(const struct host *host, const syncplay_id *session)
{
    syncplay_session_info info = {.struct_size = sizeof info};
    must(host, syncplay_hub_session(host->hub, host->now, session, &info));
    printf("  %s: %s; others: %s; controlled by: %s; waits for: %s\n", info.content->title,
           syncplay_visibility_name(info.settings->visibility), syncplay_strangers_name(info.settings->strangers),
           syncplay_control_name(info.settings->control), syncplay_wait_name(info.settings->wait));
}

static void show_people(const struct host *host, const syncplay_id *session)
{
    syncplay_participant_info info = {.struct_size = sizeof info};
    for (size_t i = 0; syncplay_hub_participant(host->hub, session, i, &info) == SYNCPLAY_OK; i++) {
        printf("  %s: %s, may", info.name, info.is_knocking ? "knocks" : syncplay_role_name(info.role));
        for (uint32_t right = 1; right <= SYNCPLAY_RIGHT_WAITED_FOR; right <<= 1) {
            if ((info.rights & right) != 0) {
                printf(" %s", syncplay_right_name((syncplay_right)right));
            }
        }
        puts("");
    }
    syncplay_removed_info removed = {.struct_size = sizeof removed};
    for (size_t i = 0; syncplay_hub_removed(host->hub, host->now, session, i, &removed) == SYNCPLAY_OK; i++) {
        printf("  %s may not come in\n", removed.name);
    }
}

/* The token is told this once: it goes into a link, and to nobody else. */
static void invite_ben(struct host *host, const syncplay_id *session)
{
    syncplay_command command = command_of(SYNCPLAY_COMMAND_INVITE);
    command.role = SYNCPLAY_ROLE_CONTROLLER;
    command.lifetime = 3600 * SECOND;
    command.uses = 1;
    const syncplay_user ana = person(ANA);
    syncplay_invitation_info info = {.struct_size = sizeof info};
    char token[SYNCPLAY_TOKEN_SIZE];
    must(host, syncplay_hub_invite(host->hub, host->now, session, &ana, &command, &info, token));
    must(host, syncplay_hub_invitation(host->hub, host->now, session, 0, &info));
    printf("  it lets in %u, for %" PRId64 " s, as a %s\n", (unsigned)info.uses,
           (info.unix_expires - syncplay_hub_unix(host->hub, host->now)) / SECOND, syncplay_role_name(info.role));
    join(host, session, BEN, token);
}

static syncplay_id make_session(struct host *host)
{
    const syncplay_user ana = person(ANA);
    syncplay_content film;
    syncplay_content_default(&film, sizeof film);
    film.type = "movie";
    film.id.bytes[0] = 7;
    film.title = "Big Buck Bunny";
    syncplay_id session;
    must(host, syncplay_hub_create(host->hub, host->now, &ana, &film, NULL, &session)); /* NULL: private, and so on */
    show_settings(host, &session);
    return session;
}

/* Saves the session without its chat, which is ours, and restores both in a hub of another day. */
static void move(struct host *from, struct host *to, const syncplay_id *session)
{
    static char saved[MAX_SAVED];
    size_t length;
    const uint32_t flags = SYNCPLAY_SAVE_WITHOUT_CHAT;
    must(from, syncplay_hub_save(from->hub, from->now, session, flags, saved, sizeof saved, &length));
    const int64_t alive = syncplay_hub_unix(from->hub, from->now);
    must(to, syncplay_hub_restore(to->hub, to->now, saved, length, alive, NULL));
    for (size_t i = 0; i < from->said_count; i++) {
        const struct said *said = &from->said[i];
        const syncplay_user author = person(said->who);
        must(to, syncplay_hub_restore_chat(to->hub, session, &said->id, &author, said->text, said->unix_time));
    }
}

/* As when a client connects: first who they are, then where they go. */
static void come_back(struct host *host, const char *typed)
{
    const uint64_t connection = 1;
    const syncplay_user ben = person(BEN);
    syncplay_id found, same;
    must(host, syncplay_hub_find(host->hub, typed, strlen(typed), &found));
    must(host, syncplay_hub_connect(host->hub, host->now, connection, &ben));
    syncplay_command command = command_of(SYNCPLAY_COMMAND_JOIN);
    command.code = typed;
    must(host, syncplay_hub_submit(host->hub, host->now, connection, &command));
    must(host, syncplay_hub_session_of(host->hub, connection, &same));
    char state[8192];
    size_t length;
    must(host, syncplay_hub_state(host->hub, host->now, &same, NULL, state, sizeof state, &length));
    printf("  %s; what a page about it would show: %.40s...\n",
           syncplay_id_equal(&found, &same) ? "there" : "somewhere else", state);
}

int main(void)
{
    struct host host = {.now = 0}, later = {.now = 86400 * SECOND, .next_byte = 100};
    if (strcmp(syncplay_version(), SYNCPLAY_VERSION_TEXT) != 0 || !syncplay_name_is_valid(names[ANA])) {
        fprintf(stderr, "compiled for libsyncplay %s, and this is %s\n", SYNCPLAY_VERSION_TEXT, syncplay_version());
        return 1;
    }
    open_hub(&host);
    puts("Ana makes a session, invites Ben, and lets Cleo in, who knocks.");
    const syncplay_id session = make_session(&host);
    invite_ben(&host, &session);
    join(&host, &session, CLEO, NULL);
    about(&host, &session, SYNCPLAY_COMMAND_ADMIT, CLEO, "let in");
    join(&host, &session, DORA, NULL);
    show_people(&host, &session);

    puts("They watch and chat, until it is too much.");
    host.now += 60 * SECOND;
    const syncplay_command play = command_of(SYNCPLAY_COMMAND_PLAY);
    ask(&host, &session, BEN, &play, "play");
    say(&host, &session, BEN, "Hello!");
    say(&host, &session, CLEO, "Buy this now");
    about(&host, &session, SYNCPLAY_COMMAND_MUTE, CLEO, "mute");
    say(&host, &session, CLEO, "Buy that now");
    about(&host, &session, SYNCPLAY_COMMAND_BAN, CLEO, "ban");
    show_people(&host, &session);

    puts("A day later, in another hub, with what was said; Ben types the code as it was read to him.");
    open_hub(&later);
    move(&host, &later, &session);
    syncplay_session_info info = {.struct_size = sizeof info};
    must(&later, syncplay_hub_session(later.hub, later.now, &session, &info));
    char typed[12];
    snprintf(typed, sizeof typed, "%.4s-%.4s", info.code, info.code + 4);
    come_back(&later, typed);
    must(&later, syncplay_hub_end(later.hub, later.now, &session, SYNCPLAY_REASON_OPERATOR));
    syncplay_hub_free(host.hub);
    syncplay_hub_free(later.hub);
    return 0;
}
