// A WebSocket client that keeps what comes until the test asks for it.

import { once } from 'node:events';
import WebSocket from 'ws';
import { LIMIT_MS } from './server.mjs';

export class Client {
    // Options: token (in the Authorization header), code (in the URL), from (the address that a proxy would name), protocols,
    // and those of ws.
    static async open(server, { token, code, from, protocols = [], ...options } = {}) {
        const url = server.socketUrl + (code === undefined ? '' : `?code=${encodeURIComponent(code)}`);
        const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(from && { 'x-forwarded-for': from }) };
        const client = new Client(new WebSocket(url, protocols, { headers, ...options }));
        await once(client.socket, 'open');
        return client;
    }

    constructor(socket) {
        this.socket = socket;
        this.received = []; // all
        this.unread = []; // what nobody has asked for yet
        this.waiting = [];
        this.closed = new Promise((resolve) => {
            socket.on('close', (code, reason) => {
                this.closeCode = code;
                this.wake();
                resolve({ code, reason: String(reason) });
            });
        });
        socket.on('error', () => {}); // a close follows
        socket.on('message', (data) => {
            const message = JSON.parse(data);
            Object.defineProperty(message, 'arrived', { value: performance.now() });
            this.received.push(message);
            this.unread.push(message);
            this.wake();
        });
    }

    wake() {
        for (const look of [...this.waiting]) look();
    }

    send(message) {
        this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    }

    // The oldest unread message of this type that matches; those before it stay unread.
    next(type, matches = () => true) {
        return new Promise((resolve, reject) => {
            const end = (settle, value) => {
                clearTimeout(timer);
                this.waiting = this.waiting.filter((other) => other !== look);
                settle(value);
            };
            const look = () => {
                const index = this.unread.findIndex((message) => message.type === type && matches(message));
                if (index >= 0) end(resolve, this.unread.splice(index, 1)[0]);
                else if (this.closeCode !== undefined) end(reject, this.missing(type, `closed with ${this.closeCode}`));
            };
            const timer = setTimeout(() => end(reject, this.missing(type, 'time is up')), LIMIT_MS);
            this.waiting.push(look);
            look();
        });
    }

    missing(type, why) {
        const tail = this.received.slice(-8).map((message) => `${JSON.stringify(message).slice(0, 300)}`).join('\n');
        return new Error(`no such ${type}: ${why}. The last messages:\n${tail}`);
    }

    // Everything that was sent before has been answered when this returns: the hub answers in order.
    async settle() {
        const timestamp = Math.random();
        this.send({ type: 'ping', timestamp });
        await this.next('pong', (pong) => pong.client_timestamp === timestamp);
    }

    async ask(message, answer, matches) {
        this.send(message);
        return this.next(answer, matches);
    }

    async state() {
        await this.settle();
        this.unread = this.unread.filter((message) => message.type !== 'state');
        return this.ask({ type: 'state' }, 'state');
    }

    async join(code) {
        return this.ask({ type: 'join', session_code: code }, 'state', (state) => state.you !== undefined);
    }

    // Sends a message that is to be refused, and returns the error.
    async refused(message) {
        return this.ask(message, 'error');
    }

    async close() {
        this.socket.close();
        return this.closed;
    }
}

// The wire's formula: where the film is at the instant t of the session's timeline.
export function positionAt(timeline, t) {
    const start = Math.max(timeline.server_time, timeline.at ?? 0);
    return timeline.position_ms + (timeline.is_playing ? Math.max(0, t - start) * timeline.playback_speed : 0);
}
