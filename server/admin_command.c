/*
 * `syncplay-server admin ...`: reads the words, asks the running server or looks into the database, and prints.
 * Whatever looks like a flag and is none of its own is one of the configuration's.
 */
#include "admin_command.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <syncplay/code.h>
#include <syncplay/id.h>

#include "admin_client.h"
#include "admin_socket.h"
#include "admin_table.h"
#include "clock.h"
#include "config.h"
#include "json.h"
#include "json_writer.h"
#include "store_backup.h"
#include "store_lock.h"
#include "store_look.h"

#define EXIT_REFUSED 1
#define EXIT_USAGE 2
#define WHY_SIZE 640
#define WORDS_MAX 4

/* What was typed. */
struct order {
    struct config config;
    const char *words[WORDS_MAX]; /* of the command, and what it is about */
    size_t word_count;
    bool wants_json, wants_force, wants_help;
    const char *code; /* of the session; normalised */
    char code_buffer[SYNCPLAY_CODE_SIZE];
    syncplay_id user;
    const char *user_id; /* as typed, or NULL */
    const char *file;
    struct admin_table table;
    char why[WHY_SIZE];
};

static int refuse(const struct order *order)
{
    fprintf(stderr, "syncplay-server: %s\n", order->why);
    return EXIT_REFUSED;
}

/* --- Printing --------------------------------------------------------------------------------------------------- */

static bool print_row(void *arg, const char *text, size_t length)
{
    struct order *order = arg;
    char why[128];
    if (order->wants_json)
        return printf("%.*s\n", (int)length, text) > 0;
    struct json *row = json_read(text, length, why, sizeof why);
    bool good = row != NULL && admin_table_put(&order->table, row);
    json_free(row);
    return good && !ferror(stdout);
}

static struct overview overview_of(struct order *order)
{
    return (struct overview){.arg = order, .row = print_row, .unix_now = clock_unix()};
}

/* --- Asking the server ------------------------------------------------------------------------------------------ */

/* The request as JSON, for the caller to free; NULL when out of memory. */
static char *write_request(const struct order *order, const char *name)
{
    struct json_writer writer = {0};
    size_t length;
    json_put_object(&writer, NULL);
    json_put_text(&writer, "request", name);
    if (order->code != NULL)
        json_put_text(&writer, "code", order->code);
    if (order->user_id != NULL)
        json_put_id(&writer, "user_id", &order->user);
    json_end(&writer);
    return json_finish(&writer, &length);
}

static enum admin_outcome ask(struct order *order, const char *name)
{
    char path[ADMIN_SOCKET_PATH_SIZE];
    const struct config *config = &order->config;
    struct overview overview = overview_of(order);
    if (!admin_socket_path(config->admin_socket, config->database, path, order->why, sizeof order->why))
        return ADMIN_REFUSED;
    if (path[0] == '\0') {
        snprintf(order->why, sizeof order->why, "there is no admin_socket in this configuration");
        return ADMIN_NO_SERVER;
    }
    char *request = write_request(order, name);
    if (request == NULL) {
        snprintf(order->why, sizeof order->why, "out of memory");
        return ADMIN_REFUSED;
    }
    enum admin_outcome outcome = admin_ask(path, request, &overview, order->why, sizeof order->why);
    free(request);
    return outcome;
}

/* Where only a running server can do it. */
static int ask_server(struct order *order, const char *name, const char *done)
{
    enum admin_outcome outcome = ask(order, name);
    if (outcome == ADMIN_NO_SERVER) {
        fprintf(stderr, "syncplay-server: this takes a running server, and none is reached: %s\n", order->why);
        return EXIT_REFUSED;
    }
    if (outcome == ADMIN_REFUSED)
        return refuse(order);
    printf("%s\n", done);
    return EXIT_SUCCESS;
}

/* --- Commands --------------------------------------------------------------------------------------------------- */

static int conclude_look(struct order *order, enum store_look_answer answer, const char *nothing)
{
    if (answer == STORE_LOOK_FOUND)
        return EXIT_SUCCESS;
    if (answer == STORE_LOOK_FAILED)
        return refuse(order);
    fprintf(stderr, "%s\n", nothing);
    return order->code != NULL || order->user_id != NULL ? EXIT_REFUSED : EXIT_SUCCESS;
}

/* From the server, for it alone knows who is here and where the film is; without one, what it has left. */
static int run_sessions(struct order *order)
{
    enum admin_outcome outcome = ask(order, order->code != NULL ? "show" : "list");
    if (outcome == ADMIN_REFUSED)
        return refuse(order);
    if (outcome == ADMIN_DONE) {
        if (order->table.kind == NULL && !order->wants_json)
            fprintf(stderr, "there are no sessions\n");
        return EXIT_SUCCESS;
    }
    if (store_is_locked(order->config.database)) {
        fprintf(stderr, "syncplay-server: a server uses the database %s, but cannot be reached: %s\n",
                order->config.database, order->why);
        return EXIT_REFUSED;
    }
    fprintf(stderr, "no server is running; this is what is in the database\n");
    struct overview overview = overview_of(order);
    enum store_look_answer answer =
        store_look_sessions(order->config.database, order->code, &overview, order->why, sizeof order->why);
    return conclude_look(order, answer,
                         order->code != NULL ? "there is no session with this code" : "there are no sessions");
}

static int run_end(struct order *order)
{
    return ask_server(order, "end", "the session has ended");
}

static int run_kick(struct order *order)
{
    return ask_server(order, "kick", "the user is out of the session");
}

static int run_delete(struct order *order)
{
    return ask_server(order, "delete", "the user is deleted");
}

/* What is known of users is on disk before they are told, so the database says it all. */
static int run_users(struct order *order)
{
    struct overview overview = overview_of(order);
    enum store_look_answer answer = store_look_users(
        order->config.database, order->user_id != NULL ? &order->user : NULL, &overview, order->why, sizeof order->why);
    return conclude_look(order, answer,
                         order->user_id != NULL ? "there is no user with this id" : "there are no users");
}

static int run_backup(struct order *order)
{
    if (!store_backup(order->config.database, order->file, order->wants_force, order->why, sizeof order->why))
        return refuse(order);
    printf("%s is a copy of %s\n", order->file, order->config.database);
    return EXIT_SUCCESS;
}

/* What the words after those of the command are. */
enum argument { NO_ARGUMENT, CODE, USER_ID, FILE_NAME };

static const struct command {
    const char *words[2];
    enum argument arguments[2];
    bool has_json, has_force;
    int (*run)(struct order *order);
    const char *usage;
    const char *meaning;
} commands[] = {
    {{"list"}, {0}, true, false, run_sessions, "list [--json]", "the sessions that go on"},
    {{"show"}, {CODE}, true, false, run_sessions, "show CODE [--json]", "one of them, and who is in it"},
    {{"end"}, {CODE}, false, false, run_end, "end CODE", "ends it; all who are in it are told so"},
    {{"kick"}, {CODE, USER_ID}, false, false, run_kick, "kick CODE USER_ID", "takes somebody out of it"},
    {{"user", "list"}, {0}, true, false, run_users, "user list [--json]", "all users"},
    {{"user", "show"}, {USER_ID}, true, false, run_users, "user show USER_ID [--json]", "one of them"},
    {{"user", "delete"},
     {USER_ID},
     false,
     false,
     run_delete,
     "user delete USER_ID",
     "deletes a guest: token, seats, friends, and sessions without another host"},
    {{"backup"},
     {FILE_NAME},
     false,
     true,
     run_backup,
     "backup FILE [--force]",
     "copies the database while it is in use; --force replaces FILE"},
};

#define COMMANDS (sizeof commands / sizeof commands[0])

static int print_usage(void)
{
    printf("syncplay-server admin: looks after a running server.\n\n"
           "Usage: syncplay-server admin [--config FILE] [--SETTING VALUE]... COMMAND\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        printf("  %-27s %s\n", commands[i].usage, commands[i].meaning);
    printf("\nThe configuration is read as the server reads it; what counts are database and admin_socket. With --json "
           "each\n"
           "row is a JSON object on a line. A server answers to its own user and to root. Without one, list, show, "
           "user list\n"
           "and user show tell what is in the database, and backup copies it. Exit status: 0, 1 if it was refused or\n"
           "nothing was found, 2 for wrong usage.\n");
    return EXIT_SUCCESS;
}

/* --- Words ------------------------------------------------------------------------------------------------------ */

static bool take_own_flag(struct order *order, const char *argument)
{
    bool *flag = strcmp(argument, "--json") == 0    ? &order->wants_json
                 : strcmp(argument, "--force") == 0 ? &order->wants_force
                 : strcmp(argument, "--help") == 0  ? &order->wants_help
                                                    : NULL;
    if (flag != NULL)
        *flag = true;
    return flag != NULL;
}

/* Parts the words into those of the command and those of the configuration, which go to `rest`. Each of the latter's
 * flags has a value, behind it or after "=". */
static bool read_words(struct order *order, int argc, char **argv, char **rest, int *rest_count)
{
    for (int i = 1; i < argc; i++) {
        if (take_own_flag(order, argv[i]))
            continue;
        if (strncmp(argv[i], "--", 2) != 0) {
            if (order->word_count == WORDS_MAX)
                return false;
            order->words[order->word_count++] = argv[i];
            continue;
        }
        rest[(*rest_count)++] = argv[i];
        if (strchr(argv[i], '=') == NULL && i + 1 < argc)
            rest[(*rest_count)++] = argv[++i];
    }
    return true;
}

static const struct command *find_command(const struct order *order, size_t *length)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        const struct command *command = &commands[i];
        *length = command->words[1] != NULL ? 2 : 1;
        if (order->word_count >= *length && strcmp(order->words[0], command->words[0]) == 0 &&
            (*length == 1 || strcmp(order->words[1], command->words[1]) == 0))
            return command;
    }
    return NULL;
}

static bool read_argument(struct order *order, enum argument argument, const char *word)
{
    switch (argument) {
    case CODE:
        order->code = order->code_buffer;
        snprintf(order->why, sizeof order->why, "\"%.100s\" is no session code", word);
        return syncplay_code_normalise(word, strlen(word), order->code_buffer);
    case USER_ID:
        order->user_id = word;
        snprintf(order->why, sizeof order->why, "\"%.100s\" is no user's id, which is a UUID", word);
        return syncplay_id_parse(word, strlen(word), &order->user);
    case FILE_NAME:
        order->file = word;
        return true;
    case NO_ARGUMENT:
        break;
    }
    return false;
}

/* The command that the words make, with its arguments read; NULL, and order->why, if they make none. */
static const struct command *read_command(struct order *order)
{
    size_t length = 0;
    const struct command *command = find_command(order, &length);
    if (command == NULL) {
        snprintf(order->why, sizeof order->why, "%s%.100s is not a command; see syncplay-server admin --help",
                 order->word_count == 0 ? "nothing" : "", order->word_count == 0 ? "" : order->words[0]);
        return NULL;
    }
    size_t wanted = 0;
    while (wanted < 2 && command->arguments[wanted] != NO_ARGUMENT)
        wanted++;
    if (order->word_count != length + wanted || (order->wants_json && !command->has_json) ||
        (order->wants_force && !command->has_force)) {
        snprintf(order->why, sizeof order->why, "it is: syncplay-server admin %s", command->usage);
        return NULL;
    }
    for (size_t i = 0; i < wanted; i++)
        if (!read_argument(order, command->arguments[i], order->words[length + i]))
            return NULL;
    return command;
}

/* Reads all that was typed; NULL, and order->why, if it cannot be. */
static const struct command *read_order(struct order *order, int argc, char **argv, char **environment)
{
    char **rest = calloc((size_t)argc + 1, sizeof *rest);
    const struct command *command = NULL;
    int rest_count = 1;
    if (rest == NULL) {
        snprintf(order->why, sizeof order->why, "out of memory");
        return NULL;
    }
    rest[0] = argv[0];
    if (!read_words(order, argc, argv, rest, &rest_count))
        snprintf(order->why, sizeof order->why, "these are too many words; see syncplay-server admin --help");
    else if (!order->wants_help && (command = read_command(order)) != NULL &&
             config_load(&order->config, rest_count, rest, environment, order->why, sizeof order->why) != CONFIG_RUN)
        command = NULL;
    free(rest);
    return command;
}

int admin_command(int argc, char **argv, char **environment)
{
    static struct order order;
    signal(SIGPIPE, SIG_IGN);
    snprintf(order.why, sizeof order.why, "these flags are not for admin; see syncplay-server admin --help");
    const struct command *command = read_order(&order, argc, argv, environment);
    if (order.wants_help)
        return print_usage();
    if (command == NULL) {
        fprintf(stderr, "syncplay-server: %s\n", order.why);
        return EXIT_USAGE;
    }
    int status = command->run(&order);
    if (fflush(stdout) != 0 && status == EXIT_SUCCESS)
        status = EXIT_REFUSED;
    return status;
}
