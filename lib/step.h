/* What each change of a session works with: settings, memory, the time, a place for announcements and for the reason why not. */
#ifndef STEP_H
#define STEP_H

#include <syncplay/hub.h>

#include "memory.h"

struct outbox;

/* The hub lends it for one call. */
struct step {
    const syncplay_hub_config *config;
    const syncplay_hub_callbacks *callbacks;
    void *user_data;
    const struct memory *memory;
    struct outbox *outbox;
    int64_t now;
    int64_t unix_offset; /* unix time = now + unix_offset */
    char *why;           /* WHY_SIZE bytes */
};

#define WHY_SIZE 200

/* Writes the sentence of a failure and returns the error. */
int step_fail(struct step *step, int error, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
