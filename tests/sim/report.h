/* What is printed of scores: a table with goals, or TAP. */
#ifndef SIM_REPORT_H
#define SIM_REPORT_H

#include "scenario.h"
#include "score.h"
#include "strategy.h"

void report_head(const struct scenario *scenario);
void report_row(const struct scenario *scenario, const struct strategy *strategy, struct score *score);

/*
 * The goals of this scenario, beside what ours and the oracle's (NULL: not run) scores are; prints them, and returns
 * how many are missed by more than `allowance` (0.25: a quarter), which few evenings need for what chance alone may do.
 */
unsigned report_goals(const struct scenario *scenario, struct score *ours, struct score *oracle, double allowance);

#endif
