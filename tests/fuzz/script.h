/*
 * A fuzz input as a script of calls to the hub of a world. One letter is one call, with its arguments behind it, each
 * one character (input_number); letters that are none, blanks and line ends are passed over.
 *
 *   n SHV    a session for slot S, by host H, of visibility V        E SR   it is ended, for reason R
 *   @ C      from now on it is about connection C                    r R    a round trip was measured on it
 *   c U      it comes, as user U's                                   d      it is gone
 *   { ...    the rest of the line, with the brace, is its message; in it, $S is slot S's code, %U a user's id, &r the
 * last resume token of its user, &c their cursor, &i, &v and &m the last invitation, its id and the last chat message
 *   k K...   a typed command of kind K (script_command)              f SUK... the same for user U in slot S, without
 * connection i SU     an invitation by user U                                 T      the changed sessions are taken
 *   + TN     N times a time T passes, with all ticks                 - TN   the same without ticks         t   a tick
 *   o N      in the next call the N-th allocation fails              e      in the next call there is no entropy
 *   y, p, x  switches: friends, permissions, refused content         S T    the hub is saved, gone for T, and restored
 */
#ifndef FUZZ_SCRIPT_H
#define FUZZ_SCRIPT_H

#include <math.h>

#include "input.h"
#include "world.h"

#define SCRIPT_TIMES 8

struct script {
    struct input input;
    uint64_t connection;
    bool is_twin; /* its world is compared with another: what is not saved cannot be asked for */
};

static inline int64_t script_time(struct input *input)
{
    static const int64_t times[SCRIPT_TIMES] = {1,          1000,        100000,      SECOND,
                                                5 * SECOND, 30 * SECOND, 90 * SECOND, 3600 * SECOND};
    return times[input_number(input, SCRIPT_TIMES)];
}

/* --- Messages */

static inline void script_expand(const struct script *script, struct world *world, struct text *text, char kind,
                                 char what)
{
    char id[SYNCPLAY_ID_SIZE];
    unsigned number = (uint8_t)(what - '0'), user = world->clients[script->connection].user;
    if (kind == '$') {
        text_print(text, "%s", world->slots[number % SLOTS].code);
    } else if (kind == '%') {
        syncplay_user who = world_user(number % USERS);
        syncplay_id_format(&who.id, id);
        text_print(text, "%s", id);
    } else if (what == 'c') {
        text_print(text, "%llu", script->is_twin ? 0 : (unsigned long long)world->cursor[user]);
    } else if (what == 'R') {
        /* What follows is not to make another number of it: twins could not agree about that. */
        text_print(text, "\"revision\":%llu ", (unsigned long long)world->slots[0].revision);
    } else {
        text_print(text, "%s",
                   what == 'r'   ? world->resume[user]
                   : what == 'i' ? world->invitation
                   : what == 'v' ? world->invitation_id
                                 : world->message_id);
    }
}

/* Cursors and revisions of their own are nothing that twins could agree about; &R is. */
static inline void script_make_comparable(struct text *text)
{
    static const char *const words[] = {"cursor", "revision", "\\u"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (char *found = text->bytes; (found = strstr(found, words[i])) != NULL;)
            *found = '_';
}

static inline void script_say(struct script *script, struct world *world)
{
    static struct text text, comparable;
    size_t length;
    const char *line = input_line(&script->input, &length);
    text_clear(&text);
    text_add(&text, "{", 1);
    text_add(&text, line, length);
    if (script->is_twin && strlen(text.bytes) == text.length)
        script_make_comparable(&text);
    text_clear(&comparable);
    for (size_t i = 0; i < text.length; i++) {
        if (i + 1 < text.length && text.bytes[i] != 0 && strchr("$%&", text.bytes[i])) {
            script_expand(script, world, &comparable, text.bytes[i], text.bytes[i + 1]);
            i++;
        } else {
            text_add(&comparable, text.bytes + i, 1);
        }
    }
    world_say(world, script->connection, comparable.bytes, comparable.length);
}

/* --- Typed commands */

static inline int64_t script_amount(struct input *input)
{
    static const int64_t amounts[] = {
        SYNCPLAY_UNSET, 0,        1, 5 * SECOND, 3600 * SECOND, SYNCPLAY_POSITION_MAX, SYNCPLAY_POSITION_MAX + 1, -2,
        INT64_MAX,      INT64_MIN};
    return amounts[input_number(input, sizeof amounts / sizeof *amounts)];
}

static inline double script_double(struct input *input)
{
    static const double numbers[] = {0, 1.5, -1, 1795000051000.25, 9e15, 1e308, -1e-308, (double)INFINITY, (double)NAN};
    return numbers[input_number(input, sizeof numbers / sizeof *numbers)];
}

static inline const char *script_text(struct input *input)
{
    static char longest[1000];
    static const char *const texts[] = {NULL,
                                        "",
                                        "hello",
                                        "a \"b\\\n\x01",
                                        "\xf0\x9f\x8e\xac",
                                        "\xc3\xa9\xe2\x82\xac",
                                        "\xff\xfe",
                                        "0123456789012345678901234567890123456789012345678901234567890123",
                                        longest};
    memset(longest, 'x', sizeof longest - 1);
    return texts[input_number(input, sizeof texts / sizeof *texts)];
}

/* What a typed command points to. */
struct script_command {
    syncplay_command command;
    syncplay_settings settings;
    syncplay_content content;
};

static inline void script_command_about(struct script_command *made, struct input *input, const struct world *world)
{
    syncplay_command *command = &made->command;
    syncplay_user about = world_user(input_number(input, USERS));
    command->user = about.id;
    command->excused = command->muted = command->typing = input_number(input, 2);
    command->role_mask = input_number(input, 8);
    command->role = (syncplay_role)input_number(input, 6);
    command->allow = 1u << input_number(input, 18);
    command->deny = 1u << input_number(input, 18) & ~1u;
    command->uses = input_number(input, 3);
    command->lifetime = script_amount(input);
    syncplay_id_parse(world->invitation_id, strlen(world->invitation_id), &command->invitation_id);
    syncplay_id_parse(world->message_id, strlen(world->message_id), &command->message);
}

static inline void script_command_settings(struct script_command *made, struct input *input)
{
    syncplay_settings_default(&made->settings, sizeof made->settings);
    syncplay_content_default(&made->content, sizeof made->content);
    made->command.settings_mask = input_number(input, 64);
    made->settings.visibility = (syncplay_visibility)input_number(input, 4);
    made->settings.control = (syncplay_control)input_number(input, 3);
    made->settings.max_participants = input_number(input, PARTICIPANTS + 2);
    made->settings.chat_enabled = input_number(input, 2);
    made->settings.strangers = (syncplay_strangers)input_number(input, 3);
    made->settings.wait = (syncplay_wait)input_number(input, 4);
    made->content.type = script_text(input);
    made->content.title = made->content.url = script_text(input);
    made->content.id.bytes[0] = (uint8_t)input_number(input, 3);
    made->command.settings = &made->settings;
    made->command.content = &made->content;
}

/* Reads what belongs to the kind; the rest is as syncplay_command_default has it. */
static inline void script_command(struct script_command *made, struct script *script, const struct world *world)
{
    struct input *input = &script->input;
    syncplay_command *command = &made->command;
    syncplay_command_kind kind = (syncplay_command_kind)input_number(input, SYNCPLAY_COMMAND_REACT + 2);
    syncplay_command_default(command, sizeof *command, kind);
    if (kind == SYNCPLAY_COMMAND_JOIN) {
        unsigned how = input_number(input, 4), user = world->clients[script->connection].user;
        command->code = world->slots[input_number(input, SLOTS)].code;
        command->invitation = how & 1 ? world->invitation : NULL;
        command->resume_token = how & 2 ? world->resume[user] : NULL;
        command->cursor = script->is_twin ? 0 : world->cursor[user];
    } else if (kind == SYNCPLAY_COMMAND_PING) {
        command->client_time = script_double(input);
        command->echo = script_double(input);
        command->held = script_double(input);
        command->drift = script_amount(input);
        command->clock_error = script_amount(input);
        command->start = script_amount(input);
    } else if (kind <= SYNCPLAY_COMMAND_CHAT || kind >= SYNCPLAY_COMMAND_TYPING) {
        command->position = script_amount(input);
        command->speed = (int32_t)input_number(input, 50) * 10;
        command->buffered = command->position;
        command->readiness = (syncplay_readiness)input_number(input, 4);
        command->text = command->client_id = script_text(input);
    } else if (kind == SYNCPLAY_COMMAND_SETTINGS || kind == SYNCPLAY_COMMAND_CONTENT) {
        script_command_settings(made, input);
    } else {
        script_command_about(made, input, world);
    }
}

static inline void script_submit(struct script *script, struct world *world)
{
    struct script_command made;
    script_command(&made, script, world);
    world_begin(world);
    int error = syncplay_hub_submit(world->hub, world->now, script->connection, &made.command);
    world_end(world, error, false);
}

static inline void script_submit_for(struct script *script, struct world *world)
{
    struct script_command made;
    const struct slot *slot = &world->slots[input_number(&script->input, SLOTS)];
    syncplay_user user = world_user(input_number(&script->input, USERS));
    script_command(&made, script, world);
    world_begin(world);
    int error = syncplay_hub_submit_for(world->hub, world->now, &slot->id, &user, &made.command);
    world_end(world, error, false);
}

static inline void script_invite(struct script *script, struct world *world)
{
    syncplay_command command;
    syncplay_invitation_info info = {.struct_size = sizeof info};
    char token[SYNCPLAY_TOKEN_SIZE];
    const struct slot *slot = &world->slots[input_number(&script->input, SLOTS)];
    syncplay_user user = world_user(input_number(&script->input, USERS));
    syncplay_command_default(&command, sizeof command, SYNCPLAY_COMMAND_INVITE);
    world_begin(world);
    int error = syncplay_hub_invite(world->hub, world->now, &slot->id, &user, &command, &info, token);
    if (!error) {
        memcpy(world->invitation, token, sizeof token);
        syncplay_id_format(&info.id, world->invitation_id);
    }
    world_end(world, error, false);
}

/* --- The host application */

static inline void script_end(struct script *script, struct world *world)
{
    const struct slot *slot = &world->slots[input_number(&script->input, SLOTS)];
    syncplay_reason reason = (syncplay_reason)input_number(&script->input, SYNCPLAY_REASON_OPERATOR + 2);
    world_begin(world);
    int error = syncplay_hub_end(world->hub, world->now, &slot->id, reason);
    world_end(world, error, false);
}

static inline void script_round_trip(struct script *script, struct world *world)
{
    static const int64_t trips[] = {-1, 0, 1, 40000, 300000, 3 * SECOND, 30 * SECOND, INT64_MAX};
    int64_t trip = trips[input_number(&script->input, sizeof trips / sizeof *trips)];
    world_begin(world);
    int error = syncplay_hub_round_trip(world->hub, world->now, script->connection, trip);
    world_end(world, error, false);
}

/* Takes out the samples of latency: they alone are no change worth saving. */
static inline void script_forget_samples(struct text *saved)
{
    for (char *found = saved->bytes; (found = strstr(found, "\"latency_ms\":[")) != NULL;) {
        found += strlen("\"latency_ms\":[");
        memmove(found, found + strcspn(found, "]"), strlen(found + strcspn(found, "]")) + 1);
    }
}

/* Sessions that were not told of as changed are as they were when they were told of last. */
static inline void script_take_changed(struct world *world)
{
    static struct text saved;
    syncplay_id changed[SLOTS];
    size_t count = syncplay_hub_take_changed(world->hub, changed, SLOTS);
    for (unsigned i = 0; i < SLOTS; i++) {
        struct slot *slot = &world->slots[i];
        bool is_told = false;
        for (size_t k = 0; k < count; k++)
            is_told = is_told || syncplay_id_equal(&changed[k], &slot->id);
        if (!slot->lives)
            continue;
        world_save(world, &slot->id, 0, &saved);
        script_forget_samples(&saved);
        if (is_told) {
            text_clear(&slot->taken);
            text_add(&slot->taken, saved.bytes, strlen(saved.bytes));
        }
        CHECK_TOLD(strcmp(text_of(&slot->taken), saved.bytes) == 0, saved.bytes);
    }
    CHECK(syncplay_hub_take_changed(world->hub, changed, SLOTS) == 0);
}

/* Another hub, with another clock, takes over what was saved. Connections are gone; sessions, seats and knocks are not.
 */
static inline void script_restart(struct script *script, struct world *world)
{
    struct text saved[SLOTS] = {{0}, {0}};
    int64_t alive = world->now + world->unix_offset;
    for (unsigned i = 0; i < SLOTS; i++)
        if (world->slots[i].lives)
            world_save(world, &world->slots[i].id, 0, &saved[i]);
    syncplay_hub_free(world->hub);
    CHECK(world->live == 0);
    memset(world->clients, 0, sizeof world->clients);
    world->now += script_time(&script->input);
    world->unix_offset += 1000 * SECOND;
    world->now -= 1000 * SECOND;
    world_open(world);
    for (unsigned i = 0; i < SLOTS; i++) {
        if (!world->slots[i].lives)
            continue;
        CHECK_TOLD(syncplay_hub_restore(world->hub, world->now, saved[i].bytes, saved[i].length, alive, NULL) ==
                       SYNCPLAY_OK,
                   saved[i].bytes);
        world_check_slot(world, &world->slots[i]);
        CHECK(world->slots[i].lives);
        text_free(&saved[i]);
    }
}

/* --- All */

/* Does what the next letter says. */
static inline void script_step(struct script *script, struct world *world)
{
    struct input *input = &script->input;
    char letter = input_letter(input);
    if (letter == 'n') {
        unsigned slot = input_number(input, SLOTS), host = input_number(input, USERS);
        world_create(world, slot, host, (syncplay_visibility)input_number(input, 3));
    } else if (letter == '@') {
        script->connection = input_number(input, CONNECTIONS) + 1;
    } else if (letter == 'c') {
        world_connect(world, script->connection, input_number(input, USERS));
    } else if (letter == 'd') {
        world_disconnect(world, script->connection);
    } else if (letter == '{') {
        script_say(script, world);
    } else if (letter == 'k') {
        script_submit(script, world);
    } else if (letter == 'f') {
        script_submit_for(script, world);
    } else if (letter == 'i') {
        script_invite(script, world);
    } else if (letter == 'E') {
        script_end(script, world);
    } else if (letter == 'r') {
        script_round_trip(script, world);
    } else if (letter == '+') {
        int64_t time = script_time(input);
        world_pass(world, time * input_number(input, 10));
    } else if (letter == '-') {
        int64_t time = script_time(input);
        world->now += time * input_number(input, 10);
    } else if (letter == 't') {
        world_tick(world);
    } else if (letter == 'y') {
        world->are_friends = !world->are_friends;
    } else if (letter == 'p') {
        world->forbids = !world->forbids;
    } else if (letter == 'x') {
        world->refuses_content = !world->refuses_content;
    } else if (script->is_twin) {
        return;
    } else if (letter == 'o') {
        world->fails_after = input_number(input, 20);
    } else if (letter == 'e') {
        world->entropy_fails = true;
    } else if (letter == 'T') {
        script_take_changed(world);
    } else if (letter == 'S') {
        world->fails_after = -1;
        world->entropy_fails = false;
        script_restart(script, world);
    }
}

#endif
