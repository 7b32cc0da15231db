/* Log entries: which value is whose, whatever stands in it, as text and as JSON. */
// needs: server/log_entry.o server/json.o -lcjson
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <string.h>

#include "../../server/log_entry.h"

static char text[LOG_ENTRY_SIZE];
static char json[LOG_ENTRY_SIZE];

__attribute__((format(printf, 1, 2))) static void write_both(const char *format, ...)
{
    static struct log_entry entry;
    va_list arguments;
    va_start(arguments, format);
    log_entry_fill(&entry, format, arguments);
    va_end(arguments);
    size_t length = log_entry_text(&entry, text);
    assert_int_equal(length, strlen(text));
    length = log_entry_json(&entry, json);
    assert_int_equal(length, strlen(json));
}

static void test_values_are_told_apart(void **state)
{
    (void)state;
    write_both("a sentence");
    assert_string_equal(text, "a sentence");
    assert_string_equal(json, "\"message\":\"a sentence\"");
    write_both("participant %s code=%s user=%s", "joined", "K7MPX2QD", "-");
    assert_string_equal(text, "participant joined code=K7MPX2QD user=-");
    assert_string_equal(json, "\"message\":\"participant joined\",\"code\":\"K7MPX2QD\",\"user\":\"-\"");
    write_both("it costs 1=1 %d%% more than Of=%s a =%s", 5, "x", "y");
    assert_string_equal(text, "it costs 1=1 5% more than Of=x a =y");
}

static void test_values_with_blanks_are_quoted(void **state)
{
    (void)state;
    write_both("refused reason=%s remote=%s path=%s", "it is \"full\" remote=evil", "", "C:\\x");
    assert_string_equal(text, "refused reason=\"it is \\\"full\\\" remote=evil\" remote=\"\" path=\"C:\\\\x\"");
    assert_string_equal(json, "\"message\":\"refused\",\"reason\":\"it is \\\"full\\\" remote=evil\",\"remote\":\"\","
                              "\"path\":\"C:\\\\x\"");
    write_both("file=%s", "a b"); /* no blank before it: not a key, but a part of the sentence */
    assert_string_equal(text, "file=a b");
    write_both("two in one place=%s at %s count=%zu", "Rome", "night", (size_t)2);
    assert_string_equal(text, "two in one place=\"Rome at night\" count=2");
    assert_string_equal(json, "\"message\":\"two in one\",\"place\":\"Rome at night\",\"count\":2");
}

static void test_numbers_are_numbers(void **state)
{
    (void)state;
    write_both("n a=%d b=%u c=%zu d=%" PRId64 " e=%ju f=%s g=%d%%", -1, 2u, (size_t)3, INT64_MIN, UINTMAX_MAX, "6", 7);
    assert_string_equal(json, "\"message\":\"n\",\"a\":-1,\"b\":2,\"c\":3,\"d\":-9223372036854775808,"
                              "\"e\":18446744073709551615,\"f\":\"6\",\"g\":\"7%\"");
}

static void test_nobody_fakes_a_line(void **state)
{
    (void)state;
    write_both("request path=%s host=%s", "/x\n2026 error x\x1b[2J\x7f", "\xff\xc3\xa9");
    assert_string_equal(text, "request path=\"/x?2026 error x?[2J?\" host=???");
    assert_string_equal(json, "\"message\":\"request\",\"path\":\"/x?2026 error x?[2J?\",\"host\":\"???\"");
    write_both("request path=%s", "/\xc2\x9b" "2J\xc2\x9f\xc2\xa0\xc3\xa9"); /* control characters of two bytes */
    assert_string_equal(text, "request path=/??2J??\xc2\xa0\xc3\xa9");
    write_both("user name=%s", "Zo\xc3\xab");
    assert_string_equal(text, "user name=Zo\xc3\xab");
}

static void test_what_is_too_long_is_cut_off(void **state)
{
    (void)state;
    static char long_value[3 * LOG_TEXT_MAX];
    memset(long_value, '"', sizeof long_value - 1);
    write_both("m a=%s b=%s", long_value, "x");
    assert_int_equal(strlen(json), strlen("\"message\":\"m\",\"a\":\"\",\"b\":\"\"") + 2 * (LOG_TEXT_MAX - 4));
    assert_string_equal(json + strlen(json) - 10, "\\\"\",\"b\":\"\"");
    /* What is left of a number is none. */
    write_both("m a=%.*s n=%d", LOG_TEXT_MAX - 8, long_value, -5);
    assert_string_equal(json + strlen(json) - 8, ",\"n\":\"-\"");
    write_both("m a=%.*s n=%d", LOG_TEXT_MAX - 10, long_value, -5);
    assert_string_equal(json + strlen(json) - 7, ",\"n\":-5");
    /* The most fields there may be, and what is beyond them. */
    write_both("m a=%s a=%s a=%s a=%s a=%s a=%s a=%s a=%s a=%s a=%s a=%s a=%s a=%s", "", "", "", "", "", "", "", "", "",
               "", "", "", "x");
    assert_string_equal(text + strlen(text) - 14, " a=\"\" a=\" a=x\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_told_apart),       cmocka_unit_test(test_values_with_blanks_are_quoted),
        cmocka_unit_test(test_numbers_are_numbers),         cmocka_unit_test(test_nobody_fakes_a_line),
        cmocka_unit_test(test_what_is_too_long_is_cut_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
