// Sockets byte by byte: HTTP requests and WebSocket frames that no library would send.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { LIMIT_MS } from './server.mjs';

export const TEXT = 1;
export const BINARY = 2;
export const CONTINUATION = 0;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

// One frame. Options: fin, mask (false for none), rsv (0 to 7), length (what the header claims), form (7, 16 or 64 bits).
export function frame(opcode, payload = '', { fin = true, mask = true, rsv = 0, length, form } = {}) {
    const body = Buffer.from(payload);
    const claimed = BigInt(length ?? body.length);
    const bits = form ?? (claimed < 126n ? 7 : claimed < 65536n ? 16 : 64);
    const header = [Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | opcode])];
    const extended = Buffer.alloc(bits === 7 ? 0 : bits / 8);
    if (bits === 16) extended.writeUInt16BE(Number(claimed));
    if (bits === 64) extended.writeBigUInt64BE(BigInt.asUintN(64, claimed));
    header.push(Buffer.from([(mask ? 0x80 : 0) | (bits === 7 ? Number(claimed) : bits === 16 ? 126 : 127)]), extended);
    if (!mask) return Buffer.concat([...header, body]);
    const key = randomBytes(4);
    return Buffer.concat([...header, key, body.map((byte, index) => byte ^ key[index % 4])]);
}

// A close frame's payload.
export function closing(code, reason = '') {
    return Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]);
}

// Sends bytes over a connection of their own, and returns all that comes until the server closes or a whole response
// is there. `finish` closes our side after sending.
export async function exchange(port, parts, { finish = false } = {}) {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    const over = new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no answer, but: ${answer}`)), LIMIT_MS);
        const end = () => (clearTimeout(timer), resolve());
        socket.on('data', (bytes) => {
            answer += bytes.toString('latin1');
            const head = answer.indexOf('\r\n\r\n');
            const length = /\r\ncontent-length: *(\d+)/i.exec(answer.slice(0, head));
            if (head >= 0 && length && answer.length >= head + 4 + Number(length[1])) end();
        });
        socket.on('close', end);
        socket.on('error', () => {}); // a close follows
    });
    socket.on('connect', () => {
        for (const part of [parts].flat()) socket.write(part);
        if (finish) socket.end();
    });
    await over;
    socket.destroy();
    const status = Number(/^HTTP\/1\.[01] (\d{3}) /.exec(answer)?.[1] ?? 0);
    return { status, text: answer, body: answer.slice(answer.indexOf('\r\n\r\n') + 4) };
}

// A WebSocket whose frames the test writes and reads itself.
export class RawSocket {
    static async open(server, token, { path = '/api/v1/syncplay/ws', headers = '' } = {}) {
        const raw = new RawSocket(connect(server.port, '127.0.0.1'));
        await once(raw.socket, 'connect');
        raw.write(
            `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
                `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
                headers + (token ? `Authorization: Bearer ${token}\r\n` : '') + '\r\n',
        );
        await raw.until(() => raw.head !== undefined, 'the handshake');
        if (!/^HTTP\/1\.1 101 /.test(raw.head)) throw new Error(`no upgrade: ${raw.head}`);
        return raw;
    }

    constructor(socket) {
        Object.assign(this, { socket, bytes: Buffer.alloc(0), frames: [], answersPings: true, isOver: false, waiting: [] });
        socket.setNoDelay(true);
        socket.on('error', () => {}); // a close follows
        socket.on('close', () => ((this.isOver = true), this.wake()));
        socket.on('data', (bytes) => {
            this.bytes = Buffer.concat([this.bytes, bytes]);
            this.parse();
            this.wake();
        });
    }

    wake() {
        for (const look of [...this.waiting]) look();
    }

    parse() {
        const end = this.bytes.indexOf('\r\n\r\n');
        if (this.head === undefined && end < 0) return;
        if (this.head === undefined) {
            this.head = this.bytes.subarray(0, end).toString('latin1');
            this.bytes = this.bytes.subarray(end + 4);
        }
        for (let one = this.cut(); one; one = this.cut()) {
            if (one.opcode === PING && this.onPing) this.onPing(one.payload);
            else if (one.opcode === PING && this.answersPings) this.write(frame(PONG, one.payload));
            this.frames.push(one);
        }
    }

    // Takes one whole frame of the server's from the bytes that came.
    cut() {
        const { bytes } = this;
        if (bytes.length < 2) return undefined;
        let length = bytes[1] & 127;
        let start = 2;
        if (length === 126) start = 4;
        if (length === 127) start = 10;
        if (bytes.length < start) return undefined;
        if (start === 4) length = bytes.readUInt16BE(2);
        if (start === 10) length = Number(bytes.readBigUInt64BE(2));
        if (bytes.length < start + length) return undefined;
        const payload = Buffer.from(bytes.subarray(start, start + length));
        this.bytes = bytes.subarray(start + length);
        return { opcode: bytes[0] & 15, fin: bytes[0] >= 128, isMasked: bytes[1] >= 128, payload };
    }

    until(condition, what) {
        return new Promise((resolve, reject) => {
            const end = (settle, value) => {
                clearTimeout(timer);
                this.waiting = this.waiting.filter((other) => other !== look);
                settle(value);
            };
            const look = () => {
                if (condition()) end(resolve);
                else if (this.isOver) end(reject, new Error(`the connection ended before ${what}`));
            };
            const timer = setTimeout(() => end(reject, new Error(`time is up: ${what}`)), LIMIT_MS);
            this.waiting.push(look);
            look();
        });
    }

    write(bytes) {
        if (!this.socket.destroyed) this.socket.write(bytes);
    }

    send(message) {
        this.write(frame(TEXT, typeof message === 'string' ? message : JSON.stringify(message)));
    }

    // The next frame that matches; those before it are dropped.
    async nextFrame(matches, what = 'a frame') {
        let found;
        await this.until(() => {
            const index = this.frames.findIndex(matches);
            if (index >= 0) found = this.frames.splice(0, index + 1)[index];
            return found !== undefined;
        }, what);
        return found;
    }

    async next(type, matches = () => true) {
        let found;
        await this.nextFrame((one) => {
            if (one.opcode !== TEXT) return false;
            const message = JSON.parse(one.payload);
            if (message.type === type && matches(message)) found = message;
            return found !== undefined;
        }, type);
        return found;
    }

    // How it ends: the code of the server's close frame, or 'dropped' if the connection is over without one.
    async ending() {
        await this.until(() => this.isOver || this.frames.some((one) => one.opcode === CLOSE), 'the end');
        const close = this.frames.find((one) => one.opcode === CLOSE);
        if (!close) return 'dropped';
        return close.payload.length >= 2 ? close.payload.readUInt16BE(0) : 1005;
    }

    destroy() {
        this.socket.destroy();
    }
}
