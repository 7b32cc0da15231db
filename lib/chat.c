/* Chat. */
#include <string.h>

#include "chat.h"

#include "announce.h"
#include "replay.h"
#include "rights.h"

static int check_enabled(const struct session *session, struct step *step)
{
    if (session->settings.chat_enabled && step->config->chat_enabled)
        return SYNCPLAY_OK;
    return step_fail(step, SYNCPLAY_ERROR_CHAT_DISABLED, "chat is switched off in this session");
}

int chat_say(struct session *session, struct step *step, struct seat *by, const syncplay_command *command)
{
    const syncplay_hub_config *config = step->config;
    struct history_message head = {.user = by->user, .unix_time = step->now + step->unix_offset};
    struct token_bucket rate = by->chat_rate;
    int error = check_enabled(session, step);
    if (error)
        return error;
    if (!token_bucket_take(&rate, step->now, config->chat_rate_count, config->chat_rate_period))
        return step_fail(step, SYNCPLAY_ERROR_RATE, "at most %u chat messages in %lld seconds", config->chat_rate_count,
                         (long long)(config->chat_rate_period / 1000000));
    memcpy(head.name, by->name, sizeof head.name);
    if (!step_random_id(step, &head.id))
        return step_fail(step, SYNCPLAY_ERROR_ENTROPY, "the source of random bytes failed");
    if (!history_add(&session->history, step->memory, config->chat_history, &head, command->text))
        return SYNCPLAY_ERROR_MEMORY;
    by->chat_rate = rate;
    by->is_typing = false;
    announce_chat(step, session, to_all(), &head, command->text, command->client_id, false);
    return SYNCPLAY_OK;
}

int chat_typing(struct session *session, struct step *step, struct seat *by, const syncplay_command *command)
{
    int error = check_enabled(session, step);
    if (error)
        return error;
    /* What is no news is no error: a client may say it at each key. The end of what was told is always news. */
    bool is_news = command->typing ? token_bucket_take(&by->typing_rate, step->now, 1, SYNCPLAY_TYPING_INTERVAL)
                                   : by->is_typing;
    if (is_news) {
        by->is_typing = command->typing;
        announce_typing(step, session, by);
    }
    return SYNCPLAY_OK;
}

int chat_react(struct session *session, struct step *step, struct seat *by, const syncplay_command *command)
{
    const syncplay_hub_config *config = step->config;
    int error = check_enabled(session, step);
    if (error)
        return error;
    if (!token_bucket_take(&by->reaction_rate, step->now, config->reaction_rate_count, config->reaction_rate_period))
        return step_fail(step, SYNCPLAY_ERROR_RATE, "at most %u reactions in %g seconds", config->reaction_rate_count,
                         (double)config->reaction_rate_period / 1000000);
    announce_reaction(step, session, by, command->text);
    return SYNCPLAY_OK;
}

int chat_delete(struct session *session, struct step *step, const struct seat *by, const syncplay_command *command)
{
    uint32_t index = history_find(&session->history, &command->message);
    if (index == session->history.count)
        return step_fail(step, SYNCPLAY_ERROR_NOT_FOUND, "id names no message that is kept");
    if (!syncplay_id_equal(&history_at(&session->history, index)->user, &by->user) &&
        !(rights_of(session, by) & SYNCPLAY_RIGHT_DELETE_CHAT))
        return step_fail(step, SYNCPLAY_ERROR_FORBIDDEN, RIGHTS_MISSING,
                         syncplay_right_name(SYNCPLAY_RIGHT_DELETE_CHAT));
    history_remove(&session->history, step->memory, index);
    replay_drop(step->replay, &command->message);
    announce_chat_deleted(step, session, &command->message, by);
    return SYNCPLAY_OK;
}
