/* Ids as UUID text and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <syncplay/id.h>

static void test_both_cases_are_read_lower_case_is_written(void **state)
{
    char text[SYNCPLAY_ID_SIZE];
    syncplay_id id;
    (void)state;
    assert_true(syncplay_id_parse("01234567-89AB-cdef-FEDC-ba9876543210", SYNCPLAY_ID_LENGTH, &id));
    assert_int_equal(id.bytes[0], 0x01);
    assert_int_equal(id.bytes[15], 0x10);
    syncplay_id_format(&id, text);
    assert_string_equal(text, "01234567-89ab-cdef-fedc-ba9876543210");
}

static void test_nothing_else_is_an_id(void **state)
{
    static const char *const bad[] = {
        "",
        "01234567-89ab-cdef-fedc-ba987654321",
        "01234567-89ab-cdef-fedc-ba98765432100",
        "0123456789abcdeffedcba9876543210",
        "01234567-89ab-cdef-fedc-ba987654321g",
        "01234567889ab-cdef-fedc-ba9876543210",
        "{1234567-89ab-cdef-fedc-ba987654321}",
        "00000000-0000-0000-0000-000000000000",
        "01234567-89ab-cdef-fedc_ba9876543210",
        "0123456/-89ab-cdef-fedc-ba9876543210", /* the characters beside digits and letters */
        "0123456:-89ab-cdef-fedc-ba9876543210",
        "0123456@-89ab-cdef-fedc-ba9876543210",
        "0123456G-89ab-cdef-fedc-ba9876543210",
        "0123456`-89ab-cdef-fedc-ba9876543210",
    };
    syncplay_id id = {{7}}, before = id;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(syncplay_id_parse(bad[i], strlen(bad[i]), &id));
        assert_true(syncplay_id_equal(&id, &before));
    }
    assert_false(syncplay_id_parse(NULL, SYNCPLAY_ID_LENGTH, &id));
}

static void test_comparing(void **state)
{
    syncplay_id a = {{1}}, b = {{1}}, none = {{0}};
    (void)state;
    assert_true(syncplay_id_equal(&a, &b));
    b.bytes[15] = 1;
    assert_false(syncplay_id_equal(&a, &b));
    assert_true(syncplay_id_is_none(&none));
    assert_false(syncplay_id_is_none(&a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_both_cases_are_read_lower_case_is_written),
                                       cmocka_unit_test(test_nothing_else_is_an_id), cmocka_unit_test(test_comparing)};
    return cmocka_run_group_tests_name("id", tests, NULL, NULL);
}
