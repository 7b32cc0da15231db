/* The last messages, kept to be sent again. */
#include "party.h"

#include "replay.h"

static const struct memory memory = {memory_default_allocate, NULL};
static const syncplay_id here = {{1}}, elsewhere = {{2}};

/* All texts of one session after a cursor, one behind the other. */
static const char *texts_after(const struct replay *replay, const syncplay_id *session, uint64_t cursor)
{
    static char text[4000];
    struct replay_message message;
    size_t at = 0, length = 0;
    text[0] = 0;
    while (replay_next(replay, session, cursor, &at, &message)) {
        memcpy(text + length, message.bytes, message.length);
        text[length += message.length] = 0;
    }
    return text;
}

static void add(struct replay *replay, const syncplay_id *session, uint64_t cursor, const char *text)
{
    replay_add(replay, session, &(struct replay_about){.cursor = cursor}, text, strlen(text));
}

static void test_order(void **state)
{
    struct replay replay;
    (void)state;
    assert_true(replay_init(&replay, &memory, 1000, 10));
    add(&replay, &here, 11, "a");
    add(&replay, &elsewhere, 12, "x");
    add(&replay, &here, 13, "b");
    add(&replay, &here, 14, "c");
    assert_string_equal(texts_after(&replay, &here, 10), "abc");
    assert_string_equal(texts_after(&replay, &here, 11), "bc");
    assert_string_equal(texts_after(&replay, &here, 12), "bc");
    assert_string_equal(texts_after(&replay, &here, 14), "");
    assert_string_equal(texts_after(&replay, &elsewhere, 0), "x");
    /* Nobody can have seen what came before the first, or what has not been said yet. */
    assert_true(replay_reaches(&replay, 10, 14));
    assert_false(replay_reaches(&replay, 9, 14));
    assert_true(replay_reaches(&replay, 14, 14));
    assert_false(replay_reaches(&replay, 15, 14));
    replay_free(&replay, &memory);
}

/* The smallest buffer in which so many messages of this text are there together. */
static size_t room_for(unsigned count, const char *text)
{
    for (size_t size = 1;; size++) {
        struct replay replay;
        assert_true(size < 1000 && replay_init(&replay, &memory, size, 0));
        for (unsigned i = 1; i <= count; i++)
            add(&replay, &here, i, text);
        bool are_there = replay_reaches(&replay, 0, count);
        replay_free(&replay, &memory);
        if (are_there)
            return size;
    }
}

/* A buffer is used to its last byte. */
static void test_exactly_full(void **state)
{
    (void)state;
    assert_int_equal(2 * room_for(1, "0123456789"), room_for(2, "0123456789"));
    assert_int_equal(room_for(1, "0123456789"), room_for(1, "012345678") + 1);
}

/* Whatever comes, what is said to be there is there, whole and in order. */
static void test_full(void **state)
{
    static char long_text[900];
    struct replay replay;
    struct replay_message message;
    (void)state;
    assert_true(replay_init(&replay, &memory, 1000, 0));
    memset(long_text, 'x', sizeof long_text);
    for (uint64_t cursor = 1; cursor <= 5000; cursor++) {
        size_t length = (size_t)(cursor * 37 % 300);
        if (cursor % 100 == 0)
            length = sizeof long_text; /* with its record, nearly all there is room for */
        if (cursor % 250 == 0)
            length = 0;
        replay_add(&replay, &here, &(struct replay_about){cursor, (uint32_t)cursor, {{0}}}, long_text, length);
        size_t at = 0;
        uint64_t next = replay.forgotten;
        while (replay_next(&replay, &here, replay.forgotten, &at, &message))
            assert_int_equal(message.right, ++next);
        assert_int_equal(next, cursor);
        assert_true(replay.length <= replay.size);
        assert_true(replay_reaches(&replay, cursor, cursor));
    }
    replay_free(&replay, &memory);
}

/* What was deleted is told to nobody again, and nothing else is lost by it. */
static void test_drop(void **state)
{
    static const syncplay_id first = {{3}}, second = {{4}};
    struct replay replay;
    (void)state;
    assert_true(replay_init(&replay, &memory, 1000, 0));
    add(&replay, &here, 1, "a");
    replay_add(&replay, &here, &(struct replay_about){2, 0, first}, "first", 5);
    replay_add(&replay, &here, &(struct replay_about){3, 0, second}, "second", 6);
    add(&replay, &here, 4, "b");
    replay_drop(&replay, &first);
    assert_string_equal(texts_after(&replay, &here, 0), "asecondb");
    assert_null(memmem(replay.bytes, replay.length, "first", 5));
    assert_true(replay_reaches(&replay, 0, 4));
    replay_free(&replay, &memory);
}

static void test_too_long_and_none(void **state)
{
    static char long_text[2000];
    struct replay replay;
    (void)state;
    assert_true(replay_init(&replay, &memory, 1000, 0));
    add(&replay, &here, 1, "a");
    replay_add(&replay, &here, &(struct replay_about){.cursor = 2}, long_text, sizeof long_text);
    assert_false(replay_reaches(&replay, 1, 2)); /* the second is not there */
    assert_true(replay_reaches(&replay, 2, 2));
    replay_free(&replay, &memory);
    assert_true(replay_init(&replay, &memory, 0, 0));
    add(&replay, &here, 1, "a");
    assert_false(replay_reaches(&replay, 0, 1));
    assert_string_equal(texts_after(&replay, &here, 0), "");
    replay_free(&replay, &memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_order), cmocka_unit_test(test_full),
                                       cmocka_unit_test(test_exactly_full), cmocka_unit_test(test_drop),
                                       cmocka_unit_test(test_too_long_and_none)};
    return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
