// What a party does in an evening: play, pause, seek standing, seek while playing, several times. Knows members by what
// they can do and commands by what the server says.

import { random } from './random.mjs';
import { FILM } from './film.mjs';
import { now } from './window.mjs';

const STEP_MS = 25;
const LIMIT_MS = 30000;
const STILL_MS = 400;
const SHORT_SECONDS = 12;
const NEAR_MS = 3000;

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(what, holds) {
    const deadline = now() + LIMIT_MS;
    for (;;) {
        const found = await holds();
        if (found) return found;
        if (now() > deadline) throw new Error(`never: ${what}`);
        await sleep(STEP_MS);
    }
}

// heard: the messages of the server to one member, which grow.
export const commandsOf = (heard) => heard.filter(({ type }) => type === 'command');

// When the party played: from the instant `at` of each play to the next command, on the machine's clock.
export function stretchesOf(commands, end, offset = 0) {
    const found = [];
    let open = null;
    for (const command of commands) {
        if (open) found.push({ ...open, to: command.server_time + offset });
        open = null;
        if (command.action === 'play' && command.is_playing && command.phase === 'playing') {
            open = { from: Math.max(command.at, command.server_time) + offset, position: command.position_ms, speed: command.playback_speed };
        }
    }
    if (open) found.push({ ...open, to: end });
    return found.filter(({ from, to }) => to > from);
}

export class Evening {
    // players: who is measured; leaders: who presses; heard: the server's messages; log(text).
    constructor({ players, leaders, heard, seed, log }) {
        Object.assign(this, { players, leaders, heard, log, draw: random(seed), turn: 0, pauses: [], commandDelays: [] });
    }

    leader() {
        return this.leaders[(this.turn += 1) % this.leaders.length];
    }

    // Presses, and waits for a command that `wanted` holds for.
    async press(what, how, wanted) {
        const before = commandsOf(this.heard).length;
        await how(this.leader());
        return until(what, () => commandsOf(this.heard).slice(before).find(wanted));
    }

    async play(seconds) {
        const { at } = await this.press('play', (one) => one.play(), ({ action, phase }) => action === 'play' && phase === 'playing');
        await sleep(Math.max(0, at - now()) + seconds * 1000);
    }

    async pause() {
        const { position_ms: position } = await this.press('pause', (one) => one.pause(), ({ action, phase }) => action === 'pause' && phase === 'paused');
        await this.compare('pause', position);
    }

    async seekStanding() {
        const seconds = 30 + Math.round(this.draw() * (FILM.seconds - 200) * 10) / 10;
        await this.press('seek', (one) => one.seek(seconds), ({ action }) => action === 'seek');
        await this.compare('seek', seconds * 1000);
    }

    async seekPlaying(seconds) {
        const target = 30 + Math.round(this.draw() * (FILM.seconds - 200));
        const { at } = await this.press('seek while playing', (one) => one.seek(target), ({ action, phase }) => action === 'play' && phase === 'playing');
        await sleep(Math.max(0, at - now()) + seconds * 1000);
    }

    // Waits until everybody stands still there, and notes the frame that each shows.
    async compare(what, position) {
        let since = null;
        let last = '';
        const seen = await until(`all standing after ${what}`, async () => {
            const all = await Promise.all(this.players.map((one) => one.standing()));
            const there = all.every((one) => one.isPaused && Math.abs(one.position - position) < NEAR_MS);
            const key = JSON.stringify(all);
            if (!there || key !== last) since = null;
            last = key;
            since ??= there ? now() : null;
            return since !== null && now() - since > STILL_MS && all;
        });
        // A film from elsewhere keeps its pixels to itself; then the claim has to do.
        const frames = seen.map((one) => (one.frame >= 0 ? one.frame : Math.floor(((one.position + 1) * FILM.fps) / 1000)));
        this.pauses.push({ what, frames, positions: seen.map((one) => one.position), wanted: position });
        if (!frames.every((one) => one === frames[0])) this.log(`after ${what}: frames ${frames.join(' ')}`);
    }

    async run({ rounds, seconds }) {
        for (let round = 0; round < rounds; round += 1) {
            await this.play(seconds);
            await this.pause();
            await this.play(SHORT_SECONDS);
            await this.seekPlaying(SHORT_SECONDS);
            await this.pause();
            await this.seekStanding();
        }
    }
}
