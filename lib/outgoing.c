/* Messages to the server, collected during a call and sent after it. */
#include <assert.h>

#include "outgoing.h"
#include "wire_command.h"

bool outgoing_reserve(struct outgoing *outgoing, const struct memory *memory, const syncplay_command *command)
{
    struct json_writer writer;
    json_begin(&writer, NULL, 0); /* counts only */
    if (command)
        wire_command_write(&writer, command);
    size_t wanted = writer.length + OUTGOING_DUE_MAX * OUTGOING_DUE_BYTES;
    if (wanted <= outgoing->capacity)
        return true;
    char *larger = memory_resize(memory, outgoing->bytes, wanted);
    if (!larger)
        return false;
    outgoing->bytes = larger;
    outgoing->capacity = wanted;
    return true;
}

void outgoing_free(struct outgoing *outgoing, const struct memory *memory)
{
    memory_free(memory, outgoing->bytes);
}

static size_t end_of(const struct outgoing *outgoing, size_t count)
{
    return count ? outgoing->ends[count - 1] : 0;
}

void outgoing_put(struct outgoing *outgoing, const syncplay_command *command)
{
    struct json_writer writer;
    size_t begin = end_of(outgoing, outgoing->count);
    assert(outgoing->count < OUTGOING_MAX);
    json_begin(&writer, outgoing->bytes + begin, outgoing->capacity - begin);
    wire_command_write(&writer, command);
    assert(writer.length <= writer.capacity);
    outgoing->ends[outgoing->count++] = begin + writer.length;
}

void outgoing_send(struct outgoing *outgoing, const syncplay_follower_callbacks *callbacks, void *user_data)
{
    for (size_t i = 0; i < outgoing->count; i++) {
        size_t begin = end_of(outgoing, i);
        callbacks->send(user_data, outgoing->bytes + begin, outgoing->ends[i] - begin);
    }
    outgoing->count = 0;
}
