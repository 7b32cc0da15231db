/* Values as they are named on the wire. */
#include <syncplay/event.h>

#define NAME_OF(names, value) ((unsigned)(value) < sizeof names / sizeof *names && names[value] ? names[value] : "unknown")

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

const char *syncplay_phase_name(syncplay_phase phase)
{
    static const char *const names[] = {"idle", "waiting", "playing", "paused"};
    return NAME_OF(names, phase);
}

const char *syncplay_action_name(syncplay_action action)
{
    static const char *const names[] = {0, "play", "pause", "seek"};
    return NAME_OF(names, action);
}

const char *syncplay_change_name(syncplay_change change)
{
    static const char *const names[] = {0,          "joined",    "left",     "ready",  "stalled", "excused", "disconnected",
                                        "returned", "requested", "admitted", "denied", "kicked",  "host"};
    return NAME_OF(names, change);
}

const char *syncplay_reason_name(syncplay_reason reason)
{
    static const char *const names[] = {0,        "host",    "timeout",  "shutdown", "kicked",
                                        "denied", "latency", "replaced", "left"};
    return NAME_OF(names, reason);
}
