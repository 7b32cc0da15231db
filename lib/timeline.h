/* Where the film is at any instant: a line with a start, a position and a speed. Pure; times in microseconds. */
#ifndef TIMELINE_H
#define TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

struct timeline {
    bool playing;
    int32_t speed;    /* hundredths */
    int64_t position; /* until `at`, and for good while not playing */
    int64_t at;       /* when it begins to move, or was last set */
};

/* The position at `now`, never beyond SYNCPLAY_POSITION_MAX. */
int64_t timeline_position(const struct timeline *timeline, int64_t now);

/* Moves from `position` on, beginning at the instant `at`. */
void timeline_play(struct timeline *timeline, int64_t position, int64_t at);

/* Stands at `position`. */
void timeline_hold(struct timeline *timeline, int64_t position, int64_t now);

/* Changes the speed; the position at `now`, and a start that is still to come, stay as they are. */
void timeline_set_speed(struct timeline *timeline, int32_t speed, int64_t now);

#endif
