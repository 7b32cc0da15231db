/* The hub as a script of calls, with time, failing memory and restarts (script.h). What must hold is checked after each
 * call. */
#include "script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world world;
    struct script script = {.input = {(const char *)data, size, 0}, .connection = 1};
    world_init(&world);
    world_open(&world);
    while (!input_is_over(&script.input))
        script_step(&script, &world);
    world.fails_after = -1;
    world_close(&world);
    return 0;
}
