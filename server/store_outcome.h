/* How writing a record went. */
#ifndef SERVER_STORE_OUTCOME_H
#define SERVER_STORE_OUTCOME_H

enum store_outcome {
    STORE_WRITTEN,
    STORE_REFUSED, /* a constraint forbids this record, now and ever; nothing of it was written */
    STORE_BROKEN   /* the disk is full, say: the same may succeed later; the transaction is gone */
};

#endif
