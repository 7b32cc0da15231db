// The connection: authenticates, comes back by itself, hands messages on with the instant of their arrival. Knows nothing of
// parties, nor of clocks.

import { socketUrl } from './api.js';

const BACKOFF_FIRST_MS = 500;
const BACKOFF_MOST_MS = 8000;
// An open that is never answered, and a connection that says nothing although it is pinged, are given up.
const OPEN_TIMEOUT_MS = 10000;
const SILENCE_MS = 12000;
const WATCH_MS = 1000;
// The code of a close that the server means: its reason is a sentence.
const POLICY = 1008;

export class Socket {
    // on: { up(), down(why: the server's words or '', wait: until the next try), message(object, received), refused() -> promise of a new token }
    constructor(token, on) {
        this.token = token;
        this.on = on;
        this.backoff = BACKOFF_FIRST_MS;
        this.online = () => this.retryNow();
        addEventListener('online', this.online);
        this.watch = setInterval(() => this.checkSilence(), WATCH_MS);
        this.open();
    }

    // Which one it is; null while there is none.
    get connection() {
        return this.authenticated ? this.socket : null;
    }

    send(message) {
        if (!this.authenticated) return false;
        this.socket.send(JSON.stringify(message));
        return true;
    }

    close() {
        this.closed = true;
        removeEventListener('online', this.online);
        clearInterval(this.watch);
        this.drop();
    }

    open() {
        const socket = new WebSocket(socketUrl());
        this.socket = socket;
        this.heard = performance.now();
        socket.onopen = () => socket.send(JSON.stringify({ type: 'auth', token: this.token }));
        socket.onmessage = (event) => {
            if (socket === this.socket) this.receive(event.data, performance.now());
        };
        socket.onclose = ({ code, reason }) => {
            if (socket === this.socket) this.lost(code === POLICY ? reason : '');
        };
    }

    receive(text, received) {
        this.heard = received;
        let message;
        try {
            message = JSON.parse(text);
        } catch {
            return;
        }
        if (message.type === 'authenticated') return this.ready();
        if (message.type === 'error' && message.code === 'unauthorized') return this.unauthorized();
        if (this.authenticated) this.on.message(message, received);
    }

    ready() {
        this.authenticated = true;
        this.backoff = BACKOFF_FIRST_MS;
        this.on.up();
    }

    unauthorized() {
        this.drop();
        this.on.refused().then(
            (token) => {
                this.token = token;
                if (!this.closed) this.open();
            },
            () => this.retryLater(),
        );
    }

    checkSilence() {
        if (!this.socket) return;
        const silence = performance.now() - this.heard;
        if (silence > (this.authenticated ? SILENCE_MS : OPEN_TIMEOUT_MS)) {
            this.drop();
            this.lost('');
        }
    }

    // Forgets the socket; what it still says is not heard.
    drop() {
        const socket = this.socket;
        this.socket = null;
        this.authenticated = false;
        clearTimeout(this.retryTimer);
        socket?.close();
    }

    lost(why) {
        this.drop();
        if (this.closed) return;
        this.on.down(why, this.retryLater());
    }

    // Returns for how long it waits.
    retryLater() {
        if (this.closed) return 0;
        // A little chance in it, so that a room full of people does not come back in one instant.
        const wait = this.backoff * (0.75 + Math.random() / 4);
        this.backoff = Math.min(this.backoff * 2, BACKOFF_MOST_MS);
        this.retryTimer = setTimeout(() => this.open(), wait);
        return wait;
    }

    retryNow() {
        if (this.closed || this.socket) return;
        clearTimeout(this.retryTimer);
        this.open();
    }
}
