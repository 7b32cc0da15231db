/* Blocks of the hostile build, which the others have not: they move, know their size, and nothing is left in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>

#ifndef SYNCPLAY_HOSTILE
#define SYNCPLAY_HOSTILE
#endif
#include "memory.c"

enum { BLOCKS = 8, BLOCK_SIZE = 64 };

/* Blocks in a row, never given out twice: what was freed can be looked at. */
struct heap {
    unsigned char blocks[BLOCKS][BLOCK_SIZE];
    unsigned given, freed, left;
};

static void *allocate(void *user_data, void *pointer, size_t size)
{
    struct heap *heap = user_data;
    heap->freed += size == 0;
    assert_true(size == 0 || pointer == NULL); /* no block is ever told to grow where it is */
    if (!size || !heap->left)
        return NULL;
    heap->left--;
    assert_true(size <= BLOCK_SIZE);
    return heap->blocks[heap->given++];
}

static bool is_poison(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != POISON)
            return false;
    return true;
}

static void test_a_new_block_holds_nothing(void **state)
{
    struct heap heap = {.left = BLOCKS};
    struct memory memory = {allocate, &heap};
    (void)state;
    unsigned char *block = memory_resize(&memory, NULL, 20);
    assert_true(is_poison(block, 20));
    assert_int_equal(heap.freed, 0);
    assert_int_equal(block[20], 0); /* and no more than asked for */
}

static void test_a_block_moves_whenever_its_size_changes(void **state)
{
    static const size_t sizes[] = {5, 30, 20};
    struct heap heap = {.left = BLOCKS};
    struct memory memory = {allocate, &heap};
    (void)state;
    unsigned char *block = memory_resize(&memory, NULL, 5);
    memcpy(block, "hello", 5);
    for (unsigned i = 1; i < sizeof sizes / sizeof *sizes; i++) {
        unsigned char *moved = memory_resize(&memory, block, sizes[i]);
        assert_ptr_not_equal(moved, block);
        assert_memory_equal(moved, "hello", 5);
        assert_true(is_poison(moved + 5, sizes[i] - 5));
        assert_int_equal(moved[sizes[i]], 0);
        assert_true(is_poison(heap.blocks[i - 1], HEAD + sizes[i - 1]));
        assert_int_equal(heap.freed, i);
        block = moved;
    }
    memory_free(&memory, block);
    assert_true(is_poison(heap.blocks[2], HEAD + 20));
    assert_int_equal(heap.freed, 3);
    memory_free(&memory, NULL);
    assert_int_equal(heap.freed, 3);
}

static void test_arrays_grow_by_one(void **state)
{
    (void)state;
    assert_int_equal(memory_larger(0, 4), 1);
    assert_int_equal(memory_larger(7, 4), 8);
}

static void test_without_memory_a_block_stays(void **state)
{
    struct heap heap = {.left = 1};
    struct memory memory = {allocate, &heap};
    (void)state;
    char *block = memory_copy_text(&memory, "hello");
    assert_null(memory_resize(&memory, block, 30));
    assert_null(memory_new(&memory, 30));
    assert_null(memory_copy_text(&memory, "hello"));
    assert_string_equal(block, "hello");
    assert_int_equal(heap.freed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_block_holds_nothing),
        cmocka_unit_test(test_a_block_moves_whenever_its_size_changes),
        cmocka_unit_test(test_arrays_grow_by_one),
        cmocka_unit_test(test_without_memory_a_block_stays),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
