/* Text from outside: well-formed UTF-8, counted in characters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <syncplay/session.h>

#include "text.h"

static void test_utf8(void **state)
{
    static const struct {
        const char *text;
        size_t characters;
    } good[] = {{"", 0},
                {"abc", 3},
                {"\xc2\x80", 1},
                {"\xdf\xbf", 1},
                {"\xe0\xa0\x80", 1},
                {"\xed\x9f\xbf", 1},
                {"\xee\x80\x80", 1},
                {"\xf0\x90\x80\x80", 1},
                {"\xf4\x8f\xbf\xbf", 1},
                {"a\xc3\xa4z", 3}};
    /* Overlong forms, surrogates, beyond U+10FFFF, alone or cut short. */
    static const char *const bad[] = {"\x80",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xc2",
                                      "\xe0\x9f\xbf",
                                      "\xe2\x82",
                                      "\xed\xa0\x80",
                                      "\xed\xbf\xbf",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xff",
                                      "\xc3(",
                                      "a\xe2\x28\xa1"};
    size_t count;
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(text_is_utf8(good[i].text, strlen(good[i].text), &count));
        assert_int_equal(count, good[i].characters);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(text_is_utf8(bad[i], strlen(bad[i]), &count));
    assert_false(text_is_utf8("\xf0\x9f\x8e\xac", 3, &count)); /* nothing is read beyond the length */
}

static void test_lengths_are_characters(void **state)
{
    (void)state;
    assert_true(text_fits("\xf0\x9f\x8e\xac\xf0\x9f\x8e\xac", 2, 2));
    assert_false(text_fits("\xf0\x9f\x8e\xac\xf0\x9f\x8e\xac", 1, 1));
    assert_false(text_fits("", 1, 5));
    assert_true(text_fits("", 0, 5));
    assert_false(text_fits(NULL, 0, 5));
    assert_false(text_fits("\xff", 0, 5));
}

static void test_lines(void **state)
{
    static const char *const bad[] = {"", " ", "   ", "a\nb", "a\x7f", "\x01", "a\xc2\x85", "a\tb", "12345678901"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(text_is_line(bad[i], 1, 10));
    assert_true(text_is_line("", 0, 10));
    assert_true(text_is_line(" a ", 1, 10));
    assert_true(text_is_line("\xe2\x80\x8b", 1, 10)); /* U+200B is no blank, but no name either */
    assert_true(text_is_line("\xc2\xa0x", 1, 10));
    assert_true(text_is_line("1234567890", 1, 10));
}

static void test_digests(void **state)
{
    (void)state;
    assert_true(text_digest("a") == text_digest("a"));
    assert_true(text_digest("a") != text_digest("b"));
    assert_true(text_digest("") != 0);
    assert_true(text_digest("!0IC=VloaY") == 1); /* FNV-1a makes 0 of it (L. C. Noll), which means none */
}

static void test_names(void **state)
{
    static const char *const good[] = {"Ana", " x ", "Zo\xc3\xab", "\xf0\x9f\x98\x80",
                                       /* a family, joined by U+200D; Arabic with a mark, U+200F */
                                       "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa7", "\xd8\xb9\xe2\x80\x8f"};
    static const char *const bad[] = {"", " ", "\xe2\x80\x8b", "\xc2\xa0\xe2\x80\x8b", "\xef\xbb\xbf", "\xe3\x85\xa4",
                                      "x\xe2\x80\xae", "\xe2\x81\xa6x", "x\xe2\x80\xa8y", "x\ny", "\xff", "\xf3\xa0\x80\xa0"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(syncplay_name_is_valid(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(syncplay_name_is_valid(bad[i]));
    assert_false(syncplay_name_is_valid(NULL));
    assert_true(syncplay_name_is_valid("12345678901234567890123456789012"));
    assert_false(syncplay_name_is_valid("123456789012345678901234567890123"));
}

/* Each with a colour of skin: the longest there is. */
#define TWO_WHO_KISS                                                                                                   \
    "\xf0\x9f\x91\xa9\xf0\x9f\x8f\xbd\xe2\x80\x8d\xe2\x9d\xa4\xef\xb8\x8f\xe2\x80\x8d\xf0\x9f\x92\x8b\xe2\x80\x8d"     \
    "\xf0\x9f\x91\xa8\xf0\x9f\x8f\xbe"

static void test_symbols(void **state)
{
    static const char *const good[] = {
        "\xe2\x9d\xa4\xef\xb8\x8f", "\xe2\x9d\xa4", "\xf0\x9f\x98\x82\xf0\x9f\x98\x82", "\xc2\xa9\xef\xb8\x8f",
        "\xe2\x9d\xa4\xef\xb8\x8e", /* as text, U+FE0E */
        "1\xef\xb8\x8f\xe2\x83\xa3#\xe2\x83\xa3*\xe2\x83\xa3", /* keycaps, with U+FE0F and without */
        "\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa",         /* a flag */
        "\xf0\x9f\x8f\xb4\xf3\xa0\x81\xa7\xf3\xa0\x81\xa2\xf3\xa0\x81\xa5\xf3\xa0\x81\xae\xf3\xa0\x81\xa7\xf3\xa0\x81\xbf",
        TWO_WHO_KISS};
    static const char *const bad[] = {
        "", "x", " ", "no", "1", "#", "\n", "\xff", "\xc3\xa9", "\xd0\xb4", "\xe4\xb8\x96", "\xef\xbc\xa1", ":)",
        "\xf0\x9f\x98\x82!", "\xf0\x9f\x98\x82 \xf0\x9f\x98\x82", "\xf0\x9f\x98\x82\xcc\x81", /* an accent on it */
        "\xf0\x9f\x98\x82\xf3\xa0\x84\x80", "*",
        "\xf0\x9f\x98\x82\xe2\x80\xae", "\xe2\x80\x8d", "\xef\xb8\x8f\xe2\x9d\xa4", "a\xef\xb8\x8f\xe2\x83\xa3",
        "1\xef\xb8\x8f", "\xe2\x83\xa3", "\xf0\x9f\x85\xb5", "\xf0\x9d\x90\x80", "\xe2\x93\x90", /* letters in disguise */
        "\xf0\x9f\x87\xb3\xf0\x9f\x87\xb4\xf0\x9f\x87\xb3\xf0\x9f\x87\xb4"};                 /* and of flags */
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!text_is_symbols(good[i], 10))
            fail_msg("%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (text_is_symbols(bad[i], 10))
            fail_msg("%s", bad[i]);
    assert_false(text_is_symbols(NULL, 10));
    assert_false(text_is_symbols(TWO_WHO_KISS, 9));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_utf8), cmocka_unit_test(test_lengths_are_characters),
                                       cmocka_unit_test(test_lines), cmocka_unit_test(test_names),
                                       cmocka_unit_test(test_digests), cmocka_unit_test(test_symbols)};
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
