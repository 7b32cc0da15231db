/*
 * The proving ground of the clock: many clients in worlds whose truth only the harness knows, our estimator and
 * others'.
 *
 *     clock_sim [--hours N] [--seed S] [--first CLIENT] [--ours]     a table; fails if a promise breaks
 *     clock_sim --client N --seed S --trace                          one client's life, told
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock_life.h"

static struct clock_score score;

static void print_cells(const struct tally *tally)
{
    if (tally->count == 0) {
        printf("  %30s", "-");
        return;
    }
    printf("  %6.2f %6.2f %7.2f %8.2f", tally_share(tally, 0.5) / 1e3, tally_share(tally, 0.95) / 1e3,
           tally_share(tally, 0.99) / 1e3, tally->most / 1e3);
}

static void print_kind(enum clock_kind kind, bool ours_alone)
{
    printf("\n%s: error above the asymmetry's floor, ms, pings at 1 Hz after the burst (p50, p95, p99, max)\n%-12s",
           clock_kind_name(kind), "");
    for (unsigned i = 0; i < CLOCK_MARKS; i++)
        printf("  after %3u pings                ", CLOCK_MARK[i]);
    puts("  steady");
    for (unsigned rival = ours_alone ? CLOCK_RIVALS - 1 : 0; rival < CLOCK_RIVALS; rival++) {
        printf("%-12s", CLOCK_RIVAL[rival].name);
        for (unsigned i = 0; i < CLOCK_MARKS; i++)
            print_cells(&score.marks[kind][i][rival]);
        print_cells(&score.steady[kind][rival]);
        putchar('\n');
    }
}

static void print_ours(void)
{
    static const char *const RECOVERY[RECOVERIES] = {"untold, 1 Hz", "told, 1 Hz", "untold, as shipped",
                                                     "told, as shipped"};
    puts("\nOurs after 128 pings (p50, p95, p99, max)");
    for (unsigned kind = 0; kind < KINDS; kind++) {
        printf("%-12sas shipped, ms", clock_kind_name((enum clock_kind)kind));
        print_cells(&score.shipped[kind]);
        printf("   bound, ms");
        print_cells(&score.bound[kind]);
        printf("   skew's error, ppm");
        print_cells(&score.skew[kind]);
        putchar('\n');
    }
    puts("\nSteps of 100 ms and more: seconds until the error stays below 10 ms above the floor (p50, p95, p99, max)");
    for (unsigned i = 0; i < RECOVERIES; i++) {
        printf("%-22s", RECOVERY[i]);
        const struct tally *tally = &score.recovery[i];
        if (tally->count > 0)
            printf("%7.2f %7.2f %7.2f %7.2f", tally_share(tally, 0.5) / 1e6, tally_share(tally, 0.95) / 1e6,
                   tally_share(tally, 0.99) / 1e6, tally->most / 1e6);
        printf("   of %" PRIu64 "\n", tally->count);
    }
    printf("\n%" PRIu64 " client-hours, %" PRIu64 " pings, %" PRIu64 " answers (%" PRIu64 " ignored)\n", score.hours,
           score.pings, score.answers, score.ignored);
    printf("%" PRIu64 " steps, %" PRIu64 " of them below 100 ms; of the others %" PRIu64 " not found in time\n",
           score.steps, score.small_steps, score.missed);
    printf("bound checked %" PRIu64 " times: %" PRIu64 " violations, worst by %.1f us\n", score.checks,
           score.violations, score.worst_violation);
    printf("false alarms: %" PRIu64 " (and %" PRIu64 " where the path changed like a clock)\n", score.false_alarms,
           score.route_alarms);
}

int main(int argc, char **argv)
{
    struct clock_life_options options = {.seed = 1};
    uint64_t hours = 300, first = 0;
    for (int i = 1; i < argc; i++) {
        bool has_value = i + 1 < argc;
        if (strcmp(argv[i], "--ours") == 0)
            options.ours_alone = true;
        else if (strcmp(argv[i], "--trace") == 0)
            options.trace = true;
        else if (has_value && strcmp(argv[i], "--hours") == 0)
            hours = strtoull(argv[++i], NULL, 10);
        else if (has_value && strcmp(argv[i], "--seed") == 0)
            options.seed = strtoull(argv[++i], NULL, 10);
        else if (has_value && strcmp(argv[i], "--first") == 0)
            first = strtoull(argv[++i], NULL, 10);
        else if (has_value && strcmp(argv[i], "--client") == 0) {
            first = strtoull(argv[++i], NULL, 10);
            hours = 1;
        } else {
            fprintf(stderr, "usage: %s [--hours N] [--seed S] [--first N] [--ours] | --client N --seed S [--trace]\n",
                    argv[0]);
            return 2;
        }
    }
    for (uint64_t i = 0; i < hours; i++)
        clock_life(&options, first + i, &score);
    if (!options.trace) {
        print_kind(KIND_INTERNET, options.ours_alone);
        print_kind(KIND_LAN, options.ours_alone);
        print_kind(KIND_ROUGH, true);
    }
    print_ours();
    return score.violations > 0 || score.false_alarms > 0;
}
