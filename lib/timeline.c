/* The playback timeline. Pure. */
#include <syncplay/session.h>

#include "timeline.h"

int64_t timeline_position(const struct timeline *timeline, int64_t now)
{
    if (!timeline->playing || now <= timeline->at)
        return timeline->position;
    int64_t elapsed = now - timeline->at, room = SYNCPLAY_POSITION_MAX - timeline->position;
    if (elapsed > room / timeline->speed * 100) /* also keeps the product below from overflowing */
        return SYNCPLAY_POSITION_MAX;
    int64_t moved = elapsed / 100 * timeline->speed + elapsed % 100 * timeline->speed / 100;
    return timeline->position + (moved < room ? moved : room);
}

void timeline_play(struct timeline *timeline, int64_t position, int64_t at)
{
    timeline->playing = true;
    timeline->position = position;
    timeline->at = at;
}

void timeline_hold(struct timeline *timeline, int64_t position, int64_t now)
{
    timeline->playing = false;
    timeline->position = position;
    timeline->at = now;
}

void timeline_set_speed(struct timeline *timeline, int32_t speed, int64_t now)
{
    if (now > timeline->at) {
        timeline->position = timeline_position(timeline, now);
        timeline->at = now;
    }
    timeline->speed = speed;
}
