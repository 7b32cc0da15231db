/*
 * Ours: the library's follower by its public API, in the loop that follower.h describes. Bytes go through the link to
 * the hub and back; nothing else passes between the two.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <syncplay/follower.h>

#include "member.h"
#include "party.h"
#include "strategy_ours.h"

#define ACTS_MOST 8 /* at one instant; more would be a loop */

struct ours {
    struct member *member;
    syncplay_follower *follower;
    int64_t told_at; /* how it is, in the trace */
};

static struct ours_cost cost;
static bool is_measured;

void ours_measure(void)
{
    is_measured = true;
    cost = (struct ours_cost){0};
}

struct ours_cost ours_cost(void)
{
    return cost;
}

static uint64_t clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Each call of the library is `CALL(ours, function, now, ...)`: traced when it fails, and timed. */
static int called(struct ours *ours, const char *function, int error, uint64_t began)
{
    if (is_measured) {
        cost.nanoseconds += clock_now() - began;
        cost.calls++;
    }
    if (error && error != SYNCPLAY_ERROR_NOT_JOINED)
        party_say(ours->member->party, ours->member, "%s: %s: %s", function, syncplay_strerror(error),
                  syncplay_follower_why(ours->follower));
    return error;
}

static uint64_t began_at(void)
{
    return is_measured ? clock_now() : 0;
}

#define CALL(ours, function, ...) call_##function(ours, __VA_ARGS__)
#define DEFINE_CALL(function, parameters, ...)                                                                         \
    static int call_##function(struct ours *ours, int64_t now parameters)                                              \
    {                                                                                                                  \
        uint64_t began = began_at();                                                                                   \
        return called(ours, #function, syncplay_follower_##function(ours->follower, now __VA_ARGS__), began);          \
    }
#define COMMA ,

DEFINE_CALL(connected, )
DEFINE_CALL(disconnected, )
DEFINE_CALL(disturbed, )
DEFINE_CALL(tick, )
DEFINE_CALL(receive, COMMA const char *bytes COMMA size_t length, , bytes, length)
DEFINE_CALL(submit, COMMA const syncplay_command *command, , command)
DEFINE_CALL(observe, COMMA const syncplay_player_state *state, , state)
DEFINE_CALL(advise, COMMA syncplay_advice *advice, , advice)
DEFINE_CALL(acted, COMMA const syncplay_advice *advice, , advice)

/* --- The loop */

static void send(void *user_data, const char *bytes, size_t length)
{
    struct ours *ours = user_data;
    member_send(ours->member, bytes, length);
}

static void carry_out(struct ours *ours, const syncplay_advice *advice)
{
    switch (advice->kind) {
    case SYNCPLAY_ADVICE_PAUSE:
        member_pause(ours->member);
        break;
    case SYNCPLAY_ADVICE_SEEK:
        member_seek(ours->member, advice->position);
        break;
    case SYNCPLAY_ADVICE_PLAY:
        member_play(ours->member, advice->rate, advice->preserves_pitch);
        break;
    case SYNCPLAY_ADVICE_RATE:
        member_rate(ours->member, advice->rate, advice->preserves_pitch);
        break;
    case SYNCPLAY_ADVICE_NONE:
        break;
    }
}

/* In the trace, twice a second. */
static void say_how_it_is(struct ours *ours, int64_t now)
{
    static const char *const modes[] = {"idle", "standing", "meeting", "starting", "playing", "suspended", "over"};
    struct member *member = ours->member;
    struct party *party = member->party;
    syncplay_follower_status status = {.struct_size = sizeof status};
    if (!party->trace || party->world.now < ours->told_at + SECOND / 2 ||
        syncplay_follower_status_at(ours->follower, now, &status) != SYNCPLAY_OK)
        return;
    int64_t error = player_position(&member->player) - truth_position(&party->truth, party->world.now);
    ours->told_at = party->world.now;
    party_say(party, member, "%s; drift %.2f ms, really %.2f, of which %.2f is the network's; clock within %.2f",
              modes[status.mode], status.drift == SYNCPLAY_DRIFT_UNSET ? NAN : (double)status.drift / 1e3,
              (double)error / 1e3, (double)member->bias / 1e3,
              status.clock_error == SYNCPLAY_NEVER ? NAN : (double)status.clock_error / 1e3);
}

static void observe(struct ours *ours, int64_t now)
{
    syncplay_player_state state;
    member_look(ours->member, &state);
    CALL(ours, observe, now, &state);
}

/* Tick, observe, and what is due; then sleep until there is more. */
static void loop(struct ours *ours)
{
    int64_t now = member_now(ours->member), deadline;
    syncplay_advice advice = {.struct_size = sizeof advice};
    cost.wakes++;
    if (syncplay_follower_deadline(ours->follower) <= now)
        CALL(ours, tick, now);
    observe(ours, now);
    for (int i = 0; i < ACTS_MOST; i++) {
        if (CALL(ours, advise, now, &advice) || advice.kind == SYNCPLAY_ADVICE_NONE || advice.at > now)
            break;
        carry_out(ours, &advice);
        CALL(ours, acted, now, &advice);
        observe(ours, now);
    }
    say_how_it_is(ours, now);
    deadline = syncplay_follower_deadline(ours->follower);
    if (advice.kind != SYNCPLAY_ADVICE_NONE && advice.at < deadline)
        deadline = advice.at;
    member_wake_at(ours->member, deadline);
}

/* --- As a strategy */

static syncplay_player_kind kind_of(const struct member *member)
{
    return member->player.kind->known_as;
}

static void *ours_make(struct member *member)
{
    struct ours *ours = calloc(1, sizeof *ours);
    syncplay_follower_config config;
    syncplay_follower_callbacks callbacks;
    syncplay_player_profile profile;
    if (!ours)
        abort();
    ours->member = member;
    syncplay_player_profile_default(&profile, sizeof profile, kind_of(member));
    syncplay_follower_config_default(&config, sizeof config);
    config.profile = &profile;
    syncplay_follower_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.send = send;
    if (syncplay_follower_new(&ours->follower, member_now(member), &config, &callbacks, ours) != SYNCPLAY_OK)
        abort();
    return ours;
}

static void ours_free(void *self)
{
    struct ours *ours = self;
    syncplay_follower_free(ours->follower);
    free(ours);
}

static void ours_connected(void *self)
{
    struct ours *ours = self;
    CALL(ours, connected, member_now(ours->member));
    loop(ours);
}

static void ours_disconnected(void *self)
{
    struct ours *ours = self;
    CALL(ours, disconnected, member_now(ours->member));
    loop(ours);
}

static void ours_received(void *self, const char *bytes, size_t length)
{
    struct ours *ours = self;
    CALL(ours, receive, member_now(ours->member), bytes, length);
    loop(ours);
}

static void ours_woken(void *self)
{
    loop(self);
}

static void ours_disturbed(void *self)
{
    struct ours *ours = self;
    CALL(ours, disturbed, member_now(ours->member));
}

static void ours_wishes(void *self, const syncplay_command *command)
{
    struct ours *ours = self;
    CALL(ours, submit, member_now(ours->member), command);
    loop(ours);
}

static void ours_view(void *self, struct strategy_view *view)
{
    const struct ours *ours = self;
    syncplay_follower_status status = {.struct_size = sizeof status};
    syncplay_follower_status_at(ours->follower, member_now(ours->member), &status);
    view->revision = status.revision;
    view->error_bound = SYNCPLAY_NEVER;
    if (status.drift != SYNCPLAY_DRIFT_UNSET && status.clock_error != SYNCPLAY_NEVER)
        view->error_bound = status.clock_error * status.speed / 100 + (status.drift < 0 ? -status.drift : status.drift);
}

const struct strategy strategy_ours = {
    .name = "ours",
    .says = "the library's follower",
    .make = ours_make,
    .free = ours_free,
    .connected = ours_connected,
    .disconnected = ours_disconnected,
    .received = ours_received,
    .woken = ours_woken,
    .disturbed = ours_disturbed,
    .wishes = ours_wishes,
    .view = ours_view,
};
