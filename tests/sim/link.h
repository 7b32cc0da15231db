/*
 * One direction of a connection: how long what is sent takes. A stream, as TCP shows it: nothing is lost or overtakes,
 * but what was lost on the way comes later and holds up what was sent after it. It knows nothing of what is sent.
 */
#ifndef SIM_LINK_H
#define SIM_LINK_H

#include "chance.h"

struct link_kind {
    int64_t delay;  /* the constant part */
    int64_t queue;  /* mean of what the queues on the way add; they change within a second or so */
    int64_t jitter; /* mean of what each packet has for itself */
    double spikes;  /* how many of the packets are held up by a heavy-tailed 20 ms to 2 s */
    double loss;    /* how many are sent again */
};

struct link {
    struct link_kind kind;
    int64_t level, level_until; /* of the queue, now */
    int64_t last;               /* the last arrival */
    struct chance chance;
};

void link_init(struct link *link, const struct link_kind *kind, struct chance chance);

/* When what is sent at `now` arrives. */
int64_t link_arrival(struct link *link, int64_t now);

#endif
