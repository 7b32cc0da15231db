// The follower: the library's own C (lib/wasm/door.c), compiled to WebAssembly, with names for its numbers. All that is known
// of clocks, of where the film is and of keeping in step is in there. Times in milliseconds, `now` as of performance.now().

// As in include/syncplay: command.h, session.h, follower.h.
const COMMANDS = { 3: 'play', 4: 'pause', 5: 'seek', 7: 'ready', 9: 'ping', 10: 'state', 11: 'wait' };
const PHASES = ['idle', 'waiting', 'playing', 'paused'];
const MODES = ['idle', 'standing', 'meeting', 'starting', 'playing', 'suspended', 'over'];
const ADVICE = ['none', 'pause', 'seek', 'play', 'rate'];
const SUSPENSIONS = ['stalled', 'scrubbing', 'blocked', 'away', 'apart'];
const BROWSER = 1;

const FLAGS = ['hasFilm', 'hasSound', 'isPaused', 'isSeeking', 'canPlay', 'hasEnough', 'isEnded'];

let module;

// Call once before the first `new Follower`.
export async function loadFollower(url = new URL('follower.wasm', import.meta.url)) {
    module ??= await WebAssembly.compile(await (await fetch(url)).arrayBuffer());
}

export class Follower {
    // learned: what profile() said the last time. The film is ready when `threshold` is buffered.
    constructor({ learned = {}, threshold = 1000 } = {}) {
        this.wasm = new WebAssembly.Instance(module).exports;
        this.answers = new Float64Array(this.wasm.memory.buffer, this.wasm.answers(), 10);
        const { start = NaN, silentStart = NaN, seek = NaN, loss = NaN } = learned;
        this.wasm.begin(BROWSER, start, silentStart, seek, loss, threshold);
    }

    profile() {
        this.wasm.profile();
        const [start, silentStart, seek, loss] = this.answers;
        return { start, silentStart, seek, loss };
    }

    // --- The server

    connected(now) {
        this.wasm.connected(now);
    }

    disconnected() {
        this.wasm.disconnected();
    }

    // Takes what there is to take from a message of the server that came at `now`.
    receive(now, message) {
        const { type } = message;
        if (type === 'pong') this.wasm.pong(now, message.client_timestamp, message.server_timestamp);
        else if (type === 'state' || type === 'command') this.playback(now, message);
        else if (type === 'resumed') this.wasm.joined(now, message.server_time);
        else if (type === 'ended' && message.reason !== 'shutdown') this.wasm.left();
        else if (type === 'error' && ['play', 'pause', 'seek'].includes(message.in_reply_to)) this.refused();
    }

    // The server that this page comes from always tells all of it.
    playback(now, message) {
        this.wasm.playback(now, message.revision, PHASES.indexOf(message.phase), message.is_playing, message.type === 'state',
                           message.position_ms, message.server_time, message.at, message.playback_speed);
    }

    // The messages that are due to be sent.
    *due(now) {
        for (let kind = this.wasm.next(now); kind !== 0; kind = this.wasm.next(now)) yield this.message(COMMANDS[kind]);
    }

    message(type) {
        const [revision, ...rest] = this.answers;
        if (type === 'ping') return this.ping(revision, rest);
        const [buffered, isReady] = rest;
        const [position, isExcused] = rest.slice(6);
        if (type === 'ready') return { type, is_ready: isReady === 1, buffered_ms: buffered, revision };
        if (type === 'wait') return { type, excused: isExcused === 1 };
        return type === 'seek' ? { type, position_ms: position } : { type };
    }

    ping(revision, [timestamp, echo, held, drift, error, start]) {
        const told = { revision, drift_ms: drift, error_ms: error, start_ms: start };
        const known = Object.entries(told).filter(([, value]) => !Number.isNaN(value));
        const pong = echo > 0 && { server_timestamp: echo, held_ms: held };
        return { type: 'ping', timestamp, ...pong, ...Object.fromEntries(known) };
    }

    // What the person did in the player was not allowed: it goes back in step. The server's refusals are heard by receive().
    refused() {
        this.wasm.refused();
    }

    // The clock may have stood still, or the network is another.
    disturbed(now) {
        this.wasm.disturbed(now);
    }

    // --- The user. reason: one of SUSPENSIONS.

    suspend(now, reason) {
        this.wasm.suspend(now, SUSPENSIONS.indexOf(reason));
    }

    resume(now, reason) {
        this.wasm.resume(now, SUSPENSIONS.indexOf(reason));
    }

    resync(now) {
        this.wasm.resync(now);
    }

    // --- The player

    // state: FLAGS and rate, position, buffered, duration.
    observe(now, state) {
        const flags = FLAGS.reduce((sum, name, bit) => sum + (state[name] ? 1 << bit : 0), 0);
        this.wasm.observe(now, flags, state.rate, state.position, state.buffered, state.duration);
    }

    advise(now) {
        const kind = ADVICE[this.wasm.advise(now)];
        const [at, position, rate, preservesPitch] = this.answers;
        return { kind, at, position, rate, preservesPitch: preservesPitch === 1 };
    }

    // What advise() said last was done.
    acted(now) {
        this.wasm.acted(now);
    }

    // When to look again at the latest.
    deadline() {
        return this.wasm.deadline();
    }

    // --- Asking

    status(now) {
        const mode = MODES[this.wasm.status(now)];
        const [serverTime, clockError, roundTrip, drift, position, revision, isNudged, cannotKeepUp] = this.answers;
        return {
            mode, serverTime, clockError, roundTrip, drift, position, revision,
            isNudged: isNudged === 1, cannotKeepUp: cannotKeepUp === 1,
        };
    }
}
