/*
 * What each change of a session works with: settings, memory, the time, a place for announcements and for the reason why not;
 * and the host application, which is asked about randomness, permission, friendship and films.
 */
#ifndef STEP_H
#define STEP_H

#include <syncplay/hub.h>

#include "memory.h"

struct outbox;
struct replay;

/* The hub lends it for one call. */
struct step {
    const syncplay_hub_config *config;
    const syncplay_hub_callbacks *callbacks;
    void *user_data;
    const struct memory *memory;
    struct outbox *outbox;
    struct replay *replay;
    bool *in_callback; /* set while the host application is asked, so that it cannot change anything */
    int64_t now;
    int64_t unix_offset; /* unix time = now + unix_offset */
    char *why;           /* WHY_SIZE bytes */
};

#define WHY_SIZE 200
/* The largest duration that a configuration or a command may hold: ten years. */
#define DURATION_MAX INT64_C(315360000000000)
/* Times on the caller's clock beyond this, either way, are absurd (36000 years), and would overflow where they are added. */
#define NOW_MAX (INT64_C(1) << 60)
/* The last Unix time on a hub's timeline: the year 2255, whose microseconds every JSON reader can hold. */
#define UNIX_TIME_MAX (INT64_C(1) << 53)

/* Writes the sentence of a failure and returns the error. */
int step_fail(struct step *step, int error, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Fills in random bytes; false if their source failed. */
bool step_random(const struct step *step, void *bytes, size_t length);
/* A random UUID of version 4 (RFC 9562); false likewise. */
bool step_random_id(const struct step *step, syncplay_id *id);

bool step_has_permission(const struct step *step, const syncplay_id *user, syncplay_permission permission);
bool step_are_friends(const struct step *step, const syncplay_id *host, const syncplay_id *user);
/* Why the host application does not take it; NULL if it does. */
const char *step_refuses_content(const struct step *step, const syncplay_content *content);

#endif
