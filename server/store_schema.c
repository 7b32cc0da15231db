/*
 * The tables. The three named syncplay_... are those of the plan, column by column; where PostgreSQL has a type that
 * SQLite has not, a CHECK says the same:
 *
 *     UUID           TEXT, 36 lower-case characters
 *     VARCHAR(n)     TEXT, length at most n
 *     BOOLEAN        INTEGER, 0 or 1
 *     DECIMAL(3,2)   REAL, within the range of speeds
 *     TIMESTAMPTZ    TEXT, ISO 8601 in UTC: readable, sortable, and known to SQLite's date functions
 */
#include "store_schema.h"

#include <stdio.h>

#include "log.h"
#include "store_backup.h"

#define HEX4 "[0-9a-f][0-9a-f][0-9a-f][0-9a-f]"
#define UUID_CHECK(column) "CHECK (" column " GLOB '" HEX4 HEX4 "-" HEX4 "-" HEX4 "-" HEX4 "-" HEX4 HEX4 HEX4 "')"
/* A random UUID (version 4), as gen_random_uuid() makes them. */
#define UUID_DEFAULT                                                                                                   \
    "DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' "  \
    "||"                                                                                                               \
    " substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))"
#define TIME_CHECK(column)                                                                                             \
    "CHECK (" column " IS NULL OR (" column " LIKE '____-__-__T__:__:__%Z' AND julianday(" column ") IS NOT NULL))"
#define NOW_DEFAULT "DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))"
#define BOOLEAN_CHECK(column) "CHECK (" column " IN (0, 1))"

/* clang-format off */
static const char version_1[] =
    "CREATE TABLE users ("
    "    id TEXT PRIMARY KEY NOT NULL " UUID_CHECK("id") ","
    "    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 32),"
    "    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32)," /* SHA-256; the token itself is nowhere */
    "    created_at TEXT NOT NULL " NOW_DEFAULT " " TIME_CHECK("created_at")
    ") STRICT;"

    "CREATE TABLE syncplay_sessions ("
    "    id TEXT PRIMARY KEY NOT NULL " UUID_DEFAULT " " UUID_CHECK("id") ","
    "    code TEXT NOT NULL UNIQUE CHECK (length(code) BETWEEN 1 AND 8),"
    "    host_user_id TEXT REFERENCES users(id) ON DELETE CASCADE " UUID_CHECK("host_user_id") ","
    "    content_type TEXT NOT NULL CHECK (length(content_type) BETWEEN 1 AND 50),"
    "    content_id TEXT NOT NULL " UUID_CHECK("content_id") ","
    "    visibility TEXT DEFAULT 'private' CHECK (length(visibility) <= 20),"
    "    max_participants INTEGER DEFAULT 10 CHECK (max_participants BETWEEN 1 AND 1000),"
    "    chat_enabled INTEGER DEFAULT 1 " BOOLEAN_CHECK("chat_enabled") ","
    "    is_playing INTEGER DEFAULT 0 " BOOLEAN_CHECK("is_playing") ","
    "    position_ms INTEGER DEFAULT 0 CHECK (position_ms >= 0),"
    "    playback_speed REAL DEFAULT 1.0 CHECK (playback_speed BETWEEN 0.25 AND 4),"
    "    last_sync_at TEXT " NOW_DEFAULT " " TIME_CHECK("last_sync_at") ","
    "    started_at TEXT " NOW_DEFAULT " " TIME_CHECK("started_at") ","
    "    ended_at TEXT " TIME_CHECK("ended_at") ","
    /* Beyond the plan: what is watched, for people to read, and who controls it. */
    "    title TEXT CHECK (length(title) <= 200),"
    "    url TEXT CHECK (length(url) <= 2000),"
    "    control TEXT NOT NULL DEFAULT 'everyone' CHECK (control IN ('everyone', 'host')),"
    /* The library's own saved form, from which a session is restored; all other columns are for people and queries. It is
       NULL once the session has ended. */
    "    state TEXT,"
    "    CONSTRAINT valid_visibility CHECK (visibility IN ('public', 'private', 'friends'))"
    ") STRICT;"

    "CREATE TABLE syncplay_participants ("
    "    id TEXT PRIMARY KEY NOT NULL " UUID_DEFAULT " " UUID_CHECK("id") ","
    "    session_id TEXT REFERENCES syncplay_sessions(id) ON DELETE CASCADE " UUID_CHECK("session_id") ","
    "    user_id TEXT REFERENCES users(id) ON DELETE CASCADE " UUID_CHECK("user_id") ","
    "    is_connected INTEGER DEFAULT 1 " BOOLEAN_CHECK("is_connected") ","
    "    is_ready INTEGER DEFAULT 0 " BOOLEAN_CHECK("is_ready") ","
    "    latency_ms INTEGER DEFAULT 0 CHECK (latency_ms >= 0),"
    "    joined_at TEXT " NOW_DEFAULT " " TIME_CHECK("joined_at") ","
    "    left_at TEXT " TIME_CHECK("left_at") ","
    "    UNIQUE (session_id, user_id)"
    ") STRICT;"

    "CREATE TABLE syncplay_messages ("
    "    id TEXT PRIMARY KEY NOT NULL " UUID_DEFAULT " " UUID_CHECK("id") ","
    "    session_id TEXT REFERENCES syncplay_sessions(id) ON DELETE CASCADE " UUID_CHECK("session_id") ","
    "    user_id TEXT REFERENCES users(id) ON DELETE SET NULL " UUID_CHECK("user_id") ","
    "    message TEXT NOT NULL,"
    "    created_at TEXT " NOW_DEFAULT " " TIME_CHECK("created_at")
    ") STRICT;"

    /* One row: when a running server last said that it lives. */
    "CREATE TABLE server ("
    "    id INTEGER PRIMARY KEY CHECK (id = 1),"
    "    alive_at TEXT " TIME_CHECK("alive_at")
    ") STRICT;"
    "INSERT INTO server (id, alive_at) VALUES (1, NULL);"

    "CREATE INDEX idx_syncplay_sessions_code ON syncplay_sessions(code);"
    "CREATE INDEX idx_syncplay_sessions_host ON syncplay_sessions(host_user_id);"
    "CREATE INDEX idx_syncplay_participants_session ON syncplay_participants(session_id);"
    /* Beyond the plan: what is read at start, and what foreign keys ask for. */
    "CREATE INDEX idx_syncplay_sessions_open ON syncplay_sessions(started_at) WHERE ended_at IS NULL;"
    "CREATE INDEX idx_syncplay_participants_user ON syncplay_participants(user_id);"
    "CREATE INDEX idx_syncplay_messages_session ON syncplay_messages(session_id, created_at);"
    "CREATE INDEX idx_syncplay_messages_user ON syncplay_messages(user_id);";

/*
 * Accounts: who somebody is for the issuer of their tokens; NULL for guests. The id follows from it, so the id is what is
 * unique. An account's token_hash is random bytes: no token has this hash.
 */
static const char version_2[] =
    "ALTER TABLE users ADD COLUMN subject TEXT CHECK (length(CAST(subject AS BLOB)) BETWEEN 1 AND 255);";

/* Two users who have to do with each other: one row a pair, whoever of them asked. */
static const char version_3[] =
    "CREATE TABLE friends ("
    "    user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE " UUID_CHECK("user_id") "," /* who asked */
    "    friend_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE " UUID_CHECK("friend_id") ","
    "    status TEXT NOT NULL CHECK (status IN ('requested', 'friends', 'declined')),"
    "    changed_at TEXT NOT NULL " NOW_DEFAULT " " TIME_CHECK("changed_at") ","
    "    PRIMARY KEY (user_id, friend_id),"
    "    CONSTRAINT somebody_else CHECK (user_id <> friend_id)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE UNIQUE INDEX idx_friends_pair ON friends(min(user_id, friend_id), max(user_id, friend_id));"
    "CREATE INDEX idx_friends_friend ON friends(friend_id);";
/* What the ids of accounts are made with, for ever: who knows a subject is not to know its id. (SQLite's generator is
 * seeded by the system's.) */
static const char version_4[] =
    "ALTER TABLE server ADD COLUMN secret BLOB CHECK (length(secret) = 32);"
    "UPDATE server SET secret = randomblob(32);";
/* clang-format on */

/* Number i brings version i to version i + 1. A migration that has been released is never changed. */
static const char *const migrations[] = {version_1, version_2, version_3, version_4};

#define VERSION ((int)(sizeof migrations / sizeof migrations[0]))

/* The first number that a statement without parameters gives, or -1. */
static int read_number(sqlite3 *database, const char *text)
{
    int number = -1;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(database, text, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

/* The database's version; -1, and a sentence in `why`, if it cannot be read or is newer than this program. */
static int read_version(sqlite3 *database, char *why, size_t why_size)
{
    int version = read_number(database, "PRAGMA user_version");
    if (version >= 0 && version <= VERSION)
        return version;
    if (version < 0)
        snprintf(why, why_size, "it cannot be read: %s", sqlite3_errmsg(database));
    else
        snprintf(why, why_size, "it is of version %d, made by a newer program; this one knows up to version %d",
                 version, VERSION);
    return -1;
}

bool store_schema_check(sqlite3 *database, char *why, size_t why_size)
{
    int version = read_version(database, why, why_size);
    if (version >= 0 && version < VERSION)
        snprintf(why, why_size,
                 "it is of version %d, made by an older program; a server of this version brings it to "
                 "version %d when it starts",
                 version, VERSION);
    return version == VERSION;
}

/* Copies what a migration is about to change. `copy` is the name of the copy, "" if there was nothing to be copied. */
static bool back_up(sqlite3 *database, const char *path, char copy[STORE_BACKUP_PATH_SIZE], char *why, size_t why_size)
{
    char reason[400];
    copy[0] = '\0';
    if (read_number(database, "SELECT count(*) FROM sqlite_schema") == 0)
        return true;
    snprintf(copy, STORE_BACKUP_PATH_SIZE, "%s.before-%d", path, VERSION);
    if (store_backup(path, copy, true, reason, sizeof reason))
        return true;
    snprintf(why, why_size, "it is to be brought to version %d, but cannot be copied before: %s", VERSION, reason);
    return false;
}

/* Accounts and friends were made side by side: there was a version 3 with friends and without accounts. */
static bool lacks_accounts(sqlite3 *database, int version)
{
    return version == 3 &&
           read_number(database, "SELECT count(*) FROM pragma_table_info('users') WHERE name = 'subject'") == 0;
}

static bool run(sqlite3 *database, const char *text)
{
    return sqlite3_exec(database, text, NULL, NULL, NULL) == SQLITE_OK;
}

static bool run_migrations(sqlite3 *database, int version)
{
    char set_version[64];
    snprintf(set_version, sizeof set_version, "PRAGMA user_version = %d", VERSION);
    bool good = run(database, "BEGIN EXCLUSIVE") && (!lacks_accounts(database, version) || run(database, version_2));
    for (; good && version < VERSION; version++)
        good = run(database, migrations[version]);
    return good && run(database, set_version) && run(database, "COMMIT");
}

bool store_schema_migrate(sqlite3 *database, const char *path, char *why, size_t why_size)
{
    char copy[STORE_BACKUP_PATH_SIZE];
    int version = read_version(database, why, why_size);
    if (version < 0 || version == VERSION)
        return version == VERSION;
    if (!back_up(database, path, copy, why, why_size))
        return false;
    if (copy[0] != '\0')
        log_info("database copied before it changes version=%d file=%s", version, copy);
    if (!run_migrations(database, version)) {
        snprintf(why, why_size, "it cannot be brought from version %d to %d, and stays as it was: %s", version, VERSION,
                 sqlite3_errmsg(database));
        run(database, "ROLLBACK");
        return false;
    }
    if (copy[0] != '\0')
        log_info("database migrated from=%d to=%d", version, VERSION);
    return true;
}
