/* Clients' messages, written and read again: each kind of command comes back as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "access.h"
#include "wire.h"
#include "wire_command.h"

static char bytes[20000];

/* Texts are equal if both are none, too. */
static void same_text(const char *one, const char *other)
{
    assert_int_equal(one == NULL, other == NULL);
    if (one)
        assert_string_equal(one, other);
}

static void same_settings(const syncplay_settings *one, const syncplay_settings *other, uint32_t mask)
{
    if (mask & SYNCPLAY_SETTING_VISIBILITY)
        assert_int_equal(one->visibility, other->visibility);
    if (mask & SYNCPLAY_SETTING_CONTROL)
        assert_int_equal(one->control, other->control);
    if (mask & SYNCPLAY_SETTING_MAX_PARTICIPANTS)
        assert_int_equal(one->max_participants, other->max_participants);
    if (mask & SYNCPLAY_SETTING_CHAT_ENABLED)
        assert_int_equal(one->chat_enabled, other->chat_enabled);
    if (mask & SYNCPLAY_SETTING_STRANGERS)
        assert_int_equal(one->strangers, other->strangers);
    if (mask & SYNCPLAY_SETTING_WAIT)
        assert_int_equal(one->wait, other->wait);
}

/* Bit by bit: a number on the wire has to come back exactly. */
static void same_double(double one, double other)
{
    assert_memory_equal(&one, &other, sizeof one);
}

static void same_command(const syncplay_command *one, const syncplay_command *other)
{
    assert_int_equal(one->kind, other->kind);
    same_text(one->client_id, other->client_id);
    assert_true(one->revision == other->revision && one->position == other->position);
    assert_true(one->speed == other->speed && one->buffered == other->buffered && one->readiness == other->readiness);
    same_text(one->text, other->text);
    same_text(one->code, other->code);
    assert_memory_equal(&one->user, &other->user, sizeof one->user);
    assert_int_equal(one->excused, other->excused);
    assert_int_equal(one->settings_mask, other->settings_mask);
    same_double(one->client_time, other->client_time);
    same_double(one->echo, other->echo);
    same_double(one->held, other->held);
    same_text(one->invitation, other->invitation);
    same_text(one->resume_token, other->resume_token);
    assert_true(one->cursor == other->cursor && one->role_mask == other->role_mask && one->role == other->role);
    assert_true(one->allow == other->allow && one->deny == other->deny && one->muted == other->muted);
    assert_memory_equal(&one->message, &other->message, sizeof one->message);
    assert_memory_equal(&one->invitation_id, &other->invitation_id, sizeof one->message);
    assert_true(one->lifetime == other->lifetime && one->uses == other->uses);
    assert_true(one->drift == other->drift && one->clock_error == other->clock_error && one->start == other->start);
    assert_int_equal(one->typing, other->typing);
}

static void write_message(const syncplay_command *command)
{
    struct json_writer writer;
    json_begin(&writer, bytes, sizeof bytes - 1);
    wire_command_write(&writer, command);
    assert_true(writer.length < sizeof bytes);
    bytes[writer.length] = 0;
}

static void comes_back(const syncplay_command *command)
{
    struct wire_message message;
    write_message(command);
    int error = wire_read(&message, bytes, strlen(bytes));
    if (error)
        fail_msg("%s: %s", bytes, message.why);
    same_command(&message.command, command);
    if (command->kind == SYNCPLAY_COMMAND_SETTINGS)
        same_settings(message.command.settings, command->settings, command->settings_mask);
    if (command->kind == SYNCPLAY_COMMAND_CONTENT) {
        same_text(message.command.content->type, command->content->type);
        same_text(message.command.content->title, command->content->title);
        same_text(message.command.content->url, command->content->url);
        assert_memory_equal(&message.command.content->id, &command->content->id, sizeof command->content->id);
    }
    wire_free(&message);
}

static syncplay_command of_kind(syncplay_command_kind kind)
{
    syncplay_command command;
    syncplay_command_default(&command, sizeof command, kind);
    return command;
}

static bool is_about_user(syncplay_command_kind kind)
{
    return (kind >= SYNCPLAY_COMMAND_EXCUSE && kind <= SYNCPLAY_COMMAND_HOST) ||
           (kind >= SYNCPLAY_COMMAND_BAN && kind <= SYNCPLAY_COMMAND_MUTE) || kind == SYNCPLAY_COMMAND_ROLE;
}

/* The least that a command of this kind has to have. */
static syncplay_command least(syncplay_command_kind kind, syncplay_settings *settings, syncplay_content *content)
{
    syncplay_command command = of_kind(kind);
    syncplay_settings_default(settings, sizeof *settings);
    syncplay_content_default(content, sizeof *content);
    content->type = "movie";
    content->id.bytes[3] = 7;
    if (is_about_user(kind))
        command.user.bytes[0] = 1;
    command.message.bytes[0] = kind == SYNCPLAY_COMMAND_DELETE;
    command.invitation_id.bytes[0] = kind == SYNCPLAY_COMMAND_REVOKE;
    switch (kind) {
    case SYNCPLAY_COMMAND_JOIN:
        command.code = "abcd-2345";
        break;
    case SYNCPLAY_COMMAND_SEEK:
        command.position = 0;
        break;
    case SYNCPLAY_COMMAND_READY:
        command.readiness = SYNCPLAY_READY_YES;
        break;
    case SYNCPLAY_COMMAND_CHAT:
        command.text = "Hello";
        break;
    case SYNCPLAY_COMMAND_REACT:
        command.text = "\xf0\x9f\x8e\xac";
        break;
    case SYNCPLAY_COMMAND_SETTINGS:
        command.settings = settings;
        command.settings_mask = SYNCPLAY_SETTING_WAIT;
        break;
    case SYNCPLAY_COMMAND_CONTENT:
        command.content = content;
        break;
    case SYNCPLAY_COMMAND_ROLE:
        command.role_mask = SYNCPLAY_SET_DENY;
        break;
    default:
        break;
    }
    return command;
}

static void test_every_kind_comes_back(void **state)
{
    syncplay_settings settings;
    syncplay_content content;
    (void)state;
    for (int kind = SYNCPLAY_COMMAND_JOIN; kind <= SYNCPLAY_COMMAND_REACT; kind++) {
        syncplay_command command = least((syncplay_command_kind)kind, &settings, &content);
        comes_back(&command);
        command.revision = INT64_C(1) << 53;
        command.client_id = "quote \" and \\ and \n and \xc3\xa9";
        comes_back(&command);
    }
}

static void test_a_kind_that_there_is_not(void **state)
{
    static const int kinds[] = {SYNCPLAY_COMMAND_NONE, SYNCPLAY_COMMAND_REACT + 1, 100, -1};
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        syncplay_command command = of_kind((syncplay_command_kind)kinds[i]);
        write_message(&command);
        assert_string_equal(bytes, "{}");
    }
}

static void test_positions_and_readiness(void **state)
{
    static const int64_t positions[] = {0, 1, 999, 1000, 1234567, 7200123456, SYNCPLAY_POSITION_MAX / 2 - 1,
                                        SYNCPLAY_POSITION_MAX}; /* beyond the half, doubles of milliseconds skip some */
    (void)state;
    for (size_t i = 0; i < sizeof positions / sizeof *positions; i++)
        for (int kind = SYNCPLAY_COMMAND_PLAY; kind <= SYNCPLAY_COMMAND_SEEK; kind++) {
            syncplay_command command = of_kind((syncplay_command_kind)kind);
            command.position = positions[i];
            comes_back(&command);
            command = of_kind(SYNCPLAY_COMMAND_READY);
            command.buffered = positions[i];
            command.readiness = (syncplay_readiness)(kind - SYNCPLAY_COMMAND_PLAY);
            comes_back(&command);
        }
    /* "Enough" has no number; it is said in other words. */
    syncplay_command enough = of_kind(SYNCPLAY_COMMAND_READY);
    write_message(&enough);
    assert_string_equal(bytes, "{\"type\":\"ready\",\"is_ready\":true}");
    for (int32_t speed = SYNCPLAY_SPEED_MIN; speed <= SYNCPLAY_SPEED_MAX; speed++) {
        syncplay_command command = of_kind(SYNCPLAY_COMMAND_SPEED);
        command.speed = speed;
        comes_back(&command);
    }
}

static void test_pings(void **state)
{
    syncplay_command command = of_kind(SYNCPLAY_COMMAND_PING);
    (void)state;
    command.client_time = 1e-300;
    comes_back(&command);
    command.client_time = -1.7976931348623157e308;
    command.echo = 1795000000000.123;
    command.held = 0.1;
    command.drift = -SYNCPLAY_DRIFT_MAX;
    command.clock_error = SYNCPLAY_CLOCK_ERROR_MAX;
    command.start = 0;
    comes_back(&command);
    command.drift = -1; /* is a drift */
    comes_back(&command);
    command.drift = 17500;
    command.clock_error = 1;
    command.start = SYNCPLAY_START_MAX;
    comes_back(&command);
    command.echo = 1; /* a server whose time began just now */
    comes_back(&command);
}

static void test_joins(void **state)
{
    syncplay_command command = of_kind(SYNCPLAY_COMMAND_JOIN);
    (void)state;
    command.code = "K7MPX2QD";
    command.invitation = "an invitation";
    command.resume_token = "a token";
    command.cursor = UINT64_C(1) << 53;
    comes_back(&command);
}

static void test_lists(void **state)
{
    syncplay_settings settings;
    (void)state;
    for (uint32_t mask = 1; mask < 0x40; mask++) {
        syncplay_command command = of_kind(SYNCPLAY_COMMAND_SETTINGS);
        syncplay_settings_default(&settings, sizeof settings);
        settings.visibility = (syncplay_visibility)(mask % 3);
        settings.control = (syncplay_control)(mask % 2);
        settings.max_participants = mask;
        settings.chat_enabled = mask % 5;
        settings.strangers = (syncplay_strangers)(mask / 2 % 2);
        settings.wait = (syncplay_wait)(mask / 3 % 3);
        command.settings = &settings;
        command.settings_mask = mask;
        comes_back(&command);
    }
    for (uint32_t mask = 1; mask < 8; mask++) {
        syncplay_command command = of_kind(SYNCPLAY_COMMAND_ROLE);
        command.user.bytes[0] = 0xab;
        command.role_mask = mask;
        command.role = mask & SYNCPLAY_SET_ROLE ? SYNCPLAY_ROLE_CHAT_ONLY : SYNCPLAY_ROLE_NONE;
        command.allow = mask & SYNCPLAY_SET_ALLOW ? ACCESS_ALL : 0;
        command.deny = mask & SYNCPLAY_SET_DENY ? ACCESS_PLAYBACK : 0;
        comes_back(&command);
    }
}

static void test_all_else(void **state)
{
    static const char title[] = "\"Amelie\" \\ \xf0\x9f\x8e\xac";
    syncplay_content content;
    (void)state;
    syncplay_content_default(&content, sizeof content);
    content.type = "series";
    content.id.bytes[15] = 0xff;
    content.title = title;
    content.url = "https://films.example/a?b=c&d=\xc3\xa9";
    syncplay_command command = of_kind(SYNCPLAY_COMMAND_CONTENT);
    command.content = &content;
    comes_back(&command);
    command = of_kind(SYNCPLAY_COMMAND_INVITE);
    command.role = SYNCPLAY_ROLE_CONTROLLER;
    command.lifetime = 3600000001;
    command.uses = 1000000;
    comes_back(&command);
    for (int kind = SYNCPLAY_COMMAND_EXCUSE; kind <= SYNCPLAY_COMMAND_REVOKE; kind++) {
        bool has_id = is_about_user((syncplay_command_kind)kind) && kind != SYNCPLAY_COMMAND_ROLE;
        if (!has_id && kind != SYNCPLAY_COMMAND_DELETE && kind != SYNCPLAY_COMMAND_REVOKE)
            continue;
        command = of_kind((syncplay_command_kind)kind);
        command.excused = kind == SYNCPLAY_COMMAND_EXCUSE;
        command.muted = kind == SYNCPLAY_COMMAND_MUTE;
        syncplay_id *about = kind == SYNCPLAY_COMMAND_DELETE   ? &command.message
                             : kind == SYNCPLAY_COMMAND_REVOKE ? &command.invitation_id
                                                               : &command.user;
        for (uint8_t i = 0; i < 16; i++)
            about->bytes[i] = (uint8_t)(17 * i + kind);
        comes_back(&command);
    }
    command = of_kind(SYNCPLAY_COMMAND_CHAT);
    command.text = "tab\t, new\nline, \x01, \x7f, quote \", slash /, \xe2\x80\xae";
    command.client_id = "m-1";
    comes_back(&command);
    command = of_kind(SYNCPLAY_COMMAND_TYPING);
    command.typing = false;
    comes_back(&command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_comes_back), cmocka_unit_test(test_a_kind_that_there_is_not),
        cmocka_unit_test(test_positions_and_readiness), cmocka_unit_test(test_pings),
        cmocka_unit_test(test_joins),                 cmocka_unit_test(test_lists),
        cmocka_unit_test(test_all_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
