/*
 * Who is whose friend. One user asks, the other accepts by asking back; who declines has some peace before the same one
 * may ask again. All of it is in memory, so that friends_are never blocks; changes are on disk before they are told.
 *
 * What counts towards whose limit: a user's list (max_friends) holds friends and the user's own requests, never those
 * of others, so nobody can fill somebody else's. Open requests have a limit of their own (max_friend_requests): so many
 * from one user, of which one that was declined stays open until friend_retry is over, and so many to one user.
 *
 * Knows no HTTP, and not who the users are: the caller has looked that up.
 */
#ifndef SERVER_FRIENDS_H
#define SERVER_FRIENDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <syncplay/id.h>

struct config;
struct friends;
struct store;

/* What another is to a user. One who has declined the user's request is nothing. */
enum friendship {
    FRIENDSHIP_NONE,
    FRIENDSHIP_FRIENDS,
    FRIENDSHIP_REQUESTED, /* the user has asked */
    FRIENDSHIP_ASKS       /* the other has asked */
};

enum friends_answer {
    FRIENDS_DONE,
    FRIENDS_LIST_FULL,     /* max_friends of the user */
    FRIENDS_REQUESTS_FULL, /* max_friend_requests from the user */
    FRIENDS_OTHER_FULL,    /* max_friend_requests to the other */
    FRIENDS_DECLINED,      /* friend_retry is not over */
    FRIENDS_NOT_SAVED      /* the disk fails; what was asked may still come true, and may be asked again */
};

/* Reads the friends from the store; keeps both pointers. NULL, and a sentence in `why`, on failure. */
struct friends *friends_new(const struct config *config, struct store *store, char *why, size_t why_size);
void friends_free(struct friends *friends);

/* Whether these two are friends. Never blocks; from any thread. */
bool friends_are(struct friends *friends, const syncplay_id *a, const syncplay_id *b);

/* What `other` is to `user`. */
enum friendship friends_of(struct friends *friends, const syncplay_id *user, const syncplay_id *other);

/* Calls back for each one who is something to `user`, the latest change last. The callback must not change friends. */
void friends_each(struct friends *friends, const syncplay_id *user,
                  void (*found)(void *arg, const syncplay_id *other, enum friendship friendship), void *arg);

/*
 * `user` asks `other`, who is somebody else, or accepts. Again is as good. *became is what the other is now; after
 * FRIENDS_DECLINED, *wait is for how many microseconds. Blocks for a commit; never call it with a shard entered.
 */
enum friends_answer friends_ask(struct friends *friends, const syncplay_id *user, const syncplay_id *other,
                                int64_t unix_now, enum friendship *became, int64_t *wait);

/*
 * `user` takes back a request, declines one, or ends a friendship. Again, or with nothing to end, is as good. False if
 * it could not be saved. Blocks likewise.
 */
bool friends_end(struct friends *friends, const syncplay_id *user, const syncplay_id *other, int64_t unix_now);

/* Nobody has anything to do with `user` any more, who is deleted; the rows go with the user's (store_delete_user). */
void friends_forget(struct friends *friends, const syncplay_id *user);

#endif
