/* Following: party, player and user together, in virtual time, with a player that behaves like a browser's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "player_model.h"

static int64_t size(int64_t value)
{
    return value < 0 ? -value : value;
}

static bool has_told(const struct room *room, int kind)
{
    for (unsigned i = 0; i < room->told_count; i++)
        if (room->told[i].kind == kind)
            return true;
    return false;
}

/* The last word about being ready; -1: none. */
static int ready_told(const struct room *room)
{
    int ready = -1;
    for (unsigned i = 0; i < room->told_count; i++)
        if (room->told[i].kind == SYNCPLAY_COMMAND_READY)
            ready = room->told[i].ready;
    return ready;
}

static void play_from(struct room *room, int64_t position)
{
    room_begin(room);
    room_join(room, position);
    room_say(room, false, 2, true, position, 300 * MS, 100);
}

static void stands_where_the_party_stands(void **state)
{
    struct room room;
    (void)state;
    room_begin(&room);
    room_join(&room, 61234567);
    assert_true(room.player.paused);
    assert_int_equal(room.player.position, 61234567);
    assert_int_equal(room.player.seeks, 1);
    assert_int_equal(advice_mode(&room.follow, room.now), SYNCPLAY_MODE_STANDING);
    assert_int_equal(ready_told(&room), 1);
}

static void a_seek_that_lands_elsewhere_is_not_repeated(void **state)
{
    struct room room;
    (void)state;
    room_begin(&room);
    room_join(&room, 10 * SEC);
    room.player.position += 15 * MS; /* the frame there is */
    room.follow.landed = room.player.position;
    room_run(&room, 3 * SEC);
    assert_int_equal(room.player.seeks, 1);
    room.player.position += 100 * MS; /* somebody moved it */
    room.follow.adopts_player = false;
    room_run(&room, 3 * SEC);
    assert_int_equal(room.player.seeks, 2);
}

/* The second start is on the spot: the first has shown how long this player takes. */
static void learns_how_long_a_start_takes(void **state)
{
    struct room room;
    (void)state;
    play_from(&room, 10 * SEC);
    room_run(&room, 500 * MS);
    int64_t first = size(room_drift(&room));
    assert_in_range(first, 14 * MS, 18 * MS); /* 90 ms where 74 are usual */
    for (uint64_t i = 0; i < 6; i++) {
        room_say(&room, false, 3 + 2 * i, false, 20 * SEC, 0, 100);
        room_run(&room, 2 * SEC);
        room_say(&room, false, 4 + 2 * i, true, 20 * SEC, 300 * MS, 100);
        room_run(&room, 500 * MS);
    }
    assert_true(size(room_drift(&room)) < 3 * MS);
    assert_in_range(profile_start_latency(&room.follow.profile, true), 87 * MS, 93 * MS);
    assert_int_equal(room.player.pauses, 6);
}

static void is_in_step_three_seconds_after_a_start(void **state)
{
    struct room room;
    (void)state;
    room_begin(&room);
    room.player.start_latency = 110 * MS;
    room_join(&room, 0);
    room_say(&room, false, 2, true, 0, 300 * MS, 100);
    room_run(&room, 3 * SEC + 300 * MS);
    assert_true(size(room_drift(&room)) < MS);
    assert_int_equal(room.player.seeks, 1);
}

static void a_joiner_meets_the_running_film(void **state)
{
    struct room room;
    (void)state;
    room_begin(&room);
    follow_connected(&room.follow, room.now);
    room_run(&room, 500 * MS);
    room_say(&room, true, 7, true, 1000 * SEC, 0, 100);
    room_run(&room, 4 * SEC); /* the clock is known after some pings only */
    assert_true(size(room_drift(&room)) < 2 * MS);
    assert_int_equal(room.player.seeks, 1);
    assert_int_equal(room.player.plays, 1);
}

/* Seeks take longer than anybody could know: aims farther ahead each time, and gets there. */
static void meets_it_with_slow_seeks(void **state)
{
    struct room room;
    (void)state;
    room_begin(&room);
    room.player.seek_cost = 2 * SEC;
    follow_connected(&room.follow, room.now);
    room_run(&room, 500 * MS);
    room_say(&room, true, 7, true, 1000 * SEC, 0, 100);
    room_run(&room, 20 * SEC);
    assert_true(size(room_drift(&room)) < 3 * MS);
    assert_in_range(room.player.seeks, 2, 5);
}

/* By a clock that is wrong for a while the start is far off: it stands there and waits, and is not sent there again. */
static void a_start_in_the_far_future_is_waited_for(void **state)
{
    struct room room;
    (void)state;
    room_begin(&room);
    room_join(&room, 10 * SEC);
    room_say(&room, false, 2, true, 10 * SEC, 30 * SEC, 100);
    room_run(&room, 10 * SEC);
    assert_int_equal(room.player.seeks, 1);
    room_run(&room, 25 * SEC);
    assert_true(size(room_drift(&room)) < MS);
}

static void a_late_start_runs_after(void **state)
{
    struct room room;
    (void)state;
    room_begin(&room);
    room_join(&room, 0);
    room_say(&room, false, 2, true, 0, 10 * MS, 100); /* hardly any lead */
    room_run(&room, 200 * MS);
    assert_int_equal(room.player.plays, 1);
    assert_int_equal(room.player.seeks, 1);
    room_run(&room, 8 * SEC);
    assert_true(size(room_drift(&room)) < 2 * MS);
}

static void pauses_on_the_spot(void **state)
{
    struct room room;
    (void)state;
    play_from(&room, 10 * SEC);
    room_run(&room, 5 * SEC);
    room_say(&room, false, 3, false, 14567890, 0, 100);
    room_run(&room, SEC);
    assert_true(room.player.paused);
    assert_int_equal(room.player.position, 14567890);
}

static void follows_another_speed(void **state)
{
    struct room room;
    (void)state;
    play_from(&room, 10 * SEC);
    room_run(&room, 5 * SEC);
    room_say(&room, false, 3, true, room_party(&room), 0, 150);
    room_run(&room, 10 * SEC);
    assert_in_range(room.player.rate, 1425000, 1575000);
    assert_true(size(room_drift(&room)) < DRIFT_ENTER_ROUGH + MS); /* the pitch is preserved, so it is rough */
}

static void a_small_error_is_neither_heard_nor_seen(void **state)
{
    struct room room;
    (void)state;
    play_from(&room, 10 * SEC);
    room_run(&room, 20 * SEC);
    room.player.position = model_position(&room.player, room.now) - 15 * MS;
    room.player.since = room.now;
    room.player.least_rate = room.player.most_rate = SYNCPLAY_RATE_ONE;
    room_run(&room, 6 * SEC);
    assert_true(size(room_drift(&room)) < MS);
    assert_in_range(room.player.most_rate, 1001000, SYNCPLAY_RATE_ONE + DRIFT_RATE_SMALL + DRIFT_TRIM_MAX);
    assert_true(room.player.rate < 1000300); /* back to the party's speed */
    assert_int_equal(room.player.seeks, 1);
}

static void the_buffer_ran_dry(void **state)
{
    struct room room;
    (void)state;
    play_from(&room, 10 * SEC);
    room_run(&room, 10 * SEC);
    assert_int_equal(ready_told(&room), 1);
    room.player.position = model_position(&room.player, room.now);
    room.player.stalled = true;
    room_run(&room, 200 * MS);
    assert_int_equal(ready_told(&room), 1); /* nobody's business yet */
    room_run(&room, 2800 * MS);
    assert_int_equal(ready_told(&room), 0);
    assert_int_equal(room.player.pauses, 0); /* it is left alone to load */
    room.player.stalled = false;
    room.player.since = room.now;
    room_run(&room, 100 * MS);
    assert_int_equal(ready_told(&room), 1);
    room_run(&room, 4900 * MS); /* back in step within 5 s */
    assert_true(size(room_drift(&room)) < 2 * MS);
}

static void the_user_pauses_the_player_itself(void **state)
{
    struct room room;
    (void)state;
    play_from(&room, 10 * SEC);
    room_run(&room, 5 * SEC);
    room.player.position = model_position(&room.player, room.now);
    room.player.paused = true;
    room_run(&room, SEC);
    assert_true(has_told(&room, SYNCPLAY_COMMAND_PAUSE));
    assert_int_equal(room.player.plays, 1); /* left as it is until the party answers */
    room_say(&room, false, 3, false, 14800 * MS, 0, 100);
    room_run(&room, SEC);
    assert_int_equal(room.player.position, 14800 * MS);
}

static void a_refused_wish_is_undone(void **state)
{
    struct room room;
    (void)state;
    play_from(&room, 10 * SEC);
    room_run(&room, 5 * SEC);
    room.player.position = model_position(&room.player, room.now);
    room.player.paused = true;
    room_run(&room, 300 * MS);
    follow_refused(&room.follow);
    room_run(&room, 2 * SEC);
    assert_false(room.player.paused);
    assert_true(size(room_drift(&room)) < 5 * MS);
}

static void the_user_jumps_in_the_player(void **state)
{
    struct room room;
    (void)state;
    play_from(&room, 10 * SEC);
    room_run(&room, 5 * SEC);
    room.player.position = 500 * SEC;
    room.player.since = room.now;
    room_run(&room, 300 * MS);
    assert_true(has_told(&room, SYNCPLAY_COMMAND_SEEK));
    assert_in_range(room.told[room.told_count - 1].position, 500 * SEC, 501 * SEC);
}

/* It says that it is seeking meanwhile, as browsers do. */
static void the_user_sends_the_player_elsewhere(void **state)
{
    struct room room;
    (void)state;
    for (int playing = 0; playing < 2; playing++) {
        play_from(&room, 10 * SEC);
        if (!playing)
            room_say(&room, false, 3, false, 10 * SEC, 0, 100);
        room_run(&room, 5 * SEC);
        unsigned seeks = room.player.seeks;
        model_act(&room.player, room.now, &(syncplay_advice){.kind = SYNCPLAY_ADVICE_SEEK, .position = 500 * SEC});
        room.player.seek_until = room.now + 700 * MS;
        room_run(&room, SEC);
        assert_int_equal(room.player.seeks, seeks + 1);
        assert_true(has_told(&room, SYNCPLAY_COMMAND_SEEK));
        room_run(&room, 5 * SEC); /* no answer */
        assert_true(size(room_drift(&room)) < 100 * MS);
        model_act(&room.player, room.now, &(syncplay_advice){.kind = SYNCPLAY_ADVICE_SEEK, .position = 500 * SEC});
        follow_suspend(&room.follow, room.now, SYNCPLAY_SUSPENSION_APART);
        follow_resume(&room.follow, room.now, SYNCPLAY_SUSPENSION_APART);
        room.told_count = 0;
        room_run(&room, SEC);
        assert_false(has_told(&room, SYNCPLAY_COMMAND_SEEK)); /* apart, it was nobody's business */
    }
}

/* It is seen on its way first: neither is it undone then, nor forgotten. */
static void a_seek_of_the_user_takes_its_time(void **state)
{
    (void)state;
    for (int playing = 0; playing < 2; playing++) {
        struct room room;
        play_from(&room, 10 * SEC);
        room_run(&room, 5 * SEC);
        if (!playing) {
            room_say(&room, false, 3, false, 15 * SEC, 0, 100);
            room_run(&room, SEC);
        }
        unsigned seeks = room.player.seeks;
        room.player.position = 500 * SEC;
        room.player.seeking = true;
        room.player.seek_until = room.now + 700 * MS;
        room_run(&room, 600 * MS);
        assert_false(has_told(&room, SYNCPLAY_COMMAND_SEEK));
        room_run(&room, 400 * MS);
        assert_true(has_told(&room, SYNCPLAY_COMMAND_SEEK));
        assert_int_equal(room.player.seeks, seeks);
    }
}

/* Who pressed play in the player waits for the others like everybody: it does not run ahead and is slowed down then. */
static void the_user_plays_before_the_others_do(void **state)
{
    struct room room;
    (void)state;
    room_begin(&room);
    room_join(&room, 10 * SEC);
    room.player.paused = false;
    room.player.since = room.now;
    room_run(&room, 40 * MS);
    assert_true(has_told(&room, SYNCPLAY_COMMAND_PLAY));
    room_say(&room, false, 2, true, 10 * SEC, 150 * MS, 100);
    assert_true(room.player.paused);
    room_run(&room, 500 * MS);
    assert_false(room.player.paused);
    assert_true(size(room_drift(&room)) < 20 * MS);
}

/* Pressed while the player is on its way to where the party stands, it is a wish all the same. */
static void the_user_plays_during_a_seek(void **state)
{
    struct room room;
    (void)state;
    room_begin(&room);
    room_join(&room, 10 * SEC);
    room_say(&room, false, 2, false, 90 * SEC, 0, 100);
    assert_true(room.player.seeking);
    room.player.paused = false;
    room_run(&room, 40 * MS);
    assert_true(has_told(&room, SYNCPLAY_COMMAND_PLAY));
    assert_false(has_told(&room, SYNCPLAY_COMMAND_SEEK));
}

/* The machine slept: the film stood still meanwhile. That is nobody's wish. */
static void sleep_is_no_wish(void **state)
{
    struct room room;
    (void)state;
    play_from(&room, 10 * SEC);
    room_run(&room, 5 * SEC);
    room.player.position = model_position(&room.player, room.now);
    room.now += 30 * SEC;
    room.player.since = room.now;
    follow_disturbed(&room.follow, room.now);
    room_run(&room, 5 * SEC);
    assert_false(has_told(&room, SYNCPLAY_COMMAND_SEEK));
    assert_true(size(room_drift(&room)) < 2 * MS);
}

static void suspensions_are_counted(void **state)
{
    struct room room;
    (void)state;
    play_from(&room, 10 * SEC);
    room_run(&room, 5 * SEC);
    follow_suspend(&room.follow, room.now, SYNCPLAY_SUSPENSION_APART);
    follow_suspend(&room.follow, room.now, SYNCPLAY_SUSPENSION_SCRUBBING);
    room.player.position = 900 * SEC; /* anywhere */
    room.player.since = room.now;
    unsigned seeks = room.player.seeks;
    room_run(&room, 5 * SEC);
    assert_int_equal(room.player.seeks, seeks);
    assert_false(has_told(&room, SYNCPLAY_COMMAND_SEEK));
    assert_true(has_told(&room, SYNCPLAY_COMMAND_EXCUSE));
    assert_true(follow_resume(&room.follow, room.now, SYNCPLAY_SUSPENSION_APART));
    room_run(&room, SEC);
    assert_false(room.told[room.told_count - 1].excused);
    assert_int_equal(advice_mode(&room.follow, room.now), SYNCPLAY_MODE_SUSPENDED);
    assert_true(follow_resume(&room.follow, room.now, SYNCPLAY_SUSPENSION_SCRUBBING));
    assert_false(follow_resume(&room.follow, room.now, SYNCPLAY_SUSPENSION_SCRUBBING));
    room_run(&room, 3 * SEC);
    assert_true(size(room_drift(&room)) < 2 * MS);
}

/* A long round trip in a skewed world: it is the way there that counts, which no ping tells. Half the difference is left. */
static void only_asymmetry_is_left(void **state)
{
    struct room room;
    (void)state;
    room_begin(&room);
    room.there = 130 * MS;
    room.back = 110 * MS;
    room_join(&room, 0);
    room_say(&room, false, 2, true, 0, 600 * MS, 100);
    room_run(&room, 20 * SEC);
    assert_in_range(size(room_drift(&room)), 9 * MS, 11 * MS);
    assert_true(clock_sync_error(&room.follow.clock, room.now) >= 10 * MS);
}

static void a_gap_asks_for_the_state(void **state)
{
    struct room room;
    (void)state;
    play_from(&room, 10 * SEC);
    room_say(&room, false, 9, true, 10 * SEC, 300 * MS, 100);
    room_run(&room, SEC);
    assert_true(has_told(&room, SYNCPLAY_COMMAND_STATE));
}

static void the_past_is_ignored(void **state)
{
    struct room room;
    (void)state;
    play_from(&room, 10 * SEC);
    room_say(&room, false, 1, false, 99 * SEC, 0, 100);
    assert_true(room.follow.party.playing);
}

/* Back again, and what was missed is told before any pong: it is of the past. */
static void what_was_missed_says_nothing_of_the_clock(void **state)
{
    struct room room;
    (void)state;
    play_from(&room, 10 * SEC);
    room_run(&room, 3 * SEC);
    int64_t missed_at = room_server(&room);
    follow_disconnected(&room.follow);
    room_run(&room, 30 * SEC);
    follow_connected(&room.follow, room.now);
    follow_joined(&room.follow);
    syncplay_playback missed = {
        .struct_size = sizeof missed, .revision = 3, .phase = SYNCPLAY_PLAYING, .is_playing = true,
        .position = 13 * SEC, .server_time = missed_at, .at = missed_at, .speed = 100,
    };
    follow_playback(&room.follow, room.now, &missed);
    assert_true(size(follow_server_time(&room.follow, room.now) - room_server(&room)) < 20 * MS);
}

/* What a state says of the time cannot be: there is no party before a pong has told it. */
static void an_absurd_time_is_none(void **state)
{
    struct room room;
    syncplay_follower_status status;
    (void)state;
    room_begin(&room);
    follow_connected(&room.follow, room.now);
    room.offset = CLOCK_SYNC_TIME_MAX;
    room_say(&room, true, 1, false, 10 * SEC, 0, 100);
    follow_status(&room.follow, room.now, &status);
    assert_int_equal(status.mode, SYNCPLAY_MODE_IDLE);
    assert_int_equal(status.position, 0);
    assert_int_equal(room.player.seeks, 0);
    room.offset = 1700000000 * SEC;
    room_run(&room, 3 * SEC);
    assert_int_equal(advice_mode(&room.follow, room.now), SYNCPLAY_MODE_STANDING);
    assert_int_equal(room.player.position, 10 * SEC);
}

static void is_over_with_the_film(void **state)
{
    struct room room;
    (void)state;
    room_begin(&room);
    room.player.duration = 20 * SEC;
    room_join(&room, 18 * SEC);
    room_say(&room, false, 2, true, 18 * SEC, 300 * MS, 100);
    room_run(&room, 10 * SEC);
    assert_int_equal(advice_mode(&room.follow, room.now), SYNCPLAY_MODE_OVER);
    assert_int_equal(room.player.plays, 1);
}

static void goes_back_with_the_party_from_its_end(void **state)
{
    struct room room;
    (void)state;
    room_begin(&room);
    room.player.duration = 20 * SEC;
    room_join(&room, 18 * SEC);
    room_say(&room, false, 2, true, 18 * SEC, 300 * MS, 100);
    room_run(&room, 2 * SEC);
    room.player.position = 20 * SEC;
    room.player.paused = room.player.ended = true;
    room_run(&room, SEC);
    assert_int_equal(advice_mode(&room.follow, room.now), SYNCPLAY_MODE_OVER);
    assert_int_equal(room.player.plays, 1);
    room_say(&room, false, 3, true, 5 * SEC, 300 * MS, 100);
    room_run(&room, 4 * SEC);
    assert_int_equal(advice_mode(&room.follow, room.now), SYNCPLAY_MODE_PLAYING);
    assert_true(size(room_drift(&room)) < 3 * MS);
}

static void what_was_not_obeyed_is_said_again(void **state)
{
    struct room room;
    (void)state;
    play_from(&room, 10 * SEC);
    room_run(&room, 250 * MS);
    assert_int_equal(room.player.plays, 1);
    room.player.paused = true; /* it never started */
    room.follow.adopts_player = false;
    room_run(&room, 4 * SEC);
    assert_int_equal(room.player.plays, 2);
    assert_true(size(room_drift(&room)) < 3 * MS);
}

static void resync_corrects_at_once(void **state)
{
    struct room room;
    (void)state;
    play_from(&room, 10 * SEC);
    room_run(&room, 10 * SEC);
    room.player.position = model_position(&room.player, room.now) - 400 * MS;
    room.player.since = room.now;
    follow_resync(&room.follow, room.now);
    room_run(&room, 3 * SEC);
    assert_true(size(room_drift(&room)) < 2 * MS);
    assert_true(has_told(&room, SYNCPLAY_COMMAND_STATE));
}

/* Whatever happens: when all is done, the next look lies ahead. */
static void no_host_is_kept_busy(void **state)
{
    (void)state;
    for (int end = 0; end < 4; end++) {
        struct room room;
        play_from(&room, 3580 * SEC);
        room_run(&room, 16 * SEC);
        room.player.position = model_position(&room.player, room.now) - 15 * MS;
        room.player.since = room.now;
        room_run(&room, 1200 * MS);
        assert_true(room.follow.drift.nudging);
        if (end == 0)
            follow_left(&room.follow);
        if (end == 1)
            room.player.duration = 0, room.player.closed = true;
        if (end == 2)
            follow_disconnected(&room.follow), room.player.position = model_position(&room.player, room.now),
                room.player.paused = true;
        for (int i = 0; i < 300; i++) { /* end == 3: the film is over */
            room_step(&room);
            assert_true(follow_deadline(&room.follow) > room.now);
            room.now += 50 * MS;
        }
    }
}

/* It takes long to obey: that is nobody's wish. */
static void a_slow_player_is_no_user(void **state)
{
    struct room room;
    (void)state;
    play_from(&room, 10 * SEC);
    room_run(&room, 5 * SEC);
    room.player.deaf_until = room.now + 700 * MS;
    room_say(&room, false, 3, false, 14800 * MS, 0, 100);
    room_run(&room, 3 * SEC);
    assert_false(has_told(&room, SYNCPLAY_COMMAND_PLAY));
    assert_true(room.player.paused);
    assert_int_equal(room.player.position, 14800 * MS);
    room.player.deaf_until = room.now + 2500 * MS;
    room_say(&room, false, 4, true, 14800 * MS, 300 * MS, 100);
    room_run(&room, 8 * SEC);
    assert_false(has_told(&room, SYNCPLAY_COMMAND_PAUSE));
    assert_true(size(room_drift(&room)) < 3 * MS);
}

static void very_slow_seeks_end(void **state)
{
    struct room room;
    (void)state;
    room_begin(&room);
    room.player.seek_cost = 6 * SEC;
    follow_connected(&room.follow, room.now);
    room_run(&room, 500 * MS);
    room_say(&room, true, 7, true, 1000 * SEC, 0, 100);
    room_run(&room, 120 * SEC);
    assert_true(size(room_drift(&room)) < 3 * MS);
}

static void a_stall_at_the_start_teaches_nothing(void **state)
{
    struct room room;
    (void)state;
    room_begin(&room);
    room_join(&room, 10 * SEC);
    room_say(&room, false, 2, true, 10 * SEC, 300 * MS, 100);
    room_run(&room, 290 * MS);
    room.player.stalled = true;
    room_run(&room, 3 * SEC);
    room.player.stalled = false;
    room.player.since = room.now;
    room_run(&room, 5 * SEC);
    assert_in_range(profile_start_latency(&room.follow.profile, true), 70 * MS, 95 * MS);
}

/* Near the end there is less than the threshold to be had: all but the last quarter of a second will do. */
static void what_is_left_of_the_film_is_enough(void **state)
{
    (void)state;
    for (int lacks = 0; lacks < 2; lacks++) {
        struct room room;
        room_begin(&room);
        room.player.duration = 20 * SEC;
        room.player.buffered = 250 * MS - lacks;
        room_join(&room, 20 * SEC - 500 * MS);
        room_run(&room, 5 * SEC);
        assert_int_equal(ready_told(&room) == 1, !lacks);
    }
}

/* A shorter film than the others': nobody waits for it. */
static void who_is_through_is_waited_for_no_longer(void **state)
{
    struct room room;
    (void)state;
    room_begin(&room);
    room.player.duration = 20 * SEC;
    room_join(&room, 15 * SEC);
    room_say(&room, false, 2, true, 15 * SEC, 300 * MS, 100);
    room_run(&room, 5300 * MS);
    room.player.paused = room.player.ended = true; /* as a browser does */
    room.player.position = 20 * SEC;
    room_run(&room, 5 * SEC);
    assert_int_equal(ready_told(&room), 1);
    room.player.paused = room.player.ended = false; /* and begins again when it is told to play there */
    room.player.position = 0;
    room.player.since = room.now;
    room_run(&room, SEC);
    assert_true(room.player.paused);
    assert_int_equal(room.player.position, 20 * SEC);
}

static void two_wishes_in_a_row_count_both(void **state)
{
    struct room room;
    (void)state;
    play_from(&room, 10 * SEC);
    room_run(&room, 5 * SEC);
    room.told_count = 0;
    room.player.position = model_position(&room.player, room.now);
    room.player.paused = true;
    room_run(&room, 20 * MS);
    room_step(&room);
    room.player.paused = false;
    room.player.since = room.now += 20 * MS;
    room_step(&room);
    assert_int_equal(room.told_count, 2);
    assert_int_equal(room.told[0].kind, SYNCPLAY_COMMAND_PAUSE);
    assert_int_equal(room.told[1].kind, SYNCPLAY_COMMAND_PLAY);
}

/* Nothing that the user did alone outlives the party's being heard again. */
static void alone_is_over_when_the_party_is_back(void **state)
{
    struct room room;
    (void)state;
    play_from(&room, 10 * SEC);
    room_run(&room, 5 * SEC);
    follow_disconnected(&room.follow);
    room.player.position = model_position(&room.player, room.now);
    room.player.paused = true;
    room_run(&room, 10 * SEC);
    assert_true(room.player.paused); /* it is left alone */
    follow_connected(&room.follow, room.now);
    follow_joined(&room.follow); /* resumed: nothing was missed */
    room_run(&room, 5 * SEC);
    assert_false(room.player.paused);
    assert_true(size(room_drift(&room)) < 3 * MS);
}

static void nothing_is_due_without_a_connection(void **state)
{
    struct room room;
    syncplay_command command;
    (void)state;
    play_from(&room, 10 * SEC);
    follow_disconnected(&room.follow);
    room.player.stalled = true;
    room_run(&room, 10 * SEC);
    assert_false(follow_next(&room.follow, room.now, &command));
    room.player.stalled = false;
    room.player.since = room.now;
    room_run(&room, 5 * SEC); /* and the film goes on in step */
    assert_true(size(room_drift(&room)) < 2 * MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stands_where_the_party_stands),
        cmocka_unit_test(a_seek_that_lands_elsewhere_is_not_repeated),
        cmocka_unit_test(learns_how_long_a_start_takes),
        cmocka_unit_test(is_in_step_three_seconds_after_a_start),
        cmocka_unit_test(a_joiner_meets_the_running_film),
        cmocka_unit_test(meets_it_with_slow_seeks),
        cmocka_unit_test(a_start_in_the_far_future_is_waited_for),
        cmocka_unit_test(a_late_start_runs_after),
        cmocka_unit_test(pauses_on_the_spot),
        cmocka_unit_test(follows_another_speed),
        cmocka_unit_test(a_small_error_is_neither_heard_nor_seen),
        cmocka_unit_test(the_buffer_ran_dry),
        cmocka_unit_test(the_user_pauses_the_player_itself),
        cmocka_unit_test(a_refused_wish_is_undone),
        cmocka_unit_test(the_user_jumps_in_the_player),
        cmocka_unit_test(the_user_sends_the_player_elsewhere),
        cmocka_unit_test(a_seek_of_the_user_takes_its_time),
        cmocka_unit_test(the_user_plays_before_the_others_do),
        cmocka_unit_test(the_user_plays_during_a_seek),
        cmocka_unit_test(sleep_is_no_wish),
        cmocka_unit_test(suspensions_are_counted),
        cmocka_unit_test(only_asymmetry_is_left),
        cmocka_unit_test(a_gap_asks_for_the_state),
        cmocka_unit_test(the_past_is_ignored),
        cmocka_unit_test(what_was_missed_says_nothing_of_the_clock),
        cmocka_unit_test(an_absurd_time_is_none),
        cmocka_unit_test(is_over_with_the_film),
        cmocka_unit_test(goes_back_with_the_party_from_its_end),
        cmocka_unit_test(what_was_not_obeyed_is_said_again),
        cmocka_unit_test(resync_corrects_at_once),
        cmocka_unit_test(no_host_is_kept_busy),
        cmocka_unit_test(a_slow_player_is_no_user),
        cmocka_unit_test(very_slow_seeks_end),
        cmocka_unit_test(a_stall_at_the_start_teaches_nothing),
        cmocka_unit_test(what_is_left_of_the_film_is_enough),
        cmocka_unit_test(who_is_through_is_waited_for_no_longer),
        cmocka_unit_test(two_wishes_in_a_row_count_both),
        cmocka_unit_test(alone_is_over_when_the_party_is_back),
        cmocka_unit_test(nothing_is_due_without_a_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
