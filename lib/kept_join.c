/* The join that a follower keeps. */
#include <string.h>

#include "kept_join.h"

/* Copies a text, or nothing if it is none or does not fit. */
static void keep(char *kept, size_t size, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    if (length >= size)
        length = 0;
    memmove(kept, length ? text : "", length);
    kept[length] = 0;
}

void kept_join_keep(struct kept_join *join, const syncplay_command *command)
{
    join->is_kept = true;
    keep(join->code, sizeof join->code, command->code);
    keep(join->invitation, sizeof join->invitation, command->invitation);
    keep(join->resume_token, sizeof join->resume_token, command->resume_token);
    join->cursor = command->cursor;
}

void kept_join_forget(struct kept_join *join)
{
    memset(join, 0, sizeof *join);
}

void kept_join_command(const struct kept_join *join, syncplay_command *command)
{
    syncplay_command_default(command, sizeof *command, SYNCPLAY_COMMAND_JOIN);
    command->code = join->code;
    command->invitation = join->invitation[0] ? join->invitation : NULL;
    command->resume_token = join->resume_token[0] ? join->resume_token : NULL;
    command->cursor = command->resume_token ? join->cursor : 0;
}

void kept_join_set_token(struct kept_join *join, const char *resume_token)
{
    keep(join->resume_token, sizeof join->resume_token, resume_token);
}

void kept_join_drop_token(struct kept_join *join)
{
    join->resume_token[0] = 0;
    join->cursor = 0;
}

void kept_join_saw(struct kept_join *join, uint64_t cursor)
{
    if (cursor > join->cursor)
        join->cursor = cursor;
}
