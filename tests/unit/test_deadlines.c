/* The queue of deadlines, against a plain search for the earliest. */
#include "party.h"

#include "deadlines.h"

enum { SESSIONS = 60, STEPS = 20000 };

static void test_like_a_search(void **state)
{
    struct party party;
    struct deadlines queue = {0};
    static struct session sessions[SESSIONS];
    bool there[SESSIONS] = {false};
    (void)state;
    party_init(&party);
    struct memory memory = {party_allocate, &party};
    assert_true(deadlines_next(&queue) == SYNCPLAY_NEVER);
    for (unsigned step = 0; step < STEPS; step++) {
        struct session *session = &sessions[party_random(&party) % SESSIONS];
        bool *is_there = &there[session - sessions];
        int64_t earliest = SYNCPLAY_NEVER, deadline = (int64_t)(party_random(&party) % 1000);
        deadline = deadline < 50 ? SYNCPLAY_NEVER : deadline;
        if (!*is_there) {
            assert_true(deadlines_reserve(&queue, &memory));
            session->deadline = deadline;
            deadlines_add(&queue, session);
            *is_there = true;
        } else if (party_random(&party) % 3 == 0) {
            deadlines_remove(&queue, session);
            *is_there = false;
        } else {
            deadlines_set(&queue, session, deadline);
        }
        for (unsigned i = 0; i < SESSIONS; i++)
            if (there[i]) {
                assert_ptr_equal(queue.heap[sessions[i].heap_index], &sessions[i]);
                earliest = sessions[i].deadline < earliest ? sessions[i].deadline : earliest;
            }
        assert_true(deadlines_next(&queue) == earliest);
        for (size_t i = 1; i < queue.count; i++)
            assert_true(queue.heap[(i - 1) / 2]->deadline <= queue.heap[i]->deadline);
    }
    memory_free(&memory, queue.heap);
}

static void test_without_memory(void **state)
{
    struct party party;
    struct deadlines queue = {0};
    (void)state;
    party_init(&party);
    party.fails_after = 0;
    struct memory memory = {party_allocate, &party};
    assert_false(deadlines_reserve(&queue, &memory));
    assert_true(deadlines_next(&queue) == SYNCPLAY_NEVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_like_a_search), cmocka_unit_test(test_without_memory)};
    return cmocka_run_group_tests_name("deadlines", tests, NULL, NULL);
}
