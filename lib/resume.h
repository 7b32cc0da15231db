/*
 * Coming back to a seat: the resume token that shows who is the same client, and the answer to a join, which is either what
 * the client has missed, or everything.
 */
#ifndef RESUME_H
#define RESUME_H

#include "session.h"

/* What one who comes back may be answered with instead of everything. */
struct resumption {
    bool is_short;   /* what was missed is less than the state */
    bool was_away;   /* as the others were told, and as what was missed says */
    uint64_t cursor; /* of the last message that came */
};

/*
 * Checks the resume token of a join on this seat, if there is one, decides on the answer, and makes room for it.
 * SYNCPLAY_ERROR_RESUME, SYNCPLAY_ERROR_MEMORY.
 */
int resume_check(const struct session *session, struct step *step, const struct seat *seat,
                 const syncplay_command *command, struct resumption *resumption);

/* Answers a join, with a new token. `resumption` may be NULL. Nothing is said to a seat that is not connected. */
void resume_answer(struct session *session, struct step *step, struct seat *seat,
                   const struct resumption *resumption);

#endif
