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

struct session;

enum outbox_audience {
    OUTBOX_NOBODY, /* an event only */
    OUTBOX_ALL,    /* every connected participant, except the connection `one` */
    OUTBOX_HOST,
    OUTBOX_ONE     /* the connection `one` */
};

struct outbox_entry {
    const struct session *session;
    enum outbox_audience audience;
    uint64_t one;
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
};

/* Makes room for `entries` messages of together `bytes`, told to up to `connections` each. False without memory. */
bool outbox_reserve(struct outbox *outbox, const struct memory *memory, size_t entries, size_t bytes,
                    size_t connections);
void outbox_free(struct outbox *outbox, const struct memory *memory);

/* The next entry, zeroed, and a writer for its message, if it has one; outbox_end takes the message's length. */
struct outbox_entry *outbox_begin(struct outbox *outbox, const struct session *session, struct json_writer *writer);
void outbox_end(struct outbox *outbox, struct outbox_entry *entry, const struct json_writer *writer);

/* Calls the callbacks for every entry, in order, and empties the outbox. */
void outbox_deliver(struct outbox *outbox, const syncplay_hub_callbacks *callbacks, void *user_data);

#endif
