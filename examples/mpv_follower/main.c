/*
 * Watches a film in mpv together with a party of syncplay-server, both ways: a pause (a seek) in mpv pauses (seeks) the
 * party, and the other way round. To be built alone, against the installed library:
 *
 *     cc *.c $(pkg-config --cflags --libs libsyncplay libcurl libcjson) -lwslay -lmd -lm -o mpv_follower
 *
 *     mpv_follower --create film.mkv                 makes a party, prints its code, plays the film
 *     mpv_follower K7MPX2QD film.mkv                 joins it, with the same film
 *     mpv_follower K7MPX2QD                          plays the film that the party names
 *
 * The follower (syncplay/follower.h) decides everything: when to start, where to seek, by how much to hurry. Here it is
 * only wired to a server (server.c), a player (player.c) and a user (talk.c).
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <syncplay/syncplay.h>
#include <syncplay/follower.h>

#include "clock.h"
#include "player.h"
#include "server.h"
#include "talk.h"

/* So much earlier than its time advice is taken up; what is left is waited for exactly. */
#define HEAD_START 5000
#define ADVICE_MAX 8

struct app {
    struct server server;
    struct player player;
    struct talk talk;
    syncplay_follower *follower;
    bool plays_party_film; /* the user named none */
    bool is_apart;
    bool wants_to_quit;
    bool was_up;
    int64_t next_advice; /* when it is time for it */
};

static volatile sig_atomic_t is_interrupted;

static void on_signal(int number)
{
    (void)number;
    is_interrupted = 1;
}

/* --- Between the server and the follower -------------------------------------------------------------------------- */

static void on_opened(void *user)
{
    struct app *app = user;
    app->was_up = true;
    syncplay_follower_connected(app->follower, now());
}

static void on_lost(void *user, const char *why)
{
    struct app *app = user;
    syncplay_follower_disconnected(app->follower, now());
    if (app->server.is_refused) {
        tell("! the server does not let us in: %s", why);
    } else if (app->server.tries == 1) {
        tell("* %s: %s; trying again", app->was_up ? "connection lost" : "no connection", why);
    }
}

static void on_received(void *user, int64_t at, const char *bytes, size_t length)
{
    struct app *app = user;
    if (syncplay_follower_receive(app->follower, at, bytes, length) != SYNCPLAY_OK) {
        tell("! the server sent something odd: %s", syncplay_follower_why(app->follower));
    }
}

static void on_send(void *user, const char *bytes, size_t length)
{
    struct app *app = user;
    server_send(&app->server, bytes, length);
}

static void on_message(void *user, const char *type, const char *bytes, size_t length)
{
    struct app *app = user;
    talk_message(&app->talk, type, bytes, length);
}

static void submit(struct app *app, const syncplay_command *command)
{
    if (syncplay_follower_submit(app->follower, now(), command) != SYNCPLAY_OK) {
        tell("! %s", syncplay_follower_why(app->follower));
    }
}

/* --- Between the player and the follower -------------------------------------------------------------------------- */

/* Observes, and does what the follower advises as far as it is time for it. */
static void drive(struct app *app)
{
    app->next_advice = SYNCPLAY_NEVER;
    for (int i = 0; i < ADVICE_MAX; i++) {
        syncplay_player_state state;
        syncplay_advice advice = {.struct_size = sizeof advice};
        int64_t at;
        if (!player_observe(&app->player, &state, &at)) {
            return;
        }
        syncplay_follower_observe(app->follower, at, &state);
        syncplay_follower_advise(app->follower, now(), &advice);
        if (advice.kind == SYNCPLAY_ADVICE_NONE) {
            return;
        }
        if (advice.at > now() + HEAD_START) {
            app->next_advice = advice.at - HEAD_START;
            return;
        }
        const int64_t done = player_do(&app->player, &advice);
        syncplay_follower_acted(app->follower, done, &advice);
    }
}

/* The party watches something (else): open it, if the user has brought no film. */
static void take_party_film(struct app *app)
{
    const char *url = app->talk.film_url;
    char address[TALK_URL_MAX + 2100];
    app->talk.has_new_film = false;
    if (!app->plays_party_film) {
        return;
    }
    /* An address that begins with a slash is on the server, behind the path that the server is reached by. */
    const bool is_there = url[0] == '/' && url[1] != '/';
    snprintf(address, sizeof address, "%s%s", is_there ? app->server.url : "", url);
    if (url[0] == '\0') {
        tell("* the party does not say where its film is: give a file");
    } else if (player_open(&app->player, address)) {
        tell("* playing %s", address);
    } else {
        tell("! not played, for it is not http or https: %s", address);
    }
}

/* --- The user ----------------------------------------------------------------------------------------------------- */

static void show_status(struct app *app)
{
    static const char *const modes[] = {"no film yet", "standing", "catching up", "about to start",
                                        "playing", "apart", "over"};
    syncplay_follower_status status = {.struct_size = sizeof status};
    char drift[60] = "";
    char clock[80] = "clock not known";
    syncplay_follower_status_at(app->follower, now(), &status);
    if (status.drift != SYNCPLAY_DRIFT_UNSET) {
        snprintf(drift, sizeof drift, ", %+.1f ms off", (double)status.drift / 1000);
    }
    if (status.clock_error != SYNCPLAY_NEVER && status.round_trip != SYNCPLAY_NEVER) {
        snprintf(clock, sizeof clock, "clock known to %.1f ms, round trip %.1f ms", (double)status.clock_error / 1000,
                 (double)status.round_trip / 1000);
    }
    tell("* %s%s%s; the party is at %s; %s%s", modes[status.mode], drift, status.is_nudged ? ", being nudged" : "",
         talk_time((double)status.position / 1000), clock, status.is_connected ? "" : "; not connected");
}

static void go_apart(struct app *app, bool is_apart)
{
    if (is_apart == app->is_apart) {
        tell("* you %s already", is_apart ? "watch apart" : "are with the others");
        return;
    }
    app->is_apart = is_apart;
    if (is_apart) {
        syncplay_follower_suspend(app->follower, now(), SYNCPLAY_SUSPENSION_APART);
        tell("* watching apart; \"back\" brings you back");
    } else {
        syncplay_follower_resume(app->follower, now(), SYNCPLAY_SUSPENSION_APART);
        tell("* back with the others");
    }
}

static void typed(struct app *app, const char *line)
{
    syncplay_command command;
    double seconds;
    char end;
    if (strcmp(line, "resync") == 0) {
        syncplay_follower_resync(app->follower, now());
    } else if (strcmp(line, "apart") == 0 || strcmp(line, "back") == 0) {
        go_apart(app, line[0] == 'a');
    } else if (strcmp(line, "status") == 0) {
        show_status(app);
    } else if (strcmp(line, "quit") == 0) {
        app->wants_to_quit = true;
    } else if (strcmp(line, "play") == 0 || strcmp(line, "pause") == 0) {
        syncplay_command_default(&command, sizeof command,
                                 line[1] == 'l' ? SYNCPLAY_COMMAND_PLAY : SYNCPLAY_COMMAND_PAUSE);
        submit(app, &command);
    } else if (sscanf(line, "seek %lf %c", &seconds, &end) == 1 && seconds >= 0 && seconds < 1e6) {
        syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_SEEK);
        command.position = (int64_t)(seconds * 1e6);
        submit(app, &command);
    } else if (line[0] != '\0') {
        syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_CHAT);
        command.text = line;
        submit(app, &command);
    }
}

/* --- The loop ----------------------------------------------------------------------------------------------------- */

static int64_t earlier(int64_t one, int64_t other) { return one < other ? one : other; }

static void wait_for_something(struct app *app)
{
    struct curl_waitfd others[] = {{.fd = app->player.socket, .events = CURL_WAIT_POLLIN},
                                   {.fd = STDIN_FILENO, .events = CURL_WAIT_POLLIN}};
    const int64_t wake = earlier(earlier(syncplay_follower_deadline(app->follower), server_deadline(&app->server)),
                                 app->next_advice);
    server_wait(&app->server, app->player.has_stirred ? 0 : wake, others, app->talk.is_deaf ? 1 : 2);
    if (others[0].revents != 0) {
        player_read(&app->player);
    }
    if (others[1].revents != 0) {
        talk_read(&app->talk);
    }
}

static bool is_over(const struct app *app)
{
    return app->player.is_gone || app->talk.is_over || app->server.is_refused || app->wants_to_quit || is_interrupted;
}

static void run(struct app *app)
{
    while (!is_over(app)) {
        server_turn(&app->server);
        for (const char *line; (line = talk_line(&app->talk)) != NULL;) {
            typed(app, line);
        }
        syncplay_follower_tick(app->follower, now());
        if (app->talk.has_new_film) {
            take_party_film(app);
        }
        drive(app);
        if (app->player.complaint[0] != '\0') {
            tell("! %s", app->player.complaint);
            app->player.complaint[0] = '\0';
        }
        wait_for_something(app);
    }
}

/* Says why it is over; returns the exit status. */
static int end(struct app *app)
{
    syncplay_command leave;
    syncplay_command_default(&leave, sizeof leave, SYNCPLAY_COMMAND_LEAVE);
    syncplay_follower_submit(app->follower, now(), &leave);
    server_end(&app->server);
    const bool is_gone = app->player.is_gone;
    const bool was_closed = app->player.was_closed;
    const int status = player_end(&app->player);
    syncplay_follower_free(app->follower);
    cJSON_Delete(app->talk.names);
    if (is_gone && status > 128) {
        tell("! mpv was ended by signal %d", status - 128);
    } else if (is_gone && !was_closed && (app->player.process == 0 || status != 0)) {
        tell("! mpv is gone (%d)", status);
    } else {
        if (is_gone) {
            tell("* mpv was closed");
        }
        return app->talk.has_failed || app->server.is_refused ? 1 : 0;
    }
    return 1;
}

/* --- The beginning ------------------------------------------------------------------------------------------------ */

struct options {
    const char *server, *name, *invitation, *title, *ipc, *code, *file;
    bool creates;
    char **mpv;
};

static void usage(void)
{
    fprintf(stderr, "mpv_follower [--server URL] [--name NAME] [--invitation TOKEN] (CODE | --create [--title TITLE])\n"
                    "             [--ipc SOCKET | FILE_OR_URL [mpv options ...] | -- mpv options ...]\n");
    exit(2);
}

static struct options read_options(char **arguments)
{
    struct options options = {.server = "http://127.0.0.1:8080", .name = "Guest"};
    const struct {
        const char *name;
        const char **value;
    } known[] = {{"--server", &options.server}, {"--name", &options.name}, {"--invitation", &options.invitation},
                 {"--title", &options.title}, {"--ipc", &options.ipc}};
    while (*arguments != NULL && options.file == NULL) {
        const char *argument = *arguments++;
        size_t i = 0;
        while (i < sizeof known / sizeof *known && strcmp(argument, known[i].name) != 0) {
            i++;
        }
        if (i < sizeof known / sizeof *known) {
            *known[i].value = *arguments != NULL ? *arguments++ : (usage(), NULL);
        } else if (strcmp(argument, "--create") == 0) {
            options.creates = true;
        } else if (strcmp(argument, "--") == 0) {
            break;
        } else if (argument[0] == '-') {
            usage();
        } else if (options.code == NULL && !options.creates) {
            options.code = argument;
        } else {
            options.file = argument;
        }
    }
    options.mpv = arguments;
    const char *scheme = strstr(options.server, "://");
    const bool is_web = strncmp(options.server, "http://", 7) == 0 || strncmp(options.server, "https://", 8) == 0;
    if (options.creates == (options.code != NULL) || (options.ipc != NULL && options.file != NULL) || !is_web ||
        strlen(options.server) > 2000 || scheme[3] == '\0' || strchr(options.server, '@') != NULL) {
        usage();
    }
    return options;
}

static bool is_on_the_web(const char *file)
{
    return file != NULL && (strncmp(file, "http://", 7) == 0 || strncmp(file, "https://", 8) == 0);
}

/* What comes behind the last slash. */
static const char *name_of(const char *file)
{
    const char *slash = file == NULL ? NULL : strrchr(file, '/');
    return slash != NULL && slash[1] != '\0' ? slash + 1 : file != NULL ? file : "A film";
}

static bool enter(struct app *app, const struct options *options)
{
    static char code[65];
    syncplay_command join;
    if (!server_sign_in(&app->server, options->name)) {
        return false;
    }
    syncplay_command_default(&join, sizeof join, SYNCPLAY_COMMAND_JOIN);
    join.invitation = options->invitation;
    join.code = options->code;
    if (options->creates) {
        const char *title = options->title != NULL ? options->title : name_of(options->file);
        if (!server_create(&app->server, title, is_on_the_web(options->file) ? options->file : NULL, code)) {
            return false;
        }
        join.code = code;
        tell("* the code is %s", code);
    }
    submit(app, &join);
    return true;
}

int main(int count, char **arguments)
{
    static struct app app;
    if (count < 2) {
        usage();
    }
    const struct options options = read_options(arguments + 1);
    static char url[2001];
    const size_t length = strlen(options.server);
    snprintf(url, sizeof url, "%.*s", (int)(options.server[length - 1] == '/' ? length - 1 : length), options.server);
    signal(SIGPIPE, SIG_IGN);
    const struct sigaction interrupted = {.sa_handler = on_signal};
    sigaction(SIGINT, &interrupted, NULL);
    sigaction(SIGTERM, &interrupted, NULL);

    app.server.url = url;
    app.server.user = &app;
    app.server.opened = on_opened;
    app.server.lost = on_lost;
    app.server.received = on_received;
    app.plays_party_film = options.file == NULL && options.ipc == NULL;

    syncplay_player_profile profile;
    syncplay_follower_config config;
    syncplay_follower_callbacks callbacks;
    syncplay_player_profile_default(&profile, sizeof profile, SYNCPLAY_PLAYER_MPV);
    syncplay_follower_config_default(&config, sizeof config);
    config.profile = &profile;
    config.adopts_player = true;
    syncplay_follower_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.send = on_send;
    callbacks.message = on_message;
    const int error = syncplay_follower_new(&app.follower, now(), &config, &callbacks, &app);
    if (error != SYNCPLAY_OK) {
        char why[100];
        syncplay_follower_config_check(&config, why, sizeof why); /* a sentence, if it is for a setting */
        fprintf(stderr, "%s %s\n", syncplay_strerror(error), why);
        return 1;
    }
    if (!enter(&app, &options)) {
        return 1;
    }
    if (options.ipc != NULL ? !player_attach(&app.player, options.ipc)
                            : !player_start(&app.player, options.file, options.mpv)) {
        return 1;
    }
    run(&app);
    return end(&app);
}
