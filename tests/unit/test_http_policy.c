/* The head of a response, and what browsers are told in it. */
// needs: server/http_headers.o server/http_policy.o
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "../../server/config.h"
#include "../../server/http_headers.h"
#include "../../server/http_policy.h"

static struct http_headers headers;

/* A whole head, as text. */
static const char *told(enum http_kind kind, const struct config *config, struct http_asker asker)
{
    http_headers_begin(&headers, 200, "OK");
    http_policy_add(&headers, kind, config, &asker);
    http_headers_end(&headers);
    return headers.text;
}

static void assert_says(const char *text, const char *line)
{
    if (strstr(text, line) == NULL)
        fail_msg("\"%s\" is not in %s", line, text);
}

static void assert_silent(const char *text, const char *line)
{
    if (strstr(text, line) != NULL)
        fail_msg("\"%s\" is in %s", line, text);
}

static void test_a_head(void **state)
{
    (void)state;
    http_headers_begin(&headers, 401, "Unauthorized");
    http_headers_add(&headers, "X-Count: %d\r\n", 3);
    http_headers_end(&headers);
    assert_int_equal(headers.length, strlen(headers.text));
    assert_int_equal(strncmp(headers.text, "HTTP/1.1 401 Unauthorized\r\nDate: ", 33), 0);
    assert_says(headers.text, " GMT\r\nConnection: close\r\nWWW-Authenticate: Bearer\r\nX-Count: 3\r\n\r\n");
}

static void test_what_does_not_fit_is_left_out_whole(void **state)
{
    (void)state;
    http_headers_begin(&headers, 200, "OK");
    for (int i = 0; i < HTTP_HEADERS_MAX; i++) {
        size_t before = headers.length;
        http_headers_add(&headers, "X-Line: %d\r\n", i);
        assert_true(headers.length == before || headers.text[headers.length - 1] == '\n');
    }
    assert_true(headers.length > HTTP_HEADERS_MAX - 32);
    http_headers_end(&headers);
    assert_true(headers.length < sizeof headers.text);
    assert_string_equal(headers.text + headers.length - 4, "\r\n\r\n");
}

static void test_hsts_is_for_https_and_for_who_wants_it(void **state)
{
    static const char line[] = "\r\nStrict-Transport-Security: max-age=31536000\r\n";
    struct config config = {0};
    struct http_asker plain = {0};
    struct http_asker safe = {.is_https = true};
    (void)state;
    assert_silent(told(HTTP_PAGE, &config, safe), "Strict");
    config.hsts = true;
    assert_silent(told(HTTP_PAGE, &config, plain), "Strict");
    assert_says(told(HTTP_PAGE, &config, safe), line);
    assert_says(told(HTTP_DATA, &config, safe), line);
    assert_says(told(HTTP_FILM, &config, safe), line);
}

static void test_no_list_no_cors(void **state)
{
    struct config config = {0};
    struct http_asker asker = {0};
    (void)state;
    for (int kind = HTTP_DATA; kind <= HTTP_FILM; kind++) {
        const char *text = told((enum http_kind)kind, &config, asker);
        assert_silent(text, "Access-Control");
        assert_silent(text, "Vary");
        assert_says(text, "\r\nCross-Origin-Resource-Policy: same-origin\r\n");
        assert_says(text, "\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n");
    }
}

static void test_a_list(void **state)
{
    struct config config = {.allowed_origins = "https://films.example"};
    struct http_asker friend = {.origin = "https://films.example"};
    struct http_asker stranger = {0};
    (void)state;
    assert_says(told(HTTP_DATA, &config, friend), "\r\nAccess-Control-Allow-Origin: https://films.example\r\n");
    assert_says(told(HTTP_DATA, &config, stranger), "\r\nVary: Origin\r\n");
    assert_silent(told(HTTP_DATA, &config, stranger), "Access-Control");
    assert_silent(told(HTTP_PAGE, &config, friend), "Access-Control");
    assert_says(told(HTTP_FILM, &config, stranger), "\r\nCross-Origin-Resource-Policy: cross-origin\r\n");
    assert_says(told(HTTP_DATA, &config, stranger), "\r\nCross-Origin-Resource-Policy: same-origin\r\n");
}

static void test_a_preflight(void **state)
{
    struct http_asker friend = {.origin = "https://films.example"};
    struct http_asker stranger = {0};
    (void)state;
    headers.length = 0;
    http_policy_add_preflight(&headers, "GET, HEAD", &stranger);
    assert_int_equal(headers.length, 0);
    http_policy_add_preflight(&headers, "GET, HEAD", &friend);
    assert_string_equal(headers.text, "Access-Control-Allow-Methods: GET, HEAD\r\n"
                                      "Access-Control-Allow-Headers: Authorization, Content-Type\r\n"
                                      "Access-Control-Max-Age: 600\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_head),
        cmocka_unit_test(test_what_does_not_fit_is_left_out_whole),
        cmocka_unit_test(test_hsts_is_for_https_and_for_who_wants_it),
        cmocka_unit_test(test_no_list_no_cors),
        cmocka_unit_test(test_a_list),
        cmocka_unit_test(test_a_preflight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
