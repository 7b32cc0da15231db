/*
 * What a step wants told: messages, each encoded once, with who gets it and the typed event that goes with it. Delivered by
 * the hub when everything has changed. Room is made before a step (outbox_reserve), so that telling cannot fail.
 */
#ifndef OUTBOX_H
#define OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <syncplay/event.h>
#include <syncplay/hub.h>

#include "json_writer.h"
#include "memory.h"
#include "replay.h"

struct session;

/* Who gets a message. */
struct audience {
    /* nobody: it is an event only; present: all, but it has no cursor, and whoever comes back is not told it again */
    enum { AUDIENCE_NOBODY, AUDIENCE_ALL, AUDIENCE_ONE, AUDIENCE_PRESENT } kind;
    uint32_t right; /* all: those who have this right; 0 for every connected participant */
    uint64_t one;   /* the one connection; or, of all and those present, the one that does not get it */
};

static inline struct audience to_all_but(uint64_t connection)
{
    return (struct audience){AUDIENCE_ALL, 0, connection};
}
static inline struct audience to_all(void)
{
    return to_all_but(0);
}
static inline struct audience to_present_but(uint64_t connection)
{
    return (struct audience){AUDIENCE_PRESENT, 0, connection};
}
static inline struct audience to_holders_but(syncplay_right right, uint64_t connection)
{
    return (struct audience){AUDIENCE_ALL, (uint32_t)right, connection};
}
static inline struct audience to_holders(syncplay_right right)
{
    return to_holders_but(right, 0);
}
static inline struct audience to_one(uint64_t connection)
{
    return (struct audience){AUDIENCE_ONE, 0, connection};
}

struct outbox_entry {
    const struct session *session;
    struct audience audience;
    uint64_t cursor; /* of a message to all; else 0 */
    size_t offset, length;
    bool has_event;
    syncplay_event event;
    char user_name[4 * SYNCPLAY_NAME_MAX + 1];
};

struct outbox {
    struct outbox_entry *entries;
    size_t count, capacity;
    char *bytes;
    size_t length, size;
    uint64_t *connections; /* scratch, for one delivery */
    size_t connection_capacity;
    uint64_t cursor; /* of the last message to all, of any session; it grows from the hub's first Unix time, so that it
                        goes on growing over a restart */
};

/* Makes room for `entries` messages of together `bytes`, told to up to `connections` each. False without memory. */
bool outbox_reserve(struct outbox *outbox, const struct memory *memory, size_t entries, size_t bytes,
                    size_t connections);
/* The room is given back; the outbox may be used again. */
void outbox_free(struct outbox *outbox, const struct memory *memory);

/*
 * The next entry, zeroed but for who gets it, and a writer for its message, if it has one; outbox_end takes the message's
 * length.
 */
struct outbox_entry *outbox_begin(struct outbox *outbox, const struct session *session, struct audience audience,
                                  struct json_writer *writer);
void outbox_end(struct outbox *outbox, struct outbox_entry *entry, const struct json_writer *writer);

/* Calls the callbacks for every entry, in order, keeps in `replay` what was for all, and empties the outbox. */
void outbox_deliver(struct outbox *outbox, struct replay *replay, const syncplay_hub_callbacks *callbacks,
                    void *user_data);

#endif
