/* The doors of a follower that are about the server: the connection, and what comes on it. */
#include <string.h>

#include "defaults.h"
#include "follower.h"
#include "server_message.h"

/* --- The connection */

int syncplay_follower_connected(syncplay_follower *follower, int64_t now)
{
    syncplay_command join = {.resume_token = NULL};
    if (follower && !follower->in_callback)
        kept_join_command(&follower->join, &join);
    int error = follower_begin(follower, now, follower && follower->join.is_kept ? &join : NULL);
    if (error)
        return error;
    follower->leaves = 0; /* NOLINT(clang-analyzer-core.NullDereference): follower_begin refuses NULL */
    follower->brings_token = follower->join.is_kept && join.resume_token;
    follow_connected(&follower->follow, follower->now);
    if (follower->join.is_kept)
        outgoing_put(&follower->outgoing, &join);
    follower_finish(follower);
    return SYNCPLAY_OK;
}

int syncplay_follower_disconnected(syncplay_follower *follower, int64_t now)
{
    int error = follower_begin(follower, now, NULL);
    if (error)
        return error;
    follower->brings_token = false;
    follow_disconnected(&follower->follow);
    follower_finish(follower);
    return SYNCPLAY_OK;
}

/* --- Typed */

static int check_playback(struct syncplay_follower *follower, const syncplay_playback *playback)
{
    if (playback->revision > (uint64_t)SERVER_MESSAGE_REVISION_MAX)
        return follower_fail(follower, SYNCPLAY_ERROR_FIELD, "revision must be 0 to 9007199254740992");
    if ((unsigned)playback->phase > SYNCPLAY_PAUSED)
        return follower_fail(follower, SYNCPLAY_ERROR_FIELD, "phase must be idle, waiting, playing or paused");
    if (playback->is_playing != (playback->phase == SYNCPLAY_PLAYING))
        return follower_fail(follower, SYNCPLAY_ERROR_FIELD, "is_playing must be true in the phase playing alone");
    if (playback->position < 0 || playback->position > SYNCPLAY_POSITION_MAX)
        return follower_fail(follower, SYNCPLAY_ERROR_FIELD, "position must be 0 to 9007199254740992");
    if (playback->server_time < 0 || playback->server_time > SERVER_MESSAGE_TIME_MAX)
        return follower_fail(follower, SYNCPLAY_ERROR_FIELD, "server_time must be 0 to 9007199254740992");
    if (playback->at < 0 || playback->at > SERVER_MESSAGE_TIME_MAX)
        return follower_fail(follower, SYNCPLAY_ERROR_FIELD, "at must be 0 to 9007199254740992");
    if (playback->speed < SYNCPLAY_SPEED_MIN || playback->speed > SYNCPLAY_SPEED_MAX)
        return follower_fail(follower, SYNCPLAY_ERROR_FIELD, "speed must be 25 to 400");
    return SYNCPLAY_OK;
}

int syncplay_follower_playback(syncplay_follower *follower, int64_t now, const syncplay_playback *playback)
{
    syncplay_playback ours;
    int error = follower_begin(follower, now, NULL);
    if (error)
        return error;
    syncplay_playback_default(&ours, sizeof ours);
    error = follower_take(follower, "playback", &ours, playback, sizeof ours);
    error = error ? error : check_playback(follower, &ours);
    if (error)
        return error;
    follow_playback(&follower->follow, follower->now, &ours);
    follower_finish(follower);
    return SYNCPLAY_OK;
}

int syncplay_follower_pong(syncplay_follower *follower, int64_t now, int64_t sent, int64_t server_received,
                           int64_t server_sent)
{
    int error = follower_begin(follower, now, NULL);
    if (error)
        return error;
    follow_pong(&follower->follow, follower->now, sent, server_received, server_sent);
    follower_finish(follower);
    return SYNCPLAY_OK;
}

int syncplay_follower_disturbed(syncplay_follower *follower, int64_t now)
{
    int error = follower_begin(follower, now, NULL);
    if (error)
        return error;
    follow_disturbed(&follower->follow, follower->now);
    follower_finish(follower);
    return SYNCPLAY_OK;
}

/* --- By wire */

/* A phase that says the same as is_playing. */
static syncplay_phase phase_of(const struct server_message *message, bool is_playing)
{
    if (is_playing)
        return SYNCPLAY_PLAYING;
    return message->phase < 0 || message->phase == SYNCPLAY_PLAYING ? SYNCPLAY_PAUSED : (syncplay_phase)message->phase;
}

/*
 * A server that was written from the first description of the protocol alone says less: what a command leaves open is as it
 * was, what has no time is said on arrival, and without a revision each message is news.
 */
static void take_playback(struct syncplay_follower *follower, const struct server_message *message)
{
    struct follow *follow = &follower->follow;
    bool is_state = message->kind == SERVER_MESSAGE_STATE, was_playing = follow->has_party && follow->party.playing;
    bool is_playing = message->has_playing ? message->is_playing
                      : message->action == SYNCPLAY_ACTION_SEEK ? was_playing
                                                                : message->action == SYNCPLAY_ACTION_PLAY;
    syncplay_playback playback;
    syncplay_playback_default(&playback, sizeof playback);
    playback.is_state = is_state;
    playback.is_playing = is_playing;
    playback.phase = phase_of(message, is_playing);
    playback.position = message->position;
    if (message->revision != SYNCPLAY_UNSET)
        playback.revision = (uint64_t)message->revision;
    else
        playback.revision = follow->revision + !is_state;
    playback.speed = message->speed ? message->speed : follow->has_party ? follow->party.speed : SYNCPLAY_SPEED_NORMAL;
    playback.server_time = message->server_time;
    if (message->server_time == SYNCPLAY_UNSET)
        playback.server_time = follow_server_time(follow, follower->now);
    playback.at = message->at != SYNCPLAY_UNSET ? message->at : playback.server_time;
    follow_playback(follow, follower->now, &playback);
}

/* Whether a playback without a time can be understood: only if the server's clock is known. */
static bool can_be_placed(const struct syncplay_follower *follower, const struct server_message *message)
{
    return message->server_time != SYNCPLAY_UNSET || clock_sync_is_known(&follower->follow.clock);
}

/* Whether a join that was answered so is refused, not only put off. */
static bool is_refusal(const char *code)
{
    static const char *const codes[] = {"not_found", "ended", "full", "removed", "forbidden", "bad_invitation"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (strcmp(code, codes[i]) == 0)
            return true;
    return false;
}

/*
 * The seat was given up while we were away, or a copy of us has it: we come in as anybody does. Once for each join that
 * brought a token, whatever the server says. There is room in `outgoing`: the join with the token was longer.
 */
static void join_afresh(struct syncplay_follower *follower)
{
    syncplay_command join;
    kept_join_drop_token(&follower->join);
    if (!follower->join.is_kept || !follower->brings_token)
        return;
    follower->brings_token = false;
    kept_join_command(&follower->join, &join);
    outgoing_put(&follower->outgoing, &join);
}

/*
 * A join was not granted. Who is refused follows the party no longer, and does not try again at each connection: that would
 * be taken for guessing.
 */
static void take_refusal(struct syncplay_follower *follower, const char *code)
{
    if (strcmp(code, "bad_resume_token") == 0) {
        join_afresh(follower);
    } else if (is_refusal(code)) {
        kept_join_forget(&follower->join);
        if (!follower->follow.is_joined)
            follow_left(&follower->follow);
    }
}

/* The answer to something we asked for was no. */
static void take_error(struct syncplay_follower *follower, const struct server_message *message)
{
    const char *to = message->in_reply_to;
    if (strcmp(to, "join") == 0)
        take_refusal(follower, message->code);
    if (strcmp(to, "play") == 0 || strcmp(to, "pause") == 0 || strcmp(to, "seek") == 0)
        follow_refused(&follower->follow);
}

/* It is over: for good, or until the server is back. The answer to our own leaving is no news; a new join may be under way. */
static void take_ended(struct syncplay_follower *follower, const struct server_message *message)
{
    bool is_left = strcmp(message->reason, syncplay_reason_name(SYNCPLAY_REASON_LEFT)) == 0;
    follow_left(&follower->follow);
    if (is_left && follower->leaves)
        follower->leaves--;
    else if (strcmp(message->reason, syncplay_reason_name(SYNCPLAY_REASON_SHUTDOWN)) != 0)
        kept_join_forget(&follower->join);
}

static void take(struct syncplay_follower *follower, const struct server_message *message)
{
    struct follow *follow = &follower->follow;
    /* A `resumed` says where the hub is; what was missed is only coming, and may still be lost on its way. */
    if (message->cursor != SYNCPLAY_UNSET && message->kind != SERVER_MESSAGE_RESUMED)
        kept_join_saw(&follower->join, (uint64_t)message->cursor);
    if (message->resume_token)
        kept_join_set_token(&follower->join, message->resume_token);
    switch (message->kind) {
    case SERVER_MESSAGE_STATE:
    case SERVER_MESSAGE_COMMAND:
        if (can_be_placed(follower, message))
            take_playback(follower, message);
        else
            follow->wants_state = true;
        break;
    case SERVER_MESSAGE_RESUMED:
        follow_joined(follow);
        if (message->server_time != SYNCPLAY_UNSET)
            clock_sync_hint(&follow->clock, follower->now, message->server_time);
        break;
    case SERVER_MESSAGE_PONG:
        follow_pong(follow, follower->now, message->client_timestamp, message->server_timestamp, message->server_timestamp);
        break;
    case SERVER_MESSAGE_ERROR:
        take_error(follower, message);
        break;
    case SERVER_MESSAGE_ENDED:
        take_ended(follower, message);
        break;
    default:
        break;
    }
}

int syncplay_follower_receive(syncplay_follower *follower, int64_t now, const char *bytes, size_t length)
{
    struct server_message message;
    int error = follower_begin(follower, now, NULL);
    if (error)
        return error;
    if (!bytes)
        return follower_fail(follower, SYNCPLAY_ERROR_ARGUMENT, "bytes are missing");
    if (length > follower->config.max_message_bytes)
        return follower_fail(follower, SYNCPLAY_ERROR_TOO_LARGE, "a message must be at most %u bytes",
                             follower->config.max_message_bytes);
    error = server_message_read(&message, bytes, length);
    if (error) {
        follower_fail(follower, error, "%s", message.why);
    } else {
        take(follower, &message);
        follower_finish(follower);
        if (follower->callbacks.message) {
            follower->in_callback = true;
            follower->callbacks.message(follower->user_data, message.type, bytes, length);
            follower->in_callback = false;
        }
    }
    server_message_free(&message);
    return error;
}
