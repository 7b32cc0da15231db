/* The rules of access. Pure. */
#include "access.h"

enum access_entry access_entry(syncplay_visibility visibility, bool is_host, bool is_friend)
{
    if (is_host || visibility == SYNCPLAY_PUBLIC)
        return ACCESS_ENTER;
    if (visibility == SYNCPLAY_PRIVATE)
        return ACCESS_KNOCK;
    return is_friend ? ACCESS_ENTER : ACCESS_REFUSE;
}

bool access_may(syncplay_command_kind kind, bool is_host, syncplay_control control)
{
    switch (kind) {
    case SYNCPLAY_COMMAND_PLAY:
    case SYNCPLAY_COMMAND_PAUSE:
    case SYNCPLAY_COMMAND_SEEK:
    case SYNCPLAY_COMMAND_SPEED:
        return is_host || control == SYNCPLAY_CONTROL_EVERYONE;
    case SYNCPLAY_COMMAND_ADMIT:
    case SYNCPLAY_COMMAND_DENY:
    case SYNCPLAY_COMMAND_KICK:
    case SYNCPLAY_COMMAND_HOST:
    case SYNCPLAY_COMMAND_SETTINGS:
    case SYNCPLAY_COMMAND_CONTENT:
    case SYNCPLAY_COMMAND_END:
        return is_host;
    default:
        return true;
    }
}
