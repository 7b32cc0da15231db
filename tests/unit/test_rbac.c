/* Roles: names, lists of permissions, limits. */
// needs: server/rbac.o
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "../../server/rbac.h"

#define CREATE RBAC_BIT(SYNCPLAY_PERMISSION_CREATE)
#define JOIN RBAC_BIT(SYNCPLAY_PERMISSION_JOIN)
#define HOST_CONTROLS RBAC_BIT(SYNCPLAY_PERMISSION_HOST_CONTROLS)

static char why[256];

static unsigned permissions_of(const struct rbac *rbac, const char *name)
{
    const struct rbac_role *role = rbac_find(rbac, name, strlen(name));
    assert_non_null(role);
    return role->permissions;
}

static void test_what_is_there_from_the_start(void **state)
{
    (void)state;
    struct rbac rbac;
    rbac_init(&rbac);
    assert_int_equal(rbac.count, 2);
    assert_int_equal(permissions_of(&rbac, "guest"), CREATE | JOIN | HOST_CONTROLS);
    assert_int_equal(permissions_of(&rbac, "user"), RBAC_ALL);
    assert_null(rbac_find(&rbac, "gues", 4));
    assert_null(rbac_find(&rbac, "guests", 6));
    assert_null(rbac_find(&rbac, "Guest", 5));
    assert_null(rbac_find(&rbac, "", 0));
    assert_non_null(rbac_find(&rbac, "guests", 5)); /* by its length */
}

static void test_roles_are_made_and_changed(void **state)
{
    (void)state;
    struct rbac rbac;
    rbac_init(&rbac);
    assert_true(rbac_set(&rbac, "viewer", "syncplay.join", why, sizeof why));
    assert_int_equal(permissions_of(&rbac, "viewer"), JOIN);
    assert_true(rbac_set(&rbac, "maker", " syncplay.create,  syncplay.join ,syncplay.join", why, sizeof why));
    assert_int_equal(permissions_of(&rbac, "maker"), CREATE | JOIN);
    assert_true(rbac_set(&rbac, "nothing", "", why, sizeof why));
    assert_int_equal(permissions_of(&rbac, "nothing"), 0);
    assert_true(rbac_set(&rbac, "guest", "syncplay.host_controls", why, sizeof why));
    assert_int_equal(permissions_of(&rbac, "guest"), HOST_CONTROLS);
    assert_int_equal(rbac.count, 5);
}

static void test_what_is_refused_changes_nothing(void **state)
{
    (void)state;
    struct rbac rbac;
    rbac_init(&rbac);
    static const char *const lists[] = {
        "join",   "syncplay.join;syncplay.create", "syncplay.join,syncplay.Create", "syncplay.", "syncplay.joins",
        "unknown"};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        assert_false(rbac_set(&rbac, "guest", lists[i], why, sizeof why));
        assert_memory_equal(why, "must be a list of", 17);
    }
    static const char *const names[] = {"",  "a b", "a,b",
                                        "ä", "a/b", "1234567890123456789012345678901234567890123456789012345678901234"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_false(rbac_set(&rbac, names[i], "", why, sizeof why));
        assert_memory_equal(why, "must have a name of 1 to 63", 27);
    }
    assert_int_equal(rbac.count, 2);
    assert_int_equal(permissions_of(&rbac, "guest"), RBAC_ALL);
}

static void test_the_limit(void **state)
{
    (void)state;
    struct rbac rbac;
    char name[32];
    rbac_init(&rbac);
    for (int i = 2; i < RBAC_ROLES_MAX; i++) {
        snprintf(name, sizeof name, "role-%d", i);
        assert_true(rbac_set(&rbac, name, "syncplay.join", why, sizeof why));
    }
    assert_false(rbac_set(&rbac, "more", "syncplay.join", why, sizeof why));
    assert_string_equal(why, "is one role too many; there may be 32");
    assert_true(rbac_set(&rbac, "role-31", "", why, sizeof why));
    assert_int_equal(permissions_of(&rbac, "role-31"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_there_from_the_start),
        cmocka_unit_test(test_roles_are_made_and_changed),
        cmocka_unit_test(test_what_is_refused_changes_nothing),
        cmocka_unit_test(test_the_limit),
    };
    return cmocka_run_group_tests_name("rbac", tests, NULL, NULL);
}
