/* The system's random bytes: each of their bits changes, as many as were asked for. */
#include "party.h"

#include "entropy.h"

enum { LENGTH = 61, DRAWS = 64 };

static void test_all_bits_change(void **state)
{
    uint8_t first[LENGTH + 1], later[LENGTH + 1], changed[LENGTH] = {0};
    (void)state;
    first[LENGTH] = later[LENGTH] = 0x5a;
    assert_true(entropy_default(NULL, first, LENGTH));
    for (unsigned draw = 0; draw < DRAWS; draw++) {
        assert_true(entropy_default(NULL, later, LENGTH));
        for (unsigned i = 0; i < LENGTH; i++)
            changed[i] |= later[i] ^ first[i];
    }
    for (unsigned i = 0; i < LENGTH; i++)
        assert_int_equal(changed[i], 0xff); /* but for one run in 10^16 */
    assert_int_equal(first[LENGTH], 0x5a);
    assert_int_equal(later[LENGTH], 0x5a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_all_bits_change)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
