/* Who may come in, and who may do what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access.h"

#define GOLDEN "tests/unit/rights.txt"

static void test_entry(void **state)
{
    static const enum access_entry expected[3][2][2][2] = {
        /* by visibility, strangers knock, is_host, is_friend */
        {{{ACCESS_ENTER, ACCESS_ENTER}, {ACCESS_ENTER, ACCESS_ENTER}},
         {{ACCESS_ENTER, ACCESS_ENTER}, {ACCESS_ENTER, ACCESS_ENTER}}},
        {{{ACCESS_KNOCK, ACCESS_KNOCK}, {ACCESS_ENTER, ACCESS_ENTER}},
         {{ACCESS_KNOCK, ACCESS_KNOCK}, {ACCESS_ENTER, ACCESS_ENTER}}},
        {{{ACCESS_REFUSE, ACCESS_ENTER}, {ACCESS_ENTER, ACCESS_ENTER}},
         {{ACCESS_KNOCK, ACCESS_ENTER}, {ACCESS_ENTER, ACCESS_ENTER}}},
    };
    (void)state;
    for (int visibility = 0; visibility < 3; visibility++)
        for (int knock = 0; knock < 2; knock++)
            for (int host = 0; host < 2; host++)
                for (int friend = 0; friend < 2; friend ++) {
                    syncplay_settings settings = {.visibility = (syncplay_visibility)visibility,
                                                  .strangers = (syncplay_strangers)knock};
                    assert_int_equal(access_entry(&settings, host, friend), expected[visibility][knock][host][friend]);
                }
}

/* The table as the rules give it, one line a right: what changes it shows up in a diff of the golden text. */
static char *print_matrix(void)
{
    static const syncplay_role roles[] = {SYNCPLAY_ROLE_HOST, SYNCPLAY_ROLE_CONTROLLER, SYNCPLAY_ROLE_VIEWER,
                                          SYNCPLAY_ROLE_CHAT_ONLY};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    fprintf(out, "%-12s", "right");
    for (size_t i = 0; i < 4; i++)
        fprintf(out, i < 3 ? " %-10s" : " %s\n", syncplay_role_name(roles[i]));
    for (uint32_t right = 1; right & ACCESS_ALL; right <<= 1) {
        fprintf(out, "%-12s", syncplay_right_name((syncplay_right)right));
        for (size_t i = 0; i < 4; i++) {
            bool always = access_role_rights(roles[i], SYNCPLAY_CONTROL_HOST) & right;
            bool open = access_role_rights(roles[i], SYNCPLAY_CONTROL_EVERYONE) & right;
            assert_true(open || !always);
            fprintf(out, i < 3 ? " %-10s" : " %s\n", always ? "yes" : open ? "control" : "-");
        }
    }
    fclose(out);
    return text;
}

static void test_matrix(void **state)
{
    char golden[4096] = "";
    char *matrix = print_matrix();
    FILE *file = fopen(GOLDEN, "r");
    (void)state;
    assert_non_null(file);
    golden[fread(golden, 1, sizeof golden - 1, file)] = 0;
    fclose(file);
    if (strcmp(matrix, golden) != 0)
        print_error("the table of rights has become\n%s", matrix);
    assert_string_equal(matrix, golden);
    free(matrix);
}

/* The protocol's table says the same. */
static void test_documented_matrix(void **state)
{
    char line[256], text[4096] = "", cells[5][16];
    char *matrix = print_matrix();
    FILE *file = fopen("lib/PROTOCOL.md", "r");
    bool inside = false;
    size_t length = 0;
    (void)state;
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        inside = (inside || strstr(line, "<!-- rights -->")) && !strstr(line, "<!-- end of rights -->");
        if (inside && line[0] == '|' && line[1] != '-' &&
            sscanf(line, "| %15s | %15s | %15s | %15s | %15s |", cells[0], cells[1], cells[2], cells[3], cells[4]) == 5)
            length += (size_t)snprintf(text + length, sizeof text - length, "%-12s %-10s %-10s %-10s %s\n", cells[0],
                                       cells[1], cells[2], cells[3], cells[4]);
    }
    fclose(file);
    assert_string_equal(matrix, text);
    free(matrix);
}

static void test_overrides(void **state)
{
    uint32_t viewer = access_role_rights(SYNCPLAY_ROLE_VIEWER, SYNCPLAY_CONTROL_HOST);
    (void)state;
    assert_int_equal(access_rights(SYNCPLAY_ROLE_VIEWER, SYNCPLAY_CONTROL_HOST, SYNCPLAY_RIGHT_KICK, 0),
                     viewer | SYNCPLAY_RIGHT_KICK);
    assert_int_equal(access_rights(SYNCPLAY_ROLE_VIEWER, SYNCPLAY_CONTROL_HOST, 0, SYNCPLAY_RIGHT_CHAT),
                     viewer & ~(uint32_t)SYNCPLAY_RIGHT_CHAT);
    /* Denied is denied, whatever else says yes. */
    assert_int_equal(access_rights(SYNCPLAY_ROLE_CONTROLLER, SYNCPLAY_CONTROL_EVERYONE, ACCESS_ALL, ACCESS_ALL), 0);
    /* The host has no overrides. */
    assert_int_equal(access_rights(SYNCPLAY_ROLE_HOST, SYNCPLAY_CONTROL_HOST, 0, ACCESS_ALL), ACCESS_ALL);
    assert_int_equal(access_rights(SYNCPLAY_ROLE_NONE, SYNCPLAY_CONTROL_EVERYONE, 0, 0), 0);
}

static void test_commands(void **state)
{
    /* Commands that whoever sits may give; every other takes a right. */
    static const syncplay_command_kind open[] = {SYNCPLAY_COMMAND_JOIN,  SYNCPLAY_COMMAND_LEAVE,  SYNCPLAY_COMMAND_READY,
                                                 SYNCPLAY_COMMAND_PING,  SYNCPLAY_COMMAND_STATE,  SYNCPLAY_COMMAND_EXCUSE,
                                                 SYNCPLAY_COMMAND_DELETE};
    (void)state;
    for (int kind = SYNCPLAY_COMMAND_JOIN; kind <= SYNCPLAY_COMMAND_REVOKE; kind++) {
        bool is_open = false;
        for (size_t i = 0; i < sizeof open / sizeof *open; i++)
            is_open |= open[i] == (syncplay_command_kind)kind;
        assert_int_equal(access_right_for((syncplay_command_kind)kind) == 0, is_open);
    }
    assert_int_equal(access_right_for(SYNCPLAY_COMMAND_PAUSE), SYNCPLAY_RIGHT_PLAY);
    assert_int_equal(access_right_for(SYNCPLAY_COMMAND_HOST), SYNCPLAY_RIGHT_HAND_OVER);
}

static void test_waiting(void **state)
{
    (void)state;
    for (int role = SYNCPLAY_ROLE_HOST; role <= SYNCPLAY_ROLE_CHAT_ONLY; role++) {
        bool controls = role <= SYNCPLAY_ROLE_CONTROLLER;
        assert_true(access_is_waited_for(SYNCPLAY_WAIT_EVERYONE, (syncplay_role)role));
        assert_int_equal(access_is_waited_for(SYNCPLAY_WAIT_CONTROLLERS, (syncplay_role)role), controls);
        assert_false(access_is_waited_for(SYNCPLAY_WAIT_NOBODY, (syncplay_role)role));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_entry),     cmocka_unit_test(test_matrix),
                                       cmocka_unit_test(test_documented_matrix), cmocka_unit_test(test_overrides),
                                       cmocka_unit_test(test_commands),  cmocka_unit_test(test_waiting)};
    return cmocka_run_group_tests_name("access", tests, NULL, NULL);
}
