/* Announcements, collected during a step and delivered after it. */
#include <assert.h>
#include <string.h>

#include "outbox.h"
#include "rights.h"
#include "roster.h"

static bool grow(const struct memory *memory, void **array, size_t *capacity, size_t wanted, size_t each)
{
    if (wanted <= *capacity)
        return true;
    void *larger = memory_resize(memory, *array, wanted * each);
    if (!larger)
        return false;
    *array = larger;
    *capacity = wanted;
    return true;
}

bool outbox_reserve(struct outbox *outbox, const struct memory *memory, size_t entries, size_t bytes,
                    size_t connections)
{
    return grow(memory, (void **)&outbox->entries, &outbox->capacity, outbox->count + entries,
                sizeof *outbox->entries) &&
           grow(memory, (void **)&outbox->bytes, &outbox->size, outbox->length + bytes, 1) &&
           grow(memory, (void **)&outbox->connections, &outbox->connection_capacity, connections, sizeof(uint64_t));
}

void outbox_free(struct outbox *outbox, const struct memory *memory)
{
    memory_free(memory, outbox->entries);
    memory_free(memory, outbox->bytes);
    memory_free(memory, outbox->connections);
    *outbox = (struct outbox){.cursor = outbox->cursor};
}

struct outbox_entry *outbox_begin(struct outbox *outbox, const struct session *session, struct audience audience,
                                  struct json_writer *writer)
{
    assert(outbox->count < outbox->capacity);
    assert(audience.kind != AUDIENCE_ONE || audience.one);
    struct outbox_entry *entry = &outbox->entries[outbox->count++];
    memset(entry, 0, sizeof *entry);
    entry->session = session;
    entry->audience = audience;
    if (audience.kind == AUDIENCE_ALL)
        entry->cursor = ++outbox->cursor;
    entry->offset = outbox->length;
    json_begin(writer, outbox->bytes + outbox->length, outbox->size - outbox->length);
    return entry;
}

void outbox_end(struct outbox *outbox, struct outbox_entry *entry, const struct json_writer *writer)
{
    assert(writer->length <= writer->capacity);
    entry->length = writer->length;
    outbox->length += writer->length;
}

static size_t recipients(struct outbox *outbox, const struct outbox_entry *entry)
{
    const struct audience *audience = &entry->audience;
    bool is_for_all = audience->kind == AUDIENCE_ALL || audience->kind == AUDIENCE_PRESENT;
    size_t count = 0;
    if (audience->kind == AUDIENCE_ONE)
        outbox->connections[count++] = audience->one;
    for (uint32_t i = 0; is_for_all && i < entry->session->seat_count; i++) {
        const struct seat *seat = entry->session->seats[i];
        bool meant = audience->right ? (rights_of(entry->session, seat) & audience->right) != 0 : !seat->knocking;
        if (meant && seat->connection && seat->connection != audience->one)
            outbox->connections[count++] = seat->connection;
    }
    return count;
}

static void keep(struct replay *replay, const struct outbox_entry *entry, const char *bytes)
{
    struct replay_about about = {entry->cursor, entry->audience.right, {{0}}};
    if (entry->event.kind == SYNCPLAY_EVENT_CHAT)
        about.subject = entry->event.message_id;
    replay_add(replay, &entry->session->id, &about, bytes, entry->length);
}

void outbox_deliver(struct outbox *outbox, struct replay *replay, const syncplay_hub_callbacks *callbacks,
                    void *user_data)
{
    for (size_t i = 0; i < outbox->count; i++) {
        struct outbox_entry *entry = &outbox->entries[i];
        const char *bytes = outbox->bytes + entry->offset;
        size_t count = entry->length ? recipients(outbox, entry) : 0;
        if (entry->has_event && callbacks->event) {
            entry->event.struct_size = sizeof entry->event;
            entry->event.user_name = entry->user_name[0] ? entry->user_name : NULL;
            callbacks->event(user_data, &entry->event);
        }
        if (count && callbacks->deliver)
            callbacks->deliver(user_data, outbox->connections, count, bytes, entry->length);
        if (entry->cursor)
            keep(replay, entry, bytes);
    }
    outbox->count = 0;
    outbox->length = 0;
}
