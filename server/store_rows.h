/*
 * One connection to the database: the statements that write and read its rows. Not safe for several threads at once;
 * the store has one of these for writing and one for reading.
 */
#ifndef SERVER_STORE_ROWS_H
#define SERVER_STORE_ROWS_H

#include "store.h"
#include "store_outcome.h"

/* How long a connection waits for another one's lock. */
#define STORE_BUSY_MS 2000

struct store_rows;

/* Opens or makes the database file, as WAL, and migrates it. NULL, and a sentence in `why`, on failure. */
struct store_rows *store_rows_open(const char *path, char *why, size_t why_size);
void store_rows_close(struct store_rows *rows);

/* What the last failure was, in SQLite's words. */
const char *store_rows_error(const struct store_rows *rows);

/* Records are written between these two; each record whole or not at all. After a false nothing was written. */
bool store_rows_begin(struct store_rows *rows);
bool store_rows_commit(struct store_rows *rows);

enum store_outcome store_rows_session(struct store_rows *rows, const struct store_session *session);
enum store_outcome store_rows_end(struct store_rows *rows, const syncplay_id *session, int64_t unix_ended);
enum store_outcome store_rows_message(struct store_rows *rows, const struct store_message *message);
enum store_outcome store_rows_delete_message(struct store_rows *rows, const syncplay_id *session,
                                             const syncplay_id *message);
enum store_outcome store_rows_user(struct store_rows *rows, const struct store_user *user);
enum store_outcome store_rows_friend(struct store_rows *rows, const struct store_friend *friend);
enum store_outcome store_rows_delete_user(struct store_rows *rows, const syncplay_id *user);
enum store_outcome store_rows_alive(struct store_rows *rows, int64_t unix_alive);
enum store_outcome store_rows_forget_ended(struct store_rows *rows, int64_t unix_before);
enum store_outcome store_rows_forget_guests(struct store_rows *rows, int64_t unix_before);

/* Reading, as store.h describes it. */
int64_t store_rows_read_alive(struct store_rows *rows);
bool store_rows_read_secret(struct store_rows *rows, uint8_t secret[STORE_SECRET_SIZE]);
bool store_rows_each_session(struct store_rows *rows,
                             void (*found)(void *, const syncplay_id *, const char *, const char *),
                             void *arg);
bool store_rows_each_message(struct store_rows *rows, const syncplay_id *session, size_t limit,
                             void (*found)(void *, const struct store_message *), void *arg);
bool store_rows_each_user(struct store_rows *rows, void (*found)(void *, const struct store_user *), void *arg);
bool store_rows_each_friend(struct store_rows *rows, void (*found)(void *, const struct store_friend *), void *arg);
bool store_rows_code_ended(struct store_rows *rows, const char *code);

#endif
