/* The hash table, against a plain array that does the same. */
#include "party.h"

#include "table.h"

enum { KEYS = 500, STEPS = 50000 };

static void test_like_an_array(void **state)
{
    struct party party;
    struct table table = {0};
    static unsigned values[KEYS];
    bool there[KEYS] = {false};
    size_t count = 0;
    (void)state;
    party_init(&party);
    struct memory memory = {party_allocate, &party};
    for (unsigned step = 0; step < STEPS; step++) {
        unsigned i = (unsigned)(party_random(&party) % (step < STEPS / 2 ? KEYS : 40)); /* crowded, then sparse */
        syncplay_id key = table_number_key(i);
        assert_ptr_equal(table_find(&table, &key), there[i] ? &values[i] : NULL);
        if (there[i]) {
            table_remove(&table, &key);
        } else {
            assert_true(table_reserve(&table, &memory));
            table_add(&table, &key, &values[i]);
        }
        count = there[i] ? count - 1 : count + 1;
        there[i] = !there[i];
        assert_int_equal(table.count, count);
        if (step % 1000 == 0)
            for (unsigned k = 0; k < KEYS; k++) {
                key = table_number_key(k);
                assert_ptr_equal(table_find(&table, &key), there[k] ? &values[k] : NULL);
            }
    }
    table_free(&table, &memory);
    assert_int_equal(party.live, 0);
}

static void test_empty_and_without_memory(void **state)
{
    struct party party;
    struct table table = {0};
    syncplay_id key = table_text_key("ABCD2345");
    int value;
    (void)state;
    party_init(&party);
    struct memory memory = {party_allocate, &party};
    assert_null(table_find(&table, &key));
    table_remove(&table, &key);
    for (unsigned i = 0; i < 12; i++) { /* up to three quarters of the first 16 */
        syncplay_id number = table_number_key(i + 1);
        assert_true(table_reserve(&table, &memory));
        table_add(&table, &number, &value);
    }
    party.fails_after = 0;
    assert_false(table_reserve(&table, &memory));
    assert_int_equal(table.count, 12);
    for (unsigned i = 0; i < 12; i++) {
        syncplay_id number = table_number_key(i + 1);
        assert_ptr_equal(table_find(&table, &number), &value);
    }
    assert_null(table_find(&table, &key));
    table_remove(&table, &key); /* it is not there: the others stay */
    assert_int_equal(table.count, 12);
    table_free(&table, &memory);
}

static void test_keys_differ(void **state)
{
    (void)state;
    syncplay_id a = table_text_key("ABCD"), b = table_text_key("ABCD2"), c = table_number_key(1),
                d = table_number_key(256);
    assert_false(syncplay_id_equal(&a, &b));
    assert_false(syncplay_id_equal(&c, &d));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_like_an_array),
                                       cmocka_unit_test(test_empty_and_without_memory),
                                       cmocka_unit_test(test_keys_differ)};
    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
