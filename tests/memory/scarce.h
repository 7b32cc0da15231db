/*
 * Memory that can run out: an allocator for the library, and for cJSON under it, which counts what is held and fails where
 * it is told to. What is freed is overwritten, and every block that changes its size moves. cJSON's hooks are of the whole
 * process, so this is too; a library must never set them.
 */
#ifndef SCARCE_H
#define SCARCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

enum { SCARCE_HEAD = 16, SCARCE_POISON = 0xdd };

static struct {
    size_t blocks, bytes; /* held now */
    bool is_short;        /* counts down; otherwise there is memory */
    size_t left;          /* so many allocations succeed yet */
    bool for_good;        /* all fail that come after, not one alone */
    bool has_failed;
    size_t shortages;     /* scarce_begin ... scarce_end in which an allocation failed, so far */
} scarce;

static inline void scarce_free(void *pointer)
{
    size_t size;
    if (!pointer)
        return;
    unsigned char *block = (unsigned char *)pointer - SCARCE_HEAD;
    memcpy(&size, block, sizeof size);
    scarce.blocks--;
    scarce.bytes -= size;
    memset(block, SCARCE_POISON, SCARCE_HEAD + size);
    free(block);
}

static inline void *scarce_malloc(size_t size)
{
    bool fails = scarce.is_short && scarce.left == 0 && (scarce.for_good || !scarce.has_failed);
    scarce.has_failed |= fails;
    scarce.left -= scarce.is_short && scarce.left > 0;
    unsigned char *block = fails ? NULL : malloc(SCARCE_HEAD + size);
    if (!block)
        return NULL;
    scarce.blocks++;
    scarce.bytes += size;
    memcpy(block, &size, sizeof size);
    memset(block + SCARCE_HEAD, SCARCE_POISON, size);
    return block + SCARCE_HEAD;
}

/* As syncplay_hub_callbacks has it. */
static inline void *scarce_allocate(void *user_data, void *pointer, size_t size)
{
    size_t old;
    (void)user_data;
    void *moved = size ? scarce_malloc(size) : NULL;
    if (pointer && moved) {
        memcpy(&old, (unsigned char *)pointer - SCARCE_HEAD, sizeof old);
        memcpy(moved, pointer, old < size ? old : size);
    }
    if (moved || !size)
        scarce_free(pointer);
    return moved;
}

static inline void scarce_open(void)
{
    cJSON_Hooks hooks = {scarce_malloc, scarce_free};
    memset(&scarce, 0, sizeof scarce);
    cJSON_InitHooks(&hooks);
}

/* From now on there are `left` allocations, then one fails, or all. */
static inline void scarce_begin(size_t left, bool for_good)
{
    scarce.is_short = true;
    scarce.left = left;
    scarce.for_good = for_good;
    scarce.has_failed = false;
}

/* There is memory again. Whether an allocation failed. */
static inline bool scarce_end(void)
{
    scarce.is_short = false;
    scarce.shortages += scarce.has_failed;
    return scarce.has_failed;
}

#endif
