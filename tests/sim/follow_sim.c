/*
 * The proving ground of the follower: whole parties in a modelled world, in virtual time, from a seed.
 *
 *     follow_sim                                every scenario, every strategy: the table, with the goals
 *     follow_sim --quick                        some evenings of each scenario with ours alone, as TAP
 *     follow_sim --scenario X --seed N --trace  the trace of one evening
 *
 * --strategy S   this one only                  --parties N     so many evenings of each scenario
 * --seeds A-B    the seeds of these evenings    --search        ours only, and only what is violated
 * --cpu          what the follower costs
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "strategy_ours.h"

#define PARTIES 60
#define QUICK_PARTIES 20
#define QUICK_ALLOWANCE 0.25 /* over the goals, for so few */
#define SEARCH_PARTIES 1000

struct options {
    const struct scenario *scenario; /* NULL: all */
    const struct strategy *strategy; /* NULL: all */
    uint64_t first, last;            /* seeds */
    bool is_quick, is_trace, is_search, is_cpu;
};

static unsigned run(const struct options *options, const struct scenario *scenario, const struct strategy *strategy,
                    struct score *score)
{
    unsigned violations = 0;
    for (uint64_t seed = options->first; seed <= options->last; seed++) {
        struct party_options party = {
            .seed = seed,
            .scenario = scenario,
            .strategy = strategy,
            .is_checked = strategy == &strategy_ours,
            .trace = options->is_trace ? stdout : NULL,
        };
        violations += party_run(&party, score);
    }
    return violations;
}

/* --- As a table */

static unsigned table_of(const struct options *options, const struct scenario *scenario)
{
    struct score ours = {0}, oracle = {0}, other = {0};
    unsigned violations = 0;
    if (!options->is_search)
        report_head(scenario);
    for (unsigned i = 0; i < strategy_count; i++) {
        const struct strategy *strategy = strategies[i];
        struct score *score = strategy == &strategy_ours ? &ours : strategy == &strategy_floor ? &oracle : &other;
        if ((options->strategy && options->strategy != strategy) || (options->is_search && strategy != &strategy_ours))
            continue;
        violations += run(options, scenario, strategy, score);
        if (!options->is_search)
            report_row(scenario, strategy, score);
        score_free(&other);
    }
    if (!options->is_search && ours.parties)
        report_goals(scenario, &ours, oracle.parties ? &oracle : NULL, 0);
    score_free(&ours);
    score_free(&oracle);
    return violations;
}

static int print_tables(const struct options *options)
{
    unsigned violations = 0;
    for (unsigned i = 0; i < scenario_count; i++)
        if (!options->scenario || options->scenario == &scenarios[i])
            violations += table_of(options, &scenarios[i]);
    printf("\n%u violations of what must always hold\n", violations);
    return violations ? 1 : 0;
}

/* --- As TAP */

static int print_tap(const struct options *options)
{
    unsigned failed = 0, tests = 0;
    for (unsigned i = 0; i < scenario_count; i++) {
        const struct scenario *scenario = &scenarios[i];
        struct score score = {0};
        if (options->scenario && options->scenario != scenario)
            continue;
        unsigned violations = run(options, scenario, &strategy_ours, &score);
        bool is_well = !violations && !report_goals(scenario, &score, NULL, QUICK_ALLOWANCE);
        printf("%sok %u - %s: %s\n", is_well ? "" : "not ", ++tests, scenario->name, scenario->says);
        failed += !is_well;
        score_free(&score);
    }
    printf("1..%u\n", tests);
    return failed ? 1 : 0;
}

/* --- As a bench */

static int print_cost(const struct options *options)
{
    const struct scenario *scenario = options->scenario ? options->scenario : scenario_find("internet");
    struct score score = {0};
    ours_measure();
    run(options, scenario, &strategy_ours, &score);
    struct ours_cost cost = ours_cost();
    double minutes = (double)score.played / 60e6;
    printf("%s: %.0f minutes of playing, %.0f calls and %.0f wakes a minute, %.3f ms a minute\n", scenario->name,
           minutes, (double)cost.calls / minutes, (double)cost.wakes / minutes,
           (double)cost.nanoseconds / 1e6 / minutes);
    score_free(&score);
    return 0;
}

/* --- Options */

static int usage(const char *what)
{
    fprintf(stderr, "follow_sim: what is %s? Scenarios:\n", what);
    for (unsigned i = 0; i < scenario_count; i++)
        fprintf(stderr, "    %-12s %s\n", scenarios[i].name, scenarios[i].says);
    fprintf(stderr, "Strategies:\n");
    for (unsigned i = 0; i < strategy_count; i++)
        fprintf(stderr, "    %-12s %s\n", strategies[i]->name, strategies[i]->says);
    return 2;
}

static bool take_flag(struct options *options, const char *flag)
{
    options->is_quick |= strcmp(flag, "--quick") == 0;
    options->is_trace |= strcmp(flag, "--trace") == 0;
    options->is_search |= strcmp(flag, "--search") == 0;
    options->is_cpu |= strcmp(flag, "--cpu") == 0;
    return strcmp(flag, "--quick") == 0 || strcmp(flag, "--trace") == 0 || strcmp(flag, "--search") == 0 ||
           strcmp(flag, "--cpu") == 0;
}

static bool take_value(struct options *options, const char *name, const char *value)
{
    if (strcmp(name, "--scenario") == 0)
        return (options->scenario = scenario_find(value)) != NULL;
    if (strcmp(name, "--strategy") == 0)
        return (options->strategy = strategy_find(value)) != NULL;
    if (strcmp(name, "--seed") == 0)
        return sscanf(value, "%" SCNu64, &options->first) == 1 && ((options->last = options->first), true);
    if (strcmp(name, "--seeds") == 0)
        return sscanf(value, "%" SCNu64 "-%" SCNu64, &options->first, &options->last) == 2;
    if (strcmp(name, "--parties") == 0)
        return sscanf(value, "%" SCNu64, &options->last) == 1;
    return false;
}

int main(int count, char **words)
{
    struct options options = {.first = 1};
    for (int i = 1; i < count; i++) {
        if (take_flag(&options, words[i]))
            continue;
        if (i + 1 == count || !take_value(&options, words[i], words[i + 1]))
            return usage(words[i]);
        i++;
    }
    if (!options.last)
        options.last = options.is_quick ? QUICK_PARTIES : options.is_search ? SEARCH_PARTIES : PARTIES;
    if (options.is_cpu)
        return print_cost(&options);
    return options.is_quick && !options.strategy && !options.is_trace ? print_tap(&options) : print_tables(&options);
}
