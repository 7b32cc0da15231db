/*
 * Two hubs live through the same script (script.h), of one session. At the letter S all connections of both are lost,
 * and one hub is saved and restored by a third, which goes on in its place. From then on both tell the same, and are
 * the same when they are saved. What is documented as not saved, or as different after a restore, is kept out:
 *
 *   revisions             are beyond those that were told; the gap is taken away from what is compared
 *   cursors, and what     begin anew with a hub: cursors are not compared, and nobody brings one (is_twin). Who comes
 * back is told again         gets a state seats                 are kept for the grace time from the restore: somebody
 * sits, and all who do are there when the connections go who is back quickly   was away, as far as the others know,
 * after a restart: away_after is 0 typing, reactions     are of the moment, and so are their limits: not compared who
 * knocks            knocks on, from the restore: nobody knocks when it is saved codes                 of sessions that
 * ended before are not remembered: there is one session, and it is saved
 */
#include "script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define GAP 1000 /* lib/snapshot.h: SNAPSHOT_REVISION_GAP */

struct twins {
    struct world stays, restored;
    struct script script;
    bool has_parted;
    struct text told_by_stays, told_by_restored;
};

static void open_world(struct world *world)
{
    world_init(world);
    world->config.away_after = 0;
    world->config.max_sessions = 1;
    world->config.replay_bytes = 0;
    world_open(world);
}

/*
 * Everybody who sits is connected, nobody knocks, and then all connections are lost. False if nobody sits, or somebody
 * could not come back (who has the permission no longer, say).
 */
static bool lose_connections(struct world *world)
{
    unsigned back = 0, failed = 0;
    syncplay_participant_info info = {.struct_size = sizeof info};
    for (uint64_t i = 1; i <= CONNECTIONS; i++)
        if (world->clients[i].is_open)
            world_disconnect(world, i);
    for (size_t i = 0; syncplay_hub_participant(world->hub, &world->slots[0].id, i, &info) == SYNCPLAY_OK; i++) {
        char text[80];
        int length = snprintf(text, sizeof text, "{\"type\":\"join\",\"session_code\":\"%s\"}", world->slots[0].code);
        world_connect(world, i + 1, info.user_id.bytes[15] - 1u);
        world_say(world, i + 1, text, (size_t)length);
        back += world->errors_told == 0;
        failed += world->errors_told > 0;
    }
    for (uint64_t i = 1; i <= CONNECTIONS; i++)
        if (world->clients[i].is_open)
            world_disconnect(world, i);
    return back > 0 && failed == 0 && world->slots[0].lives;
}

/* `restored` becomes a world like `stays`, but with a hub that was given the saved session. */
static void part(struct twins *twins)
{
    struct world *stays = &twins->stays, *restored = &twins->restored;
    struct text saved = {0};
    /* What passes leaves nothing behind: how often somebody was writing, or reacted, is not saved, and soon nobody can tell. */
    stays->now += SYNCPLAY_TYPING_INTERVAL;
    if (!lose_connections(stays))
        return;
    world_save(stays, &stays->slots[0].id, 0, &saved);
    *restored = *stays;
    memset(restored->slots, 0, sizeof restored->slots);
    restored->slots[0].id = stays->slots[0].id;
    memcpy(restored->slots[0].code, stays->slots[0].code, sizeof restored->slots[0].code);
    restored->slots[0].lives = true;
    restored->live = 0;
    world_open(restored);
    CHECK(syncplay_hub_restore(restored->hub, restored->now, saved.bytes, saved.length,
                               restored->now + restored->unix_offset, NULL) == SYNCPLAY_OK);
    world_check_slot(restored, &restored->slots[0]);
    stays->record = &twins->told_by_stays;
    restored->record = &twins->told_by_restored;
    restored->revision_gap = GAP;
    twins->has_parted = true;
    text_free(&saved);
}

static void check_same(struct twins *twins)
{
    static struct text a, b;
    CHECK_TOLD(strcmp(text_of(&twins->told_by_stays), text_of(&twins->told_by_restored)) == 0,
               (fprintf(stderr, "%s\n", text_of(&twins->told_by_stays)), text_of(&twins->told_by_restored)));
    text_clear(&twins->told_by_stays);
    text_clear(&twins->told_by_restored);
    CHECK(twins->stays.slots[0].lives == twins->restored.slots[0].lives);
    if (!twins->stays.slots[0].lives)
        return;
    CHECK(twins->stays.slots[0].revision + GAP == twins->restored.slots[0].revision);
    text_clear(&a);
    text_clear(&b);
    twins->stays.record = &a;
    twins->restored.record = &b;
    world_record(&twins->stays, twins->stays.slots[0].saved.bytes, twins->stays.slots[0].saved.length);
    world_record(&twins->restored, twins->restored.slots[0].saved.bytes, twins->restored.slots[0].saved.length);
    twins->stays.record = &twins->told_by_stays;
    twins->restored.record = &twins->told_by_restored;
    CHECK_TOLD(strcmp(text_of(&a), text_of(&b)) == 0, (fprintf(stderr, "%s\n", text_of(&a)), text_of(&b)));
}

static void step(struct twins *twins)
{
    struct script script = twins->script;
    if (script.input.bytes[script.input.at] == 'S' && !twins->has_parted && twins->stays.slots[0].lives) {
        twins->script.input.at++;
        part(twins);
        return;
    }
    script_step(&twins->script, &twins->stays);
    if (!twins->has_parted)
        return;
    script_step(&script, &twins->restored);
    CHECK(script.input.at == twins->script.input.at);
    check_same(twins);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct twins twins;
    memset(&twins, 0, sizeof twins);
    twins.script = (struct script){.input = {(const char *)data, size, 0}, .connection = 1, .is_twin = true};
    open_world(&twins.stays);
    while (!input_is_over(&twins.script.input) && (!twins.has_parted || twins.stays.slots[0].lives))
        step(&twins);
    world_close(&twins.stays);
    if (twins.has_parted)
        world_close(&twins.restored);
    text_free(&twins.told_by_stays);
    text_free(&twins.told_by_restored);
    return 0;
}
