/* Users whom a session remembers: what is forgotten with a pardon, and what is not. */
#include "party.h"

#include "removed.h"
#include "token_bucket.h"

static const struct removed banned = {.user = {{1}}, .banned = true, .until = REMOVED_LET_IN, .chat_full_at = TOKEN_BUCKET_FULL};

/* How many the session remembers after the pardon of this one. */
static uint32_t after_pardon(struct removed removed)
{
    struct session session = {.removed = &removed, .removed_count = 1, .removed_capacity = 1};
    removed_pardon(&session, &removed);
    assert_true(session.removed_count == 0 || !removed_keeps_out(&removed, 0));
    return session.removed_count;
}

static void test_a_pardon_forgets_who_owes_nothing(void **state)
{
    struct removed kicked = banned;
    (void)state;
    kicked.banned = false;
    kicked.until = INT64_MAX;
    assert_int_equal(after_pardon(banned), 0);
    assert_int_equal(after_pardon(kicked), 0);
}

static void test_a_pardon_is_no_quittance(void **state)
{
    struct removed muted = banned, demoted = banned, loud = banned, late = banned;
    (void)state;
    muted.deny = SYNCPLAY_RIGHT_CHAT;
    demoted.role_cap = SYNCPLAY_ROLE_VIEWER;
    loud.chat_full_at = 5 * SECOND;
    late.spent = 1;
    assert_int_equal(after_pardon(muted), 1);
    assert_int_equal(after_pardon(demoted), 1);
    assert_int_equal(after_pardon(loud), 1);
    assert_int_equal(after_pardon(late), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_pardon_forgets_who_owes_nothing),
        cmocka_unit_test(test_a_pardon_is_no_quittance),
    };
    return cmocka_run_group_tests_name("removed", tests, NULL, NULL);
}
