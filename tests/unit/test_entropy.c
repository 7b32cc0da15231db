/* The system's random bytes: all of them change, as many as were asked for. */
#include "party.h"

#include "entropy.h"

enum { LENGTH = 61, DRAWS = 32 };

static void test_all_bytes_change(void **state)
{
    uint8_t first[LENGTH + 1], later[LENGTH + 1];
    bool has_changed[LENGTH] = {false};
    (void)state;
    first[LENGTH] = later[LENGTH] = 0x5a;
    assert_true(entropy_default(NULL, first, LENGTH));
    for (unsigned draw = 0; draw < DRAWS; draw++) {
        assert_true(entropy_default(NULL, later, LENGTH));
        for (unsigned i = 0; i < LENGTH; i++)
            has_changed[i] |= later[i] != first[i];
    }
    for (unsigned i = 0; i < LENGTH; i++)
        assert_true(has_changed[i]); /* but for one run in 10^75 */
    assert_int_equal(first[LENGTH], 0x5a);
    assert_int_equal(later[LENGTH], 0x5a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_all_bytes_change)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
