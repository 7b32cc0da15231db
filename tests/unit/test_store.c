/* The store: what is put is there after opening again, the seed's rules hold, and neither a bad record, a full disk nor
 * a kill loses what was acknowledged. */
// needs: server/store.o server/store_thread.o server/store_rows.o server/store_friends.o server/store_schema.o server/store_queue.o
// needs: server/timestamp.o server/clock.o server/log.o -lsqlite3 -lpthread
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "../../server/clock.h"
#include "../../server/log.h"
#include "../../server/store.h"
#include "../../server/store_queue.h"
#include "../../server/timestamp.h"

#define STARTED INT64_C(1700000000123456)

static char folder[64];
static char path[96];
static char why[256];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/test_store.XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/test.db", folder);
    return 0;
}

static int remove_folder(void **state)
{
    static const char *const endings[] = {"", "-wal", "-shm", ".before-4"};
    (void)state;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        unlink(name);
    }
    return rmdir(folder);
}

/* --- Things to put ---------------------------------------------------------------------------------------- */

static syncplay_id id_of(uint32_t number)
{
    syncplay_id id = {{0}};
    for (size_t i = 0; i < 4; i++)
        id.bytes[15 - i] = (uint8_t)(number >> (8 * i));
    id.bytes[0] = 0xab;
    return id;
}

static struct store_user user_of(uint32_t number)
{
    struct store_user user = {.id = id_of(number), .unix_created = STARTED};
    snprintf(user.name, sizeof user.name, "user %u", number);
    memcpy(user.token_hash, user.id.bytes, 16);
    return user;
}

static struct store_session *session_of(uint32_t number, const char *code, uint32_t host)
{
    struct store_session *session = calloc(1, sizeof *session);
    assert_non_null(session);
    session->id = id_of(number);
    snprintf(session->code, sizeof session->code, "%s", code);
    session->host_user_id = id_of(host);
    session->content_type = strdup("movie");
    session->content_id = id_of(9999);
    session->title = strdup("Caf\xc3\xa9");
    session->visibility = SYNCPLAY_PRIVATE;
    session->max_participants = 20;
    session->chat_enabled = true;
    session->is_playing = true;
    session->position = 61234000;
    session->speed = 125;
    session->unix_last_sync = STARTED;
    session->unix_started = STARTED;
    session->state = strdup("{\"a\":1}");
    return session;
}

static void add_participant(struct store_session *session, uint32_t user)
{
    size_t size = (session->participant_count + 1) * sizeof *session->participants;
    session->participants = realloc(session->participants, size);
    assert_non_null(session->participants);
    session->participants[session->participant_count++] = (struct store_participant){
        .user_id = id_of(user), .is_connected = true, .is_ready = true, .latency_ms = 12, .unix_joined = STARTED};
}

static struct store_message *message_of(uint32_t number, uint32_t session, uint32_t user, const char *text)
{
    struct store_message *message = calloc(1, sizeof *message);
    assert_non_null(message);
    message->id = id_of(number);
    message->session_id = id_of(session);
    message->user_id = id_of(user);
    message->text = strdup(text);
    message->unix_created = STARTED + number;
    return message;
}

static struct store *open_store(void)
{
    struct store *store = store_open(path, why, sizeof why);
    if (!store)
        fail_msg("%s", why);
    return store;
}

static uint64_t put_user(struct store *store, uint32_t number)
{
    struct store_user user = user_of(number);
    return store_put_user(store, &user);
}

/* --- Looking from outside --------------------------------------------------------------------------------- */

/* Runs a query with one row, and gives its columns, joined by '|'. */
static void run_query(const char *query, char row[1024])
{
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    row[0] = '\0';
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, query, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    for (int i = 0; i < sqlite3_column_count(statement); i++) {
        const unsigned char *text = sqlite3_column_text(statement, i);
        snprintf(row + strlen(row), 1024 - strlen(row), "%s%s", i ? "|" : "", text ? (const char *)text : "NULL");
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
}

static bool query_says(const char *query, const char *expected)
{
    char row[1024];
    run_query(query, row);
    return strcmp(row, expected) == 0;
}

static void assert_query(const char *query, const char *expected)
{
    char row[1024];
    run_query(query, row);
    assert_string_equal(row, expected);
}

/* Runs a statement; returns SQLite's primary result. */
static int run_sql(const char *sql)
{
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    sqlite3_exec(database, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
    int result = sqlite3_exec(database, sql, NULL, NULL, NULL);
    sqlite3_close(database);
    return result & 0xff;
}

struct seen {
    size_t count;
    char text[512];
};

static void see(struct seen *seen, const char *text)
{
    size_t length = strlen(seen->text);
    snprintf(seen->text + length, sizeof seen->text - length, "%s;", text);
    seen->count++;
}

static void see_session(void *arg, const syncplay_id *id, const char *code, const char *state)
{
    char text[SYNCPLAY_ID_SIZE];
    syncplay_id_format(id, text);
    see(arg, text + 34);
    see(arg, code);
    see(arg, state);
}

static void see_message(void *arg, const struct store_message *message)
{
    see(arg, message->user_name);
    see(arg, message->text);
    assert_int_equal(message->unix_created, STARTED + message->id.bytes[15]);
}

static void see_user(void *arg, const struct store_user *user)
{
    struct store_user expected = user_of(user->id.bytes[15]);
    assert_memory_equal(user->token_hash, expected.token_hash, sizeof expected.token_hash);
    assert_int_equal(user->unix_created, STARTED);
    see(arg, user->name);
}

static uint64_t put_friend(struct store *store, uint32_t user, uint32_t friend, enum store_friend_status status)
{
    struct store_friend row = {id_of(user), id_of(friend), status, STARTED + user};
    return store_put_friend(store, &row);
}

static void see_friend(void *arg, const struct store_friend *friend)
{
    char text[32];
    snprintf(text, sizeof text, "%d %d %d", friend->user_id.bytes[15], friend->friend_id.bytes[15], friend->status);
    assert_int_equal(friend->unix_changed, STARTED + friend->user_id.bytes[15]);
    see(arg, text);
}

/* --- Tests ------------------------------------------------------------------------------------------------ */

static void test_what_was_put_is_there_again(void **state)
{
    (void)state;
    struct store *store = open_store();
    assert_int_equal(store_alive(store), 0);
    put_user(store, 1);
    put_user(store, 2);
    struct store_session *session = session_of(50, "ABCD2345", 1);
    add_participant(session, 1);
    add_participant(session, 2);
    store_put_session(store, session);
    store_put_message(store, message_of(70, 50, 1, "one"));
    store_put_message(store, message_of(71, 50, 2, "two"));
    assert_true(store_wait(store, store_put_message(store, message_of(72, 50, 1, "three"))));
    store_close(store);

    store = open_store();
    struct seen sessions = {0}, messages = {0}, users = {0};
    assert_true(store_each_session(store, see_session, &sessions));
    assert_string_equal(sessions.text, "32;ABCD2345;{\"a\":1};");
    syncplay_id id = id_of(50);
    assert_true(store_each_message(store, &id, 2, see_message, &messages));
    assert_string_equal(messages.text, "user 2;two;user 1;three;");
    assert_true(store_each_user(store, see_user, &users));
    assert_int_equal(users.count, 2);
    assert_true(store_alive(store) > STARTED);
    store_close(store);

    assert_query(
        "SELECT code, host_user_id, content_type, visibility, control, max_participants, chat_enabled, is_playing,"
        " position_ms, playback_speed, last_sync_at, ended_at, title, url FROM syncplay_sessions",
        "ABCD2345|ab000000-0000-0000-0000-000000000001|movie|private|everyone|20|1|1|61234|1.25|"
        "2023-11-14T22:13:20.123456Z|NULL|Caf\xc3\xa9|NULL");
    assert_query("SELECT count(*), sum(is_connected), sum(is_ready), min(latency_ms), min(joined_at), count(left_at)"
                 " FROM syncplay_participants",
                 "2|2|2|12|2023-11-14T22:13:20.123456Z|0");
}

static void test_participants_leave_and_keep_their_row(void **state)
{
    (void)state;
    struct store *store = open_store();
    put_user(store, 1);
    put_user(store, 2);
    struct store_session *session = session_of(50, "ABCD2345", 1);
    add_participant(session, 1);
    add_participant(session, 2);
    assert_true(store_wait(store, store_put_session(store, session)));
    assert_int_equal(run_sql("CREATE TABLE before AS SELECT id, user_id FROM syncplay_participants"), SQLITE_OK);

    session = session_of(50, "ABCD2345", 1);
    add_participant(session, 1);
    assert_true(store_wait(store, store_put_session(store, session)));
    assert_query("SELECT count(*), sum(left_at IS NOT NULL AND is_connected = 0) FROM syncplay_participants", "2|1");

    session = session_of(50, "ABCD2345", 1);
    add_participant(session, 1);
    add_participant(session, 2);
    assert_true(store_wait(store, store_put_session(store, session)));
    assert_query("SELECT count(*), count(left_at), sum(is_connected) FROM syncplay_participants", "2|0|2");
    assert_query("SELECT count(*) FROM before JOIN syncplay_participants USING (id, user_id)", "2");
    store_close(store);
}

static void test_an_ended_session_stays_ended(void **state)
{
    (void)state;
    struct store *store = open_store();
    put_user(store, 1);
    struct store_session *session = session_of(50, "ABCD2345", 1);
    add_participant(session, 1);
    store_put_session(store, session);
    syncplay_id id = id_of(50);
    assert_true(store_wait(store, store_end_session(store, &id, STARTED + 1000000)));
    assert_true(store_code_ended(store, "ABCD2345"));
    assert_false(store_code_ended(store, "ABCD2346"));
    session = session_of(50, "ABCD2345", 1);
    add_participant(session, 1);
    assert_true(store_wait(store, store_put_session(store, session)));
    struct seen sessions = {0};
    assert_true(store_each_session(store, see_session, &sessions));
    assert_int_equal(sessions.count, 0);
    store_close(store);
    assert_query("SELECT ended_at, is_playing, state FROM syncplay_sessions", "2023-11-14T22:13:21.123456Z|0|NULL");
    assert_query("SELECT left_at, is_connected FROM syncplay_participants", "2023-11-14T22:13:21.123456Z|0");
}

static void test_a_message_is_deleted_in_its_session_alone(void **state)
{
    (void)state;
    struct store *store = open_store();
    put_user(store, 1);
    store_put_session(store, session_of(50, "ABCD2345", 1));
    store_put_session(store, session_of(51, "ABCD2346", 1));
    store_put_message(store, message_of(70, 50, 1, "one"));
    store_put_message(store, message_of(71, 50, 1, "two"));
    syncplay_id session = id_of(50), other = id_of(51), message = id_of(70), kept = id_of(71);
    store_delete_message(store, &other, &kept);
    assert_true(store_wait(store, store_delete_message(store, &session, &message)));
    assert_true(store_wait(store, store_delete_message(store, &session, &message)));
    store_close(store);
    assert_query("SELECT group_concat(message) FROM syncplay_messages", "two");
}

static void test_a_bad_record_does_not_lose_the_others(void **state)
{
    (void)state;
    struct store *store = open_store();
    uint64_t first = put_user(store, 1);
    struct store_session *bad = session_of(50, "ABCD2345", 1);
    add_participant(bad, 77); /* nobody */
    uint64_t refused = store_put_session(store, bad);
    uint64_t good = store_put_session(store, session_of(51, "ABCD2346", 1));
    uint64_t taken = store_put_session(store, session_of(52, "ABCD2346", 1)); /* the same code */
    uint64_t orphan = store_put_message(store, message_of(70, 60, 1, "into the void"));
    uint64_t last = store_put_message(store, message_of(71, 51, 1, "hello"));
    assert_true(store_wait(store, last));
    assert_true(store_wait(store, first));
    assert_false(store_wait(store, refused));
    assert_true(store_wait(store, good));
    assert_false(store_wait(store, taken));
    assert_false(store_wait(store, orphan));
    store_close(store);
    assert_query("SELECT group_concat(code) FROM syncplay_sessions", "ABCD2346");
    assert_query("SELECT message FROM syncplay_messages", "hello");
}

static void test_friends_have_one_row_a_pair(void **state)
{
    (void)state;
    struct store *store = open_store();
    for (uint32_t i = 1; i <= 5; i++)
        put_user(store, i);
    put_friend(store, 1, 2, STORE_REQUESTED);
    put_friend(store, 2, 1, STORE_FRIENDS); /* the other direction is the same pair */
    put_friend(store, 3, 1, STORE_DECLINED);
    put_friend(store, 4, 1, STORE_REQUESTED);
    put_friend(store, 1, 4, STORE_NO_FRIENDS);
    uint64_t refused = put_friend(store, 1, 77, STORE_REQUESTED); /* nobody */
    assert_true(store_wait(store, put_friend(store, 5, 2, STORE_REQUESTED)));
    assert_false(store_wait(store, refused));
    store_close(store);

    store = open_store();
    struct seen friends = {0};
    assert_true(store_each_friend(store, see_friend, &friends));
    assert_string_equal(friends.text, "2 1 2;3 1 3;5 2 1;");
    store_close(store);
    assert_query("SELECT user_id, friend_id, status, changed_at FROM friends WHERE status = 'friends'",
                 "ab000000-0000-0000-0000-000000000002|ab000000-0000-0000-0000-000000000001|friends|"
                 "2023-11-14T22:13:20.123458Z");
    assert_int_equal(run_sql("DELETE FROM users WHERE name = 'user 1'"), SQLITE_OK);
    assert_query("SELECT count(*), min(user_id) FROM friends", "1|ab000000-0000-0000-0000-000000000005");
}

static void test_the_table_of_friends_keeps_its_rules(void **state)
{
    (void)state;
#define ONE "'ab000000-0000-0000-0000-000000000001'"
#define TWO "'ab000000-0000-0000-0000-000000000002'"
#define FRIEND "INSERT INTO friends (user_id, friend_id, status"
    static const char *const bad[] = {
        FRIEND ") VALUES (" TWO ", " ONE ", 'requested')",                              /* the pair is there */
        FRIEND ") VALUES (" ONE ", " ONE ", 'friends')",                                /* oneself */
        FRIEND ") VALUES (" ONE ", 'ab000000-0000-0000-0000-00000000000f', 'friends')", /* nobody */
        FRIEND ") VALUES (" ONE ", 'x', 'friends')",                                    /* not a UUID */
        FRIEND ") VALUES (" ONE ", NULL, 'friends')",                                   /* none */
        "UPDATE friends SET status = 'enemies'",
        "UPDATE friends SET changed_at = 'yesterday'",
    };
    struct store *store = open_store();
    put_user(store, 1);
    assert_true(store_wait(store, put_user(store, 2)));
    store_close(store);
    assert_int_equal(run_sql(FRIEND ") VALUES (" ONE ", " TWO ", 'requested')"), SQLITE_OK);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (run_sql(bad[i]) != SQLITE_CONSTRAINT)
            fail_msg("not refused: %s", bad[i]);
    assert_query("SELECT count(*), status, changed_at IS NOT NULL FROM friends", "1|requested|1");
}

static void test_a_secret_stays(void **state)
{
    (void)state;
    uint8_t first[STORE_SECRET_SIZE];
    struct store *store = open_store();
    memcpy(first, store_secret(store), sizeof first);
    store_close(store);
    assert_query("SELECT length(secret), secret <> zeroblob(32) FROM server", "32|1");
    store = open_store();
    assert_memory_equal(store_secret(store), first, sizeof first);
    store_close(store);
    /* Another database has another one; one that has lost it is not opened, for its accounts would be strangers. */
    assert_int_equal(run_sql("ALTER TABLE server DROP COLUMN secret; PRAGMA user_version = 3"), SQLITE_OK);
    store = open_store();
    assert_memory_not_equal(store_secret(store), first, sizeof first);
    store_close(store);
    assert_int_equal(run_sql("UPDATE server SET secret = NULL"), SQLITE_OK);
    assert_null(store_open(path, why, sizeof why));
    assert_non_null(strstr(why, "its secret is missing"));
}

/* As it was before there were friends. */
static void test_a_database_without_friends_gets_them(void **state)
{
    (void)state;
    struct store *store = open_store();
    assert_true(store_wait(store, put_user(store, 1)));
    store_close(store);
    assert_int_equal(run_sql("DROP TABLE friends; ALTER TABLE server DROP COLUMN secret; PRAGMA user_version = 2"),
                     SQLITE_OK);
    store = open_store();
    put_user(store, 2);
    assert_true(store_wait(store, put_friend(store, 1, 2, STORE_FRIENDS)));
    store_close(store);
    assert_query("PRAGMA user_version", "4");
    assert_query("SELECT count(*) FROM users", "2");
}

static void test_a_queued_session_is_replaced(void **state)
{
    (void)state;
    struct store_queue *queue = malloc(sizeof *queue);
    assert_non_null(queue);
    store_queue_init(queue);
    const struct store_record *first = store_queue_put_session(queue, session_of(50, "ABCD2345", 1));
    store_queue_put_session(queue, session_of(51, "ABCD2346", 1));
    struct store_session *newer = session_of(50, "ABCD2345", 1);
    assert_ptr_equal(store_queue_put_session(queue, newer), first);
    assert_ptr_equal(first->session, newer);
    assert_int_equal(queue->count, 2);
    for (size_t i = 2; i < STORE_QUEUE_MAX; i++)
        assert_non_null(store_queue_add(queue, STORE_USER));
    assert_null(store_queue_add(queue, STORE_USER));
    struct store_session *unknown = session_of(52, "ABCD2347", 1);
    assert_null(store_queue_put_session(queue, unknown));
    store_session_free(unknown);
    assert_ptr_equal(store_queue_put_session(queue, session_of(50, "ABCD2345", 1)), first);
    store_records_free(store_queue_take(queue));
    assert_non_null(store_queue_add(queue, STORE_USER));
    assert_int_equal(queue->first->ticket, STORE_QUEUE_MAX + 1);
    store_records_free(store_queue_take(queue));
    free(queue);
}

/* While files may not grow, nothing can be written; when they may again, the kept batch is. */
static void test_a_full_disk_is_survived(void **state)
{
    (void)state;
    struct store *store = open_store();
    assert_true(store_wait(store, put_user(store, 1)));
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit none = {.rlim_cur = 1024, .rlim_max = before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    uint64_t ticket = put_user(store, 2);
    bool failed = !store_wait(store, ticket);
    uint64_t later = put_user(store, 3);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_true(failed);
    while (!store_wait(store, ticket) || !store_wait(store, later))
        usleep(1000);
    store_close(store);
    assert_query("SELECT group_concat(name) FROM (SELECT name FROM users ORDER BY name)", "user 1,user 2,user 3");
}

/* The child writes and tells what it waited for; then it is killed in the middle of it. */
static void run_child(int pipe_end)
{
    struct store *store = store_open(path, why, sizeof why);
    for (uint32_t i = 1; store; i++) {
        put_user(store, 2 * i);
        if (!store_wait(store, put_user(store, 2 * i + 1)) || write(pipe_end, &i, sizeof i) != sizeof i)
            break;
        put_user(store, 1000000 + i); /* so that a write is always under way */
    }
    _exit(1);
}

static void test_a_kill_loses_nothing_that_was_waited_for(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        run_child(ends[1]);
    close(ends[1]);
    uint32_t last = 0;
    for (int i = 0; i < 50; i++)
        assert_int_equal(read(ends[0], &last, sizeof last), sizeof last);
    assert_int_equal(kill(child, SIGKILL), 0);
    while (read(ends[0], &last, sizeof last) == sizeof last)
        continue; /* what it said before it died counts, too */
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    close(ends[0]);

    char query[128];
    char expected[32];
    snprintf(query, sizeof query, "SELECT count(*) >= %u FROM users WHERE id <= 'ab000000-0000-0000-0000-%012x'",
             2 * last, 2 * last + 1);
    snprintf(expected, sizeof expected, "1");
    assert_query(query, expected);
    assert_query("PRAGMA integrity_check", "ok");
    store_close(open_store());
}

static void test_two_servers_on_one_database(void **state)
{
    (void)state;
    struct store *store = open_store();
    assert_null(store_open(path, why, sizeof why));
    assert_non_null(strstr(why, "another syncplay-server uses it"));
    assert_true(store_wait(store, put_user(store, 1)));
    store_close(store);
    store_close(open_store());
}

/* A database of version 1, as servers before the accounts have left it. */
static void test_users_of_version_1_are_guests(void **state)
{
    (void)state;
    struct store *store = open_store();
    assert_true(store_wait(store, put_user(store, 1)));
    store_close(store);
    assert_int_equal(run_sql("DROP TABLE friends; ALTER TABLE users DROP COLUMN subject; ALTER TABLE server DROP COLUMN secret;"
                             "PRAGMA user_version = 1"), SQLITE_OK);
    store = open_store();
    assert_query("SELECT count(*) FROM users WHERE subject IS NULL", "1");
    struct store_user account = {.id = {{0xac}}, .name = "Ana", .subject = "ana", .unix_created = 1};
    assert_true(store_wait(store, store_put_user(store, &account)));
    snprintf(account.name, sizeof account.name, "Ana M.");
    account.token_hash[0] = 1;
    assert_true(store_wait(store, store_put_user(store, &account)));
    assert_query("SELECT group_concat(name || ' ' || subject) FROM users WHERE subject IS NOT NULL", "Ana M. ana");
    /* Neither becomes the other. */
    struct store_user guest = {.id = account.id, .name = "Gus", .token_hash = {2}, .unix_created = 1};
    assert_true(store_wait(store, store_put_user(store, &guest)));
    assert_query("SELECT name FROM users WHERE subject = 'ana'", "Ana M.");
    store_close(store);
    assert_int_equal(run_sql("UPDATE users SET subject = ''"), SQLITE_CONSTRAINT);
}

static void test_databases_that_are_refused(void **state)
{
    (void)state;
    store_close(open_store());
    assert_int_equal(run_sql("PRAGMA user_version = 99"), SQLITE_OK);
    assert_null(store_open(path, why, sizeof why));
    assert_non_null(strstr(why, "it is of version 99, made by a newer program; this one knows up to version"));
    assert_query("PRAGMA user_version", "99");

    assert_null(store_open("/nowhere/test.db", why, sizeof why));
    assert_non_null(strstr(why, "No such file or directory"));
    assert_null(store_open(":memory:", why, sizeof why));

    assert_int_equal(truncate(path, 0), 0);
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    for (int i = 0; i < 200; i++)
        fputs("this is not a database at all, not even a small one\n", stream);
    fclose(stream);
    assert_null(store_open(path, why, sizeof why));
    assert_non_null(strstr(why, "file is not a database"));
}

/* The rules of the plan's tables, enforced by the database itself. */
static void test_the_tables_keep_their_rules(void **state)
{
    (void)state;
    store_close(open_store());
#define A "'ab000000-0000-0000-0000-00000000000a'"
#define B "'ab000000-0000-0000-0000-00000000000b'"
#define SESSION "INSERT INTO syncplay_sessions (code, host_user_id, content_type, content_id"
    static const char *const bad[] = {
        SESSION ") VALUES ('ABCDEFGHJ', " A ", 'movie', " B ")",                   /* code too long */
        SESSION ") VALUES (NULL, " A ", 'movie', " B ")",                          /* no code */
        SESSION ") VALUES ('TAKEN222', " A ", 'movie', " B ")",                    /* code taken */
        SESSION ") VALUES ('C2', " B ", 'movie', " B ")",                          /* no such host */
        SESSION ") VALUES ('C2', " A ", printf('%51s', 'x'), " B ")",              /* content type too long */
        SESSION ") VALUES ('C2', " A ", 'movie', 'x')",                            /* not a UUID */
        SESSION ", visibility) VALUES ('C2', " A ", 'movie', " B ", 'secret')",    /* unknown visibility */
        SESSION ", playback_speed) VALUES ('C2', " A ", 'movie', " B ", 4.1)",     /* too fast */
        SESSION ", is_playing) VALUES ('C2', " A ", 'movie', " B ", 2)",           /* not a boolean */
        SESSION ", position_ms) VALUES ('C2', " A ", 'movie', " B ", 'x')",        /* not a number */
        SESSION ", started_at) VALUES ('C2', " A ", 'movie', " B ", 'yesterday')", /* not a time */
        "INSERT INTO users (id, name, token_hash) VALUES (" B ", 'b', x'00')",     /* not a hash */
        "INSERT INTO syncplay_participants (session_id, user_id) SELECT id, " A " FROM syncplay_sessions", /* twice */
        "INSERT INTO syncplay_messages (session_id, user_id) SELECT id, " A " FROM syncplay_sessions",     /* no text */
    };
    assert_int_equal(run_sql("INSERT INTO users (id, name, token_hash) VALUES (" A ", 'a', zeroblob(32))"), SQLITE_OK);
    assert_int_equal(run_sql(SESSION ") VALUES ('TAKEN222', " A ", 'movie', " B ")"), SQLITE_OK);
    assert_int_equal(
        run_sql("INSERT INTO syncplay_participants (session_id, user_id) SELECT id, " A " FROM syncplay_sessions"),
        SQLITE_OK);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (run_sql(bad[i]) != SQLITE_CONSTRAINT)
            fail_msg("not refused: %s", bad[i]);
    assert_query(
        "SELECT visibility, max_participants, chat_enabled, is_playing, position_ms, playback_speed, length(id),"
        " last_sync_at IS NOT NULL, started_at IS NOT NULL, ended_at FROM syncplay_sessions",
        "private|10|1|0|0|1.0|36|1|1|NULL");
    assert_query("SELECT is_connected, is_ready, latency_ms, left_at FROM syncplay_participants", "1|0|0|NULL");
    assert_int_equal(run_sql("INSERT INTO users (id, name, token_hash) VALUES (" B ", 'b', randomblob(32));"
                             "INSERT INTO syncplay_messages (session_id, user_id, message) SELECT id, " B
                             ", 'hi' FROM syncplay_sessions;"
                             "DELETE FROM users WHERE id = " B),
                     SQLITE_OK);
    assert_query("SELECT user_id, message FROM syncplay_messages", "NULL|hi");
    assert_int_equal(run_sql("DELETE FROM users"), SQLITE_OK);
    assert_query("SELECT (SELECT count(*) FROM syncplay_sessions), (SELECT count(*) FROM syncplay_participants),"
                 " (SELECT count(*) FROM syncplay_messages)",
                 "0|0|0");
}

static void test_timestamps(void **state)
{
    (void)state;
    char text[TIMESTAMP_SIZE];
    int64_t unix_time = 0;
    timestamp_write(STARTED, text);
    assert_string_equal(text, "2023-11-14T22:13:20.123456Z");
    assert_true(timestamp_read(text, &unix_time));
    assert_int_equal(unix_time, STARTED);
    assert_true(timestamp_read("2023-11-14T22:13:20.5Z", &unix_time));
    assert_int_equal(unix_time, INT64_C(1700000000500000));
    timestamp_write(INT64_MAX, text);
    assert_string_equal(text, "9999-12-31T23:59:59.999999Z");
    timestamp_write(-1, text);
    assert_string_equal(text, "1970-01-01T00:00:00.000000Z");
    assert_false(timestamp_read("2023-11-14", &unix_time));
    assert_false(timestamp_read("2023-11-14T22:13:20", &unix_time));
    assert_false(timestamp_read("2023-11-14T22:13:20.1234567Z", &unix_time));
    assert_false(timestamp_read("1969-12-31T23:59:59Z", &unix_time)); /* nor what is never written */
    assert_false(timestamp_read("2023-02-29T00:00:00Z", &unix_time));
    assert_false(timestamp_read("2023-1-14T22:13:20Z", &unix_time));
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

/* Polls, because the thread forgets when it comes to it. */
static void wait_for_query(const char *query, const char *expected)
{
    for (int i = 0; i < 1000 && !query_says(query, expected); i++)
        usleep(10000);
    assert_query(query, expected);
}

static void test_what_is_long_past_is_forgotten(void **state)
{
    (void)state;
    struct store *store = open_store();
    for (uint32_t user = 1; user <= 5; user++)
        put_user(store, user);
    static const char *const codes[] = {"ABCD2345", "ABCD2346", "ABCD2347"};
    for (uint32_t i = 0; i < 3; i++) {
        struct store_session *session = session_of(50 + i, codes[i], 1);
        add_participant(session, 2 + i);
        store_put_session(store, session);
        store_put_message(store, message_of(70 + i, 50 + i, 2, "said"));
    }
    put_friend(store, 5, 1, STORE_REQUESTED);
    syncplay_id old = id_of(50), recent = id_of(51);
    store_end_session(store, &old, STARTED);
    assert_true(store_wait(store, store_end_session(store, &recent, clock_unix())));

    store_keep_ended(store, 3600000000);
    wait_for_query("SELECT group_concat(code) FROM (SELECT code FROM syncplay_sessions ORDER BY code)", "ABCD2346,ABCD2347");
    assert_query("SELECT count(*) FROM syncplay_participants", "2");
    assert_query("SELECT count(*) FROM syncplay_messages", "2");

    /* 1 is the host, 2 was in the forgotten session only, 3 and 4 are in the others, 5 has asked for a friend. */
    assert_true(store_wait(store, store_forget_guests(store, STARTED)));
    assert_query("SELECT count(*) FROM users", "5");
    assert_true(store_wait(store, store_forget_guests(store, STARTED + 1)));
    assert_query("SELECT group_concat(name) FROM (SELECT name FROM users ORDER BY name)", "user 1,user 3,user 4,user 5");
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_what_is_long_past_is_forgotten),
        IN_FOLDER(test_what_was_put_is_there_again),
        IN_FOLDER(test_participants_leave_and_keep_their_row),
        IN_FOLDER(test_an_ended_session_stays_ended),
        IN_FOLDER(test_a_message_is_deleted_in_its_session_alone),
        IN_FOLDER(test_a_bad_record_does_not_lose_the_others),
        IN_FOLDER(test_friends_have_one_row_a_pair),
        IN_FOLDER(test_the_table_of_friends_keeps_its_rules),
        IN_FOLDER(test_a_database_without_friends_gets_them),
        cmocka_unit_test(test_a_queued_session_is_replaced),
        IN_FOLDER(test_a_full_disk_is_survived),
        IN_FOLDER(test_a_kill_loses_nothing_that_was_waited_for),
        IN_FOLDER(test_two_servers_on_one_database),
        IN_FOLDER(test_users_of_version_1_are_guests),
        IN_FOLDER(test_a_secret_stays),
        IN_FOLDER(test_databases_that_are_refused),
        IN_FOLDER(test_the_tables_keep_their_rules),
        cmocka_unit_test(test_timestamps),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
