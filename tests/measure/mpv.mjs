// A real mpv without picture and sound card, but in real time, driven by the follower example; and a second connection to
// it that only asks where it is.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FILM } from './film.mjs';
import { now } from './window.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const EVERY_MS = 60;
const SLOW_MS = 3; // an answer that took longer says too little about when
const SOCKET_WAIT_MS = 10000;

const follower = process.env.MPV_FOLLOWER ?? resolve(root, process.env.BUILD ?? 'build', 'examples/mpv_follower');
export const hasFollower = () => existsSync(follower);

// The one place that knows how the follower is called.
const followerArguments = ({ base, name, code, socket }) =>
    ['--server', base.replace(/\/$/, ''), '--name', name, code, '--ipc', socket];

// --ao=null keeps real time (it is not --untimed); its buffer is that of a usual sound card.
const mpvArguments = (socket, film) => [
    '--no-config', '--no-terminal', '--vo=null', '--ao=null', '--pause', '--keep-open=yes', '--hr-seek=yes', '--osc=no',
    `--input-ipc-server=${socket}`, film,
];

async function until(what, holds, limit = SOCKET_WAIT_MS) {
    const deadline = Date.now() + limit;
    while (!(await holds())) {
        if (Date.now() > deadline) throw new Error(`never: ${what}`);
        await new Promise((good) => setTimeout(good, 20));
    }
}

async function end(child) {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
}

export class Mpv {
    static async open(name, base, { folder, film }) {
        const mpv = Object.assign(new Mpv(), {
            name, base, kind: 'mpv', socket: join(folder, `${name}.sock`), claims: [], events: [], problems: '', answers: new Map(), count: 0,
        });
        mpv.player = spawn('mpv', mpvArguments(mpv.socket, film), { stdio: 'ignore' });
        await until('the socket of mpv', () => mpv.connect());
        mpv.say(['observe_property', 1, 'speed']);
        mpv.say(['observe_property', 2, 'paused-for-cache']);
        mpv.say(['observe_property', 3, 'pause']);
        await until('the film in mpv', async () => Number.isFinite(await mpv.get('duration')));
        mpv.timer = setInterval(() => mpv.look(), EVERY_MS);
        return mpv;
    }

    connect() {
        return new Promise((good) => {
            const ipc = connect(this.socket);
            ipc.on('error', () => good(false));
            ipc.on('connect', () => {
                this.ipc = ipc;
                let rest = '';
                ipc.on('data', (bytes) => {
                    const lines = (rest + bytes).split('\n');
                    rest = lines.pop();
                    for (const line of lines) this.hear(JSON.parse(line));
                });
                good(true);
            });
        });
    }

    hear(message) {
        if (message.request_id) {
            this.answers.get(message.request_id)?.(message);
            this.answers.delete(message.request_id);
        } else if (message.event === 'property-change') {
            const { name, data } = message;
            if (name === 'speed') this.events.push([now(), 'set playbackRate', data]);
            else if (data === true) this.events.push([now(), name === 'pause' ? 'pause' : 'waiting']);
        } else if (message.event === 'seek') {
            this.events.push([now(), 'seeking']);
        }
    }

    say(command) {
        const id = (this.count += 1);
        const answer = new Promise((good) => this.answers.set(id, good));
        this.ipc.write(`${JSON.stringify({ command, request_id: id })}\n`);
        return answer;
    }

    get(property) {
        return this.say(['get_property', property]).then(({ data }) => data);
    }

    async look() {
        if (this.isLooking) return;
        this.isLooking = true;
        const [isPaused, isSeeking, speed] = await Promise.all(['pause', 'seeking', 'speed'].map((one) => this.get(one)));
        const state = isSeeking ? 2 : isPaused ? 1 : 0;
        const before = now();
        const position = await this.get(state === 0 ? 'audio-pts' : 'time-pos');
        const after = now();
        if (Number.isFinite(position) && after - before < SLOW_MS) this.claims.push([(before + after) / 2, position, speed, state]);
        this.isLooking = false;
    }

    follow(code) {
        const wanted = followerArguments({ base: this.base, name: this.name, code, socket: this.socket });
        this.follower = spawn(follower, wanted, { stdio: ['ignore', 'ignore', 'pipe'] });
        this.follower.stderr.on('data', (bytes) => (this.problems = (this.problems + bytes).slice(-2000)));
    }

    async listen() {}

    async standing() {
        const [isPaused, isSeeking, position] = await Promise.all(['pause', 'seeking', 'time-pos'].map((one) => this.get(one)));
        return { frame: Math.round(position * FILM.fps), position: position * 1000, isPaused: isPaused && !isSeeking };
    }

    async take() {
        const { name, kind, claims, events } = this;
        this.claims = [];
        this.events = [];
        return { name, kind, claims, events, frames: [], clicks: [], clock: { offset: 0, bound: SLOW_MS / 2 } };
    }

    async close() {
        clearInterval(this.timer);
        await end(this.follower);
        this.ipc.destroy();
        await end(this.player);
    }
}
