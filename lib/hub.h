/* The hub from inside: what hub.c and connections.c (the doors), registry.c (which sessions there are)
 * and snapshot.c share. */
#ifndef HUB_H
#define HUB_H

#include "deadlines.h"
#include "outbox.h"
#include "session.h"
#include "table.h"

/* Codes of sessions that ended lately, to tell "ended" from "never was". */
#define ENDED_CODES 256
/* How often a new code may be taken already before giving up. */
#define CODE_TRIES 64

struct connection {
    uint64_t number;
    syncplay_id session;     /* that it joined last, or none; it may be over, or the seat another's by now */
    int64_t last_pong;       /* Unix time of the last pong to it, 0 before */
    syncplay_user user;      /* name points to the one below */
    char name[SEAT_NAME_SIZE];
};

struct syncplay_hub {
    syncplay_hub_config config;
    syncplay_hub_callbacks callbacks;
    void *user_data;
    struct memory memory;
    int64_t now, unix_offset;
    bool in_callback; /* the host application must not change anything now */

    struct table by_id, by_code, connections;
    struct deadlines deadlines;
    struct outbox outbox;
    struct replay replay;
    struct session *changed_first, *changed_last;
    char ended_codes[ENDED_CODES][SYNCPLAY_CODE_SIZE];
    unsigned next_ended;
    char why[WHY_SIZE];
};

/* Opens a mutating call: refuses re-entrance, moves time on, lends the step. */
int hub_begin(syncplay_hub *hub, int64_t now, struct step *step);
/* Closes it: the session's deadline and mark of change, its removal if it ended; then the callbacks. `session` may be NULL. */
void hub_finish(syncplay_hub *hub, struct session *session);

/* Returns the error, after giving it a sentence if it has none yet. */
int hub_fail(struct step *step, int error);

/* Reads a caller's struct, called `name`, over `ours`, which holds the defaults; NULL leaves them. */
int hub_take(struct step *step, const char *name, void *ours, const void *theirs, size_t our_size);

/* --- registry.c */

struct session *registry_find(const syncplay_hub *hub, const syncplay_id *id);
struct session *registry_find_code(const syncplay_hub *hub, const char *code);
bool registry_has_ended(const syncplay_hub *hub, const char *code);
bool registry_reserve(syncplay_hub *hub);
void registry_add(syncplay_hub *hub, struct session *session); /* after reserving */
/* Takes an ended session out and frees it. */
void registry_drop(syncplay_hub *hub, struct session *session);
void registry_mark_changed(syncplay_hub *hub, struct session *session);
/* A code of this hub's shard that nobody has. */
int registry_new_code(syncplay_hub *hub, struct step *step, char code[SYNCPLAY_CODE_SIZE]);

#endif
