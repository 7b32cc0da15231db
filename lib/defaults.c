/* The defaults of the structs that callers fill, and reading those structs at the size their caller knows. */
#include <string.h>

#include "defaults.h"
#include "profile.h"

static const int64_t second = 1000000;

/* Copies what the caller's version of a struct has; its first member stays the caller's size. */
static void hand_out(void *target, const void *source, size_t target_size, size_t source_size)
{
    if (!target || target_size < sizeof(size_t))
        return;
    memset(target, 0, target_size);
    memcpy(target, source, target_size < source_size ? target_size : source_size);
    memcpy(target, &target_size, sizeof target_size);
}

static size_t size_of(const void *theirs)
{
    size_t size;
    memcpy(&size, theirs, sizeof size);
    return size;
}

bool defaults_has_size(const void *theirs)
{
    return theirs && size_of(theirs) >= sizeof(size_t) && size_of(theirs) <= DEFAULTS_SIZE_MAX;
}

bool defaults_take(void *ours, const void *theirs, size_t our_size)
{
    if (!theirs)
        return true;
    if (!defaults_has_size(theirs))
        return false;
    memcpy(ours, theirs, size_of(theirs) < our_size ? size_of(theirs) : our_size);
    memcpy(ours, &our_size, sizeof our_size);
    return true;
}

void defaults_give(void *theirs, const void *ours, size_t our_size)
{
    hand_out(theirs, ours, size_of(theirs), our_size);
}

bool defaults_take_config(syncplay_hub_config *ours, const syncplay_hub_config *theirs)
{
    syncplay_hub_config_default(ours, sizeof *ours);
    uint32_t reaction_max_length = ours->reaction_max_length;
    bool has_size = defaults_take(ours, theirs, sizeof *ours);
    if (theirs && theirs->struct_size <= offsetof(syncplay_hub_config, reaction_rate_count))
        ours->reaction_max_length = reaction_max_length; /* before 0.4 there was padding in its place */
    return has_size;
}

const char *defaults_take_command(struct command_copy *ours, const syncplay_command *theirs)
{
    syncplay_command_default(&ours->command, sizeof ours->command, SYNCPLAY_COMMAND_NONE);
    syncplay_settings_default(&ours->settings, sizeof ours->settings);
    syncplay_content_default(&ours->content, sizeof ours->content);
    if (!defaults_take(&ours->command, theirs, sizeof ours->command))
        return "command";
    syncplay_command *command = &ours->command; /* of another kind, what these point to does not count, and may be gone */
    if (command->kind != SYNCPLAY_COMMAND_SETTINGS)
        command->settings = NULL;
    if (command->kind != SYNCPLAY_COMMAND_CONTENT)
        command->content = NULL;
    if (!defaults_take(&ours->settings, command->settings, sizeof ours->settings))
        return "settings";
    if (!defaults_take(&ours->content, command->content, sizeof ours->content))
        return "content";
    command->settings = command->settings ? &ours->settings : NULL;
    command->content = command->content ? &ours->content : NULL;
    return NULL;
}

void syncplay_user_default(syncplay_user *user, size_t struct_size)
{
    static const syncplay_user value;
    hand_out(user, &value, struct_size, sizeof value);
}

void syncplay_content_default(syncplay_content *content, size_t struct_size)
{
    static const syncplay_content value;
    hand_out(content, &value, struct_size, sizeof value);
}

static const syncplay_settings default_settings = {.struct_size = sizeof default_settings,
                                                   .visibility = SYNCPLAY_PRIVATE,
                                                   .control = SYNCPLAY_CONTROL_EVERYONE,
                                                   .chat_enabled = true,
                                                   .strangers = SYNCPLAY_STRANGERS_REFUSE,
                                                   .wait = SYNCPLAY_WAIT_EVERYONE};

void syncplay_settings_default(syncplay_settings *settings, size_t struct_size)
{
    hand_out(settings, &default_settings, struct_size, sizeof default_settings);
}

void syncplay_command_default(syncplay_command *command, size_t struct_size, syncplay_command_kind kind)
{
    syncplay_command value = {
        .kind = kind,
        .revision = SYNCPLAY_UNSET,
        .position = SYNCPLAY_UNSET,
        .speed = SYNCPLAY_SPEED_NORMAL,
        .buffered = SYNCPLAY_UNSET,
        .lifetime = SYNCPLAY_UNSET,
        .drift = SYNCPLAY_DRIFT_UNSET,
        .clock_error = SYNCPLAY_UNSET,
        .start = SYNCPLAY_UNSET,
        .typing = true,
    };
    hand_out(command, &value, struct_size, sizeof value);
}

void syncplay_hub_callbacks_default(syncplay_hub_callbacks *callbacks, size_t struct_size)
{
    static const syncplay_hub_callbacks value;
    hand_out(callbacks, &value, struct_size, sizeof value);
}

void syncplay_hub_config_default(syncplay_hub_config *config, size_t struct_size)
{
    const syncplay_hub_config value = {
        .max_sessions = 100000,
        .max_participants = 20,
        .max_knocks = 20,
        .max_message_bytes = 16384,
        .session_timeout = 4 * 3600 * second,
        .seat_grace = 90 * second,
        .knock_timeout = 300 * second,
        .latency_samples = 10,
        .max_latency = 5 * second,
        .max_lead = 2 * second,
        .ready_threshold = second,
        .stall_tolerance = second,
        .wait_timeout = 10 * second,
        .wait_budget = 30 * second,
        .chat_enabled = true,
        .chat_max_length = 500,
        .chat_rate_count = 10,
        .chat_rate_period = 60 * second,
        .chat_history = 50,
        .code_length = 8,
        .shard_count = 1,
        .away_after = 5 * second,
        .kick_cooldown = 300 * second,
        .max_invitations = 100,
        .max_removed = 256,
        .replay_bytes = 65536,
        .reaction_max_length = 10,
        .reaction_rate_count = 5,
        .reaction_rate_period = 10 * second,
    };
    hand_out(config, &value, struct_size, sizeof value);
}

void syncplay_player_profile_default(syncplay_player_profile *profile, size_t struct_size, syncplay_player_kind kind)
{
    hand_out(profile, profile_prior(kind), struct_size, sizeof *profile);
}

void syncplay_follower_config_default(syncplay_follower_config *config, size_t struct_size)
{
    const syncplay_follower_config value = {.ready_threshold = second, .max_message_bytes = 1 << 20};
    hand_out(config, &value, struct_size, sizeof value);
}

void syncplay_follower_callbacks_default(syncplay_follower_callbacks *callbacks, size_t struct_size)
{
    static const syncplay_follower_callbacks value;
    hand_out(callbacks, &value, struct_size, sizeof value);
}

void syncplay_playback_default(syncplay_playback *playback, size_t struct_size)
{
    static const syncplay_playback value = {.speed = SYNCPLAY_SPEED_NORMAL};
    hand_out(playback, &value, struct_size, sizeof value);
}

void syncplay_player_state_default(syncplay_player_state *state, size_t struct_size)
{
    static const syncplay_player_state value = {.is_paused = true, .rate = SYNCPLAY_RATE_ONE};
    hand_out(state, &value, struct_size, sizeof value);
}
