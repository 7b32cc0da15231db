/* All strategies, in the order in which they are printed. */
#include <string.h>

#include "strategy.h"

const struct strategy *const strategies[] = {
    &strategy_ours,  &strategy_floor,    &strategy_ntp,  &strategy_jellyfin, &strategy_jellyfin_shipped,
    &strategy_plezy, &strategy_syncplay, &strategy_seed, &strategy_naive,
};

const unsigned strategy_count = sizeof strategies / sizeof *strategies;

const struct strategy *strategy_find(const char *name)
{
    for (unsigned i = 0; i < strategy_count; i++)
        if (strcmp(strategies[i]->name, name) == 0)
            return strategies[i];
    return NULL;
}
