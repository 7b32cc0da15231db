// One simulated guest of an evening: joins, pings, is ready, plays about, chats, loses the connection and comes back by the
// token of the seat. Says nothing of what an evening is like; the dice are given to it.

import WebSocket from 'ws';

const PING_MS = 500;

export class Guest {
    // user: { token, name } of the server; dice: () -> 0..1; count(what) is told what happens.
    constructor(server, user, code, dice, count) {
        Object.assign(this, { server, user, code, dice, count, isOver: false, revision: 0 });
    }

    connect() {
        const socket = new WebSocket(this.server.socketUrl, { headers: { authorization: `Bearer ${this.user.token}` } });
        this.socket = socket;
        socket.on('error', () => {}); // a close follows
        socket.on('open', () => this.join());
        socket.on('message', (data) => socket === this.socket && this.receive(JSON.parse(data)));
        socket.on('close', () => socket === this.socket && this.lost());
    }

    join() {
        const seat = this.seat ? { resume_token: this.seat, cursor: this.cursor } : {};
        this.send({ type: 'join', session_code: this.code, ...seat });
        this.pinging = setInterval(() => this.send({ type: 'ping', timestamp: performance.now() }), PING_MS);
    }

    send(message) {
        if (this.socket?.readyState !== WebSocket.OPEN) return;
        this.count('said');
        this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    }

    receive(message) {
        this.count('heard');
        if (message.resume_token) this.seat = message.resume_token;
        if (Number.isFinite(message.cursor)) this.cursor = message.cursor;
        if (message.revision) this.revision = message.revision;
        if (['state', 'resumed'].includes(message.type)) this.isIn = true;
        if (message.type === 'command') this.send({ type: 'ready', buffered_ms: 5000 });
        if (message.type === 'error' && message.code === 'bad_resume_token') {
            this.seat = undefined;
            this.send({ type: 'join', session_code: this.code });
        }
        if (message.type === 'participant' && message.action === 'requested') this.knocks?.(message.user);
        if (message.type === 'ended' && message.reason !== 'shutdown') this.leave();
    }

    lost() {
        clearInterval(this.pinging);
        this.isIn = false;
        if (this.isOver) return;
        this.count('lost');
        this.again = setTimeout(() => this.connect(), 100 + 300 * this.dice());
    }

    // The network fails, in the middle of a message perhaps.
    drop() {
        this.socket?.terminate();
    }

    // One thing that somebody does at their player or in the chat.
    act() {
        const acts = [
            () => this.send({ type: 'play' }),
            () => this.send({ type: 'pause' }),
            () => this.send({ type: 'seek', position_ms: Math.floor(3600000 * this.dice()) }),
            () => this.send({ type: 'chat', message: `Line ${Math.floor(1000 * this.dice())} of ${this.user.name}` }),
            () => this.send({ type: 'typing' }),
            () => this.send({ type: 'react', reaction: '\u{1F44F}' }),
            () => this.send({ type: 'speed', playback_speed: this.dice() < 0.5 ? 1 : 1.25 }),
            () => this.send({ type: 'wait', excused: this.dice() < 0.5 }),
            () => this.send({ type: 'state' }),
            () => this.send('{"type":"seek","position_ms":'), // rubbish
            () => this.drop(),
        ];
        acts[Math.floor(acts.length * this.dice())]();
    }

    // For good: with a word, or without one.
    leave() {
        this.send({ type: 'leave' });
        this.vanish(() => this.socket?.close());
    }

    vanish(close = () => this.socket?.terminate()) {
        this.isOver = true;
        clearTimeout(this.again);
        clearInterval(this.pinging);
        close();
    }
}
