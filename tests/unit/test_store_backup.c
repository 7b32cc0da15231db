/* Copies of a database that is in use. */
// needs: server/store_backup.o
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "../../server/store_backup.h"

static char folder[64];
static char path[96];
static char file[96];
static char why[512];

static void run(sqlite3 *database, const char *text)
{
    assert_int_equal(sqlite3_exec(database, text, NULL, NULL, NULL), SQLITE_OK);
}

static int number(const char *name, const char *text)
{
    sqlite3 *database;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open_v2(name, &database, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, text, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int value = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return value;
}

/* A database of some megabytes, so that a copy takes many steps. */
static int make_database(void **state)
{
    (void)state;
    sqlite3 *database;
    snprintf(folder, sizeof folder, "/tmp/test_backup.XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/test.db", folder);
    snprintf(file, sizeof file, "%s/copy.db", folder);
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    run(database, "PRAGMA journal_mode = WAL; CREATE TABLE a (n INTEGER, b BLOB); CREATE TABLE c (n INTEGER);"
                  "INSERT INTO c VALUES (0);"
                  "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 3000)"
                  "INSERT INTO a SELECT n, randomblob(2000) FROM s; PRAGMA user_version = 7");
    sqlite3_close(database);
    return 0;
}

static int remove_folder(void **state)
{
    static const char *const names[] = {"test.db", "test.db-wal", "test.db-shm", "copy.db", "link.db"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s/%s", folder, names[i]);
        unlink(name);
    }
    return rmdir(folder); /* nothing else is left */
}

static atomic_bool stopped;
static atomic_int written;

/* Each transaction changes two rows that must stay alike. */
static void *write_on(void *arg)
{
    sqlite3 *database;
    (void)arg;
    sqlite3_open(path, &database);
    sqlite3_busy_timeout(database, 2000);
    sqlite3_exec(database, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
    while (!stopped &&
           sqlite3_exec(database, "BEGIN; UPDATE c SET n = n + 1; UPDATE a SET n = n + 1 WHERE rowid = 3000; COMMIT",
                        NULL, NULL, NULL) == SQLITE_OK)
        written++;
    sqlite3_close(database);
    return NULL;
}

static void test_a_copy_while_somebody_writes(void **state)
{
    (void)state;
    pthread_t writer;
    struct stat status;
    stopped = false;
    assert_int_equal(pthread_create(&writer, NULL, write_on, NULL), 0);
    while (written == 0)
        usleep(100);
    int before = written;
    bool good = store_backup(path, file, false, why, sizeof why);
    int after = written;
    stopped = true;
    pthread_join(writer, NULL);
    if (!good)
        fail_msg("%s", why);
    assert_int_equal(number(file, "PRAGMA user_version"), 7);
    assert_int_equal(number(file, "SELECT count(*) FROM a"), 3000);
    /* Of one instant, and the writer went on. */
    int copied = number(file, "SELECT n FROM c");
    assert_int_equal(number(file, "SELECT n FROM a WHERE rowid = 3000"), 3000 + copied);
    assert_true(copied >= before && copied <= after + 1);
    assert_true(after > before);
    assert_int_equal(stat(file, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void refused(const char *name, bool replace, const char *words)
{
    assert_false(store_backup(path, name, replace, why, sizeof why));
    if (!strstr(why, words))
        fail_msg("%s", why);
}

static void test_what_is_there_is_replaced_only_if_that_is_wanted(void **state)
{
    (void)state;
    assert_true(store_backup(path, file, false, why, sizeof why));
    sqlite3 *database;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    run(database, "UPDATE c SET n = 5");
    refused(file, false, "copy.db is there already");
    assert_int_equal(number(file, "SELECT n FROM c"), 0);
    assert_true(store_backup(path, file, true, why, sizeof why));
    assert_int_equal(number(file, "SELECT n FROM c"), 5);
    sqlite3_close(database);
}

static void test_the_database_is_not_its_own_copy(void **state)
{
    (void)state;
    char name[128];
    refused(path, true, "belongs to the database itself");
    snprintf(name, sizeof name, "%s-wal", path);
    refused(name, true, "belongs to the database itself");
    snprintf(name, sizeof name, "%s/../%s/test.db", folder, strrchr(folder, '/'));
    refused(name, true, "belongs to the database itself");
    snprintf(name, sizeof name, "%s/link.db", folder);
    assert_int_equal(symlink(path, name), 0);
    refused(name, true, "belongs to the database itself");
    refused(folder, true, "is there, and is no file");
    refused("/nowhere/copy.db", false, "No such file or directory");
    assert_int_equal(number(path, "SELECT count(*) FROM a"), 3000);
}

/* A database whose pages are spoilt gives no copy. */
static void test_a_copy_is_read_through(void **state)
{
    (void)state;
    FILE *stream = fopen(path, "r+b");
    assert_non_null(stream);
    fseek(stream, 4096 * 20, SEEK_SET);
    for (int i = 0; i < 4096 * 8; i++)
        fputc(0x5a, stream);
    fclose(stream);
    refused(file, false, "the copy is not sound");
    assert_int_not_equal(access(file, F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_copy_while_somebody_writes, make_database, remove_folder),
        cmocka_unit_test_setup_teardown(test_what_is_there_is_replaced_only_if_that_is_wanted, make_database,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_the_database_is_not_its_own_copy, make_database, remove_folder),
        cmocka_unit_test_setup_teardown(test_a_copy_is_read_through, make_database, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
