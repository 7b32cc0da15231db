/* Exact counts: numbers by number against a plain list, connections by address and user, sessions by who made them. */
// needs: server/number_map.o server/connection_count.o server/session_count.o server/keyed_hash.o
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../server/connection_count.h"
#include "../../server/session_count.h"
#include "../../server/number_map.h"

static void test_a_map_is_as_a_list(void **state)
{
    (void)state;
    enum { MOST = 24, KEYS = 40 };
    struct number_map map;
    uint64_t list[KEYS] = {0};
    size_t used = 0;
    uint64_t seed = 1;
    assert_true(number_map_init(&map, MOST));
    for (int i = 0; i < 200000; i++) {
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
        size_t key = (size_t)(seed >> 33) % KEYS;
        uint64_t value = (seed >> 60) % 3;
        /* Keys that fall together, at the end of the table too. */
        bool is_set = number_map_set(&map, key / 4 + (key % 4) * 64 + 56, value);
        bool has_room = list[key] != 0 || value == 0 || used < MOST;
        assert_int_equal(is_set, has_room);
        if (is_set) {
            used = used + (value != 0) - (list[key] != 0);
            list[key] = value;
        }
        assert_int_equal(map.count, used);
        for (size_t k = 0; k < KEYS; k++)
            assert_int_equal(number_map_get(&map, k / 4 + (k % 4) * 64 + 56), list[k]);
    }
    number_map_free(&map);
}

static void test_connections(void **state)
{
    (void)state;
    syncplay_id ana = {{1}};
    syncplay_id ben = {{2}};
    struct connection_count *count = connection_count_new(6, 3, 2);
    assert_non_null(count);
    for (int i = 0; i < 3; i++) {
        assert_true(connection_count_has_room(count, "192.0.2.1"));
        assert_true(connection_count_take_address(count, "192.0.2.1"));
    }
    assert_false(connection_count_has_room(count, "192.0.2.1"));
    assert_false(connection_count_take_address(count, "192.0.2.1"));
    assert_true(connection_count_take_address(count, "192.0.2.2"));
    connection_count_give_address(count, "192.0.2.1");
    assert_true(connection_count_take_address(count, "192.0.2.1"));
    assert_false(connection_count_take_address(count, "192.0.2.1"));
    assert_true(connection_count_take_user(count, &ana));
    assert_true(connection_count_take_user(count, &ana));
    assert_false(connection_count_take_user(count, &ana));
    assert_true(connection_count_take_user(count, &ben));
    connection_count_give_user(count, &ana);
    connection_count_give_user(count, &ana);
    connection_count_give_user(count, &ana); /* once too often does no harm */
    assert_true(connection_count_take_user(count, &ana));
    assert_true(connection_count_take_user(count, &ana));
    assert_false(connection_count_take_user(count, &ana));
    connection_count_free(count);
}

static void *come_and_go(void *arg)
{
    struct connection_count *count = arg;
    uintptr_t taken = 0;
    for (int i = 0; i < 20000; i++)
        if (connection_count_take_address(count, "192.0.2.1")) {
            taken++;
            connection_count_give_address(count, "192.0.2.1");
        }
    return (void *)taken;
}

static void test_threads(void **state)
{
    (void)state;
    pthread_t threads[4];
    struct connection_count *count = connection_count_new(10, 4, 1);
    assert_non_null(count);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, come_and_go, count), 0);
    for (int i = 0; i < 4; i++) {
        void *taken = NULL;
        pthread_join(threads[i], &taken);
        assert_int_equal((uintptr_t)taken, 20000);
    }
    for (int i = 0; i < 4; i++)
        assert_true(connection_count_take_address(count, "192.0.2.1"));
    assert_false(connection_count_take_address(count, "192.0.2.1"));
    connection_count_free(count);
}

static void test_sessions(void **state)
{
    (void)state;
    syncplay_id ana = {{1}};
    syncplay_id ben = {{2}};
    syncplay_id sessions[3] = {{{11}}, {{12}}, {{13}}};
    struct session_count *count = session_count_new(3);
    assert_non_null(count);
    for (int i = 0; i < 3; i++)
        session_count_set(count, &sessions[i], &ana);
    session_count_set(count, &sessions[0], &ana); /* as she was */
    assert_int_equal(session_count_of(count, &ana), 3);
    session_count_set(count, &sessions[1], &ben);
    assert_int_equal(session_count_of(count, &ana), 2);
    assert_int_equal(session_count_of(count, &ben), 1);
    session_count_forget(count, &sessions[1]);
    session_count_forget(count, &sessions[1]);
    session_count_forget(count, &sessions[2]);
    assert_int_equal(session_count_of(count, &ana), 1);
    assert_int_equal(session_count_of(count, &ben), 0);
    session_count_free(count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_map_is_as_a_list), cmocka_unit_test(test_connections),
                                       cmocka_unit_test(test_threads), cmocka_unit_test(test_sessions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
