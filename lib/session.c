/* A session's life, its deadlines, and the dispatch of commands. */
#include <string.h>

#include "access.h"
#include "announce.h"
#include "chat.h"
#include "checks.h"
#include "invitations.h"
#include "membership.h"
#include "moderation.h"
#include "playback.h"
#include "rights.h"
#include "roster.h"
#include "text.h"

/* --- Life */

static char *copy_optional(const struct memory *memory, const char *text, bool *ok)
{
    char *copy = text && *text ? memory_copy_text(memory, text) : NULL;
    *ok &= copy || !text || !*text;
    return copy;
}

static void free_content(struct session *session, const struct memory *memory)
{
    const char *const texts[] = {session->content.type, session->content.title, session->content.url};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        memory_free(memory, (void *)(uintptr_t)texts[i]);
}

bool session_set_content(struct session *session, const struct memory *memory, const syncplay_content *content)
{
    bool ok = true;
    char *type = copy_optional(memory, content->type, &ok);
    char *title = copy_optional(memory, content->title, &ok);
    char *url = copy_optional(memory, content->url, &ok);
    if (!ok) {
        memory_free(memory, type);
        memory_free(memory, title);
        memory_free(memory, url);
        return false;
    }
    free_content(session, memory);
    session->content = (syncplay_content){sizeof session->content, type, content->id, title, url};
    return true;
}

struct session *session_new(struct step *step, const syncplay_id *id, const char *code, const syncplay_id *host,
                            const syncplay_content *content, const syncplay_settings *settings)
{
    struct session *session = memory_new(step->memory, sizeof *session);
    if (!session)
        return NULL;
    session->id = *id;
    memcpy(session->code, code, sizeof session->code);
    session->host = *host;
    session->settings = *settings;
    session->timeline.speed = SYNCPLAY_SPEED_NORMAL;
    session->timeline.at = step->now;
    session->unix_created = session->unix_last_sync = step->now + step->unix_offset;
    session->active = session->empty_since = step->now;
    session->deadline = SYNCPLAY_NEVER;
    if (session_set_content(session, step->memory, content))
        return session;
    session_free(step->memory, session);
    return NULL;
}

void session_free(const struct memory *memory, struct session *session)
{
    if (!session)
        return;
    for (uint32_t i = 0; i < session->seat_count; i++)
        memory_free(memory, session->seats[i]);
    history_free(&session->history, memory);
    memory_free(memory, session->seats);
    memory_free(memory, session->removed);
    memory_free(memory, session->invitations);
    free_content(session, memory);
    memory_free(memory, session);
}

void session_end(struct session *session, struct step *step, syncplay_reason reason, const struct seat *by)
{
    for (uint32_t i = 0; i < session->seat_count; i++) /* those who knock are not among "all" */
        if (session->seats[i]->knocking && session->seats[i]->connection)
            announce_ended(step, session, session->seats[i]->connection, reason, NULL);
    announce_ended(step, session, 0, reason, by);
    session->ended = reason;
}

/* --- A participant's own ids of commands and messages */

static bool was_seen(const struct seat *seat, uint64_t digest)
{
    for (unsigned i = 0; i < SEAT_CLIENT_IDS; i++)
        if (seat->client_ids[i] == digest)
            return true;
    return false;
}

static void note_seen(struct seat *seat, uint64_t digest)
{
    seat->client_ids[seat->next_client_id] = digest;
    seat->next_client_id = (uint8_t)((seat->next_client_id + 1) % SEAT_CLIENT_IDS);
}

/* --- Commands */

/* What viewers may do depends on who controls. */
static void tell_viewers(struct session *session, struct step *step)
{
    for (uint32_t i = 0; i < session->seat_count; i++)
        if (!session->seats[i]->knocking && rights_role(session, session->seats[i]) == SYNCPLAY_ROLE_VIEWER)
            announce_you(step, session, session->seats[i]);
}

static int change_settings(struct session *session, struct step *step, struct seat *by, const syncplay_command *command)
{
    const syncplay_settings *wanted = command->settings, before = session->settings;
    uint32_t mask = command->settings_mask;
    if (mask & SYNCPLAY_SETTING_VISIBILITY)
        session->settings.visibility = wanted->visibility;
    if (mask & SYNCPLAY_SETTING_CONTROL)
        session->settings.control = wanted->control;
    if (mask & SYNCPLAY_SETTING_MAX_PARTICIPANTS)
        session->settings.max_participants =
            wanted->max_participants ? wanted->max_participants : step->config->max_participants;
    if (mask & SYNCPLAY_SETTING_CHAT_ENABLED)
        session->settings.chat_enabled = wanted->chat_enabled;
    if (mask & SYNCPLAY_SETTING_STRANGERS)
        session->settings.strangers = wanted->strangers;
    if (mask & SYNCPLAY_SETTING_WAIT)
        session->settings.wait = wanted->wait;
    announce_session(step, session, by);
    if (session->settings.control != before.control)
        tell_viewers(session, step);
    membership_open(session, step);
    playback_resolve(session, step, "ready");
    return SYNCPLAY_OK;
}

static int change_content(struct session *session, struct step *step, struct seat *by, const syncplay_command *command)
{
    if (!session_set_content(session, step->memory, command->content))
        return SYNCPLAY_ERROR_MEMORY;
    announce_session(step, session, by);
    playback_reset(session, step, by);
    return SYNCPLAY_OK;
}

/* Those who may invite see that there is one more; the token is told by whoever calls. */
static int make_invitation(struct session *session, struct step *step, const struct seat *by,
                           const syncplay_command *command, const struct invitation **made,
                           char token[SYNCPLAY_TOKEN_SIZE])
{
    int error = invitations_create(session, step, by, command, made, token);
    if (error)
        return error;
    session->active = step->now;
    announce_invitation(step, session, *made, SYNCPLAY_INVITATION_CREATED, by, NULL, NULL);
    return SYNCPLAY_OK;
}

/* The token is told to the connection that asks. Who has none asks by session_invite. */
static int invite(struct session *session, struct step *step, const struct seat *by, const syncplay_command *command)
{
    const struct invitation *made;
    char token[SYNCPLAY_TOKEN_SIZE];
    int error = make_invitation(session, step, by, command, &made, token);
    if (!error)
        announce_invitation(step, session, made, SYNCPLAY_INVITATION_CREATED, by, token, command->client_id);
    return error;
}

static int revoke(struct session *session, struct step *step, const struct seat *by, const syncplay_command *command)
{
    struct invitation *invitation = invitations_get(session, &command->invitation_id);
    if (!invitation)
        return step_fail(step, SYNCPLAY_ERROR_NOT_FOUND, "invitation_id names no invitation of this session");
    announce_invitation(step, session, invitation, SYNCPLAY_INVITATION_REVOKED, by, NULL, NULL);
    invitations_remove(session, invitation);
    return SYNCPLAY_OK;
}

static int dispatch(struct session *session, struct step *step, struct seat *by, const syncplay_command *command)
{
    switch (command->kind) {
    case SYNCPLAY_COMMAND_LEAVE:
        return membership_leave(session, step, by);
    case SYNCPLAY_COMMAND_PLAY:
        return playback_play(session, step, by, command);
    case SYNCPLAY_COMMAND_PAUSE:
        return playback_pause(session, step, by, command);
    case SYNCPLAY_COMMAND_SEEK:
        return playback_seek(session, step, by, command);
    case SYNCPLAY_COMMAND_SPEED:
        return playback_speed(session, step, by, command);
    case SYNCPLAY_COMMAND_READY:
        return playback_ready(session, step, by, command);
    case SYNCPLAY_COMMAND_EXCUSE:
        return playback_excuse(session, step, by, command);
    case SYNCPLAY_COMMAND_CHAT:
        return chat_say(session, step, by, command);
    case SYNCPLAY_COMMAND_TYPING:
        return chat_typing(session, step, by, command);
    case SYNCPLAY_COMMAND_REACT:
        return chat_react(session, step, by, command);
    case SYNCPLAY_COMMAND_DELETE:
        return chat_delete(session, step, by, command);
    case SYNCPLAY_COMMAND_STATE:
        announce_state(step, session, by, NULL);
        return SYNCPLAY_OK;
    case SYNCPLAY_COMMAND_ADMIT:
        return membership_admit(session, step, command);
    case SYNCPLAY_COMMAND_DENY:
        return membership_deny(session, step, command);
    case SYNCPLAY_COMMAND_KICK:
        return moderation_kick(session, step, by, command);
    case SYNCPLAY_COMMAND_BAN:
        return moderation_ban(session, step, by, command);
    case SYNCPLAY_COMMAND_UNBAN:
        return moderation_unban(session, step, command);
    case SYNCPLAY_COMMAND_MUTE:
        return moderation_mute(session, step, by, command);
    case SYNCPLAY_COMMAND_ROLE:
        return moderation_role(session, step, by, command);
    case SYNCPLAY_COMMAND_HOST:
        return membership_hand_over(session, step, by, command);
    case SYNCPLAY_COMMAND_INVITE:
        return invite(session, step, by, command);
    case SYNCPLAY_COMMAND_REVOKE:
        return revoke(session, step, by, command);
    case SYNCPLAY_COMMAND_SETTINGS:
        return change_settings(session, step, by, command);
    case SYNCPLAY_COMMAND_CONTENT:
        return change_content(session, step, by, command);
    case SYNCPLAY_COMMAND_END:
        session_end(session, step, SYNCPLAY_REASON_HOST, by);
        return SYNCPLAY_OK;
    default:
        return step_fail(step, SYNCPLAY_ERROR_ARGUMENT, "no such command");
    }
}

/* The right that a command takes from this seat; excusing oneself takes none. */
static uint32_t right_for(const struct seat *seat, const syncplay_command *command)
{
    bool about_another = command->kind == SYNCPLAY_COMMAND_EXCUSE && !syncplay_id_is_none(&command->user) &&
                         !syncplay_id_equal(&command->user, &seat->user);
    return about_another ? SYNCPLAY_RIGHT_EXCUSE : access_right_for(command->kind);
}

static int check_right(const struct session *session, struct step *step, const struct seat *seat, uint32_t right)
{
    if (!(rights_of(session, seat) & right) && right == SYNCPLAY_RIGHT_CHAT)
        return step_fail(step, SYNCPLAY_ERROR_FORBIDDEN, "you are muted in this session");
    if (!(rights_of(session, seat) & right))
        return step_fail(step, SYNCPLAY_ERROR_FORBIDDEN, RIGHTS_MISSING, syncplay_right_name((syncplay_right)right));
    if (!(rights_permitted(session, step, seat) & right))
        return step_fail(step, SYNCPLAY_ERROR_FORBIDDEN, "this takes the permission %s",
                         syncplay_permission_name(SYNCPLAY_PERMISSION_HOST_CONTROLS));
    return SYNCPLAY_OK;
}

/* What must hold before one who sits (or knocks) is listened to. */
static int check_may(const struct session *session, struct step *step, const struct seat *seat,
                     const syncplay_command *command, uint64_t digest)
{
    bool is_playback = command->kind >= SYNCPLAY_COMMAND_PLAY && command->kind <= SYNCPLAY_COMMAND_SPEED;
    uint32_t right = right_for(seat, command);
    if (seat->knocking && command->kind != SYNCPLAY_COMMAND_LEAVE)
        return step_fail(step, SYNCPLAY_ERROR_NOT_JOINED, "you have not been let in yet");
    if (digest && was_seen(seat, digest))
        return step_fail(step, SYNCPLAY_ERROR_DUPLICATE, "this id was accepted before");
    int error = right ? check_right(session, step, seat, right) : SYNCPLAY_OK;
    if (error)
        return error;
    if (is_playback && command->revision != SYNCPLAY_UNSET && (uint64_t)command->revision != session->revision)
        return step_fail(step, SYNCPLAY_ERROR_STALE, "revision %lld is outdated, the session is at %llu",
                         (long long)command->revision, (unsigned long long)session->revision);
    return SYNCPLAY_OK;
}

bool session_is_passing(syncplay_command_kind kind)
{
    return kind == SYNCPLAY_COMMAND_TYPING || kind == SYNCPLAY_COMMAND_REACT;
}

static bool is_activity(syncplay_command_kind kind)
{
    return kind != SYNCPLAY_COMMAND_READY && kind != SYNCPLAY_COMMAND_STATE && !session_is_passing(kind);
}

/* How many may come in at once: all who knock, when the door is opened. */
static size_t arrivals_of(const struct session *session, const syncplay_command *command)
{
    return command->kind == SYNCPLAY_COMMAND_SETTINGS ? session->seat_count - roster_members(session) + 1 : 1;
}

int session_invite(struct session *session, struct step *step, const syncplay_user *user,
                   const syncplay_command *command, const struct invitation **made, char token[SYNCPLAY_TOKEN_SIZE])
{
    const struct seat *seat = roster_find(session, &user->id);
    int error = check_command(step, command);
    if (error)
        return error;
    if (!seat)
        return step_fail(step, SYNCPLAY_ERROR_NOT_JOINED, "join the session first");
    error = check_may(session, step, seat, command, 0);
    if (error)
        return error;
    if (!announce_reserve(session, step, 1, 0))
        return SYNCPLAY_ERROR_MEMORY;
    return make_invitation(session, step, seat, command, made, token);
}

int session_apply(struct session *session, struct step *step, const syncplay_user *user, uint64_t connection,
                  const syncplay_command *command)
{
    bool passes = session_is_passing(command->kind);
    uint64_t digest = command->client_id && !passes ? text_digest(command->client_id) : 0;
    bool joins = command->kind == SYNCPLAY_COMMAND_JOIN;
    struct seat *seat = joins ? NULL : roster_find(session, &user->id);
    int error = check_command(step, command);
    if (error)
        return error;
    if (!joins && !seat)
        return step_fail(step, SYNCPLAY_ERROR_NOT_JOINED, "join the session first");
    error = joins ? SYNCPLAY_OK : check_may(session, step, seat, command, digest);
    if (error)
        return error;
    if (!announce_reserve(session, step, session->seat_count, arrivals_of(session, command)))
        return SYNCPLAY_ERROR_MEMORY;
    if (!passes)
        playback_account(session, step);
    error = joins ? membership_join(session, step, user, connection, command) : dispatch(session, step, seat, command);
    if (error && !passes)
        playback_take_back(session);
    if (error)
        return error;
    if (digest && !joins && command->kind != SYNCPLAY_COMMAND_LEAVE)
        note_seen(seat, digest);
    if (is_activity(command->kind))
        session->active = step->now;
    return SYNCPLAY_OK;
}

/* --- Connections */

void session_disconnect(struct session *session, struct step *step, struct seat *seat)
{
    playback_account(session, step);
    session->active = step->now;
    membership_disconnect(session, step, seat);
}

void session_round_trip(struct session *session, struct step *step, struct seat *seat, int64_t round_trip)
{
    latency_add(&seat->latency, round_trip / 2, step->config->latency_samples);
    if (seat->knocking || seat->latency.count < LATENCY_SAMPLES_TO_JUDGE ||
        latency_average(&seat->latency) <= step->config->max_latency)
        return;
    playback_account(session, step);
    session->active = step->now;
    membership_remove(session, step, seat, SYNCPLAY_CHANGE_KICKED, SYNCPLAY_REASON_LATENCY);
}

bool session_is_behind(const struct session *session, const struct step *step, const struct seat *seat,
                       int64_t revision)
{
    int64_t changed = session->unix_last_sync - step->unix_offset, age = step->now - changed;
    int64_t round_trips = 2 * 2 * latency_average(&seat->latency);
    bool was_told = seat->told_state >= changed && seat->told_state > step->now - SESSION_CORRECT_INTERVAL;
    return !seat->knocking && revision != SYNCPLAY_UNSET && (uint64_t)revision < session->revision &&
           age > SESSION_CORRECT_AFTER && age > round_trips && !was_told;
}

/* --- Time */

/* Over when nobody is there, or nothing happens, for session_timeout; a film that somebody watches is something. */
static int64_t timeout_due(const struct session *session, const syncplay_hub_config *config)
{
    bool runs = session->phase == SYNCPLAY_PLAYING || session->phase == SYNCPLAY_WAITING;
    if (runs && session->empty_since == SYNCPLAY_NEVER)
        return SYNCPLAY_NEVER;
    return session->active + config->session_timeout;
}

void session_tick(struct session *session, struct step *step)
{
    playback_account(session, step);
    membership_tick(session, step);
    playback_tick(session, step);
    if (timeout_due(session, step->config) <= step->now)
        session_end(session, step, SYNCPLAY_REASON_TIMEOUT, NULL);
}

int64_t session_deadline(const struct session *session, const syncplay_hub_config *config)
{
    int64_t due = timeout_due(session, config), other = membership_deadline(session, config);
    due = other < due ? other : due;
    other = playback_deadline(session, config);
    return other < due ? other : due;
}
