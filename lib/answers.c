/* The doors that only ask: they change nothing, and may be called from inside a callback. */
#include <string.h>

#include "defaults.h"
#include "describe.h"
#include "hub.h"
#include "invitations.h"
#include "removed.h"
#include "rights.h"
#include "roster.h"

/* Time does not go back for a question either. */
static int64_t instant(const syncplay_hub *hub, int64_t now)
{
    return now < hub->now ? hub->now : now > NOW_MAX ? NOW_MAX : now;
}

/*
 * A step for const questions: what may be asked of the host application, and the time. While it is asked nothing may be
 * changed, as in any callback: that is noted in the hub, which is const for its caller alone.
 */
static struct step question(const syncplay_hub *hub, int64_t now)
{
    return (struct step){.config = &hub->config,
                         .callbacks = &hub->callbacks,
                         .user_data = hub->user_data,
                         .in_callback = (bool *)(uintptr_t)&hub->in_callback,
                         .now = instant(hub, now),
                         .unix_offset = hub->unix_offset};
}

int syncplay_hub_find(const syncplay_hub *hub, const char *code, size_t length, syncplay_id *session)
{
    char normal[SYNCPLAY_CODE_SIZE];
    if (!hub || !session)
        return SYNCPLAY_ERROR_ARGUMENT;
    if (!syncplay_code_normalise(code, length, normal))
        return SYNCPLAY_ERROR_NOT_FOUND;
    const struct session *found = registry_find_code(hub, normal);
    if (!found)
        return registry_has_ended(hub, normal) ? SYNCPLAY_ERROR_ENDED : SYNCPLAY_ERROR_NOT_FOUND;
    *session = found->id;
    return SYNCPLAY_OK;
}

size_t syncplay_hub_count(const syncplay_hub *hub)
{
    return hub ? hub->by_id.count : 0;
}

size_t syncplay_hub_list(const syncplay_hub *hub, syncplay_id *sessions, size_t capacity)
{
    if (!hub || !sessions)
        return 0;
    size_t count = hub->deadlines.count < capacity ? hub->deadlines.count : capacity;
    for (size_t i = 0; i < count; i++)
        sessions[i] = hub->deadlines.heap[i]->id;
    return count;
}

int syncplay_hub_session(const syncplay_hub *hub, int64_t now, const syncplay_id *id, syncplay_session_info *info)
{
    if (!hub || !defaults_has_size(info))
        return SYNCPLAY_ERROR_ARGUMENT;
    const struct session *session = registry_find(hub, id);
    if (!session)
        return SYNCPLAY_ERROR_NOT_FOUND;
    syncplay_session_info answer = {
        .id = session->id,
        .host_user_id = session->host,
        .settings = &session->settings,
        .content = &session->content,
        .phase = session->phase,
        .is_playing = session->phase == SYNCPLAY_PLAYING,
        .position = timeline_position(&session->timeline, instant(hub, now)),
        .unix_at = session->timeline.at + hub->unix_offset,
        .speed = session->timeline.speed,
        .revision = session->revision,
        .unix_created = session->unix_created,
        .unix_last_sync = session->unix_last_sync,
        .participants = roster_members(session),
        .connected = roster_connected(session),
    };
    memcpy(answer.code, session->code, sizeof answer.code);
    defaults_give(info, &answer, sizeof answer);
    return SYNCPLAY_OK;
}

static void tell_participant(const syncplay_hub *hub, const struct session *session, const struct seat *seat,
                             syncplay_participant_info *info)
{
    bool is_host = seat_is_host(session, seat);
    const struct step step = question(hub, hub->now);
    syncplay_participant_info answer = {
        .user_id = seat->user,
        .name = seat->name,
        .is_host = is_host,
        .is_connected = seat->connection != 0,
        .is_ready = seat->barrier.ready,
        .is_excused = seat->barrier.excused || seat->barrier.opted_out,
        .is_knocking = seat->knocking,
        .latency = latency_average(&seat->latency),
        .latency_max = latency_maximum(&seat->latency),
        .unix_joined = seat->unix_joined,
        .role = rights_role(session, seat),
        .rights = rights_permitted(session, &step, seat),
        .allow = is_host ? 0 : seat->allow,
        .deny = is_host ? 0 : seat->deny,
        .round_trip = latency_round_trip(&seat->latency),
        .drift = seat->report.drift,
        .clock_error = seat->report.clock_error,
        .start = seat->report.start,
    };
    defaults_give(info, &answer, sizeof answer);
}

int syncplay_hub_participant(const syncplay_hub *hub, const syncplay_id *id, size_t index,
                             syncplay_participant_info *info)
{
    if (!hub || !defaults_has_size(info))
        return SYNCPLAY_ERROR_ARGUMENT;
    const struct session *session = registry_find(hub, id);
    if (!session || index >= session->seat_count)
        return SYNCPLAY_ERROR_NOT_FOUND;
    tell_participant(hub, session, session->seats[index], info);
    return SYNCPLAY_OK;
}

int syncplay_hub_participant_of(const syncplay_hub *hub, const syncplay_id *id, const syncplay_id *user,
                                syncplay_participant_info *info)
{
    if (!hub || !defaults_has_size(info))
        return SYNCPLAY_ERROR_ARGUMENT;
    const struct session *session = registry_find(hub, id);
    const struct seat *seat = session && user ? roster_find(session, user) : NULL;
    if (!seat)
        return SYNCPLAY_ERROR_NOT_FOUND;
    tell_participant(hub, session, seat, info);
    return SYNCPLAY_OK;
}

int syncplay_hub_invitation(const syncplay_hub *hub, int64_t now, const syncplay_id *id, size_t index,
                            syncplay_invitation_info *info)
{
    if (!hub || !defaults_has_size(info))
        return SYNCPLAY_ERROR_ARGUMENT;
    const struct session *session = registry_find(hub, id);
    for (uint32_t i = 0; session && i < session->invitation_count; i++)
        if (invitation_is_open(&session->invitations[i], instant(hub, now)) && index-- == 0) {
            invitation_tell(&session->invitations[i], hub->unix_offset, info);
            return SYNCPLAY_OK;
        }
    return SYNCPLAY_ERROR_NOT_FOUND;
}

int syncplay_hub_removed(const syncplay_hub *hub, int64_t now, const syncplay_id *id, size_t index,
                         syncplay_removed_info *info)
{
    if (!hub || !defaults_has_size(info))
        return SYNCPLAY_ERROR_ARGUMENT;
    const struct session *session = registry_find(hub, id);
    for (uint32_t i = 0; session && i < session->removed_count; i++) {
        const struct removed *removed = &session->removed[i];
        if (!removed_keeps_out(removed, instant(hub, now)) || index-- > 0)
            continue;
        syncplay_removed_info answer = {.user_id = removed->user,
                                        .name = removed->name,
                                        .is_banned = removed->banned,
                                        .unix_until = removed->banned ? 0 : removed->until + hub->unix_offset};
        defaults_give(info, &answer, sizeof answer);
        return SYNCPLAY_OK;
    }
    return SYNCPLAY_ERROR_NOT_FOUND;
}

int syncplay_hub_state(const syncplay_hub *hub, int64_t now, const syncplay_id *id, const syncplay_id *user,
                       char *buffer, size_t capacity, size_t *length)
{
    struct json_writer writer;
    const struct session *session = hub ? registry_find(hub, id) : NULL;
    if (!hub || !length || (!buffer && capacity))
        return SYNCPLAY_ERROR_ARGUMENT;
    if (!session)
        return SYNCPLAY_ERROR_NOT_FOUND;
    const struct step step = question(hub, now);
    json_begin(&writer, buffer, capacity ? capacity - 1 : 0);
    describe_state(&writer, session, &step, user ? roster_find(session, user) : NULL, NULL, hub->outbox.cursor);
    *length = writer.length;
    if (writer.length >= capacity)
        return SYNCPLAY_ERROR_BUFFER;
    buffer[writer.length] = 0;
    return SYNCPLAY_OK;
}
