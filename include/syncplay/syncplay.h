/*
 * libsyncplay: watch-together playback. Include this header; it brings all the others. hub.h is the server's half,
 * follower.h the client's.
 *
 * Conventions, stated once:
 *
 *  - Nothing is read behind your back: time, randomness, memory, friendship and permission come
 *    from the caller.
 *    The library starts no thread, opens nothing, prints nothing and has no global state.
 *  - Time is a signed 64-bit count of microseconds: `now` on the caller's monotonic clock, a duration
 *    as a plain difference, SYNCPLAY_NEVER for what will not happen. A `now` below an earlier one counts
 *    as that earlier one, for questions too; it may be -2^60 to 2^60 when a hub or follower is made, and 2^60 at most
 *    after that. Fields named `unix_...` are microseconds since the Unix epoch, on the hub's own
 *    timeline: tied to the wall clock once, when the hub is made, and steady ever after.
 *  - Positions are microseconds of media, from 0 to SYNCPLAY_POSITION_MAX. Speed is in hundredths.
 *  - Text is UTF-8 and ends with a zero byte. Lengths in characters are Unicode code points.
 *  - Structs that the caller fills begin with `struct_size`, and have a function that fills in the
 *    defaults, which takes sizeof the struct: so a struct may grow without breaking programs that were
 *    compiled before. Of those that the library fills, the caller sets struct_size alone. A struct_size that was never
 *    set (0 to 7, or beyond 4096) is SYNCPLAY_ERROR_ARGUMENT. For the same reason none of them holds another: they point
 *    to each other. A binding for another language may declare the beginning of one, up to a field without padding
 *    behind it.
 *  - Functions that can fail return SYNCPLAY_OK or a negative SYNCPLAY_ERROR_...; a call that fails
 *    changes nothing (out of memory included), and syncplay_hub_why() or syncplay_follower_why() tells why in a
 *    sentence that names the field and the limit. Questions (const functions), and what makes a hub or follower, tell
 *    no more than their error; what is wrong with settings, syncplay_hub_config_check() tells.
 *  - Functions that return anything else take no NULL unless their comment allows it; as hub or follower it counts
 *    as an empty one.
 *  - Sessions, users and connections are named by ids, never by pointers: an outdated id is
 *    SYNCPLAY_ERROR_NOT_FOUND.
 *  - Callbacks that tell something run at the end of a call, when everything has changed already; those that ask, when
 *    the answer is needed. They may ask (const functions) but not change: a mutating call from inside a callback is
 *    SYNCPLAY_ERROR_REENTRANT. `allocate` must not call the library at all. What a callback is given lives until it
 *    returns.
 *  - One hub or follower, one thread at a time. Different ones are independent of each other.
 *  - JSON is read with cJSON, whose allocation hooks are one per process: the library never sets
 *    them, so what it reads is parsed in memory from cJSON's allocator, not from the caller's.
 *  - All functions are there since version 0.1 unless their comment says otherwise.
 */
#ifndef SYNCPLAY_SYNCPLAY_H
#define SYNCPLAY_SYNCPLAY_H

#include <syncplay/access.h>
#include <syncplay/code.h>
#include <syncplay/command.h>
#include <syncplay/error.h>
#include <syncplay/event.h>
#include <syncplay/follower.h>
#include <syncplay/hub.h>
#include <syncplay/id.h>
#include <syncplay/session.h>
#include <syncplay/version.h>

#endif
