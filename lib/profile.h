/* What is known of one player, and how it is learned. Pure; times in microseconds. */
#ifndef PROFILE_H
#define PROFILE_H

#include <syncplay/follower.h>

struct profile {
    syncplay_player_profile is;
    unsigned starts, silent_starts; /* learned from */
};

/* Where one of that kind begins. */
const syncplay_player_profile *profile_prior(syncplay_player_kind kind);

/* Begins with `known`, whose values are bounded here. */
void profile_begin(struct profile *profile, const syncplay_player_profile *known);

int64_t profile_start_latency(const struct profile *profile, bool has_sound);

/* It began to move `latency` after it was told to. */
void profile_learn_start(struct profile *profile, bool has_sound, int64_t latency);

/* It could play `cost` after it was told to seek. */
void profile_learn_seek(struct profile *profile, int64_t cost);

/* After a nudge that preserved the pitch it was `behind` by this, more than was reckoned with. */
void profile_learn_nudge(struct profile *profile, int64_t behind);

#endif
