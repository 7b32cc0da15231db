/* Who verified claims say that somebody is: id, name, permissions. */
// needs: server/account.o server/json.o server/rbac.o -lcrypto -lcjson
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "../../server/account.h"
#include "../../server/json.h"

#define CREATE RBAC_BIT(SYNCPLAY_PERMISSION_CREATE)
#define JOIN RBAC_BIT(SYNCPLAY_PERMISSION_JOIN)

static struct rbac roles;
static struct account_rules rules;

static int set_up(void **state)
{
    char why[128];
    (void)state;
    rbac_init(&roles);
    rules = (struct account_rules){.issuer = "https://media.example",
                                   .user_claim = "sub",
                                   .name_claim = "name",
                                   .roles_claim = "roles",
                                   .roles = &roles};
    for (uint8_t i = 0; i < ACCOUNT_SECRET_SIZE; i++)
        rules.secret[i] = (uint8_t)(i + 1);
    return rbac_set(&roles, "viewer", "syncplay.join", why, sizeof why) &&
                   rbac_set(&roles, "maker", "syncplay.create", why, sizeof why)
               ? 0
               : -1;
}

/* What claims are read as; NULL if they are somebody. */
static const char *read_claims(const char *text, struct account *account)
{
    char why[128];
    struct json *claims = json_read(text, strlen(text), why, sizeof why);
    assert_non_null(claims);
    const char *refusal = account_read(&rules, claims, account);
    json_free(claims);
    return refusal;
}

static void assert_id(const char *claims, const char *id)
{
    struct account account;
    char text[SYNCPLAY_ID_SIZE];
    assert_null(read_claims(claims, &account));
    syncplay_id_format(&account.id, text);
    assert_string_equal(text, id);
}

static void assert_name(const char *claims, const char *name)
{
    struct account account;
    assert_null(read_claims(claims, &account));
    assert_string_equal(account.name, name);
}

static void assert_permissions(const char *claims, unsigned permissions)
{
    struct account account;
    assert_null(read_claims(claims, &account));
    assert_int_equal(account.permissions, permissions);
}

/* Databases hold these ids: they never change. Computed by another program, as HMAC-SHA256 of "issuer\nsubject". */
static void test_ids(void **state)
{
    (void)state;
    assert_id("{\"sub\":\"ana\"}", "4cc8a1e1-c8c7-8733-9b66-5a67b3e70eeb");
    assert_id("{\"sub\":\"42\"}", "fa68c3e8-661d-8a93-952b-6c5d50dd29c7");
    rules.issuer = "https://media.exampl";
    assert_id("{\"sub\":\"e\\nana\"}", "2c52da45-9ae3-87f2-a01a-7fb0e53c74b2"); /* not as the first */
    struct account account;
    struct account another;
    assert_null(read_claims("{\"sub\":\"ana\"}", &account));
    rules.secret[31] ^= 1; /* each server has ids of its own */
    assert_null(read_claims("{\"sub\":\"ana\"}", &another));
    assert_false(syncplay_id_equal(&account.id, &another.id));
}

static void test_ids_that_are_kept(void **state)
{
    (void)state;
    static const char claims[] = "{\"sub\":\"0190163D-8694-739B-AEA5-966C26F8AD91\"}";
    struct account account;
    assert_null(read_claims(claims, &account));
    assert_int_equal(account.id.bytes[6] >> 4, 8);
    rules.keeps_user_ids = true;
    assert_id(claims, "0190163d-8694-739b-aea5-966c26f8ad91");
    assert_id("{\"sub\":\"ana\"}", "4cc8a1e1-c8c7-8733-9b66-5a67b3e70eeb");
    /* Ana's own id is not for who is called so. */
    assert_string_equal(read_claims("{\"sub\":\"4CC8A1E1-C8C7-8733-9B66-5A67B3E70EEB\"}", &account),
                        "its user claim is a UUID of version 8, which this server makes itself");
    assert_null(read_claims("{\"sub\":\"00000000-0000-0000-0000-000000000000\"}", &account));
    assert_int_equal(account.id.bytes[6] >> 4, 8);
}

static void test_subjects_that_are_none(void **state)
{
    (void)state;
    struct account account;
    char claims[512];
    static const char *const none[] = {
        "{}", "{\"sub\":null}", "{\"sub\":7}", "{\"sub\":\"\"}", "{\"sub\":[\"ana\"]}", "{\"Sub\":\"ana\"}"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_string_equal(read_claims(none[i], &account),
                            "its user claim is missing, empty, or longer than 255 bytes");
    snprintf(claims, sizeof claims, "{\"sub\":\"%0256d\"}", 0);
    assert_non_null(read_claims(claims, &account));
    snprintf(claims, sizeof claims, "{\"sub\":\"%0255d\"}", 0);
    assert_null(read_claims(claims, &account));
    assert_int_equal(strlen(account.subject), 255);
    assert_string_equal(read_claims("{\"sub\":\" \\t\"}", &account), "its user claim has nothing to see in it");
}

static void test_names(void **state)
{
    (void)state;
    assert_name("{\"sub\":\"s\",\"name\":\"Ana\",\"preferred_username\":\"p\"}", "Ana");
    assert_name("{\"sub\":\"s\",\"name\":\"\",\"preferred_username\":\"p\"}", "p");
    assert_name("{\"sub\":\"s\",\"name\":\"\\u0085 \\u007f\",\"preferred_username\":7}", "s");
    assert_name("{\"sub\":\"s\",\"name\":\"  a \\u0007\\u0001x\\n\"}", "a x");
    assert_name("{\"sub\":\"s\",\"name\":\"a  \"}", "a");
    assert_name("{\"sub\":\"s\",\"name\":\"1234567890123456789012345678901 y\"}", "1234567890123456789012345678901");
    assert_name("{\"sub\":\"s\",\"name\":\"12345678901234567890123456789012345\"}", "12345678901234567890123456789012");
    /* Characters are never cut in two, whatever their length. */
    assert_name("{\"sub\":\"s\",\"name\":\"€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€\"}", "€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€");
    assert_name("{\"sub\":\"s\",\"name\":\"1234567890123456789012345678901\\u00e4\\ud83c\\udfac\"}",
                "1234567890123456789012345678901ä");
}

static void test_roles(void **state)
{
    (void)state;
    assert_permissions("{\"sub\":\"s\",\"roles\":\"viewer\"}", JOIN);
    assert_permissions("{\"sub\":\"s\",\"roles\":[\"viewer\",\"maker\",\"other\"]}", JOIN | CREATE);
    assert_permissions("{\"sub\":\"s\",\"roles\":\"viewer maker\"}", JOIN | CREATE);
    assert_permissions("{\"sub\":\"s\",\"roles\":[\"viewer\",\"film fans maker\",\" maker\"]}", JOIN);
    assert_permissions("{\"sub\":\"s\",\"roles\":\"  maker  other \"}", CREATE);
    assert_permissions("{\"sub\":\"s\",\"roles\":[\"other\"]}", 0);
    assert_permissions("{\"sub\":\"s\"}", 0);
    rules.default_permissions = JOIN;
    assert_permissions("{\"sub\":\"s\",\"roles\":[\"other\"]}", JOIN);
    assert_permissions("{\"sub\":\"s\",\"roles\":[]}", JOIN);
    assert_permissions("{\"sub\":\"s\",\"roles\":{\"maker\":1}}", JOIN);
    assert_permissions("{\"sub\":\"s\",\"roles\":\"maker\"}", CREATE); /* a known role counts alone */
}

static void test_paths(void **state)
{
    (void)state;
    rules.roles_claim = "access.of.syncplay";
    assert_permissions("{\"sub\":\"s\",\"access\":{\"of\":{\"syncplay\":[\"viewer\"]}}}", JOIN);
    assert_permissions("{\"sub\":\"s\",\"access.of.syncplay\":\"maker\",\"access\":{\"of\":{\"syncplay\":\"viewer\"}}}",
                       CREATE);
    assert_permissions("{\"sub\":\"s\",\"access\":{\"of.syncplay\":\"maker\"}}", CREATE);
    assert_permissions("{\"sub\":\"s\",\"access\":{\"of\":\"viewer\"}}", 0);
    assert_permissions("{\"sub\":\"s\",\"access\":\"viewer\"}", 0);
    assert_permissions("{\"sub\":\"s\",\"acces\":{\"of\":{\"syncplay\":\"viewer\"}}}", 0);
    rules.roles_claim = ".";
    assert_permissions("{\"sub\":\"s\",\"\":{\"\":\"viewer\"}}", JOIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_ids, set_up),
        cmocka_unit_test_setup(test_ids_that_are_kept, set_up),
        cmocka_unit_test_setup(test_subjects_that_are_none, set_up),
        cmocka_unit_test_setup(test_names, set_up),
        cmocka_unit_test_setup(test_roles, set_up),
        cmocka_unit_test_setup(test_paths, set_up),
    };
    return cmocka_run_group_tests_name("account", tests, NULL, NULL);
}
