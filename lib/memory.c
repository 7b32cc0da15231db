/* Memory through one function in the manner of realloc, as Lua does. */
#include <stdlib.h>
#include <string.h>

#include "hostile.h"
#include "memory.h"

void *memory_default_allocate(void *user_data, void *pointer, size_t size)
{
    (void)user_data;
    if (size)
        return realloc(pointer, size);
    free(pointer);
    return NULL;
}

/* In the hostile build each block knows its size, moves when that changes, and is overwritten when it is freed. */
enum { HEAD = HOSTILE ? 16 : 0, POISON = 0xdd };

static void *move(const struct memory *memory, unsigned char *from, size_t size)
{
    size_t held = 0;
    unsigned char *to = size ? memory->allocate(memory->user_data, NULL, HEAD + size) : NULL;
    if (from)
        memcpy(&held, from - HEAD, sizeof held);
    if (to) {
        memcpy(to, &size, sizeof size);
        memset(to + HEAD, POISON, size);
        if (from)
            memcpy(to + HEAD, from, held < size ? held : size);
    }
    if (from && (to || !size)) {
        memset(from - HEAD, POISON, HEAD + held);
        memory->allocate(memory->user_data, from - HEAD, 0);
    }
    return to ? to + HEAD : NULL;
}

void *memory_resize(const struct memory *memory, void *pointer, size_t size)
{
    return HOSTILE ? move(memory, pointer, size) : memory->allocate(memory->user_data, pointer, size);
}

size_t memory_larger(size_t capacity, size_t first)
{
    if (HOSTILE)
        return capacity + 1;
    return capacity ? capacity * 2 : first;
}

void *memory_new(const struct memory *memory, size_t size)
{
    void *pointer = memory_resize(memory, NULL, size);
    return pointer ? memset(pointer, 0, size) : NULL;
}

void memory_free(const struct memory *memory, void *pointer)
{
    if (pointer)
        memory_resize(memory, pointer, 0);
}

char *memory_copy_text(const struct memory *memory, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = memory_resize(memory, NULL, size);
    return copy ? memcpy(copy, text, size) : NULL;
}
