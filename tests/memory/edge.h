/*
 * What is given to the library, put at the very end of a page that nothing follows: whoever reads on is stopped, with or
 * without a sanitizer. One at a time: the next call takes its place.
 */
#ifndef EDGE_H
#define EDGE_H

#include <assert.h>
#include <string.h>
#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <sys/mman.h>
#include <unistd.h>
#endif

enum { EDGE_ROOM = 1 << 21 };

/* The end of the room; the page behind it is forbidden. */
static inline char *edge_of_new_room(void)
{
#ifdef _WIN32
    enum { PAGE = 4096 };
    DWORD before;
    char *room = VirtualAlloc(NULL, EDGE_ROOM + PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    assert(room && VirtualProtect(room + EDGE_ROOM, PAGE, PAGE_NOACCESS, &before));
#else
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *room = mmap(NULL, EDGE_ROOM + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert(room != MAP_FAILED && mprotect(room + EDGE_ROOM, page, PROT_NONE) == 0);
#endif
    return room + EDGE_ROOM;
}

static inline const char *edge_copy(const char *bytes, size_t length)
{
    static char *end;
    if (!end)
        end = edge_of_new_room();
    assert(length <= EDGE_ROOM);
    return memmove(end - length, bytes, length);
}

#endif
