/* What type a message says it is, whatever else stands in it. */
// needs: server/message_type.o
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../server/message_type.h"

/* In memory that ends where the message does, so that reading on is seen. */
static void expect(const char *message, const char *expected)
{
    char type[MESSAGE_TYPE_SIZE];
    size_t length = strlen(message);
    char *exact = malloc(length + (length == 0));
    assert_non_null(exact);
    memcpy(exact, message, length);
    message_type(exact, length, type);
    free(exact);
    assert_string_equal(type, expected);
}

static void test_the_type_of_the_message_counts(void **state)
{
    (void)state;
    expect("{\"type\":\"play\"}", "play");
    expect(" {\n\t\"a\" : [ {\"type\":\"x\"}, 1.5e3 ] , \"b\":\"\\\",\\\"type\\\":\\\"y\\\"\",\"type\" : \"chat\" , "
           "\"c\":1}",
           "chat");
    expect("{\"o\":{\"type\":\"x\",\"s\":\"}]\"},\"n\":null,\"type\":\"end\"}", "end");
    expect("{\"type\":\"first\",\"type\":\"second\"}", "first");
    expect("{\"type\":\"fifteen_letters\"}", "fifteen_letters");
    expect("{\"Type\":\"x\",\"typed\":\"y\",\"typ\":\"z\"}", "");
}

static void test_what_is_no_type_is_none(void **state)
{
    (void)state;
    static const char message[] = "{\"a\":[1,{\"b\":\"\\\\\"}],\"type\":\"play\"}";
    char begin[sizeof message];
    for (size_t length = 0; length < sizeof message - 3; length++) {
        snprintf(begin, sizeof begin, "%.*s", (int)length, message);
        expect(begin, "");
    }
    static const char *const others[] = {"[\"type\",\"x\"]", "{\"type\":7}",      "{\"type\":null}",
                                         "{\"type\"}",       "{\"a\"]]]}",        "\"type\"",
                                         "{\"a\":\"\\",      "{,\"type\":\"x\"}", "{\"type\":\"sixteen__letters\"}",
                                         "{\"a\":1]}}}",     "{\"type\":\"pla\\u0079\"}"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        expect(others[i], "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_type_of_the_message_counts),
        cmocka_unit_test(test_what_is_no_type_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
