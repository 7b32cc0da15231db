/* What is well-formed JSON, and that what is called so is taken by the parser: otherwise it would be told that memory is short. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "../memory/scarce.h"
#include "json_grammar.h"
#include "json_reader.h"

static const char *const good[] = {
    "{}", "[]", " [ ] ", "0", "-0.5e+10", "1E9", "12.25e-3", "\"\"", "true", "false", "null", "\t{ \"a\" : [ 1 , { } ] , \"b\" : null }\r\n",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\uD83D\\uDE00\"", "{\"type\":\"join\",\"session_code\":\"ABCD2345\",\"cursor\":12}",
    "123456789012345678901234567890123456789012345678901234567890123"};

static const char *const bad[] = {
    "", " ", "{", "}", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "01", "-", "1.", ".5", "+1",
    "1e", "1e+", "tru", "True", "nul", "\"", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud800x\"",
    "\"\\ud800\\n\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\\", "{}{}", "[] x",
    "1234567890123456789012345678901234567890123456789012345678901234"};

static void test_what_is_well_formed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(json_is_well_formed(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (json_is_well_formed(bad[i], strlen(bad[i])))
            fail_msg("%s is taken for JSON", bad[i]);
    assert_false(json_is_well_formed("\"\\u004\0\"", 8)); /* a zero byte is no digit */
}

static void test_each_beginning_is_looked_at_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        for (size_t length = 0; length < strlen(good[i]); length++) {
            char *alone = malloc(length ? length : 1); /* so that ASan sees whoever reads on */
            memcpy(alone, good[i], length);
            json_is_well_formed(alone, length);
            free(alone);
        }
}

/* Texts that are changed in some places, by chance: none of them may be called short of memory while there is memory. */
static void test_parser_takes_what_is_well_formed(void **state)
{
    static const char letters[] = "{}[]\",:\\u0019dDe+-. tnx\n";
    uint64_t random = 1;
    unsigned well_formed = 0;
    (void)state;
    for (unsigned i = 0; i < 40000; i++) {
        char text[100];
        const char *reason = "", *seed = good[i % (sizeof good / sizeof *good)];
        size_t length = strlen(seed);
        memcpy(text, seed, length);
        for (unsigned change = 0; change <= i % 3; change++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            text[(random >> 33) % length] = letters[(random >> 17) % (sizeof letters - 1)];
        }
        json_value root = json_parse(text, length, 8, &reason);
        if (!root && !reason)
            fail_msg("%.*s: there was memory", (int)length, text);
        well_formed += json_is_well_formed(text, length);
        json_free(root);
    }
    assert_in_range(well_formed, 2000, 35000);
}

static void test_lack_of_memory_is_told_from_bad_text(void **state)
{
    const char *reason, *text = "{\"a\":[1,\"two\"]}";
    size_t left = 0;
    (void)state;
    for (;; left++) {
        reason = "";
        scarce_begin(left, false);
        json_value root = json_parse(text, strlen(text), 8, &reason);
        bool has_failed = scarce_end();
        assert_int_equal(root == NULL, has_failed);
        assert_true(root || !reason);
        json_free(root);
        if (!has_failed)
            break;
    }
    assert_true(left > 4);
    scarce_begin(0, true);
    assert_null(json_parse("[1,", 3, 8, &reason));
    assert_string_equal(reason, "not valid JSON");
    scarce_end();
    assert_int_equal(scarce.blocks, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_well_formed),
        cmocka_unit_test(test_each_beginning_is_looked_at_alone),
        cmocka_unit_test(test_parser_takes_what_is_well_formed),
        cmocka_unit_test(test_lack_of_memory_is_told_from_bad_text),
    };
    scarce_open();
    return cmocka_run_group_tests_name("json_grammar", tests, NULL, NULL);
}
