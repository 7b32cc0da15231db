/*
 * Forgetting: sessions that ended long ago, and guests who have not been seen for long, go. Knows SQLite; knows nothing of
 * how long that is.
 */
#include "store_history.h"

enum { ENDED, GUESTS };

/* clang-format off */
static const char *const texts[STORE_HISTORY_STATEMENTS] = {
    /* A few at a time: a commit is not to take long. Participants and messages go with them (ON DELETE CASCADE). */
    [ENDED] =
        "DELETE FROM syncplay_sessions WHERE id IN"
        " (SELECT id FROM syncplay_sessions WHERE ended_at < ?1 ORDER BY ended_at LIMIT 50)",
    [GUESTS] =
        "DELETE FROM users WHERE subject IS NULL AND created_at < ?1"
        " AND NOT EXISTS (SELECT 1 FROM syncplay_participants p WHERE p.user_id = users.id)"
        " AND NOT EXISTS (SELECT 1 FROM syncplay_sessions s WHERE s.host_user_id = users.id)"
        " AND NOT EXISTS (SELECT 1 FROM friends f WHERE f.user_id = users.id)"
        " AND NOT EXISTS (SELECT 1 FROM friends f WHERE f.friend_id = users.id)",
};
/* clang-format on */

bool store_history_prepare(struct store_history *history, sqlite3 *database, struct store_error *error)
{
    history->error = error;
    return statements_prepare(database, texts, STORE_HISTORY_STATEMENTS, history->statements);
}

void store_history_finalize(struct store_history *history)
{
    statements_finalize(history->statements, STORE_HISTORY_STATEMENTS);
}

static enum store_outcome forget(struct store_history *history, int which, int64_t unix_before)
{
    struct binding binding = {.statement = history->statements[which], .error = history->error};
    binding_add_time(&binding, unix_before);
    return binding_run(&binding);
}

enum store_outcome store_history_forget_ended(struct store_history *history, int64_t unix_before)
{
    return forget(history, ENDED, unix_before);
}

enum store_outcome store_history_forget_guests(struct store_history *history, int64_t unix_before)
{
    return forget(history, GUESTS, unix_before);
}
