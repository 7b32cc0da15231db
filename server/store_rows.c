/*
 * Records to rows and back; some of them in files of their own, which see SQLite as well: store_friends.c and store_history.c,
 * and below them store_schema.c and store_statement.c. Knows nothing of threads and queues.
 */
#include "store_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "clock.h"
#include "store_friends.h"
#include "store_history.h"
#include "store_schema.h"
#include "store_statement.h"

enum statement {
    BEGIN,
    COMMIT,
    ROLLBACK,
    SAVEPOINT,
    RELEASE,
    UNDO,
    PUT_SESSION,
    PUT_LEFT,
    PUT_PARTICIPANT,
    END_SESSION,
    END_PARTICIPANTS,
    PUT_MESSAGE,
    DELETE_MESSAGE,
    PUT_USER,
    DELETE_USER,
    PUT_ALIVE,
    GET_ALIVE,
    GET_SECRET,
    GET_SESSIONS,
    GET_MESSAGES,
    GET_USERS,
    GET_ENDED,
    STATEMENTS
};

/* clang-format off */
static const char *const texts[STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [SAVEPOINT] = "SAVEPOINT record",
    [RELEASE] = "RELEASE record",
    [UNDO] = "ROLLBACK TO record",

    [PUT_SESSION] =
        "INSERT INTO syncplay_sessions (id, code, host_user_id, content_type, content_id, title, url, visibility, control,"
        " max_participants, chat_enabled, is_playing, position_ms, playback_speed, last_sync_at, started_at, state)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"
        " ON CONFLICT (id) DO UPDATE SET host_user_id = ?3, content_type = ?4, content_id = ?5, title = ?6, url = ?7,"
        " visibility = ?8, control = ?9, max_participants = ?10, chat_enabled = ?11, is_playing = ?12, position_ms = ?13,"
        " playback_speed = ?14, last_sync_at = ?15, state = ?17 WHERE ended_at IS NULL",
    /* All have left; those who have not are put back by PUT_PARTICIPANT. */
    [PUT_LEFT] =
        "UPDATE syncplay_participants SET left_at = ?2, is_connected = 0, is_ready = 0"
        " WHERE session_id = ?1 AND left_at IS NULL",
    [PUT_PARTICIPANT] =
        "INSERT INTO syncplay_participants (session_id, user_id, is_connected, is_ready, latency_ms, joined_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        " ON CONFLICT (session_id, user_id) DO UPDATE SET is_connected = ?3, is_ready = ?4, latency_ms = ?5,"
        " joined_at = ?6, left_at = NULL",
    [END_SESSION] =
        "UPDATE syncplay_sessions SET ended_at = ?2, is_playing = 0, state = NULL WHERE id = ?1 AND ended_at IS NULL",
    [END_PARTICIPANTS] =
        "UPDATE syncplay_participants SET left_at = ?2, is_connected = 0, is_ready = 0"
        " WHERE session_id = ?1 AND left_at IS NULL",
    [PUT_MESSAGE] =
        "INSERT INTO syncplay_messages (id, session_id, user_id, message, created_at) VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT (id) DO NOTHING",
    [DELETE_MESSAGE] = "DELETE FROM syncplay_messages WHERE id = ?1 AND session_id = ?2",
    [PUT_USER] =
        "INSERT INTO users (id, name, token_hash, created_at, subject) VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT (id) DO UPDATE SET name = ?2 WHERE subject IS NOT NULL AND ?5 IS NOT NULL",
    [DELETE_USER] = "DELETE FROM users WHERE id = ?1",
    [PUT_ALIVE] = "UPDATE server SET alive_at = ?1 WHERE id = 1",

    [GET_ALIVE] = "SELECT alive_at FROM server WHERE id = 1",
    [GET_SECRET] = "SELECT secret FROM server WHERE id = 1",
    [GET_SESSIONS] = "SELECT id, code, state FROM syncplay_sessions WHERE ended_at IS NULL ORDER BY started_at, id",
    [GET_MESSAGES] =
        "SELECT id, user_id, name, message, created_at FROM (SELECT m.id, m.user_id, u.name, m.message, m.created_at,"
        " m.rowid AS number FROM syncplay_messages m LEFT JOIN users u ON u.id = m.user_id WHERE m.session_id = ?1"
        " ORDER BY m.created_at DESC, m.rowid DESC LIMIT ?2) ORDER BY created_at, number",
    [GET_USERS] = "SELECT id, name, token_hash, created_at, subject FROM users",
    [GET_ENDED] = "SELECT 1 FROM syncplay_sessions WHERE code = ?1 AND ended_at IS NOT NULL",
};
/* clang-format on */

struct store_rows {
    sqlite3 *database;
    sqlite3_stmt *statements[STATEMENTS];
    struct store_friends friends;
    struct store_history history;
    struct store_error error; /* of the last statement that failed */
};

/* --- Opening ---------------------------------------------------------------------------------------------- */

/* Write-ahead log, so that reading never waits for writing; FULL, so that what is committed survives a power cut. */
static bool set_pragmas(sqlite3 *database, char *why, size_t why_size)
{
    sqlite3_stmt *statement = NULL;
    bool wal = sqlite3_prepare_v2(database, "PRAGMA journal_mode = WAL", -1, &statement, NULL) == SQLITE_OK &&
               sqlite3_step(statement) == SQLITE_ROW &&
               strcmp((const char *)sqlite3_column_text(statement, 0), "wal") == 0;
    if (!wal)
        snprintf(why, why_size, "it cannot be switched to a write-ahead log: %s", sqlite3_errmsg(database));
    sqlite3_finalize(statement);
    if (!wal)
        return false;
    if (sqlite3_exec(database, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON", NULL, NULL, NULL) == SQLITE_OK)
        return true;
    snprintf(why, why_size, "it cannot be configured: %s", sqlite3_errmsg(database));
    return false;
}

static bool prepare(struct store_rows *rows, char *why, size_t why_size)
{
    if (statements_prepare(rows->database, texts, STATEMENTS, rows->statements) &&
        store_friends_prepare(&rows->friends, rows->database, &rows->error) &&
        store_history_prepare(&rows->history, rows->database, &rows->error))
        return true;
    snprintf(why, why_size, "its tables are not as they should be: %s", sqlite3_errmsg(rows->database));
    return false;
}

struct store_rows *store_rows_open(const char *path, char *why, size_t why_size)
{
    struct store_rows *rows = calloc(1, sizeof *rows);
    if (!rows) {
        snprintf(why, why_size, "no memory");
        return NULL;
    }
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &rows->database, flags, NULL) != SQLITE_OK) {
        snprintf(why, why_size, "it cannot be opened: %s",
                 rows->database ? sqlite3_errmsg(rows->database) : "no memory");
    } else {
        sqlite3_busy_timeout(rows->database, STORE_BUSY_MS);
        /* First of all the version: a database of a newer one is not touched. */
        if (store_schema_migrate(rows->database, path, why, why_size) && set_pragmas(rows->database, why, why_size) &&
            prepare(rows, why, why_size))
            return rows;
    }
    store_rows_close(rows);
    return NULL;
}

void store_rows_close(struct store_rows *rows)
{
    if (!rows)
        return;
    statements_finalize(rows->statements, STATEMENTS);
    store_friends_finalize(&rows->friends);
    store_history_finalize(&rows->history);
    sqlite3_close(rows->database);
    free(rows);
}

const char *store_rows_error(const struct store_rows *rows)
{
    return rows->error.text;
}

/* --- Writing ---------------------------------------------------------------------------------------------- */

static struct binding bind(struct store_rows *rows, enum statement statement)
{
    return (struct binding){.statement = rows->statements[statement], .error = &rows->error};
}

static bool run_plain(struct store_rows *rows, enum statement statement)
{
    struct binding binding = bind(rows, statement);
    return binding_run(&binding) == STORE_WRITTEN;
}

/* After a failure; SQLite may have rolled back by itself. */
static void roll_back(struct store_rows *rows)
{
    if (!sqlite3_get_autocommit(rows->database))
        run_plain(rows, ROLLBACK);
}

bool store_rows_begin(struct store_rows *rows)
{
    return run_plain(rows, BEGIN);
}

bool store_rows_commit(struct store_rows *rows)
{
    if (run_plain(rows, COMMIT))
        return true;
    roll_back(rows);
    return false;
}

static enum store_outcome write_participant(struct store_rows *rows, const syncplay_id *session,
                                            const struct store_participant *participant)
{
    struct binding binding = bind(rows, PUT_PARTICIPANT);
    binding_add_id(&binding, session);
    binding_add_id(&binding, &participant->user_id);
    binding_add_integer(&binding, participant->is_connected);
    binding_add_integer(&binding, participant->is_ready);
    binding_add_integer(&binding, participant->latency_ms);
    binding_add_time(&binding, participant->unix_joined);
    return binding_run(&binding);
}

/* A statement with a session's id and a time. */
static enum store_outcome write_at(struct store_rows *rows, enum statement statement, const syncplay_id *session,
                                   int64_t unix_time)
{
    struct binding binding = bind(rows, statement);
    binding_add_id(&binding, session);
    binding_add_time(&binding, unix_time);
    return binding_run(&binding);
}

static enum store_outcome write_session(struct store_rows *rows, const struct store_session *session)
{
    struct binding binding = bind(rows, PUT_SESSION);
    binding_add_id(&binding, &session->id);
    binding_add_text(&binding, session->code);
    binding_add_id(&binding, &session->host_user_id);
    binding_add_text(&binding, session->content_type);
    binding_add_id(&binding, &session->content_id);
    binding_add_text(&binding, session->title);
    binding_add_text(&binding, session->url);
    binding_add_text(&binding, syncplay_visibility_name(session->visibility));
    binding_add_text(&binding, syncplay_control_name(session->control));
    binding_add_integer(&binding, session->max_participants);
    binding_add_integer(&binding, session->chat_enabled);
    binding_add_integer(&binding, session->is_playing);
    binding_add_integer(&binding, session->position / 1000);
    binding_add_real(&binding, session->speed / 100.0);
    binding_add_time(&binding, session->unix_last_sync);
    binding_add_time(&binding, session->unix_started);
    binding_add_text(&binding, session->state);
    return binding_run(&binding);
}

static enum store_outcome write_session_and_participants(struct store_rows *rows, const struct store_session *session)
{
    enum store_outcome outcome = write_session(rows, session);
    /* Changed rows are counted: none means that the session has ended, and nobody is in it any more. */
    if (outcome != STORE_WRITTEN || sqlite3_changes(rows->database) == 0)
        return outcome;
    outcome = write_at(rows, PUT_LEFT, &session->id, clock_unix());
    for (size_t i = 0; outcome == STORE_WRITTEN && i < session->participant_count; i++)
        outcome = write_participant(rows, &session->id, &session->participants[i]);
    return outcome;
}

static enum store_outcome write_end(struct store_rows *rows, const syncplay_id *session, int64_t unix_ended)
{
    enum store_outcome outcome = write_at(rows, END_SESSION, session, unix_ended);
    return outcome == STORE_WRITTEN ? write_at(rows, END_PARTICIPANTS, session, unix_ended) : outcome;
}

/* Keeps what a record has written, or takes it back and leaves the records before it. */
static enum store_outcome conclude(struct store_rows *rows, enum store_outcome outcome)
{
    if (outcome == STORE_REFUSED && !run_plain(rows, UNDO))
        outcome = STORE_BROKEN;
    if (outcome != STORE_BROKEN && !run_plain(rows, RELEASE))
        outcome = STORE_BROKEN;
    if (outcome == STORE_BROKEN)
        roll_back(rows);
    return outcome;
}

enum store_outcome store_rows_session(struct store_rows *rows, const struct store_session *session)
{
    if (!run_plain(rows, SAVEPOINT))
        return conclude(rows, STORE_BROKEN);
    return conclude(rows, write_session_and_participants(rows, session));
}

enum store_outcome store_rows_end(struct store_rows *rows, const syncplay_id *session, int64_t unix_ended)
{
    if (!run_plain(rows, SAVEPOINT))
        return conclude(rows, STORE_BROKEN);
    return conclude(rows, write_end(rows, session, unix_ended));
}

/* A single statement is whole or not at all without a savepoint. */
static enum store_outcome conclude_single(struct store_rows *rows, enum store_outcome outcome)
{
    if (outcome == STORE_BROKEN)
        roll_back(rows);
    return outcome;
}

enum store_outcome store_rows_message(struct store_rows *rows, const struct store_message *message)
{
    struct binding binding = bind(rows, PUT_MESSAGE);
    binding_add_id(&binding, &message->id);
    binding_add_id(&binding, &message->session_id);
    binding_add_id(&binding, &message->user_id);
    binding_add_text(&binding, message->text);
    binding_add_time(&binding, message->unix_created);
    return conclude_single(rows, binding_run(&binding));
}

enum store_outcome store_rows_delete_message(struct store_rows *rows, const syncplay_id *session,
                                             const syncplay_id *message)
{
    struct binding binding = bind(rows, DELETE_MESSAGE);
    binding_add_id(&binding, message);
    binding_add_id(&binding, session);
    return conclude_single(rows, binding_run(&binding));
}

enum store_outcome store_rows_user(struct store_rows *rows, const struct store_user *user)
{
    struct binding binding = bind(rows, PUT_USER);
    binding_add_id(&binding, &user->id);
    binding_add_text(&binding, user->name);
    binding_add_blob(&binding, user->token_hash, (int)sizeof user->token_hash);
    binding_add_time(&binding, user->unix_created);
    binding_add_text(&binding, user->subject[0] == '\0' ? NULL : user->subject);
    return conclude_single(rows, binding_run(&binding));
}

enum store_outcome store_rows_delete_user(struct store_rows *rows, const syncplay_id *user)
{
    struct binding binding = bind(rows, DELETE_USER);
    binding_add_id(&binding, user);
    return conclude_single(rows, binding_run(&binding));
}

enum store_outcome store_rows_friend(struct store_rows *rows, const struct store_friend *friend)
{
    return conclude_single(rows, store_friends_put(&rows->friends, friend));
}

enum store_outcome store_rows_forget_ended(struct store_rows *rows, int64_t unix_before)
{
    return store_history_forget_ended(&rows->history, unix_before);
}

enum store_outcome store_rows_forget_guests(struct store_rows *rows, int64_t unix_before)
{
    return store_history_forget_guests(&rows->history, unix_before);
}

enum store_outcome store_rows_alive(struct store_rows *rows, int64_t unix_alive)
{
    struct binding binding = bind(rows, PUT_ALIVE);
    binding_add_time(&binding, unix_alive);
    return conclude_single(rows, binding_run(&binding));
}

/* --- Reading ---------------------------------------------------------------------------------------------- */

int64_t store_rows_read_alive(struct store_rows *rows)
{
    sqlite3_stmt *statement = rows->statements[GET_ALIVE];
    int64_t alive = sqlite3_step(statement) == SQLITE_ROW ? column_time(statement, 0) : 0;
    sqlite3_reset(statement);
    return alive;
}

bool store_rows_read_secret(struct store_rows *rows, uint8_t secret[STORE_SECRET_SIZE])
{
    sqlite3_stmt *statement = rows->statements[GET_SECRET];
    bool is_there = sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_bytes(statement, 0) == STORE_SECRET_SIZE;
    if (is_there)
        memcpy(secret, sqlite3_column_blob(statement, 0), STORE_SECRET_SIZE);
    sqlite3_reset(statement);
    return is_there;
}

bool store_rows_each_session(struct store_rows *rows,
                             void (*found)(void *, const syncplay_id *, const char *, const char *),
                             void *arg)
{
    sqlite3_stmt *statement = rows->statements[GET_SESSIONS];
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        syncplay_id id = column_id(statement, 0);
        found(arg, &id, column_text(statement, 1), column_text(statement, 2));
    }
    return statement_finish(statement, result);
}

bool store_rows_each_message(struct store_rows *rows, const syncplay_id *session, size_t limit,
                             void (*found)(void *, const struct store_message *), void *arg)
{
    struct binding binding = bind(rows, GET_MESSAGES);
    sqlite3_stmt *statement = binding.statement;
    binding_add_id(&binding, session);
    binding_add_integer(&binding, (int64_t)limit);
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        /* The texts belong to SQLite until the next step, as long as the callback; it gets them as const. */
        struct store_message message = {
            .id = column_id(statement, 0),
            .session_id = *session,
            .user_id = column_id(statement, 1),
            .user_name = (char *)(uintptr_t)column_text(statement, 2),
            .text = (char *)(uintptr_t)column_text(statement, 3),
            .unix_created = column_time(statement, 4),
        };
        found(arg, &message);
    }
    return statement_finish(statement, result) && !binding.failed;
}

bool store_rows_each_user(struct store_rows *rows, void (*found)(void *, const struct store_user *), void *arg)
{
    sqlite3_stmt *statement = rows->statements[GET_USERS];
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        struct store_user user = {.id = column_id(statement, 0), .unix_created = column_time(statement, 3)};
        snprintf(user.name, sizeof user.name, "%s", column_text(statement, 1));
        snprintf(user.subject, sizeof user.subject, "%s", column_text(statement, 4));
        if (sqlite3_column_bytes(statement, 2) == (int)sizeof user.token_hash)
            memcpy(user.token_hash, sqlite3_column_blob(statement, 2), sizeof user.token_hash);
        found(arg, &user);
    }
    return statement_finish(statement, result);
}

bool store_rows_each_friend(struct store_rows *rows, void (*found)(void *, const struct store_friend *), void *arg)
{
    return store_friends_each(&rows->friends, found, arg);
}

bool store_rows_code_ended(struct store_rows *rows, const char *code)
{
    struct binding binding = bind(rows, GET_ENDED);
    binding_add_text(&binding, code);
    bool ended = sqlite3_step(binding.statement) == SQLITE_ROW;
    statement_finish(binding.statement, SQLITE_DONE);
    return ended;
}
