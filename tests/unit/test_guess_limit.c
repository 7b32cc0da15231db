/*
 * Wrong codes in virtual time: when one has to wait and how long, what attackers with much time and many addresses get,
 * and what that makes of guessing a code.
 */
// needs: server/guess_limit.o server/keyed_hash.o server/network.o server/config.o
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../server/config.h"
#include "../../server/guess_limit.h"
#include "../../server/keyed_hash.h"

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define YEAR (365 * DAY)

/* 30^8 codes, of which so many are live. */
#define CODES 656100000000.0
#define LIVE 1000.0

static struct guess_limit *limit;

/* The defaults, as whoever starts the server has them. */
static struct guess_rules default_rules(void)
{
    struct config config;
    char why[256];
    char *argv[] = {"syncplay-server", NULL};
    assert_int_equal(config_load(&config, 1, argv, NULL, why, sizeof why), CONFIG_RUN);
    return (struct guess_rules){config.guess_free, config.guess_delay, config.guess_max_delay, config.guess_forget};
}

static int set_up(void **state)
{
    (void)state;
    struct guess_rules rules = default_rules();
    limit = guess_limit_new(&rules);
    return limit == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    guess_limit_free(limit);
    return 0;
}

static void use_rules(struct guess_rules rules)
{
    guess_limit_free(limit);
    limit = guess_limit_new(&rules);
    assert_non_null(limit);
}

static struct address address_of(const char *text)
{
    struct address address;
    assert_true(address_read(text, strlen(text), &address));
    return address;
}

static syncplay_id user_of(uint64_t number)
{
    syncplay_id id = {{0}};
    memcpy(id.bytes, &number, sizeof number);
    id.bytes[15] = 1;
    return id;
}

/* Returns how long a guess has to wait; 0 if it is answered. */
static int64_t guess(const char *text, uint64_t user, bool is_right, int64_t now)
{
    struct address address = address_of(text);
    syncplay_id id = user_of(user);
    int64_t wait = -1;
    bool is_answered = guess_limit_answer(limit, &address, &id, is_right, now, &wait);
    assert_int_equal(is_answered, wait == 0);
    return wait;
}

static void test_siphash(void **state)
{
    (void)state;
    /* From the paper: the key 00 01 .. 0f, the message 00 01 .. 0e. */
    struct keyed_hash hash = {{UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)}};
    unsigned char message[15];
    for (unsigned i = 0; i < sizeof message; i++)
        message[i] = (unsigned char)i;
    assert_true(keyed_hash(&hash, message, sizeof message) == UINT64_C(0xa129ca6149be45e5));
    struct keyed_hash one = keyed_hash_new();
    struct keyed_hash other = keyed_hash_new();
    assert_memory_not_equal(&one, &other, sizeof one);
}

static void test_some_are_free_then_each_wait_is_twice_the_last(void **state)
{
    (void)state;
    int64_t now = 0;
    for (int i = 0; i < 5; i++)
        assert_int_equal(guess("192.0.2.1", 1, false, now), 0);
    int64_t expected = 2 * SECOND;
    for (int i = 0; i < 9; i++) {
        assert_int_equal(guess("192.0.2.1", 1, false, now), 0);
        assert_int_equal(guess("192.0.2.1", 1, false, now), expected);
        assert_int_equal(guess("192.0.2.1", 1, true, now), expected); /* a right one says nothing else */
        assert_int_equal(guess("192.0.2.1", 1, false, now + expected - 1), 1);
        now += expected;
        expected *= 2;
    }
}

static void test_users_and_addresses_count_by_themselves(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++)
        assert_int_equal(guess("192.0.2.1", 1, false, 0), 0);
    assert_true(guess("192.0.2.1", 2, true, 0) > 0);   /* another user at the same address */
    assert_true(guess("203.0.113.1", 1, true, 0) > 0); /* the same user elsewhere */
    assert_int_equal(guess("203.0.113.1", 2, true, 0), 0);
    for (int i = 0; i < 6; i++)
        assert_int_equal(guess("2001:db8:1:2::1", 10 + (uint64_t)i, false, 0), 0);
    assert_true(guess("2001:db8:1:2:ffff::7", 20, true, 0) > 0); /* the same /64 */
    assert_int_equal(guess("2001:db8:1:3::1", 20, true, 0), 0);
}

static void test_right_guesses_change_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++)
        assert_int_equal(guess("192.0.2.1", 1, true, 0), 0);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(guess("192.0.2.1", 1, false, 0), 0);
        assert_int_equal(guess("192.0.2.1", 1, true, 0), 0);
    }
    assert_int_equal(guess("192.0.2.1", 1, false, 0), 0);
    assert_int_equal(guess("192.0.2.1", 1, true, 0), 2 * SECOND);
}

static void test_clocks_of_several_threads(void **state)
{
    (void)state;
    /* One looked at the clock a moment before another, and came after it: that costs no free guess. */
    for (int64_t i = 0; i < 5; i++)
        assert_int_equal(guess("192.0.2.1", 1, false, SECOND - i), 0);
    assert_int_equal(guess("192.0.2.1", 1, true, SECOND - 5), 0);
}

static void test_time_forgets(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++)
        guess("192.0.2.1", 1, false, 0);
    /* One is forgotten in ten minutes, and all of them in an hour. */
    assert_int_equal(guess("192.0.2.1", 1, false, 10 * MINUTE), 0);
    assert_int_equal(guess("192.0.2.1", 1, false, 10 * MINUTE), 2 * SECOND);
    int64_t later = 10 * MINUTE + 60 * MINUTE;
    for (int i = 0; i < 5; i++)
        assert_int_equal(guess("192.0.2.1", 1, false, later), 0);
    assert_int_equal(guess("192.0.2.1", 1, true, later), 0);
}

/* Guesses from this address until `end`, each `patience` after the first allowed instant; returns how many were
 * answered. */
static uint64_t attack(const char *text, uint64_t user, int64_t begin, int64_t end, int64_t patience)
{
    struct address address = address_of(text);
    syncplay_id id = user_of(user);
    uint64_t answered = 0;
    for (int64_t now = begin; now < end;) {
        int64_t wait = 0;
        if (guess_limit_answer(limit, &address, &id, false, now, &wait)) {
            answered++;
            guess_limit_answer(limit, &address, &id, true, now, &wait);
        }
        now += wait + patience;
    }
    return answered;
}

static double years_for(double guesses_a_year)
{
    return CODES / LIVE / guesses_a_year;
}

static void test_a_year_of_guessing_from_one_address(void **state)
{
    (void)state;
    uint64_t best = attack("192.0.2.1", 1, 0, YEAR, 0);
    print_message(
        "one address, a year, at each first instant: %llu guesses; %.0f years to find one of 1,000 sessions\n",
        (unsigned long long)best, years_for((double)best));
    /* No slower way is a better one. */
    static const int64_t patience[] = {SECOND, MINUTE, 5 * MINUTE, 10 * MINUTE, 11 * MINUTE, HOUR, 3 * HOUR};
    for (unsigned i = 0; i < sizeof patience / sizeof patience[0]; i++) {
        use_rules(default_rules());
        uint64_t slower = attack("192.0.2.1", 1, 0, YEAR, patience[i]);
        assert_true(slower <= best + 20);
    }
    /* One a quarter of an hour for one who waits for nothing better, one in ten minutes at the very most. */
    assert_true(best >= 365 * 24 * 4 && best <= 365 * 24 * 6 + 20);
    assert_true(years_for((double)best) > 1000);
}

static void test_bursts_and_rests(void **state)
{
    (void)state;
    /* As much as goes in a quarter of an hour, then a rest until all is forgotten: no better than going on. */
    uint64_t answered = 0;
    int64_t now = 0;
    for (; now < YEAR; now += 3 * HOUR)
        answered += attack("192.0.2.1", 1, now, now + 15 * MINUTE, 0);
    assert_true(answered <= 365 * 24 * 6 + 20);
}

static void test_a_thousand_addresses(void **state)
{
    (void)state;
    /* Each in another network, each with a user of its own. The second day counts, when what was free is used up. */
    enum { MANY = 1000 };
    int64_t next[MANY] = {0};
    uint64_t answered = 0;
    for (;;) {
        size_t first = 0;
        for (size_t i = 1; i < MANY; i++)
            if (next[i] < next[first])
                first = i;
        int64_t now = next[first];
        if (now >= 2 * DAY)
            break;
        struct address address = address_of("11.0.0.1");
        syncplay_id user = user_of(first);
        address.bytes[12] = (uint8_t)(11 + first / 250);
        address.bytes[13] = (uint8_t)(first % 250);
        int64_t wait = 0;
        if (guess_limit_answer(limit, &address, &user, false, now, &wait))
            answered += now >= DAY;
        next[first] = now + wait;
    }
    double a_year = (double)answered * 365;
    print_message("1,000 addresses of 1,000 networks: %.0f guesses a year; %.1f years to find one of 1,000 sessions\n",
                  a_year, years_for(a_year));
    assert_true(answered <= MANY * (24 * 6 + 2)); /* not more than each for itself */
    assert_true(years_for(a_year) > 10);
}

static void test_neighbours(void **state)
{
    (void)state;
    /* Whoever has a whole IPv6 /32, or a whole IPv4 /16, has a new address, and a new guest, for each guess. */
    uint64_t answered = 0;
    uint64_t user = 1;
    unsigned waits = 0;
    for (int64_t now = 0; now < DAY; user++) {
        struct address address = address_of("2001:db8::1");
        syncplay_id id = user_of(user);
        int64_t wait = 0;
        memcpy(address.bytes + 4, &user, 4);
        if (guess_limit_answer(limit, &address, &id, false, now, &wait))
            answered++;
        waits += wait > 0;
        now += wait > 0 ? wait : SECOND / 100; /* no server answers more than that */
    }
    double a_year = (double)answered * 365;
    print_message("a whole network: %llu guesses a day; %.0f years to find one of 1,000 sessions\n",
                  (unsigned long long)answered, years_for(a_year));
    assert_true(waits > 0);
    assert_true(answered <= 24 * 6 * 256 + 256 * 5 + 300);
    assert_true(years_for(a_year) > 10);
}

static void test_nobody_is_pushed_out_cheaply(void **state)
{
    (void)state;
    /* Somebody has got as far as to wait for long. */
    for (int64_t now = 0; now < 20 * MINUTE;)
        now += guess("192.0.2.1", 1, false, now) + 1;
    int64_t now = 20 * MINUTE;
    int64_t wait = guess("192.0.2.1", 1, true, now);
    assert_true(wait > MINUTE);
    /* 400,000 others, far more than there are places, come with a wrong guess each. */
    for (unsigned i = 0; i < 400000; i++) {
        struct address address = address_of("10.0.0.1");
        syncplay_id id = user_of(1000 + i);
        int64_t others = 0;
        address.bytes[12] = (uint8_t)(i % 200 + 11);
        address.bytes[13] = (uint8_t)(i / 200 % 256);
        address.bytes[14] = (uint8_t)(i / 51200);
        guess_limit_answer(limit, &address, &id, false, now, &others);
    }
    assert_int_equal(guess("192.0.2.1", 1, true, now), wait);
    /* And the others are counted at least as much as each has guessed: their second guesses are not like first ones. */
    unsigned refused = 0;
    for (unsigned i = 0; i < 200; i++) {
        char text[ADDRESS_SIZE];
        snprintf(text, sizeof text, "%u.0.0.1", i + 11);
        for (int again = 0; again < 5; again++)
            refused += guess(text, 1000 + i, false, now + 1) > 0;
    }
    assert_true(refused > 0);
}

static void test_the_longest_wait(void **state)
{
    (void)state;
    int64_t now = 0;
    use_rules((struct guess_rules){.free = 1, .delay = SECOND, .max_delay = 5 * SECOND, .forget = DAY});
    assert_int_equal(guess("192.0.2.1", 1, false, now), 0);
    static const int64_t expected[] = {SECOND, 2 * SECOND, 4 * SECOND, 5 * SECOND, 5 * SECOND, 5 * SECOND};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_int_equal(guess("192.0.2.1", 1, false, now), 0);
        assert_int_equal(guess("192.0.2.1", 1, false, now), expected[i]);
        now += expected[i];
    }
    /* What is beyond the longest wait is not held against anybody for ever: 5 are kept, one free and four that made it.
     */
    assert_int_equal(guess("192.0.2.1", 1, false, now + 3 * DAY), 0);
    assert_int_equal(guess("192.0.2.1", 1, false, now + 3 * DAY), 2 * SECOND);
}

static void test_other_rules(void **state)
{
    (void)state;
    use_rules((struct guess_rules){.free = 1, .delay = HOUR, .max_delay = MINUTE, .forget = HOUR});
    assert_int_equal(guess("192.0.2.1", 1, false, 0), 0);
    assert_int_equal(guess("192.0.2.1", 1, false, 0), 0);
    assert_int_equal(guess("192.0.2.1", 1, false, 0), MINUTE); /* never more than the longest */
    assert_int_equal(guess("192.0.2.1", 1, false, MINUTE), 0);
    assert_int_equal(guess("192.0.2.1", 1, false, MINUTE), MINUTE);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_siphash),
        TEST(test_some_are_free_then_each_wait_is_twice_the_last),
        TEST(test_users_and_addresses_count_by_themselves),
        TEST(test_right_guesses_change_nothing),
        TEST(test_clocks_of_several_threads),
        TEST(test_time_forgets),
        TEST(test_a_year_of_guessing_from_one_address),
        TEST(test_bursts_and_rests),
        TEST(test_a_thousand_addresses),
        TEST(test_neighbours),
        TEST(test_nobody_is_pushed_out_cheaply),
        TEST(test_the_longest_wait),
        TEST(test_other_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
