/*
 * Every way in which a call can fail: one table of (name, number, wire code, sentence).
 *
 * The numbers are part of the ABI and the wire codes part of the protocol: new rows go to the end.
 */
#ifndef SYNCPLAY_ERROR_H
#define SYNCPLAY_ERROR_H

#include <syncplay/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The table: a row X(name, number, wire code, sentence) for each. */
/* clang-format off */
#define SYNCPLAY_ERRORS(X)                                                                            \
    X(SYNCPLAY_OK,                    0, "ok",               "no error")                              \
    X(SYNCPLAY_ERROR_ARGUMENT,       -1, "bad_argument",     "an argument is missing or out of range") \
    X(SYNCPLAY_ERROR_MEMORY,         -2, "no_memory",        "no memory")                             \
    X(SYNCPLAY_ERROR_REENTRANT,      -3, "reentrant",        "a mutating call was made from inside a callback") \
    X(SYNCPLAY_ERROR_BUFFER,         -4, "small_buffer",     "the buffer is too small")               \
    X(SYNCPLAY_ERROR_ENTROPY,        -5, "no_entropy",       "the source of random bytes failed")     \
    X(SYNCPLAY_ERROR_LIMIT,          -6, "limit",            "a configured limit is reached")         \
    X(SYNCPLAY_ERROR_EXISTS,         -7, "exists",           "it exists already")                     \
    X(SYNCPLAY_ERROR_NOT_FOUND,      -8, "not_found",        "there is no such session or participant") \
    X(SYNCPLAY_ERROR_ENDED,          -9, "ended",            "the session has ended")                 \
    X(SYNCPLAY_ERROR_FULL,          -10, "full",             "the session is full")                   \
    X(SYNCPLAY_ERROR_REMOVED,       -11, "removed",          "this user was removed from the session") \
    X(SYNCPLAY_ERROR_FORBIDDEN,     -12, "forbidden",        "this user may not do that")             \
    X(SYNCPLAY_ERROR_NOT_JOINED,    -13, "not_joined",       "join a session first")                  \
    X(SYNCPLAY_ERROR_JOINED,        -14, "already_joined",   "this connection has joined another session") \
    X(SYNCPLAY_ERROR_STALE,         -15, "stale",            "the command is based on an outdated revision") \
    X(SYNCPLAY_ERROR_DUPLICATE,     -16, "duplicate",        "a command or message with this id was accepted before") \
    X(SYNCPLAY_ERROR_RATE,          -17, "rate_limited",     "too many messages, wait a little")      \
    X(SYNCPLAY_ERROR_CHAT_DISABLED, -18, "chat_disabled",    "chat is switched off in this session")  \
    X(SYNCPLAY_ERROR_MALFORMED,     -19, "malformed",        "not a well-formed message")             \
    X(SYNCPLAY_ERROR_TYPE,          -20, "unknown_type",     "unknown message type")                  \
    X(SYNCPLAY_ERROR_FIELD,         -21, "bad_field",        "a field is missing, of the wrong type or out of range") \
    X(SYNCPLAY_ERROR_TOO_LARGE,     -22, "too_large",        "the message is too large")              \
    X(SYNCPLAY_ERROR_SNAPSHOT,      -23, "bad_snapshot",     "not a saved session that this version can read") \
    X(SYNCPLAY_ERROR_INVITATION,    -24, "bad_invitation",   "the invitation is not valid, or not any more") \
    X(SYNCPLAY_ERROR_RESUME,        -25, "bad_resume_token", "the resume token is outdated; join without it")
/* clang-format on */

/* The errors of that table. */
typedef enum syncplay_error {
#define SYNCPLAY_ERROR_ROW(name, number, code, sentence) name = number,
    SYNCPLAY_ERRORS(SYNCPLAY_ERROR_ROW)
#undef SYNCPLAY_ERROR_ROW
} syncplay_error;

/* The sentence of `error`, in English, without a full stop. Never NULL; static. */
SYNCPLAY_API const char *syncplay_strerror(int error);

/* The code of `error` as it stands on the wire, such as "not_found". Never NULL; static. */
SYNCPLAY_API const char *syncplay_error_code(int error);

#ifdef __cplusplus
}
#endif

#endif
