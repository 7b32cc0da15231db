/* Which pages may ask: origins in odd spellings, held against hosts and lists. */
// needs: server/origin.o
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "../../server/origin.h"

static void test_none(void **state)
{
    (void)state;
    assert_int_equal(origin_of(NULL, "films.example", false, ""), ORIGIN_NONE);
    assert_int_equal(origin_of(NULL, NULL, true, "*"), ORIGIN_NONE);
}

static void test_the_same_host(void **state)
{
    static const char *const same[][2] = {
        {"http://127.0.0.1:8080", "127.0.0.1:8080"},
        {"http://films.example", "films.example"},
        {"http://films.example", "films.example:80"},
        {"http://films.example:80", "films.example"},
        {"https://films.example", "films.example"},
        {"https://films.example", "films.example:443"},
        {"https://films.example:8443", "films.example:8443"},
        {"HTTPS://Films.Example", "fILMS.eXAMPLE"},
        {"https://films.example.", "films.example."},
        {"http://[::1]:8080", "[::1]:8080"},
        {"https://[2001:db8::A]", "[2001:DB8::a]:443"},
        {"https://xn--bcher-kva.example", "xn--bcher-kva.example"},
        {"http://my_box", "my_box"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_int_equal(origin_of(same[i][0], same[i][1], false, ""), ORIGIN_SAME);
}

static void test_another_host(void **state)
{
    static const char *const foreign[][2] = {
        {"http://evil.example", "films.example"},
        {"http://films.example:8080", "films.example:8081"},
        {"http://films.example:8080", "films.example"},
        {"https://films.example", "films.example:80"},
        {"http://films.example", "films.example:443"},
        {"http://films.example.", "films.example"}, /* another name for browsers, too */
        {"http://films.example.evil.example", "films.example"},
        {"http://evilfilms.example", "films.example"},
        {"http://127.0.0.1:8080", "localhost:8080"},
        {"http://[::1]", "::1"},
        {"http://[::1]:8080", "[::2]:8080"},
        {"ftp://films.example", "films.example"},
        {"chrome-extension://films.example", "films.example"},
        {"http://films.example", ""},
        {"http://films.example", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        assert_int_equal(origin_of(foreign[i][0], foreign[i][1], false, ""), ORIGIN_FOREIGN);
}

static void test_what_is_no_origin(void **state)
{
    static const char *const wrong[] = {
        "",
        "null",
        "NULL",
        "films.example",
        "//films.example",
        "http:films.example",
        "http:/films.example",
        "http://",
        "://films.example",
        "http://films.example/",
        "http://films.example/path",
        "http://films.example?x",
        "http://films.example#x",
        "http://user@films.example",
        "http://user:secret@films.example",
        "http://films.example:",
        "http://films.example:0",
        "http://films.example:65536",
        "http://films.example:080000",
        "http://films.example:8a",
        "http://films.example:-1",
        "http://films.example, http://films.example",
        "http://films.example http://films.example",
        " http://films.example",
        "http://films.example ",
        "http://films.example\\@evil.example",
        "http://films%2eexample",
        "http://\xc3\xbc.example",
        "http://[::1",
        "http://[]",
        "http://[::1]x",
        "http://[gg::1]",
        "http://[::1%25eth0]",
        "ht tp://films.example",
        "*",
        "http://*",
        "http://*.example",
        "javascript:alert(1)",
        "data:text/html,x",
    };
    char longest[ORIGIN_MAX + 2];
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(origin_of(wrong[i], "films.example", false, "http://films.example"), ORIGIN_FOREIGN);
        /* Nor as a host. */
        assert_int_equal(origin_of("http://films.example", wrong[i], false, ""),
                         strcmp(wrong[i], "films.example") == 0 ? ORIGIN_SAME : ORIGIN_FOREIGN);
    }
    memset(longest, 'a', sizeof longest);
    memcpy(longest, "http://", 7);
    longest[ORIGIN_MAX] = '\0';
    assert_int_equal(origin_of(longest, longest + 7, false, ""), ORIGIN_SAME);
    longest[ORIGIN_MAX] = 'a';
    longest[ORIGIN_MAX + 1] = '\0';
    assert_int_equal(origin_of(longest, longest + 7, false, "*"), ORIGIN_FOREIGN);
}

static void test_over_tls_the_page_must_be_too(void **state)
{
    (void)state;
    assert_int_equal(origin_of("https://films.example:8443", "films.example:8443", true, ""), ORIGIN_SAME);
    assert_int_equal(origin_of("http://films.example:8443", "films.example:8443", true, ""), ORIGIN_FOREIGN);
    assert_int_equal(origin_of("http://films.example:8443", "films.example:8443", true, "http://films.example:8443"),
                     ORIGIN_LISTED);
}

static void test_the_list(void **state)
{
    static const char list[] = "https://films.example, http://tv.example:8080 capacitor://localhost,,https://[::1]";
    static const char *const listed[] = {
        "https://films.example",  "https://films.example:443", "HTTPS://FILMS.example",
        "http://tv.example:8080", "capacitor://localhost",     "https://[::1]:443",
    };
    static const char *const foreign[] = {
        "http://films.example",  "https://films.example:444", "https://films.example.",  "https://www.films.example",
        "http://tv.example",     "https://tv.example:8080",   "capacitor://localhost:1", "null",
        "https://other.example",
    };
    (void)state;
    for (size_t i = 0; i < sizeof listed / sizeof *listed; i++)
        assert_int_equal(origin_of(listed[i], "here.example", false, list), ORIGIN_LISTED);
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        assert_int_equal(origin_of(foreign[i], "here.example", false, list), ORIGIN_FOREIGN);
    assert_int_equal(origin_of("https://here.example", "here.example", false, list), ORIGIN_SAME);
}

static void test_everybody(void **state)
{
    (void)state;
    assert_int_equal(origin_of("https://evil.example", "here.example", false, "*"), ORIGIN_LISTED);
    assert_int_equal(origin_of("null", "here.example", false, "https://films.example, *"), ORIGIN_LISTED);
    assert_int_equal(origin_of("http://evil.example\r\nX: y", "here.example", false, "*"), ORIGIN_FOREIGN);
}

static void test_lists_that_may_be(void **state)
{
    static const char *const wrong[] = {"films.example",
                                        "https://films.example/",
                                        "null",
                                        "https://*.example",
                                        "https://films.example;http://tv.example",
                                        "https://films.example, x"};
    (void)state;
    assert_true(origin_list_is_valid(""));
    assert_true(origin_list_is_valid(" , "));
    assert_true(origin_list_is_valid("*"));
    assert_true(origin_list_is_valid("https://films.example http://[::1]:8080,capacitor://localhost"));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(origin_list_is_valid(wrong[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_the_same_host),
        cmocka_unit_test(test_another_host),
        cmocka_unit_test(test_what_is_no_origin),
        cmocka_unit_test(test_over_tls_the_page_must_be_too),
        cmocka_unit_test(test_the_list),
        cmocka_unit_test(test_everybody),
        cmocka_unit_test(test_lists_that_may_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
