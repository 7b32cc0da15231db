/*
 * Looking a session up by its code on somebody's behalf, over REST or WebSocket: the one place where wrong guesses and
 * knocks are counted. Knows neither HTTP nor sockets.
 *
 * A guess is wrong when there is no such session, and also when it has ended: that there was one tells a guesser that
 * codes like it are worth trying, and whoever follows an old link has some guesses free. While somebody is refused,
 * right guesses are refused as well; but who has a seat, or knocks, may come back to it at any time.
 */
#ifndef SERVER_CODE_LOOKUP_H
#define SERVER_CODE_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <syncplay/syncplay.h>

struct client_address;
struct quotas;

struct code_asker {
    const syncplay_id *user;
    const struct client_address *from;
    bool wants_in; /* to join, and not only to know */
};

/* Why one has to wait, and how long; static. */
struct code_wait {
    const char *why;
    int seconds;
};

/*
 * Finds a session in the entered hub of its shard. SYNCPLAY_OK and *session, SYNCPLAY_ERROR_NOT_FOUND, SYNCPLAY_ERROR_ENDED, or SYNCPLAY_ERROR_RATE and *wait.
 */
int code_lookup(struct quotas *quotas, const syncplay_hub *hub, int64_t now, const char *code, size_t length,
                const struct code_asker *asker, syncplay_id *session, struct code_wait *wait);

#endif
