/* A modelled player. */
#include <math.h>
#include <string.h>

#include "player.h"

#define DURATION (7200 * SECOND)
#define OPENS_AFTER (400 * MILLISECOND)
#define BUFFERS_AHEAD (30 * SECOND)
#define KEEPS_BEHIND (20 * SECOND)
#define PLAYS_ON_WITH (500 * MILLISECOND) /* what a stalled one wants to have before it goes on */
#define HEARTBEAT (50 * MILLISECOND)
#define MACHINES_DIFFER 0.12 /* in their mean start, as a deviation */

static void drive(struct player *player);

/* --- Where it is */

static void load(struct player *player, int64_t from, int64_t to)
{
    if (from < player->loads_from)
        from = player->loads_from;
    if (player->is_frozen || from >= to)
        return;
    player->buffer_to += (int64_t)((double)(to - from) * player->bandwidth);
    if (player->buffer_to > player->position + BUFFERS_AHEAD)
        player->buffer_to = player->position + BUFFERS_AHEAD;
    if (player->buffer_to > DURATION)
        player->buffer_to = DURATION;
    if (player->buffer_from < player->position - KEEPS_BEHIND)
        player->buffer_from = player->position - KEEPS_BEHIND;
}

/* Brings position and buffer to the present. */
static void catch_up(struct player *player)
{
    int64_t now = player->world->now, before = player->position_at;
    if (now == before)
        return;
    load(player, before, now);
    if (player->is_moving)
        player->position += llround((double)(now - before) * player->rate_now);
    player->position_at = now;
    if (player->is_moving && player->position >= player->buffer_to) {
        player->position = player->buffer_to;
        player->is_moving = false;
        player->is_stalled = true;
        player->stalls++;
        player->disturbed_at = now;
    }
}

int64_t player_position(struct player *player)
{
    catch_up(player);
    return player->position;
}

static int64_t ahead(const struct player *player)
{
    return player->buffer_to - player->position;
}

bool player_can_play(struct player *player)
{
    catch_up(player);
    return player->is_open && !player->is_seeking && !player->is_stalled && ahead(player) > 0;
}

/* --- Rates */

static double rate_that_shows(const struct player *player, int32_t asked, bool preserves_pitch)
{
    double rate = asked, step = player->kind->rate_step;
    if (step > 0)
        rate = fmax(step, round(rate / step) * step);
    if (preserves_pitch && fabs(rate - SYNCPLAY_RATE_ONE) <= player->kind->dead_zone)
        rate = SYNCPLAY_RATE_ONE;
    return rate / SYNCPLAY_RATE_ONE * (1 + player->crystal);
}

/* A change of rate on its way: one number, so that it can be planned. */
#define CHANGE_TURN_SHIFT 33

static int64_t change_of(const struct player *player)
{
    return player->rate_turn << CHANGE_TURN_SHIFT | (int64_t)player->rate << 1 | player->preserves_pitch;
}

static void show_rate(void *subject, int64_t change)
{
    struct player *player = subject;
    bool preserves_pitch = change & 1;
    if (change >> CHANGE_TURN_SHIFT != player->rate_turn)
        return;
    catch_up(player);
    double rate = rate_that_shows(player, (int32_t)(change >> 1 & INT32_MAX), preserves_pitch);
    double loss = preserves_pitch ? player->kind->loss_pitch : player->kind->loss_plain;
    if (rate != player->rate_now && player->is_moving)
        player->position -= llround(loss / 2);
    player->rate_now = rate;
}

void player_rate(struct player *player, int32_t rate, bool preserves_pitch)
{
    if (rate == player->rate && preserves_pitch == player->preserves_pitch)
        return;
    player->rate = rate;
    player->preserves_pitch = preserves_pitch;
    if (player->is_moving) /* otherwise it starts with it */
        world_plan(player->world, player->world->now + llround(player->kind->rate_latency), show_rate, player,
                   change_of(player));
}

/* --- Moving */

static void start_moving(void *subject, int64_t turn)
{
    struct player *player = subject;
    if (turn != player->start_turn)
        return;
    catch_up(player);
    player->is_starting = false;
    player->is_moving = true;
    player->rate_turn++;
    player->rate_now = rate_that_shows(player, player->rate, player->preserves_pitch);
    if (!player->has_moved) {
        player->has_moved = true;
        player->moved_at = player->world->now;
        player->moved_from = player->position;
    }
}

/* Starts or stops it, as what it was told and what it has allow; `delay` is how long a start takes. */
static void drive_after(struct player *player, double delay)
{
    bool can = player->is_open && !player->is_paused && !player->is_seeking && !player->is_stalled &&
               !player->is_frozen && !player->is_hiccuping;
    if (!can) {
        player->is_moving = player->is_starting = false;
        player->start_turn++;
    } else if (!player->is_moving && !player->is_starting) {
        player->is_starting = true;
        player->start_turn++;
        world_plan(player->world, player->world->now + llround(fmax(0, delay)), start_moving, player,
                   player->start_turn);
    }
}

static void drive(struct player *player)
{
    if (!player->is_moving && !player->is_starting && !player->is_paused)
        drive_after(player, chance_normal(&player->chance, player->own_start, player->kind->start_spread));
    else
        drive_after(player, 0);
}

void player_play(struct player *player, int32_t rate, bool preserves_pitch)
{
    catch_up(player);
    player->is_paused = false;
    player_rate(player, rate, preserves_pitch);
    drive(player);
}

static void stop(void *subject, int64_t turn)
{
    struct player *player = subject;
    catch_up(player);
    if (turn == player->start_turn && player->is_paused)
        drive(player);
}

void player_pause(struct player *player)
{
    catch_up(player);
    if (player->is_paused)
        return;
    player->is_paused = true;
    if (player->is_moving)
        world_plan(player->world,
                   player->world->now + (int64_t)chance_exponential(&player->chance, player->kind->overshoot), stop,
                   player, player->start_turn);
    else
        drive(player);
}

/* --- Seeking */

static int64_t landing(const struct player *player, int64_t target)
{
    int64_t frame = player->kind->frame;
    if (frame)
        target = (target + frame - 1) / frame * frame;
    return target > DURATION ? DURATION : target;
}

static void arrive(void *subject, int64_t turn)
{
    struct player *player = subject;
    if (turn != player->seek_turn)
        return;
    catch_up(player);
    player->is_seeking = false;
    if (player->has_to_load)
        player->disturbed_at = player->world->now;
    player->position = landing(player, player->target);
    player->is_stalled = ahead(player) <= 0;
    if (!player->is_paused && player->was_playing)
        drive_after(player, 0); /* what starting costs is in what seeking costs */
    else
        drive(player);
    player->changed(player->host);
}

/* Somewhere else: what was loaded is of no use any more. */
static int64_t load_anew(struct player *player, int64_t target)
{
    int64_t asking = (int64_t)chance_lognormal(&player->chance, 200e3, 600e3);
    player->buffer_from = player->buffer_to = target;
    if (player->loads_from < player->world->now + asking)
        player->loads_from = player->world->now + asking;
    return player->loads_from + 150 * MILLISECOND - player->world->now;
}

void player_seek(struct player *player, int64_t position)
{
    catch_up(player);
    double cost = chance_lognormal(&player->chance, player->kind->seek, player->kind->seek_p95);
    int64_t target = landing(player, position), delay;
    player->seeks++;
    player->was_playing = player->is_moving;
    player->is_seeking = true;
    player->target = position;
    drive(player);
    delay = llround(player->is_paused ? cost * player->kind->seek_standing : cost);
    player->has_to_load = target < player->buffer_from || target >= player->buffer_to;
    if (player->has_to_load)
        delay += load_anew(player, target);
    player->position = target;
    world_plan(player->world, player->world->now + delay, arrive, player, ++player->seek_turn);
}

/* --- What happens to it */

void player_choke(struct player *player, int64_t duration)
{
    catch_up(player);
    player->buffer_to = player->position;
    player->loads_from = player->world->now + duration;
    player->disturbed_at = player->world->now + duration;
}

void player_freeze(struct player *player, bool is_frozen)
{
    catch_up(player);
    player->is_frozen = is_frozen;
    player->disturbed_at = player->world->now;
    drive(player);
}

static void hiccup_ends(void *subject, int64_t argument)
{
    struct player *player = subject;
    (void)argument;
    catch_up(player);
    player->is_hiccuping = false;
    drive_after(player, 0);
}

static void hiccup(void *subject, int64_t argument)
{
    struct player *player = subject;
    (void)argument;
    catch_up(player);
    world_plan(player->world,
               player->world->now + (int64_t)chance_exponential(&player->chance, (double)player->hiccup_every), hiccup,
               player, 0);
    if (!player->is_moving)
        return;
    player->hiccups++;
    player->disturbed_at = player->world->now;
    player->is_hiccuping = true;
    drive(player);
    world_plan(player->world, player->world->now + (int64_t)chance_lognormal(&player->chance, 25e3, 80e3), hiccup_ends,
               player, 0);
}

/* Stalls and their ends are noticed here. */
static void beat(void *subject, int64_t argument)
{
    struct player *player = subject;
    (void)argument;
    bool was_stalled = player->is_stalled, could_play = player->is_moving;
    catch_up(player);
    if (player->is_stalled && !player->is_seeking && ahead(player) >= PLAYS_ON_WITH) {
        player->is_stalled = false;
        player->disturbed_at = player->world->now;
    }
    if (player->is_stalled != was_stalled || (could_play && !player->is_moving)) {
        drive(player);
        player->changed(player->host);
    }
    world_plan(player->world, player->world->now + HEARTBEAT, beat, player, 0);
}

static void open_film(void *subject, int64_t argument)
{
    struct player *player = subject;
    (void)argument;
    catch_up(player);
    player->is_open = true;
    drive(player);
    player->changed(player->host);
}

void player_init(struct player *player, struct world *world, const struct player_kind *kind, struct chance chance,
                 void (*changed)(void *host), void *host)
{
    memset(player, 0, sizeof *player);
    player->world = world;
    player->kind = kind;
    player->changed = changed;
    player->host = host;
    player->chance = chance;
    player->is_paused = player->preserves_pitch = true;
    player->rate = SYNCPLAY_RATE_ONE;
    player->position_at = world->now;
    player->own_start = fmax(0.3, chance_normal(&player->chance, 1, MACHINES_DIFFER)) * kind->start;
    player->crystal = chance_between(&player->chance, -50e-6, 50e-6);
    player->bandwidth = chance_between(&player->chance, 2, 8);
    player->hiccup_every = 1200 * SECOND;
    player->rate_now = rate_that_shows(player, player->rate, player->preserves_pitch);
    player->loads_from = world->now + OPENS_AFTER;
    world_plan(world, world->now + OPENS_AFTER, open_film, player, 0);
    world_plan(world, world->now + HEARTBEAT, beat, player, 0);
    world_plan(world, world->now + (int64_t)chance_exponential(&player->chance, (double)player->hiccup_every), hiccup,
               player, 0);
}

/* --- What can be seen of it */

static int64_t position_told(struct player *player)
{
    const struct player_kind *kind = player->kind;
    int64_t position = player->is_seeking ? player->target : player->position;
    if (player->is_moving)
        position += llround(chance_normal(&player->chance, 0, kind->noise));
    if (kind->step)
        position = position / kind->step * kind->step;
    if (kind->frame && player->is_paused)
        position = position / kind->frame * kind->frame;
    return position < 0 ? 0 : position;
}

void player_look(struct player *player, syncplay_player_state *state)
{
    catch_up(player);
    syncplay_player_state_default(state, sizeof *state);
    state->has_film = player->is_open;
    state->has_sound = player->kind->has_sound;
    state->is_paused = player->is_paused;
    state->is_seeking = player->is_seeking;
    state->can_play = player_can_play(player);
    state->has_enough = ahead(player) >= BUFFERS_AHEAD - SECOND;
    state->is_ended = player->is_open && player->position >= DURATION;
    state->rate = player->rate;
    state->position = player->is_open ? position_told(player) : 0;
    state->buffered = player->is_open && !player->is_seeking && ahead(player) > 0 ? ahead(player) : 0;
    state->duration = player->is_open ? DURATION : 0;
}

void player_mark(struct player *player)
{
    player->has_moved = false;
}
