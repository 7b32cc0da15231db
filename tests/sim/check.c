/*
 * The invariants:
 *
 *   nobody waits for ever      a wait is over by its deadline
 *   everybody settles          who is connected and can play is in step some time after the last disturbance
 *   one belief                 nobody who is connected believes in an outdated revision for long
 *   no storms                  few seeks and changes of rate in a minute without a disturbance
 *   an honest bound            nobody is farther off than they say they may be
 */
#include <inttypes.h>
#include <stdarg.h>

#include "check.h"
#include "scenario.h"

#define WAIT_MOST (11 * SECOND)   /* the hub's wait_timeout, and a second for its timers and the network */
#define SETTLE_MOST (20 * SECOND) /* a small clock step shows only after three pings of the slow kind */
#define SETTLED_WITHIN (30 * MILLISECOND)
#define BELIEF_MOST (6 * SECOND) /* a round trip and a heartbeat */
#define SEEKS_MOST 6
#define RATES_MOST 30
#define BOUND_SLACK (6 * MILLISECOND) /* dead band, noise, what is learned of the player */
#define BOUND_AFTER (20 * SECOND)

enum kind { WAITS, SETTLES, BELIEVES, STORMS, BOUND };

/* Each kind is told once of a member in an evening; that is enough to go and look. */
__attribute__((format(printf, 4, 5))) static void violated(struct party *party, struct member *member, enum kind kind,
                                                           const char *format, ...)
{
    char what[200];
    va_list arguments;
    unsigned *told = member ? &member->record.violated : &party->violated;
    if (*told & 1u << kind)
        return;
    *told |= 1u << kind;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    party->violations++;
    party->score->violations++;
    printf("# VIOLATION: --strategy %s --scenario %s --seed %" PRIu64 ": %s at %.2f s: %s\n", party->strategy->name,
           party->scenario->name, party->seed, member ? member->name : "the party", (double)party->world.now / 1e6,
           what);
    party_say(party, member, "VIOLATION: %s", what);
}

static void check_settled(struct party *party, struct member *member, const struct sight *sight)
{
    int64_t now = party->world.now;
    if (sight->is_watching && sight->is_able && member->connection && now - sight->since >= SETTLE_MOST &&
        sight->excess > SETTLED_WITHIN + sight->tolerance)
        violated(party, member, SETTLES, "%.1f ms off (%.1f above the floor), %.1f s after the last disturbance",
                 (double)sight->error / 1e3, (double)sight->excess / 1e3, (double)(now - sight->since) / 1e6);
}

static void check_belief(struct party *party, struct member *member, const struct strategy_view *view)
{
    struct member_record *record = &member->record;
    int64_t now = party->world.now;
    bool could_know = party->hub && member->connection && member->connection == member->accepted &&
                      !member->is_asleep && now >= member->cut_until;
    if (!could_know || view->revision == party->truth.revision) {
        record->behind_since = SYNCPLAY_NEVER;
        return;
    }
    if (record->behind_since == SYNCPLAY_NEVER || record->behind_since < party->truth.changed_at)
        record->behind_since = now;
    if (now - record->behind_since > BELIEF_MOST)
        violated(party, member, BELIEVES, "follows revision %" PRIu64 ", which is %" PRIu64 " by now", view->revision,
                 party->truth.revision);
}

static void check_storm(struct party *party, struct member *member, const struct sight *sight)
{
    struct member_record *record = &member->record;
    int64_t now = party->world.now;
    if (record->minute_since < sight->since || now - record->minute_since > MINUTE) {
        record->minute_since = now;
        record->seeks_since = record->rates_since = 0;
    }
    if (record->seeks_since > SEEKS_MOST || record->rates_since > RATES_MOST)
        violated(party, member, STORMS, "%u seeks and %u changes of rate in %.1f s", record->seeks_since,
                 record->rates_since, (double)(now - record->minute_since) / 1e6);
}

static void check_bound(struct party *party, struct member *member, const struct sight *sight,
                        const struct strategy_view *view)
{
    int64_t off = sight->error < 0 ? -sight->error : sight->error;
    if (!sight->is_watching || !sight->is_able || party->world.now - sight->since < BOUND_AFTER ||
        view->error_bound == SYNCPLAY_NEVER)
        return;
    if (off > view->error_bound + BOUND_SLACK + sight->tolerance)
        violated(party, member, BOUND, "%.2f ms off, and says %.2f ms", (double)sight->error / 1e3,
                 (double)view->error_bound / 1e3);
}

void check_member(struct party *party, struct member *member, const struct sight *sight)
{
    struct strategy_view view = {0, SYNCPLAY_NEVER};
    if (!party->is_checked || !member->is_here)
        return;
    member->strategy->view(member->self, &view);
    check_settled(party, member, sight);
    check_belief(party, member, &view);
    check_storm(party, member, sight);
    check_bound(party, member, sight, &view);
}

void check_party(struct party *party)
{
    const struct truth *truth = &party->truth;
    if (party->is_checked && party->hub && truth->phase == SYNCPLAY_WAITING &&
        party->world.now - truth->changed_at > WAIT_MOST)
        violated(party, NULL, WAITS, "has been waiting for %.1f s",
                 (double)(party->world.now - truth->changed_at) / 1e6);
}
