/*
 * The server's half of the wire (PROTOCOL.md), as a follower reads it: bytes in, what they say of playback, clock and seat
 * out. What is not said stays unsaid; it knows no follower, which fills the gaps.
 */
#ifndef SERVER_MESSAGE_H
#define SERVER_MESSAGE_H

#include <syncplay/event.h>

#include "json_reader.h"

/* A state is 4 levels deep as the server writes it today. */
#define SERVER_MESSAGE_DEPTH 8
#define SERVER_MESSAGE_WHY_SIZE 160
/* Times beyond this (the year 2255) are absurd, and JSON readers cannot hold their microseconds. */
#define SERVER_MESSAGE_TIME_MAX (INT64_C(1) << 53)
/* And those of our own clock beyond this (36000 years). */
#define SERVER_MESSAGE_OWN_TIME_MAX (INT64_C(1) << 60)
#define SERVER_MESSAGE_REVISION_MAX (INT64_C(1) << 53)

enum server_message_kind {
    SERVER_MESSAGE_OTHER = 0, /* of no concern for playback, or of a type that is not known */
    SERVER_MESSAGE_STATE,
    SERVER_MESSAGE_COMMAND,
    SERVER_MESSAGE_RESUMED,
    SERVER_MESSAGE_PONG,
    SERVER_MESSAGE_ERROR,
    SERVER_MESSAGE_ENDED
};

/* A message that was read; its texts live in `root` until server_message_free. Numbers that are not there are SYNCPLAY_UNSET. */
struct server_message {
    enum server_message_kind kind;
    const char *type;
    int64_t cursor;           /* of any message */
    const char *resume_token; /* of a state or resumed; NULL: not there */

    /* state, command; server_time also of a resumed */
    syncplay_action action;   /* command */
    bool has_playing, is_playing;
    int64_t position, server_time, at, revision;
    int32_t speed;            /* hundredths; 0: not there */
    int phase;                /* syncplay_phase, or -1: not there, or not known */

    int64_t client_timestamp, server_timestamp; /* pong */

    const char *code, *in_reply_to; /* error; "" where not there */
    const char *reason;             /* ended; likewise */

    json_value root;
    char why[SERVER_MESSAGE_WHY_SIZE];
};

/* SYNCPLAY_OK, or an error with its sentence in `why`; call server_message_free in both cases. */
int server_message_read(struct server_message *message, const char *bytes, size_t length);
void server_message_free(struct server_message *message);

#endif
