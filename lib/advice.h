/* What the player should do, from all that `follow` knows. It asks, and changes nothing. Pure. */
#ifndef ADVICE_H
#define ADVICE_H

#include "follow.h"

/* So near to its end, a film is as good as over. */
#define ADVICE_END 250000

/* The next thing to do, and when. */
void advice_give(const struct follow *follow, int64_t now, syncplay_advice *advice);

/* What the player is about at `now`. */
syncplay_follower_mode advice_mode(const struct follow *follow, int64_t now);

/* A position of the party as this film has it: not beyond its end. */
int64_t advice_in_film(const struct follow *follow, int64_t position);

/* Whether it stands where the party stands. */
bool advice_is_there(const struct follow *follow);

/* When the player, standing where it is, has to be told to play, so that it moves when the party passes that place. */
int64_t advice_start(const struct follow *follow);

#endif
