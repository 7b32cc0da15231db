/* Everything that fits together, asserted. */
#include "invariants.h"

#ifdef SYNCPLAY_HOSTILE

#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "access.h"
#include "invitations.h"
#include "removed.h"
#include "rights.h"
#include "roster.h"

static void check_seat(const struct syncplay_hub *hub, const struct session *session, const struct seat *seat)
{
    syncplay_id key = table_number_key(seat->connection);
    const struct connection *connection = seat->connection ? table_find(&hub->connections, &key) : NULL;
    assert(roster_find(session, &seat->user) == seat); /* nobody has two */
    assert(strlen(seat->name) > 0 && strlen(seat->name) < sizeof seat->name);
    assert(seat->role >= SYNCPLAY_ROLE_CONTROLLER && seat->role <= SYNCPLAY_ROLE_CHAT_ONLY);
    assert(!(seat->allow & ~(uint32_t)ACCESS_ALL) && !(seat->deny & ~(uint32_t)ACCESS_ALL));
    assert(seat->barrier.spent >= 0);
    assert(!seat->knocking || (!seat->deny && !seat->role_cap && !seat->barrier.spent));
    assert(seat->next_client_id < SEAT_CLIENT_IDS);
    if (seat->connection) {
        assert(connection && connection->number == seat->connection);
        assert(syncplay_id_equal(&connection->user.id, &seat->user));
        assert(syncplay_id_equal(&connection->session, &session->id));
        assert(seat->knocking || !seat->told_away);
        assert(seat->knocking || seat->gone_since == SYNCPLAY_NEVER);
    } else {
        assert(seat->gone_since != SYNCPLAY_NEVER);
    }
}

static void check_removed(const struct session *session, const syncplay_hub_config *config)
{
    assert(session->removed_count <= session->removed_capacity && session->removed_count <= config->max_removed);
    for (uint32_t i = 0; i < session->removed_count; i++) {
        const struct removed *removed = &session->removed[i];
        const struct seat *seat = roster_find(session, &removed->user);
        assert(removed_find(session, &removed->user) == removed);
        assert(!seat || seat->knocking); /* who sits is not remembered as well */
    }
}

static void check_history(const struct history *history, const syncplay_hub_config *config)
{
    size_t bytes = 0;
    assert(history->count <= history->capacity && history->capacity <= config->chat_history);
    assert(history->first < history->capacity || !history->capacity);
    for (uint32_t i = 0; i < history->count; i++)
        bytes += strlen(history_at(history, i)->text);
    assert(bytes == history->text_bytes);
}

static void check_session(const struct syncplay_hub *hub, const struct session *session)
{
    bool is_empty = roster_connected(session) == 0;
    assert(!session->ended);
    assert(session->seat_count <= session->seat_capacity);
    for (uint32_t i = 0; i < session->seat_count; i++)
        check_seat(hub, session, session->seats[i]);
    check_removed(session, &hub->config);
    assert(session->invitation_count <= session->invitation_capacity);
    for (uint32_t i = 0; i < session->invitation_count; i++)
        assert(invitations_get(session, &session->invitations[i].id) == &session->invitations[i]);
    check_history(&session->history, &hub->config);
    assert(session->content.type && *session->content.type);
    assert((session->phase == SYNCPLAY_PLAYING) == session->timeline.playing);
    assert((session->empty_since != SYNCPLAY_NEVER) == is_empty);
    assert(session->active <= hub->now);
    assert(session->deadline == session_deadline(session, &hub->config));
}

static void check_table(const struct table *table)
{
    size_t count = 0;
    for (size_t i = 0; i < table->capacity; i++)
        if (table->slots[i].value) {
            assert(table_find(table, &table->slots[i].key) == table->slots[i].value);
            count++;
        }
    assert(count == table->count);
    assert(!table->capacity || count < table->capacity); /* a search ends */
}

static void check_changed(const struct syncplay_hub *hub)
{
    size_t listed = 0, marked = 0;
    const struct session *last = NULL;
    for (const struct session *session = hub->changed_first; session; last = session, session = session->next_changed) {
        assert(session->is_changed && registry_find(hub, &session->id) == session);
        listed++;
    }
    for (size_t i = 0; i < hub->deadlines.count; i++)
        marked += hub->deadlines.heap[i]->is_changed;
    assert(listed == marked && hub->changed_last == last);
}

void hub_check(const struct syncplay_hub *hub)
{
    const struct deadlines *queue = &hub->deadlines;
    assert(!hub->outbox.count && !hub->outbox.length);
    check_table(&hub->by_id);
    check_table(&hub->by_code);
    check_table(&hub->connections);
    assert(hub->by_id.count == queue->count && hub->by_code.count == queue->count);
    for (size_t i = 0; i < hub->connections.capacity; i++) {
        const struct connection *connection = hub->connections.slots[i].value;
        syncplay_id key = table_number_key(connection ? connection->number : 0);
        assert(!connection || syncplay_id_equal(&key, &hub->connections.slots[i].key));
        assert(!connection || connection->user.name == connection->name);
    }
    for (size_t i = 0; i < queue->count; i++) {
        const struct session *session = queue->heap[i];
        assert(session->heap_index == i);
        assert(i == 0 || queue->heap[(i - 1) / 2]->deadline <= session->deadline);
        assert(registry_find(hub, &session->id) == session && registry_find_code(hub, session->code) == session);
        check_session(hub, session);
    }
    check_changed(hub);
}

#endif
