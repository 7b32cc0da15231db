/*
 * Who is whose friend, in memory. Each user has a list of links, and a link is a row of the store as one of the two
 * sees it; both have one, but for a request that was declined: only the one who asked remembers it.
 */
#include "friends.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "id_table.h"
#include "store.h"

struct link {
    syncplay_id other;
    enum store_friend_status status;
    bool is_mine; /* I have asked */
    int64_t unix_changed;
};

struct person {
    struct id_entry entry;
    struct link *links; /* the latest change last */
    size_t count;
    size_t capacity;
};

struct friends {
    const struct config *config;
    struct store *store;
    pthread_rwlock_t lock; /* of all below */
    struct id_table people;
    bool failed; /* while reading the store: no memory */
};

/* --- Lists -------------------------------------------------------------------------------------------------- */

static struct person *find_person(const struct friends *friends, const syncplay_id *id)
{
    return (struct person *)id_table_find(&friends->people, id);
}

/* The link of one user to another, or NULL. */
static struct link *find_link(const struct friends *friends, const syncplay_id *user, const syncplay_id *other)
{
    const struct person *person = find_person(friends, user);
    for (size_t i = 0; person && i < person->count; i++)
        if (syncplay_id_equal(&person->links[i].other, other))
            return &person->links[i];
    return NULL;
}

/* Makes sure that this user has place for another link; false when out of memory. */
static bool reserve(struct friends *friends, const syncplay_id *id)
{
    struct person *person = find_person(friends, id);
    if (!person) {
        person = calloc(1, sizeof *person);
        if (!person)
            return false;
        person->entry.id = *id;
        id_table_add(&friends->people, &person->entry);
    }
    if (person->count < person->capacity)
        return true;
    size_t capacity = person->capacity ? 2 * person->capacity : 4;
    struct link *links = realloc(person->links, capacity * sizeof *links);
    if (!links)
        return false;
    person->links = links;
    person->capacity = capacity;
    return true;
}

static void take_out(struct friends *friends, const syncplay_id *user, const syncplay_id *other)
{
    struct link *link = find_link(friends, user, other);
    if (!link)
        return;
    struct person *person = find_person(friends, user);
    size_t after = person->count - (size_t)(link - person->links) - 1;
    memmove(link, link + 1, after * sizeof *link);
    person->count--;
}

/* Adds a link that is not there; there is place for it. */
static void put_in(struct friends *friends, const syncplay_id *user, struct link link)
{
    struct person *person = find_person(friends, user);
    person->links[person->count++] = link;
}

/* --- Rows --------------------------------------------------------------------------------------------------- */

/* The row that a user's link is a side of. */
static struct store_friend row_of(const syncplay_id *user, const struct link *link)
{
    return (struct store_friend){.user_id = link->is_mine ? *user : link->other,
                                 .friend_id = link->is_mine ? link->other : *user,
                                 .status = link->status,
                                 .unix_changed = link->unix_changed};
}

static bool is_as_it_stands(const struct friends *friends, const struct store_friend *row)
{
    const struct link *link = find_link(friends, &row->user_id, &row->friend_id);
    return link && link->is_mine && link->status == row->status && link->unix_changed == row->unix_changed;
}

/* Lets a row be what is between its two users; there is place for it. */
static void apply(struct friends *friends, const struct store_friend *row)
{
    if (is_as_it_stands(friends, row))
        return;
    struct link link = {row->friend_id, row->status, true, row->unix_changed};
    take_out(friends, &row->user_id, &row->friend_id);
    take_out(friends, &row->friend_id, &row->user_id);
    if (row->status == STORE_NO_FRIENDS)
        return;
    put_in(friends, &row->user_id, link);
    link.other = row->user_id;
    link.is_mine = false;
    if (row->status != STORE_DECLINED)
        put_in(friends, &row->friend_id, link);
}

static bool reserve_both(struct friends *friends, const struct store_friend *row)
{
    return row->status == STORE_NO_FRIENDS || (reserve(friends, &row->user_id) && reserve(friends, &row->friend_id));
}

/*
 * Queues a row for the store and applies it: under one lock, so that both see the same order. Returns the ticket, or 0
 * with nothing changed. A row is queued even if it changes nothing: an earlier one like it may not be on disk yet.
 */
static uint64_t change(struct friends *friends, const struct store_friend *row)
{
    uint64_t ticket = reserve_both(friends, row) ? store_put_friend(friends->store, row) : 0;
    if (ticket != 0)
        apply(friends, row);
    return ticket;
}

/* --- Beginning and end -------------------------------------------------------------------------------------- */

static void add_stored(void *arg, const struct store_friend *row)
{
    struct friends *friends = arg;
    if (reserve_both(friends, row))
        apply(friends, row);
    else
        friends->failed = true;
}

struct friends *friends_new(const struct config *config, struct store *store, char *why, size_t why_size)
{
    struct friends *friends = calloc(1, sizeof *friends);
    if (!friends || !id_table_init(&friends->people)) {
        snprintf(why, why_size, "friends: no memory");
        free(friends);
        return NULL;
    }
    friends->config = config;
    friends->store = store;
    pthread_rwlock_init(&friends->lock, NULL);
    if (store_each_friend(store, add_stored, friends) && !friends->failed)
        return friends;
    snprintf(why, why_size, "friends: they cannot be read from the database, or there is no memory for them");
    friends_free(friends);
    return NULL;
}

static void free_person(struct id_entry *entry)
{
    struct person *person = (struct person *)entry;
    free(person->links);
    free(person);
}

void friends_free(struct friends *friends)
{
    if (!friends)
        return;
    id_table_free(&friends->people, free_person);
    pthread_rwlock_destroy(&friends->lock);
    free(friends);
}

/* --- Asking about friends ----------------------------------------------------------------------------------- */

static enum friendship friendship_of(const struct link *link)
{
    if (!link || link->status == STORE_DECLINED)
        return FRIENDSHIP_NONE;
    if (link->status == STORE_FRIENDS)
        return FRIENDSHIP_FRIENDS;
    return link->is_mine ? FRIENDSHIP_REQUESTED : FRIENDSHIP_ASKS;
}

enum friendship friends_of(struct friends *friends, const syncplay_id *user, const syncplay_id *other)
{
    pthread_rwlock_rdlock(&friends->lock);
    enum friendship friendship = friendship_of(find_link(friends, user, other));
    pthread_rwlock_unlock(&friends->lock);
    return friendship;
}

bool friends_are(struct friends *friends, const syncplay_id *a, const syncplay_id *b)
{
    return friends_of(friends, a, b) == FRIENDSHIP_FRIENDS;
}

void friends_each(struct friends *friends, const syncplay_id *user,
                  void (*found)(void *arg, const syncplay_id *other, enum friendship friendship), void *arg)
{
    pthread_rwlock_rdlock(&friends->lock);
    const struct person *person = find_person(friends, user);
    for (size_t i = 0; person && i < person->count; i++) {
        enum friendship friendship = friendship_of(&person->links[i]);
        if (friendship != FRIENDSHIP_NONE)
            found(arg, &person->links[i].other, friendship);
    }
    pthread_rwlock_unlock(&friends->lock);
}

/* --- Changing ----------------------------------------------------------------------------------------------- */

/* For how long a declined request may not be repeated; never more than friend_retry, whatever the clock did. */
static int64_t time_left(const struct friends *friends, const struct link *link, int64_t unix_now)
{
    int64_t retry = friends->config->friend_retry;
    int64_t left = link->unix_changed + retry - unix_now;
    return left < retry ? left : retry;
}

/* Forgets the requests of this user that were declined long ago. What finds no place in the store's queue stays. */
static void forget_declined(struct friends *friends, const syncplay_id *user, int64_t unix_now)
{
    const struct person *person = find_person(friends, user);
    for (size_t i = person ? person->count : 0; i-- > 0;) {
        if (person->links[i].status != STORE_DECLINED || time_left(friends, &person->links[i], unix_now) > 0)
            continue;
        struct store_friend row = row_of(user, &person->links[i]);
        row.status = STORE_NO_FRIENDS;
        change(friends, &row);
    }
}

/* How many links of a user count towards each limit. */
struct tally {
    size_t list; /* friends and own requests */
    size_t from; /* own requests, also those that were declined */
    size_t to;   /* requests of others */
};

static struct tally count(const struct friends *friends, const syncplay_id *user)
{
    struct tally tally = {0};
    const struct person *person = find_person(friends, user);
    for (size_t i = 0; person && i < person->count; i++) {
        const struct link *link = &person->links[i];
        bool is_friend = link->status == STORE_FRIENDS;
        tally.list += is_friend || (link->is_mine && link->status == STORE_REQUESTED);
        tally.from += !is_friend && link->is_mine;
        tally.to += !is_friend && !link->is_mine;
    }
    return tally;
}

static enum friends_answer check_room(const struct friends *friends, const syncplay_id *user, const syncplay_id *other)
{
    const struct config *config = friends->config;
    struct tally tally = count(friends, user);
    if (tally.list >= config->max_friends)
        return FRIENDS_LIST_FULL;
    if (tally.from >= config->max_friend_requests)
        return FRIENDS_REQUESTS_FULL;
    return count(friends, other).to >= config->max_friend_requests ? FRIENDS_OTHER_FULL : FRIENDS_DONE;
}

/* What comes of it when `user` asks: the row to write, if the answer is FRIENDS_DONE. */
static enum friends_answer decide(const struct friends *friends, const syncplay_id *user, const syncplay_id *other,
                                  int64_t unix_now, struct store_friend *row, int64_t *wait)
{
    const struct link *link = find_link(friends, user, other);
    switch (friendship_of(link)) {
    case FRIENDSHIP_FRIENDS:
    case FRIENDSHIP_REQUESTED:
        *row = row_of(user, link);
        return FRIENDS_DONE;
    case FRIENDSHIP_ASKS:
        *row = (struct store_friend){*other, *user, STORE_FRIENDS, unix_now};
        return count(friends, user).list < friends->config->max_friends ? FRIENDS_DONE : FRIENDS_LIST_FULL;
    case FRIENDSHIP_NONE:
        break;
    }
    if (link) {
        *wait = time_left(friends, link, unix_now);
        return FRIENDS_DECLINED;
    }
    *row = (struct store_friend){*user, *other, STORE_REQUESTED, unix_now};
    return check_room(friends, user, other);
}

enum friends_answer friends_ask(struct friends *friends, const syncplay_id *user, const syncplay_id *other,
                                int64_t unix_now, enum friendship *became, int64_t *wait)
{
    struct store_friend row;
    pthread_rwlock_wrlock(&friends->lock);
    forget_declined(friends, user, unix_now);
    enum friends_answer answer = decide(friends, user, other, unix_now, &row, wait);
    uint64_t ticket = answer == FRIENDS_DONE ? change(friends, &row) : 0;
    pthread_rwlock_unlock(&friends->lock);
    if (answer != FRIENDS_DONE)
        return answer;
    *became = row.status == STORE_FRIENDS ? FRIENDSHIP_FRIENDS : FRIENDSHIP_REQUESTED;
    return store_wait(friends->store, ticket) ? FRIENDS_DONE : FRIENDS_NOT_SAVED;
}

/* The row that is left when `user` ends what is between the two. A declined request outlives it. */
static struct store_friend row_after_end(const struct friends *friends, const syncplay_id *user,
                                         const syncplay_id *other, int64_t unix_now)
{
    const struct link *mine = find_link(friends, user, other);
    const struct link *theirs = find_link(friends, other, user);
    if (mine && mine->status == STORE_DECLINED)
        return row_of(user, mine);
    if (theirs && theirs->status == STORE_DECLINED)
        return row_of(other, theirs);
    if (friendship_of(mine) == FRIENDSHIP_ASKS)
        return (struct store_friend){*other, *user, STORE_DECLINED, unix_now};
    return (struct store_friend){*user, *other, STORE_NO_FRIENDS, unix_now};
}

bool friends_end(struct friends *friends, const syncplay_id *user, const syncplay_id *other, int64_t unix_now)
{
    pthread_rwlock_wrlock(&friends->lock);
    struct store_friend row = row_after_end(friends, user, other, unix_now);
    uint64_t ticket = change(friends, &row);
    pthread_rwlock_unlock(&friends->lock);
    return store_wait(friends->store, ticket);
}

/* Who has declined a request of somebody has no link to them: that one's stays until it is outdated. */
void friends_forget(struct friends *friends, const syncplay_id *user)
{
    pthread_rwlock_wrlock(&friends->lock);
    struct person *person = (struct person *)id_table_take(&friends->people, user);
    for (size_t i = 0; person && i < person->count; i++)
        take_out(friends, &person->links[i].other, user);
    pthread_rwlock_unlock(&friends->lock);
    if (person)
        free_person(&person->entry);
}
