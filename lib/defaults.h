/* Structs that cross the API begin with struct_size; these two copy them between callers' versions and ours. */
#ifndef DEFAULTS_H
#define DEFAULTS_H

#include <syncplay/syncplay.h>

/* Reads a caller's struct over `ours`, which holds the defaults; NULL leaves them. */
void defaults_take(void *ours, const void *theirs, size_t our_size);

/* Writes ours into a caller's struct, as much as it has room for. */
void defaults_give(void *theirs, const void *ours, size_t our_size);

#endif
