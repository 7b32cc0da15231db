/*
 * Waiting for somebody: who is waited for, how long, and what that costs their budget. Pure.
 *
 * Each participant has one `struct barrier_seat`. The session asks; nothing here knows of sessions.
 */
#ifndef BARRIER_H
#define BARRIER_H

#include <stdbool.h>
#include <stdint.h>

/* Of the time a participant plays well, one part in this many comes back to its budget. */
#define BARRIER_REFILL 10
/* A budget below this is spent: such a participant is not waited for. */
#define BARRIER_BUDGET_MIN 100000
/* After an excuse, this much budget makes a ready one waited for again: a minute of clean playing, from nothing. */
#define BARRIER_BUDGET_BACK 6000000

struct barrier_seat {
    bool ready;       /* has buffered enough */
    bool excused;     /* late too long: not waited for until it was ready again */
    bool opted_out;   /* "go on without me (them)": not waited for until that is taken back */
    bool catching_up; /* joined while the film ran and has not been ready since */
    int64_t spent;    /* of its budget, at `since` */
    int64_t since;    /* when `spent` was reckoned last */
};

/* Whether the others wait for this one, provided it is connected. */
bool barrier_waits_for(const struct barrier_seat *seat);

/* What is left of its budget; 0 when that is too little to wait for. */
int64_t barrier_budget(const struct barrier_seat *seat, int64_t budget);

/* Until when a wait that began at `began` lasts for this one; call barrier_account before. */
int64_t barrier_deadline(const struct barrier_seat *seat, int64_t began, int64_t timeout, int64_t budget);

/*
 * Books the time since the last call: `waited` says that the others were waiting for it; `playing` that they played, and
 * that it did. An excuse ends here when enough has come back.
 */
void barrier_account(struct barrier_seat *seat, bool waited, bool playing, int64_t budget, int64_t now);

/* It reports readiness. Being ready ends an excuse if there is budget left, and the catching up. */
void barrier_set_ready(struct barrier_seat *seat, bool ready, int64_t budget);

#endif
