/* Memory through one function in the manner of realloc, as Lua does. */
#include <stdlib.h>
#include <string.h>

#include "memory.h"

void *memory_default_allocate(void *user_data, void *pointer, size_t size)
{
    (void)user_data;
    if (size)
        return realloc(pointer, size);
    free(pointer);
    return NULL;
}

void *memory_resize(const struct memory *memory, void *pointer, size_t size)
{
    return memory->allocate(memory->user_data, pointer, size);
}

void *memory_new(const struct memory *memory, size_t size)
{
    void *pointer = memory_resize(memory, NULL, size);
    return pointer ? memset(pointer, 0, size) : NULL;
}

void memory_free(const struct memory *memory, void *pointer)
{
    if (pointer)
        memory->allocate(memory->user_data, pointer, 0);
}

char *memory_copy_text(const struct memory *memory, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = memory_resize(memory, NULL, size);
    return copy ? memcpy(copy, text, size) : NULL;
}
