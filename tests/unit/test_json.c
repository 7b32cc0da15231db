/* JSON out (exact decimals, escapes, fixed buffers) and in (depth, UTF-8, U+0000, numbers beyond any range). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <string.h>

#include "json_reader.h"
#include "json_writer.h"

static char out[1000];

static struct json_writer begin(void)
{
    struct json_writer writer;
    memset(out, 0, sizeof out);
    json_begin(&writer, out, sizeof out - 1);
    return writer;
}

static void test_decimals_are_exact(void **state)
{
    static const struct {
        int64_t microseconds;
        const char *text;
    } cases[] = {{0, "0"},
                 {1, "0.001"},
                 {1000, "1"},
                 {1234567, "1234.567"},
                 {1200, "1.2"},
                 {10, "0.01"},
                 {-1500, "-1.5"},
                 {INT64_C(9007199254740992), "9007199254740.992"},
                 {INT64_C(1795000000123456), "1795000000123.456"},
                 {INT64_MAX, "9223372036854775.807"},
                 {INT64_MIN, "-9223372036854775.808"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct json_writer writer = begin();
        json_milliseconds(&writer, cases[i].microseconds);
        assert_string_equal(out, cases[i].text);
    }
    struct json_writer writer = begin();
    json_open(&writer, '[');
    json_hundredths(&writer, 125);
    json_hundredths(&writer, 100);
    json_hundredths(&writer, 25);
    json_hundredths(&writer, 101);
    json_integer(&writer, INT64_MIN);
    json_close(&writer, ']');
    assert_string_equal(out, "[1.25,1,0.25,1.01,-9223372036854775808]");
}

static void test_doubles_come_back_as_they_were(void **state)
{
    static const double values[] = {0,      -0.5, 0.1, 1e300, DBL_MAX, DBL_MIN, 1795000000123.456, 9007199254740994,
                                    1.0 / 3};
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        const char *reason;
        double back = 17;
        struct json_writer writer = begin();
        json_double(&writer, values[i]);
        json_value root = json_parse(out, strlen(out), 1, &reason);
        assert_true(json_get_double(root, &back));
        assert_memory_equal(&back, &values[i], sizeof back);
        json_free(root);
    }
}

static void test_escapes(void **state)
{
    (void)state;
    struct json_writer writer = begin();
    json_text(&writer, "\"q\" \\ / \n\r\t\b\x01\x1f\x7f \xc3\xa4 \xf0\x9f\x8e\xac </script>");
    assert_string_equal(out,
                        "\"\\\"q\\\" \\\\ / \\n\\r\\t\\u0008\\u0001\\u001f\x7f \xc3\xa4 \xf0\x9f\x8e\xac </script>\"");
}

static void test_commas_come_by_themselves(void **state)
{
    syncplay_id id = {{0xff}};
    (void)state;
    struct json_writer writer = begin();
    json_open(&writer, '{');
    json_key_text(&writer, "a", "");
    json_key(&writer, "b");
    json_open(&writer, '[');
    json_open(&writer, '{');
    json_close(&writer, '}');
    json_open(&writer, '[');
    json_close(&writer, ']');
    json_close(&writer, ']');
    json_key_bool(&writer, "c", true);
    json_key_id(&writer, "d", &id);
    json_close(&writer, '}');
    assert_string_equal(out, "{\"a\":\"\",\"b\":[{},[]],\"c\":true,\"d\":\"ff000000-0000-0000-0000-000000000000\"}");
    assert_int_equal(writer.length, strlen(out));
}

static void test_what_does_not_fit_is_counted(void **state)
{
    struct json_writer writer;
    char small[8];
    (void)state;
    memset(small, '#', sizeof small);
    json_begin(&writer, small, 5);
    json_text(&writer, "0123456789");
    assert_int_equal(writer.length, 12);
    assert_memory_equal(small + 5, "###", 3);
    json_begin(&writer, NULL, 0);
    json_text(&writer, "0123456789");
    assert_int_equal(writer.length, 12);
}

static void test_what_is_refused(void **state)
{
    static const struct {
        const char *text;
        size_t length; /* 0: to the zero byte */
    } bad[] = {{"", 0},
               {"{", 0},
               {"{}x", 0},
               {"{} {}", 0},
               {"nul", 0},
               {"{\"a\":1,}", 0},
               {"[1 2]", 0},
               {"{a:1}", 0},
               {"\"\\u0000\"", 0},
               {"{\"\\u0000\":1}", 0},
               {"\"\xff\"", 0},
               {"\"\xed\xa0\x80\"", 0},
               {"{}\0", 3},
               {"\"a\0b\"", 5},
               {"\"\\ud800\"", 0}, /* halves of characters, which no UTF-8 has */
               {"\"\\udc00\"", 0},
               {"\"\\ud800x\"", 0},
               {"\"\\ud800\\u0041\"", 0},
               {"\"\\ud800\\ud800\"", 0},
               {"[[[[[1]]]]]", 0},
               {"{\"a\":[[[[]]]]}", 0},
               {"\"\\\\", 0},
               {"'a'", 0},
               {"- 1", 0},
               {"\xef\xbb\xbf{}", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *reason = NULL;
        json_value root = json_parse(bad[i].text, bad[i].length ? bad[i].length : strlen(bad[i].text), 4, &reason);
        if (root)
            print_message("# accepted: %s\n", bad[i].text);
        assert_null(root);
        assert_non_null(reason);
    }
}

static void test_what_is_accepted(void **state)
{
    /* A backslash before u0000 that is escaped itself; brackets in texts are no depth. */
    static const char *const good[] = {"\"\\\\u0000\"",  "[[[[1]]]]",          "\"[[[[[[{{{{\"", " {} \r\n\t",
                                       "\"\\\"[[[[[[\"", "\"\\ud83c\\udfac\"", "1e999"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        const char *reason = "as before";
        json_value root = json_parse(good[i], strlen(good[i]), 4, &reason);
        assert_non_null(root);
        assert_string_equal(reason, "as before");
        json_free(root);
    }
}

static void test_deep_nesting_costs_no_stack(void **state)
{
    static char deep[1000000];
    const char *reason;
    (void)state;
    memset(deep, '[', sizeof deep);
    assert_null(json_parse(deep, sizeof deep, 4, &reason));
    assert_string_equal(reason, "nested too deeply");
}

static void test_getters_know_type_and_range(void **state)
{
    static const char text[] =
        "{\"a\":1,\"a\":2,\"A\":3,\"n\":null,\"t\":\"x\",\"b\":false,\"inf\":1e999,\"neg\":-1,\"frac\":0.5,"
        "\"max\":9007199254740.992,\"over\":9007199254741,\"round\":0.0004,\"list\":[1,2]}";
    const char *reason, *found;
    int64_t number = 17;
    double real;
    bool flag = true;
    syncplay_id id;
    json_value root = json_parse(text, strlen(text), 4, &reason);
    (void)state;
    assert_true(json_is_object(root));
    assert_true(json_get_integer(json_member(root, "a"), 0, 9, &number) && number == 1); /* the first counts */
    assert_true(json_get_integer(json_member(root, "A"), 0, 9, &number) && number == 3);
    assert_null(json_member(root, "n"));
    assert_null(json_member(root, "missing"));
    number = 17;
    assert_false(json_get_integer(json_member(root, "t"), 0, 9, &number));
    assert_false(json_get_integer(json_member(root, "frac"), 0, 9, &number));
    assert_false(json_get_integer(json_member(root, "neg"), 0, 9, &number));
    assert_false(json_get_integer(json_member(root, "inf"), 0, 9, &number));
    assert_false(json_get_integer(NULL, 0, 9, &number));
    assert_false(json_get_double(json_member(root, "inf"), &real));
    assert_false(json_get_bool(json_member(root, "a"), &flag));
    assert_true(json_get_bool(json_member(root, "b"), &flag) && !flag);
    assert_false(json_get_text(json_member(root, "a"), &found));
    assert_true(json_get_text(json_member(root, "t"), &found));
    assert_false(json_get_id(json_member(root, "t"), &id));
    assert_false(json_get_milliseconds(json_member(root, "over"), 0, INT64_C(9007199254740992), &number));
    assert_false(json_get_milliseconds(json_member(root, "inf"), 0, INT64_MAX, &number));
    assert_int_equal(number, 17);
    assert_true(json_get_milliseconds(json_member(root, "max"), 0, INT64_C(9007199254740992), &number));
    assert_true(number == INT64_C(9007199254740992));
    assert_true(json_get_milliseconds(json_member(root, "round"), 0, 9, &number) && number == 0);
    assert_null(json_first(json_member(root, "a")));
    json_value first = json_first(json_member(root, "list"));
    assert_true(json_get_integer(json_next(first), 0, 9, &number) && number == 2);
    assert_null(json_next(json_next(first)));
    json_free(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decimals_are_exact),
        cmocka_unit_test(test_doubles_come_back_as_they_were),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_commas_come_by_themselves),
        cmocka_unit_test(test_what_does_not_fit_is_counted),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_what_is_accepted),
        cmocka_unit_test(test_deep_nesting_costs_no_stack),
        cmocka_unit_test(test_getters_know_type_and_range),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
