/*
 * The hostile build (BUILD=build/hostile, -DSYNCPLAY_HOSTILE), for tests alone: arrays grow by one, every block that grows
 * moves, what is freed is overwritten, room that was made for one call is not there for the next one, and after each call
 * everything must fit together (invariants.h).
 */
#ifndef HOSTILE_H
#define HOSTILE_H

#ifdef SYNCPLAY_HOSTILE
#define HOSTILE 1
#else
#define HOSTILE 0
#endif

#endif
