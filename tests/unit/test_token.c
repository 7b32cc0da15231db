/* Secrets: made, hashed, compared. */
#include "party.h"

#include "token.h"

static struct party party;
static bool in_callback;

static struct step step_of(void)
{
    static syncplay_hub_callbacks callbacks;
    party_init(&party);
    callbacks.entropy = party_entropy;
    return (struct step){.callbacks = &callbacks, .user_data = &party, .in_callback = &in_callback};
}

static void test_make(void **state)
{
    char first[SYNCPLAY_TOKEN_SIZE], second[SYNCPLAY_TOKEN_SIZE];
    struct token_hash a, b, shown;
    struct step step = step_of();
    (void)state;
    assert_true(token_make(&step, first, &a));
    assert_true(token_make(&step, second, &b));
    assert_int_equal(strlen(first), SYNCPLAY_TOKEN_LENGTH);
    assert_int_equal(strspn(first, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                     SYNCPLAY_TOKEN_LENGTH);
    assert_string_not_equal(first, second);
    shown = token_hash_of(first);
    assert_true(token_is_same(&shown, &a));
    assert_false(token_is_same(&shown, &b));
    assert_false(token_is_none(&a));
    assert_false(in_callback);
}

static void test_no_entropy(void **state)
{
    char text[SYNCPLAY_TOKEN_SIZE] = "as before";
    struct token_hash hash = {{7}};
    struct step step = step_of();
    (void)state;
    party.entropy_fails = true;
    assert_false(token_make(&step, text, &hash));
    assert_string_equal(text, "as before");
    assert_int_equal(hash.bytes[0], 7);
}

/* FIPS 180-4's example: SHA-256 of "abc". */
static void test_hash(void **state)
{
    char hex[TOKEN_HEX_SIZE];
    struct token_hash abc = token_hash_of("abc"), read;
    (void)state;
    token_write_hex(&abc, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_true(token_read_hex(hex, &read));
    assert_true(token_is_same(&abc, &read));
    hex[5] = 'G';
    assert_false(token_read_hex(hex, &read));
    hex[5] = 0;
    assert_false(token_read_hex(hex, &read));
    assert_false(token_read_hex("", &read));
    assert_true(token_is_same(&abc, &read));
}

/* Every single bit counts. */
static void test_compare(void **state)
{
    struct token_hash a = token_hash_of("abc"), b = a;
    (void)state;
    for (unsigned bit = 0; bit < 8 * TOKEN_HASH_BYTES; bit++) {
        b.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(token_is_same(&a, &b));
        b.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_true(token_is_same(&a, &b));
    assert_true(token_is_none(&(struct token_hash){{0}}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_make), cmocka_unit_test(test_no_entropy),
                                       cmocka_unit_test(test_hash), cmocka_unit_test(test_compare)};
    return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
