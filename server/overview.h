/*
 * What an operator sees: a row is one JSON object on a line, the same from a running server and from a database that
 * none uses. Knows neither.
 */
#ifndef SERVER_OVERVIEW_H
#define SERVER_OVERVIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <syncplay/id.h>
#include <syncplay/session.h>

/* Times are Unix times in microseconds. What is not known is NULL. */
struct overview_session {
    const char *code;
    const char *title;
    const char *visibility;
    const char *phase;
    bool is_playing;
    int64_t position; /* microseconds */
    int32_t speed;    /* hundredths */
    uint32_t seats, connected, max_participants;
    syncplay_id host_user_id;
    const char *host_name;
    int64_t unix_started;
};

struct overview_participant {
    syncplay_id user_id;
    const char *name;
    const char *role;
    bool is_host, is_connected, is_ready, is_knocking;
    int64_t latency; /* microseconds */
    int64_t unix_joined;
};

struct overview_user {
    syncplay_id user_id;
    const char *name;
    bool is_guest;
    int64_t unix_created;
    int64_t friends, seats;
};

/* Takes a row, without its end of line. False: no more rows are wanted. */
struct overview {
    void *arg;
    bool (*row)(void *arg, const char *text, size_t length);
    int64_t unix_now; /* from which ages count */
};

/* False if the row could not be written, or no more are wanted. */
bool overview_put_session(const struct overview *overview, const struct overview_session *session);
bool overview_put_participant(const struct overview *overview, const struct overview_participant *participant);
bool overview_put_user(const struct overview *overview, const struct overview_user *user);

#endif
