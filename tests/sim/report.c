/* What is printed of scores. */
#include <math.h>
#include <string.h>

#include "report.h"

void report_head(const struct scenario *scenario)
{
    printf("\n%s: %s\n", scenario->name, scenario->says);
    printf("%-10s | %27s | %13s | %20s | %9s | %12s | %17s | %5s %5s | %6s | %s\n", "", "own error above the floor",
           "spread", "pairs at a start", "3 s later", "settles", "nudging    trim", "rates", "seeks", "late", "lead");
    printf("%-10s | %6s %6s %6s %6s | %6s %6s | %6s %6s %6s | %9s | %5s %6s | %5s %5s %5s | %5s %5s | %6s | %s\n", "ms",
           "p50", "p95", "p99", "max", "p50", "p95", "p50", "p95", "floor", "p95", "p95", "max s", "%time", "%max",
           "%time", "/min", "odd", "% strt", "ms");
}

static double per_minute(const struct score *score, double count)
{
    return score->played ? count / ((double)score->played / 60e6) : NAN;
}

static double percent(double part, double whole)
{
    return whole > 0 ? 100 * part / whole : NAN;
}

/* By players, where they are of several kinds. */
static void report_kinds(struct score *score)
{
    printf("%-10s   own error p50/p95 by player:", "");
    for (size_t i = 0; i < PLAYER_KINDS; i++)
        printf(" %s %.1f/%.1f", player_kinds[i].name, figures_at(&score->own_by_kind[i], 0.5),
               figures_at(&score->own_by_kind[i], 0.95));
    printf("\n");
}

void report_row(const struct scenario *scenario, const struct strategy *strategy, struct score *score)
{
    printf(
        "%-10s | %6.1f %6.1f %6.1f %6.0f | %6.1f %6.1f | %6.1f %6.1f %6.1f | %9.1f | %5.1f %6.1f | %5.1f %5.1f %5.1f | "
        "%5.1f %5u | %6.2f | %.0f\n",
        strategy->name, figures_at(&score->own, 0.5), figures_at(&score->own, 0.95), figures_at(&score->own, 0.99),
        figures_at(&score->own, 1), figures_at(&score->spread, 0.5), figures_at(&score->spread, 0.95),
        figures_at(&score->start, 0.5), figures_at(&score->start, 0.95), figures_at(&score->start_floor, 0.95),
        figures_at(&score->later, 0.95), figures_at(&score->settling, 0.95) / 1000,
        figures_at(&score->settling, 1) / 1000, percent((double)score->nudged, (double)score->played),
        100 * score->largest_nudge, percent((double)score->trimmed, (double)score->played),
        per_minute(score, score->rates), score->seeks, percent(score->late_starts, score->starts),
        figures_mean(&score->lead));
    if (scenario->players == PLAYERS_MIXED)
        report_kinds(score);
    if (score->lost.count)
        printf("%-10s   somebody stalls: the others lose p50 %.0f, max %.0f ms, %zu times; goes back %u times\n", "",
               figures_at(&score->lost, 0.5), figures_at(&score->lost, 1), score->lost.count, score->rewinds);
    fflush(stdout);
}

/* --- Goals */

/* Of the nudge, in percent: a trim for the crystal comes on top. */
#define TRIM 0.015
#define LONGEST_WAIT 11 /* seconds: the hub's wait_timeout, and the lead of the start after it */
#define LATE 0.2        /* percent of starts */

struct goals {
    double allowance;
    unsigned missed;
};

static void goal(struct goals *goals, const char *what, double measured, double at_most)
{
    bool is_met = measured <= at_most;
    if (isnan(measured)) /* it did not happen in these parties */
        return;
    goals->missed += measured > at_most * (1 + goals->allowance);
    printf("# %-6s %-55s %8.2f, goal %.2f\n", is_met ? "met" : "MISSED", what, measured, at_most);
}

static bool is(const struct scenario *scenario, const char *name)
{
    return strcmp(scenario->name, name) == 0;
}

static void steady_goals(struct goals *goals, struct score *ours)
{
    goal(goals, "own error above the floor, p50 ms", figures_at(&ours->own, 0.5), 0.6);
    goal(goals, "own error above the floor, p95 ms", figures_at(&ours->own, 0.95), 1.4);
    goal(goals, "own error above the floor, p99 ms", figures_at(&ours->own, 0.99), 2.1);
    goal(goals, "nudging, % of the time", percent((double)ours->nudged, (double)ours->played), 1);
    goal(goals, "largest nudge for errors up to 20 ms, %, with trim", 100 * ours->largest_small, 0.5 + TRIM);
}

/* Rare: of few evenings, chance may make two deviations more. */
static void late_goal(struct goals *goals, const struct score *ours)
{
    double chance = goals->allowance > 0 ? 2 * sqrt(LATE / 100 / ours->starts) : 0;
    goal(goals, "starts with somebody told too late, %", percent(ours->late_starts, ours->starts), LATE + 100 * chance);
}

unsigned report_goals(const struct scenario *scenario, struct score *ours, struct score *oracle, double allowance)
{
    struct goals goals = {.allowance = allowance};
    double floor = oracle ? figures_at(&oracle->start, 0.95) : NAN;
    if (is(scenario, "steady"))
        steady_goals(&goals, ours);
    if (is(scenario, "room")) {
        goal(&goals, "pairs at a start, p95 ms", figures_at(&ours->start, 0.95), 18);
        goal(&goals, "pairs three seconds later, p95 ms", figures_at(&ours->later, 0.95), 3);
    }
    if (is(scenario, "ten") && oracle)
        goal(&goals, "pairs at a start, p95 ms above the oracle's", figures_at(&ours->start, 0.95) - floor, 5);
    if (is(scenario, "ten") || is(scenario, "internet")) {
        late_goal(&goals, ours);
        goal(&goals, "mean lead, ms", figures_mean(&ours->lead), 450);
    }
    if (is(scenario, "stall")) {
        goal(&goals, "in step after a stall, p99 s", figures_at(&ours->settling, 0.99) / 1000, 5);
        goal(&goals, "pictures that go back", ours->rewinds, 0);
    }
    if (is(scenario, "stall") || is(scenario, "long"))
        goal(&goals, "what the others lose, at most, s", figures_at(&ours->lost, 1) / 1000, LONGEST_WAIT);
    if (!is(scenario, "bad"))
        goal(&goals, "seeks that nothing explains", ours->seeks, 0);
    return goals.missed;
}
