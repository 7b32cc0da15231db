/* The server of a party: hub calls, its deadline, restarts; and after each call, what the truth is now. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "network.h"
#include "score.h"
#include "server.h"

#define UNIX_START (INT64_C(1795000000) * SECOND)
#define TICK_LATE (800 * 1.0)
#define SNAPSHOT (1 << 20)
#define WALL_CLOCK_OFF 20e3 /* by so much the wall clock may be another one after a restart */

static void plan_tick(struct party *party);

static int64_t hub_now(const struct party *party)
{
    return party->world.now + party->base;
}

/* --- Callbacks */

static void deliver(void *user_data, const uint64_t *connections, size_t count, const char *bytes, size_t length)
{
    for (size_t i = 0; i < count; i++)
        network_send_down(user_data, connections[i], bytes, length);
}

static bool entropy(void *user_data, void *bytes, size_t length)
{
    struct party *party = user_data;
    for (size_t i = 0; i < length; i++)
        ((uint8_t *)bytes)[i] = (uint8_t)chance_bits(&party->chance);
    return true;
}

/* --- The truth */

int64_t truth_position(const struct truth *truth, int64_t at)
{
    if (truth->phase != SYNCPLAY_PLAYING || at <= truth->at)
        return truth->position;
    return truth->position + (at - truth->at) * truth->speed / 100;
}

static void learn_truth(struct party *party, bool is_another_hub)
{
    syncplay_session_info info = {.struct_size = sizeof info};
    struct truth *truth = &party->truth;
    int64_t now = party->world.now;
    syncplay_phase before = truth->phase;
    if (syncplay_hub_session(party->hub, hub_now(party), &party->session, &info) != SYNCPLAY_OK)
        return;
    if (info.revision == truth->revision && !is_another_hub)
        return;
    truth->revision = info.revision;
    truth->phase = info.phase;
    truth->speed = info.speed;
    truth->position = info.position;
    truth->at = now;
    truth->changed_at = now;
    if (info.is_playing)
        truth->at += info.unix_at - syncplay_hub_unix(party->hub, hub_now(party));
    if (truth->at < now) /* it moves already */
        truth->at = now;
    party_say(party, NULL, "truth: revision %" PRIu64 ", %s at %.3f, from %.3f s on, speed %d", truth->revision,
              syncplay_phase_name(truth->phase), (double)truth->position / 1e6, (double)truth->at / 1e6, truth->speed);
    score_changed(party, before, is_another_hub);
}

/* After each call. */
static void after(struct party *party)
{
    learn_truth(party, false);
    plan_tick(party);
}

static void tick(void *subject, int64_t turn)
{
    struct party *party = subject;
    if (turn != party->hub_turn || !party->hub)
        return;
    syncplay_hub_tick(party->hub, hub_now(party));
    after(party);
}

static void plan_tick(struct party *party)
{
    int64_t deadline = syncplay_hub_deadline(party->hub);
    party->hub_turn++;
    if (deadline != SYNCPLAY_NEVER)
        world_plan(&party->world, deadline - party->base + (int64_t)chance_between(&party->chance, 0, TICK_LATE), tick,
                   party, party->hub_turn);
}

/* --- Calls */

static syncplay_user user_of(const struct member *member)
{
    syncplay_user user;
    syncplay_user_default(&user, sizeof user);
    user.id.bytes[15] = (uint8_t)(member->index + 1);
    user.name = member->index ? "Viewer" : "Host";
    return user;
}

void server_accept(struct party *party, struct member *member)
{
    syncplay_user user = user_of(member);
    syncplay_hub_connect(party->hub, hub_now(party), member->accepted, &user);
    after(party);
}

void server_receive(struct party *party, uint64_t connection, const char *bytes, size_t length)
{
    int error;
    if (!party->hub)
        return;
    error = syncplay_hub_receive(party->hub, hub_now(party), connection, bytes, length);
    if (error)
        party_say(party, &party->members[connection % PARTY_MEMBERS], "was refused: %s", syncplay_hub_why(party->hub));
    after(party);
}

void server_round_trip(struct party *party, uint64_t connection, int64_t round_trip)
{
    if (!party->hub || !connection)
        return;
    syncplay_hub_round_trip(party->hub, hub_now(party), connection, round_trip);
    after(party);
}

void server_disconnect(struct party *party, uint64_t connection)
{
    if (!party->hub)
        return;
    syncplay_hub_disconnect(party->hub, hub_now(party), connection);
    after(party);
}

/* --- Starting and restarting */

static void open_hub(struct party *party)
{
    syncplay_hub_config config;
    syncplay_hub_callbacks callbacks;
    syncplay_hub_config_default(&config, sizeof config);
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.deliver = deliver;
    callbacks.entropy = entropy;
    config.unix_time = UNIX_START + party->world.now + party->unix_error;
    party->base = (int64_t)chance_between(&party->chance, 0, 1e12) - party->world.now;
    if (syncplay_hub_new(&party->hub, hub_now(party), &config, &callbacks, party) != SYNCPLAY_OK)
        abort();
}

void server_start(struct party *party)
{
    syncplay_user host = user_of(&party->members[0]);
    syncplay_settings settings;
    syncplay_content content;
    syncplay_session_info info = {.struct_size = sizeof info};
    open_hub(party);
    syncplay_settings_default(&settings, sizeof settings);
    settings.visibility = SYNCPLAY_PUBLIC;
    syncplay_content_default(&content, sizeof content);
    content.type = "movie";
    content.id.bytes[15] = 1;
    if (syncplay_hub_create(party->hub, hub_now(party), &host, &content, &settings, &party->session) != SYNCPLAY_OK ||
        syncplay_hub_session(party->hub, hub_now(party), &party->session, &info) != SYNCPLAY_OK)
        abort();
    memcpy(party->code, info.code, sizeof party->code);
    after(party);
}

static void start_again(void *subject, int64_t argument)
{
    struct party *party = subject;
    (void)argument;
    party->unix_error += (int64_t)chance_normal(&party->chance, 0, WALL_CLOCK_OFF);
    open_hub(party);
    if (syncplay_hub_restore(party->hub, hub_now(party), party->saved, party->saved_length, party->saved_at, NULL) !=
        SYNCPLAY_OK)
        abort();
    party_say(party, NULL, "the server is back");
    learn_truth(party, true);
    plan_tick(party);
}

void party_restart(struct party *party, int64_t duration)
{
    static char bytes[SNAPSHOT];
    if (!party->hub || syncplay_hub_save(party->hub, hub_now(party), &party->session, 0, bytes, sizeof bytes,
                                         &party->saved_length) != SYNCPLAY_OK)
        return;
    party_say(party, NULL, "the server stops for %.1f s", (double)duration / 1e6);
    free(party->saved);
    party->saved = malloc(party->saved_length);
    if (!party->saved)
        abort();
    memcpy(party->saved, bytes, party->saved_length);
    party->saved_at = syncplay_hub_unix(party->hub, hub_now(party));
    syncplay_hub_free(party->hub);
    party->hub = NULL;
    for (unsigned i = 0; i < party->count; i++) {
        struct member *member = &party->members[i];
        network_drop(party, member, member->up.kind.delay + 20 * MILLISECOND, 0);
        member->accepted = 0;
    }
    world_plan(&party->world, party->world.now + duration, start_again, party, 0);
}

void server_free(struct party *party)
{
    syncplay_hub_free(party->hub);
    free(party->saved);
    party->hub = NULL;
    party->saved = NULL;
}
