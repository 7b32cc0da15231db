/* Networks, and the client's address behind proxies: what is believed, and what rubbish and lies come to. */
// needs: server/client_address.o server/network.o
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../server/client_address.h"

static struct networks networks_of(const char *text)
{
    struct networks networks;
    assert_true(networks_read(text, &networks));
    return networks;
}

static bool contains(const char *list, const char *text)
{
    struct networks networks = networks_of(list);
    struct address address;
    assert_true(address_read(text, strlen(text), &address));
    return networks_contain(&networks, &address);
}

static void test_networks(void **state)
{
    (void)state;
    assert_int_equal(networks_of("").count, 0);
    assert_int_equal(networks_of("  ,, ").count, 0);
    assert_int_equal(networks_of("127.0.0.1, 10.0.0.0/8,::1\tfd00::/8").count, 4);
    assert_true(contains("10.0.0.0/8", "10.255.0.1"));
    assert_false(contains("10.0.0.0/8", "11.0.0.0"));
    assert_true(contains("10.1.2.3/8", "10.9.9.9")); /* the rest of the bits do not matter */
    assert_true(contains("192.0.2.0/25", "192.0.2.127"));
    assert_false(contains("192.0.2.0/25", "192.0.2.128"));
    assert_true(contains("0.0.0.0/0", "192.0.2.1"));
    assert_false(contains("0.0.0.0/0", "2001:db8::1"));
    assert_true(contains("127.0.0.1", "::ffff:127.0.0.1")); /* one address, however it is written */
    assert_true(contains("::ffff:10.0.0.0/104", "10.1.1.1"));
    assert_true(contains("2001:db8::/33", "2001:db8:7fff::1"));
    assert_false(contains("2001:db8::/33", "2001:db8:8000::1"));
    assert_true(contains("192.0.2.1,::1", "::1"));
    assert_false(contains("", "127.0.0.1"));
}

static void test_networks_that_are_none(void **state)
{
    (void)state;
    static const char *const bad[] = {"localhost",    "10.0.0.0/33",   "10.0.0.0/",     "10.0.0.0/-1", "10.0.0.0/8/8",
                                      "/8",           "10.0.0/8",      "1.2.3.4.5",     "::1/129",     "fe80::1%eth0",
                                      "10.0.0.0/0x8", "10.0.0.0/0008", "127.0.0.1;::1", "*",           "1.2.3.4:80"};
    struct networks networks = networks_of("192.0.2.1");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(networks_read(bad[i], &networks));
        assert_int_equal(networks.count, 1);
    }
    char many[16 * (NETWORKS_MAX + 1)] = "";
    for (size_t i = 0; i < NETWORKS_MAX; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "10.0.0.%zu,", i);
    assert_true(networks_read(many, &networks));
    assert_int_equal(networks.count, NETWORKS_MAX);
    snprintf(many + strlen(many), sizeof many - strlen(many), "10.1.0.0");
    assert_false(networks_read(many, &networks));
}

/* The client's address with this peer and these headers, the first of which came first. */
static struct client_address walk(const char *peer, const char *first, const char *second)
{
    static const char *const TRUSTED = "127.0.0.1, 10.0.0.0/8, fd00::/8";
    struct networks trusted = networks_of(TRUSTED);
    struct client_address client;
    client_address_begin(&client, &trusted, peer);
    if (second != NULL)
        client_address_forwarded_for(&client, &trusted, second);
    if (first != NULL)
        client_address_forwarded_for(&client, &trusted, first);
    return client;
}

static void is_client(const char *peer, const char *header, const char *expected)
{
    struct client_address client = walk(peer, header, NULL);
    assert_string_equal(client.text, expected);
}

static void test_the_walk(void **state)
{
    (void)state;
    is_client("127.0.0.1", NULL, "127.0.0.1");
    is_client("127.0.0.1", "192.0.2.1", "192.0.2.1");
    is_client("127.0.0.1", "192.0.2.1, 10.1.2.3", "192.0.2.1");
    is_client("127.0.0.1", "192.0.2.1,10.1.2.3 ,\tfd00::7", "192.0.2.1");
    is_client("127.0.0.1", "2001:db8::1", "2001:db8::1");
    is_client("127.0.0.1", "[2001:db8::1]", "2001:db8::1");
    is_client("127.0.0.1", "[2001:db8::1]:4711", "2001:db8::1");
    is_client("127.0.0.1", "192.0.2.1:4711", "192.0.2.1");
    is_client("127.0.0.1", "::ffff:192.0.2.1", "192.0.2.1");
    is_client("::ffff:127.0.0.1", "192.0.2.1", "192.0.2.1");
    is_client("127.0.0.1", "10.0.0.1, 10.0.0.2", "10.0.0.1"); /* all are trusted: the farthest */
    assert_string_equal(walk("127.0.0.1", "192.0.2.1", "10.0.0.1").text, "192.0.2.1");
    assert_string_equal(walk("127.0.0.1", "192.0.2.1", "192.0.2.2").text, "192.0.2.2");
}

static void test_lies(void **state)
{
    (void)state;
    is_client("192.0.2.9", "127.0.0.1", "192.0.2.9");
    is_client("192.0.2.9", "192.0.2.1, 10.0.0.1", "192.0.2.9");
    is_client("127.0.0.1", "127.0.0.1, 192.0.2.9", "192.0.2.9"); /* what the client wrote itself */
    is_client("127.0.0.1", "1.1.1.1, 10.0.0.1, 192.0.2.9, 10.0.0.1", "192.0.2.9");
    assert_string_equal(walk("127.0.0.1", "1.1.1.1", "192.0.2.9").text, "192.0.2.9");
    assert_string_equal(walk("127.0.0.1", "1.1.1.1", "unknown").text, "127.0.0.1");
    is_client("nonsense", "192.0.2.1", "::");
}

static void test_rubbish(void **state)
{
    (void)state;
    static const char *const rubbish[] = {"",
                                          " ",
                                          ",",
                                          ",,,",
                                          "unknown",
                                          "_hidden",
                                          "192.0.2",
                                          "192.0.2.1x",
                                          "192.0.2.1:",
                                          "192.0.2.1:x",
                                          "192.0.2.1:123456",
                                          "[192.0.2.1]",
                                          "[2001:db8::1",
                                          "2001:db8::1]",
                                          "[]",
                                          "[::1]x",
                                          "[::1]:",
                                          "1.2.3.4 5.6.7.8",
                                          "999.1.1.1",
                                          "fe80::1%eth0",
                                          "for=192.0.2.1",
                                          "\"192.0.2.1\"",
                                          "0x7f.1",
                                          "127.1",
                                          "[[::1]]",
                                          ":",
                                          "::1::",
                                          "192.0.2.1,"};
    for (size_t i = 0; i < sizeof rubbish / sizeof rubbish[0]; i++) {
        char header[128];
        is_client("127.0.0.1", rubbish[i], "127.0.0.1");
        snprintf(header, sizeof header, "192.0.2.1, %s, 10.0.0.7", rubbish[i]);
        is_client("127.0.0.1", header, "10.0.0.7"); /* the last good one */
    }
    char *huge = calloc(1, 20001);
    assert_non_null(huge);
    memset(huge, '7', 20000);
    is_client("127.0.0.1", huge, "127.0.0.1");
    memset(huge, ',', 20000);
    is_client("127.0.0.1", huge, "127.0.0.1");
    free(huge);
}

static void test_what_limits_count(void **state)
{
    (void)state;
    assert_string_equal(walk("192.0.2.9", NULL, NULL).group, "192.0.2.9");
    assert_string_equal(walk("127.0.0.1", "2001:db8:1:2:3:4:5:6", NULL).group, "2001:db8:1:2::");
    assert_string_equal(walk("127.0.0.1", "2001:db8:1:2::9", NULL).group, "2001:db8:1:2::");
    assert_string_not_equal(walk("127.0.0.1", "2001:db8:1:3::9", NULL).group, "2001:db8:1:2::");
}

static bool is_https(const char *peer, const char *proto)
{
    struct client_address client = walk(peer, "192.0.2.1", NULL);
    client_address_forwarded_proto(&client, proto);
    return client.is_https;
}

static void test_https(void **state)
{
    (void)state;
    assert_true(is_https("127.0.0.1", "https"));
    assert_true(is_https("127.0.0.1", " HTTPS "));
    assert_true(is_https("127.0.0.1", "http, https"));
    assert_false(is_https("127.0.0.1", "https, http"));
    assert_false(is_https("127.0.0.1", "http"));
    assert_false(is_https("127.0.0.1", ""));
    assert_false(is_https("127.0.0.1", "https,"));
    assert_false(is_https("127.0.0.1", "httpsx"));
    assert_false(is_https("192.0.2.9", "https"));
    assert_false(walk("127.0.0.1", "192.0.2.1", NULL).is_https);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_networks), cmocka_unit_test(test_networks_that_are_none),
        cmocka_unit_test(test_the_walk), cmocka_unit_test(test_lies),
        cmocka_unit_test(test_rubbish),  cmocka_unit_test(test_what_limits_count),
        cmocka_unit_test(test_https),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
