/* Following, at the edges: the last instant at which something still holds, and what holds no longer after a change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "player_model.h"

static void play_from(struct room *room, int64_t position, int32_t speed)
{
    room_begin(room);
    room_join(room, position);
    room_say(room, false, 2, true, position, 300 * MS, speed);
}

/* The player is `ahead` of the party, from now on. */
static void put_ahead(struct room *room, int64_t ahead)
{
    room->player.position = room_party(room) + ahead;
    room->player.since = room->now;
}

static int64_t drift_told(const struct room *room)
{
    syncplay_follower_status status;
    follow_status(&room->follow, room->now, &status);
    return status.drift;
}

static void advise(const struct room *room, int64_t now, syncplay_advice_kind kind)
{
    syncplay_advice advice;
    advice_give(&room->follow, now, &advice);
    assert_int_equal(advice.kind, kind);
}

/* A start is run after up to 150 ms late, and waited for up to 5 s. */
static void how_late_and_how_early_a_start_is_one(void **state)
{
    struct room room;
    (void)state;
    play_from(&room, 10 * SEC, 100);
    int64_t start = advice_start(&room.follow);
    advise(&room, start + 150 * MS, SYNCPLAY_ADVICE_PLAY);
    advise(&room, start + 150 * MS + 1, SYNCPLAY_ADVICE_SEEK);
    advise(&room, start - 5 * SEC, SYNCPLAY_ADVICE_PLAY);
    advise(&room, start - 5 * SEC - 1, SYNCPLAY_ADVICE_NONE);
}

/* A film that has ended is not begun again for the last second of it. */
static void the_last_second_of_an_ended_film(void **state)
{
    (void)state;
    for (int before = 0; before < 2; before++) {
        struct room room;
        room_begin(&room);
        room.player.duration = 20 * SEC;
        room_join(&room, 20 * SEC);
        room.player.ended = true;
        room_say(&room, false, 2, true, 19 * SEC - before, SEC, 100);
        assert_int_equal(advice_mode(&room.follow, room.now) == SYNCPLAY_MODE_OVER, !before);
    }
}

static void is_apart(struct room *room)
{
    follow_suspend(&room->follow, room->now, SYNCPLAY_SUSPENSION_APART);
}

static void is_on_its_way(struct room *room)
{
    room->player.seeking = true;
    room->player.seek_until = room->now + SEC;
}

static void has_ended(struct room *room)
{
    room->player.ended = true;
}

static void has_no_film(struct room *room)
{
    room->player.closed = true;
}

static void has_no_time(struct room *room)
{
    follow_disturbed(&room->follow, room->now);
    room->pong_due = SYNCPLAY_NEVER; /* the answer is lost */
}

static void has_left(struct room *room)
{
    follow_left(&room->follow);
}

/* It is told how far the player is off while that means something. */
static void no_drift_where_there_is_no_step(void **state)
{
    static void (*const REASONS[])(struct room *) = {is_apart,    is_on_its_way, has_ended,
                                                     has_no_film, has_no_time,   has_left};
    (void)state;
    for (unsigned i = 0; i < sizeof REASONS / sizeof *REASONS; i++) {
        struct room room;
        play_from(&room, 10 * SEC, 100);
        room_run(&room, 5 * SEC);
        assert_in_range(drift_told(&room) + 3 * MS, 0, 6 * MS);
        REASONS[i](&room);
        room_step(&room);
        assert_true(drift_told(&room) == SYNCPLAY_DRIFT_UNSET);
    }
}

/* What counts is how long the party takes for a way: 30 ms of the film are 15 at twice the speed, and 60 at half. */
static void a_way_is_a_time(void **state)
{
    static const struct {
        int32_t speed;
        int64_t ahead;
        bool is_corrected; /* from DRIFT_ENTER_ROUGH on: the pitch is preserved */
    } cases[] = {{200, -30 * MS, false}, {200, -50 * MS, true}, {50, -8 * MS, false}, {50, -15 * MS, true}};
    (void)state;
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct room room;
        play_from(&room, 10 * SEC, cases[i].speed);
        room_run(&room, 20 * SEC);
        put_ahead(&room, cases[i].ahead);
        unsigned rates = room.player.rates;
        room_run(&room, SEC);
        assert_int_equal(room.player.rates > rates, cases[i].is_corrected);
    }
}

/* Who came too late is sent as far as its seeks are known to need by now; after more misses, twice as far each time. */
static void each_miss_aims_farther(void **state)
{
    struct room room;
    (void)state;
    room_begin(&room);
    room.player.seek_cost = 500 * MS;
    follow_connected(&room.follow, room.now);
    room_run(&room, 500 * MS);
    room_say(&room, true, 7, true, 1000 * SEC, 0, 100);
    for (int missed = 0; missed < 4; missed++) {
        int doublings = missed > 1 ? missed - 1 : 0;
        assert_true(room.player.seeking);
        int64_t cost = room.follow.profile.is.seek_cost;
        int64_t ahead = room.player.position - room_party(&room) - profile_start_latency(&room.follow.profile, true);
        assert_in_range(ahead - (cost + cost / 2 + 50 * MS) * (1 << doublings) + 1, 0, 2);
        room.player.seek_until = room.now + ahead + 300 * MS; /* later than it could be run after */
        unsigned seeks = room.player.seeks;
        while (room.player.seeks == seeks)
            room.now += 10 * MS, room_step(&room);
    }
}

/* How often a nudge begins in that time. */
static unsigned nudges(struct room *room, int64_t time)
{
    unsigned begun = 0;
    bool was_nudging = room->follow.drift.nudging;
    for (int64_t end = room->now + time; room->now < end; was_nudging = room->follow.drift.nudging) {
        room_run(room, 50 * MS);
        begun += room->follow.drift.nudging && !was_nudging;
    }
    return begun;
}

/* A player that plays no faster when it is told to is not asked a third time, until something has changed. */
static void a_change_is_another_chance(void **state)
{
    struct room room;
    (void)state;
    play_from(&room, 10 * SEC, 100);
    room_run(&room, 10 * SEC);
    room.player.rate_latency = 3600 * SEC;
    put_ahead(&room, -90 * MS);
    assert_int_equal(nudges(&room, 30 * SEC), 2);
    room_say(&room, false, 3, true, room_party(&room), 0, 100);
    put_ahead(&room, -90 * MS);
    assert_int_equal(nudges(&room, 30 * SEC), 2);
}

/* It was told to play just before, and was stopped while nobody looked: that it plays is not believed any longer. */
static void what_was_asked_before_a_suspension_is_over(void **state)
{
    struct room room;
    (void)state;
    play_from(&room, 10 * SEC, 100);
    while (room.player.plays == 0)
        room.now += MS, room_step(&room);
    follow_suspend(&room.follow, room.now, SYNCPLAY_SUSPENSION_SCRUBBING);
    room.player.paused = true;
    follow_resume(&room.follow, room.now, SYNCPLAY_SUSPENSION_SCRUBBING);
    room_step(&room);
    assert_true(room.follow.seen.is_paused);
    assert_int_equal(room.player.seeks, 2); /* and is sent to the film anew */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(how_late_and_how_early_a_start_is_one),
        cmocka_unit_test(the_last_second_of_an_ended_film),
        cmocka_unit_test(no_drift_where_there_is_no_step),
        cmocka_unit_test(a_way_is_a_time),
        cmocka_unit_test(each_miss_aims_farther),
        cmocka_unit_test(a_change_is_another_chance),
        cmocka_unit_test(what_was_asked_before_a_suspension_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
