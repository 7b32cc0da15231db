/*
 * Taking a WebSocket's descriptor away from civetweb, which keeps a worker thread for as long as a connection lives: our
 * loops get a duplicate, /dev/null is laid over civetweb's own, and so its worker goes free at once.
 *
 * civetweb knows nothing of this, so a test at start proves that it works with the civetweb that is linked. If it does
 * not, the worker is parked until the loop is done with the connection; the loop notices no difference.
 */
#ifndef SERVER_HANDOVER_H
#define SERVER_HANDOVER_H

#include <stdbool.h>
#include <stddef.h>

struct mg_connection;

/* The most connections when each of them parks a worker thread. */
#define HANDOVER_PARKED_MAX 5000

struct handover {
    int null;        /* /dev/null */
    int floor;       /* adopted descriptors are not below this, so that the search for civetweb's own is short */
    bool is_parking; /* a worker for each connection */
};

/* What handover_take gives. */
struct handover_pair {
    int ours;   /* the caller's, to be closed by whoever gets it */
    int theirs; /* civetweb's */
};

/*
 * Tests whether descriptors can be taken. The floor is `below`, the number of descriptors that everything else may need,
 * and as many again as there may be parked. False, and a sentence in `why`, only if nothing works at all.
 *
 * SYNCPLAY_TEST_NO_HANDOVER=1 in the environment makes the test fail, so that parking can be tested.
 */
bool handover_init(struct handover *handover, int below, int max_connections, char *why, size_t why_size);
void handover_close(struct handover *handover);

/* In a ready handler: takes the connection's descriptor. False, with errno, if it cannot; ENOTCONN: it has gone already. */
bool handover_take(const struct handover *handover, const struct mg_connection *connection,
                   struct handover_pair *pair);

/* After `ours` was given away: returns when civetweb may close `theirs`. */
void handover_finish(const struct handover *handover, const struct handover_pair *pair);

/* Shuts the connection down as shutdown(2) has it, while its handler runs. From any thread. */
void handover_shut(const struct handover *handover, const struct mg_connection *connection, int how);

/*
 * Before mg_stop: hangs up civetweb's sockets with this local port, the listening one or those of its connections. Its
 * threads sleep up to two seconds at a time and look only then whether they are to stop; so they wake.
 */
enum handover_kind { HANDOVER_LISTENING, HANDOVER_CONNECTED };
void handover_hang_up(const struct handover *handover, int port, enum handover_kind kind);

#endif
