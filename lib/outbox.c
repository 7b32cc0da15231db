/* Announcements, collected during a step and delivered after it. */
#include <assert.h>
#include <string.h>

#include "outbox.h"
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
}

struct outbox_entry *outbox_begin(struct outbox *outbox, const struct session *session, struct json_writer *writer)
{
    assert(outbox->count < outbox->capacity);
    struct outbox_entry *entry = &outbox->entries[outbox->count++];
    memset(entry, 0, sizeof *entry);
    entry->session = session;
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
    size_t count = 0;
    if (entry->audience == OUTBOX_ONE && entry->one)
        outbox->connections[count++] = entry->one;
    if (entry->audience != OUTBOX_ALL && entry->audience != OUTBOX_HOST)
        return count;
    for (uint32_t i = 0; i < entry->session->seat_count; i++) {
        const struct seat *seat = entry->session->seats[i];
        bool meant = entry->audience == OUTBOX_ALL ? !seat->knocking : seat_is_host(entry->session, seat);
        if (meant && seat->connection && seat->connection != entry->one)
            outbox->connections[count++] = seat->connection;
    }
    return count;
}

void outbox_deliver(struct outbox *outbox, const syncplay_hub_callbacks *callbacks, void *user_data)
{
    for (size_t i = 0; i < outbox->count; i++) {
        struct outbox_entry *entry = &outbox->entries[i];
        size_t count = entry->length ? recipients(outbox, entry) : 0;
        if (entry->has_event && callbacks->event) {
            entry->event.struct_size = sizeof entry->event;
            entry->event.user_name = entry->user_name[0] ? entry->user_name : NULL;
            callbacks->event(user_data, &entry->event);
        }
        if (count && callbacks->deliver)
            callbacks->deliver(user_data, outbox->connections, count, outbox->bytes + entry->offset, entry->length);
    }
    outbox->count = 0;
    outbox->length = 0;
}
