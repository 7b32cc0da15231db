/* Join codes: as people type them, as they are made, and which shard they belong to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "code.h"

static void test_typed_codes(void **state)
{
    static const struct {
        const char *typed, *normal; /* NULL: no code */
    } cases[] = {
        {"ABCD2345", "ABCD2345"},
        {"abcd2345", "ABCD2345"},
        {" abcd - 2345 ", "ABCD2345"},
        {"A-B-C-D", "ABCD"},
        {"ABC", NULL},
        {"ABCD23456", NULL},
        {"ABC0", NULL},
        {"ABCO", NULL},
        {"ABC1", NULL},
        {"ABCI", NULL},
        {"ABCL", NULL},
        {"ABCU", NULL},
        {"", NULL},
        {"----", NULL},
        {"ABC\xc3\x84", NULL},
        {"AB\nCD", NULL},
        {"AB_CD", NULL},
        {"AB{CD", NULL},
    };
    char code[SYNCPLAY_CODE_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        strcpy(code, "before");
        bool is_code = syncplay_code_normalise(cases[i].typed, strlen(cases[i].typed), code);
        assert_int_equal(is_code, cases[i].normal != NULL);
        assert_string_equal(code, cases[i].normal ? cases[i].normal : "before");
    }
    assert_false(syncplay_code_normalise("ABCD\0", 5, code)); /* a zero byte is no character of a code */
    assert_false(syncplay_code_normalise(NULL, 0, code));
}

static void test_made_codes(void **state)
{
    uint8_t random[CODE_RANDOM_BYTES];
    char code[SYNCPLAY_CODE_SIZE], again[SYNCPLAY_CODE_SIZE];
    (void)state;
    for (unsigned i = 0; i < CODE_RANDOM_BYTES; i++)
        random[i] = (uint8_t)(i * 37);
    for (unsigned length = SYNCPLAY_CODE_MIN; length <= SYNCPLAY_CODE_MAX; length++) {
        assert_true(code_make(random, length, code));
        assert_int_equal(strlen(code), length);
        assert_true(syncplay_code_normalise(code, length, again));
        assert_string_equal(code, again);
    }
    memset(random, 0xff, sizeof random); /* all of them rejected: 255 would make some characters likelier */
    assert_false(code_make(random, 8, code));
}

static void test_every_character_is_as_likely(void **state)
{
    unsigned seen[128] = {0};
    char code[SYNCPLAY_CODE_SIZE];
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        uint8_t random[CODE_RANDOM_BYTES];
        memset(random, (int)byte, sizeof random);
        if (code_make(random, 4, code))
            seen[(unsigned char)code[0]]++;
    }
    for (const char *c = SYNCPLAY_CODE_ALPHABET; *c; c++)
        assert_int_equal(seen[(unsigned char)*c], 8);
}

static void test_shards(void **state)
{
    unsigned of[4] = {0};
    char code[] = "AAAA";
    (void)state;
    for (const char *a = SYNCPLAY_CODE_ALPHABET; *a; a++)
        for (const char *b = SYNCPLAY_CODE_ALPHABET; *b; b++) {
            code[2] = *a;
            code[3] = *b;
            uint32_t shard = syncplay_code_shard(code, 4);
            assert_true(shard < 4);
            of[shard]++;
            assert_int_equal(syncplay_code_shard(code, 1), 0);
        }
    for (unsigned i = 0; i < 4; i++)
        assert_in_range(of[i], 150, 300); /* 225 each, about */
    /* The same for ever: a session that was saved by one release is looked for by the next. */
    assert_int_equal(syncplay_code_shard("ABCD", 4096), 209);
    assert_int_equal(syncplay_code_shard("K7MPX2QD", 4096), 2393);
    assert_int_equal(syncplay_code_shard("ZZZZZZZZ", 3), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_typed_codes), cmocka_unit_test(test_made_codes),
                                       cmocka_unit_test(test_every_character_is_as_likely),
                                       cmocka_unit_test(test_shards)};
    return cmocka_run_group_tests_name("code", tests, NULL, NULL);
}
