/*
 * A player in virtual time for the follower's unit tests: it starts late, seeks slowly, obeys late, and does what it is told.
 * With a party and a server's clock, and the loop that a host has. The world of many of them is tests/sim.
 */
#ifndef PLAYER_MODEL_H
#define PLAYER_MODEL_H

#include <stdio.h>
#include <string.h>

#include "advice.h"
#include "follow.h"

#define MS INT64_C(1000)
#define SEC (1000 * MS)

struct player_model {
    /* How it is. */
    int64_t start_latency, seek_cost, rate_latency;
    int32_t crystal; /* its clock is off by so many millionths */
    /* What it does: moves from `position` at `since` on, at `rate`. */
    bool paused, seeking;
    int64_t position, since, seek_until;
    int32_t rate, next_rate;
    int64_t next_rate_at;
    bool stalled, ended, closed;
    int64_t deaf_until; /* it does not do what it is told */
    int64_t buffered, duration;
    /* What it was told. */
    unsigned pauses, seeks, plays, rates;
    int64_t played_at; /* when it began to move last */
    int32_t least_rate, most_rate;
};

struct room {
    struct follow follow;
    struct player_model player;
    int64_t now;
    int64_t offset; /* server's clock - own */
    int64_t there, back;
    int64_t pong_due, pong_sent, pong_server;
    bool verbose;
    struct { int kind; int64_t at; bool ready; bool excused; int64_t position; } told[64];
    unsigned told_count;
};

static int64_t model_position(const struct player_model *player, int64_t now)
{
    if (player->paused || player->seeking || player->stalled || now <= player->since)
        return player->position;
    int64_t time = now - player->since;
    return player->position + time * player->rate / SYNCPLAY_RATE_ONE + time * player->crystal / SYNCPLAY_RATE_ONE;
}

static void model_settle(struct player_model *player, int64_t now)
{
    if (player->next_rate && now >= player->next_rate_at) {
        player->position = model_position(player, player->next_rate_at);
        player->since = player->since > player->next_rate_at ? player->since : player->next_rate_at;
        player->rate = player->next_rate;
        player->next_rate = 0;
    }
    if (player->seeking && now >= player->seek_until) {
        player->seeking = false;
        player->since = player->seek_until;
    }
}

static void model_act(struct player_model *player, int64_t now, const syncplay_advice *advice)
{
    model_settle(player, now);
    if (now < player->deaf_until)
        return;
    switch (advice->kind) {
    case SYNCPLAY_ADVICE_PAUSE:
        player->position = model_position(player, now);
        player->paused = true;
        player->pauses++;
        break;
    case SYNCPLAY_ADVICE_SEEK:
        player->position = advice->position;
        player->ended = false;
        player->seeking = true;
        player->seek_until = now + player->seek_cost;
        player->seeks++;
        break;
    case SYNCPLAY_ADVICE_PLAY:
        player->paused = false;
        player->since = now + player->start_latency;
        player->played_at = player->since;
        player->rate = advice->rate;
        player->plays++;
        break;
    case SYNCPLAY_ADVICE_RATE:
        player->next_rate = advice->rate;
        player->next_rate_at = now + player->rate_latency;
        player->rates++;
        if (advice->rate < player->least_rate)
            player->least_rate = advice->rate;
        if (advice->rate > player->most_rate)
            player->most_rate = advice->rate;
        break;
    default:
        break;
    }
}

static void model_state(struct player_model *player, int64_t now, syncplay_player_state *state)
{
    model_settle(player, now);
    *state = (syncplay_player_state){
        .struct_size = sizeof *state,
        .has_film = !player->closed,
        .is_ended = player->ended,
        .has_sound = true,
        .is_paused = player->paused,
        .is_seeking = player->seeking,
        .can_play = !player->seeking && !player->stalled,
        .rate = player->next_rate ? player->next_rate : player->rate,
        .position = model_position(player, now),
        .buffered = player->buffered,
        .duration = player->duration,
    };
}

static void room_begin(struct room *room)
{
    *room = (struct room){
        .player = {.start_latency = 90 * MS, .seek_cost = 30 * MS, .rate_latency = 75 * MS, .paused = true,
                   .rate = SYNCPLAY_RATE_ONE, .buffered = 20 * SEC, .duration = 3600 * SEC,
                   .least_rate = 2 * SYNCPLAY_RATE_ONE},
        .now = 5000 * SEC,
        .offset = 1700000000 * SEC,
        .there = 20 * MS,
        .back = 20 * MS,
        .pong_due = SYNCPLAY_NEVER,
    };
    follow_begin(&room->follow, profile_prior(SYNCPLAY_PLAYER_BROWSER), SEC, true);
}

static int64_t room_server(const struct room *room)
{
    return room->now + room->offset;
}

/* Where the party truly is. */
static int64_t room_party(const struct room *room)
{
    return timeline_position(&room->follow.party, room_server(room));
}

/* How far the player is truly ahead. */
static int64_t room_drift(const struct room *room)
{
    return model_position(&room->player, room->now) - room_party(room);
}

static void room_take(struct room *room, const syncplay_command *command)
{
    if (command->kind == SYNCPLAY_COMMAND_PING) {
        room->pong_sent = room->now;
        room->pong_server = room_server(room) + room->there;
        room->pong_due = room->now + room->there + room->back;
        return;
    }
    if (room->verbose)
        printf("# %9.3f tells %d ready %d excused %d\n", (double)(room->now - 5000 * SEC) / 1e3, command->kind,
               command->readiness, command->excused);
    if (room->told_count < 64) {
        room->told[room->told_count].kind = (int)command->kind;
        room->told[room->told_count].at = room->now;
        room->told[room->told_count].ready = command->readiness == SYNCPLAY_READY_YES;
        room->told[room->told_count].excused = command->excused;
        room->told[room->told_count++].position = command->position;
    }
}

/* What a host does at its deadline. */
static void room_step(struct room *room)
{
    syncplay_player_state state;
    syncplay_command command;
    syncplay_advice advice;
    if (room->now >= room->pong_due) {
        room->pong_due = SYNCPLAY_NEVER;
        follow_pong(&room->follow, room->now, room->pong_sent, room->pong_server, room->pong_server);
    }
    model_state(&room->player, room->now, &state);
    follow_observe(&room->follow, room->now, &state);
    while (follow_next(&room->follow, room->now, &command))
        room_take(room, &command);
    for (advice_give(&room->follow, room->now, &advice); advice.at <= room->now;
         advice_give(&room->follow, room->now, &advice)) {
        if (room->verbose)
            printf("# %9.3f advice %d position %.3f rate %d, truly %.3f ahead\n", (double)(room->now - 5000 * SEC) / 1e3,
                   advice.kind, (double)advice.position / 1e3, advice.rate, (double)room_drift(room) / 1e3);
        model_act(&room->player, room->now, &advice);
        follow_acted(&room->follow, room->now, &advice);
    }
}

/* Lets `time` pass. */
static void room_run(struct room *room, int64_t time)
{
    int64_t end = room->now + time;
    for (;;) {
        room_step(room);
        syncplay_advice advice;
        advice_give(&room->follow, room->now, &advice);
        int64_t next = follow_deadline(&room->follow);
        next = advice.at < next ? advice.at : next;
        next = room->pong_due < next ? room->pong_due : next;
        if (next <= room->now)
            next = room->now + MS / 10;
        if (next > end)
            break;
        room->now = next;
    }
    room->now = end;
}

/* The server says what the party does: it takes its time to get here. */
static void room_say(struct room *room, bool is_state, uint64_t revision, bool playing, int64_t position, int64_t lead,
                     int32_t speed)
{
    syncplay_playback playback = {
        .struct_size = sizeof playback,
        .revision = revision,
        .phase = playing ? SYNCPLAY_PLAYING : SYNCPLAY_PAUSED,
        .is_playing = playing,
        .is_state = is_state,
        .position = position,
        .server_time = room_server(room),
        .at = room_server(room) + lead,
        .speed = speed,
    };
    room->now += room->back;
    follow_playback(&room->follow, room->now, &playback);
    room_step(room);
}

/* Connected, seated, stands at `position`, knows the time. */
static void room_join(struct room *room, int64_t position)
{
    follow_connected(&room->follow, room->now);
    room_run(room, 100 * MS);
    room_say(room, true, 1, false, position, 0, 100);
    room_run(room, 3 * SEC);
}

#endif
