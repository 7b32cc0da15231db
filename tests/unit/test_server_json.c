/* The server's JSON: what is refused before it is parsed, what a field may be, and what is written. And the limit by
 * address. */
// needs: server/json.o server/json_writer.o server/timestamp.o server/address_limit.o server/keyed_hash.o -lcjson
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../server/address_limit.h"
#include "../../server/json.h"
#include "../../server/json_writer.h"

static char why[128];

/* Reads from a block of exactly this size, so that a sanitizer sees a step too far. */
static struct json *read_text(const char *text)
{
    size_t length = strlen(text);
    char *bytes = malloc(length + 1);
    assert_non_null(bytes);
    memcpy(bytes, text, length);
    struct json *object = json_read(bytes, length, why, sizeof why);
    free(bytes);
    return object;
}

static void test_what_is_refused(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"", "the body is not one JSON object"},
        {"[]", "the body is not one JSON object"},
        {"null", "the body is not one JSON object"},
        {"{\"a\":1", "the body is not one JSON object"},
        {"{\"a\":1}}", "the body is not one JSON object"},
        {"{\"a\":1} x", "the body is not one JSON object"},
        {"{\"a\":[[[[[[[[1]]]]]]]]}", "the body is nested too deeply (at most 8 levels)"},
        {"\xef\xbb\xbf{}", "the body holds a character that may be in strings only"},
        {"{\v}", "the body holds a character that may be in strings only"},
        {"{\"a\":\"\xc3\"}", "the body is not UTF-8"},
        {"{\"a\":\"\xc0\x80\"}", "the body is not UTF-8"},
        {"{\"a\":\"\xed\xa0\x80\"}", "the body is not UTF-8"},
        {"{\"a\":\"\xf4\x90\x80\x80\"}", "the body is not UTF-8"},
        {"{\"a\":\"\\u0000\"}", "the body holds \\u0000"},
        {"{\"\\u0000\":1}", "the body holds \\u0000"},
        {"{\"a\":\"\\ud800\"}", "the body holds half of a surrogate pair"},
        {"{\"a\":\"\\udc00\"}", "the body holds half of a surrogate pair"},
        {"{\"a\":\"\\ud800\\u0041\"}", "the body holds half of a surrogate pair"},
        {"{\"a\":\"\\u12\"}", "the body holds a malformed \\u escape"},
        {"{\"a\":\"b\nc\"}", "the body holds a control character in a string"},
        {"{\"a\":\"b", "the body ends inside of a string"},
        {"{\"a\":\"b\\", "the body ends inside of a string"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_null(read_text(rows[i][0]));
        assert_string_equal(why, rows[i][1]);
    }
    static char large[JSON_SIZE_MAX + 2];
    memset(large, ' ', sizeof large);
    large[0] = '{';
    large[1] = '}';
    assert_null(json_read(large, JSON_SIZE_MAX + 1, why, sizeof why));
    assert_string_equal(why, "the body is larger than 65536 bytes");
    struct json *object = json_read(large, JSON_SIZE_MAX, why, sizeof why);
    assert_non_null(object);
    json_free(object);
}

static void test_fields(void **state)
{
    (void)state;
    const char *text = NULL;
    bool flag = false;
    int64_t number = 0;
    struct json *object =
        read_text("{\"t\":\"\\ud83d\\ude00\",\"t\":\"second\",\"b\":true,\"n\":20,\"f\":1.5,\"z\":null,"
                  "\"e\":1e999,\"big\":9007199254740993e1,\"a\":[[[[[[[1]]]]]]]}\r\n");
    assert_non_null(object);
    assert_int_equal(json_get_text(object, "t", &text), JSON_FOUND);
    assert_string_equal(text, "\xf0\x9f\x98\x80");
    assert_int_equal(json_get_text(object, "T", &text), JSON_MISSING);
    assert_int_equal(json_get_text(object, "z", &text), JSON_MISSING);
    assert_int_equal(json_get_text(object, "b", &text), JSON_WRONG_TYPE);
    assert_int_equal(json_get_bool(object, "b", &flag), JSON_FOUND);
    assert_true(flag);
    assert_int_equal(json_get_bool(object, "n", &flag), JSON_WRONG_TYPE);
    assert_int_equal(json_get_integer(object, "n", &number), JSON_FOUND);
    assert_int_equal(number, 20);
    assert_int_equal(json_get_integer(object, "f", &number), JSON_WRONG_TYPE);
    assert_int_equal(json_get_integer(object, "e", &number), JSON_WRONG_TYPE);
    assert_int_equal(json_get_integer(object, "big", &number), JSON_WRONG_TYPE);
    assert_int_equal(json_get_integer(object, "t", &number), JSON_WRONG_TYPE);
    json_free(object);
}

static void test_lists_of_texts(void **state)
{
    (void)state;
    size_t count = 9;
    struct json *object = read_text("{\"a\":[\"x\",\"y\"],\"e\":[],\"n\":null,\"m\":[\"x\",7],\"t\":\"x\"}");
    assert_non_null(object);
    assert_int_equal(json_get_texts(object, "none", &count), JSON_MISSING);
    assert_int_equal(json_get_texts(object, "n", &count), JSON_MISSING);
    assert_int_equal(json_get_texts(object, "m", &count), JSON_WRONG_TYPE);
    assert_int_equal(json_get_texts(object, "t", &count), JSON_WRONG_TYPE);
    assert_int_equal(json_get_texts(object, "e", &count), JSON_FOUND);
    assert_int_equal(count, 0);
    assert_int_equal(json_get_texts(object, "a", &count), JSON_FOUND);
    assert_int_equal(count, 2);
    assert_string_equal(json_text_at(object, "a", 0), "x");
    assert_string_equal(json_text_at(object, "a", 1), "y");
    json_free(object);
}

static void test_the_auth_message(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "{\"type\":\"auth\",\"token\":\"abcdefgh\"}", /* does not fit */
        "{\"type\":\"auth\",\"token\":7}",
        "{\"type\":\"auth\"}",
        "{\"type\":\"AUTH\",\"token\":\"abc\"}",
        "{\"token\":\"abc\"}",
        "{\"type\":\"auth\",\"token\":\"abc\"} x",
        "auth",
        "",
    };
    char token[8] = "";
    const char *good = "{\"token\":\"abcdefg\",\"type\":\"auth\",\"more\":1}";
    assert_true(json_auth_token(good, strlen(good), token, sizeof token));
    assert_string_equal(token, "abcdefg");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(json_auth_token(bad[i], strlen(bad[i]), token, sizeof token));
    assert_string_equal(token, "abcdefg");
}

static void test_writing(void **state)
{
    (void)state;
    size_t length = 0;
    struct json_writer writer = {0};
    const syncplay_id id = {{0xab, 1}};
    json_put_object(&writer, NULL);
    json_put_text(&writer, "te\"xt", "a\"b\\c\n\x01\xc3\xa9");
    json_put_text(&writer, "none", NULL);
    json_put_array(&writer, "list");
    json_put_integer(&writer, NULL, INT64_MIN);
    json_put_bool(&writer, NULL, true);
    json_put_object(&writer, NULL);
    json_end(&writer);
    json_end(&writer);
    json_put_hundredths(&writer, "speed", 105);
    json_put_milliseconds(&writer, "ahead", -40);
    json_put_milliseconds(&writer, "way", 38246);
    json_put_milliseconds(&writer, "least", INT64_MIN);
    json_put_id(&writer, "id", &id);
    json_put_time(&writer, "at", 1);
    json_end(&writer);
    char *text = json_finish(&writer, &length);
    assert_string_equal(
        text,
        "{\"te\\\"xt\":\"a\\\"b\\\\c\\u000a\\u0001\xc3\xa9\",\"none\":null,\"list\":[-9223372036854775808,true,{}],"
        "\"speed\":1.05,\"ahead\":-0.040,\"way\":38.246,\"least\":-9223372036854775.808,\"id\":\"ab010000-0000-0000-0000-000000000000\","
        "\"at\":\"1970-01-01T00:00:00.000001Z\"}");
    assert_int_equal(length, strlen(text));
    free(text);

    json_put_object(&writer, NULL);
    assert_null(json_finish(&writer, &length)); /* not ended */
    for (int i = 0; i <= JSON_WRITER_DEPTH_MAX; i++)
        json_put_array(&writer, NULL);
    for (int i = 0; i <= JSON_WRITER_DEPTH_MAX; i++)
        json_end(&writer);
    assert_null(json_finish(&writer, &length)); /* too deep */

    json_put_array(&writer, NULL);
    for (int i = 0; i < 5000; i++)
        json_put_integer(&writer, NULL, i);
    json_end(&writer);
    text = json_finish(&writer, &length);
    assert_non_null(text);
    assert_string_equal(text + length - 6, ",4999]");
    free(text);
}

static void test_the_limit_by_address(void **state)
{
    (void)state;
    const int64_t second = 1000000;
    int64_t wait = 0;
    struct address_limit *limit = address_limit_new(3, 6 * second, 3);
    assert_non_null(limit);
    for (int i = 0; i < 3; i++)
        assert_true(address_limit_take(limit, "10.0.0.1", 1, &wait));
    assert_false(address_limit_take(limit, "10.0.0.1", 1, &wait));
    assert_int_equal(wait, 2 * second);
    assert_true(address_limit_take(limit, "10.0.0.2", 1, &wait));
    assert_false(address_limit_take(limit, "10.0.0.1", 2 * second, &wait));
    assert_int_equal(wait, 1);
    assert_true(address_limit_take(limit, "10.0.0.1", 2 * second + 1, &wait));
    assert_false(address_limit_take(limit, "10.0.0.1", 2 * second + 1, &wait));
    for (int i = 0; i < 3; i++)
        assert_true(address_limit_take(limit, "10.0.0.1", 100 * second, &wait));
    assert_false(address_limit_take(limit, "10.0.0.1", 100 * second, &wait));
    /* However many addresses there are, the table does not grow, and new ones are let in. */
    for (int i = 0; i < 100000; i++) {
        char address[32];
        snprintf(address, sizeof address, "host %d", i);
        assert_true(address_limit_take(limit, address, 200 * second, &wait));
    }
    address_limit_free(limit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_refused),      cmocka_unit_test(test_fields),
        cmocka_unit_test(test_lists_of_texts),       cmocka_unit_test(test_the_auth_message),
        cmocka_unit_test(test_writing),              cmocka_unit_test(test_the_limit_by_address),
    };
    return cmocka_run_group_tests_name("server_json", tests, NULL, NULL);
}
