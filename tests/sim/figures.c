/* A heap of figures, and what it says. */
#include <math.h>
#include <stdlib.h>

#include "score.h"

void figures_add(struct figures *figures, double value)
{
    if (figures->count == figures->capacity) {
        figures->capacity = figures->capacity ? 2 * figures->capacity : 1024;
        figures->values = realloc(figures->values, figures->capacity * sizeof *figures->values);
        if (!figures->values)
            abort();
    }
    figures->values[figures->count++] = value;
    figures->is_sorted = false;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double figures_at(struct figures *figures, double share)
{
    if (!figures->count)
        return NAN;
    if (!figures->is_sorted)
        qsort(figures->values, figures->count, sizeof *figures->values, compare);
    figures->is_sorted = true;
    return figures->values[(size_t)(share * (double)(figures->count - 1) + 0.5)];
}

double figures_mean(const struct figures *figures)
{
    double sum = 0;
    for (size_t i = 0; i < figures->count; i++)
        sum += figures->values[i];
    return figures->count ? sum / (double)figures->count : NAN;
}

void score_free(struct score *score)
{
    struct figures *all[] = {&score->own,   &score->spread,   &score->start, &score->start_floor,
                             &score->later, &score->settling, &score->lead,  &score->lost};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]->values);
    for (size_t i = 0; i < PLAYER_KINDS; i++)
        free(score->own_by_kind[i].values);
    *score = (struct score){0};
}
