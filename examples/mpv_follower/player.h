/*
 * mpv, as somebody who is told what to do and asked what it does, through its JSON IPC. Knows nothing of parties:
 * main.c puts the follower's advice in, and carries what is seen to the follower.
 */
#ifndef PLAYER_H
#define PLAYER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <syncplay/follower.h>

#define PLAYER_LINE_MAX 65536

struct player {
    int socket;
    pid_t process; /* 0: it was there before us, and stays */
    bool is_gone;
    bool was_closed;  /* it said goodbye */
    bool has_stirred; /* something has happened since it was observed last */
    char complaint[200]; /* what it could not open; empty: nothing to tell */

    long long last_request;
    long long awaited; /* the first of the requests that are open, and how many */
    int awaited_count;
    double *answers;
    char in[PLAYER_LINE_MAX];
    size_t in_length;

    bool is_sent; /* a seek of ours is on the way; mpv calls it done before it has begun it */
    bool has_begun;
    int64_t sent_at;
    bool keeps_pitch;
    int64_t frame; /* how long one is shown; 0 if that is not known */
    int64_t picture, picture_at; /* of a film without sound: where it is between two pictures */
};

/* Starts mpv, idle or with a file, or attaches to one that listens at `path`. False: it says why on stderr. */
bool player_start(struct player *player, const char *file, char **options);
bool player_attach(struct player *player, const char *path);

/* Opens a film whose address comes from strangers. Anything but http:// and https:// is refused. */
bool player_open(struct player *player, const char *url);

/* Something can be read from its socket. */
void player_read(struct player *player);

/* What it does, and at which instant exactly that was. False: it is gone. */
bool player_observe(struct player *player, syncplay_player_state *state, int64_t *at);

/* Does what is advised, when it is time for it; returns the instant as of which it was done. */
int64_t player_do(struct player *player, const syncplay_advice *advice);

/* Closes mpv if it is ours. Returns its exit status, or 128 + the signal that ended it; 0 if it is not ours. */
int player_end(struct player *player);

#endif
