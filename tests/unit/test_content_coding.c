// needs: server/content_coding.o
// Accept-Encoding, as browsers write it and as the RFC lets it be written.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../server/content_coding.h"

static void test_gzip_is_taken_by_those_who_say_so(void **state)
{
    (void)state;
    static const char *const takers[] = {"gzip", "gzip, deflate, br, zstd", "br;q=1.0, gzip;q=0.8", "GZIP", "deflate,\tgzip ; q=0.001",
                                         "gzip;", "gzip;q=1"};
    static const char *const others[] = {"", "identity", "br", "*", "xgzip", "gzipx", "x-gzip", "gzip;q=0", "gzip; q=0.000, br",
                                         "br, gzip;Q=0.0"};
    for (size_t i = 0; i < sizeof takers / sizeof *takers; i++)
        if (!content_coding_takes_gzip(takers[i]))
            fail_msg("'%s' takes gzip", takers[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (content_coding_takes_gzip(others[i]))
            fail_msg("'%s' does not take gzip", others[i]);
    assert_false(content_coding_takes_gzip(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_gzip_is_taken_by_those_who_say_so)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
