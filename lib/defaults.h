/* Structs that cross the API begin with struct_size; these copy them between callers' versions and ours. */
#ifndef DEFAULTS_H
#define DEFAULTS_H

#include <syncplay/syncplay.h>

/* What a struct_size may be at most: no struct is so large, so that one beyond it was never set. */
#define DEFAULTS_SIZE_MAX 4096
#define DEFAULTS_SIZE_WRONG "%s: struct_size must be what sizeof says of the struct"

/* Whether a caller's struct is there and says its size. Nothing is taken from one, nor given to it, that does not. */
bool defaults_has_size(const void *theirs);

/* Reads a caller's struct over `ours`, which holds the defaults; NULL leaves them. False if it does not say its size. */
bool defaults_take(void *ours, const void *theirs, size_t our_size);

/* Defaults, and a caller's settings of a hub over them; NULL leaves the defaults. False likewise. */
bool defaults_take_config(syncplay_hub_config *ours, const syncplay_hub_config *theirs);

/* A caller's command, with what it points to, as structs of our size. It points into itself: it cannot be copied. */
struct command_copy {
    syncplay_command command;
    syncplay_settings settings;
    syncplay_content content;
};
/* Returns NULL, or the name of what does not say its size. */
const char *defaults_take_command(struct command_copy *ours, const syncplay_command *theirs);

/* Writes ours into a caller's struct, which says its size, as much as it has room for. */
void defaults_give(void *theirs, const void *ours, size_t our_size);

#endif
