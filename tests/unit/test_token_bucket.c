/* The chat's rate limit: a burst of `count`, then one each period / count. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "token_bucket.h"

static void test_burst_then_steady(void **state)
{
    struct token_bucket bucket = {0};
    int64_t now = 1000;
    (void)state;
    for (int i = 0; i < 10; i++)
        assert_true(token_bucket_take(&bucket, now, 10, 60000));
    assert_false(token_bucket_take(&bucket, now, 10, 60000));
    assert_false(token_bucket_take(&bucket, now + 5999, 10, 60000));
    assert_true(token_bucket_take(&bucket, now + 6000, 10, 60000));
    assert_false(token_bucket_take(&bucket, now + 6000, 10, 60000));
    now += 1000000; /* full again, and not fuller */
    for (int i = 0; i < 10; i++)
        assert_true(token_bucket_take(&bucket, now, 10, 60000));
    assert_false(token_bucket_take(&bucket, now, 10, 60000));
}

static void test_one_at_a_time(void **state)
{
    struct token_bucket bucket = {0};
    (void)state;
    assert_true(token_bucket_take(&bucket, 5, 1, 100));
    assert_false(token_bucket_take(&bucket, 104, 1, 100));
    assert_true(token_bucket_take(&bucket, 105, 1, 100));
}

static void test_a_refusal_takes_nothing(void **state)
{
    struct token_bucket bucket = {0};
    (void)state;
    assert_true(token_bucket_take(&bucket, 0, 1, 100));
    for (int64_t now = 1; now < 100; now++)
        assert_false(token_bucket_take(&bucket, now, 1, 100));
    assert_true(token_bucket_take(&bucket, 100, 1, 100));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_burst_then_steady), cmocka_unit_test(test_one_at_a_time),
                                       cmocka_unit_test(test_a_refusal_takes_nothing)};
    return cmocka_run_group_tests_name("token_bucket", tests, NULL, NULL);
}
