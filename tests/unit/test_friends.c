/* Friends: who may ask whom, what counts towards whose limit, and that all of it is there after opening again. */
// needs: server/friends.o server/id_table.o server/store.o
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../../server/config.h"
#include "../../server/friends.h"
#include "../../server/store.h"

#define NOW INT64_C(1700000000000000)
#define RETRY INT64_C(3600000000)
#define LIST_MAX 6
#define REQUESTS_MAX 3
/* More than a table has buckets at first, so that it grows. */
#define USERS 600

static char folder[64];
static char path[96];
static char why[256];
static const struct config config = {
    .max_friends = LIST_MAX, .max_friend_requests = REQUESTS_MAX, .friend_retry = RETRY};
static struct store *store;
static struct friends *friends;
static int64_t wait_left;

static syncplay_id id_of(int number)
{
    return (syncplay_id){{[0] = 0xab, [14] = (uint8_t)(number >> 8), [15] = (uint8_t)number}};
}

static void open_all(void)
{
    store = store_open(path, why, sizeof why);
    assert_non_null(store);
    friends = friends_new(&config, store, why, sizeof why);
    assert_non_null(friends);
}

static void close_all(void)
{
    friends_free(friends);
    store_close(store);
}

static void reopen(void)
{
    close_all();
    open_all();
}

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/test_friends.XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/test.db", folder);
    open_all();
    for (int i = 1; i <= USERS; i++) {
        struct store_user user = {.id = id_of(i), .name = "x", .unix_created = NOW};
        memcpy(user.token_hash, user.id.bytes, sizeof user.id.bytes);
        store_put_user(store, &user);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    close_all();
    unlink(path);
    return rmdir(folder);
}

static enum friends_answer ask_at(int user, int other, int64_t unix_now, enum friendship *became)
{
    syncplay_id a = id_of(user), b = id_of(other);
    return friends_ask(friends, &a, &b, unix_now, became, &wait_left);
}

static enum friends_answer ask(int user, int other)
{
    enum friendship became;
    return ask_at(user, other, NOW, &became);
}

static void end(int user, int other)
{
    syncplay_id a = id_of(user), b = id_of(other);
    assert_true(friends_end(friends, &a, &b, NOW));
}

static bool are(int user, int other)
{
    syncplay_id a = id_of(user), b = id_of(other);
    return friends_are(friends, &a, &b);
}

static void befriend(int user, int other)
{
    assert_int_equal(ask(user, other), FRIENDS_DONE);
    assert_int_equal(ask(other, user), FRIENDS_DONE);
}

static void assert_between(int user, int other, enum friendship mine, enum friendship theirs)
{
    syncplay_id a = id_of(user), b = id_of(other);
    assert_int_equal(friends_of(friends, &a, &b), mine);
    assert_int_equal(friends_of(friends, &b, &a), theirs);
}

static void note(void *arg, const syncplay_id *other, enum friendship friendship)
{
    char *text = arg;
    size_t length = strlen(text);
    snprintf(text + length, 256 - length, "%d:%c ", other->bytes[15], "-fra"[friendship]);
}

static void assert_list(int user, const char *expected)
{
    char text[256] = "";
    syncplay_id id = id_of(user);
    friends_each(friends, &id, note, text);
    assert_string_equal(text, expected);
}

static void test_asking_and_accepting(void **state)
{
    (void)state;
    enum friendship became;
    assert_between(1, 2, FRIENDSHIP_NONE, FRIENDSHIP_NONE);
    assert_int_equal(ask_at(1, 2, NOW, &became), FRIENDS_DONE);
    assert_int_equal(became, FRIENDSHIP_REQUESTED);
    assert_between(1, 2, FRIENDSHIP_REQUESTED, FRIENDSHIP_ASKS);
    assert_false(are(1, 2));
    assert_int_equal(ask_at(1, 2, NOW + 1, &became), FRIENDS_DONE); /* once more */
    assert_int_equal(became, FRIENDSHIP_REQUESTED);
    assert_int_equal(ask_at(2, 1, NOW + 2, &became), FRIENDS_DONE);
    assert_int_equal(became, FRIENDSHIP_FRIENDS);
    assert_between(1, 2, FRIENDSHIP_FRIENDS, FRIENDSHIP_FRIENDS);
    assert_int_equal(ask_at(1, 2, NOW + 3, &became), FRIENDS_DONE);
    assert_int_equal(became, FRIENDSHIP_FRIENDS);
    assert_true(are(1, 2) && are(2, 1));
    assert_false(are(1, 1) || are(1, 3) || are(3, 1) || are(77, 78));
}

static void test_lists(void **state)
{
    (void)state;
    befriend(1, 2);
    assert_int_equal(ask(1, 3), FRIENDS_DONE);
    assert_int_equal(ask(4, 1), FRIENDS_DONE);
    assert_list(1, "2:f 3:r 4:a ");
    assert_list(3, "1:a ");
    assert_list(9, "");
    end(1, 2);
    assert_list(1, "3:r 4:a ");
    assert_list(2, "");
}

static void test_each_side_may_end(void **state)
{
    (void)state;
    for (int ender = 1; ender <= 2; ender++) {
        befriend(1, 2);
        end(ender, 3 - ender);
        assert_between(1, 2, FRIENDSHIP_NONE, FRIENDSHIP_NONE);
        end(ender, 3 - ender); /* once more */
    }
    assert_int_equal(ask(1, 2), FRIENDS_DONE);
    end(1, 2); /* takes it back, and may ask again */
    assert_between(1, 2, FRIENDSHIP_NONE, FRIENDSHIP_NONE);
    assert_int_equal(ask(1, 2), FRIENDS_DONE);
    reopen();
    assert_between(1, 2, FRIENDSHIP_REQUESTED, FRIENDSHIP_ASKS);
}

/* Whoever has declined is left in peace, also if the other one "takes back" what was declined, and after a restart. */
static void test_a_declined_request_is_not_repeated_at_once(void **state)
{
    (void)state;
    enum friendship became;
    assert_int_equal(ask(1, 2), FRIENDS_DONE);
    end(2, 1);
    assert_between(1, 2, FRIENDSHIP_NONE, FRIENDSHIP_NONE);
    assert_list(1, "");
    assert_int_equal(ask_at(1, 2, NOW + 1000000, &became), FRIENDS_DECLINED);
    assert_int_equal(wait_left, RETRY - 1000000);
    end(1, 2);
    end(2, 1);
    assert_int_equal(ask(1, 2), FRIENDS_DECLINED);
    reopen();
    assert_int_equal(ask_at(1, 2, NOW + RETRY - 1, &became), FRIENDS_DECLINED);
    assert_int_equal(wait_left, 1);
    assert_int_equal(ask_at(1, 2, NOW - 5 * RETRY, &became), FRIENDS_DECLINED); /* the clock was set back */
    assert_int_equal(wait_left, RETRY);
    assert_int_equal(ask_at(1, 2, NOW + RETRY, &became), FRIENDS_DONE);
    assert_between(1, 2, FRIENDSHIP_REQUESTED, FRIENDSHIP_ASKS);
}

static void test_who_declined_may_ask(void **state)
{
    (void)state;
    assert_int_equal(ask(1, 2), FRIENDS_DONE);
    end(2, 1);
    assert_int_equal(ask(2, 1), FRIENDS_DONE);
    assert_between(1, 2, FRIENDSHIP_ASKS, FRIENDSHIP_REQUESTED);
    assert_int_equal(ask(1, 2), FRIENDS_DONE);
    assert_true(are(1, 2));
    reopen();
    assert_true(are(1, 2));
    assert_list(1, "2:f ");
}

static void test_the_list_is_full(void **state)
{
    (void)state;
    for (int i = 0; i < LIST_MAX - 1; i++)
        befriend(1, 10 + i);
    assert_int_equal(ask(1, 20), FRIENDS_DONE); /* a request of one's own counts */
    assert_int_equal(ask(1, 21), FRIENDS_LIST_FULL);
    assert_int_equal(ask(22, 1), FRIENDS_DONE); /* those of others do not */
    assert_int_equal(ask(1, 22), FRIENDS_LIST_FULL);
    assert_between(1, 22, FRIENDSHIP_ASKS, FRIENDSHIP_REQUESTED);
    assert_int_equal(ask(20, 1), FRIENDS_DONE); /* being accepted changes nothing about it */
    assert_int_equal(ask(1, 22), FRIENDS_LIST_FULL);
    assert_int_equal(ask(1, 20), FRIENDS_DONE); /* what is there already is as good as ever */
    end(10, 1);
    assert_int_equal(ask(1, 22), FRIENDS_DONE);
    assert_true(are(1, 22));
}

static void test_open_requests_from_one(void **state)
{
    (void)state;
    enum friendship became;
    for (int i = 0; i < REQUESTS_MAX; i++)
        assert_int_equal(ask(1, 10 + i), FRIENDS_DONE);
    assert_int_equal(ask(1, 20), FRIENDS_REQUESTS_FULL);
    assert_between(1, 20, FRIENDSHIP_NONE, FRIENDSHIP_NONE);
    end(1, 10); /* taken back */
    assert_int_equal(ask(1, 20), FRIENDS_DONE);
    assert_int_equal(ask(11, 1), FRIENDS_DONE); /* accepted */
    assert_int_equal(ask(1, 21), FRIENDS_DONE);
    end(12, 1); /* declined: stays open for a while */
    assert_int_equal(ask(1, 22), FRIENDS_REQUESTS_FULL);
    assert_int_equal(ask_at(1, 22, NOW + RETRY, &became), FRIENDS_DONE);
}

static void test_open_requests_to_one(void **state)
{
    (void)state;
    for (int i = 0; i < REQUESTS_MAX; i++)
        assert_int_equal(ask(10 + i, 1), FRIENDS_DONE);
    assert_int_equal(ask(20, 1), FRIENDS_OTHER_FULL);
    assert_int_equal(ask(1, 20), FRIENDS_DONE); /* who is asked by many may still ask, */
    assert_int_equal(ask(20, 1), FRIENDS_DONE); /* and be answered */
    assert_true(are(1, 20));
    end(1, 10);
    assert_int_equal(ask(21, 1), FRIENDS_DONE);
}

static void test_many(void **state)
{
    (void)state;
    for (int i = 1; i < USERS; i += 2)
        befriend(i, i + 1);
    reopen();
    for (int i = 1; i < USERS; i++)
        assert_int_equal(are(i, i + 1), i % 2);
}

/* What could not be saved is not acknowledged, however often it is asked for, until it is on disk. */
static void test_who_is_deleted_is_forgotten(void **state)
{
    (void)state;
    syncplay_id one = id_of(1);
    befriend(1, 2);
    befriend(3, 2);
    assert_int_equal(ask(1, 3), FRIENDS_DONE);
    assert_int_equal(ask(4, 1), FRIENDS_DONE);
    friends_forget(friends, &one);
    friends_forget(friends, &one);
    assert_list(1, "");
    assert_list(2, "3:f ");
    assert_list(3, "2:f ");
    assert_list(4, "");
    assert_true(store_wait(store, store_delete_user(store, &one)));
    reopen();
    assert_list(1, "");
    assert_list(2, "3:f ");
}

static void test_a_full_disk(void **state)
{
    (void)state;
    befriend(1, 2);
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit none = {.rlim_cur = 1024, .rlim_max = before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    syncplay_id a = id_of(1), b = id_of(2);
    bool ended = friends_end(friends, &a, &b, NOW) || friends_end(friends, &a, &b, NOW);
    enum friends_answer first = ask(3, 4), second = ask(3, 4);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_false(ended);
    assert_int_equal(first, FRIENDS_NOT_SAVED);
    assert_int_equal(second, FRIENDS_NOT_SAVED);
    while (ask(3, 4) == FRIENDS_NOT_SAVED)
        usleep(1000);
    reopen();
    assert_false(are(1, 2));
    assert_between(3, 4, FRIENDSHIP_REQUESTED, FRIENDSHIP_ASKS);
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_asking_and_accepting),
        WITH_STORE(test_lists),
        WITH_STORE(test_each_side_may_end),
        WITH_STORE(test_a_declined_request_is_not_repeated_at_once),
        WITH_STORE(test_who_declined_may_ask),
        WITH_STORE(test_the_list_is_full),
        WITH_STORE(test_open_requests_from_one),
        WITH_STORE(test_open_requests_to_one),
        WITH_STORE(test_many),
        WITH_STORE(test_who_is_deleted_is_forgotten), WITH_STORE(test_a_full_disk),
    };
    return cmocka_run_group_tests_name("friends", tests, NULL, NULL);
}
