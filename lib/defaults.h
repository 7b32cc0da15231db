/* Structs that cross the API begin with struct_size; these copy them between callers' versions and ours. */
#ifndef DEFAULTS_H
#define DEFAULTS_H

#include <syncplay/syncplay.h>

/* Reads a caller's struct over `ours`, which holds the defaults; NULL leaves them. */
void defaults_take(void *ours, const void *theirs, size_t our_size);

/* Defaults, and a caller's settings of a hub over them; NULL leaves the defaults. */
void defaults_take_config(syncplay_hub_config *ours, const syncplay_hub_config *theirs);

/* A caller's command, with what it points to, as structs of our size. It points into itself: it cannot be copied. */
struct command_copy {
    syncplay_command command;
    syncplay_settings settings;
    syncplay_content content;
};
void defaults_take_command(struct command_copy *ours, const syncplay_command *theirs);

/* Writes ours into a caller's struct, as much as it has room for. */
void defaults_give(void *theirs, const void *ours, size_t our_size);

#endif
