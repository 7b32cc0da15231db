/* A client of this hub that is made of rules. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "message.h"
#include "party.h"
#include "peer.h"

#define READY_WITH SECOND
#define FIRST_PING (100 * MILLISECOND)
#define HEARTBEAT SECOND
#define TOO_LATE (500 * MILLISECOND) /* a start that is missed by more begins with a seek */
#define TIMERS_LATE 2500
#define QUIET_AFTER_START (600 * MILLISECOND)

void *peer_make(struct member *member, const struct peer_rules *rules)
{
    struct peer *peer = calloc(1, sizeof *peer);
    if (!peer)
        abort();
    peer->member = member;
    peer->rules = rules;
    peer->speed = 1;
    peer->next_ping = SYNCPLAY_NEVER;
    return peer;
}

void peer_free(void *self)
{
    free(self);
}

/* --- For rules */

int64_t peer_target(struct peer *peer)
{
    int64_t since = peer->at > peer->server_time ? peer->at : peer->server_time;
    int64_t passed = peer->is_playing ? peer_server_now(peer) - since : 0;
    return peer->position + (passed > 0 ? (int64_t)((double)passed * peer->speed) : 0);
}

void peer_rate(struct peer *peer, double rate, bool preserves_pitch)
{
    int32_t wanted = (int32_t)lround(rate * peer->speed * SYNCPLAY_RATE_ONE);
    if (wanted != peer->member->player.rate)
        member_rate(peer->member, wanted, preserves_pitch);
}

void peer_jump(struct peer *peer)
{
    member_seek(peer->member, peer_target(peer));
}

/* --- What is sent */

static void send_ready(struct peer *peer, const syncplay_player_state *state)
{
    char text[128];
    bool is_there = llabs(state->position - peer_target(peer)) < 2 * SECOND;
    bool is_ready =
        state->can_play && (is_there || peer->is_playing) && (state->has_enough || state->buffered >= READY_WITH);
    if (!peer->is_connected || !peer->revision ||
        (is_ready == peer->told_ready && peer->told_revision == peer->revision))
        return;
    peer->told_ready = is_ready;
    peer->told_revision = peer->revision;
    int length = snprintf(text, sizeof text, "{\"type\":\"ready\",\"buffered_ms\":%lld,\"is_ready\":%s}",
                          (long long)(state->buffered / 1000), is_ready ? "true" : "false");
    member_send(peer->member, text, (size_t)length);
}

static void send_ping(struct peer *peer)
{
    char text[96];
    int64_t now = member_now(peer->member);
    int length = snprintf(text, sizeof text, "{\"type\":\"ping\",\"timestamp\":%.3f}", (double)now / 1000);
    peer->pings++;
    peer->next_ping = now + (peer->pings < peer->rules->eager ? SECOND : peer->rules->ping_every);
    member_send(peer->member, text, (size_t)length);
}

void peer_wishes(void *self, const syncplay_command *command)
{
    struct peer *peer = self;
    char text[160] = "";
    int length = 0;
    switch (command->kind) {
    case SYNCPLAY_COMMAND_JOIN:
        return; /* peer_connected does */
    case SYNCPLAY_COMMAND_SEEK:
        length = snprintf(text, sizeof text, "{\"type\":\"seek\",\"position_ms\":%lld}",
                          (long long)(command->position / 1000));
        break;
    case SYNCPLAY_COMMAND_SPEED:
        length = snprintf(text, sizeof text, "{\"type\":\"speed\",\"playback_speed\":%.2f}", command->speed / 100.0);
        break;
    default:
        length = snprintf(text, sizeof text, "{\"type\":\"%s\"}",
                          command->kind == SYNCPLAY_COMMAND_PLAY    ? "play"
                          : command->kind == SYNCPLAY_COMMAND_PAUSE ? "pause"
                                                                    : "leave");
    }
    member_send(peer->member, text, (size_t)length);
}

/* --- What it does */

/* The film stands: stop, and go there. */
static void stand(struct peer *peer, const syncplay_player_state *state)
{
    if (!state->is_paused)
        member_pause(peer->member);
    else if (!state->is_seeking && llabs(state->position - peer->position) > peer->rules->stand_within)
        member_seek(peer->member, peer->position);
}

/* The film runs or is about to, and the player does not; says when to look again, by our own clock. */
static int64_t begin(struct peer *peer, const syncplay_player_state *state)
{
    int64_t now = member_now(peer->member), server_now = peer_server_now(peer), wait = peer->at - server_now;
    int64_t allowed = wait > 0 ? peer->rules->stand_within : TOO_LATE;
    if (peer->rules->knows_player) /* where it stands exactly, when it starts, and how late timers are */
        wait += (int64_t)((double)(state->position - peer->position) / peer->speed) -
                (int64_t)peer->member->player.own_start - TIMERS_LATE;
    if (state->is_seeking)
        return SYNCPLAY_NEVER;
    if (llabs(state->position - (wait > 0 ? peer->position : peer_target(peer))) > allowed) {
        peer_jump(peer);
        return SYNCPLAY_NEVER;
    }
    if (wait > 0)
        return now + wait;
    if (!state->can_play)
        return now + 200 * MILLISECOND;
    peer->is_correcting = false;
    peer->quiet_until = now + QUIET_AFTER_START;
    member_play(peer->member, (int32_t)lround(peer->speed * SYNCPLAY_RATE_ONE), true);
    return SYNCPLAY_NEVER;
}

static void correct(struct peer *peer, const syncplay_player_state *state)
{
    int64_t now = member_now(peer->member);
    if (!peer->is_correcting && peer->member->player.rate != (int32_t)lround(peer->speed * SYNCPLAY_RATE_ONE))
        peer_rate(peer, 1, true);
    if (!peer->rules->look_every || now < peer->next_look || now < peer->quiet_until || state->is_seeking ||
        !state->can_play || peer_server_now(peer) < peer->at)
        return;
    peer->next_look = now + peer->rules->look_every;
    peer->rules->correct(peer, state->position - peer_target(peer));
}

void peer_woken(void *self)
{
    struct peer *peer = self;
    syncplay_player_state state;
    int64_t now = member_now(peer->member), next = now + HEARTBEAT, due = SYNCPLAY_NEVER;
    member_look(peer->member, &state);
    if (peer->is_connected && now >= peer->next_ping)
        send_ping(peer);
    if (peer->revision && state.has_film) {
        if (!peer->is_playing)
            stand(peer, &state);
        else if (state.is_paused)
            due = begin(peer, &state);
        else
            correct(peer, &state);
        member_look(peer->member, &state);
        send_ready(peer, &state);
    }
    if (peer->rules->look_every && now + peer->rules->look_every < next)
        next = now + peer->rules->look_every;
    next = peer->next_ping < next ? peer->next_ping : next;
    next = due < next ? due : next;
    member_wake_at(peer->member, next);
}

/* --- What it is told */

static int64_t milliseconds(const char *bytes, size_t length, const char *key)
{
    return (int64_t)llround(message_number(bytes, length, key, 0) * 1000);
}

static void take_playback(struct peer *peer, const char *bytes, size_t length)
{
    const char *playing = message_find(bytes, length, "is_playing");
    peer->revision = (uint64_t)message_number(bytes, length, "revision", 0);
    peer->is_playing = playing && *playing == 't';
    peer->position = milliseconds(bytes, length, "position_ms");
    peer->server_time = milliseconds(bytes, length, "server_time");
    peer->at = milliseconds(bytes, length, "at");
    peer->speed = message_number(bytes, length, "playback_speed", 1);
    peer->is_correcting = false;
    peer_commanded(peer, peer->server_time);
}

void peer_received(void *self, const char *bytes, size_t length)
{
    struct peer *peer = self;
    if (message_is(bytes, length, "pong"))
        peer_ponged(peer, milliseconds(bytes, length, "client_timestamp"),
                    milliseconds(bytes, length, "server_timestamp"));
    else if (message_is(bytes, length, "state") || message_is(bytes, length, "command"))
        take_playback(peer, bytes, length);
    peer_woken(peer);
}

void peer_connected(void *self)
{
    struct peer *peer = self;
    char text[96];
    int length = snprintf(text, sizeof text, "{\"type\":\"join\",\"session_code\":\"%s\"}", peer->member->party->code);
    peer->is_connected = true;
    peer->pings = 0;
    peer->told_revision = 0;
    peer->next_ping = member_now(peer->member) + FIRST_PING;
    member_send(peer->member, text, (size_t)length);
    peer_woken(peer);
}

void peer_disconnected(void *self)
{
    struct peer *peer = self;
    peer->is_connected = false;
    peer->next_ping = SYNCPLAY_NEVER;
}

void peer_disturbed(void *self)
{
    (void)self; /* none of them looks at that */
}

void peer_view(void *self, struct strategy_view *view)
{
    const struct peer *peer = self;
    *view = (struct strategy_view){peer->revision, SYNCPLAY_NEVER};
}
