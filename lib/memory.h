/* The hub's memory: the caller's allocator, or the C library's. memory.c is the only file that knows malloc. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stddef.h>

struct memory {
    void *(*allocate)(void *user_data, void *pointer, size_t size); /* like realloc; size 0 frees */
    void *user_data;
};

/* The C library's. */
void *memory_default_allocate(void *user_data, void *pointer, size_t size);

/* How large an array becomes that is full. `first`: how large it begins. */
size_t memory_larger(size_t capacity, size_t first);

void *memory_resize(const struct memory *memory, void *pointer, size_t size);
void *memory_new(const struct memory *memory, size_t size); /* zeroed */
void memory_free(const struct memory *memory, void *pointer);
char *memory_copy_text(const struct memory *memory, const char *text);

#endif
