/* Users and their tokens: who holds a token is that user, also after opening again, and nobody else is. */
// needs: server/users.o server/store.o server/store_rows.o server/store_schema.o server/store_queue.o server/id_table.o
// needs: server/timestamp.o server/clock.o server/log.o server/auth.o server/account.o server/rbac.o server/jwt_verify.o
// needs: server/jwt_key.o server/json.o -lsqlite3 -lcrypto -ljwt -lcjson -lpthread
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
#include "../../server/clock.h"
#include "../../server/jwt_verify.h"
#include "../../server/store.h"
#include "../../server/users.h"
#include "signed_token.h"

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
    assert_true(users_get(users, &ana.id, &found));
    assert_string_equal(found.name, "Ana");
    ana.id.bytes[0] ^= 1;
    assert_false(users_get(users, &ana.id, &found));
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

/* Whose tables are longer than one chain: neighbours stay. */
static void test_a_guest_is_revoked(void **state)
{
    (void)state;
    struct user guests[20], found;
    char tokens[20][USERS_TOKEN_SIZE];
    for (int i = 0; i < 20; i++)
        assert_true(users_create(users, "Gus", &guests[i], tokens[i]));
    for (int i = 0; i < 20; i += 2) {
        assert_true(users_revoke(users, &guests[i].id));
        assert_false(users_revoke(users, &guests[i].id));
    }
    for (int i = 0; i < 20; i++) {
        assert_int_equal(users_find(users, tokens[i], 43, &found), i % 2);
        assert_int_equal(users_get(users, &guests[i].id, &found), i % 2);
        assert_int_equal(users_permitted(users, &guests[i].id, SYNCPLAY_PERMISSION_JOIN), i % 2);
    }
    assert_true(store_wait(store, store_delete_user(store, &guests[0].id)));
    close_all();
    open_all();
    assert_false(users_find(users, tokens[0], 43, &found));
    assert_true(users_find(users, tokens[2], 43, &found)); /* its row was not deleted */
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

/* --- Accounts ----------------------------------------------------------------------------------------------------- */

static struct rbac roles;

/* Tokens of an issuer count from now on; the database is opened with that. */
static void accept_tokens(void)
{
    char reason[128];
    struct jwt_key key;
    struct jwt_rules rules = {.algorithm = JWT_HS256, .issuer = ISSUER, .audience = AUDIENCE, .kid = ""};
    assert_true(jwt_key_load(&key, JWT_HS256, "", SECRET, reason, sizeof reason));
    rbac_init(&roles);
    assert_true(rbac_set(&roles, "maker", "syncplay.create", reason, sizeof reason));
    auth.verifier = jwt_verifier_new(&rules, &key);
    auth.account = (struct account_rules){.issuer = ISSUER, .user_claim = "sub", .name_claim = "name",
                                          .roles_claim = "roles", .keeps_user_ids = true, .roles = &roles};
}

static int set_up_accounts(void **state)
{
    accept_tokens();
    return set_up(state);
}

static int tear_down_accounts(void **state)
{
    int result = tear_down(state);
    auth_clear(&auth);
    auth.guests = true;
    auth.guest_permissions = RBAC_BIT(SYNCPLAY_PERMISSION_JOIN);
    return result;
}

/* A token that is good for a minute. */
static const char *token_of(const char *subject, const char *name, const char *role)
{
    char claims[512];
    snprintf(claims, sizeof claims,
             "{\"iss\":\"" ISSUER "\",\"aud\":\"" AUDIENCE "\",\"sub\":\"%s\",\"name\":\"%s\",\"roles\":\"%s\",\"exp\":%lld}",
             subject, name, role, (long long)(clock_unix() / CLOCK_SECOND + 60));
    return make_token(HS256_HEADER, claims, SECRET, strlen(SECRET));
}

static bool find(const char *token, struct user *user)
{
    return users_find(users, token, strlen(token), user);
}

static bool authorize(const char *token, struct user *user)
{
    char header[USERS_BEARER_MAX];
    snprintf(header, sizeof header, "Bearer %s", token);
    return users_authorize(users, header, user);
}

static void test_an_account_is_on_disk_when_it_is_answered(void **state)
{
    (void)state;
    struct user ana, again;
    char log_file[128];
    assert_true(authorize(token_of("ana", "Anastasia", ""), &ana));
    assert_false(ana.is_guest);
    assert_in_range(ana.expires, clock_now() + 50 * CLOCK_SECOND, clock_now() + 60 * CLOCK_SECOND);
    snprintf(log_file, sizeof log_file, "%s-wal", path);
    assert_true(file_holds(log_file, "Anastasia"));
    close_all();
    open_all();
    assert_true(find(token_of("ana", "Berta", ""), &again));
    assert_true(syncplay_id_equal(&again.id, &ana.id));
    assert_string_equal(again.name, "Berta");
    close_all();
    assert_true(file_holds(path, "Berta")); /* once the log was taken into the file */
    open_all();
}

static void test_a_token_that_counts_for_nothing_changes_nothing(void **state)
{
    (void)state;
    struct user user;
    memset(&user, 7, sizeof user);
    const struct user before = user;
    char *token = make_token(HS256_HEADER, "{}", SECRET, strlen(SECRET));
    assert_false(find(token, &user));
    assert_false(authorize(token, &user));
    assert_memory_equal(&user, &before, sizeof user);
    jwt_verifier_free(auth.verifier);
    auth.verifier = NULL; /* no accounts: the same token is nobody's */
    assert_false(find(token_of("ana", "Ana", ""), &user));
}

static void test_nobody_takes_over_a_guest(void **state)
{
    (void)state;
    struct user gus, user;
    char token[USERS_TOKEN_SIZE];
    char id[SYNCPLAY_ID_SIZE];
    assert_true(users_create(users, "Gus", &gus, token));
    syncplay_id_format(&gus.id, id);
    for (int i = 0; i < 2; i++) {
        assert_false(find(token_of(id, "Mallory", "maker"), &user));
        assert_true(find(token, &user));
        assert_string_equal(user.name, "Gus");
        assert_true(user.is_guest);
        assert_false(users_permitted(users, &gus.id, SYNCPLAY_PERMISSION_CREATE));
        close_all();
        open_all();
    }
}

static void test_permissions(void **state)
{
    (void)state;
    struct user gus, ana, mia;
    char token[USERS_TOKEN_SIZE];
    syncplay_id nobody = {{9}};
    assert_true(users_create(users, "Gus", &gus, token));
    assert_true(find(token_of("ana", "Ana", ""), &ana));
    assert_true(find(token_of("mia", "Mia", "maker"), &mia));
    assert_int_equal(gus.permissions, RBAC_BIT(SYNCPLAY_PERMISSION_JOIN));
    assert_int_equal(ana.permissions, 0);
    assert_int_equal(mia.permissions, RBAC_BIT(SYNCPLAY_PERMISSION_CREATE));
    assert_true(users_permitted(users, &gus.id, SYNCPLAY_PERMISSION_JOIN));
    assert_false(users_permitted(users, &gus.id, SYNCPLAY_PERMISSION_CREATE));
    assert_false(users_permitted(users, &ana.id, SYNCPLAY_PERMISSION_JOIN));
    assert_true(users_permitted(users, &mia.id, SYNCPLAY_PERMISSION_CREATE));
    assert_false(users_permitted(users, &mia.id, SYNCPLAY_PERMISSION_JOIN));
    assert_false(users_permitted(users, &nobody, SYNCPLAY_PERMISSION_JOIN));
    /* The last token counts, and after a start none has been shown yet. */
    assert_true(find(token_of("mia", "Mia", ""), &mia));
    assert_false(users_permitted(users, &mia.id, SYNCPLAY_PERMISSION_CREATE));
    assert_true(find(token_of("mia", "Mia", "maker"), &mia));
    close_all();
    open_all();
    assert_false(users_permitted(users, &mia.id, SYNCPLAY_PERMISSION_CREATE));
    assert_true(find(token_of("mia", "Mia", "maker"), &mia));
    assert_true(users_permitted(users, &mia.id, SYNCPLAY_PERMISSION_CREATE));
    assert_true(users_permitted(users, &gus.id, SYNCPLAY_PERMISSION_JOIN));
}

static void test_without_guests(void **state)
{
    (void)state;
    struct user gus, user;
    char token[USERS_TOKEN_SIZE];
    assert_true(users_create(users, "Gus", &gus, token));
    auth.guests = false;
    assert_false(users_have_guests(users));
    assert_false(find(token, &user));
    assert_false(users_permitted(users, &gus.id, SYNCPLAY_PERMISSION_JOIN));
    assert_true(find(token_of("ana", "Ana", ""), &user));
}

static void test_many_accounts(void **state)
{
    (void)state;
    struct user user;
    syncplay_id first = {{0}};
    for (int i = 0; i < MANY; i++) {
        char subject[32];
        snprintf(subject, sizeof subject, "user %d", i);
        assert_true(find(token_of(subject, subject, "maker"), &user));
        if (i == 0)
            first = user.id;
        assert_true(users_permitted(users, &first, SYNCPLAY_PERMISSION_CREATE));
    }
    close_all();
    open_all();
    assert_true(find(token_of("user 0", "user 0", ""), &user));
    assert_true(syncplay_id_equal(&user.id, &first));
}

#define WITH_ACCOUNTS(test) cmocka_unit_test_setup_teardown(test, set_up_accounts, tear_down_accounts)
#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_a_token_is_its_user),
        WITH_STORE(test_a_guest_is_revoked), WITH_STORE(test_what_is_no_token),
        WITH_STORE(test_headers),
        WITH_STORE(test_the_token_is_not_on_disk),
        WITH_STORE(test_many),
        WITH_ACCOUNTS(test_an_account_is_on_disk_when_it_is_answered),
        WITH_ACCOUNTS(test_a_token_that_counts_for_nothing_changes_nothing),
        WITH_ACCOUNTS(test_nobody_takes_over_a_guest),
        WITH_ACCOUNTS(test_permissions),
        WITH_ACCOUNTS(test_without_guests),
        WITH_ACCOUNTS(test_many_accounts),
    };
    return cmocka_run_group_tests_name("users", tests, NULL, NULL);
}
