/* The rules of waiting. Pure. */
#include "barrier.h"

bool barrier_waits_for(const struct barrier_seat *seat)
{
    return !seat->excused && !seat->opted_out && !seat->catching_up;
}

int64_t barrier_budget(const struct barrier_seat *seat, int64_t budget)
{
    int64_t left = budget - seat->spent;
    return left > BARRIER_BUDGET_MIN ? left : 0;
}

int64_t barrier_deadline(const struct barrier_seat *seat, int64_t began, int64_t timeout, int64_t budget)
{
    int64_t single = began + timeout, spent = seat->since + barrier_budget(seat, budget);
    return single < spent ? single : spent;
}

static void end_excuse(struct barrier_seat *seat, int64_t budget)
{
    int64_t enough = budget < BARRIER_BUDGET_BACK ? budget : BARRIER_BUDGET_BACK;
    if (seat->ready && barrier_budget(seat, budget) >= enough)
        seat->excused = false;
}

void barrier_account(struct barrier_seat *seat, bool waited, bool playing, int64_t budget, int64_t now)
{
    int64_t passed = now > seat->since ? now - seat->since : 0;
    seat->since = now;
    if (waited) {
        seat->spent += passed;
    } else if (playing && seat->ready) {
        seat->spent -= seat->spent < passed / BARRIER_REFILL ? seat->spent : passed / BARRIER_REFILL;
        end_excuse(seat, budget);
    }
}

void barrier_set_ready(struct barrier_seat *seat, bool ready, int64_t budget)
{
    seat->ready = ready;
    if (ready)
        seat->catching_up = false;
    end_excuse(seat, budget);
}
