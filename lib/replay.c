/* The last messages, to be sent again. Records lie one behind the other; when they move, whole, it is by memmove. */
#include <string.h>

#include "replay.h"

struct record {
    struct replay_about about;
    syncplay_id session; /* none: dropped */
    uint32_t length;     /* of the bytes that follow */
};

static struct record record_at(const struct replay *replay, size_t at)
{
    struct record record;
    memcpy(&record, replay->bytes + at, sizeof record);
    return record;
}

bool replay_init(struct replay *replay, const struct memory *memory, size_t size, uint64_t cursor)
{
    *replay = (struct replay){.size = size, .forgotten = cursor};
    replay->bytes = size ? memory_resize(memory, NULL, size) : NULL;
    return replay->bytes || !size;
}

void replay_free(struct replay *replay, const struct memory *memory)
{
    memory_free(memory, replay->bytes);
}

/* Forgets the oldest until at least half of the buffer, and `wanted` bytes, are free. */
static void make_room(struct replay *replay, size_t wanted)
{
    size_t at = 0, most = replay->size / 2 < replay->size - wanted ? replay->size / 2 : replay->size - wanted;
    while (replay->length - at > most) {
        struct record record = record_at(replay, at);
        replay->forgotten = record.about.cursor;
        at += sizeof record + record.length;
    }
    replay->length -= at;
    memmove(replay->bytes, replay->bytes + at, replay->length);
}

void replay_drop(struct replay *replay, const syncplay_id *subject)
{
    for (size_t at = 0; at < replay->length;) {
        struct record record = record_at(replay, at);
        if (syncplay_id_equal(&record.about.subject, subject)) {
            memset(&record.session, 0, sizeof record.session);
            memcpy(replay->bytes + at, &record, sizeof record);
            memset(replay->bytes + at + sizeof record, 0, record.length);
        }
        at += sizeof record + record.length;
    }
}

void replay_add(struct replay *replay, const syncplay_id *session, const struct replay_about *about, const char *bytes,
                size_t length)
{
    struct record record = {*about, *session, (uint32_t)length};
    size_t wanted = sizeof record + length;
    if (wanted > replay->size) {
        replay->length = 0;
        replay->forgotten = about->cursor;
        return;
    }
    if (wanted > replay->size - replay->length)
        make_room(replay, wanted);
    memcpy(replay->bytes + replay->length, &record, sizeof record);
    memcpy(replay->bytes + replay->length + sizeof record, bytes, length);
    replay->length += wanted;
}

bool replay_reaches(const struct replay *replay, uint64_t cursor, uint64_t latest)
{
    return cursor >= replay->forgotten && cursor <= latest;
}

bool replay_next(const struct replay *replay, const syncplay_id *session, uint64_t cursor, size_t *at,
                 struct replay_message *message)
{
    while (*at < replay->length) {
        struct record record = record_at(replay, *at);
        const char *bytes = (const char *)replay->bytes + *at + sizeof record;
        *at += sizeof record + record.length;
        if (record.about.cursor <= cursor || !syncplay_id_equal(&record.session, session))
            continue;
        *message = (struct replay_message){record.about.right, record.length, bytes};
        return true;
    }
    return false;
}
