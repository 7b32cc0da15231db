/* How the store is doing. Asking never waits for the disk. */
#ifndef SERVER_STORE_STATUS_H
#define SERVER_STORE_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

struct store_status {
    bool is_failing;       /* the last attempt to write failed; it is tried again each second */
    bool is_overflowing;   /* the last record found no place in the queue, and was lost */
    int64_t failing_since; /* Unix time, microseconds */
    char reason[200];      /* why, in SQLite's words, which name no file; "" while it does not fail */
    int64_t lag;           /* how long the oldest record that is not on disk has been waiting; microseconds */
    size_t waiting;        /* records that are not on disk */
    int64_t file_bytes;    /* of the database, without its write-ahead log; -1 if that is not known */

    /* Since the start. */
    uint64_t transactions; /* that were committed, with the sign of life in each */
    uint64_t records;      /* in them */
    uint64_t failures;     /* attempts that failed */
    uint64_t refused;      /* records against the rules of the tables: lost */
    uint64_t lost;         /* records that found no place */
};

void store_ask(struct store *store, struct store_status *status);

#endif
