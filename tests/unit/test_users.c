/* Users and their tokens: who holds a token is that user, also after opening again, and nobody else is. */
// needs: server/users.o server/store.o server/store_rows.o server/store_schema.o server/store_queue.o
// needs: server/timestamp.o server/clock.o server/log.o -lsqlite3 -lcrypto -lpthread
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../server/auth.h"
#include "../../server/store.h"
#include "../../server/users.h"

/* More than the table has buckets at first, so that it grows. */
#define MANY 600

static char folder[64];
static char path[96];
static char why[256];
static struct store *store;
static struct users *users;
static struct auth auth = {.guests = true, .guest_permissions = RBAC_BIT(SYNCPLAY_PERMISSION_JOIN)};

static void open_all(void)
{
    store = store_open(path, why, sizeof why);
    assert_non_null(store);
    users = users_new(store, &auth, why, sizeof why);
    assert_non_null(users);
}

static void close_all(void)
{
    users_free(users);
    store_close(store);
}

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/test_users.XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/test.db", folder);
    open_all();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    close_all();
    unlink(path);
    return rmdir(folder);
}

static void test_a_token_is_its_user(void **state)
{
    (void)state;
    struct user ana, ben, found;
    char token_of_ana[USERS_TOKEN_SIZE], token_of_ben[USERS_TOKEN_SIZE];
    assert_true(users_create(users, "Ana", &ana, token_of_ana));
    assert_true(users_create(users, "Ben", &ben, token_of_ben));
    assert_int_equal(strlen(token_of_ana), 43);
    assert_int_equal(strspn(token_of_ana, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), 43);
    assert_string_not_equal(token_of_ana, token_of_ben);
    assert_false(syncplay_id_equal(&ana.id, &ben.id));
    assert_int_equal(ana.id.bytes[6] >> 4, 4);
    assert_int_equal(ana.id.bytes[8] >> 6, 2);
    assert_true(users_find(users, token_of_ana, 43, &found));
    assert_string_equal(found.name, "Ana");
    assert_true(syncplay_id_equal(&found.id, &ana.id));
    close_all();
    open_all();
    assert_true(users_find(users, token_of_ben, 43, &found));
    assert_string_equal(found.name, "Ben");
    assert_true(syncplay_id_equal(&found.id, &ben.id));
}

static void test_what_is_no_token(void **state)
{
    (void)state;
    struct user user;
    char token[USERS_TOKEN_SIZE];
    assert_true(users_create(users, "Ana", &user, token));
    assert_false(users_find(users, token, 42, &user));
    assert_false(users_find(users, "", 0, &user));
    token[42] = token[42] == 'A' ? 'Q' : 'A';
    assert_false(users_find(users, token, 43, &user));
}

static void test_headers(void **state)
{
    (void)state;
    struct user user;
    char token[USERS_TOKEN_SIZE];
    char header[128];
    assert_true(users_create(users, "Ana", &user, token));
    static const char *const good[] = {"Bearer %s", "bearer %s", "Bearer  %s"};
    static const char *const bad[] = {"%s", "Basic %s", "Bearer%s", "Bearer %sx", "Bearer %s ", "Bearer x%s"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        snprintf(header, sizeof header, good[i], token);
        assert_true(users_authorize(users, header, &user));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(header, sizeof header, bad[i], token);
        assert_false(users_authorize(users, header, &user));
    }
    assert_false(users_authorize(users, NULL, &user));
    assert_false(users_authorize(users, "", &user));
    assert_false(users_authorize(users, "Bearer", &user));
    assert_false(users_authorize(users, "Bearer ", &user));
}

static bool file_holds(const char *file, const char *text)
{
    static char bytes[1 << 20];
    FILE *stream = fopen(file, "rb");
    if (!stream)
        return false;
    size_t length = fread(bytes, 1, sizeof bytes, stream);
    fclose(stream);
    return memmem(bytes, length, text, strlen(text)) != NULL;
}

static void test_the_token_is_not_on_disk(void **state)
{
    (void)state;
    struct user user;
    char token[USERS_TOKEN_SIZE];
    char log_file[128];
    assert_true(users_create(users, "Anastasia", &user, token));
    snprintf(log_file, sizeof log_file, "%s-wal", path);
    assert_true(file_holds(log_file, "Anastasia"));
    assert_false(file_holds(log_file, token));
    assert_false(file_holds(path, token));
}

static void test_many(void **state)
{
    (void)state;
    struct user user;
    char first[USERS_TOKEN_SIZE] = "", token[USERS_TOKEN_SIZE];
    for (int i = 0; i < MANY; i++) {
        char name[32];
        snprintf(name, sizeof name, "user %d", i);
        assert_true(users_create(users, name, &user, i == 0 ? first : token));
    }
    assert_true(users_find(users, first, 43, &user));
    assert_string_equal(user.name, "user 0");
    assert_true(users_find(users, token, 43, &user));
    /* Tokens of nobody, so many that they meet somebody in each part of the table. */
    for (int i = 0; i < 2 * MANY; i++) {
        snprintf(token, sizeof token, "%043d", i);
        assert_false(users_find(users, token, 43, &user));
    }
    close_all();
    open_all();
    assert_true(users_find(users, first, 43, &user));
    assert_string_equal(user.name, "user 0");
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_a_token_is_its_user),
        WITH_STORE(test_what_is_no_token),
        WITH_STORE(test_headers),
        WITH_STORE(test_the_token_is_not_on_disk),
        WITH_STORE(test_many),
    };
    return cmocka_run_group_tests_name("users", tests, NULL, NULL);
}
