/* The loops: whether they are alive is told by what they do, not by what they did. */
// needs: server/loops.o server/party.o server/store.o
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../server/auth.h"
#include "../../server/config.h"
#include "../../server/config_setting.h"
#include "../../server/friends.h"
#include "../../server/loop.h"
#include "../../server/party.h"
#include "../../server/quotas.h"
#include "../../server/shard.h"
#include "../../server/store.h"
#include "../../server/users.h"

/* How often is asked before it is a failure, a millisecond apart. */
#define PATIENCE 20000
/* Of one that hangs. */
#define TIMES_ASKED 20

static char folder[64];
static char path[96];
static char why[256];
static struct config config;
static struct auth auth;
static struct quotas quotas;
static struct store *store;
static struct users *users;
static struct friends *friends;
static struct parties *parties;
static struct loops *loops;

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/syncplay-loops-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/loops.db", folder);
    config_setting_defaults(&config);
    assert_true(auth_init(&auth, &config, why, sizeof why));
    assert_true(quotas_init(&quotas, &config));
    store = store_open(path, why, sizeof why);
    users = users_new(store, &auth, why, sizeof why);
    friends = friends_new(&config, store, why, sizeof why);
    parties = parties_new(&config, store, users, friends, NULL, why, sizeof why);
    loops = loops_start(&config, parties, users, &quotas, why, sizeof why);
    assert_non_null(loops);
    return 0;
}

static int take_down(void **state)
{
    char other[128];
    (void)state;
    loops_stop(loops, 0);
    loops_free(loops);
    parties_free(parties);
    friends_free(friends);
    users_free(users);
    store_close(store);
    quotas_free(&quotas);
    auth_clear(&auth);
    unlink(path);
    for (const char *const *end = (const char *const[]){"-wal", "-shm", "-lock", NULL}; *end != NULL; end++) {
        snprintf(other, sizeof other, "%s%s", path, *end);
        unlink(other);
    }
    return rmdir(folder);
}

static void wait_until_alive(bool are_alive)
{
    for (int i = 0; loops_are_alive(loops) != are_alive; i++) {
        assert_true(i < PATIENCE);
        usleep(1000);
    }
}

static void idle_loops_are_alive(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        wait_until_alive(true);
}

static void one_that_hangs_is_noticed(void **state)
{
    int64_t now;
    (void)state;
    struct shard *shard = parties_shard_at(parties, parties_shard_count(parties) - 1);
    shard_enter(shard, &now);
    wait_until_alive(false);
    /* Others go round at each time, and that is not enough. */
    for (int i = 0; i < TIMES_ASKED; i++) {
        usleep(1000);
        assert_false(loops_are_alive(loops));
    }
    shard_leave(shard);
    wait_until_alive(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(idle_loops_are_alive),
        cmocka_unit_test(one_that_hangs_is_noticed),
    };
    return cmocka_run_group_tests(tests, set_up, take_down);
}
