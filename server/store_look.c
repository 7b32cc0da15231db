/* Looking into a database. Knows SQLite and the tables; knows nothing of who asks. */
#include "store_look.h"

#include <stdio.h>

#include <sqlite3.h>

#include "store_rows.h"
#include "store_schema.h"
#include "store_statement.h"

/* clang-format off */
static const char sessions_text[] =
    "SELECT s.code, s.title, s.visibility, s.is_playing, s.position_ms, s.playback_speed, s.max_participants, s.host_user_id,"
    " u.name, s.started_at,"
    " (SELECT count(*) FROM syncplay_participants p WHERE p.session_id = s.id AND p.left_at IS NULL),"
    " (SELECT count(*) FROM syncplay_participants p WHERE p.session_id = s.id AND p.left_at IS NULL AND p.is_connected)"
    " FROM syncplay_sessions s LEFT JOIN users u ON u.id = s.host_user_id"
    " WHERE s.ended_at IS NULL AND (?1 IS NULL OR s.code = ?1) ORDER BY s.started_at, s.code";
static const char participants_text[] =
    "SELECT p.user_id, u.name, p.user_id = s.host_user_id, p.is_connected, p.is_ready, p.latency_ms, p.joined_at"
    " FROM syncplay_participants p JOIN syncplay_sessions s ON s.id = p.session_id LEFT JOIN users u ON u.id = p.user_id"
    " WHERE s.ended_at IS NULL AND s.code = ?1 AND p.left_at IS NULL ORDER BY p.joined_at, p.user_id";
static const char users_text[] =
    "SELECT u.id, u.name, u.subject IS NULL, u.created_at,"
    " (SELECT count(*) FROM friends f WHERE f.status = 'friends' AND (f.user_id = u.id OR f.friend_id = u.id)),"
    " (SELECT count(*) FROM syncplay_participants p JOIN syncplay_sessions s ON s.id = p.session_id"
    "  WHERE p.user_id = u.id AND p.left_at IS NULL AND s.ended_at IS NULL)"
    " FROM users u WHERE ?1 IS NULL OR u.id = ?1 ORDER BY u.created_at, u.id";
/* clang-format on */

/* A row that was stepped to, as a row for the operator; false if no more are wanted. */
typedef bool put_row(sqlite3_stmt *statement, const struct overview *overview);

static const char *text_or_null(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? NULL : column_text(statement, column);
}

static bool put_session(sqlite3_stmt *statement, const struct overview *overview)
{
    struct overview_session session = {
        .code = column_text(statement, 0),
        .title = text_or_null(statement, 1),
        .visibility = column_text(statement, 2),
        .is_playing = sqlite3_column_int(statement, 3) != 0,
        .position = sqlite3_column_int64(statement, 4) * 1000,
        .speed = (int32_t)(sqlite3_column_double(statement, 5) * 100 + 0.5),
        .max_participants = (uint32_t)sqlite3_column_int(statement, 6),
        .host_user_id = column_id(statement, 7),
        .host_name = text_or_null(statement, 8),
        .unix_started = column_time(statement, 9),
        .seats = (uint32_t)sqlite3_column_int(statement, 10),
        .connected = (uint32_t)sqlite3_column_int(statement, 11),
    };
    return overview_put_session(overview, &session);
}

static bool put_participant(sqlite3_stmt *statement, const struct overview *overview)
{
    struct overview_participant participant = {
        .user_id = column_id(statement, 0),
        .name = text_or_null(statement, 1),
        .is_host = sqlite3_column_int(statement, 2) != 0,
        .is_connected = sqlite3_column_int(statement, 3) != 0,
        .is_ready = sqlite3_column_int(statement, 4) != 0,
        .latency = sqlite3_column_int64(statement, 5) * 1000,
        .unix_joined = column_time(statement, 6),
    };
    return overview_put_participant(overview, &participant);
}

static bool put_user(sqlite3_stmt *statement, const struct overview *overview)
{
    struct overview_user user = {
        .user_id = column_id(statement, 0),
        .name = column_text(statement, 1),
        .is_guest = sqlite3_column_int(statement, 2) != 0,
        .unix_created = column_time(statement, 3),
        .friends = sqlite3_column_int64(statement, 4),
        .seats = sqlite3_column_int64(statement, 5),
    };
    return overview_put_user(overview, &user);
}

static sqlite3 *open_database(const char *path, char *why, size_t why_size)
{
    char reason[300];
    sqlite3 *database = NULL;
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        snprintf(reason, sizeof reason, "%s", database ? sqlite3_errmsg(database) : "no memory");
    else if (sqlite3_busy_timeout(database, STORE_BUSY_MS), store_schema_check(database, reason, sizeof reason))
        return database;
    snprintf(why, why_size, "database %s: %s", path, reason);
    sqlite3_close(database);
    return NULL;
}

/* All rows that a statement gives for its one parameter, a text or NULL. */
static enum store_look_answer each(sqlite3 *database, const char *text, const char *parameter, put_row *put,
                                   const struct overview *overview)
{
    sqlite3_stmt *statement = NULL;
    enum store_look_answer answer = STORE_LOOK_NOTHING;
    int result = sqlite3_prepare_v2(database, text, -1, &statement, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_bind_text(statement, 1, parameter, -1, SQLITE_STATIC);
    while (result == SQLITE_OK || result == SQLITE_ROW) {
        result = sqlite3_step(statement);
        if (result == SQLITE_ROW && !put(statement, overview))
            break;
        if (result == SQLITE_ROW)
            answer = STORE_LOOK_FOUND;
    }
    sqlite3_finalize(statement);
    return result == SQLITE_DONE ? answer : STORE_LOOK_FAILED;
}

static enum store_look_answer conclude(sqlite3 *database, const char *path, enum store_look_answer answer, char *why,
                                       size_t why_size)
{
    if (answer == STORE_LOOK_FAILED)
        snprintf(why, why_size, "database %s: %s", path, sqlite3_errmsg(database));
    sqlite3_close(database);
    return answer;
}

enum store_look_answer store_look_sessions(const char *path, const char *code, const struct overview *overview,
                                           char *why, size_t why_size)
{
    sqlite3 *database = open_database(path, why, why_size);
    if (database == NULL)
        return STORE_LOOK_FAILED;
    enum store_look_answer answer = each(database, sessions_text, code, put_session, overview);
    if (answer == STORE_LOOK_FOUND && code != NULL &&
        each(database, participants_text, code, put_participant, overview) == STORE_LOOK_FAILED)
        answer = STORE_LOOK_FAILED;
    return conclude(database, path, answer, why, why_size);
}

enum store_look_answer store_look_users(const char *path, const syncplay_id *id, const struct overview *overview,
                                        char *why, size_t why_size)
{
    char text[SYNCPLAY_ID_SIZE];
    sqlite3 *database = open_database(path, why, why_size);
    if (database == NULL)
        return STORE_LOOK_FAILED;
    if (id != NULL)
        syncplay_id_format(id, text);
    return conclude(database, path, each(database, users_text, id != NULL ? text : NULL, put_user, overview), why,
                    why_size);
}
