// The process that carries the bytes of all relays: listens, asks the path when what arrives, and writes it then. A process
// of its own, so that nothing else of the harness makes it late; how late it was all the same is told.

import { connect, createServer } from 'node:net';
import { path, SEGMENT } from './path.mjs';

// Timers are late by a millisecond or two; the rest of the way the loop is turned without sleeping.
const SPIN_MS = 2;
// What a sender may have on its way, like the window of a receiver.
const WINDOW = 256 * 1024;
const LATE_KEPT = 20000;

const now = () => performance.now();
const late = [];
const due = []; // { at, run }, the soonest first; what is on its way is little, so a sorted array does
let timer = null;

function at(when, run) {
    let place = due.length;
    while (place > 0 && due[place - 1].at > when) place -= 1;
    due.splice(place, 0, { at: when, run });
    if (place === 0) turn();
}

function turn() {
    clearTimeout(timer);
    clearImmediate(timer);
    while (due.length > 0 && due[0].at <= now()) {
        const one = due.shift();
        if (late.length < LATE_KEPT) late.push(now() - one.at);
        one.run();
    }
    if (due.length === 0) return;
    const left = due[0].at - now();
    timer = left > SPIN_MS ? setTimeout(turn, Math.floor(left - SPIN_MS)) : setImmediate(turn);
}

class Relay {
    constructor({ id, target, up, down, seed, rate }) {
        Object.assign(this, { id, target, up, down, seed, rate, heldUntil: 0, isHeld: false, count: 0, waiting: [], sockets: new Set() });
        this.server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => this.accept(socket));
        this.server.listen(0, '127.0.0.1', () => process.send({ id, port: this.server.address().port }));
    }

    accept(near) {
        const far = connect({ port: this.target, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
        const number = (this.count += 1);
        this.carry(near, far, path(this.seed + 2 * number, this.up, this.down.delay));
        this.carry(far, near, path(this.seed + 2 * number + 1, this.down, this.up.delay), this.rate);
        for (const [one, other] of [[near, far], [far, near]]) {
            this.sockets.add(one);
            one.on('error', () => other.destroy());
            one.on('close', () => {
                this.sockets.delete(one);
            });
        }
    }

    carry(from, to, way, rate = 0) {
        let flying = 0;
        const line = { way, rate, free: 0 }; // free: when a line of limited rate has sent what it was given
        const write = (bytes, isEnd) => {
            flying -= bytes?.length ?? 0;
            if (flying < WINDOW && from.isPaused()) from.resume();
            if (to.destroyed) return;
            if (bytes) to.write(bytes);
            if (isEnd) to.end();
        };
        const pass = (bytes, isEnd) => {
            if (this.isHeld) this.waiting.push(() => write(bytes, isEnd));
            else write(bytes, isEnd);
        };
        from.on('data', (chunk) => {
            flying += chunk.length;
            if (flying >= WINDOW) from.pause();
            const step = rate > 0 ? SEGMENT : chunk.length;
            for (let start = 0; start < chunk.length; start += step) this.send(chunk.subarray(start, start + step), line, pass);
        });
        from.on('end', () => at(way.send(Math.max(now(), line.free), 1)[0][1], () => pass(null, true)));
        from.on('close', () => {
            if (!from.readableEnded) to.destroy();
        });
    }

    send(chunk, line, pass) {
        line.free = Math.max(now(), line.free) + (line.rate > 0 ? chunk.length / line.rate : 0);
        let offset = 0;
        for (const [length, when] of line.way.send(line.free, chunk.length)) {
            const part = chunk.subarray(offset, (offset += length));
            at(when, () => pass(part));
        }
    }

    // Nothing passes from now on.
    hold() {
        this.isHeld = true;
    }

    release() {
        this.isHeld = false;
        for (const pass of this.waiting.splice(0)) pass();
    }

    close() {
        this.server.close();
        for (const socket of this.sockets) socket.destroy();
    }
}

const relays = new Map();

process.on('message', ({ what, ...rest }) => {
    if (what === 'open') relays.set(rest.id, new Relay(rest));
    else if (what === 'late') process.send({ late: late.splice(0) });
    else relays.get(rest.id)[what]();
});

process.on('disconnect', () => process.exit());
