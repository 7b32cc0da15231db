/* Values as they are named on the wire. */
#include <syncplay/event.h>

#define UNKNOWN "unknown"
#define NAME_OF(names, value) ((unsigned)(value) < sizeof names / sizeof *names ? names[value] : UNKNOWN)

const char *syncplay_visibility_name(syncplay_visibility visibility)
{
    static const char *const names[] = {"public", "private", "friends"};
    return NAME_OF(names, visibility);
}

const char *syncplay_control_name(syncplay_control control)
{
    static const char *const names[] = {"everyone", "host"};
    return NAME_OF(names, control);
}

const char *syncplay_strangers_name(syncplay_strangers strangers)
{
    static const char *const names[] = {"refuse", "knock"};
    return NAME_OF(names, strangers);
}

const char *syncplay_wait_name(syncplay_wait wait)
{
    static const char *const names[] = {"everyone", "controllers", "nobody"};
    return NAME_OF(names, wait);
}

const char *syncplay_permission_name(syncplay_permission permission)
{
    static const char *const names[] = {UNKNOWN, "syncplay.create", "syncplay.join", "syncplay.host_controls"};
    return NAME_OF(names, permission);
}

const char *syncplay_role_name(syncplay_role role)
{
    static const char *const names[] = {UNKNOWN, "host", "controller", "viewer", "chat_only"};
    return NAME_OF(names, role);
}

const char *syncplay_right_name(syncplay_right right)
{
    switch (right) {
#define NAME_OF_RIGHT(name, bit, text) \
    case name:                         \
        return text;
        SYNCPLAY_RIGHTS(NAME_OF_RIGHT)
#undef NAME_OF_RIGHT
    }
    return UNKNOWN;
}

const char *syncplay_phase_name(syncplay_phase phase)
{
    static const char *const names[] = {"idle", "waiting", "playing", "paused"};
    return NAME_OF(names, phase);
}

const char *syncplay_action_name(syncplay_action action)
{
    static const char *const names[] = {UNKNOWN, "play", "pause", "seek"};
    return NAME_OF(names, action);
}

const char *syncplay_change_name(syncplay_change change)
{
    static const char *const names[] = {UNKNOWN,   "joined",       "left",     "ready",     "stalled",  "excused",
                                        "disconnected", "returned", "requested", "admitted", "denied",   "kicked",
                                        "host",    "role",         "muted",    "unmuted",   "banned",   "unbanned"};
    return NAME_OF(names, change);
}

const char *syncplay_reason_name(syncplay_reason reason)
{
    static const char *const names[] = {UNKNOWN,  "host",    "timeout",  "shutdown", "kicked",
                                        "denied", "latency", "replaced", "left",     "banned",
                                        "operator"};
    return NAME_OF(names, reason);
}

const char *syncplay_invitation_change_name(syncplay_invitation_change change)
{
    static const char *const names[] = {UNKNOWN, "created", "used", "revoked"};
    return NAME_OF(names, change);
}
