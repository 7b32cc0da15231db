/* Coming back to a seat. */
#include "resume.h"

#include "access.h"
#include "announce.h"
#include "describe.h"
#include "rights.h"

/* Of a chat message of the history beside its text and its author's name, and of a `resumed`, in bytes. */
enum { CHAT_BYTES = 180, RESUMED_BYTES = 700 };

/* About how long the whole answer would be. */
static size_t measure_state(const struct session *session, const struct step *step, const struct seat *seat)
{
    struct json_writer counter;
    json_begin(&counter, NULL, 0);
    describe_state(&counter, session, step, seat, NULL, step->outbox->cursor);
    return counter.length + session->history.text_bytes + session->history.count * (size_t)CHAT_BYTES;
}

static bool may_see(const struct session *session, const struct seat *seat, const struct replay_message *message)
{
    return !message->right || (rights_of(session, seat) & message->right);
}

int resume_check(const struct session *session, struct step *step, const struct seat *seat,
                 const syncplay_command *command, struct resumption *resumption)
{
    struct replay_message message;
    size_t at = 0, count = 0, bytes = RESUMED_BYTES;
    *resumption = (struct resumption){.was_away = seat->told_away, .cursor = command->cursor};
    if (!command->resume_token)
        return SYNCPLAY_OK;
    struct token_hash shown = token_hash_of(command->resume_token);
    if (!token_is_same(&shown, &seat->resume))
        return step_fail(step, SYNCPLAY_ERROR_RESUME, "resume_token is outdated: join without it to take the seat over");
    bool has_more_lists = rights_of(session, seat) & ACCESS_WITH_LISTS & ~seat->told_lists;
    if (command->cursor < seat->first_cursor || has_more_lists ||
        !replay_reaches(step->replay, command->cursor, step->outbox->cursor)) /* nor does it ever reach 0, for none */
        return SYNCPLAY_OK;
    while (replay_next(step->replay, &session->id, command->cursor, &at, &message))
        if (may_see(session, seat, &message)) {
            count++;
            bytes += message.length;
        }
    resumption->is_short = bytes < measure_state(session, step, seat);
    /* There is room for a state, and so for the bytes; but not for so many messages. */
    return !resumption->is_short || announce_reserve_again(session, step, count) ? SYNCPLAY_OK : SYNCPLAY_ERROR_MEMORY;
}

static void answer_shortly(struct session *session, struct step *step, struct seat *seat, const char *token,
                           const struct resumption *resumption)
{
    struct replay_message message;
    size_t at = 0;
    announce_resumed(step, session, seat, token);
    while (replay_next(step->replay, &session->id, resumption->cursor, &at, &message))
        if (may_see(session, seat, &message))
            announce_again(step, session, seat->connection, message.bytes, message.length);
    if (resumption->was_away)
        announce_participant(step, session, to_one(seat->connection), seat, SYNCPLAY_CHANGE_RETURNED,
                             SYNCPLAY_REASON_NONE);
}

void resume_answer(struct session *session, struct step *step, struct seat *seat, const struct resumption *resumption)
{
    char text[SYNCPLAY_TOKEN_SIZE];
    if (!seat->connection)
        return;
    /* Without random bytes there is no token: then a lost connection is a seat to be taken over, no more. */
    const char *token = token_make(step, text, &seat->resume) ? text : NULL;
    if (!token)
        seat->resume = (struct token_hash){{0}};
    if (resumption && resumption->is_short) {
        answer_shortly(session, step, seat, token, resumption);
        return;
    }
    announce_state(step, session, seat, token);
    announce_history(step, session, seat->connection);
}
