/* Who may come in, and who may do what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "access.h"

static void test_entry(void **state)
{
    static const enum access_entry expected[3][2][2] = {
        /* by visibility, is_host, is_friend */
        {{ACCESS_ENTER, ACCESS_ENTER}, {ACCESS_ENTER, ACCESS_ENTER}},
        {{ACCESS_KNOCK, ACCESS_KNOCK}, {ACCESS_ENTER, ACCESS_ENTER}},
        {{ACCESS_REFUSE, ACCESS_ENTER}, {ACCESS_ENTER, ACCESS_ENTER}},
    };
    (void)state;
    for (int visibility = 0; visibility < 3; visibility++)
        for (int host = 0; host < 2; host++)
            for (int friend = 0; friend < 2; friend ++)
                assert_int_equal(access_entry((syncplay_visibility)visibility, host, friend),
                                 expected[visibility][host][friend]);
}

static void test_commands(void **state)
{
    /* a: all, c: whoever controls, h: the host; by number of the command, JOIN is 1 */
    static const char rights[] = "?aaccccaaaaahhhhhhh";
    (void)state;
    for (int kind = SYNCPLAY_COMMAND_JOIN; kind <= SYNCPLAY_COMMAND_END; kind++) {
        syncplay_command_kind command = (syncplay_command_kind)kind;
        assert_true(access_may(command, true, SYNCPLAY_CONTROL_HOST));
        assert_true(access_may(command, true, SYNCPLAY_CONTROL_EVERYONE));
        assert_int_equal(access_may(command, false, SYNCPLAY_CONTROL_EVERYONE), rights[kind] != 'h');
        assert_int_equal(access_may(command, false, SYNCPLAY_CONTROL_HOST), rights[kind] == 'a');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_entry), cmocka_unit_test(test_commands)};
    return cmocka_run_group_tests_name("access", tests, NULL, NULL);
}
