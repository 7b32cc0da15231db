// Attacks on a server, each from many addresses of the loopback network, run in a thread of its own so that they do not hold up
// those who measure what others notice. Each is given { port, ms, scale, code, tokens } and tells what became of it.

import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { BINARY, CLOSE, CONTINUATION, PING, TEXT, frame } from '../server/raw.mjs';

// So few of each address that its limit of connections (100) is not what stops them.
const PER_ADDRESS = 90;
const AT_ONCE = 200;
// After which one who was thrown out comes again, if given `persists`.
const AGAIN_MS = 100;

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const address = (index) => `127.0.${1 + Math.floor(index / PER_ADDRESS / 250)}.${1 + (Math.floor(index / PER_ADDRESS) % 250)}`;
const text = (message) => frame(TEXT, JSON.stringify(message));

// What became of connections: how many were opened, and how they ended.
class Fates {
    constructor() {
        this.opened = 0;
        this.ends = {};
        this.sockets = new Set();
    }

    note(how) {
        this.ends[how] = (this.ends[how] ?? 0) + 1;
    }

    // A socket that counts; its status as soon as there is one, its close frame's code, or how else it was over.
    open(given, index, hello = '') {
        return new Promise((done) => {
            const socket = connect({ port: given.port, host: '127.0.0.1', localAddress: address(index) });
            let start = Buffer.alloc(0);
            let end;
            this.sockets.add(socket);
            socket.setNoDelay(true);
            socket.on('connect', () => {
                this.opened += 1;
                if (hello) socket.write(hello);
                else done(socket);
            });
            socket.on('data', (bytes) => {
                if (start.length < 200) start = Buffer.concat([start, bytes]).subarray(0, 400);
                const status = /^HTTP\/1\.1 (\d+)/.exec(start.toString('latin1'))?.[1];
                if (status && status !== '101') end = status;
                // The last frame is the close, if it is one at all.
                for (let at = bytes.length - 4; at >= 0 && at > bytes.length - 130; at -= 1) {
                    if (bytes[at] === (0x80 | CLOSE) && bytes[at + 1] === bytes.length - at - 2) end = bytes.readUInt16BE(at + 2);
                }
                done(socket);
            });
            socket.on('error', () => {});
            socket.on('close', () => {
                if (!this.sockets.delete(socket) || this.isOver) return;
                this.note(end ?? 'dropped');
                done(socket);
                if (given.persists) setTimeout(() => this.isOver || this.open(given, index, hello), AGAIN_MS);
            });
        });
    }

    // Many of them, some at a time, until there are so many or the time is up.
    async openAll(given, count, hello) {
        const until = performance.now() + given.ms;
        for (let at = 0; at < count && performance.now() < until; at += AT_ONCE) {
            const some = Array.from({ length: Math.min(AT_ONCE, count - at) }, (_, index) => this.open(given, at + index, typeof hello === 'function' ? hello(at + index) : hello));
            await Promise.race([Promise.all(some), sleep(given.ms)]);
        }
    }

    // Writes to all that are still there, again and again.
    async flood({ ms, persists }, bytes, period) {
        const until = performance.now() + ms;
        while (performance.now() < until && (this.sockets.size > 0 || persists)) {
            for (const socket of this.sockets) if (socket.writableLength < 1e6) socket.write(typeof bytes === 'function' ? bytes() : bytes);
            await sleep(period);
        }
    }

    finish() {
        this.isOver = true;
        const { opened, ends } = this;
        const left = this.sockets.size;
        for (const socket of this.sockets) socket.destroy();
        return { opened, left, ends };
    }
}

function upgrade(token, code) {
    return `GET /api/v1/syncplay/ws${code ? `?code=${code}` : ''} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n${token ? `Authorization: Bearer ${token}\r\n` : ''}\r\n`;
}

// A join by a code that could be one.
const madeUp = () => text({ type: 'join', session_code: randomBytes(30).toString('hex').replace(/[01]/g, '').slice(0, 8).toUpperCase() });

const rest = (method, path, { token, body = '' } = {}) =>
    `${method} /api/v1${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n${token ? `Authorization: Bearer ${token}\r\n` : ''}\r\n${body}`;

// The same on connections that are opened with a WebSocket's handshake.
async function overSockets(given, count, bytes, period, { first, known = true } = {}) {
    const fates = new Fates();
    await fates.openAll(given, count, (index) => upgrade(known ? given.tokens[index % given.tokens.length] : undefined));
    if (first) for (const socket of fates.sockets) socket.write(first);
    await fates.flood(given, bytes, period);
    return fates.finish();
}

// Requests on connections that are kept; each answer's status is counted.
async function requests(given, count, bytes, period) {
    const fates = new Fates();
    await fates.openAll(given, count);
    for (const socket of fates.sockets) socket.on('data', (data) => (data.toString('latin1').match(/HTTP\/1\.1 \d+/g) ?? []).forEach((line) => fates.note(`answered ${line.slice(9)}`)));
    await fates.flood(given, bytes, period);
    return fates.finish();
}

async function silent(given, count, first, drip) {
    const fates = new Fates();
    await fates.openAll(given, count);
    for (const socket of fates.sockets) if (first) socket.write(first);
    await fates.flood(given, drip, 1000);
    return fates.finish();
}

// Members of the victims' party who ask for much, and read nothing, or a byte a second.
async function readers(given, read) {
    const fates = new Fates();
    await fates.openAll(given, 8, (index) => upgrade(given.tokens[index], given.code));
    for (const socket of fates.sockets) {
        socket.pause();
        if (read) socket.ticking = setInterval(() => socket.read(1), 1000).unref();
    }
    await fates.flood(given, Buffer.concat(Array(2).fill(text({ type: 'state' }))), 50);
    return fates.finish();
}

export const ATTACKS = {
    'sockets that say nothing': (given) => silent(given, 2000 * given.scale, '', ''),
    'heads of requests, a byte a second': (given) => silent(given, 500 * given.scale, 'GET /healthz HT', 'T'),
    'bodies, a byte a second': (given) => silent(given, 300 * given.scale, rest('POST', '/users', { body: ' '.repeat(9000) }).slice(0, -8999), ' '),
    'WebSockets that say nothing': (given) => overSockets(given, given.connections, '', 500, { known: false }),
    'WebSockets of guests that say nothing': (given) => overSockets(given, given.connections, '', 500),
    'messages beyond the rate': (given) => overSockets(given, 50 * given.scale, Buffer.concat(Array(20).fill(text({ type: 'ping', timestamp: 1 }))), 20),
    'empty fragments': (given) => overSockets(given, 50 * given.scale, Buffer.concat([...Array(1200).fill(frame(CONTINUATION, '', { fin: false }))]), 20, { first: frame(TEXT, '{', { fin: false }) }),
    pings: (given) => overSockets(given, 50 * given.scale, Buffer.concat(Array(1200).fill(frame(PING, 'x'))), 20),
    'messages that are too long': (given) => overSockets(given, 50 * given.scale, frame(BINARY, Buffer.alloc(100000)), 50),
    'bad UTF-8': (given) => overSockets(given, 50 * given.scale, frame(TEXT, Buffer.from('ff', 'hex')), 50),
    'joins by made-up codes': (given) => overSockets(given, 50 * given.scale, () => Buffer.concat(Array.from({ length: 20 }, madeUp)), 200),
    knocks: (given) => overSockets(given, 50 * given.scale, Buffer.concat([text({ type: 'join', session_code: given.closed }), text({ type: 'leave' })]), 20),
    guests: (given) => requests(given, 20 * given.scale, rest('POST', '/users', { body: '{"name":"x"}' }), 10),
    'requests beyond the rate': (given) => requests(given, 20 * given.scale, rest('GET', '/users/me', { token: given.tokens[0] }), 5),
    'readers that stall': (given) => readers(given, false),
    'readers of a byte a second': (given) => readers(given, true),
};

// This file is also the thread.
if (workerData?.attack) {
    const result = await ATTACKS[workerData.attack](workerData.given);
    parentPort.postMessage(result);
}
