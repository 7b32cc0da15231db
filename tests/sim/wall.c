/* The clock on somebody's wall: straight pieces, each with a rate a little different from the last one's. */
#include <math.h>

#include "wall.h"
#include "world.h"

#define PIECE (20 * SECOND)
#define WANDER 0.1e-6 /* by so much the rate changes from piece to piece, and comes back to its skew by a fiftieth */

void wall_init(struct wall *wall, int64_t offset, double skew, struct chance chance)
{
    *wall = (struct wall){.reading = offset, .rate = 1 + skew, .skew = skew, .chance = chance};
}

static void next_piece(struct wall *wall)
{
    double off = wall->rate - 1 - wall->skew;
    wall->reading += llround((double)PIECE * wall->rate);
    wall->since += PIECE;
    wall->rate += chance_normal(&wall->chance, -off / 50, WANDER);
}

int64_t wall_read(struct wall *wall, int64_t now)
{
    while (now >= wall->since + PIECE)
        next_piece(wall);
    return wall->reading + llround((double)(now - wall->since) * wall->rate);
}

int64_t wall_when(const struct wall *wall, int64_t reading)
{
    return wall->since + llround((double)(reading - wall->reading) / wall->rate);
}

void wall_step(struct wall *wall, int64_t now, int64_t by)
{
    wall_read(wall, now);
    wall->reading += by;
}
