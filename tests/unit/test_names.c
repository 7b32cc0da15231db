/* What names of files say, of films and of subtitles; and names in URLs. */
// needs: server/film_title.o server/film_url.o server/subtitle_name.o server/percent.o
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "../../server/film_title.h"
#include "../../server/film_url.h"
#include "../../server/percent.h"
#include "../../server/subtitle_name.h"

static void test_titles(void **state)
{
    (void)state;
    static const char *const titles[][2] = {{"a/b/Big_Buck.Bunny.mp4", "Big Buck Bunny"},
                                            {"Vol. 2_x.mkv", "Vol. 2_x"},
                                            {"A.MKV", "A"},
                                            {"..x.._y_.webm", "x y"},
                                            {"_.mp4", "_"},
                                            {"a/Big_Buck.2/Master.m3u8", "Big Buck 2"},
                                            {"Big_Buck/index.m3u8", "Big Buck"},
                                            {"index.m3u8", "index"},
                                            {"a/index.mp4", "index"},
                                            {"d.d/S\xc3\xbc\xc3\x9f.mp4", "S\xc3\xbc\xc3\x9f"}};
    char title[FILM_TITLE_SIZE];
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        film_title_write(titles[i][0], title);
        assert_string_equal(title, titles[i][1]);
    }
}

static void test_subtitles(void **state)
{
    (void)state;
    static const char *const names[][3] = {{"", "", ""},
                                           {"de", "de", ""},
                                           {"pt_BR", "pt-BR", ""},
                                           {"zh-Hant-TW.sdh", "zh-Hant-TW", "sdh"},
                                           {"forced.eng", "eng", "forced"},
                                           {"2.English", "", "2 English"},
                                           {"en.hi", "en", "hi"},
                                           {"SDH", "", "SDH"},
                                           {"cc.fr", "fr", "cc"},
                                           {"..de..", "de", ""},
                                           {"d1", "", "d1"},
                                           {"de-", "", "de-"},
                                           {"de-abcdefghi", "", "de-abcdefghi"}};
    struct subtitle_name name;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        subtitle_name_read(&name, names[i][0], strlen(names[i][0]));
        assert_string_equal(name.language, names[i][1]);
        assert_string_equal(name.label, names[i][2]);
    }
    char long_one[400];
    memset(long_one, 'x', sizeof long_one);
    subtitle_name_read(&name, long_one, sizeof long_one);
    assert_string_equal(name.label, "");
    subtitle_name_read(&name, long_one, SUBTITLE_LABEL_SIZE - 1);
    assert_int_equal(strlen(name.label), SUBTITLE_LABEL_SIZE - 1);
    subtitle_name_read(&name, long_one, SUBTITLE_LABEL_SIZE);
    assert_string_equal(name.label, "");
    memcpy(long_one, "de-abcdefgh-abcdefgh-abcdefgh-abcdefgh", 38);
    subtitle_name_read(&name, long_one, 38);
    assert_string_equal(name.language, "");
}

static void test_percent(void **state)
{
    (void)state;
    char text[16];
    assert_false(percent_encode("a/B 1%\xc3\xbc", text, sizeof text));
    assert_true(percent_encode("a/B ~%\xfc", text, sizeof text));
    assert_string_equal(text, "a/B%20~%25%FC");
    assert_true(percent_encode("0123456789ab\xfc", text, sizeof text)); /* as much as there is room for */
    assert_false(percent_encode("0123456789abc\xfc", text, sizeof text));
    assert_true(percent_encode("0123456789abcde", text, sizeof text));
    assert_false(percent_encode("0123456789abcdef", text, sizeof text));
    assert_true(percent_decode("a%2fB%20+%25", 12, text, sizeof text));
    assert_string_equal(text, "a/B +%");
    static const char *const bad[] = {"%", "a%2", "%zz", "%0g", "%00", "0123456789abcdef"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(percent_decode(bad[i], strlen(bad[i]), text, sizeof text));
    assert_false(percent_decode("ab%2f", 4, text, sizeof text)); /* not beyond the end */
}

static void test_query(void **state)
{
    (void)state;
    char value[8];
    assert_int_equal(percent_query(NULL, "url", value, sizeof value), PERCENT_MISSING);
    assert_int_equal(percent_query("", "url", value, sizeof value), PERCENT_MISSING);
    assert_int_equal(percent_query("curl=1&ur=2&url&urls=3", "url", value, sizeof value), PERCENT_MISSING);
    assert_int_equal(percent_query("a=1&url=x+%2B%26&url=y", "url", value, sizeof value), PERCENT_FOUND);
    assert_string_equal(value, "x +&");
    assert_int_equal(percent_query("url=", "url", value, sizeof value), PERCENT_FOUND);
    assert_string_equal(value, "");
    assert_int_equal(percent_query("url=%", "url", value, sizeof value), PERCENT_BAD);
    assert_int_equal(percent_query("url=12345678", "url", value, sizeof value), PERCENT_BAD);
}

static void test_film_urls(void **state)
{
    (void)state;
    static const char *const good[] = {"/media/a", "/media/a/B%20c.mp4", "/media/a..b/.%2f",
                                       "https://films.example/../a", "HTTP://films.example:8080"};
    static const char *const bad[] = {"",           "/media/",         "/media",          "/api/v1",
                                      "/media/../", "/media/a/%2e%2E", "/media/.%2E/api", "/media/%2e./%2e%2e/api",
                                      "https://",   "http:///a",       "javascript:a()",  "https://films.example/ a",
                                      "//a/b",      "/media/a\\b",     "/media/a\x7f"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!film_url_is_allowed(good[i]))
            fail_msg("refused: %s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (film_url_is_allowed(bad[i]))
            fail_msg("allowed: %s", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_titles),
        cmocka_unit_test(test_subtitles),
        cmocka_unit_test(test_percent),
        cmocka_unit_test(test_query),
        cmocka_unit_test(test_film_urls),
    };
    return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
