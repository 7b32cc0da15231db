// Where the film is: the one formula of the wire (lib/PROTOCOL.md). Plain values in and out; no clock, no player.

// The timeline that a `state` or a `command` describes.
export function timelineOf(message) {
    const isPlaying = message.is_playing ?? message.action === 'play';
    return {
        revision: message.revision ?? 0,
        phase: message.phase ?? (isPlaying ? 'playing' : 'paused'),
        isPlaying,
        position: message.position_ms,
        // From this server instant on the film moves. A message may come before or after it.
        start: Math.max(message.server_time ?? 0, message.at ?? 0),
        speed: message.playback_speed ?? 1,
    };
}

// The position, in milliseconds, at the server's time `now`.
export function positionAt(timeline, now) {
    if (!timeline.isPlaying) return timeline.position;
    return timeline.position + Math.max(0, now - timeline.start) * timeline.speed;
}
