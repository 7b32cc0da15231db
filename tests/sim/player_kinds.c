/*
 * The ways of players, measured with Chromium 156 and mpv 0.35 (null sinks, two cores): starts, seeks, changes of rate,
 * and what they lose. The poor one is made up: what an old television might do.
 */
#include "player.h"

/* clang-format off */
const struct player_kind player_kinds[PLAYER_KINDS] = {
    [PLAYER_BROWSER] = {
        .name = "browser", .known_as = SYNCPLAY_PLAYER_BROWSER, .has_sound = true,
        .start = 81e3, .start_spread = 6e3, .rate_latency = 72e3, .loss_pitch = 17.5e3, .loss_plain = 50,
        .dead_zone = 1000, .seek = 175e3, .seek_p95 = 264e3, .seek_standing = 0.55, .overshoot = 100, .noise = 30,
    },
    [PLAYER_SILENT] = {
        .name = "silent", .known_as = SYNCPLAY_PLAYER_BROWSER, .has_sound = false,
        .start = 600, .start_spread = 200, .rate_latency = 0, .seek = 79e3, .seek_p95 = 275e3, .seek_standing = 1,
        .overshoot = 100, .noise = 30,
    },
    [PLAYER_MPV] = {
        .name = "mpv", .known_as = SYNCPLAY_PLAYER_MPV, .has_sound = true,
        .start = 2e3, .start_spread = 500, .rate_latency = 370e3, .loss_pitch = 20e3, .loss_plain = 240,
        .seek = 40e3, .seek_p95 = 90e3, .seek_standing = 0.9, .overshoot = 100, .noise = 100, .frame = 41708,
    },
    [PLAYER_POOR] = {
        .name = "poor", .known_as = SYNCPLAY_PLAYER_GENERIC, .has_sound = true,
        .start = 150e3, .start_spread = 25e3, .rate_latency = 150e3, .rate_step = 250000, .seek = 400e3,
        .seek_p95 = 800e3, .seek_standing = 0.7, .overshoot = 8e3, .noise = 1e3, .step = 33333, .tolerance = 450e3,
    },
};
/* clang-format on */
