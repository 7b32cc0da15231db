/* The store on a disk that fails, in each way and at each operation: what could not be written is kept, told of, and written
 * when the disk works again, each once and in order; what was on the disk before stays whole. */
// needs: server/store.o server/store_thread.o server/store_rows.o -lsqlite3 -lpthread
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faulty_disk.h"

#include "../../server/log.h"
#include "../../server/store.h"
#include "../../server/store_status.h"

#define STARTED INT64_C(1700000000123456)

static const struct disk_fault faults[] = {
    {"a disk that is full", DISK_WRITE, SQLITE_FULL, false, false},
    {"a disk that is full in the middle of a write", DISK_WRITE, SQLITE_FULL, true, false},
    {"writes that fail", DISK_WRITE, SQLITE_IOERR_WRITE, false, false},
    {"writes that fail half-way", DISK_WRITE, SQLITE_IOERR_WRITE, true, false},
    {"syncs that fail", DISK_SYNC, SQLITE_IOERR_FSYNC, false, false},
    {"reads that fail", DISK_READ, SQLITE_IOERR_READ, false, false},
    {"truncation that fails", DISK_TRUNCATE, SQLITE_IOERR_TRUNCATE, false, false},
    {"somebody else's lock on the file", DISK_LOCK, SQLITE_BUSY, false, false},
    {"locks that fail", DISK_LOCK, SQLITE_IOERR_LOCK, false, false},
    {"somebody else's lock on the log", DISK_SHM_LOCK, SQLITE_BUSY, false, false},
    {"locks of the log that fail", DISK_SHM_LOCK, SQLITE_IOERR_SHMLOCK, false, false},
    {"an index of the log that cannot be mapped", DISK_SHM_MAP, SQLITE_IOERR_SHMMAP, false, false},
    {"files that cannot be opened", DISK_OPEN, SQLITE_CANTOPEN, false, false},
    {"reads without memory", DISK_READ, SQLITE_IOERR_NOMEM, false, false},
};
#define FAULTS (sizeof faults / sizeof faults[0])

static char folder[64];
static char path[96];
static char why[600];

/* In memory if that can be: nothing here depends on a real disk, and much is synced. */
static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "%s/test_store_faults.XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/test.db", folder);
    return 0;
}

static void remove_database(void)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        unlink(name);
    }
}

static int remove_folder(void **state)
{
    (void)state;
    disk_mend();
    remove_database();
    return rmdir(folder);
}

/* --- Things to put ---------------------------------------------------------------------------------------- */

static syncplay_id id_of(uint32_t number)
{
    syncplay_id id = {{0xab}};
    for (size_t i = 0; i < 4; i++)
        id.bytes[15 - i] = (uint8_t)(number >> (8 * i));
    return id;
}

static uint64_t put_user(struct store *store, uint32_t number)
{
    struct store_user user = {.id = id_of(number), .unix_created = STARTED};
    snprintf(user.name, sizeof user.name, "user %u", number);
    memcpy(user.token_hash, user.id.bytes, 16);
    return store_put_user(store, &user);
}

/* Session 50 of user 1, with this user in it and this position. */
static uint64_t put_session(struct store *store, uint32_t participant, uint32_t seconds, size_t state_size)
{
    struct store_session *session = calloc(1, sizeof *session);
    assert_non_null(session);
    session->id = id_of(50);
    snprintf(session->code, sizeof session->code, "ABCD2345");
    session->host_user_id = id_of(1);
    session->content_type = strdup("movie");
    session->content_id = id_of(9999);
    session->visibility = SYNCPLAY_PRIVATE;
    session->max_participants = 20;
    session->speed = 100;
    session->position = (int64_t)seconds * 1000000;
    session->unix_last_sync = session->unix_started = STARTED;
    session->state = malloc(state_size + 1);
    session->participants = calloc(1, sizeof *session->participants);
    assert_non_null(session->state);
    assert_non_null(session->participants);
    memset(session->state, 'a' + (int)(seconds % 26), state_size); /* another each time: what is the same is not written */
    session->state[state_size] = '\0';
    session->participants[session->participant_count++] =
        (struct store_participant){.user_id = id_of(participant), .is_connected = true, .unix_joined = STARTED};
    return store_put_session(store, session);
}

static uint64_t put_message(struct store *store, uint32_t number)
{
    struct store_message *message = calloc(1, sizeof *message);
    char text[32];
    assert_non_null(message);
    snprintf(text, sizeof text, "m%u", number);
    message->id = id_of(100 + number);
    message->session_id = id_of(50);
    message->user_id = id_of(1);
    message->text = strdup(text);
    message->unix_created = STARTED;
    return store_put_message(store, message);
}

/* What is on the disk before it fails, for certain. */
static struct store *open_with_a_past(void)
{
    struct store *store = store_open(path, why, sizeof why);
    if (!store)
        fail_msg("%s", why);
    put_user(store, 1);
    put_user(store, 2);
    put_session(store, 1, 10, 10);
    assert_true(store_wait(store, put_message(store, 1)));
    return store;
}

/* --- Looking from outside, past the disk's faults --------------------------------------------------------- */

static void query(const char *text, char row[1024])
{
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    row[0] = '\0';
    assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, "unix"), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, text, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    snprintf(row, 1024, "%s", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(database);
}

/* Users, messages in the order of their writing, the session's position, who is in it and who has left. */
static void assert_rows(const char *expected, const struct disk_fault *fault, int at)
{
    char row[1024];
    query("PRAGMA integrity_check", row);
    if (strcmp(row, "ok") != 0)
        fail_msg("%s at %d: %s", fault->name, at, row);
    query("SELECT (SELECT group_concat(name) FROM (SELECT name FROM users ORDER BY rowid)) || ';'"
          " || (SELECT group_concat(message) FROM (SELECT message FROM syncplay_messages ORDER BY rowid)) || ';'"
          " || (SELECT position_ms || ' ' || (ended_at IS NOT NULL) FROM syncplay_sessions) || ';'"
          " || (SELECT count(*) || ' ' || count(left_at) FROM syncplay_participants)",
          row);
    if (strcmp(row, expected) != 0)
        fail_msg("%s at %d: %s, not %s", fault->name, at, row, expected);
}

#define BEFORE "user 1,user 2;m1;10000 0;1 0"
#define AFTER "user 1,user 2,user 3,user 4;m1,m2,m3,m4;40000 0;3 2"

/* --- Tests ------------------------------------------------------------------------------------------------ */

/* A batch on a disk that fails at its `at`-th such deed. Returns whether it came to that. */
static bool survives(const struct disk_fault *fault, int at)
{
    struct store_status status;
    struct store *store = open_with_a_past();
    disk_break(fault, at);
    put_user(store, 3);
    put_message(store, 2);
    put_session(store, 2, 20, 8000);
    bool was_written = store_wait(store, put_message(store, 3));
    int failed = atomic_load(&disk.failed);
    if (!was_written) {
        assert_rows(BEFORE, fault, at);
        store_ask(store, &status);
        if (!status.is_failing || status.reason[0] == '\0' || status.waiting != 4 || status.failures == 0)
            fail_msg("%s at %d: failing %d, reason '%s', waiting %zu", fault->name, at, status.is_failing, status.reason,
                     status.waiting);
    }
    uint64_t later = put_user(store, 4); /* goes behind the batch that is kept */
    put_session(store, 3, 30, 10);
    put_session(store, 3, 40, 10);
    put_message(store, 4);
    if (!was_written && store_wait(store, later))
        fail_msg("%s at %d: written while the disk fails", fault->name, at);
    disk_mend();
    store_close(store); /* tries once more, at once */
    assert_rows(AFTER, fault, at);
    remove_database();
    return failed > 0;
}

static void test_each_operation_fails_in_each_way(void **state)
{
    (void)state;
    size_t survived = 0, kinds = 0;
    for (size_t i = 0; i < FAULTS; i++) {
        int at = 0;
        while (survives(&faults[i], at))
            at++;
        survived += (size_t)at;
        kinds += at > 0;
        print_message("# %s: at %d places\n", faults[i].name, at);
    }
    /* Writes, syncs and locks of the log; what else there is happens when a database is opened. */
    assert_int_equal(kinds, 7);
    assert_true(survived >= 100);
}

/* Opening fails with a sentence, wherever it fails, and the next time all is as it was. */
static void test_each_operation_of_opening_fails(void **state)
{
    (void)state;
    size_t refused = 0;
    for (size_t i = 0; i < FAULTS; i++) {
        for (int is_new = 0; is_new <= 1; is_new++) {
            for (int at = 0;; at++) {
                if (!is_new)
                    store_close(open_with_a_past());
                why[0] = '\0';
                disk_break(&faults[i], at);
                struct store *store = store_open(path, why, sizeof why);
                bool was_hit = atomic_load(&disk.failed) > 0;
                disk_mend();
                if (!store && (why[0] == '\0' || !was_hit))
                    fail_msg("%s at %d: '%s'", faults[i].name, at, why);
                refused += !store;
                store_close(store);
                if (is_new)
                    store_close(open_with_a_past());
                assert_rows(BEFORE, &faults[i], at);
                remove_database();
                if (!was_hit)
                    break;
            }
        }
    }
    print_message("# refused %zu times\n", refused);
    assert_true(refused >= 50);
}

static void see_nothing(void *arg, const struct store_message *message)
{
    (void)arg;
    (void)message;
}

static void test_reading_fails_and_says_so(void **state)
{
    (void)state;
    static const struct disk_fault fault = {"reads that fail", DISK_READ, SQLITE_IOERR_READ, false, false};
    struct store *store = open_with_a_past();
    syncplay_id id = id_of(50);
    disk_break(&fault, 0);
    assert_false(store_each_message(store, &id, 10, see_nothing, NULL));
    disk_mend();
    assert_true(store_each_message(store, &id, 10, see_nothing, NULL));
    store_close(store);
}

/* The log cannot be brought into the main file: it grows, and nothing else is felt of it. */
static void test_a_main_file_that_takes_nothing(void **state)
{
    (void)state;
    static const struct disk_fault fault = {"a main file that takes nothing", DISK_WRITE, SQLITE_IOERR_WRITE, false, true};
    struct store *store = open_with_a_past();
    put_user(store, 3);
    disk_break(&fault, 0);
    for (uint32_t i = 0; i < 60; i++) /* the log is brought in after 1000 pages of 4 KB */
        assert_true(store_wait(store, put_session(store, 2, 20 + i, 100000)));
    assert_true(atomic_load(&disk.failed) > 0);
    disk_mend();
    assert_true(store_wait(store, put_session(store, 2, 80, 10)));
    store_close(store);
    assert_rows("user 1,user 2,user 3;m1;80000 0;2 1", &fault, 0);
}

/* It is tried again by itself. */
static void test_it_catches_up_while_it_is_open(void **state)
{
    (void)state;
    struct store_status status;
    struct store *store = open_with_a_past();
    disk_break(&faults[1], 2);
    put_user(store, 3);
    put_message(store, 2);
    put_session(store, 2, 20, 8000);
    uint64_t ticket = put_message(store, 3);
    assert_false(store_wait(store, ticket));
    put_user(store, 4);
    put_session(store, 3, 40, 10);
    disk_mend();
    uint64_t last = put_message(store, 4);
    while (!store_wait(store, last))
        usleep(10000);
    store_ask(store, &status);
    assert_false(status.is_failing);
    assert_string_equal(status.reason, "");
    assert_int_equal(status.waiting, 0);
    assert_int_equal(status.lost + status.refused, 0);
    assert_rows(AFTER, &faults[1], 2);
    store_close(store);
}

/* Another process: takes the lock of writers when it is told to, and keeps it until it is told again. */
static void hold_lock(int orders, int answers)
{
    sqlite3 *database = NULL;
    char byte;
    if (read(orders, &byte, 1) != 1 || sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, "unix") != SQLITE_OK ||
        sqlite3_exec(database, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK || write(answers, "x", 1) != 1)
        _exit(1);
    _exit(read(orders, &byte, 1) == 1 && sqlite3_exec(database, "ROLLBACK", NULL, NULL, NULL) == SQLITE_OK ? 0 : 1);
}

static void test_another_process_holds_the_lock(void **state)
{
    (void)state;
    int orders[2], answers[2], status = 0;
    char byte;
    assert_int_equal(pipe(orders) | pipe(answers), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        hold_lock(orders[0], answers[1]);
    struct store *store = open_with_a_past();
    assert_int_equal(write(orders[1], "x", 1), 1);
    assert_int_equal(read(answers[0], &byte, 1), 1);
    put_user(store, 3);
    put_message(store, 2);
    put_session(store, 2, 20, 8000);
    assert_false(store_wait(store, put_message(store, 3)));
    struct store_status ill;
    store_ask(store, &ill);
    assert_string_equal(ill.reason, "database is locked");
    assert_true(store_each_message(store, &(syncplay_id){{0}}, 10, see_nothing, NULL)); /* reading goes on */
    put_user(store, 4);
    put_session(store, 3, 40, 10);
    put_message(store, 4);
    assert_int_equal(write(orders[1], "x", 1), 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    store_close(store);
    assert_rows(AFTER, &faults[0], 0);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_each_operation_fails_in_each_way),
        IN_FOLDER(test_each_operation_of_opening_fails),
        IN_FOLDER(test_reading_fails_and_says_so),
        IN_FOLDER(test_a_main_file_that_takes_nothing),
        IN_FOLDER(test_it_catches_up_while_it_is_open),
        IN_FOLDER(test_another_process_holds_the_lock),
    };
    if (disk_register() != 0)
        return 1;
    return cmocka_run_group_tests_name("store_faults", tests, NULL, NULL);
}
