/* The last chat messages of a session, for those who join later. */
#include <string.h>

#include "history.h"

const struct history_message *history_at(const struct history *history, uint32_t index)
{
    return history->messages[(history->first + index) % history->capacity];
}

static bool grow(struct history *history, const struct memory *memory, uint32_t limit)
{
    uint32_t wanted = (uint32_t)memory_larger(history->capacity, 8);
    wanted = wanted < limit ? wanted : limit;
    /* It only grows while it has never been full to the limit, so `first` is still 0. */
    void *larger = memory_resize(memory, history->messages, wanted * sizeof *history->messages);
    if (!larger)
        return false;
    history->messages = larger;
    history->capacity = wanted;
    return true;
}

bool history_add(struct history *history, const struct memory *memory, uint32_t limit,
                 const struct history_message *head, const char *text)
{
    size_t size = strlen(text) + 1;
    if (limit == 0)
        return true;
    if (history->count == history->capacity && history->capacity < limit && !grow(history, memory, limit))
        return false;
    struct history_message *message = memory_resize(memory, NULL, sizeof *message + size);
    if (!message)
        return false;
    *message = *head;
    memcpy(message->text, text, size);
    history->text_bytes += size - 1;
    if (history->count == history->capacity) {
        history->text_bytes -= strlen(history->messages[history->first]->text);
        memory_free(memory, history->messages[history->first]);
        history->messages[history->first] = message;
        history->first = (history->first + 1) % history->capacity;
    } else {
        history->messages[(history->first + history->count++) % history->capacity] = message;
    }
    return true;
}

uint32_t history_find(const struct history *history, const syncplay_id *id)
{
    uint32_t index = 0;
    while (index < history->count && !syncplay_id_equal(&history_at(history, index)->id, id))
        index++;
    return index;
}

void history_remove(struct history *history, const struct memory *memory, uint32_t index)
{
    struct history_message **messages = history->messages;
    uint32_t at = (history->first + index) % history->capacity;
    history->text_bytes -= strlen(messages[at]->text);
    memory_free(memory, messages[at]);
    for (uint32_t i = index; i + 1 < history->count; i++) {
        uint32_t next = (at + 1) % history->capacity;
        messages[at] = messages[next];
        at = next;
    }
    history->count--;
}

void history_free(struct history *history, const struct memory *memory)
{
    for (uint32_t i = 0; i < history->count; i++)
        memory_free(memory, history->messages[(history->first + i) % history->capacity]);
    memory_free(memory, history->messages);
}
