/* Settings of hubs and followers, and what each may be. A row here is a range in the headers. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <syncplay/follower.h>
#include <syncplay/hub.h>

#include "checks.h"
#include "defaults.h"
#include "latency.h"

#define DAY INT64_C(86400000000)
#define MESSAGE_BYTES_MIN 64
#define MESSAGE_BYTES_MAX (1 << 24)

struct setting {
    const char *name;
    size_t offset, size;
    int64_t least, most;
};
#define HUB(field, least, most)                                                                                        \
    {#field, offsetof(syncplay_hub_config, field), sizeof((syncplay_hub_config){0}.field), least, most}
#define FOLLOWER(field, least, most)                                                                                   \
    {#field, offsetof(syncplay_follower_config, field), sizeof((syncplay_follower_config){0}.field), least, most}

static const struct setting of_hubs[] = {
    HUB(unix_time, 0, UNIX_TIME_MAX),
    HUB(max_sessions, 1, UINT32_MAX),
    HUB(max_participants, 1, SYNCPLAY_PARTICIPANTS_LIMIT),
    HUB(max_message_bytes, MESSAGE_BYTES_MIN, MESSAGE_BYTES_MAX),
    HUB(session_timeout, 1, DURATION_MAX),
    HUB(seat_grace, 1, DURATION_MAX),
    HUB(knock_timeout, 1, DURATION_MAX),
    HUB(latency_samples, 1, LATENCY_SAMPLES_MAX),
    HUB(max_latency, 1, DURATION_MAX),
    HUB(max_lead, 1, DURATION_MAX),
    HUB(ready_threshold, 1, DURATION_MAX),
    HUB(stall_tolerance, 1, DURATION_MAX),
    HUB(wait_timeout, 1, DURATION_MAX),
    HUB(wait_budget, 1, DURATION_MAX),
    HUB(chat_max_length, 1, CHECKS_CHAT_MAX),
    HUB(chat_rate_period, 1, DURATION_MAX),
    HUB(chat_history, 0, 1000),
    HUB(code_length, SYNCPLAY_CODE_MIN, SYNCPLAY_CODE_MAX),
    HUB(shard_count, 1, 4096),
    HUB(away_after, 0, DAY),
    HUB(kick_cooldown, 0, DURATION_MAX),
    HUB(max_invitations, 0, 10000),
    HUB(max_removed, 1, 10000),
    HUB(replay_bytes, 0, 1 << 30),
    HUB(reaction_max_length, 1, CHECKS_REACTION_MAX),
    HUB(reaction_rate_period, 1, DURATION_MAX),
};

static const struct setting of_followers[] = {
    FOLLOWER(ready_threshold, 1, DURATION_MAX),
    FOLLOWER(max_message_bytes, MESSAGE_BYTES_MIN, MESSAGE_BYTES_MAX),
};

/* Where the sentence goes. */
struct reason {
    char *why;
    size_t size;
};

static bool is_in_range(const struct reason *reason, const char *name, int64_t value, int64_t least, int64_t most)
{
    if (value >= least && value <= most)
        return true;
    snprintf(reason->why, reason->size, "%s must be %lld to %lld", name, (long long)least, (long long)most);
    return false;
}

static bool are_in_range(const struct reason *reason, const void *config, const struct setting *settings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *at = (const char *)config + settings[i].offset;
        uint32_t narrow;
        int64_t value;
        if (settings[i].size == sizeof narrow) {
            memcpy(&narrow, at, sizeof narrow);
            value = narrow;
        } else {
            memcpy(&value, at, sizeof value);
        }
        if (!is_in_range(reason, settings[i].name, value, settings[i].least, settings[i].most))
            return false;
    }
    return true;
}

static bool has_no_size(const struct reason *reason, const char *name)
{
    snprintf(reason->why, reason->size, DEFAULTS_SIZE_WRONG, name);
    return false;
}

/* A sentence, none so far. */
static struct reason begin(char *why, size_t why_size)
{
    if (why_size)
        why[0] = 0;
    return (struct reason){why, why_size};
}

int syncplay_hub_config_check(const syncplay_hub_config *config, char *why, size_t why_size)
{
    syncplay_hub_config c;
    struct reason reason = begin(why, why_size);
    bool is_good = defaults_take_config(&c, config) || has_no_size(&reason, "config");
    is_good = is_good && are_in_range(&reason, &c, of_hubs, sizeof of_hubs / sizeof *of_hubs) &&
              is_in_range(&reason, "shard_index (below shard_count)", c.shard_index, 0, (int64_t)c.shard_count - 1) &&
              is_in_range(&reason, "chat_rate_count (in chat_rate_period)", c.chat_rate_count, 1, c.chat_rate_period) &&
              is_in_range(&reason, "reaction_rate_count (in reaction_rate_period)", c.reaction_rate_count, 1,
                          c.reaction_rate_period);
    return is_good ? SYNCPLAY_OK : SYNCPLAY_ERROR_ARGUMENT;
}

int syncplay_follower_config_check(const syncplay_follower_config *config, char *why, size_t why_size)
{
    syncplay_follower_config c;
    struct reason reason = begin(why, why_size);
    syncplay_follower_config_default(&c, sizeof c);
    bool is_good = defaults_take(&c, config, sizeof c) || has_no_size(&reason, "config");
    is_good = is_good && (!c.profile || defaults_has_size(c.profile) || has_no_size(&reason, "profile")) &&
              are_in_range(&reason, &c, of_followers, sizeof of_followers / sizeof *of_followers);
    return is_good ? SYNCPLAY_OK : SYNCPLAY_ERROR_ARGUMENT;
}
